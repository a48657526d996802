/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-app-words"

#include <locale.h>

#include "tide-attention-item.h"
#include "tide-attention-words.h"
#include "tide-lane.h"
#include "tide-engine.h"
#include "tide-need.h"
#include "tide-sentence.h"
#include "tide-summary.h"
#include "tide-time.h"
#include "tide-trouble.h"

/* What the window says: never rosier than the worst stream, and the same count everywhere. */

#define NOW (1793000000 * TIDE_SECOND)

static TideConnection *
connection_new (gint64      id,
                gint64      venue_id,
                const char *name)
{
  const TideConnection connection = { .id = id, .venue_id = venue_id, .provider = (char *)"square",
                                      .name = (char *)name, .environment = (char *)"production" };

  return tide_connection_copy (&connection);
}

static TideStreamStatus *
add (GPtrArray  *statuses,
     gint64      connection_id,
     const char *stream,
     TideHealth  health)
{
  TideStreamStatus *status = g_atomic_rc_box_new0 (TideStreamStatus);
  g_autofree char *name = g_strdup_printf ("Till %d", (int)connection_id);

  status->connection = connection_new (connection_id, connection_id, name);
  status->stream = g_strdup (stream);
  status->label = g_strdup (stream);
  status->entity = g_strdup (stream);
  status->health = health;
  status->last_success = health == TIDE_HEALTH_NEVER ? 0 : NOW - TIDE_MINUTE;
  g_ptr_array_add (statuses, status);
  return status;
}

static GPtrArray *
statuses_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)tide_stream_status_unref);
}

static TideSentence *
say (GPtrArray *statuses)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_utc ();

  return tide_sentence_new (statuses, NULL, 0, NOW, zone);
}

static void
test_nothing (void)
{
  g_autoptr(GPtrArray) statuses = statuses_new ();
  g_autoptr(TideSentence) sentence = say (statuses);

  g_assert_cmpstr (sentence->title, ==, "Nothing connected yet");
  g_assert_cmpstr (sentence->look.style, !=, "tide-ok");
}

static void
test_all_well (void)
{
  g_autoptr(GPtrArray) statuses = statuses_new ();
  g_autoptr(TideSentence) sentence = NULL;

  add (statuses, 1, "Orders", TIDE_HEALTH_FRESH);
  add (statuses, 1, "Payments", TIDE_HEALTH_FRESH);
  add (statuses, 1, "Customers", TIDE_HEALTH_OFF);
  sentence = say (statuses);
  g_assert_cmpstr (sentence->title, ==, "Everything is up to date");
  g_assert_cmpstr (sentence->look.style, ==, "tide-ok");
  g_assert_cmpstr (sentence->foot, ==, "Everything is current");
}

/* Green, and the words for it, only when there is nothing else among them. */
static void
test_never_rosier (void)
{
  for (TideHealth health = TIDE_HEALTH_FRESH; health <= TIDE_HEALTH_SIGN_IN; health++)
    {
      g_autoptr(GPtrArray) statuses = statuses_new ();
      g_autoptr(TideSentence) sentence = NULL;
      gboolean well = health == TIDE_HEALTH_FRESH || health == TIDE_HEALTH_OFF || health == TIDE_HEALTH_SYNCING;

      for (int i = 0; i < 5; i++)
        add (statuses, 1, "Orders", TIDE_HEALTH_FRESH);
      add (statuses, 2, "Payments", health);
      sentence = say (statuses);
      g_assert_cmpint (g_strcmp0 (sentence->title, "Everything is up to date") == 0, ==, well);
      g_assert_cmpint (g_strcmp0 (sentence->look.style, "tide-ok") == 0, ==, well);
      g_assert_cmpint (g_strcmp0 (sentence->foot, "Everything is current") == 0, ==,
                       well && health != TIDE_HEALTH_SYNCING);
    }
}

static void
test_late (void)
{
  g_autoptr(GPtrArray) statuses = statuses_new ();
  g_autoptr(TideSentence) sentence = NULL;

  add (statuses, 1, "Orders", TIDE_HEALTH_FRESH);
  add (statuses, 1, "Payments", TIDE_HEALTH_FRESH);
  add (statuses, 1, "Timesheets", TIDE_HEALTH_RETRYING)->retry_at = NOW + 5 * TIDE_MINUTE;
  sentence = say (statuses);
  g_assert_cmpstr (sentence->title, ==, "All but one are up to date");
  g_assert_nonnull (strstr (sentence->text, "Timesheets"));
  g_assert_cmpstr (sentence->foot, ==, "1 is late");
}

