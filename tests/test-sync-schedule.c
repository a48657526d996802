/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-sync-schedule"

#include "tide-schedule.h"
#include "tide-scheduler.h"
#include "tide-sim-clock.h"
#include "tide-time.h"

/* When a schedule's slots are, and that the scheduler tells of each of them once. */

static gint64
at (const char *text)
{
  gint64 instant = tide_time_parse (text, -1);

  g_assert_cmpint (instant, !=, TIDE_TIME_INVALID);
  return instant;
}

static void
assert_slots (const TideSchedule *schedule,
              const char         *zone_name,
              const char         *after,
              const char * const *slots)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier (zone_name);
  gint64 now = at (after);

  g_assert_nonnull (zone);
  for (gsize i = 0; slots[i] != NULL; i++)
    {
      g_autofree char *text = NULL;

      now = tide_schedule_next (schedule, zone, now);
      text = tide_time_to_string (now);
      g_assert_cmpstr (text, ==, slots[i]);
    }
}

static void
test_anchor (void)
{
  const TideSchedule schedule = { .interval = 50, .offset = 30 };
  const char * const slots[] = {
    /* Rome is an hour ahead: 23:00 is 22:00Z, 23:50 the day's last slot, and the next day begins anew at 00:30. */
    "2026-01-15T22:00:00.000Z", "2026-01-15T22:50:00.000Z", "2026-01-15T23:30:00.000Z", "2026-01-16T00:20:00.000Z",
    NULL
  };

  assert_slots (&schedule, "Europe/Rome", "2026-01-15T21:10:00.000Z", slots);
}

/* A slot is over when it is there: from just before it comes, from it on the next one. */
static void
test_edges (void)
{
  const TideSchedule schedule = { .interval = 10, .offset = 0 };
  const char * const slot[] = { "2026-01-15T10:10:00.000Z", NULL };

  assert_slots (&schedule, "UTC", "2026-01-15T10:00:00.000Z", slot);
  assert_slots (&schedule, "UTC", "2026-01-15T10:00:00.001Z", slot);
  assert_slots (&schedule, "UTC", "2026-01-15T10:09:59.999Z", slot);
}

/* Clocks go from 2 to 3: the slot at 2:30 comes as the hour ends; slots of half an hour skip nothing else. */
static void
test_forward (void)
{
  const TideSchedule wide = { .interval = 120, .offset = 30 };
  const TideSchedule close = { .interval = 30, .offset = 0 };
  const char * const wide_slots[] = {
    "2026-03-28T23:30:00.000Z", "2026-03-29T01:00:00.000Z", "2026-03-29T02:30:00.000Z", NULL
  };
  const char * const close_slots[] = {
    "2026-03-29T00:30:00.000Z", "2026-03-29T01:00:00.000Z", "2026-03-29T01:30:00.000Z", NULL
  };

  assert_slots (&wide, "Europe/Rome", "2026-03-28T23:00:00.000Z", wide_slots);
  assert_slots (&close, "Europe/Rome", "2026-03-29T00:00:00.000Z", close_slots);
}

/* Clocks go from 3 back to 2: a slot at 2:30 comes once, slots of ten minutes go on through both hours. */
static void
test_back (void)
{
  const TideSchedule wide = { .interval = 120, .offset = 30 };
  const TideSchedule close = { .interval = 30, .offset = 0 };
  const char * const wide_slots[] = {
    "2026-10-25T00:30:00.000Z", "2026-10-25T03:30:00.000Z", NULL
  };
  const char * const close_slots[] = {
    "2026-10-25T00:30:00.000Z", "2026-10-25T01:00:00.000Z", "2026-10-25T01:30:00.000Z", "2026-10-25T02:00:00.000Z",
    NULL
  };

  assert_slots (&wide, "Europe/Rome", "2026-10-25T00:00:00.000Z", wide_slots);
  assert_slots (&close, "Europe/Rome", "2026-10-25T00:00:00.000Z", close_slots);
}

/* Over a year in many zones: always later, never more than an interval and an hour away. */
static void
test_year (void)
{
  const char * const zones[] = { "UTC", "America/Chicago", "Asia/Kathmandu", "Australia/Lord_Howe", "Africa/Cairo",
                                 "America/Sao_Paulo", "Pacific/Apia" };
  const TideSchedule schedules[] = { { 5, 0 }, { 45, 20 }, { 90, 30 }, { 180, 40 } };

  for (gsize z = 0; z < G_N_ELEMENTS (zones); z++)
    for (gsize s = 0; s < G_N_ELEMENTS (schedules); s++)
      {
        g_autoptr(GTimeZone) zone = g_time_zone_new_identifier (zones[z]);
        gint64 now = at ("2026-01-01T00:00:00Z");
        gint64 end = at ("2027-01-01T00:00:00Z");

        while (now < end)
          {
            gint64 next = tide_schedule_next (&schedules[s], zone, now);

            g_assert_cmpint (next, >, now);
            g_assert_cmpint (next - now, <=, schedules[s].interval * TIDE_MINUTE + TIDE_HOUR);
            now = next;
          }
      }
}

