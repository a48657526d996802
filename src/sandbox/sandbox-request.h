/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "sandbox-query.h"
#include "sandbox-reply.h"

G_BEGIN_DECLS

/* A request, taken apart. */
typedef struct
{
  const char *method;      /* (not owned) */
  const char *path;        /* (not owned) */
  const char *version;     /* (not owned) (nullable): of the API */
  GHashTable *parameters;  /* (owned): text to text */
  JsonNode   *body;        /* (owned) (nullable) */
  JsonObject *object;      /* (not owned) (nullable): the body if it is one */
  const char *cursor;      /* (not owned) (nullable) */
  guint64     identity;    /* of everything in it but the cursor */
} SandboxRequest;

gboolean    sandbox_request_init      (SandboxRequest *self,
                                       const char     *method,
                                       const char     *path,
                                       const char     *query,
                                       GBytes         *body);
void        sandbox_request_clear     (SandboxRequest *self);
const char *sandbox_request_parameter (SandboxRequest *self,
                                       const char     *name);
JsonObject *sandbox_object_child      (JsonObject     *object,
                                       const char     *name);
const char *sandbox_object_text       (JsonObject     *object,
                                       const char     *name);
gboolean    sandbox_object_flag       (JsonObject     *object,
                                       const char     *name);
JsonArray  *sandbox_object_array      (JsonObject     *object,
                                       const char     *name);
const char *sandbox_array_text        (JsonArray      *array,
                                       guint           index);
gboolean    sandbox_read_limit        (JsonObject     *object,
                                       guint           fallback,
                                       guint           maximum,
                                       guint          *out_limit,
                                       SandboxReply   *reply);
gboolean    sandbox_read_range        (JsonObject     *range,
                                       const char     *field,
                                       SandboxRange   *out_range,
                                       SandboxReply   *reply);
gboolean    sandbox_read_order        (const char     *order,
                                       gboolean        fallback,
                                       gboolean       *out_descending,
                                       SandboxReply   *reply);
gboolean    sandbox_read_time         (const char     *text,
                                       const char     *field,
                                       gint64         *out_time,
                                       SandboxReply   *reply);
gboolean    sandbox_read_bits         (JsonArray      *array,
                                       const char     *field,
                                       const char    *const *names,
                                       guint          *out_bits,
                                       SandboxReply   *reply);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SandboxRequest, sandbox_request_clear)

G_END_DECLS