static void
test_first_sync (void)
{
  g_autoptr(GPtrArray) statuses = statuses_new ();
  g_autoptr(TideSentence) sentence = NULL;

  add (statuses, 1, "Locations", TIDE_HEALTH_FRESH);
  add (statuses, 1, "Orders", TIDE_HEALTH_SYNCING)->last_success = 0;
  add (statuses, 1, "Payments", TIDE_HEALTH_SYNCING)->last_success = 0;
  sentence = say (statuses);
  g_assert_cmpstr (sentence->title, ==, "The first sync is running");
}

static void
test_needs (void)
{
  g_autoptr(GPtrArray) statuses = statuses_new ();
  g_autoptr(GPtrArray) needs = NULL;
  g_autoptr(GPtrArray) of_venue = NULL;
  g_autoptr(TideSentence) sentence = NULL;
  g_autofree char *title = NULL;

  /* However many streams a refused sign-in shows in, it is one thing to do. */
  add (statuses, 1, "Orders", TIDE_HEALTH_SIGN_IN);
  add (statuses, 1, "Payments", TIDE_HEALTH_SIGN_IN);
  add (statuses, 2, "Orders", TIDE_HEALTH_PARTLY)->open_failures = 3;
  add (statuses, 2, "Payments", TIDE_HEALTH_LATE);
  needs = tide_need_list (statuses, NULL, 0);
  of_venue = tide_need_list (statuses, NULL, 2);
  sentence = say (statuses);
  g_assert_cmpuint (needs->len, ==, 2);
  g_assert_cmpuint (of_venue->len, ==, 1);
  g_assert_cmpstr (sentence->title, ==, "2 things need you");
  g_assert_cmpstr (sentence->foot, ==, "2 things need you");
  g_assert_cmpint (((TideNeed *)g_ptr_array_index (needs, 0))->kind, ==, TIDE_NEED_SIGN_IN);
  title = tide_need_dup_title (g_ptr_array_index (needs, 1));
  g_assert_cmpstr (title, ==, "3 records of Orders could not be read from Till 2");
}

static void
test_summary (void)
{
  g_autoptr(GPtrArray) statuses = statuses_new ();
  g_autoptr(GPtrArray) groups = NULL;
  TideSummary summary;
  TideStreamStatus *status;

  status = add (statuses, 1, "Orders", TIDE_HEALTH_FRESH);
  status->today = 30;
  status->next_run = NOW + 2 * TIDE_MINUTE;
  status->cells[5].records = 7;
  status = add (statuses, 1, "Payments", TIDE_HEALTH_LATE);
  status->today = 4;
  status->last_success = NOW - TIDE_HOUR;
  status->next_run = NOW + TIDE_MINUTE;
  status->cells[5].records = 2;
  add (statuses, 2, "Orders", TIDE_HEALTH_FAILED);
  groups = tide_summary_group (statuses, 0);
  g_assert_cmpuint (groups->len, ==, 2);
  /* what needs the owner comes first */
  tide_summary_init (&summary, g_ptr_array_index (groups, 0));
  g_assert_cmpint (summary.connection->id, ==, 2);
  tide_summary_init (&summary, g_ptr_array_index (groups, 1));
  g_assert_cmpint (summary.health, ==, TIDE_HEALTH_LATE);
  g_assert_true (summary.differ);
  g_assert_cmpint (summary.today, ==, 34);
  g_assert_cmpint (summary.last_success, ==, NOW - TIDE_HOUR);
  g_assert_cmpint (summary.next_run, ==, NOW + TIDE_MINUTE);
  g_assert_cmpint (summary.cells[5].records, ==, 9);
}

static void
test_lanes (void)
{
  g_autoptr(GPtrArray) statuses = statuses_new ();
  g_autoptr(GPtrArray) planned = g_ptr_array_new ();
  g_autoptr(GPtrArray) running = g_ptr_array_new ();
  g_autoptr(GPtrArray) lanes = NULL;
  TidePlannedRun later = { .at = NOW + TIDE_HOUR, .connection_id = 1, .stream = (char *)"Orders" };
  TidePlannedRun sooner = { .at = NOW + TIDE_MINUTE, .connection_id = 1, .stream = (char *)"Orders" };
  const TideLane *lane;

  g_ptr_array_add (planned, &later);
  g_ptr_array_add (planned, &sooner);
  add (statuses, 1, "Orders", TIDE_HEALTH_FRESH);
  add (statuses, 2, "Orders", TIDE_HEALTH_SIGN_IN);
  add (statuses, 3, "Orders", TIDE_HEALTH_FRESH);
  lanes = tide_lane_list_new (statuses, 0, running, planned, NOW, NOW + 2 * TIDE_HOUR);
  g_assert_cmpuint (lanes->len, ==, 2);
  lane = g_ptr_array_index (lanes, 0);
  g_assert_cmpstr (lane->label, ==, "Till 2");
  g_assert_nonnull (lane->waits);
  lane = g_ptr_array_index (lanes, 1);
  g_assert_cmpuint (lane->blocks->len, ==, 2);
  g_assert_cmpint (g_array_index (lane->blocks, TideBlock, 0).at, ==, sooner.at);
}

