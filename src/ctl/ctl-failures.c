/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemarkctl"

#include "config.h"

#include <glib/gi18n.h>

#include "ctl-failure.h"
#include "ctl-output.h"
#include "ctl-steer.h"
#include "ctl.h"
#include "tide-error.h"

#define FAILURES_SHOWN 50

static int option_limit = FAILURES_SHOWN;
static char *option_connection;
static char *option_stream;
static char *option_search;
static gboolean option_dismissed;
static gboolean option_all;

#define FILTER_ENTRIES \
  { "connection", 0, 0, G_OPTION_ARG_STRING, &option_connection, N_("Of this connection only"), N_("CONNECTION") }, \
  { "stream", 0, 0, G_OPTION_ARG_STRING, &option_stream, N_("Of this stream only"), N_("STREAM") }, \
  { "search", 0, 0, G_OPTION_ARG_STRING, &option_search, N_("With this in the record's id or the reason"), N_("TEXT") }

static const GOptionEntry list_entries[] = {
  FILTER_ENTRIES,
  { "dismissed", 0, 0, G_OPTION_ARG_NONE, &option_dismissed, N_("Those that were dismissed, instead of the open ones"), NULL },
  { "limit", 0, 0, G_OPTION_ARG_INT, &option_limit, N_("At most so many (default 50)"), "N" },
  { NULL }
};

static const GOptionEntry dismiss_entries[] = {
  FILTER_ENTRIES,
  { "all", 0, 0, G_OPTION_ARG_NONE, &option_all, N_("All that are open"), NULL },
  { NULL }
};

/* What a command's words and options select. */
typedef struct
{
  TideFailureQuery  query;
  GArray           *ids;          /* (owned) (nullable) */
} Selection;

