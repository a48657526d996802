/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include <json-glib/json-glib.h>

#include "tide-engine-private.h"

#include "tide-audit-rows.h"
#include "tide-read.h"

/* Who asked, changed, approved. */

/**
 * tide_engine_make_detail:
 * @first_name: name of a member, followed by its text (%NULL is left out), the next name, and so on; %NULL ends it
 *
 * Returns: (transfer full): a JSON object
 */
char *
tide_engine_make_detail (const char *first_name,
                         ...)
{
  g_autoptr(JsonObject) object = json_object_new ();
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  va_list args;

  va_start (args, first_name);
  for (const char *name = first_name; name != NULL; name = va_arg (args, const char *))
    {
      const char *text = va_arg (args, const char *);

      if (text != NULL)
        json_object_set_string_member (object, name, text);
    }
  va_end (args);
  json_node_set_object (node, object);
  return json_to_string (node, FALSE);
}

/**
 * tide_engine_audit:
 * @by: (nullable): who; %NULL = "owner"
 * @action: what: "run-cancelled"
 * @object: on what, by id or in words
 * @detail_json: (nullable): a JSON object; no secrets
 *
 * Notes it in the audit log, without waiting for the store. Any thread, without a #TideWrite of its own. An
 * engine that only looks notes nothing: who has the workspace does.
 */
void
tide_engine_audit (TideEngine *self,
                   const char *by,
                   const char *action,
                   const char *object,
                   const char *detail_json)
{
  TideAuditEntry *entry;

  if (self->chronicle == NULL)
    return;

  entry = g_new0 (TideAuditEntry, 1);
  entry->at = tide_clock_now (self->clock);
  entry->actor = g_strdup (by != NULL ? by : "owner");
  entry->action = g_strdup (action);
  entry->object = g_strdup (object != NULL ? object : "");
  entry->detail = g_strdup (detail_json != NULL ? detail_json : "{}");
  tide_chronicle_add_entry (self->chronicle, entry);
}

/**
 * tide_engine_list_audit:
 * @before: only entries with a lower number; 0 for the newest
 * @limit: at most so many; 0 for 100
 *
 * Returns: (transfer full) (element-type TideAuditEntry): one page of the audit log, newest first. Blocks; any thread
 */
GPtrArray *
tide_engine_list_audit (TideEngine  *self,
                        gint64       before,
                        guint        limit,
                        GError     **error)
{
  g_autoptr(TideRead) read = NULL;

  g_return_val_if_fail (TIDE_IS_ENGINE (self), NULL);

  if (self->chronicle != NULL)
    tide_chronicle_flush (self->chronicle);
  read = tide_store_begin_read (self->store, NULL, error);
  return read != NULL ? tide_audit_rows_list (tide_read_get_database (read), before, limit, error) : NULL;
}

/**
 * tide_engine_check_audit:
 * @n_entries: (out) (nullable): how many there are; untouched on failure
 *
 * Goes along the chain of the audit log. Blocks; any thread.
 *
 * Returns: whether it holds; %FALSE with TIDE_ERROR_CORRUPT, which names the first entry that is missing or was changed
 */
gboolean
tide_engine_check_audit (TideEngine    *self,
                         gint64        *n_entries,
                         GCancellable  *cancellable,
                         GError       **error)
{
  g_autoptr(TideRead) read = NULL;

  g_return_val_if_fail (TIDE_IS_ENGINE (self), FALSE);

  if (self->chronicle != NULL)
    tide_chronicle_flush (self->chronicle);
  read = tide_store_begin_read (self->store, cancellable, error);
  return read != NULL && tide_audit_rows_check (tide_read_get_database (read), n_entries, error);
}
