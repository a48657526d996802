/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemarkctl"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "ctl-run.h"
#include "ctl-steer.h"
#include "ctl-watch.h"
#include "ctl.h"
#include "tide-error.h"

#define NO_PRIORITY -1
#define MAX_PRIORITY 10
#define MAX_KEY 200

/* How long it may take until a run can be looked at, and how often that is tried: microseconds and milliseconds. */
#define SAVE_PATIENCE (2 * G_USEC_PER_SEC)
#define LOOK_AGAIN 10

static char *option_mode;
static gboolean option_dry_run;
static char **option_ids;
static char **option_filters;
static char *option_key;
static gboolean option_detach;
static int option_priority = NO_PRIORITY;
static char **option_allow;

static const GOptionEntry sync_entries[] = {
  { "mode", 0, 0, G_OPTION_ARG_STRING, &option_mode, N_("incremental (default): what has changed; full: everything, which also finds deletions"), N_("MODE") },
  { "dry-run", 'n', 0, G_OPTION_ARG_NONE, &option_dry_run, N_("Do all but the writing, and say what would change"), NULL },
  { "id", 0, 0, G_OPTION_ARG_STRING_ARRAY, &option_ids, N_("Only the record with this id of the provider's; as often as wanted"), N_("ID") },
  { "filter", 0, 0, G_OPTION_ARG_STRING_ARRAY, &option_filters, N_("Only the records that fit, by one of the stream's filters"), N_("NAME=VALUE") },
  { "idempotency-key", 0, 0, G_OPTION_ARG_STRING, &option_key, N_("The same request under the same key is the same run, for 30 days"), N_("KEY") },
  { "detach", 0, 0, G_OPTION_ARG_NONE, &option_detach, N_("Put it in the queue and do not wait for it"), NULL },
  { "priority", 0, 0, G_OPTION_ARG_INT, &option_priority, N_("Its place in the queue, 1 to 10 (default: as its entity's)"), "N" },
  { "allow", 0, 0, G_OPTION_ARG_STRING_ARRAY, &option_allow, N_("Let go of a brake beforehand: deletes or changes, however many"), N_("BRAKE") },
  { NULL }
};

static gboolean
sync_request (TideEngine            *engine,
              const TideRunRequest  *template,
              const char            *stream,
              GPtrArray             *runs,
              gboolean              *replayed,
              GError               **error)
{
  TideRunRequest request = *template;
  g_autoptr(GPtrArray) requested = NULL;
  gboolean again = FALSE;

  request.stream = stream;
  requested = tide_engine_request_run_full (engine, &request, &again, error);
  if (requested == NULL)
    return FALSE;
  *replayed = *replayed || again;
  g_ptr_array_extend_and_steal (runs, g_steal_pointer (&requested));
  return TRUE;
}

/* All that was asked for has to be there, before any of it begins. */
static gboolean
check_entities (TideEngine            *engine,
                const TideConnection  *connection,
                char                 **entities,
                GError               **error)
{
  g_autoptr(TideProviderInfo) info = tide_engine_find_provider (engine, connection->provider, error);

  if (info == NULL)
    return FALSE;
  for (gsize i = 0; entities[i] != NULL; i++)
    {
      gboolean found = FALSE;

      for (guint j = 0; j < info->streams->len && !found; j++)
        {
          const TideStreamInfo *stream = g_ptr_array_index (info->streams, j);

          found = g_str_equal (stream->name, entities[i]) || g_str_equal (stream->entity, entities[i]);
        }
      if (found)
        continue;
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND, _("%s brings no “%s”"), connection->name, entities[i]);
      return FALSE;
    }
  return TRUE;
}

/* Returns: (transfer full) (element-type TideRun): the runs of all that was asked for */
static GPtrArray *
sync_request_all (TideEngine      *engine,
                  TideRunRequest  *request,
                  char           **args,
                  gboolean        *replayed,
                  GError         **error)
{
  g_autoptr(TideConnection) connection = tide_engine_find_connection (engine, args[0], error);
  g_autoptr(GPtrArray) runs = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_run_unref);

  if (connection == NULL || !check_entities (engine, connection, args + 1, error))
    return NULL;
  request->connection_id = connection->id;
  if (args[1] == NULL && !sync_request (engine, request, NULL, runs, replayed, error))
    return NULL;
  for (gsize i = 1; args[i] != NULL; i++)
    if (!sync_request (engine, request, args[i], runs, replayed, error))
      return NULL;
  return g_steal_pointer (&runs);
}

static gboolean
has_run (GPtrArray  *runs,
         const char *sync_id)
{
  for (guint i = 0; i < runs->len; i++)
    if (g_str_equal (((TideRun *)g_ptr_array_index (runs, i))->sync_id, sync_id))
      return TRUE;
  return FALSE;
}

