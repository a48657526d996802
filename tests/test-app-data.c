/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-app-data"

#include <glib/gstdio.h>
#include <locale.h>
#include <sqlite3.h>
#include <string.h>

#include "tide-data-fetch.h"
#include "tide-data-model.h"
#include "tide-engine.h"
#include "tide-time.h"

/* The list of an entity's records over a real workspace, of two providers. */

#define N_ORDERS 50000
#define N_OTHERS 300

typedef struct
{
  char          *folder;
  TideEngine    *engine;
  TideDataModel *model;
  guint          loaded;
  guint          length;      /* as the items-changed signals add it up */
} Fixture;

static void
execute (Fixture    *fixture,
         const char *sql)
{
  g_autofree char *path = g_build_filename (fixture->folder, "tidemark.db", NULL);
  sqlite3 *db = NULL;
  char *message = NULL;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  sqlite3_busy_timeout (db, 5000);
  sqlite3_exec (db, sql, NULL, NULL, &message);
  g_assert_cmpstr (message, ==, NULL);
  sqlite3_close (db);
}

/* The second provider has no column "number", and one of its own that the entity does not have. */
static const char schema[] =
  "CREATE TABLE square_orders (_key INTEGER PRIMARY KEY, _connection INTEGER NOT NULL, _id TEXT NOT NULL, _hash INTEGER"
  " NOT NULL DEFAULT 0, _deleted INTEGER NOT NULL DEFAULT 0, _first_run INTEGER NOT NULL DEFAULT 1, _changed_run INTEGER NOT"
  " NULL DEFAULT 1, number TEXT, state TEXT, created_at TEXT, total INTEGER, currency TEXT, _raw TEXT NOT NULL) STRICT;"
  "CREATE TABLE shop_orders (_key INTEGER PRIMARY KEY, _connection INTEGER NOT NULL, _id TEXT NOT NULL, _hash INTEGER"
  " NOT NULL DEFAULT 0, _deleted INTEGER NOT NULL DEFAULT 0, _first_run INTEGER NOT NULL DEFAULT 1, _changed_run INTEGER NOT"
  " NULL DEFAULT 1, odd TEXT, state TEXT, created_at TEXT, _raw TEXT NOT NULL) STRICT;"
  "INSERT INTO streams (provider, stream, entity, source, columns) VALUES"
  " ('square', 'orders', 'orders', 'square_orders', '[{\"name\": \"number\", \"type\": \"text\"},"
  "  {\"name\": \"state\", \"type\": \"text\"}, {\"name\": \"created_at\", \"type\": \"instant\"},"
  "  {\"name\": \"total\", \"type\": \"money\"}, {\"name\": \"currency\", \"type\": \"text\"}]'),"
  " ('shop', 'orders', 'orders', 'shop_orders', '[{\"name\": \"odd\", \"type\": \"text\"},"
  "  {\"name\": \"state\", \"type\": \"text\"}, {\"name\": \"created_at\", \"type\": \"instant\"}]');"
  "INSERT INTO connections (id, venue_id, provider, name, environment, created_at) VALUES"
  " (1, 1, 'square', 'Till', 'production', '2026-01-01T00:00:00.000Z'),"
  " (2, 2, 'shop', 'Online', 'production', '2026-01-01T00:00:00.000Z');";

static void
add_records (Fixture *fixture)
{
  g_autofree char *orders =
    g_strdup_printf ("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
                     " INSERT INTO square_orders (_key, _connection, _id, number, state, created_at, total, currency, _raw)"
                     " SELECT i, 1, printf ('sq-%%06d', i), 'No ' || i, CASE i %% 2 WHEN 0 THEN 'OPEN' ELSE 'PAID' END,"
                     " strftime ('%%Y-%%m-%%dT%%H:%%M:%%S.000Z', 1700000000 + i * 60, 'unixepoch'), %d - i, 'GBP',"
                     " '{\"id\":' || i || '}' FROM n", N_ORDERS, N_ORDERS);
  g_autofree char *others =
    g_strdup_printf ("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
                     " INSERT INTO shop_orders (_key, _connection, _id, odd, state, created_at, _deleted, _raw)"
                     " SELECT i, 2, printf ('it''s 100%%%% #%%d', i), 'x', 'SENT',"
                     " strftime ('%%Y-%%m-%%dT%%H:%%M:%%S.000Z', 1600000000 + i * 60, 'unixepoch'), i > %d, '{}' FROM n",
                     N_OTHERS + 10, N_OTHERS);

  execute (fixture, orders);
  execute (fixture, others);
}

