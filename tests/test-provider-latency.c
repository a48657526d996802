/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider-toy.h"

#include <string.h>

/* Readings that somebody waits for: large pages, and windows of time side by side. */

#define SIZES \
  "\"request\": {\"path\": \"/items\", \"query\": {\"size\": \"{{ page_size }}\", \"order\": \"updated\"," \
  " \"since\": \"{{ since }}\", \"page\": \"{{ page }}\"}}," \
  "\"paginator\": {\"type\": \"page\", \"page_size\": {\"usual\": 3, \"largest\": 7}}," \
  "\"incremental\": {\"kind\": \"filter\", \"cursor_field\": \"updated_at\"}"

#define WINDOWS(more) \
  "\"request\": {\"path\": \"/items\", \"query\": {\"size\": \"4\", \"since\": \"{{ since }}\", \"until\": \"{{ until }}\"," \
  " \"cursor\": \"{{ cursor }}\"}}," \
  "\"paginator\": {\"type\": \"cursor\", \"pointer\": \"/cursor\", \"page_size\": 4}," \
  "\"incremental\": {\"kind\": \"filter\", \"cursor_field\": \"updated_at\", \"parallel\": 4" more "}"

#define FILTER_BOTH \
  "\"request\": {\"path\": \"/items\", \"query\": {\"size\": \"100\", \"order\": \"updated\", \"since\": \"{{ since }}\"}}," \
  "\"incremental\": {\"kind\": \"filter\", \"cursor_field\": \"updated_at\", \"late_arrivals\": true, \"latency_look_back\": \"10m\"}"

/* No test waits longer for what must happen. */
#define DEADLINE (30 * G_TIME_SPAN_SECOND)

/**
 * Gate:
 * @together: requests wait until so many are there at once, 0 = none
 * @late: (nullable): a request to an address with this in it is not sent until it is let go
 * @held: (nullable): the answer to an address with this in it is kept back until it is let go
 *
 * A network that can be made to dawdle.
 */
#define TYPE_GATE (gate_get_type ())
G_DECLARE_FINAL_TYPE (Gate, gate, TEST, GATE, GObject)

struct _Gate
{
  GObject        parent_instance;

  TideTransport *inner;
  GMutex         lock;
  GCond          cond;
  guint          together;
  guint          arrived;
  guint          under_way;
  guint          most;
  const char    *late;
  const char    *held;
  guint          n_held;
};

static void gate_iface_init (TideTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (Gate, gate, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (TIDE_TYPE_TRANSPORT, gate_iface_init))

static void
woken_cb (GCancellable *cancellable,
          gpointer      user_data)
{
  Gate *self = user_data;

  g_mutex_lock (&self->lock);
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->lock);
}

static gboolean
is_meant (const char *part,
          const char *url)
{
  return part != NULL && strstr (url, part) != NULL;
}

static TideResponse *
gate_send (TideTransport      *transport,
           const TideRequest  *request,
           GCancellable       *cancellable,
           GError            **error)
{
  Gate *self = TEST_GATE (transport);
  gint64 end = g_get_monotonic_time () + DEADLINE;
  gulong handler = cancellable != NULL ? g_cancellable_connect (cancellable, G_CALLBACK (woken_cb), self, NULL) : 0;
  TideResponse *response;

  g_mutex_lock (&self->lock);
  self->arrived++;
  self->under_way++;
  self->most = MAX (self->most, self->under_way);
  g_cond_broadcast (&self->cond);
  while ((self->arrived < self->together || is_meant (self->late, request->url)) &&
         !g_cancellable_is_cancelled (cancellable))
    g_assert_true (g_cond_wait_until (&self->cond, &self->lock, end));
  g_mutex_unlock (&self->lock);

  response = tide_transport_send (self->inner, request, cancellable, error);

  g_mutex_lock (&self->lock);
  self->n_held += is_meant (self->held, request->url);
  g_cond_broadcast (&self->cond);
  while (is_meant (self->held, request->url) && !g_cancellable_is_cancelled (cancellable))
    g_assert_true (g_cond_wait_until (&self->cond, &self->lock, end));
  self->under_way--;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->lock);
  if (cancellable != NULL)
    g_cancellable_disconnect (cancellable, handler);
  return response;
}

static void
gate_iface_init (TideTransportInterface *iface)
{
  iface->send = gate_send;
}

