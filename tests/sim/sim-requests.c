/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "sim"

#include "sim-requests.h"

#include "sim-check.h"
#include "tide-error.h"

#define MOST_IDS 3

/* Something that was asked for under a key, and what came of it. */
typedef struct
{
  TideRunRequest   request;
  char            *key;       /* (owned) (nullable) */
  GPtrArray       *ids;       /* (owned) (nullable): of owned strings, NULL-terminated */
  char           **runs;      /* (owned) (nullable): the runs' ids, sorted */
} Asked;

struct _SimRequests
{
  SimWorld  *world;
  GPtrArray *asked;           /* (owned) of Asked, those under a key */
  guint      n_keys;
};

static void
asked_free (gpointer data)
{
  Asked *self = data;

  g_clear_pointer (&self->ids, g_ptr_array_unref);
  g_strfreev (self->runs);
  g_free (self->key);
  g_free (self);
}

SimRequests *
sim_requests_new (SimWorld *world)
{
  SimRequests *self = g_new0 (SimRequests, 1);

  self->world = world;
  self->asked = g_ptr_array_new_with_free_func (asked_free);
  return self;
}

void
sim_requests_free (SimRequests *self)
{
  g_ptr_array_unref (self->asked);
  g_free (self);
}

static void
asked_add_ids (Asked       *self,
               SimRequests *requests,
               SimAccount  *account,
               SimStream    stream)
{
  guint n_ids = 1 + sim_world_roll (requests->world, MOST_IDS);

  self->ids = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < n_ids && account->books[stream]->len > 0; i++)
    {
      GPtrArray *book = account->books[stream];

      g_ptr_array_add (self->ids, sim_record_dup_id (g_ptr_array_index (book, sim_world_roll (requests->world, book->len))));
    }
  g_ptr_array_add (self->ids, NULL);
  if (self->ids->len > 1)
    self->request.ids = (const char * const *)self->ids->pdata;
}

/* Something to ask for, by chance. */
static Asked *
asked_new (SimRequests *requests)
{
  static const char * const people[] = { NULL, "owner", "clerk", "webhook" };
  SimWorld *world = requests->world;
  Asked *self = g_new0 (Asked, 1);
  guint account = sim_world_roll (world, SIM_N_ACCOUNTS);
  SimStream stream = sim_world_roll (world, SIM_N_STREAMS);

  self->request.connection_id = world->connections[account];
  self->request.stream = sim_world_chance (world, 20) ? NULL : sim_stream_to_name (stream);
  self->request.mode = sim_world_chance (world, 35) ? TIDE_RUN_MODE_FULL : TIDE_RUN_MODE_INCREMENTAL;
  self->request.dry_run = sim_world_chance (world, 8);
  self->request.requested_by = people[sim_world_roll (world, G_N_ELEMENTS (people))];
  self->request.priority = sim_world_chance (world, 15) ? 1 + (int)sim_world_roll (world, 10) : 0;
  self->request.allowed = sim_world_chance (world, 15) ? TIDE_RUN_ALLOW_DELETES | TIDE_RUN_ALLOW_CHANGES : 0;
  if (self->request.stream != NULL && sim_world_chance (world, 12))
    asked_add_ids (self, requests, world->accounts[account], stream);
  if (sim_world_chance (world, 30))
    self->key = g_strdup_printf ("key-%u", requests->n_keys++);
  self->request.idempotency_key = self->key;
  return self;
}

static int
compare_strings (gconstpointer a,
                 gconstpointer b)
{
  return g_strcmp0 (*(char **)a, *(char **)b);
}

static char **
dup_ids (GPtrArray *runs)
{
  GPtrArray *ids = g_ptr_array_new ();

  for (guint i = 0; i < runs->len; i++)
    g_ptr_array_add (ids, g_strdup (((TideRun *)g_ptr_array_index (runs, i))->sync_id));
  g_ptr_array_sort (ids, compare_strings);
  g_ptr_array_add (ids, NULL);
  return (char **)g_ptr_array_free (ids, FALSE);
}

static gboolean
is_disk (const GError *error)
{
  return g_error_matches (error, TIDE_ERROR, TIDE_ERROR_NO_SPACE) ||
         g_error_matches (error, TIDE_ERROR, TIDE_ERROR_STORAGE);
}

