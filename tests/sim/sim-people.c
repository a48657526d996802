/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "sim"

#include "sim-people.h"

#include "sim-business.h"
#include "sim-check.h"
#include "sim-requests.h"
#include "tide-error.h"
#include "tide-time.h"

/* A session whose owner is not heard of for so long is over. */
#define SESSION_TIMEOUT (10 * TIDE_MINUTE)

/* Somebody who fills in a form. */
typedef struct
{
  char  *id;
  gint64 wall;          /* when it was last heard of, by the wall clock */
  gint64 passed;        /* and by how long the computer was awake */
} Session;

struct _SimPeople
{
  SimWorld    *world;
  SimRequests *requests;  /* (owned) */
  SimBusiness *business;  /* (owned) */
  GPtrArray   *sessions;  /* (owned) of Session */
};

typedef void (*Act) (SimPeople *self);

static void
session_free (gpointer data)
{
  Session *self = data;

  g_free (self->id);
  g_free (self);
}

/* What the engine refuses it refuses for a reason; only a disk that is well gives none to fail. */
static void
take_refusal (SimPeople  *self,
              const char *what,
              GError     *error)
{
  g_autoptr(GError) owned = error;
  gboolean disk = g_error_matches (error, TIDE_ERROR, TIDE_ERROR_NO_SPACE) ||
                  g_error_matches (error, TIDE_ERROR, TIDE_ERROR_STORAGE);

  if (self->world->dying != SIM_FAULT_NONE)
    return;
  sim_world_note (self->world, "%s: refused: %s", what, error->message);
  if (error->domain != TIDE_ERROR || (disk && !self->world->trouble) ||
      (!disk && error->code != TIDE_ERROR_CONFLICT && error->code != TIDE_ERROR_NOT_FOUND))
    sim_world_fail (self->world, "%s: %s", what, error->message);
}

static void
pass (SimPeople *self,
      gint64     usec)
{
  g_autofree char *words = g_strdup_printf ("%" G_GINT64_FORMAT " s go by", usec / TIDE_SECOND);

  sim_world_note (self->world, "%s", words);
  sim_clock_pass (self->world->clock, usec, NULL);
}

static void
act_wait_a_little (SimPeople *self)
{
  pass (self, (1 + sim_world_roll (self->world, 120)) * TIDE_SECOND);
}

static void
act_wait (SimPeople *self)
{
  pass (self, (5 + sim_world_roll (self->world, 30)) * TIDE_MINUTE);
}

static void
act_wait_long (SimPeople *self)
{
  pass (self, (60 + sim_world_roll (self->world, 300)) * TIDE_MINUTE);
}

static void
act_ask (SimPeople *self)
{
  sim_requests_ask (self->requests);
}

static void
act_ask_again (SimPeople *self)
{
  sim_requests_ask_again (self->requests);
}

/* Returns: (transfer full) (nullable): a run out of the queue, or a while ago one that was in it. */
static char *
pick_run (SimPeople *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) entries = NULL;

  if (sim_world_chance (self->world, 15))
    return sim_check_pick_run (self->world->check);
  entries = tide_engine_list_queue (self->world->engine, 1000, &error);
  g_assert_no_error (error);
  if (entries->len == 0)
    return NULL;
  return g_strdup (((TideQueueEntry *)g_ptr_array_index (entries, sim_world_roll (self->world, entries->len)))->run->sync_id);
}

typedef gboolean (*RunFunc) (TideEngine  *engine,
                             const char  *sync_id,
                             const char  *by,
                             GError     **error);

static void
act_on_run (SimPeople  *self,
            const char *what,
            RunFunc     func)
{
  g_autofree char *sync_id = pick_run (self);
  GError *error = NULL;

  if (sync_id == NULL)
    return;
  sim_world_note (self->world, "%s %s", what, sync_id);
  if (func == tide_engine_pause_run)
    sim_check_note_halt (self->world->check, sync_id);
  if (!func (self->world->engine, sync_id, "owner", &error))
    take_refusal (self, what, error);
}

static void
act_cancel (SimPeople *self)
{
  act_on_run (self, "cancel", tide_engine_cancel_run);
}

static void
act_pause (SimPeople *self)
{
  act_on_run (self, "pause", tide_engine_pause_run);
}

static void
act_resume (SimPeople *self)
{
  act_on_run (self, "resume", tide_engine_resume_run);
}