/* Somebody waits for these: what another program left behind in the queue goes after them. */
static gboolean
sync_put_first (TideEngine  *engine,
                GPtrArray   *runs,
                GError     **error)
{
  g_autoptr(GPtrArray) entries = tide_engine_list_queue (engine, 0, error);
  gboolean others = FALSE;

  if (entries == NULL)
    return FALSE;
  for (guint i = 0; i < entries->len; i++)
    others = others || !has_run (runs, ((TideQueueEntry *)g_ptr_array_index (entries, i))->run->sync_id);
  for (guint i = runs->len; others && i > 0; i--)
    {
      const TideRun *run = g_ptr_array_index (runs, i - 1);

      if (run->status == TIDE_RUN_PENDING && !ctl_steer_put_first (engine, run->sync_id, error))
        return FALSE;
    }
  return TRUE;
}

/* Returns: %FALSE with an error if nothing would ever begin */
static gboolean
check_not_paused (Ctl         *ctl,
                  TideEngine  *engine,
                  GError     **error)
{
  if (option_detach || !tide_engine_get_paused (engine))
    return TRUE;
  ctl->advice = _("“tidemarkctl resume” lets runs be begun again; --detach puts this one in the queue meanwhile.");
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT, "%s", _("everything is paused"));
  return FALSE;
}

/* Another process saves what it was asked for a moment later; whoever has been told the run's id may look for it at
 * once. */
static void
sync_wait_for_rows (Ctl        *ctl,
                    TideEngine *engine,
                    GPtrArray  *runs)
{
  gint64 deadline = g_get_monotonic_time () + SAVE_PATIENCE;

  for (guint i = 0; i < runs->len; i++)
    {
      const TideRun *run = g_ptr_array_index (runs, i);
      g_autoptr(TideRun) saved = tide_engine_get_run (engine, run->sync_id, NULL);

      while (saved == NULL && g_get_monotonic_time () < deadline && ctl_pause (ctl, LOOK_AGAIN, NULL))
        saved = tide_engine_get_run (engine, run->sync_id, NULL);
    }
}

static int
sync_leave (Ctl        *ctl,
            TideEngine *engine,
            GPtrArray  *runs,
            gboolean    replayed)
{
  g_autoptr(CtlJson) json = NULL;

  sync_wait_for_rows (ctl, engine, runs);
  if (!ctl->json)
    {
      for (guint i = 0; i < runs->len; i++)
        {
          const TideRun *run = g_ptr_array_index (runs, i);
          CtlStyle style;

          ctl_note (ctl, "%s  %s  %s", run->sync_id, run->stream, ctl_run_get_status (run, &style));
        }
      ctl_note_waiting (ctl, engine);
      return CTL_DONE;
    }
  json = ctl_json_new ();
  ctl_json_begin_object (json, NULL);
  ctl_json_add_boolean (json, "replayed", replayed);
  ctl_runs_add_json (json, runs);
  ctl_json_end_object (json);
  ctl_json_print (json);
  return CTL_DONE;
}

static int
sync_in (Ctl             *ctl,
         TideEngine      *engine,
         TideRunRequest  *request,
         char           **args)
{
  /* Before the request: what happens at once is not to be missed. */
  g_autoptr(CtlWatch) watch = ctl_watch_new (ctl, engine);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) runs = NULL;
  gboolean replayed = FALSE;

  if (check_not_paused (ctl, engine, &error))
    runs = sync_request_all (engine, request, args, &replayed, &error);
  if (runs == NULL)
    return ctl_fail (ctl, error);
  if (replayed)
    ctl_note (ctl, _("This was asked for under the key “%s” before: it is the same run."), option_key);
  if (option_detach)
    return sync_leave (ctl, engine, runs, replayed);
  if (!tide_engine_is_following (engine) && !sync_put_first (engine, runs, &error))
    return ctl_fail (ctl, error);
  for (guint i = 0; i < runs->len; i++)
    ctl_watch_add (watch, g_ptr_array_index (runs, i));
  return ctl_watch_run (watch);
}

/* Without a connection: what waits already. */
static int
sync_waiting (Ctl        *ctl,
              TideEngine *engine)
{
  g_autoptr(CtlWatch) watch = ctl_watch_new (ctl, engine);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) entries = NULL;
  guint n_runs = 0;

  if (check_not_paused (ctl, engine, &error))
    entries = tide_engine_list_queue (engine, 0, &error);
  if (entries == NULL)
    return ctl_fail (ctl, error);
  for (guint i = 0; i < entries->len; i++)
    {
      const TideQueueEntry *entry = g_ptr_array_index (entries, i);

      if (entry->run->status != TIDE_RUN_PENDING && entry->run->status != TIDE_RUN_PROCESSING)
        continue;
      ctl_watch_add (watch, entry->run);
      n_runs++;
    }
  if (n_runs == 0)
    ctl_note (ctl, "%s", _("No run waits or goes."));
  return ctl_watch_run (watch);
}