static TideFailureGroup *
group_new (gint64      connection_id,
           const char *stream,
           const char *cause,
           gint64      n_failures)
{
  TideFailureGroup *group = g_new0 (TideFailureGroup, 1);

  group->connection_id = connection_id;
  group->stream = g_strdup (stream);
  group->cause = g_strdup (cause);
  group->n_failures = n_failures;
  group->last_seen = NOW;
  return group;
}

static TideRun *
run_new (gint64         id,
         const char    *stream,
         TideRunStatus  status)
{
  g_autofree char *sync_id = g_strdup_printf ("run-%d", (int)id);
  const TideRun run = { .id = id, .sync_id = sync_id, .connection_id = 1, .connection_name = (char *)"Till 1",
                        .venue_name = (char *)"Harbour", .provider = (char *)"square", .stream = (char *)stream,
                        .entity = (char *)stream, .requested_by = (char *)"schedule", .status = status,
                        .error_code = (char *)"provider", .attempts = 1, .started_at = NOW - TIDE_HOUR,
                        .ended_at = NOW };

  return tide_run_copy (&run);
}

static TideApproval *
approval_new (const char   *stream,
              TideRunAllow  kind)
{
  TideApproval *approval = g_new0 (TideApproval, 1);

  approval->id = 7;
  approval->kind = kind;
  approval->run = run_new (70, stream, TIDE_RUN_AWAITING_APPROVAL);
  approval->asked_at = NOW;
  approval->reason = g_strdup ("34 of 420 would go");
  approval->affected = 34;
  approval->total = 420;
  return approval;
}

/* One of each; what is retried needs nobody. */
static TideAttention *
attention_new (void)
{
  TideAttention *attention = tide_attention_new ();
  TideRun *retrying = run_new (5, "Timesheets", TIDE_RUN_PENDING);

  retrying->due_at = NOW + 4 * TIDE_MINUTE;
  g_ptr_array_add (attention->groups, group_new (1, "Orders", "created_at", 3));
  g_ptr_array_add (attention->groups, group_new (1, "Orders", "total_money", 1));
  g_ptr_array_add (attention->groups, group_new (9, "Orders", "of a connection that is gone", 1));
  g_ptr_array_add (attention->approvals, approval_new ("Customers", TIDE_RUN_ALLOW_DELETES));
  g_ptr_array_add (attention->retrying, retrying);
  g_ptr_array_add (attention->mended, run_new (6, "Payments", TIDE_RUN_COMPLETED));
  return attention;
}

static GPtrArray *
attention_statuses_new (void)
{
  GPtrArray *statuses = statuses_new ();

  add (statuses, 1, "Orders", TIDE_HEALTH_PARTLY)->open_failures = 4;
  add (statuses, 1, "Customers", TIDE_HEALTH_APPROVAL);
  add (statuses, 1, "Timesheets", TIDE_HEALTH_RETRYING);
  add (statuses, 1, "Payments", TIDE_HEALTH_FRESH);
  add (statuses, 2, "Orders", TIDE_HEALTH_SIGN_IN);
  add (statuses, 2, "Payments", TIDE_HEALTH_SIGN_IN);
  return statuses;
}

/* The badge, the sentence and the page's list are the same number: each thing is listed, none twice. */
static void
test_same_count (void)
{
  g_autoptr(GPtrArray) statuses = attention_statuses_new ();
  g_autoptr(TideAttention) attention = attention_new ();
  g_autoptr(GTimeZone) zone = g_time_zone_new_utc ();
  g_autoptr(GPtrArray) needs = tide_need_list (statuses, attention, 0);
  g_autoptr(GPtrArray) items = tide_attention_item_list (statuses, attention, 0, NOW, zone);
  g_autoptr(TideSentence) sentence = tide_sentence_new (statuses, attention, 0, NOW, zone);
  guint counts[TIDE_N_ITEM_GROUPS] = { 0 };

  for (guint i = 0; i < items->len; i++)
    counts[((TideAttentionItem *)g_ptr_array_index (items, i))->group]++;
  g_assert_cmpuint (needs->len, ==, 4);
  g_assert_cmpuint (counts[TIDE_ITEM_NEED], ==, 4);
  g_assert_cmpuint (counts[TIDE_ITEM_RETRYING], ==, 1);
  g_assert_cmpuint (counts[TIDE_ITEM_MENDED], ==, 1);
  g_assert_cmpstr (sentence->title, ==, "4 things need you");
}