static void
gate_finalize (GObject *object)
{
  Gate *self = TEST_GATE (object);

  g_clear_object (&self->inner);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);
  G_OBJECT_CLASS (gate_parent_class)->finalize (object);
}

static void
gate_class_init (GateClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gate_finalize;
}

static void
gate_init (Gate *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
}

/* Puts a gate in front of the fixture's network. */
static Gate *
gate_new (ProviderFixture *fixture)
{
  const TideConnection connection = { .id = 1, .provider = (char *)"toy", .name = (char *)"Toy",
                                      .environment = (char *)"production" };
  Gate *self = g_object_new (TYPE_GATE, NULL);

  self->inner = g_object_ref (fixture->transport);
  g_clear_object (&fixture->requester);
  fixture->requester = tide_requester_new (fixture->manifest, &connection, TIDE_TRANSPORT (self),
                                           TIDE_CLOCK (fixture->clock), NULL, NULL, NULL);
  return self;
}

static void
run (ToyReading  *reading,
     TideRunMode  mode,
     int          max_pages)
{
  g_autoptr(GError) error = NULL;

  toy_reading_run (reading, mode, max_pages, &error);
  g_assert_no_error (error);
}

static void
assert_watermark (ToyReading *reading,
                  const char *expected)
{
  g_autofree char *watermark = toy_watermark (reading, "");

  g_assert_cmpstr (watermark, ==, expected);
}

static guint
count_calls_with (ProviderFixture *fixture,
                  const char      *text)
{
  guint n_calls = provider_fixture_count_calls (fixture);
  guint count = 0;

  for (guint i = 0; i < n_calls; i++)
    {
      g_autofree char *call = provider_fixture_get_call (fixture, i);

      count += strstr (call, text) != NULL;
    }
  return count;
}

static void
test_page_size (ProviderFixture *fixture,
                gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 18);
  g_auto(ToyReading) reading = { 0 };

  toy_load (toy, SIZES);
  toy_reading_init (&reading, toy);
  run (&reading, TIDE_RUN_MODE_FULL, -1);
  g_assert_cmpuint (reading.n_pages, ==, 7);
  g_assert_cmpuint (count_calls_with (fixture, "size=3"), ==, 7);
  toy_reading_forget (&reading);
  reading.latency = TRUE;
  run (&reading, TIDE_RUN_MODE_FULL, -1);
  g_assert_cmpuint (reading.n_pages, ==, 3);
  g_assert_cmpuint (count_calls_with (fixture, "size=7"), ==, 3);
  g_assert_cmpuint (toy_reading_count (&reading), ==, 18);
  g_assert_true (reading.full);
}

/* The second page of seven is not the second page of three: who goes on with a walk keeps its size. */
static void
test_page_size_resume (ProviderFixture *fixture,
                       gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 18);

  toy_load (toy, SIZES);
  for (guint i = 0; i < 2; i++)
    for (int n_pages = 1; n_pages < 3; n_pages++)
      {
        g_auto(ToyReading) reading = { 0 };

        toy_reading_init (&reading, toy);
        provider_fixture_forget (fixture);
        reading.latency = i == 0;
        run (&reading, TIDE_RUN_MODE_FULL, n_pages);
        reading.latency = i == 1;
        run (&reading, TIDE_RUN_MODE_FULL, -1);
        g_assert_true (reading.resumed);
        g_assert_true (reading.full);
        g_assert_cmpuint (toy_reading_count (&reading), ==, 18);
        g_assert_cmpuint (count_calls_with (fixture, i == 0 ? "size=3" : "size=7"), ==, 0);
      }
}

/* Reads all once, then edits half of it over two days. */
static void
begin (ToyReading      *reading,
       Toy             *toy,
       const char      *manifest)
{
  toy_load (toy, manifest);
  toy_reading_init (reading, toy);
  run (reading, TIDE_RUN_MODE_FULL, -1);
  assert_watermark (reading, "2026-01-02T16:00:00.000Z");
  for (guint id = 1; id <= 20; id++)
    toy_touch (toy, id, 40 * 60 + (int)id * 144);
  toy_reading_forget (reading);
  reading->started_at = TOY_EPOCH + 88 * TIDE_HOUR;
  reading->latency = TRUE;
}