/* Returns: whether the word is a brake's */
static gboolean
add_allowed (TideRunRequest *request,
             const char     *word)
{
  if (g_str_equal (word, "deletes"))
    request->allowed |= TIDE_RUN_ALLOW_DELETES;
  else if (g_str_equal (word, "changes"))
    request->allowed |= TIDE_RUN_ALLOW_CHANGES;
  else
    return FALSE;
  return TRUE;
}

/* Returns: CTL_DONE, or the exit status for wrong usage */
static int
read_parts (Ctl             *ctl,
            TideRunRequest  *request,
            char           **args)
{
  gboolean one = args[0] != NULL && args[1] != NULL && args[2] == NULL;

  if ((option_ids != NULL || option_filters != NULL) && !one)
    return ctl_usage (ctl, "%s", _("--id and --filter need exactly one entity: each has ids and filters of its own"));
  for (gsize i = 0; option_filters != NULL && option_filters[i] != NULL; i++)
    if (strchr (option_filters[i], '=') == NULL || option_filters[i][0] == '=')
      return ctl_usage (ctl, _("--filter %s: has to be NAME=VALUE"), option_filters[i]);
  for (gsize i = 0; option_ids != NULL && option_ids[i] != NULL; i++)
    if (option_ids[i][0] == '\0')
      return ctl_usage (ctl, "%s", _("--id: is empty"));
  if (option_key != NULL && args[0] != NULL && args[1] != NULL && !one)
    return ctl_usage (ctl, "%s", _("--idempotency-key is for one request: name one entity, or none for all of them"));
  if (option_key != NULL && (*option_key == '\0' || strlen (option_key) > MAX_KEY))
    return ctl_usage (ctl, _("--idempotency-key: has to be 1 to %d bytes"), MAX_KEY);
  request->ids = (const char * const *)option_ids;
  request->filters = (const char * const *)option_filters;
  request->idempotency_key = option_key;
  return CTL_DONE;
}

static gboolean
has_options (void)
{
  return option_mode != NULL || option_dry_run || option_ids != NULL || option_filters != NULL || option_key != NULL ||
         option_detach || option_priority != NO_PRIORITY || option_allow != NULL;
}

/* Returns: CTL_DONE, or the exit status for wrong usage */
static int
read_options (Ctl             *ctl,
              TideRunRequest  *request,
              char           **args)
{
  if (args[0] == NULL && has_options ())
    return ctl_usage (ctl, "%s", _("“sync” without a connection does what waits in the queue, as it was asked for: no options"));
  if (option_mode != NULL && !tide_run_mode_from_name (option_mode, &request->mode))
    return ctl_usage (ctl, _("--mode %s: is neither full nor incremental"), option_mode);
  if (option_priority != NO_PRIORITY && (option_priority < 1 || option_priority > MAX_PRIORITY))
    return ctl_usage (ctl, _("--priority %d: has to be 1 to %d"), option_priority, MAX_PRIORITY);
  for (gsize i = 0; option_allow != NULL && option_allow[i] != NULL; i++)
    if (!add_allowed (request, option_allow[i]))
      return ctl_usage (ctl, _("--allow %s: is neither deletes nor changes"), option_allow[i]);
  request->dry_run = option_dry_run;
  request->priority = MAX (option_priority, 0);
  return read_parts (ctl, request, args);
}

static int
sync_run (Ctl   *ctl,
          char **args)
{
  TideRunRequest request = { .mode = TIDE_RUN_MODE_INCREMENTAL, .requested_by = "owner" };
  g_autoptr(GError) error = NULL;
  g_autoptr(TideEngine) engine = NULL;
  int status = read_options (ctl, &request, args);

  if (status != CTL_DONE)
    return status;
  engine = ctl_open_for_change (ctl, &error);
  if (engine == NULL)
    return ctl_fail (ctl, error);
  status = args[0] != NULL ? sync_in (ctl, engine, &request, args) : sync_waiting (ctl, engine);
  tide_engine_close (engine);
  return status;
}

const CtlCommand ctl_sync_commands[] = {
  { "sync", N_("[CONNECTION [ENTITY]…]"), N_("Bring a connection's records here; without one, do what waits"), sync_entries, 0, -1, sync_run },
  { NULL }
};