static void
selection_clear (Selection *self)
{
  g_clear_pointer (&self->ids, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Selection, selection_clear)

/**
 * ctl_failure_parse_ids:
 * @wrong: (out) (optional): a word that is no id
 *
 * Returns: (transfer full) (nullable) (element-type gint64): the ids of failures; %NULL if one is none
 */
GArray *
ctl_failure_parse_ids (const char * const  *words,
                       gsize                n_words,
                       const char         **wrong)
{
  g_autoptr(GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (gsize i = 0; i < n_words; i++)
    {
      gint64 id;

      if (!ctl_parse_number (words[i], &id) || id < 1)
        {
          if (wrong != NULL)
            *wrong = words[i];
          return NULL;
        }
      g_array_append_val (ids, id);
    }
  return g_steal_pointer (&ids);
}

static TideFailure *
find_failure (TideEngine  *engine,
              gint64       id,
              GError     **error)
{
  g_autoptr(GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  TideFailureQuery query = { .limit = 1 };
  g_autoptr(GPtrArray) open = NULL;
  g_autoptr(GPtrArray) dismissed = NULL;

  g_array_append_val (ids, id);
  query.ids = ids;
  open = tide_engine_query_failures (engine, &query, error);
  if (open == NULL)
    return NULL;
  if (open->len > 0)
    return g_ptr_array_steal_index (open, 0);
  query.dismissed = TRUE;
  dismissed = tide_engine_query_failures (engine, &query, error);
  if (dismissed == NULL)
    return NULL;
  if (dismissed->len > 0)
    return g_ptr_array_steal_index (dismissed, 0);
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND, _("failure %" G_GINT64_FORMAT ": there is none of that number"), id);
  return NULL;
}

/**
 * ctl_failure_check:
 * @ids: (element-type gint64): ids of failures
 *
 * Returns: %FALSE with TIDE_ERROR_NOT_FOUND if one is not there
 */
gboolean
ctl_failure_check (TideEngine    *engine,
                   const GArray  *ids,
                   GError       **error)
{
  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr(TideFailure) failure = find_failure (engine, g_array_index (ids, gint64, i), error);

      if (failure == NULL)
        return FALSE;
    }
  return TRUE;
}

/* Fills in what the options say. */
static gboolean
selection_take_options (Selection   *self,
                        TideEngine  *engine,
                        GError     **error)
{
  g_autoptr(TideConnection) connection = NULL;

  self->query.stream = option_stream;
  self->query.search = option_search;
  if (option_connection == NULL)
    return TRUE;
  connection = tide_engine_find_connection (engine, option_connection, error);
  if (connection != NULL)
    self->query.connection_id = connection->id;
  return connection != NULL;
}

static GHashTable *
list_connection_names (TideEngine *engine)
{
  GHashTable *names = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  g_autoptr(GPtrArray) connections = tide_engine_list_connections (engine, NULL);

  for (guint i = 0; connections != NULL && i < connections->len; i++)
    {
      const TideConnection *connection = g_ptr_array_index (connections, i);
      gint64 id = connection->id;

      g_hash_table_insert (names, g_memdup2 (&id, sizeof id), g_strdup (connection->name));
    }
  return names;
}

static void
add_failure_json (CtlJson           *json,
                  const TideFailure *failure,
                  GHashTable        *names)
{
  ctl_json_add_int (json, "id", failure->id);
  ctl_json_add_string (json, "connection", g_hash_table_lookup (names, &failure->connection_id));
  ctl_json_add_string (json, "stream", failure->stream);
  ctl_json_add_string (json, "recordId", failure->record_id);
  ctl_json_add_string (json, "reason", failure->reason);
  ctl_json_add_string (json, "syncId", failure->sync_id);
  ctl_json_add_int (json, "attempts", failure->attempts);
  ctl_json_add_time (json, "firstSeen", failure->first_seen);
  ctl_json_add_time (json, "lastSeen", failure->last_seen);
  ctl_json_add_time (json, "dismissedAt", failure->dismissed_at);
  ctl_json_add_string (json, "dismissedBy", failure->dismissed_by);
}

static void
print_failures_json (GPtrArray  *failures,
                     GHashTable *names,
                     gint64      total)
{
  g_autoptr(CtlJson) json = ctl_json_new ();

  ctl_json_begin_object (json, NULL);
  ctl_json_add_int (json, "total", total);
  ctl_json_begin_array (json, "failures");
  for (guint i = 0; i < failures->len; i++)
    {
      ctl_json_begin_object (json, NULL);
      add_failure_json (json, g_ptr_array_index (failures, i), names);
      ctl_json_end_object (json);
    }
  ctl_json_end_array (json);
  ctl_json_end_object (json);
  ctl_json_print (json);
}

static void
print_failures (Ctl        *ctl,
                GPtrArray  *failures,
                GHashTable *names,
                gint64      total)
{
  const char * const headings[] = { _("Failure"), _("Connection"), _("Stream"), _("Record"), _("Reason"), _("Tries"),
                                    _("Last seen"), NULL };
  g_autoptr(CtlTable) table = ctl_table_new (headings, "rllllrl");

  for (guint i = 0; i < failures->len; i++)
    {
      const TideFailure *failure = g_ptr_array_index (failures, i);

      ctl_table_take (table, CTL_PLAIN, g_strdup_printf ("%" G_GINT64_FORMAT, failure->id));
      ctl_table_add (table, CTL_PLAIN, g_hash_table_lookup (names, &failure->connection_id));
      ctl_table_add (table, CTL_PLAIN, failure->stream);
      ctl_table_add (table, CTL_PLAIN, failure->record_id);
      ctl_table_add (table, CTL_WARNING, failure->reason);
      ctl_table_take (table, CTL_PLAIN, ctl_format_number (failure->attempts));
      ctl_table_take (table, CTL_PLAIN, ctl_format_time (failure->last_seen));
    }
  ctl_table_print (table, ctl);
  if (total > failures->len)
    {
      g_autofree char *more = ctl_format_number (total - failures->len);

      g_printerr (_("%s more; --limit shows them.\n"), more);
    }
}

static int
list_failures (Ctl        *ctl,
               TideEngine *engine)
{
  g_auto(Selection) selection = { .query = { .dismissed = option_dismissed, .limit = (guint)option_limit } };
  g_autoptr(GHashTable) names = list_connection_names (engine);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) failures = NULL;
  gint64 total = -1;

  if (selection_take_options (&selection, engine, &error))
    failures = tide_engine_query_failures (engine, &selection.query, &error);
  if (failures != NULL)
    total = tide_engine_count_failures (engine, &selection.query, &error);
  if (total < 0)
    return ctl_fail (ctl, error);
  if (ctl->json)
    print_failures_json (failures, names, total);
  else if (failures->len == 0)
    ctl_note (ctl, "%s", _("No such record has failed."));
  else
    print_failures (ctl, failures, names, total);
  return CTL_DONE;
}

static int
failures_run (Ctl   *ctl,
              char **args)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideEngine) engine = NULL;

  if (option_limit <= 0)
    return ctl_usage (ctl, _("--limit %d: has to be 1 or more"), option_limit);
  engine = ctl_open (ctl, TIDE_ENGINE_READ_ONLY, &error);
  return engine != NULL ? list_failures (ctl, engine) : ctl_fail (ctl, error);
}

static void
print_failure_facts (Ctl               *ctl,
                     const TideFailure *failure,
                     const char        *connection)
{
  g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, failure->id);
  g_autofree char *attempts = ctl_format_number (failure->attempts);
  g_autofree char *first = ctl_format_time (failure->first_seen);
  g_autofree char *last = ctl_format_time (failure->last_seen);
  g_autofree char *dismissed = ctl_format_time (failure->dismissed_at);

  ctl_print_fact (ctl, _("Failure"), id);
  ctl_print_fact (ctl, _("Connection"), connection);
  ctl_print_fact (ctl, _("Stream"), failure->stream);
  ctl_print_fact (ctl, _("Record"), failure->record_id);
  ctl_print_fact (ctl, _("Reason"), failure->reason);
  ctl_print_fact (ctl, _("Run"), failure->sync_id != NULL ? failure->sync_id : "–");
  ctl_print_fact (ctl, _("Tries"), attempts);
  ctl_print_fact (ctl, _("First seen"), first);
  ctl_print_fact (ctl, _("Last seen"), last);
  if (failure->dismissed_at != 0)
    ctl_print_fact (ctl, _("Dismissed"), dismissed);
  ctl_note (ctl, "\n%s", failure->payload);
}

