/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "sim"

#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "sim-business.h"
#include "sim-check.h"
#include "sim-disk.h"
#include "sim-faults.h"
#include "sim-people.h"
#include "sim-query.h"
#include "sim-world.h"
#include "tide-time.h"

/* The real engine, scheduler and store on a simulated clock, network, disk and provider; all by chance from one seed. */

#define FEWEST_STEPS 15
#define MOST_STEPS 55

/* So many rounds it may take until all is quiet after the troubles: far more than any wait of the engine's. */
#define MAX_ROUNDS 300

/* From so many seeds on, each kind of fault has to have come up. */
#define ENOUGH_SEEDS 100

static gboolean verbose;

/* Runs' public ids are drawn from here: it stands before the C library's, so that a seed gives the same ones again. */
ssize_t
getrandom (void         *buffer,
           size_t        length,
           unsigned int  flags)
{
  guint8 *bytes = buffer;

  for (size_t i = 0; i < length; i++)
    bytes[i] = (guint8)g_random_int ();
  return (ssize_t)length;
}

/* The troubles are over. Time passes until nothing is left to do. */
static void
quieten (SimWorld *world)
{
  for (guint i = 0; i < MAX_ROUNDS; i++)
    {
      sim_clock_settle (world->clock);
      sim_check_step (world->check);
      if (sim_check_is_quiet (world->check))
        return;
      sim_people_decide (world->people, TRUE);
      sim_clock_pass (world->clock, TIDE_MINUTE, NULL);
    }
  sim_world_fail (world, "it does not come to rest");
}

static void
end_troubles (SimWorld *world)
{
  sim_world_note (world, "the troubles are over");
  world->calm = TRUE;
  sim_disk_disarm ();
  if (world->trouble)
    sim_world_restart (world);
  sim_people_mend (world->people);
  quieten (world);
  /* Orders, customers and timesheets have their slots once more. */
  sim_clock_pass (world->clock, 35 * TIDE_MINUTE, NULL);
  quieten (world);
  /* A new location is known before its orders can be asked for. */
  sim_people_ask_all (world->people, "locations");
  quieten (world);
  sim_people_ask_all (world->people, NULL);
  quieten (world);
  /* That may have ended a listing that was begun amid the troubles; this one is all of it. */
  sim_people_ask_all (world->people, NULL);
  quieten (world);
  sim_check_end (world->check);
}

static void
run_steps (SimWorld *world)
{
  guint n_steps = FEWEST_STEPS + sim_world_roll (world, MOST_STEPS - FEWEST_STEPS);

  for (guint i = 0; i < n_steps; i++)
    {
      sim_people_act (world->people, FALSE);
      do
        {
          sim_world_revive (world);
          sim_clock_settle (world->clock);
        }
      while (world->dying != SIM_FAULT_NONE);
      sim_check_step (world->check);
    }
}

/* Returns what the trace comes to. */
static guint64
run_seed (guint seed)
{
  static const int fault_percents[] = { 0, 3, 8, 20 };
  SimWorld *world = sim_world_new (seed, verbose);
  guint64 hash;

  sim_world_watch (world);
  world->calm = FALSE;
  world->fault_percent = fault_percents[seed % G_N_ELEMENTS (fault_percents)];
  run_steps (world);
  end_troubles (world);
  hash = world->hash;
  sim_world_free (world);
  return hash;
}

static gint64
get_cpu_time (void)
{
  struct timespec time;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &time);
  return time.tv_sec * TIDE_SECOND + time.tv_nsec / 1000;
}

/* Orders, customers and products of one account on their schedules, every 10, 30 and 90 minutes; a few records come and
 * change each hour. */
static void
run_month (void)
{
  SimWorld *world = sim_world_new (1, verbose);
  SimBusiness *business = sim_business_new (world);
  SimQuery *query;
  gint64 since;

  sim_clock_settle (world->clock);
  sim_check_unwatch (world->check);
  query = sim_query_open (world->folder);
  sim_query_execute (query, "UPDATE sync_schedules SET enabled = stream IN ('orders', 'customers', 'products')"
                            " AND connection_id = 1");
  sim_world_restart (world);
  since = get_cpu_time ();
  for (guint hour = 0; hour < 30 * 24; hour++)
    {
      sim_business_trade (business);
      sim_clock_pass (world->clock, TIDE_HOUR, NULL);
    }
  g_print ("a month: %" G_GINT64_FORMAT " runs, %u requests, %.2f s of CPU\n",
           sim_query_int (query, "SELECT count(*) FROM sync_runs WHERE status = 'completed'"),
           sim_transport_get_requests (world->transport), (double)(get_cpu_time () - since) / TIDE_SECOND);
  sim_query_free (query);
  sim_business_free (business);
  sim_world_free (world);
}

