/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sync"

#include "config.h"

#include "tide-sync-run-private.h"

#include <json-glib/json-glib.h>

#include "tide-approval-rows.h"
#include "tide-error.h"
#include "tide-read.h"
#include "tide-record-query.h"
#include "tide-run-rows.h"
#include "tide-state-rows.h"

/* The parent's records are what this stream is read by. None of them is an answer only once they were read. */
static GPtrArray *
sync_run_load_partitions (TideSyncRun   *self,
                          TideDatabase  *database,
                          TideStream    *parent,
                          GError       **error)
{
  const char *name = tide_stream_get_name (parent);
  gint64 connection_id = self->run->connection_id;
  g_autoptr(GError) local_error = NULL;
  g_autoptr(TideRun) last = NULL;
  g_autoptr(GPtrArray) values =
    tide_record_query_list_ids (database, tide_manifest_get_id (self->job->manifest), name, connection_id,
                                tide_stream_get_parent_column (self->job->stream), error);

  if (values == NULL || values->len > 0)
    return g_steal_pointer (&values);

  last = tide_run_rows_get_last (database, connection_id, name, TRUE, &local_error);
  if (last != NULL)
    return g_steal_pointer (&values);
  if (!g_error_matches (local_error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  g_set_error (error, TIDE_ERROR, TIDE_ERROR_PROVIDER, "%s: %s has to be read first, and has not been yet",
               self->run->stream, name);
  return NULL;
}

/* What a parent's record that is marked as deleted was read by is not asked for any more. That says nothing of
 * whether its records are gone. */
static gboolean
sync_run_plan_partitions (TideSyncRun   *self,
                          TideDatabase  *database,
                          TideStream    *parent,
                          TideReadPlan  *plan,
                          GError       **error)
{
  const char *name = tide_stream_get_name (parent);

  if (!tide_record_query_has_deleted (database, tide_manifest_get_id (self->job->manifest), name,
                                      self->run->connection_id, &plan->partial, error))
    return FALSE;

  plan->partition_values = sync_run_load_partitions (self, database, parent, error);
  if (plan->partition_values != NULL && plan->partial)
    tide_run_journal_log (self->journal, "info", "some of %s are marked as deleted and not read by: nothing will be"
                          " judged deleted", name);
  return plan->partition_values != NULL;
}

static gboolean
set_json_error (const char  *what,
                GError     **error)
{
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_CORRUPT, "the %s of the run cannot be read", what);
  return FALSE;
}

/* Returns: (transfer full) (nullable): the texts of a JSON array. */
static GStrv
parse_ids (const char  *text,
           GError     **error)
{
  g_autoptr(JsonNode) root = json_from_string (text, NULL);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *array = root != NULL && JSON_NODE_HOLDS_ARRAY (root) ? json_node_get_array (root) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
        array = NULL;
      else
        g_strv_builder_add (builder, json_node_get_string (node));
    }
  if (array != NULL)
    return g_strv_builder_end (builder);
  set_json_error ("ids", error);
  return NULL;
}

/* Returns: (transfer full) (nullable): name → value of a JSON object. */
static GHashTable *
parse_filters (const char  *text,
               GError     **error)
{
  g_autoptr(JsonNode) root = json_from_string (text, NULL);
  g_autoptr(GHashTable) filters = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      set_json_error ("filters", error);
      return NULL;
    }
  json_object_iter_init (&iter, json_node_get_object (root));
  while (json_object_iter_next (&iter, &name, &node))
    if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
      g_hash_table_insert (filters, g_strdup (name), g_strdup (json_node_get_string (node)));
    else
      {
        set_json_error ("filters", error);
        return NULL;
      }
  return g_steal_pointer (&filters);
}

/* A sweep that its owner has let through needs a listing, and that of the attempt before is over. */
static gboolean
sync_run_plan_mode (TideSyncRun   *self,
                    TideDatabase  *database,
                    TideReadPlan  *plan,
                    GError       **error)
{
  gboolean approved = FALSE;

  if (plan->mode == TIDE_RUN_MODE_INCREMENTAL && (self->run->allowed & TIDE_RUN_ALLOW_DELETES) != 0 &&
      !tide_approval_rows_was_approved (database, self->run->id, TIDE_RUN_ALLOW_DELETES, &approved, error))
    return FALSE;
  if (approved)
    plan->mode = TIDE_RUN_MODE_FULL;
  return TRUE;
}

static void
sync_run_init_plan (TideSyncRun  *self,
                    TideReadPlan *plan)
{
  *plan = (TideReadPlan) { .mode = self->run->mode, .started_at = self->began_at };
  plan->latency = self->run->priority >= TIDE_RUN_PRIORITY_SMART;
  plan->in_line = self->job->in_line;
}

/**
 * tide_sync_run_open_reader:
 * @note_func: is told of waits and repetitions, on the fetching thread
 * @error: return location
 *
 * Decides what this attempt is to read, from what the run asks for and how far the stream has been read.
 */
gboolean
tide_sync_run_open_reader (TideSyncRun          *self,
                           TideRequestNoteFunc   note_func,
                           GError              **error)
{
  TideStream *parent = tide_stream_get_parent (self->job->stream);
  g_autoptr(TideRead) read = tide_store_begin_read (self->job->store, self->interrupt, error);
  g_autoptr(GHashTable) states = NULL;
  g_autoptr(GPtrArray) values = NULL;
  g_autoptr(GHashTable) filters = NULL;
  g_auto(GStrv) ids = NULL;
  TideDatabase *database;
  TideReadPlan plan;

  if (read == NULL)
    return FALSE;

  database = tide_read_get_database (read);
  sync_run_init_plan (self, &plan);
  if ((self->run->ids != NULL && (ids = parse_ids (self->run->ids, error)) == NULL) ||
      (self->run->filters != NULL && (filters = parse_filters (self->run->filters, error)) == NULL) ||
      !sync_run_plan_mode (self, database, &plan, error))
    return FALSE;
  states = tide_state_rows_load (database, self->run->connection_id, self->run->stream, error);
  if (states == NULL)
    return FALSE;

  if (parent != NULL && !sync_run_plan_partitions (self, database, parent, &plan, error))
    return FALSE;

  values = plan.partition_values;
  plan.states = states;
  plan.ids = (const char * const *)ids;
  plan.filters = filters;
  self->reader = tide_stream_reader_new (self->job->stream, self->job->requester, &plan, note_func, self, error);
  return self->reader != NULL;
}
