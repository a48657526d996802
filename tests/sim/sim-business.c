/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "sim"

#include "sim-business.h"

#include "sim-disk.h"
#include "tide-time.h"

/* How wrong the computer's clock may be. */
#define MOST_SKEW (30 * TIDE_MINUTE)

#define MOST_LOCATIONS 4
#define MOST_RECORDS 60

struct _SimBusiness
{
  SimWorld *world;
  guint     n_tokens;
  gint64    skew;
  SimFault  spoiling;     /* what the disk is about to do */
};

SimBusiness *
sim_business_new (SimWorld *world)
{
  SimBusiness *self = g_new0 (SimBusiness, 1);

  self->world = world;
  return self;
}

void
sim_business_free (SimBusiness *self)
{
  g_free (self);
}

static SimAccount *
pick_account (SimBusiness *self)
{
  return self->world->accounts[sim_world_roll (self->world, SIM_N_ACCOUNTS)];
}

static gint64
pick_lateness (SimBusiness *self)
{
  return sim_world_chance (self->world, 25) ? sim_world_roll (self->world, SIM_LATEST / TIDE_SECOND) * TIDE_SECOND : 0;
}

static void
add (SimBusiness *self,
     SimAccount  *account,
     SimStream    stream)
{
  guint most = stream == SIM_LOCATIONS ? MOST_LOCATIONS : MOST_RECORDS;
  guint place = stream == SIM_ORDERS ? 1 + sim_world_roll (self->world, account->books[SIM_LOCATIONS]->len) : 0;

  if (sim_account_count (account, stream) < most)
    sim_account_add (account, stream, sim_clock_get_truth (self->world->clock), pick_lateness (self), place);
}

static void
edit (SimBusiness *self,
      SimAccount  *account,
      SimStream    stream)
{
  SimRecord *record = sim_account_pick (account, stream, self->world->rand);

  if (record != NULL)
    sim_record_edit (record, sim_clock_get_truth (self->world->clock), pick_lateness (self));
}

/* A location that goes would take the way to its orders along. */
static void
delete (SimBusiness *self,
        SimAccount  *account,
        SimStream    stream)
{
  SimRecord *record = sim_account_pick (account, stream, self->world->rand);

  if (record != NULL && stream != SIM_LOCATIONS)
    sim_account_delete (account, record, sim_clock_get_truth (self->world->clock));
}

/** sim_business_trade: a few records come, change and go. */
void
sim_business_trade (SimBusiness *self)
{
  SimAccount *account = pick_account (self);
  guint n_times = 1 + sim_world_roll (self->world, 8);

  for (guint i = 0; i < n_times; i++)
    {
      SimStream stream = sim_world_roll (self->world, SIM_N_STREAMS);
      guint what = sim_world_roll (self->world, 10);

      if (what < 4)
        add (self, account, stream);
      else if (what < 9)
        edit (self, account, stream);
      else
        delete (self, account, stream);
    }
  sim_world_note (self->world, "%u records of %s come, change or go", n_times, account->host);
}

/** sim_business_clear_out: many records of a stream change, or go, at once. */
void
sim_business_clear_out (SimBusiness *self)
{
  SimAccount *account = pick_account (self);
  SimStream stream = sim_world_roll (self->world, SIM_N_STREAMS);
  gboolean gone = sim_world_chance (self->world, 50);
  GPtrArray *book = account->books[stream];

  for (guint i = 0; i < book->len; i++)
    {
      SimRecord *record = g_ptr_array_index (book, i);

      if (!sim_record_is_live (record) || sim_world_chance (self->world, gone ? 70 : 20))
        continue;
      if (gone && stream != SIM_LOCATIONS)
        sim_account_delete (account, record, sim_clock_get_truth (self->world->clock));
      else
        sim_record_edit (record, sim_clock_get_truth (self->world->clock), 0);
    }
  sim_world_note (self->world, "many %s of %s %s", sim_stream_to_name (stream), account->host, gone ? "go" : "change");
}

/** sim_business_break_login: a token is withdrawn, or it may do nothing any more. */
void
sim_business_break_login (SimBusiness *self)
{
  SimAccount *account = pick_account (self);

  if (sim_world_chance (self->world, 50))
    account->forbidden = TRUE;
  else
    {
      g_free (account->token);
      account->token = g_strdup_printf ("token-%u", ++self->n_tokens);
    }
  sim_world_note (self->world, "%s lets nobody in any more", account->host);
}

/** sim_business_set_clock: somebody sets the computer's clock, forward or back. */
void
sim_business_set_clock (SimBusiness *self)
{
  gint64 skew = ((gint64)sim_world_roll (self->world, 2 * MOST_SKEW / TIDE_SECOND) - MOST_SKEW / TIDE_SECOND) * TIDE_SECOND;
  gint64 jump = skew - self->skew;

  self->skew = skew;
  sim_world_note (self->world, "the clock is set by %" G_GINT64_FORMAT " s", jump / TIDE_SECOND);
  sim_fault_count (jump < 0 ? SIM_FAULT_CLOCK_BACK : SIM_FAULT_CLOCK_FORWARD);
  sim_clock_jump (self->world->clock, jump);
  self->world->clock_set = sim_clock_get_truth (self->world->clock);
}

/** sim_business_sleep: the computer is asleep for hours or days. */
void
sim_business_sleep (SimBusiness *self)
{
  gint64 hours = 1 + sim_world_roll (self->world, 70);

  sim_world_note (self->world, "the computer sleeps for %" G_GINT64_FORMAT " hours", hours);
  sim_fault_count (SIM_FAULT_LONG_SLEEP);
  sim_clock_suspend (self->world->clock, hours * TIDE_HOUR);
}

static void
disk_cb (gpointer user_data)
{
  SimBusiness *self = user_data;

  if (self->world->dying != SIM_FAULT_NONE)
    return;
  if (self->spoiling == SIM_FAULT_CRASH_WRITE || self->spoiling == SIM_FAULT_CRASH_COMMIT)
    {
      sim_world_crash (self->world, self->spoiling);
      return;
    }
  sim_world_note (self->world, "the disk: %s", sim_fault_to_name (self->spoiling));
  sim_fault_count (self->spoiling);
  self->world->trouble = TRUE;
  self->world->n_troubles++;
}

/** sim_business_spoil_disk: one of the next writes fails, or is the last that the program does. */
void
sim_business_spoil_disk (SimBusiness *self)
{
  static const struct
  {
    SimFault    fault;
    SimDiskMood mood;
  } kinds[] = {
    { SIM_FAULT_DISK_FULL, SIM_DISK_FULL },
    { SIM_FAULT_WRITE_ERROR, SIM_DISK_BROKEN },
    { SIM_FAULT_CRASH_WRITE, SIM_DISK_CRASH },
    { SIM_FAULT_CRASH_COMMIT, SIM_DISK_COMMIT },
  };
  guint i = sim_world_roll (self->world, G_N_ELEMENTS (kinds));

  self->spoiling = kinds[i].fault;
  sim_disk_arm (kinds[i].mood, sim_world_roll (self->world, 80), 1 + sim_world_roll (self->world, 10), disk_cb, self);
}