/* All four windows are under way at once: the gate opens only then. */
static void
test_windows (ProviderFixture *fixture,
              gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 40);
  g_auto(ToyReading) reading = { 0 };
  g_autoptr(Gate) gate = NULL;

  begin (&reading, toy, WINDOWS (""));
  reading.in_line = GPOINTER_TO_INT (data);
  gate = gate_new (fixture);
  gate->together = reading.in_line ? 0 : 4;
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  g_assert_cmpuint (toy_reading_count (&reading), ==, 21);
  g_assert_false (reading.full);
  assert_watermark (&reading, "2026-01-04T16:00:00.000Z");
  g_assert_cmpuint (gate->most, ==, reading.in_line ? 1 : 4);
  /* Equal parts of two days; the last one is open. */
  g_assert_cmpuint (count_calls_with (fixture, "since=2026-01-02T16%3A00%3A00.000Z&until=2026-01-03T04%3A00%3A00.000Z"), >=, 1);
  g_assert_cmpuint (count_calls_with (fixture, "since=2026-01-03T16%3A00%3A00.000Z&until=2026-01-04T04%3A00%3A00.000Z"), >=, 1);
  g_assert_cmpuint (count_calls_with (fixture, "since=2026-01-04T04%3A00%3A00.000Z"), >=, 1);
  g_assert_cmpuint (count_calls_with (fixture, "since=2026-01-04T04%3A00%3A00.000Z&until"), ==, 0);
  g_clear_object (&fixture->requester);
}

/* Only who waits gets them; nor a reading of everything, nor a part, nor what is too long or too short. */
static void
test_no_windows (ProviderFixture *fixture,
                 gconstpointer    data)
{
  static const char * const ids[] = { "r1", NULL };
  g_autoptr(Toy) toy = toy_new (fixture, 40);
  g_auto(ToyReading) reading = { 0 };

  begin (&reading, toy, WINDOWS (""));
  reading.ids = ids;
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  reading.ids = NULL;
  run (&reading, TIDE_RUN_MODE_FULL, -1);
  g_assert_cmpuint (count_calls_with (fixture, "until"), ==, 0);
  reading.latency = FALSE;
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  g_assert_cmpuint (count_calls_with (fixture, "until"), ==, 0);

  /* So little that it fits a page. */
  toy_reading_forget (&reading);
  reading.latency = TRUE;
  reading.started_at = TOY_EPOCH + 88 * TIDE_HOUR + 59 * TIDE_MINUTE;
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  g_assert_cmpuint (reading.n_pages, ==, 1);
  g_assert_cmpuint (count_calls_with (fixture, "until"), ==, 0);
  toy_reading_forget (&reading);
  reading.started_at += TIDE_MINUTE;
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  g_assert_cmpuint (count_calls_with (fixture, "until"), ==, 3);

  /* Who waits looks back less far; the next who does not finds what that missed. */
  toy_load (toy, FILTER_BOTH);
  toy_reading_forget (&reading);
  reading.latency = TRUE;
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  g_assert_cmpuint (count_calls_with (fixture, "since=2026-01-04T15%3A50"), ==, 1);
  toy_touch (toy, 33, 87 * 60);
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  g_assert_false (toy_reading_has (&reading, 33));
  reading.latency = FALSE;
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  g_assert_true (toy_reading_has (&reading, 33));

  /* Longer than four of its own windows: one by one, so that there is a place to go on from. */
  toy_load (toy, WINDOWS (", \"window\": \"11h\", \"look_back\": \"48h\""));
  reading.latency = TRUE;
  toy_reading_forget (&reading);
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, 1);
  g_assert_nonnull (strstr (g_hash_table_lookup (reading.states, ""), "\"until\":\"2026-01-03T03:00:00.000Z\""));
}

static void
edit (Toy *toy)
{
  for (guint id = 1; id <= 40; id++)
    toy_touch (toy, id, (int)id * 60);
}

/* Ends early after @n_pages, and is read again: by the next who waits, by a schedule, in full. Returns whether there
 * were so many pages. */
