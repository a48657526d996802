/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "tide-record-table.h"

G_BEGIN_DECLS

/* How to talk to one provider, as its file says. Immutable; may be used from any thread. */
typedef struct _TideManifest TideManifest;

/* One endpoint that yields records of one entity; belongs to its manifest. */
typedef struct _TideStream TideStream;

/**
 * TideSecretSpec:
 * @name: "access_token"
 * @label: what the owner calls it
 * @help: (nullable): where to find it
 */
typedef struct
{
  char *name;
  char *label;
  char *help;
} TideSecretSpec;

/**
 * TideManifestProblem:
 * @line: 1-based line in the file, 0 if it cannot be told
 * @field: JSON pointer of the field, "" for the document
 * @reason: what is wrong and what would be right
 */
typedef struct
{
  guint  line;
  char  *field;
  char  *reason;
} TideManifestProblem;

TideManifest        *tide_manifest_new_from_bytes   (GBytes              *bytes,
                                                     const char          *origin,
                                                     GPtrArray           *problems,
                                                     GError             **error);
TideManifest        *tide_manifest_ref              (TideManifest        *self);
void                 tide_manifest_unref            (TideManifest        *self);
const char          *tide_manifest_get_id           (TideManifest        *self);
const char          *tide_manifest_get_name         (TideManifest        *self);
const char          *tide_manifest_get_summary      (TideManifest        *self);
const char          *tide_manifest_get_tile         (TideManifest        *self);
const char          *tide_manifest_get_origin       (TideManifest        *self);
const char          *tide_manifest_get_base_url     (TideManifest        *self,
                                                     const char          *environment);
const TideSecretSpec *tide_manifest_get_secrets     (TideManifest        *self,
                                                     gsize               *n_secrets);
GPtrArray           *tide_manifest_get_streams      (TideManifest        *self);
TideStream          *tide_manifest_get_stream       (TideManifest        *self,
                                                     const char          *name);
gboolean             tide_manifest_ensure_tables    (TideManifest        *self,
                                                     TideStore           *store,
                                                     GCancellable        *cancellable,
                                                     GError             **error);

const char          *tide_stream_get_name           (TideStream          *self);
const char          *tide_stream_get_entity         (TideStream          *self);
gboolean             tide_stream_is_child           (TideStream          *self);
TideStream          *tide_stream_get_parent         (TideStream          *self);
const char          *tide_stream_get_parent_column  (TideStream          *self);
gboolean             tide_stream_is_incremental     (TideStream          *self);
gboolean             tide_stream_tells_deletions    (TideStream          *self);
const TideTableSpec *tide_stream_get_table          (TideStream          *self);
void                 tide_manifest_problem_free     (TideManifestProblem *self);

/* All manifests there are: the built-in ones, and the owner's own, which win. */
typedef struct _TideManifestLibrary TideManifestLibrary;

TideManifestLibrary *tide_manifest_library_new      (const char          *user_folder,
                                                     GPtrArray           *problems);
void                 tide_manifest_library_free     (TideManifestLibrary *self);
GPtrArray           *tide_manifest_library_list     (TideManifestLibrary *self);
TideManifest        *tide_manifest_library_lookup   (TideManifestLibrary *self,
                                                     const char          *id,
                                                     GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideManifest, tide_manifest_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideManifestLibrary, tide_manifest_library_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideManifestProblem, tide_manifest_problem_free)

G_END_DECLS
