/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define TIDE_TYPE_PROVIDER_INFO (tide_provider_info_get_type ())

typedef struct
{
  char *name;                 /* "access_token" */
  char *label;                /* "Access token", for the owner */
  char *help;                 /* (nullable): where to find it */
} TideSecretInfo;

typedef struct
{
  char     *name;             /* "store_url" */
  char     *label;            /* "Address of the shop", for the owner */
  char     *help;             /* (nullable): where to find it */
  char     *fallback;         /* (nullable): what it is unless it is set */
  gboolean  required;         /* nothing can be read without it */
} TideSettingInfo;

typedef struct
{
  char     *name;             /* "orders" */
  char     *label;            /* "Orders" */
  char     *entity;
  char     *parent;           /* (nullable) */
  gboolean  child;            /* comes inside its parent: never synced by itself */
  gboolean  incremental;
} TideStreamInfo;

/**
 * TideProviderInfo:
 * @id: "square"
 * @name: "Square"
 * @summary: "Till orders, payments, customers, timesheets"
 * @tile: two letters
 * @origin: "built in", or the owner's file
 * @production_url: (nullable): host of the production environment
 * @sandbox_url: (nullable): host of the provider's own test environment
 * @secrets: (element-type TideSecretInfo): what a login needs
 * @settings: (element-type TideSettingInfo): what else a connection may say
 * @streams: (element-type TideStreamInfo): what it brings
 *
 * A provider as its manifest describes it. Immutable value: may cross threads.
 */
typedef struct
{
  char      *id;
  char      *name;
  char      *summary;
  char      *tile;
  char      *origin;
  char      *production_url;
  char      *sandbox_url;
  GPtrArray *secrets;
  GPtrArray *settings;
  GPtrArray *streams;
} TideProviderInfo;

/* One thing that is wrong with a manifest file. */
typedef struct
{
  guint  line;                /* 1-based; 0: the file as a whole */
  char  *field;               /* JSON pointer */
  char  *reason;
} TideProviderProblem;

GType             tide_provider_info_get_type     (void);
TideProviderInfo *tide_provider_info_ref          (TideProviderInfo       *self);
void              tide_provider_info_unref        (TideProviderInfo       *self);
const TideStreamInfo *tide_provider_info_get_stream (const TideProviderInfo *self,
                                                   const char             *name);
void              tide_provider_problem_free      (TideProviderProblem    *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideProviderInfo, tide_provider_info_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideProviderProblem, tide_provider_problem_free)

G_END_DECLS