/* Returns: (nullable): the runs, %NULL if they were refused. A request that makes sense is only refused by a broken disk. */
static GPtrArray *
send (SimRequests          *self,
      const TideRunRequest *request,
      gboolean             *replayed,
      GError              **error)
{
  GPtrArray *runs;

  sim_world_note (self->world, "ask: connection %" G_GINT64_FORMAT " %s %s%s%s%s%s", request->connection_id,
                  request->stream != NULL ? request->stream : "everything", tide_run_mode_to_name (request->mode),
                  request->dry_run ? ", dry" : "", request->ids != NULL ? ", ids" : "",
                  request->idempotency_key != NULL ? ", under " : "",
                  request->idempotency_key != NULL ? request->idempotency_key : "");
  runs = tide_engine_request_run_full (self->world->engine, request, replayed, error);
  for (guint i = 0; runs != NULL && i < runs->len && self->world->dying == SIM_FAULT_NONE; i++)
    sim_world_note (self->world, "is run %s", ((TideRun *)g_ptr_array_index (runs, i))->sync_id);
  return runs;
}

/* What could not be written down while it was asked for is not there after a crash; the engine has said that it failed. */
static gboolean
is_to_be_remembered (SimRequests *self,
                     const Asked *asked,
                     guint        n_troubles)
{
  return asked->key != NULL && self->world->n_troubles == n_troubles;
}

/** sim_requests_ask: asks for something new. */
void
sim_requests_ask (SimRequests *self)
{
  Asked *asked = asked_new (self);
  guint n_troubles = self->world->n_troubles;
  gboolean replayed = FALSE;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) runs = send (self, &asked->request, &replayed, &error);

  if (self->world->dying != SIM_FAULT_NONE || runs == NULL)
    {
      if (self->world->dying == SIM_FAULT_NONE && !(self->world->trouble && is_disk (error)))
        sim_world_fail (self->world, "a request was refused: %s", error->message);
      asked_free (asked);
      return;
    }
  if (replayed)
    sim_world_fail (self->world, "a new request is taken for an old one");
  if (runs->len == 0)
    sim_world_fail (self->world, "a request was granted, and is no run");
  asked->runs = dup_ids (runs);
  if (is_to_be_remembered (self, asked, n_troubles))
    g_ptr_array_add (self->asked, asked);
  else
    asked_free (asked);
}

static void
check_same (SimRequests *self,
            const Asked *asked)
{
  gboolean replayed = FALSE;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) runs = send (self, &asked->request, &replayed, &error);
  g_auto(GStrv) ids = NULL;

  if (self->world->dying != SIM_FAULT_NONE)
    return;
  if (runs == NULL)
    {
      if (!(self->world->trouble && is_disk (error)))
        sim_world_fail (self->world, "the same under %s was refused: %s", asked->key, error->message);
      return;
    }
  ids = dup_ids (runs);
  if (!replayed || !g_strv_equal ((const char * const *)ids, (const char * const *)asked->runs))
    sim_world_fail (self->world, "the same under %s is another run", asked->key);
}

static void
check_other (SimRequests *self,
             const Asked *asked)
{
  TideRunRequest request = asked->request;
  gboolean replayed = FALSE;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) runs = NULL;

  request.mode = request.mode == TIDE_RUN_MODE_FULL ? TIDE_RUN_MODE_INCREMENTAL : TIDE_RUN_MODE_FULL;
  runs = send (self, &request, &replayed, &error);
  if (self->world->dying != SIM_FAULT_NONE || (self->world->trouble && runs == NULL && is_disk (error)))
    return;
  if (runs != NULL || !g_error_matches (error, TIDE_ERROR, TIDE_ERROR_CONFLICT))
    sim_world_fail (self->world, "something else under %s was granted", asked->key);
}

/** sim_requests_ask_again: asks under a key that was used before: for the same, or for something else. */
void
sim_requests_ask_again (SimRequests *self)
{
  const Asked *asked;

  if (self->asked->len == 0)
    return;
  asked = g_ptr_array_index (self->asked, sim_world_roll (self->world, self->asked->len));
  if (sim_world_chance (self->world, 70))
    check_same (self, asked);
  else
    check_other (self, asked);
}

/**
 * sim_requests_ask_all:
 * @stream: (nullable): one stream of each account, %NULL for all
 *
 * Asks for full readings, whatever they delete or change.
 */
void
sim_requests_ask_all (SimRequests *self,
                      const char  *stream)
{
  for (guint i = 0; i < SIM_N_ACCOUNTS; i++)
    {
      TideRunRequest request = { .connection_id = self->world->connections[i], .stream = stream, .mode = TIDE_RUN_MODE_FULL,
                                 .allowed = TIDE_RUN_ALLOW_DELETES | TIDE_RUN_ALLOW_CHANGES };
      gboolean replayed;
      g_autoptr(GError) error = NULL;
      g_autoptr(GPtrArray) runs = send (self, &request, &replayed, &error);

      g_assert_no_error (error);
    }
}
