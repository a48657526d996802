/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-sync"

#include "sync-fixture.h"

#include <glib/gstdio.h>

#include "tide-connection-rows.h"
#include "tide-record-table.h"
#include "tide-text.h"
#include "tide-venue-rows.h"

static void
make_connection (SyncFixture *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideWrite) write = tide_store_begin_write (self->store, NULL, &error);
  g_autoptr(TideVenue) venue = NULL;
  g_autoptr(TideConnection) connection = NULL;
  TideConnection wanted = { .provider = (char *)"toy", .name = (char *)"Toy", .environment = (char *)"production" };

  g_assert_no_error (error);
  venue = tide_venue_rows_add (write, "Corner", "America/Chicago", &error);
  g_assert_no_error (error);
  wanted.venue_id = venue->id;
  connection = tide_connection_rows_add (write, &wanted, &error);
  g_assert_no_error (error);
  self->connection_id = connection->id;
  g_assert_true (tide_write_commit (write, &error));
  g_assert_no_error (error);
}

/**
 * sync_fixture_load:
 * @more: further members of the stream "items"
 *
 * Loads the manifest: pages of four records, a total, and two tries a request.
 */
void
sync_fixture_load (SyncFixture *self,
                   const char  *more)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *rest = g_strdup_printf (
    "\"authenticator\": {\"type\": \"none\"},\n"
    "\"requester\": {\"retry\": {\"attempts\": 2}},\n"
    "\"streams\": [{\"name\": \"items\", \"label\": \"Items\", \"entity\": \"things\",\n"
    "  \"request\": {\"path\": \"/items\", \"query\": {\"size\": \"4\", \"cursor\": \"{{ cursor }}\","
    "   \"since\": \"{{ since }}\", \"place\": \"{{ filters.place }}\"}},\n"
    "  \"paginator\": {\"type\": \"cursor\", \"pointer\": \"/cursor\", \"page_size\": 4},\n"
    "  \"total\": {\"pointer\": \"/count\"},\n"
    "  \"records\": {\"pointer\": \"/items\", \"id\": \"/id\", \"deleted\": {\"pointer\": \"/place\", \"value\": \"gone\"}},\n"
    "  \"lookup\": {\"request\": {\"path\": \"/one/{{ id }}\"}, \"records\": \"/item\"},\n"
    "  \"filters\": [{\"name\": \"place\"}],\n"
    "  \"fields\": [{\"name\": \"place\", \"type\": \"text\"}, {\"name\": \"updated_at\", \"type\": \"instant\"}%s}]", more);

  provider_fixture_load (&self->provider, rest);
  self->job.manifest = self->provider.manifest;
  self->job.stream = tide_manifest_get_stream (self->provider.manifest, "items");
  self->job.requester = self->provider.requester;
  tide_record_table_ensure (self->store, tide_stream_get_table (self->job.stream), 1, NULL, 0, NULL, &error);
  g_assert_no_error (error);
}

void
sync_fixture_set_up (SyncFixture   *self,
                     gconstpointer  n_records)
{
  g_autoptr(GError) error = NULL;

  provider_fixture_set_up (&self->provider, NULL);
  self->toy = toy_new (&self->provider, GPOINTER_TO_UINT (n_records));
  self->folder = g_dir_make_tmp ("tidemark-test-XXXXXX", &error);
  g_assert_no_error (error);
  self->store = tide_store_open (self->folder, TIDE_STORE_NONE, TIDE_CLOCK (self->provider.clock), &error);
  g_assert_no_error (error);
  make_connection (self);
  self->cancellable = g_cancellable_new ();
  self->job = (TideSyncJob) { .store = self->store, .retries = TRUE, .brakes = TRUE, .halt_status = -1,
                              .stop_status = TIDE_RUN_CANCELLED };
  sync_fixture_load (self, "]");
}

void
sync_fixture_tear_down (SyncFixture   *self,
                        gconstpointer  n_records)
{
  g_autoptr(GDir) dir = g_dir_open (self->folder, 0, NULL);
  const char *name;

  g_clear_pointer (&self->run, tide_run_unref);
  g_clear_object (&self->cancellable);
  g_assert_finalize_object (g_steal_pointer (&self->store));
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->folder, name, NULL);

      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_clear_pointer (&self->folder, g_free);
  toy_free (self->toy);
  provider_fixture_tear_down (&self->provider, NULL);
}