static void
act_retry (SimPeople *self)
{
  act_on_run (self, "retry", tide_engine_retry_run);
}

static void
act_move (SimPeople *self)
{
  g_autofree char *sync_id = pick_run (self);
  g_autofree char *before = pick_run (self);
  GError *error = NULL;

  if (sync_id == NULL)
    return;
  if (sim_world_chance (self->world, 25))
    g_clear_pointer (&before, g_free);
  sim_world_note (self->world, "move %s before %s", sync_id, before != NULL ? before : "none");
  if (!tide_engine_move_run (self->world->engine, sync_id, before, "owner", &error))
    take_refusal (self, "move", error);
}

typedef int (*ProviderFunc) (TideEngine  *engine,
                             const char  *provider,
                             const char  *venue,
                             const char  *by,
                             GError     **error);

static void
act_on_provider (SimPeople    *self,
                 const char   *what,
                 ProviderFunc  func,
                 const char   *venue)
{
  GError *error = NULL;
  int count;

  sim_world_note (self->world, "%s the provider at %s", what, venue != NULL ? venue : "every venue");
  if (func == tide_engine_stop_provider)
    sim_check_note_halt (self->world->check, NULL);
  count = func (self->world->engine, "sim", venue, "owner", &error);
  if (count < 0)
    take_refusal (self, what, error);
}

static const char *
pick_venue (SimPeople *self)
{
  guint i = sim_world_roll (self->world, SIM_N_VENUES + 1);

  return i < SIM_N_VENUES ? sim_venues[i] : NULL;
}

static void
act_stop_provider (SimPeople *self)
{
  act_on_provider (self, "stop", tide_engine_stop_provider, pick_venue (self));
}

static void
act_resume_provider (SimPeople *self)
{
  act_on_provider (self, "resume", tide_engine_resume_provider, pick_venue (self));
}

static void
act_retry_provider (SimPeople *self)
{
  act_on_provider (self, "retry", tide_engine_retry_provider, pick_venue (self));
}

static void
session_hear (SimPeople *self,
              Session   *session)
{
  session->wall = sim_world_now (self->world);
  session->passed = sim_clock_get_passed (self->world->clock);
}

static void
act_begin_session (SimPeople *self)
{
  const char *venue = sim_venues[sim_world_roll (self->world, SIM_N_VENUES)];
  GError *error = NULL;
  Session *session = g_new0 (Session, 1);

  sim_world_note (self->world, "a form is opened at %s", venue);
  session_hear (self, session);
  session->id = tide_engine_begin_smart_sync (self->world->engine, venue, NULL, "clerk", &error);
  if (session->id != NULL)
    g_ptr_array_add (self->sessions, session);
  else
    {
      session_free (session);
      take_refusal (self, "a form", error);
    }
}

static void
act_hear_session (SimPeople *self)
{
  Session *session;
  g_autofree char *id = NULL;
  GError *error = NULL;

  if (self->sessions->len == 0)
    return;
  session = g_ptr_array_index (self->sessions, sim_world_roll (self->world, self->sessions->len));
  sim_world_note (self->world, "a sign of life of the form %s", session->id);
  id = tide_engine_begin_smart_sync (self->world->engine, sim_venues[0], session->id, "clerk", &error);
  if (id != NULL)
    session_hear (self, session);
  else
    take_refusal (self, "a sign of life", error);
}

static void
end_session (SimPeople *self,
             guint      i)
{
  Session *session = g_ptr_array_index (self->sessions, i);
  GError *error = NULL;

  sim_world_note (self->world, "the form %s is closed", session->id);
  if (!tide_engine_end_smart_sync (self->world->engine, session->id, "clerk", &error))
    take_refusal (self, "closing a form", error);
  g_ptr_array_remove_index (self->sessions, i);
}

static void
act_end_session (SimPeople *self)
{
  if (self->sessions->len > 0)
    end_session (self, sim_world_roll (self->world, self->sessions->len));
}

/* Its owner has gone, and nobody will ever close it. */
static void
act_abandon_session (SimPeople *self)
{
  if (self->sessions->len > 0)
    sim_world_note (self->world, "the form %s is left to itself", ((Session *)g_ptr_array_index (self->sessions, 0))->id);
}

