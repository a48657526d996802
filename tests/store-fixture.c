/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-test"

#include "store-fixture.h"

#include <glib/gstdio.h>
#include <string.h>
#include <xxhash.h>

#include "tide-text.h"

static const TideColumn orders_columns[] = {
  { "number", TIDE_FIELD_TEXT },
  { "created_at", TIDE_FIELD_INSTANT },
  { "total", TIDE_FIELD_MONEY },
  { "currency", TIDE_FIELD_TEXT },
};

const TideTableSpec store_orders = { "shop", "orders", "orders", orders_columns, G_N_ELEMENTS (orders_columns) };

char *
store_fixture_make_folder (void)
{
  g_autoptr(GError) error = NULL;
  char *folder = g_dir_make_tmp ("tidemark-test-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

void
store_fixture_remove_folder (const char *folder)
{
  GDir *dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_clear_pointer (&dir, g_dir_close);
  g_rmdir (folder);
}

void
store_fixture_open (StoreFixture *self)
{
  g_autoptr(GError) error = NULL;

  self->store = tide_store_open (self->folder, TIDE_STORE_NONE, TIDE_CLOCK (self->clock), &error);
  g_assert_no_error (error);
}

static void
add_venue (StoreFixture *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideWrite) write = tide_store_begin_write (self->store, NULL, &error);
  g_autoptr(TideVenue) venue = NULL;

  g_assert_no_error (error);
  venue = tide_venue_rows_add (write, "Corner Café", "America/New_York", &error);
  g_assert_no_error (error);
  self->venue_id = venue->id;
  g_assert_true (tide_write_commit (write, &error));
  g_assert_no_error (error);
}

gint64
store_fixture_add_connection (StoreFixture *self,
                              const char   *name)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideWrite) write = tide_store_begin_write (self->store, NULL, &error);
  g_autoptr(TideConnection) connection = NULL;
  TideConnection wanted = {
    .venue_id = self->venue_id,
    .provider = (char *)"shop",
    .name = (char *)name,
    .environment = (char *)"sandbox",
  };

  g_assert_no_error (error);
  connection = tide_connection_rows_add (write, &wanted, &error);
  g_assert_no_error (error);
  g_assert_true (tide_write_commit (write, &error));
  g_assert_no_error (error);
  return connection->id;
}

gint64
store_fixture_add_run (StoreFixture *self,
                       gint64        connection_id,
                       TideRunMode   mode)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideWrite) write = tide_store_begin_write (self->store, NULL, &error);
  g_autofree char *sync_id = tide_id_new ();
  gint64 now = tide_clock_now (TIDE_CLOCK (self->clock));
  TideRun run = {
    .sync_id = sync_id,
    .connection_id = connection_id,
    .stream = (char *)"orders",
    .entity = (char *)"orders",
    .mode = mode,
    .status = TIDE_RUN_PROCESSING,
    .requested_by = (char *)"test",
    .requested_at = now,
    .started_at = now,
    .expected = -1,
  };
  gint64 id;

  g_assert_no_error (error);
  id = tide_run_rows_add (write, &run, &error);
  g_assert_no_error (error);
  g_assert_true (tide_write_commit (write, &error));
  g_assert_no_error (error);
  return id;
}

void
store_fixture_set_up (StoreFixture  *self,
                      gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  self->folder = store_fixture_make_folder ();
  self->clock = tide_sim_clock_new (STORE_START);
  store_fixture_open (self);
  add_venue (self);
  self->connection_id = store_fixture_add_connection (self, "Shop");
  tide_record_table_ensure (self->store, &store_orders, 1, NULL, 0, NULL, &error);
  g_assert_no_error (error);
}

void
store_fixture_tear_down (StoreFixture  *self,
                         gconstpointer  data)
{
  g_assert_finalize_object (g_steal_pointer (&self->store));
  g_clear_object (&self->clock);
  store_fixture_remove_folder (self->folder);
  g_clear_pointer (&self->folder, g_free);
}

void
store_fixture_execute (StoreFixture *self,
                       const char   *sql)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideWrite) write = tide_store_begin_write (self->store, NULL, &error);

  g_assert_no_error (error);
  tide_database_execute (tide_write_get_database (write), sql, &error);
  g_assert_no_error (error);
  g_assert_true (tide_write_commit (write, &error));
  g_assert_no_error (error);
}

/* The first column of all rows, rows parted by newlines; columns by "|". */
char *
store_fixture_query_text (StoreFixture *self,
                          const char   *sql)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRead) read = tide_store_begin_read (self->store, NULL, &error);
  g_autoptr(TideStatement) statement = NULL;
  GString *text = g_string_new (NULL);

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
  return g_string_free (text, FALSE);
}

gint64
store_fixture_query_int (StoreFixture *self,
                         const char   *sql)
{
  g_autofree char *text = store_fixture_query_text (self, sql);

  return g_ascii_strtoll (text, NULL, 10);
}

/* A batch that has no page: all its text is in the arena. */
TideRecordBatch *
store_batch_new (void)
{
  return tide_record_batch_new (NULL, (guint)store_orders.n_columns);
}

static const char *
keep (TideRecordBatch *batch,
      const char      *text)
{
  gsize length = strlen (text);
  char *copy = tide_arena_alloc (tide_record_batch_get_arena (batch), length + 1);

  memcpy (copy, text, length + 1);
  return copy;
}

static void
set_text (TideRecordBatch *batch,
          TideValue       *value,
          const char      *text)
{
  value->kind = TIDE_VALUE_TEXT;
  value->text = keep (batch, text);
  value->length = (guint32)strlen (text);
}

static TideRecord *
add_record (TideRecordBatch  *batch,
            const char       *id,
            const char       *raw,
            TideValue       **values)
{
  TideRecord *record = tide_record_batch_add (batch, values);

  record->id = keep (batch, id);
  record->id_length = (guint32)strlen (id);
  record->raw = keep (batch, raw);
  record->raw_length = strlen (raw);
  record->hash = XXH3_64bits (raw, strlen (raw));
  return record;
}

void
store_batch_add (TideRecordBatch *batch,
                 const char      *id,
                 gint64           total)
{
  g_autofree char *raw = g_strdup_printf ("{\"id\": \"%s\", \"total\": %" G_GINT64_FORMAT "}", id, total);
  TideValue *values;

  add_record (batch, id, raw, &values);
  set_text (batch, &values[0], id);
  set_text (batch, &values[1], "2026-03-02T18:11:09.500Z");
  values[2].kind = TIDE_VALUE_INTEGER;
  values[2].integer = total;
  set_text (batch, &values[3], "USD");
}

void
store_batch_add_deleted (TideRecordBatch *batch,
                         const char      *id)
{
  TideValue *values;

  add_record (batch, id, "{\"deleted\": true}", &values)->deleted = TRUE;
}