static gboolean
crash (Toy   *toy,
       int    n_pages,
       guint  way)
{
  g_auto(ToyReading) reading = { 0 };
  g_autofree char *watermark = NULL;

  edit (toy);
  begin (&reading, toy, WINDOWS (""));
  reading.in_line = n_pages % 2;
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, n_pages);
  if (reading.n_pages < (guint)n_pages)
    return FALSE;

  watermark = toy_watermark (&reading, "");
  if (g_str_equal (watermark, "2026-01-04T16:00:00.000Z"))
    g_assert_cmpuint (toy_reading_count (&reading), ==, 21);
  else
    {
      g_assert_cmpstr (watermark, ==, "2026-01-02T16:00:00.000Z");
      toy_reading_forget (&reading);
    }
  reading.latency = way != 1;
  reading.started_at += TIDE_HOUR;
  run (&reading, way == 2 ? TIDE_RUN_MODE_FULL : TIDE_RUN_MODE_INCREMENTAL, -1);
  g_assert_cmpuint (toy_reading_count (&reading), ==, way == 2 ? 40 : 21);
  assert_watermark (&reading, "2026-01-04T16:00:00.000Z");
  return TRUE;
}

/* Wherever it ends early, the watermark stays and all is read again. */
static void
test_windows_crash (ProviderFixture *fixture,
                    gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 40);
  int n_pages = 1;

  while (crash (toy, n_pages, 0) && crash (toy, n_pages, 1) && crash (toy, n_pages, 2))
    n_pages++;
  g_assert_cmpint (n_pages, >, 6);
}

typedef struct
{
  Gate *gate;
  Toy  *toy;
} Editor;

/* Edits a record once the first window's answer, which has it as it was, is there and kept back; lets the last window
 * be asked for only then, and the first one's answer through when the last one's has come. */
static gpointer
edit_thread (gpointer user_data)
{
  Editor *self = user_data;
  Gate *gate = self->gate;
  gint64 end = g_get_monotonic_time () + DEADLINE;

  g_mutex_lock (&gate->lock);
  while (gate->n_held == 0)
    g_assert_true (g_cond_wait_until (&gate->cond, &gate->lock, end));
  g_mutex_unlock (&gate->lock);
  toy_touch (self->toy, 1, 88 * 60);
  g_mutex_lock (&gate->lock);
  gate->late = NULL;
  g_cond_broadcast (&gate->cond);
  while (gate->arrived < 4 || gate->under_way > 1)
    g_assert_true (g_cond_wait_until (&gate->cond, &gate->lock, end));
  gate->held = NULL;
  g_cond_broadcast (&gate->cond);
  g_mutex_unlock (&gate->lock);
  return NULL;
}

/* A record that is edited meanwhile comes as it was and as it is; as it is comes last, whoever dawdled. */
static void
test_windows_order (ProviderFixture *fixture,
                    gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 40);
  g_auto(ToyReading) reading = { 0 };
  g_autoptr(Gate) gate = NULL;
  Editor editor;
  GThread *thread;

  begin (&reading, toy, WINDOWS (""));
  gate = gate_new (fixture);
  gate->held = "since=2026-01-02T16";
  gate->late = "since=2026-01-04T04";
  editor = (Editor) { gate, toy };
  thread = g_thread_new ("edit", edit_thread, &editor);
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  g_thread_join (thread);
  g_assert_nonnull (strstr (g_hash_table_lookup (reading.payloads, "r1"), "\"updated_at\": \"2026-01-04T16:00:00.000Z\""));
  g_clear_object (&fixture->requester);
}

static void
serve_broken (ProviderCall *call,
              gpointer      user_data)
{
  const char *since = provider_call_get (call, "since");

  if (since == NULL || !g_str_has_prefix (since, "2026-01-03T16"))
    return;
  call->status = GPOINTER_TO_UINT (user_data);
  g_string_assign (call->answer, "{\"code\": \"NO_PLACE\"}");
}

/* One window's failure is that of the reading, and no watermark moves. */
static void
test_windows_failure (ProviderFixture *fixture,
                      gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 40);
  g_auto(ToyReading) reading = { 0 };
  g_autoptr(GError) error = NULL;

  begin (&reading, toy, WINDOWS (""));
  reading.in_line = GPOINTER_TO_INT (data);
  toy_set_fault (toy, serve_broken, GUINT_TO_POINTER (403));
  g_assert_false (toy_reading_run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_PERMISSION);
  assert_watermark (&reading, "2026-01-02T16:00:00.000Z");
  g_assert_cmpuint (count_calls_with (fixture, "since=2026-01-03T16"), ==, 1);

  /* A refusal of the partition is heeded here as elsewhere. */
  toy_set_fault (toy, serve_broken, GUINT_TO_POINTER (404));
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  assert_watermark (&reading, "2026-01-02T16:00:00.000Z");

  toy_set_fault (toy, NULL, NULL);
  toy_reading_forget (&reading);
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  g_assert_cmpuint (toy_reading_count (&reading), ==, 21);
  assert_watermark (&reading, "2026-01-04T16:00:00.000Z");
}

