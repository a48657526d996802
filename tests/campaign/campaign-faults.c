/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "campaign-faults"

#include <stdlib.h>

#include "engine-fixture.h"

/*
 * Every fault kind mixed, from a seed a case: whatever goes wrong meanwhile, a run ends completed or with a
 * clear failure, no count is ever wrong, and once the provider behaves again the store holds exactly what
 * it has. TIDEMARK_CAMPAIGN_SEEDS says how many seeds (200), TIDEMARK_CAMPAIGN_FIRST the first (1).
 */

#define SYNCS_UNDER_FAULTS 3

/* With so many each kind must have come up. */
#define ENOUGH_SEEDS 20

/* Those that take no time. Answers in drops do, so those are few and fast; huge and hanging ones have tests of
 * their own. */
#define KINDS "rate_limit,rate_limit_bare,server_error,unavailable,reset_before,reset_middle,truncated,wrong_type," \
              "duplicate_page,shifting_page,empty_page,cursor_loop,expired_token,bad_record,bad_utf8"

static GHashTable *faults;   /* kind → how often */
static gsize n_failed_runs;
static gsize n_halted_runs;
static guint n_seeds;

/* What every run owes, however it ended. */
static void
assert_honest_runs (EngineFixture *fixture)
{
  for (guint i = 0; i < fixture->ended->len; i++)
    {
      const TideRun *run = g_ptr_array_index (fixture->ended, i);
      g_autoptr(GError) error = NULL;

      tide_counts_check (&run->counts, &error);
      g_assert_no_error (error);
      if (run->status == TIDE_RUN_COMPLETED)
        continue;
      /* Pages that shift may make so many records look gone that it has to be asked about. */
      if (run->status == TIDE_RUN_AWAITING_APPROVAL)
        {
          n_halted_runs++;
          continue;
        }
      g_assert_cmpint (run->status, ==, TIDE_RUN_FAILED);
      g_assert_nonnull (run->error_code);
      g_assert_cmpuint (strlen (run->error_message), >, 10);
      g_assert_null (strstr (run->error_message, "sandbox-token"));
      n_failed_runs++;
    }
}

/* Rows are made by runs and by nothing else: what the runs say they created is what there is. */
static void
assert_counts_match_rows (EngineFixture *fixture)
{
  for (gsize i = 0; engine_fixture_streams[i] != NULL; i++)
    {
      const char *stream = engine_fixture_streams[i];
      g_autofree char *rows = g_strdup_printf ("SELECT count(*) FROM square_%s", stream);
      g_autofree char *records = g_strdup_printf ("SELECT count(DISTINCT _id) FROM square_%s", stream);
      g_autofree char *created = g_strdup_printf ("SELECT coalesce(sum(created), 0) FROM sync_runs"
                                                  " WHERE stream = '%s'", stream);

      g_assert_cmpint (engine_fixture_query_int (fixture, rows), ==, engine_fixture_query_int (fixture, created));
      g_assert_cmpint (engine_fixture_query_int (fixture, rows), ==, engine_fixture_query_int (fixture, records));
    }
}

static void
assert_all_completed (EngineFixture *fixture)
{
  for (guint i = 0; i < fixture->ended->len; i++)
    {
      const TideRun *run = g_ptr_array_index (fixture->ended, i);

      if (run->status != TIDE_RUN_COMPLETED)
        g_error ("%s: %s: %s", run->stream, tide_run_status_to_name (run->status), run->error_message);
      g_assert_cmpint (run->counts.failed, ==, 0);
    }
}

/* Adds what went wrong to what did before, by kind. */
static void
count_faults (EngineFixture *fixture)
{
  g_autoptr(JsonNode) stats = sandbox_peer_call (fixture->peer, "GET", "/_sandbox/stats", NULL, 200);
  JsonObject *fired = json_object_get_object_member (json_node_get_object (stats), "faults_fired");
  g_autoptr(GList) kinds = json_object_get_members (fired);

  for (GList *l = kinds; l != NULL; l = l->next)
    {
      gint64 *sum = g_hash_table_lookup (faults, l->data);

      if (sum == NULL)
        {
          sum = g_new0 (gint64, 1);
          g_hash_table_insert (faults, g_strdup (l->data), sum);
        }
      *sum += json_object_get_int_member (fired, l->data);
    }
}

