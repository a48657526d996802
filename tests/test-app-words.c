/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-app-words"

#include <locale.h>

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

/* Each code has a sentence that says what to do, and none shows the technical message. */
static void
test_troubles (void)
{
  static const char * const codes[] = { "auth", "provider", "no-space", "no-keyring", "storage", "nonsense", NULL };

  for (int i = 0; i < 7; i++)
    {
      g_autofree char *text = tide_trouble_dup_sentence (codes[i], "Square");

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
  return g_test_run ();
}