/* A cursor that is too old sends one window back to its beginning. */
static void
serve_old_cursor (ProviderCall *call,
                  gpointer      user_data)
{
  int *n_left = user_data;

  if (provider_call_get (call, "cursor") == NULL || *n_left == 0)
    return;
  (*n_left)--;
  call->status = 400;
  g_string_assign (call->answer, "{\"code\": \"BAD_CURSOR\"}");
}

static void
test_windows_restart (ProviderFixture *fixture,
                      gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 40);
  g_auto(ToyReading) reading = { 0 };
  int n_left = 2;

  begin (&reading, toy, WINDOWS (""));
  toy_set_fault (toy, serve_old_cursor, &n_left);
  run (&reading, TIDE_RUN_MODE_INCREMENTAL, -1);
  g_assert_cmpint (n_left, ==, 0);
  g_assert_cmpuint (fixture->retries, ==, 2);
  g_assert_cmpuint (toy_reading_count (&reading), ==, 21);
  assert_watermark (&reading, "2026-01-04T16:00:00.000Z");
}

typedef struct
{
  Gate         *gate;
  GCancellable *cancellable;
} Canceller;

static gpointer
cancel_thread (gpointer user_data)
{
  Canceller *self = user_data;
  gint64 end = g_get_monotonic_time () + DEADLINE;

  g_mutex_lock (&self->gate->lock);
  while (self->gate->under_way < 4)
    g_assert_true (g_cond_wait_until (&self->gate->cond, &self->gate->lock, end));
  g_mutex_unlock (&self->gate->lock);
  g_cancellable_cancel (self->cancellable);
  return NULL;
}

/* All windows wake at once; and a reader that is dropped with its windows under way waits for none of them. */
static void
test_windows_cancel (ProviderFixture *fixture,
                     gconstpointer    data)
{
  g_autoptr(Toy) toy = toy_new (fixture, 40);
  g_auto(ToyReading) reading = { 0 };
  g_autoptr(Gate) gate = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(TideStreamReader) reader = NULL;
  TideReadPlan plan = { .mode = TIDE_RUN_MODE_INCREMENTAL, .latency = TRUE };
  Canceller canceller;
  GThread *thread;

  begin (&reading, toy, WINDOWS (""));
  gate = gate_new (fixture);
  gate->together = 100;
  canceller.gate = gate;
  canceller.cancellable = cancellable;
  plan.states = reading.states;
  plan.started_at = reading.started_at;
  reader = tide_stream_reader_new (tide_manifest_get_stream (fixture->manifest, "items"), fixture->requester, &plan,
                                   NULL, NULL, &error);
  g_assert_no_error (error);
  thread = g_thread_new ("cancel", cancel_thread, &canceller);
  g_assert_null (tide_stream_reader_fetch (reader, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
  g_clear_pointer (&reader, tide_stream_reader_free);
  g_assert_cmpuint (gate->under_way, ==, 0);
  g_clear_object (&fixture->requester);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, data, func) \
  g_test_add ("/provider/latency/" path, ProviderFixture, data, provider_fixture_set_up, func, provider_fixture_tear_down)
  ADD ("page-size", NULL, test_page_size);
  ADD ("page-size/resume", NULL, test_page_size_resume);
  ADD ("windows", GINT_TO_POINTER (FALSE), test_windows);
  ADD ("windows/in-line", GINT_TO_POINTER (TRUE), test_windows);
  ADD ("windows/none", NULL, test_no_windows);
  ADD ("windows/crash", NULL, test_windows_crash);
  ADD ("windows/order", NULL, test_windows_order);
  ADD ("windows/failure", GINT_TO_POINTER (FALSE), test_windows_failure);
  ADD ("windows/failure/in-line", GINT_TO_POINTER (TRUE), test_windows_failure);
  ADD ("windows/restart", NULL, test_windows_restart);
  ADD ("windows/cancel", NULL, test_windows_cancel);
  return g_test_run ();
}
