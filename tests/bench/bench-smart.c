/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "bench-smart"

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tide-connection-rows.h"
#include "tide-manifest.h"
#include "tide-requester.h"
#include "tide-soup-transport.h"
#include "tide-store.h"
#include "tide-sync-run.h"
#include "tide-time.h"
#include "tide-venue-rows.h"

/* bench-smart URL NOW MANIFEST TOKEN ROUNDS: a customers refresh that somebody waits for, against the floor of its round
 * trips. URL is a sandbox that delays its answers and whose time stands at NOW; MANIFEST is Square's. After a first load,
 * in each round 1 % of the customers are edited, spread over twenty hours, and read by an attempt of a run at the priority
 * of a smart refresh: first by a manifest without windows, then by the one as it is. The floor is as many pages as
 * there are records for, each taking as long as it takes the same network alone to ask for and receive one,
 * measured in the same round. Prints two lines: kind, median of wall time by floor, median wall time, pages, records. */

#define PAGE 100
#define STEPS 20
#define PROBES 8

/**
 * BenchClock:
 *
 * The system's clock, moved to where the sandbox's time is.
 */
#define TYPE_BENCH_CLOCK (bench_clock_get_type ())
G_DECLARE_FINAL_TYPE (BenchClock, bench_clock, BENCH, CLOCK, GObject)

struct _BenchClock
{
  GObject    parent_instance;

  TideClock *system;
  gint64     ahead;
};

static void bench_clock_iface_init (TideClockInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BenchClock, bench_clock, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TIDE_TYPE_CLOCK, bench_clock_iface_init))

typedef struct
{
  const char    *url;
  const char    *token;
  BenchClock    *clock;
  TideTransport *transport;
  TideStore     *store;
  gint64         connection_id;
  guint          n_runs;
} Bench;

static gint64
bench_clock_now (TideClock *clock)
{
  BenchClock *self = BENCH_CLOCK (clock);

  return tide_clock_now (self->system) + self->ahead;
}

static gint64
bench_clock_monotonic (TideClock *clock)
{
  return tide_clock_monotonic (BENCH_CLOCK (clock)->system);
}

static gboolean
bench_clock_sleep (TideClock     *clock,
                   gint64         usec,
                   GCancellable  *cancellable,
                   GError       **error)
{
  return tide_clock_sleep (BENCH_CLOCK (clock)->system, usec, cancellable, error);
}

static GSource *
bench_clock_timer_source (TideClock *clock,
                          gint64     due)
{
  BenchClock *self = BENCH_CLOCK (clock);

  return tide_clock_timer_source_new (self->system, due - self->ahead);
}

static void
bench_clock_iface_init (TideClockInterface *iface)
{
  iface->now = bench_clock_now;
  iface->monotonic = bench_clock_monotonic;
  iface->sleep = bench_clock_sleep;
  iface->timer_source = bench_clock_timer_source;
}

static void
bench_clock_finalize (GObject *object)
{
  g_clear_object (&BENCH_CLOCK (object)->system);
  G_OBJECT_CLASS (bench_clock_parent_class)->finalize (object);
}

static void
bench_clock_class_init (BenchClockClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bench_clock_finalize;
}

static void
bench_clock_init (BenchClock *self)
{
  self->system = tide_system_clock_new ();
}

static void
check (gboolean  ok,
       GError   *error)
{
  if (ok)
    return;
  g_printerr ("bench-smart: %s\n", error->message);
  exit (1);
}

static TideResponse *
bench_post (Bench      *self,
            const char *path,
            const char *text)
{
  g_autofree char *url = g_strconcat (self->url, path, NULL);
  g_autofree char *login = g_strconcat ("Bearer ", self->token, NULL);
  const char *headers[] = { "Authorization", login, "Square-Version", "2025-08-20", "Accept", "application/json", NULL };
  g_autoptr(TideRequest) request = tide_request_new ("POST", url);
  g_autoptr(GError) error = NULL;
  TideResponse *response;

  g_strfreev (request->headers);
  request->headers = g_strdupv ((char **)headers);
  request->body = g_bytes_new (text, strlen (text));
  request->content_type = g_strdup ("application/json");
  response = tide_transport_send (self->transport, request, NULL, &error);
  check (response != NULL, error);
  if (response->status != 200)
    g_error ("%s: HTTP %u", path, response->status);
  return response;
}