static void
test_seed (gconstpointer data)
{
  run_seed (GPOINTER_TO_UINT (data));
}

static void
test_replay (void)
{
  for (guint seed = 1; seed <= 4; seed++)
    g_assert_cmphex (run_seed (seed), ==, run_seed (seed));
}

/* What never happened was not survived either. */
static void
test_faults (gconstpointer data)
{
  for (SimFault i = SIM_FAULT_NONE + 1; i < SIM_N_FAULTS; i++)
    {
      g_test_message ("%s: %u", sim_fault_to_name (i), sim_fault_counted (i));
      if (GPOINTER_TO_UINT (data) >= ENOUGH_SEEDS)
        g_assert_cmpuint (sim_fault_counted (i), >, 0);
    }
}

static void
told_cb (int number)
{
  SimWorld *world = sim_world_get_current ();

  signal (number, SIG_DFL);
  if (world != NULL)
    sim_world_print_trace (world);
  raise (number);
}

/* A disk that fails is told of as a warning; anything else to warn of is a mistake. */
static GLogWriterOutput
log_cb (GLogLevelFlags   level,
        const GLogField *fields,
        gsize            n_fields,
        gpointer         user_data)
{
  SimWorld *world = sim_world_get_current ();
  g_autofree char *text = g_log_writer_format_fields (level, fields, n_fields, FALSE);

  if ((level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING)) == 0)
    return G_LOG_WRITER_HANDLED;
  if (world != NULL && (world->trouble || world->dying != SIM_FAULT_NONE) && (level & G_LOG_LEVEL_WARNING) != 0)
    return G_LOG_WRITER_HANDLED;
  g_printerr ("%s\n", text);
  if ((level & G_LOG_LEVEL_ERROR) == 0)
    abort ();
  return G_LOG_WRITER_HANDLED;
}

static guint
get_number (const char *name,
            guint       fallback)
{
  const char *text = g_getenv (name);

  return text != NULL ? (guint)atoi (text) : fallback;
}

static int
run_tests (void)
{
  guint first = get_number ("TIDEMARK_CAMPAIGN_FIRST", 1);
  guint n_seeds = get_number ("TIDEMARK_CAMPAIGN_SEEDS", 200);

  g_test_add_func ("/simulator/replay", test_replay);
  for (guint seed = first; seed < first + n_seeds; seed++)
    {
      g_autofree char *path = g_strdup_printf ("/simulator/seed/%u", seed);

      g_test_add_data_func (path, GUINT_TO_POINTER (seed), test_seed);
    }
  /* A folder of its own, so that it comes after the seeds. */
  g_test_add_data_func ("/simulator/survived/faults", GUINT_TO_POINTER (n_seeds), test_faults);
  return g_test_run ();
}

int
main (int    argc,
      char **argv)
{
  int seed = -1;
  gboolean month = FALSE;
  const GOptionEntry options[] = {
    { "seed", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_INT, &seed, "Run this seed alone", "N" },
    { "month", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, &month, "Measure a month without troubles", NULL },
    { "verbose", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, &verbose, "Print the trace as it grows", NULL },
    { NULL }
  };
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);
  int result = 0;

  g_option_context_add_main_entries (context, options, NULL);
  g_option_context_set_ignore_unknown_options (context, TRUE);
  g_option_context_parse (context, &argc, &argv, NULL);
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK);
  g_log_set_writer_func (log_cb, NULL, NULL);
  signal (SIGABRT, told_cb);
  signal (SIGTRAP, told_cb);
  signal (SIGSEGV, told_cb);
  /* SQLite takes and gives back its pages all the time; back to the system each time would cost half as much again. */
  mallopt (M_TRIM_THRESHOLD, 64 * 1024 * 1024);
  sim_world_init_process ();
  if (month)
    run_month ();
  else if (seed >= 0)
    g_print ("seed %d: %016" G_GINT64_MODIFIER "x\n", seed, run_seed ((guint)seed));
  else
    result = run_tests ();
  sim_world_end_process ();
  return result;
}