static void
loaded_cb (Fixture *fixture)
{
  fixture->loaded++;
}

static void
items_changed_cb (GListModel *model,
                  guint       position,
                  guint       removed,
                  guint       added,
                  Fixture    *fixture)
{
  g_assert_cmpuint (position + removed, <=, fixture->length);
  fixture->length = fixture->length - removed + added;
  g_assert_cmpuint (fixture->length, ==, g_list_model_get_n_items (model));
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  TideEngine *engine;
  g_autoptr(GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("tidemark-data-XXXXXX", NULL);
  engine = tide_engine_open (fixture->folder, TIDE_ENGINE_NONE, NULL, NULL, &error);
  g_assert_no_error (error);
  tide_venue_unref (tide_engine_add_venue (engine, "Quay", "Europe/London", NULL));
  tide_venue_unref (tide_engine_add_venue (engine, "Mill's Lane", "Europe/London", NULL));
  tide_engine_close (engine);
  g_object_unref (engine);
  execute (fixture, schema);
  add_records (fixture);
  fixture->engine = tide_engine_open (fixture->folder, TIDE_ENGINE_NONE, NULL, NULL, &error);
  g_assert_no_error (error);
  fixture->model = tide_data_model_new (fixture->engine);
  g_signal_connect_swapped (fixture->model, "loaded", G_CALLBACK (loaded_cb), fixture);
  g_signal_connect (fixture->model, "items-changed", G_CALLBACK (items_changed_cb), fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *command = g_strdup_printf ("rm -rf '%s'", fixture->folder);

  g_signal_handlers_disconnect_by_data (fixture->model, fixture);
  g_object_unref (fixture->model);
  tide_engine_close (fixture->engine);
  g_object_unref (fixture->engine);
  g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL));
  g_free (fixture->folder);
}

static void
iterate_until (gboolean (*done) (gpointer data),
               gpointer   data)
{
  gint64 deadline = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;

  while (!done (data))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_main_context_iteration (NULL, FALSE);
    }
}

typedef struct
{
  Fixture *fixture;
  guint    loads;
} Load;

static gboolean
is_loaded (gpointer data)
{
  const Load *load = data;

  return load->fixture->loaded > load->loads && tide_data_model_is_complete (load->fixture->model);
}

static void
load (Fixture             *fixture,
      const TideDataQuery *query)
{
  Load state = { fixture, fixture->loaded };

  tide_data_model_set_query (fixture->model, "orders", query);
  iterate_until (is_loaded, &state);
  g_assert_null (tide_data_model_get_error (fixture->model));
}

static gboolean
row_is_loaded (gpointer row)
{
  return tide_data_row_is_loaded (row);
}

static TideDataRow *
row_at (Fixture *fixture,
        guint    position)
{
  TideDataRow *row = g_list_model_get_item (G_LIST_MODEL (fixture->model), position);

  g_assert_nonnull (row);
  iterate_until (row_is_loaded, row);
  return row;
}

static void
check_id (Fixture    *fixture,
          guint       position,
          const char *id)
{
  g_autoptr(TideDataRow) row = row_at (fixture, position);

  g_assert_cmpstr (tide_data_row_get_common (row, TIDE_DATA_ID), ==, id);
}

/* The newest first, of both providers; deleted ones are none. */
static void
test_order (Fixture       *fixture,
            gconstpointer  data)
{
  const TideDataQuery query = { 0 };

  load (fixture, &query);
  g_assert_cmpuint (fixture->length, ==, N_ORDERS + N_OTHERS);
  check_id (fixture, 0, "sq-050000");
  check_id (fixture, N_ORDERS - 1, "sq-000001");
  check_id (fixture, N_ORDERS, "it's 100% #300");
  check_id (fixture, N_ORDERS + N_OTHERS - 1, "it's 100% #1");
  for (int i = 0; i < 100; i++)
    {
      guint position = (guint)g_test_rand_int_range (0, N_ORDERS);
      g_autofree char *id = g_strdup_printf ("sq-%06u", N_ORDERS - position);

      check_id (fixture, position, id);
    }
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (fixture->model), N_ORDERS + N_OTHERS));
}