static void
bench_control (Bench      *self,
               const char *path,
               const char *text)
{
  g_autoptr(TideResponse) response = bench_post (self, path, text);
}

/* Edits so many customers, spread evenly over twenty hours, which pass. */
static void
bench_edit (Bench *self,
            guint  count)
{
  g_autofree char *edit = g_strdup_printf ("{\"entity\": \"customers\", \"count\": %u}", count / STEPS);

  for (guint i = 0; i < STEPS; i++)
    {
      bench_control (self, "/_sandbox/advance", "{\"seconds\": 1800}");
      bench_control (self, "/_sandbox/edit", edit);
      bench_control (self, "/_sandbox/advance", "{\"seconds\": 1800}");
    }
  self->clock->ahead += STEPS * TIDE_HOUR;
}

/* Microseconds that the network alone needs for such a page; the connection is open, as a program's that runs is. */
static gint64
bench_probe (Bench *self)
{
  g_autofree char *since = tide_time_to_string (tide_clock_now (TIDE_CLOCK (self->clock)) - STEPS * TIDE_HOUR);
  g_autofree char *body = g_strdup_printf ("{\"query\": {\"filter\": {\"updated_at\": {\"start_at\": \"%s\"}},"
                                           " \"sort\": {\"field\": \"CREATED_AT\", \"order\": \"ASC\"}}, \"limit\": 100}", since);
  gint64 began;

  bench_control (self, "/v2/customers/search", body);
  began = g_get_monotonic_time ();
  for (guint i = 0; i < PROBES; i++)
    bench_control (self, "/v2/customers/search", body);
  return (g_get_monotonic_time () - began) / PROBES;
}

static char *
secret_cb (const char  *name,
           gpointer     user_data,
           GError     **error)
{
  return g_strdup (((Bench *)user_data)->token);
}

static void
bench_open (Bench      *self,
            const char *folder)
{
  TideConnection connection = { .provider = (char *)"square", .name = (char *)"Café", .environment = (char *)"sandbox",
                                .base_url = (char *)self->url };
  g_autoptr(TideVenue) venue = NULL;
  g_autoptr(TideConnection) added = NULL;
  g_autoptr(TideWrite) write = NULL;
  g_autoptr(GError) error = NULL;

  self->store = tide_store_open (folder, TIDE_STORE_NONE, TIDE_CLOCK (self->clock), &error);
  check (self->store != NULL, error);
  write = tide_store_begin_write (self->store, NULL, &error);
  check (write != NULL, error);
  venue = tide_venue_rows_add (write, "Harbour Coffee", "Europe/London", &error);
  check (venue != NULL, error);
  connection.venue_id = venue->id;
  added = tide_connection_rows_add (write, &connection, &error);
  check (added != NULL && tide_write_commit (write, &error), error);
  self->connection_id = added->id;
}

static TideManifest *
load_manifest (const char *path,
               gboolean    windows)
{
  g_autofree char *text = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;
  TideManifest *manifest;
  char *parallel;

  check (g_file_get_contents (path, &text, NULL, &error), error);
  parallel = strstr (text, "\"parallel\": 4");
  if (parallel == NULL)
    g_error ("%s reads nothing in four windows", path);
  if (!windows)
    parallel[strlen ("\"parallel\": ")] = '1';
  bytes = g_bytes_new (text, strlen (text));
  manifest = tide_manifest_new_from_bytes (bytes, path, NULL, &error);
  check (manifest != NULL, error);
  return manifest;
}

static TideRun *
bench_sync (Bench         *self,
            TideManifest  *manifest,
            TideRequester *requester,
            int            priority,
            gint64        *wall)
{
  g_autofree char *sync_id = g_strdup_printf ("run-%u", self->n_runs++);
  TideRun run = {
    .sync_id = sync_id, .connection_id = self->connection_id, .provider = (char *)"square", .stream = (char *)"customers",
    .entity = (char *)"customers", .mode = TIDE_RUN_MODE_INCREMENTAL, .status = TIDE_RUN_PENDING, .priority = priority,
    .requested_by = (char *)"bench", .requested_at = tide_clock_now (TIDE_CLOCK (self->clock)),
  };
  TideSyncJob job = {
    .store = self->store, .manifest = manifest, .stream = tide_manifest_get_stream (manifest, "customers"),
    .requester = requester, .run = &run, .halt_status = -1,
  };
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  gint64 began = g_get_monotonic_time ();
  TideRun *done = tide_sync_run_execute (&job, cancellable);

  *wall = g_get_monotonic_time () - began;
  if (done->status != TIDE_RUN_COMPLETED)
    g_error ("%s", done->error_message);
  return done;
}