/* What a stream says of itself counts where nothing more is known of it yet. */
static void
test_count_without_details (void)
{
  for (TideHealth health = TIDE_HEALTH_FRESH; health <= TIDE_HEALTH_SIGN_IN; health++)
    {
      g_autoptr(GPtrArray) statuses = statuses_new ();
      g_autoptr(TideAttention) attention = tide_attention_new ();
      g_autoptr(GTimeZone) zone = g_time_zone_new_utc ();
      g_autoptr(GPtrArray) items = NULL;

      add (statuses, 1, "Orders", health)->open_failures = 2;
      items = tide_attention_item_list (statuses, attention, 0, NOW, zone);
      g_assert_cmpuint (items->len, ==, tide_health_needs_owner (health) ? 1 : 0);
      if (items->len > 0)
        {
          g_autofree char *heading = tide_attention_item_dup_heading (g_ptr_array_index (items, 0));

          g_assert_nonnull (strstr (heading, "Till 1"));
        }
    }
}

static void
test_same_count_of_venue (void)
{
  g_autoptr(GPtrArray) statuses = attention_statuses_new ();
  g_autoptr(TideAttention) attention = attention_new ();
  g_autoptr(GTimeZone) zone = g_time_zone_new_utc ();
  g_autoptr(GPtrArray) needs = tide_need_list (statuses, attention, 2);
  g_autoptr(GPtrArray) items = tide_attention_item_list (statuses, attention, 2, NOW, zone);
  g_autoptr(TideSentence) sentence = tide_sentence_new (statuses, attention, 2, NOW, zone);

  g_assert_cmpuint (needs->len, ==, 1);
  g_assert_cmpuint (items->len, ==, 1);
  g_assert_cmpstr (sentence->title, ==, "1 thing needs you");
}

/* Each item says in words what it is, has something to show and its own key; nothing of it is raw. */
static void
test_items_in_words (void)
{
  g_autoptr(GPtrArray) statuses = attention_statuses_new ();
  g_autoptr(TideAttention) attention = attention_new ();
  g_autoptr(GTimeZone) zone = g_time_zone_new_utc ();
  g_autoptr(GPtrArray) items = tide_attention_item_list (statuses, attention, 0, NOW, zone);
  g_autoptr(GHashTable) keys = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < items->len; i++)
    {
      const TideAttentionItem *item = g_ptr_array_index (items, i);
      g_autofree char *heading = tide_attention_item_dup_heading (item);
      g_autofree char *text = tide_attention_item_dup_text (item, NOW, zone);
      g_autoptr(GPtrArray) facts = tide_attention_item_list_facts (item, NOW, zone);

      g_assert_true (g_hash_table_add (keys, item->key));
      g_assert_cmpstr (item->title, !=, "");
      g_assert_cmpstr (item->line, !=, "");
      g_assert_cmpuint (strlen (heading), >, 20);
      g_assert_true (g_str_has_suffix (text, "."));
      g_assert_null (strstr (text, "created_at"));
      g_assert_cmpuint (facts->len, >, 0);
    }
}

static void
test_approval_words (void)
{
  g_autoptr(TideApproval) deletes = approval_new ("Customers", TIDE_RUN_ALLOW_DELETES);
  g_autoptr(TideApproval) changes = approval_new ("Prices", TIDE_RUN_ALLOW_CHANGES);
  g_autofree char *title = tide_attention_words_approval (deletes, "Customers", "Square");
  g_autofree char *effect = tide_attention_words_effect (deletes);
  g_autofree char *other = tide_attention_words_effect (changes);

  g_assert_cmpstr (title, ==, "34 records of Customers are gone from Square: mark them as deleted here?");
  g_assert_cmpstr (effect, ==, "34 of 420 would be deleted");
  g_assert_cmpstr (other, ==, "34 of 420 would change");
}