static int
show_failure (Ctl        *ctl,
              TideEngine *engine,
              gint64      id)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideFailure) failure = find_failure (engine, id, &error);
  g_autoptr(GHashTable) names = list_connection_names (engine);
  g_autoptr(CtlJson) json = NULL;

  if (failure == NULL)
    return ctl_fail (ctl, error);
  if (!ctl->json)
    {
      print_failure_facts (ctl, failure, g_hash_table_lookup (names, &failure->connection_id));
      return CTL_DONE;
    }
  json = ctl_json_new ();
  ctl_json_begin_object (json, NULL);
  add_failure_json (json, failure, names);
  /* As text: what could not be read need not be JSON. */
  ctl_json_add_string (json, "payload", failure->payload);
  ctl_json_end_object (json);
  ctl_json_print (json);
  return CTL_DONE;
}

static int
failures_show_run (Ctl   *ctl,
                   char **args)
{
  const char *wrong = NULL;
  g_autoptr(GArray) ids = ctl_failure_parse_ids ((const char * const *)args, 1, &wrong);
  g_autoptr(GError) error = NULL;
  g_autoptr(TideEngine) engine = NULL;

  if (ids == NULL)
    return ctl_usage (ctl, _("“%s” is no failure's number; “tidemarkctl failures” lists them"), wrong);
  engine = ctl_open (ctl, TIDE_ENGINE_READ_ONLY, &error);
  return engine != NULL ? show_failure (ctl, engine, g_array_index (ids, gint64, 0)) : ctl_fail (ctl, error);
}

static int
change_failures (Ctl     *ctl,
                 GArray  *ids,
                 gboolean dismiss)
{
  g_auto(Selection) selection = { .query = { .ids = ids, .dismissed = !dismiss } };
  g_autoptr(GError) error = NULL;
  g_autoptr(TideEngine) engine = ctl_open_for_change (ctl, &error);
  gint64 count = -1;

  if (engine != NULL && (ids == NULL || ctl_failure_check (engine, ids, &error)) &&
      selection_take_options (&selection, engine, &error))
    count = dismiss ? tide_engine_dismiss_failures (engine, &selection.query, "owner", &error)
                    : tide_engine_reopen_failures (engine, &selection.query, "owner", &error);
  if (engine != NULL)
    tide_engine_close (engine);
  if (count < 0)
    return ctl_fail (ctl, error);
  if (dismiss)
    ctl_note (ctl, ngettext ("%d failure was dismissed: it comes back when the record or the reason is another.",
                             "%d failures were dismissed: they come back when the record or the reason is another.", (gulong)count),
              (int)count);
  else
    ctl_note (ctl, ngettext ("%d failure is open again.", "%d failures are open again.", (gulong)count), (int)count);
  return ctl_steer_print_count (ctl, dismiss ? "dismissed" : "reopened", count);
}

static int
dismiss_run (Ctl   *ctl,
             char **args)
{
  gboolean filters = option_connection != NULL || option_stream != NULL || option_search != NULL;
  const char *wrong = NULL;
  g_autoptr(GArray) ids = NULL;

  if ((args[0] != NULL) + option_all + filters != 1)
    return ctl_usage (ctl, "%s", _("“dismiss” needs either failures, --all, or what they have in common"));
  if (args[0] == NULL)
    return change_failures (ctl, NULL, TRUE);
  ids = ctl_failure_parse_ids ((const char * const *)args, g_strv_length (args), &wrong);
  if (ids == NULL)
    return ctl_usage (ctl, _("“%s” is no failure's number; “tidemarkctl failures” lists them"), wrong);
  return change_failures (ctl, ids, TRUE);
}

static int
reopen_run (Ctl   *ctl,
            char **args)
{
  const char *wrong = NULL;
  g_autoptr(GArray) ids = ctl_failure_parse_ids ((const char * const *)args, g_strv_length (args), &wrong);

  if (ids == NULL)
    return ctl_usage (ctl, _("“%s” is no failure's number; “tidemarkctl failures --dismissed” lists them"), wrong);
  return change_failures (ctl, ids, FALSE);
}

const CtlCommand ctl_failures_commands[] = {
  { "failures", NULL, N_("List the records that could not be read"), list_entries, 0, 0, failures_run },
  { "failures show", N_("FAILURE"), N_("Show one, with what was received"), NULL, 1, 1, failures_show_run },
  { "dismiss", N_("FAILURE…|--all"), N_("Put failures away until the record or the reason is another"), dismiss_entries, 0, -1, dismiss_run },
  { "reopen", N_("FAILURE…"), N_("Bring dismissed failures back"), NULL, 1, -1, reopen_run },
  { NULL }
};