static void
test_sort (Fixture       *fixture,
           gconstpointer  data)
{
  const TideDataQuery up = { .sort = (char *)"total" };
  const TideDataQuery down = { .sort = (char *)"total", .descending = TRUE };

  load (fixture, &up);
  check_id (fixture, 0, "it's 100% #1");    /* what has no total comes first */
  check_id (fixture, N_OTHERS, "sq-050000");
  load (fixture, &down);
  check_id (fixture, 0, "sq-000001");
}

/* What is typed is taken literally, whatever it means to SQL. */
static void
test_search (Fixture       *fixture,
             gconstpointer  data)
{
  const TideDataQuery number = { .search = (char *)"No 4999" };
  const TideDataQuery percent = { .search = (char *)"100% #3" };
  const TideDataQuery quote = { .search = (char *)"it's" };
  const TideDataQuery hostile = { .search = (char *)"') OR 1=1 --" };
  const TideDataQuery wild = { .search = (char *)"sq_00" };

  load (fixture, &number);
  g_assert_cmpuint (fixture->length, ==, 11); /* 4999, 49990 to 49999 */
  load (fixture, &percent);
  g_assert_cmpuint (fixture->length, ==, 12); /* 3, 30 to 39, 300 */
  load (fixture, &quote);
  g_assert_cmpuint (fixture->length, ==, N_OTHERS);
  load (fixture, &hostile);
  g_assert_cmpuint (fixture->length, ==, 0);
  load (fixture, &wild);
  g_assert_cmpuint (fixture->length, ==, 0);
}

static void
test_venue (Fixture       *fixture,
            gconstpointer  data)
{
  const TideDataQuery query = { .venue = (char *)"Mill's Lane" };

  load (fixture, &query);
  g_assert_cmpuint (fixture->length, ==, N_OTHERS);
  check_id (fixture, 0, "it's 100% #300");
}

/* What is shown is what is exported: the same condition on the entity's view. */
static void
test_where (Fixture       *fixture,
            gconstpointer  data)
{
  const TideDataQuery query = { .search = (char *)"it's", .venue = (char *)"Mill's Lane" };
  const TideDataQuery all = { 0 };
  g_autoptr(GError) error = NULL;
  g_autoptr(TideDataShape) shape = tide_data_shape_load (fixture->engine, "orders", NULL, &error);
  g_autofree char *where = NULL;

  g_assert_no_error (error);
  g_assert_null (tide_data_shape_make_where (shape, &all));
  where = tide_data_shape_make_where (shape, &query);
  g_assert_true (g_str_has_prefix (where, "1 AND venue = 'Mill''s Lane' AND (id LIKE '%it''s%' ESCAPE '\\'"));
}

static void
test_cells (Fixture       *fixture,
            gconstpointer  data)
{
  const TideDataQuery query = { 0 };
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr(TideDataRow) row = NULL;
  g_autoptr(TideDataRow) other = NULL;
  g_autofree char *total = NULL;
  g_autofree char *state = NULL;
  g_autofree char *title = NULL;
  g_autofree char *none = NULL;

  load (fixture, &query);
  row = row_at (fixture, N_ORDERS - 1);
  other = row_at (fixture, N_ORDERS);
  total = tide_data_row_dup_text (row, "total", 0, utc);
  state = tide_data_row_dup_text (row, "state", 0, utc);
  title = tide_data_row_dup_title (row);
  none = tide_data_row_dup_text (other, "total", 0, utc);
  g_assert_cmpstr (total, ==, "£499.99");
  g_assert_cmpstr (state, ==, "Paid");
  g_assert_cmpstr (title, ==, "No 1");
  g_assert_cmpstr (none, ==, "");
  g_assert_cmpstr (tide_data_row_get_common (row, TIDE_DATA_VENUE), ==, "Quay");
  g_assert_cmpstr (tide_data_row_get_common (other, TIDE_DATA_PROVIDER), ==, "shop");
  g_assert_cmpstr (tide_data_row_get_common (other, TIDE_DATA_CONNECTION), ==, "Online");
}