static void
test_retry_words (void)
{
  g_autoptr(TideRun) run = run_new (1, "Timesheets", TIDE_RUN_PENDING);
  g_autoptr(GTimeZone) zone = g_time_zone_new_utc ();
  g_autofree char *clock = NULL;
  g_autofree char *later = NULL;
  g_autofree char *soon = NULL;
  g_autofree char *now = NULL;
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc ((NOW + 4 * TIDE_MINUTE) / TIDE_SECOND);
  g_autofree char *expected = NULL;

  clock = g_date_time_format (time, "%H:%M");
  expected = g_strdup_printf ("Till 1 does not answer; next try %s", clock);
  run->due_at = NOW + 4 * TIDE_MINUTE;
  later = tide_attention_words_retry (run, NOW, zone);
  run->due_at = NOW + 5 * TIDE_SECOND;
  soon = tide_attention_words_retry (run, NOW, zone);
  run->due_at = NOW;
  now = tide_attention_words_retry (run, NOW, zone);
  g_assert_cmpstr (later, ==, expected);
  g_assert_cmpstr (soon, ==, "Till 1 does not answer; next try soon");
  g_assert_cmpstr (now, ==, "Till 1 does not answer; is tried again now");
}

/* Every reason to wait has words of its own. */
static void
test_hold_words (void)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_utc ();
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (TideHold hold = TIDE_HOLD_NONE; hold <= TIDE_HOLD_APPROVAL; hold++)
    {
      g_autoptr(TideRun) run = run_new (1, "Orders", TIDE_RUN_PENDING);
      const TideQueueEntry entry = { .run = run, .position = 3, .hold = hold };

      g_assert_true (g_hash_table_add (seen, tide_attention_words_hold (&entry, NOW, zone)));
    }
}

static guint
count_mended (TideRunStatus newest,
              TideRunStatus before,
              guint         attempts)
{
  g_autoptr(GPtrArray) runs = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_run_unref);
  g_autoptr(GPtrArray) mended = NULL;
  TideRun *run = run_new (2, "Orders", newest);

  run->attempts = attempts;
  g_ptr_array_add (runs, run);
  g_ptr_array_add (runs, run_new (1, "Orders", before));
  g_ptr_array_add (runs, run_new (0, "Payments", TIDE_RUN_COMPLETED));
  mended = tide_attention_find_mended (runs);
  return mended->len;
}

static void
test_mended (void)
{
  g_assert_cmpuint (count_mended (TIDE_RUN_COMPLETED, TIDE_RUN_COMPLETED, 1), ==, 0);
  g_assert_cmpuint (count_mended (TIDE_RUN_COMPLETED, TIDE_RUN_FAILED, 1), ==, 1);
  g_assert_cmpuint (count_mended (TIDE_RUN_COMPLETED, TIDE_RUN_COMPLETED, 3), ==, 1);
  g_assert_cmpuint (count_mended (TIDE_RUN_PENDING, TIDE_RUN_FAILED, 3), ==, 0);
  g_assert_cmpuint (count_mended (TIDE_RUN_FAILED, TIDE_RUN_FAILED, 3), ==, 0);
}

/* Each code has a sentence that says what to do, and none shows the technical message. */
static void
test_troubles (void)
{
  static const char * const codes[] = { "auth", "provider", "no-space", "no-keyring", "storage", "nonsense", NULL };

  for (int i = 0; i < 7; i++)
    {
      g_autofree char *text = tide_trouble_dup_sentence (codes[i], "Square");
      g_autofree char *brief = tide_trouble_dup_brief (codes[i], "Square");

      g_assert_false (g_str_has_suffix (brief, "."));
      g_assert_cmpuint (strlen (brief), <, strlen (text));
      g_assert_cmpuint (strlen (text), >, 30);
      g_assert_true (g_str_has_suffix (text, "."));
    }
}

int
main (int   argc,
      char *argv[])
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/words/nothing", test_nothing);
  g_test_add_func ("/words/all-well", test_all_well);
  g_test_add_func ("/words/never-rosier", test_never_rosier);
  g_test_add_func ("/words/late", test_late);
  g_test_add_func ("/words/first-sync", test_first_sync);
  g_test_add_func ("/words/needs", test_needs);
  g_test_add_func ("/words/summary", test_summary);
  g_test_add_func ("/words/lanes", test_lanes);
  g_test_add_func ("/words/troubles", test_troubles);
  g_test_add_func ("/words/same-count", test_same_count);
  g_test_add_func ("/words/count-without-details", test_count_without_details);
  g_test_add_func ("/words/same-count-of-venue", test_same_count_of_venue);
  g_test_add_func ("/words/items", test_items_in_words);
  g_test_add_func ("/words/approval", test_approval_words);
  g_test_add_func ("/words/retry", test_retry_words);
  g_test_add_func ("/words/hold", test_hold_words);
  g_test_add_func ("/words/mended", test_mended);
  return g_test_run ();
}