/* What sync_fixture_ask() asks for, and what @wanted says besides. */
void
sync_fixture_ask_full (SyncFixture   *self,
                       const TideRun *wanted)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideWrite) write = tide_store_begin_write (self->store, NULL, &error);
  g_autofree char *sync_id = tide_id_new ();
  TideRun run = *wanted;

  g_assert_no_error (error);
  run.sync_id = sync_id;
  run.connection_id = self->connection_id;
  run.connection_name = (char *)"Toy";
  run.venue_name = (char *)"Corner";
  run.provider = (char *)"toy";
  run.stream = (char *)"items";
  run.entity = (char *)"things";
  run.status = TIDE_RUN_PENDING;
  run.requested_by = (char *)"test";
  run.requested_at = tide_clock_now (TIDE_CLOCK (self->provider.clock));
  run.expected = -1;
  run.id = tide_run_rows_add (write, &run, &error);
  g_assert_no_error (error);
  g_assert_true (tide_write_commit (write, &error));
  g_assert_no_error (error);
  g_clear_pointer (&self->run, tide_run_unref);
  self->run = tide_run_copy (&run);
}

/* Puts a new run in line. */
void
sync_fixture_ask (SyncFixture *self,
                  TideRunMode  mode)
{
  const TideRun wanted = { .mode = mode };

  sync_fixture_ask_full (self, &wanted);
}

/* The row says what the attempt says. */
static void
assert_saved (SyncFixture *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRead) read = tide_store_begin_read (self->store, NULL, &error);
  g_autoptr(TideRun) row = NULL;

  g_assert_no_error (error);
  row = tide_run_rows_get (tide_read_get_database (read), self->run->sync_id, &error);
  g_assert_no_error (error);
  g_assert_cmpint (row->status, ==, self->run->status);
  g_assert_cmpmem (&row->counts, sizeof row->counts, &self->run->counts, sizeof self->run->counts);
  g_assert_cmpint (row->expected, ==, self->run->expected);
  g_assert_cmpint (row->pages, ==, self->run->pages);
  g_assert_cmpint (row->bytes, ==, self->run->bytes);
  g_assert_cmpint (row->retries, ==, self->run->retries);
  g_assert_cmpint (row->started_at / 1000, ==, self->run->started_at / 1000);
  g_assert_cmpint (row->ended_at / 1000, ==, self->run->ended_at / 1000);
  g_assert_cmpint (row->due_at / 1000, ==, self->run->due_at / 1000);
  g_assert_cmpuint (row->attempts, ==, self->run->attempts);
  g_assert_cmpuint (row->stalled, ==, self->run->stalled);
  g_assert_cmpstr (row->error_code, ==, self->run->error_code);
  g_assert_cmpstr (row->error_message, ==, self->run->error_message);
  g_assert_cmpint (row->ended_at != 0, ==, tide_run_is_over (row));
}

/* Executes an attempt of the run. */
TideRun *
sync_fixture_go (SyncFixture *self)
{
  TideRun *run;

  self->job.run = self->run;
  run = tide_sync_run_execute (&self->job, self->cancellable);
  /* Being halted is no try. */
  g_assert_cmpuint (run->attempts, ==, self->run->attempts + (tide_run_is_over (run) || run->due_at != 0 ? 1 : 0));
  g_assert_true (tide_run_status_may_become (TIDE_RUN_PROCESSING, run->status));
  g_assert_true (tide_counts_check (&run->counts, NULL));
  g_assert_false (self->job.unsaved);
  g_assert_null (self->job.interrupt);
  g_clear_pointer (&self->run, tide_run_unref);
  self->run = run;
  assert_saved (self);
  return run;
}

TideRun *
sync_fixture_sync (SyncFixture *self,
                   TideRunMode  mode)
{
  sync_fixture_ask (self, mode);
  return sync_fixture_go (self);
}

/* Puts the run back in line, as the queue does with one that was paused or let through. */
void
sync_fixture_put_back (SyncFixture  *self,
                       TideRunAllow  allowed)
{
  g_atomic_int_set (&self->job.halt_status, -1);
  self->run->status = TIDE_RUN_PENDING;
  self->run->allowed |= allowed;
}

/* Cells by "|", rows by newlines. */
char *
sync_fixture_query (SyncFixture *self,
                    const char  *sql)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRead) read = tide_store_begin_read (self->store, NULL, &error);
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GString) text = g_string_new (NULL);

  g_assert_no_error (error);
  statement = tide_statement_new (tide_read_get_database (read), sql, &error);
  g_assert_no_error (error);
  while (tide_statement_next (statement, &error))
    {
      if (text->len > 0)
        g_string_append_c (text, '\n');
      for (int i = 0; i < tide_statement_get_n_columns (statement); i++)
        {
          const char *cell = tide_statement_get_text (statement, i);

          g_string_append_printf (text, "%s%s", i > 0 ? "|" : "", cell != NULL ? cell : "NULL");
        }
    }
  g_assert_no_error (error);
  return g_strdup (text->str);
}

void
sync_fixture_execute (SyncFixture *self,
                      const char  *sql)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideWrite) write = tide_store_begin_write (self->store, NULL, &error);

  g_assert_no_error (error);
  tide_database_execute (tide_write_get_database (write), sql, &error);
  g_assert_no_error (error);
  g_assert_true (tide_write_commit (write, &error));
  g_assert_no_error (error);
}