static void
act_set_concurrent (SimPeople *self)
{
  gint64 value = 1 + sim_world_roll (self->world, 8);
  GError *error = NULL;

  sim_world_note (self->world, "max-concurrent-runs: %" G_GINT64_FORMAT, value);
  if (!tide_engine_set_setting (self->world->engine, TIDE_SETTING_MAX_CONCURRENT_RUNS, value, "owner", &error))
    take_refusal (self, "a setting", error);
}

static void
set_paused (SimPeople *self,
            gboolean   paused)
{
  GError *error = NULL;

  sim_world_note (self->world, paused ? "everything is paused" : "everything goes on");
  if (!tide_engine_set_paused (self->world->engine, paused, "owner", &error))
    take_refusal (self, "pausing all", error);
}

static void
act_set_paused (SimPeople *self)
{
  set_paused (self, !tide_engine_get_paused (self->world->engine) && sim_world_chance (self->world, 40));
}

/**
 * sim_people_decide:
 * @all: approve all that is asked, instead of something by chance
 */
void
sim_people_decide (SimPeople *self,
                   gboolean   all)
{
  g_autoptr(GError) list_error = NULL;
  g_autoptr(GPtrArray) approvals = tide_engine_list_approvals (self->world->engine, TRUE, &list_error);

  g_assert_no_error (list_error);
  for (guint i = 0; i < approvals->len; i++)
    {
      const TideApproval *approval = g_ptr_array_index (approvals, i);
      gboolean approve = all || sim_world_chance (self->world, 60);
      gboolean always = !all && approve && sim_world_chance (self->world, 10);
      GError *error = NULL;

      sim_world_note (self->world, "approval %" G_GINT64_FORMAT " (%s): %s%s", approval->id, approval->reason,
                      approve ? "yes" : "no", always ? ", always" : "");
      if (!tide_engine_decide_approval (self->world->engine, approval->id, approve, always, "owner", &error))
        take_refusal (self, "an approval", error);
    }
}

static void
act_decide (SimPeople *self)
{
  sim_people_decide (self, FALSE);
}

static void
act_break_login (SimPeople *self)
{
  sim_business_break_login (self->business);
}

static void
mend_login (SimPeople *self,
            guint      i)
{
  g_autoptr(GHashTable) secrets = g_hash_table_new (g_str_hash, g_str_equal);
  SimAccount *account = self->world->accounts[i];
  GError *error = NULL;

  account->forbidden = FALSE;
  sim_world_note (self->world, "the login of %s is renewed", account->host);
  g_hash_table_insert (secrets, (gpointer)"token", account->token);
  if (!tide_engine_replace_secrets (self->world->engine, self->world->connections[i], secrets, NULL, &error))
    take_refusal (self, "new secrets", error);
}

static void
act_mend_login (SimPeople *self)
{
  mend_login (self, sim_world_roll (self->world, SIM_N_ACCOUNTS));
}

static void
act_retry_failures (SimPeople *self)
{
  TideFailureQuery query = { .limit = 100 };
  GError *error = NULL;
  g_autoptr(GPtrArray) runs = NULL;

  sim_world_note (self->world, "failures are tried again");
  runs = tide_engine_retry_failures (self->world->engine, &query, "owner", &error);
  if (runs == NULL)
    take_refusal (self, "retrying failures", error);
}

static void
act_dismiss_failures (SimPeople *self)
{
  TideFailureQuery query = { .limit = 100 };
  GError *error = NULL;

  sim_world_note (self->world, "failures are dismissed");
  if (tide_engine_dismiss_failures (self->world->engine, &query, "owner", &error) < 0)
    take_refusal (self, "dismissing failures", error);
}

static void
act_trade (SimPeople *self)
{
  sim_business_trade (self->business);
}

static void
act_clear_out (SimPeople *self)
{
  sim_business_clear_out (self->business);
}

static void
act_set_clock (SimPeople *self)
{
  sim_business_set_clock (self->business);
}

static void
act_sleep (SimPeople *self)
{
  sim_business_sleep (self->business);
}

static void
act_spoil_disk (SimPeople *self)
{
  sim_business_spoil_disk (self->business);
}

static void
act_restart (SimPeople *self)
{
  sim_world_restart (self->world);
}