typedef struct
{
  TideSimClock  *clock;
  TideScheduler *scheduler;
  GTimeZone     *zone;
  GString       *told;
} Fixture;

static void
due_cb (gint64      connection_id,
        const char *stream,
        gpointer    user_data)
{
  Fixture *fixture = user_data;

  g_string_append_printf (fixture->told, "%" G_GINT64_FORMAT "/%s ", connection_id, stream);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->clock = tide_sim_clock_new (at ("2026-01-15T10:00:00Z"));
  fixture->zone = g_time_zone_new_utc ();
  fixture->told = g_string_new (NULL);
  fixture->scheduler = tide_scheduler_new (TIDE_CLOCK (fixture->clock), due_cb, fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_assert_finalize_object (fixture->scheduler);
  g_assert_finalize_object (fixture->clock);
  g_time_zone_unref (fixture->zone);
  g_string_free (fixture->told, TRUE);
}

static void
assert_told (Fixture    *fixture,
             const char *told)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpstr (fixture->told->str, ==, told);
  g_string_truncate (fixture->told, 0);
}

static void
test_due (Fixture       *fixture,
          gconstpointer  data)
{
  const TideSchedule schedule = { .interval = 30, .offset = 0 };

  tide_scheduler_set (fixture->scheduler, 1, "orders", &schedule, fixture->zone, 0);
  tide_sim_clock_advance (fixture->clock, TIDE_HOUR);
  assert_told (fixture, "");

  tide_scheduler_start (fixture->scheduler);
  assert_told (fixture, "1/orders ");
  tide_sim_clock_advance (fixture->clock, 29 * TIDE_MINUTE);
  assert_told (fixture, "");
  tide_sim_clock_advance (fixture->clock, TIDE_MINUTE);
  assert_told (fixture, "1/orders ");
}

/* The computer sleeps over many slots: one run makes up for them, and the plan goes on from there. */
static void
test_asleep (Fixture       *fixture,
             gconstpointer  data)
{
  const TideSchedule schedule = { .interval = 10, .offset = 0 };

  tide_scheduler_set (fixture->scheduler, 1, "orders", &schedule, fixture->zone, 0);
  tide_scheduler_start (fixture->scheduler);
  tide_sim_clock_set (fixture->clock, at ("2026-01-15T17:04:00Z"));
  assert_told (fixture, "1/orders ");
  g_assert_cmpint (tide_scheduler_get_next (fixture->scheduler, 1, "orders"), ==, at ("2026-01-15T17:10:00Z"));
  assert_told (fixture, "");
}

/* A slot that passed while the program was not running counts from the last run. */
static void
test_missed (Fixture       *fixture,
             gconstpointer  data)
{
  const TideSchedule schedule = { .interval = 60, .offset = 0 };

  tide_scheduler_set (fixture->scheduler, 1, "orders", &schedule, fixture->zone, at ("2026-01-15T07:00:00Z"));
  tide_scheduler_set (fixture->scheduler, 1, "payments", &schedule, fixture->zone, at ("2026-01-15T10:00:00Z"));
  tide_scheduler_start (fixture->scheduler);
  assert_told (fixture, "1/orders ");
}

static void
test_stopped (Fixture       *fixture,
              gconstpointer  data)
{
  const TideSchedule schedule = { .interval = 10, .offset = 0 };

  tide_scheduler_set (fixture->scheduler, 1, "orders", &schedule, fixture->zone, 0);
  tide_scheduler_start (fixture->scheduler);
  tide_scheduler_stop (fixture->scheduler);
  tide_sim_clock_advance (fixture->clock, TIDE_HOUR);
  assert_told (fixture, "");

  tide_scheduler_clear (fixture->scheduler);
  tide_scheduler_start (fixture->scheduler);
  assert_told (fixture, "");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/schedule/anchor", test_anchor);
  g_test_add_func ("/schedule/edges", test_edges);
  g_test_add_func ("/schedule/forward", test_forward);
  g_test_add_func ("/schedule/back", test_back);
  g_test_add_func ("/schedule/year", test_year);
#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/scheduler/due", test_due);
  ADD ("/scheduler/asleep", test_asleep);
  ADD ("/scheduler/missed", test_missed);
  ADD ("/scheduler/stopped", test_stopped);

  return g_test_run ();
}