static int
compare_doubles (gconstpointer a,
                 gconstpointer b)
{
  double difference = *(const double *)a - *(const double *)b;

  return difference < 0 ? -1 : difference > 0;
}

static double
get_median (GArray *figures)
{
  g_array_sort (figures, compare_doubles);
  return g_array_index (figures, double, figures->len / 2);
}

static void
bench_measure (Bench         *self,
               const char    *kind,
               TideManifest  *manifest,
               TideRequester *requester,
               guint          n_edits,
               guint          n_rounds)
{
  g_autoptr(GArray) ratios = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr(GArray) walls = g_array_new (FALSE, FALSE, sizeof (double));
  gint64 pages = 0;
  gint64 records = 0;

  for (guint i = 0; i < n_rounds; i++)
    {
      g_autoptr(TideRun) run = NULL;
      gint64 page, wall;
      double floor_of, milliseconds, ratio;

      bench_edit (self, n_edits);
      page = bench_probe (self);
      run = bench_sync (self, manifest, requester, TIDE_RUN_PRIORITY_SMART, &wall);
      /* What has changed must have come, and little else. */
      g_assert_cmpint (run->counts.created + run->counts.updated, >=, n_edits * 95 / 100);
      g_assert_cmpint (run->counts.read, <, n_edits * 2);
      floor_of = (double)page * ceil ((double)run->counts.read / PAGE);
      ratio = (double)wall / floor_of;
      milliseconds = (double)wall / 1000;
      g_array_append_val (ratios, ratio);
      g_array_append_val (walls, milliseconds);
      pages = run->pages;
      records = run->counts.read;
    }
  g_print ("%s %.4f %.1f %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n", kind, get_median (ratios), get_median (walls), pages,
           records);
}

static TideRequester *
make_requester (Bench        *self,
                TideManifest *manifest)
{
  const TideConnection connection = { .id = self->connection_id, .provider = (char *)"square", .name = (char *)"Café",
                                      .environment = (char *)"sandbox", .base_url = (char *)self->url };

  return tide_requester_new (manifest, &connection, self->transport, TIDE_CLOCK (self->clock), secret_cb, self, NULL);
}

static void
remove_folder (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideTransport) transport = tide_soup_transport_new ();
  g_autoptr(BenchClock) clock = g_object_new (TYPE_BENCH_CLOCK, NULL);
  g_autoptr(TideManifest) plain = NULL;
  g_autoptr(TideManifest) windows = NULL;
  g_autoptr(TideRequester) plain_requester = NULL;
  g_autoptr(TideRequester) windows_requester = NULL;
  g_autoptr(TideRun) first = NULL;
  g_autofree char *folder = g_dir_make_tmp ("tidemark-bench-XXXXXX", &error);
  Bench self = { .transport = transport, .clock = clock };
  guint n_edits;
  gint64 wall;

  if (argc != 6)
    return 2;
  check (folder != NULL, error);
  self.url = argv[1];
  self.token = argv[4];
  clock->ahead = tide_time_parse (argv[2], -1) - tide_clock_now (clock->system);
  plain = load_manifest (argv[3], FALSE);
  windows = load_manifest (argv[3], TRUE);
  bench_open (&self, folder);
  check (tide_manifest_ensure_tables (plain, self.store, NULL, &error), error);
  plain_requester = make_requester (&self, plain);
  windows_requester = make_requester (&self, windows);
  first = bench_sync (&self, plain, plain_requester, 5, &wall);
  n_edits = (guint)first->counts.created / 100;
  bench_measure (&self, "sequential", plain, plain_requester, n_edits, (guint)MAX (atoi (argv[5]), 1));
  bench_measure (&self, "windows", windows, windows_requester, n_edits, (guint)MAX (atoi (argv[5]), 1));
  g_assert_finalize_object (g_steal_pointer (&self.store));
  remove_folder (folder);
  return 0;
}