static const struct
{
  Act      act;
  guint    weight;
  gboolean within;        /* also in the middle of a request */
} acts[] = {
  { act_wait_a_little, 160, TRUE },
  { act_wait, 120, FALSE },
  { act_wait_long, 8, FALSE },
  { act_ask, 140, TRUE },
  { act_ask_again, 30, TRUE },
  { act_cancel, 25, TRUE },
  { act_pause, 25, TRUE },
  { act_resume, 35, TRUE },
  { act_retry, 20, TRUE },
  { act_move, 25, TRUE },
  { act_stop_provider, 8, TRUE },
  { act_resume_provider, 16, TRUE },
  { act_retry_provider, 8, TRUE },
  { act_begin_session, 30, TRUE },
  { act_hear_session, 15, TRUE },
  { act_end_session, 35, TRUE },
  { act_abandon_session, 3, TRUE },
  { act_set_concurrent, 15, TRUE },
  { act_set_paused, 12, TRUE },
  { act_decide, 50, TRUE },
  { act_break_login, 6, TRUE },
  { act_mend_login, 18, TRUE },
  { act_retry_failures, 6, TRUE },
  { act_dismiss_failures, 4, TRUE },
  { act_trade, 160, TRUE },
  { act_clear_out, 12, TRUE },
  { act_set_clock, 8, TRUE },
  { act_sleep, 5, TRUE },
  { act_spoil_disk, 12, TRUE },
  { act_restart, 8, FALSE },
};

static guint
weigh (gsize    i,
       gboolean within)
{
  return within && !acts[i].within ? 0 : acts[i].weight;
}

/**
 * sim_people_act:
 * @within: whether a request is under way, in whose middle it happens
 *
 * Something happens, by chance, and what it sets off in the engine.
 */
void
sim_people_act (SimPeople *self,
                gboolean   within)
{
  guint sum = 0;
  guint at;

  for (gsize i = 0; i < G_N_ELEMENTS (acts); i++)
    sum += weigh (i, within);
  at = sim_world_roll (self->world, sum);
  for (gsize i = 0; i < G_N_ELEMENTS (acts); i++)
    {
      if (at < weigh (i, within))
        {
          acts[i].act (self);
          break;
        }
      at -= weigh (i, within);
    }
  if (self->world->dying == SIM_FAULT_NONE)
    sim_clock_settle (self->world->clock);
}

/** sim_people_forget: the program has ended: who filled in a form has to begin again. */
void
sim_people_forget (SimPeople *self)
{
  g_ptr_array_set_size (self->sessions, 0);
}

/** sim_people_mend: everything that only people can mend is mended. */
void
sim_people_mend (SimPeople *self)
{
  while (self->sessions->len > 0)
    end_session (self, 0);
  set_paused (self, FALSE);
  for (guint i = 0; i < SIM_N_ACCOUNTS; i++)
    mend_login (self, i);
  act_on_provider (self, "resume", tide_engine_resume_provider, NULL);
}

/** sim_people_ask_all: as sim_requests_ask_all(). */
void
sim_people_ask_all (SimPeople  *self,
                    const char *stream)
{
  sim_requests_ask_all (self->requests, stream);
}

/**
 * sim_people_sessions:
 * @n_sure: (out): how many forms surely hold the others up
 * @n_possible: (out): how many may: by one of the clocks they have not been heard of for long enough
 */
void
sim_people_sessions (SimPeople *self,
                     guint     *n_sure,
                     guint     *n_possible)
{
  *n_sure = *n_possible = 0;
  for (guint i = 0; i < self->sessions->len; i++)
    {
      const Session *session = g_ptr_array_index (self->sessions, i);
      gint64 by_wall = sim_world_now (self->world) - session->wall;
      gint64 by_passed = sim_clock_get_passed (self->world->clock) - session->passed;

      *n_sure += MAX (by_wall, by_passed) < SESSION_TIMEOUT;
      *n_possible += MIN (by_wall, by_passed) <= SESSION_TIMEOUT;
    }
}

/** sim_people_new: @world outlives them. */
SimPeople *
sim_people_new (SimWorld *world)
{
  SimPeople *self = g_new0 (SimPeople, 1);

  self->world = world;
  self->sessions = g_ptr_array_new_with_free_func (session_free);
  self->requests = sim_requests_new (world);
  self->business = sim_business_new (world);
  return self;
}

void
sim_people_free (SimPeople *self)
{
  sim_business_free (self->business);
  sim_requests_free (self->requests);
  g_ptr_array_unref (self->sessions);
  g_free (self);
}