static gboolean
no_question_is_open (EngineFixture *fixture)
{
  g_autoptr(GPtrArray) approvals = NULL;

  approvals = tide_engine_list_approvals (fixture->engine, TRUE, NULL);
  return approvals != NULL && approvals->len == 0;
}

static void
test_seed (gconstpointer data)
{
  guint seed = GPOINTER_TO_UINT (data);
  g_autofree char *arguments = g_strdup_printf ("--seed %u --fault-seed %u --fault-rate 0.15 --fault-kinds " KINDS
                                                " --faults slow_drip#%u*2,pieces=8,delay_ms=2",
                                                1 + seed % 5, seed, 1 + seed % 40);
  g_autoptr(EngineFixture) fixture = engine_fixture_new (arguments, TIDE_ENGINE_NONE);

  for (guint i = 0; i < SYNCS_UNDER_FAULTS; i++)
    {
      engine_fixture_order (fixture, "edit", "{\"entity\": \"orders\", \"count\": 5}");
      engine_fixture_sync (fixture, NULL, i % 2 == 0 ? TIDE_RUN_MODE_INCREMENTAL : TIDE_RUN_MODE_FULL);
      assert_honest_runs (fixture);
      assert_counts_match_rows (fixture);
    }
  count_faults (fixture);

  engine_fixture_order (fixture, "faults", NULL);
  engine_fixture_order (fixture, "delete", "{\"entity\": \"customers\", \"count\": 2}");
  engine_fixture_sync (fixture, NULL, TIDE_RUN_MODE_FULL);
  assert_all_completed (fixture);
  /* Whoever asked before is answered by that. */
  g_assert_true (no_question_is_open (fixture));
  assert_counts_match_rows (fixture);
  engine_fixture_assert_all (fixture);
  g_assert_cmpint (engine_fixture_query_int (fixture, "SELECT count(*) FROM sync_failures"), ==, 0);
}

/* A kind that never happened was not survived either. */
static void
test_all_kinds (void)
{
  g_auto(GStrv) kinds = g_strsplit (KINDS ",slow_drip", ",", -1);

  for (guint i = 0; kinds[i] != NULL; i++)
    {
      const gint64 *sum = g_hash_table_lookup (faults, kinds[i]);

      g_test_message ("%s: %" G_GINT64_FORMAT, kinds[i], sum != NULL ? *sum : 0);
      if (n_seeds >= ENOUGH_SEEDS)
        g_assert_true (sum != NULL && *sum > 0);
    }
  g_test_message ("%" G_GSIZE_FORMAT " runs failed of them, %" G_GSIZE_FORMAT " asked", n_failed_runs, n_halted_runs);
  g_assert_cmpuint (g_hash_table_size (faults), >, 0);
}

static guint
get_number (const char *name,
            guint       fallback)
{
  const char *text = g_getenv (name);

  return text != NULL ? (guint)strtoul (text, NULL, 10) : fallback;
}

int
main (int   argc,
      char *argv[])
{
  guint first = get_number ("TIDEMARK_CAMPAIGN_FIRST", 1);

  n_seeds = get_number ("TIDEMARK_CAMPAIGN_SEEDS", 200);
  faults = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_test_init (&argc, &argv, NULL);
  for (guint seed = first; seed < first + n_seeds; seed++)
    {
      g_autofree char *path = g_strdup_printf ("/faults/seed/%u", seed);

      g_test_add_data_func (path, GUINT_TO_POINTER (seed), test_seed);
    }
  g_test_add_func ("/faults/seed/all", test_all_kinds);
  return g_test_run ();
}