typedef struct
{
  char *text;
} Raw;

static void
raw_cb (GObject      *object,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  ((Raw *)user_data)->text = tide_data_fetch_raw_finish (result, &error);
  g_assert_no_error (error);
}

static gboolean
has_raw (gpointer data)
{
  return ((Raw *)data)->text != NULL;
}

static void
test_raw (Fixture       *fixture,
          gconstpointer  data)
{
  const TideDataQuery query = { 0 };
  g_autoptr(TideDataRow) row = NULL;
  Raw raw = { NULL };

  load (fixture, &query);
  row = row_at (fixture, 41);
  tide_data_fetch_raw_async (fixture->engine, tide_data_row_get_shape (row), tide_data_row_get_key (row), NULL, raw_cb, &raw);
  iterate_until (has_raw, &raw);
  g_assert_cmpstr (raw.text, ==, "{\"id\":49959}");
  g_free (raw.text);
}

/* What comes new goes to its place; the others stay where they are. */
static void
test_refresh (Fixture       *fixture,
              gconstpointer  data)
{
  const TideDataQuery query = { 0 };
  Load state = { fixture, 0 };

  load (fixture, &query);
  execute (fixture, "INSERT INTO square_orders (_key, _connection, _id, created_at, _raw) VALUES"
                    " (60000, 1, 'new', '2030-01-01T00:00:00.000Z', '{}'), (60001, 1, 'old', '2001-01-01T00:00:00.000Z', '{}');"
                    "UPDATE square_orders SET _deleted = 1 WHERE _key = 50000");
  state.loads = fixture->loaded;
  tide_data_model_refresh (fixture->model);
  iterate_until (is_loaded, &state);
  g_assert_cmpuint (fixture->length, ==, N_ORDERS + N_OTHERS + 1);
  check_id (fixture, 0, "new");
  check_id (fixture, 1, "sq-049999");
  check_id (fixture, N_ORDERS + N_OTHERS, "old");
}

static void
row_gone_cb (gpointer  alive,
             GObject  *row)
{
  (*(guint *)alive)--;
}

/* However far one scrolls, only so many rows are kept. */
static void
test_bounded (Fixture       *fixture,
              gconstpointer  data)
{
  const TideDataQuery query = { 0 };
  guint alive = 0;

  load (fixture, &query);
  for (guint position = 0; position < N_ORDERS; position += 100)
    {
      g_autoptr(TideDataRow) row = row_at (fixture, position);

      g_object_weak_ref (G_OBJECT (row), row_gone_cb, &alive);
      alive++;
    }
  g_assert_cmpuint (alive, <=, 25);
  g_assert_cmpuint (alive, >, 1);
  tide_data_model_clear (fixture->model);
  g_assert_cmpuint (alive, ==, 0);
  g_assert_cmpuint (fixture->length, ==, 0);
}

static void
test_nothing (Fixture       *fixture,
              gconstpointer  data)
{
  const TideDataQuery query = { 0 };
  Load state = { fixture, fixture->loaded };

  tide_data_model_set_query (fixture->model, "unheard_of", &query);
  iterate_until (is_loaded, &state);
  g_assert_null (tide_data_model_get_error (fixture->model));
  g_assert_cmpuint (fixture->length, ==, 0);
  g_assert_true (tide_data_shape_is_empty (tide_data_model_get_shape (fixture->model)));
}

int
main (int   argc,
      char *argv[])
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/data/order", test_order);
  ADD ("/data/sort", test_sort);
  ADD ("/data/search", test_search);
  ADD ("/data/venue", test_venue);
  ADD ("/data/where", test_where);
  ADD ("/data/cells", test_cells);
  ADD ("/data/raw", test_raw);
  ADD ("/data/refresh", test_refresh);
  ADD ("/data/bounded", test_bounded);
  ADD ("/data/nothing", test_nothing);
  return g_test_run ();
}
