/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "sim"

#include "sim-records.h"

#include "tide-time.h"

/* A record as the store has it. */
typedef struct
{
  char     *raw;          /* (owned) */
  gboolean  deleted;
} Row;

static void
row_free (gpointer data)
{
  Row *self = data;

  g_free (self->raw);
  g_free (self);
}

/* Returns: (transfer full): id → Row */
static GHashTable *
load (SimWorld  *world,
      SimQuery  *query,
      guint      account,
      SimStream  stream)
{
  g_autofree char *sql = g_strdup_printf ("SELECT _id, _raw, _deleted FROM sim_%s WHERE _connection = ?",
                                          sim_stream_to_name (stream));
  sqlite3_stmt *statement = sim_query_ask (query, sql);
  GHashTable *rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, row_free);

  sqlite3_bind_int64 (statement, 1, world->connections[account]);
  while (sim_query_next (query, statement))
    {
      Row *row = g_new0 (Row, 1);

      row->raw = g_strdup (sim_query_text (statement, 1));
      row->deleted = sqlite3_column_int (statement, 2) != 0;
      g_hash_table_insert (rows, g_strdup (sim_query_text (statement, 0)), row);
    }
  return rows;
}

static void
check_record (SimWorld        *world,
              GHashTable      *rows,
              const SimRecord *record,
              const char      *why,
              guint            account)
{
  g_autofree char *id = sim_record_dup_id (record);
  g_autofree char *text = sim_record_render (record);
  const Row *row = g_hash_table_lookup (rows, id);
  const char *wrong = NULL;

  if (!sim_record_is_live (record))
    {
      if (row != NULL && !row->deleted)
        wrong = "it is gone at the provider, and not marked as deleted";
    }
  else if (row == NULL)
    wrong = "it is lost";
  else if (row->deleted)
    wrong = "it is marked as deleted, and is there at the provider";
  else if (g_strcmp0 (row->raw, text) != 0)
    wrong = row->raw;
  if (wrong != NULL)
    sim_world_fail (world, "%s: %s of %s, which is %s: %s", why, id, world->accounts[account]->host, text, wrong);
}

/* The clock by which the engine has noted an instant may have been set since; then it is not known when that was. */
static gint64
to_truth (SimWorld *world,
          gint64    wall)
{
  return wall - (sim_world_now (world) - sim_clock_get_truth (world->clock));
}

/* When each partition was begun to be listed last, by true time, if it has been to its end. A listing may have been
 * begun by an earlier run than the one that ended it. */
static GHashTable *
load_listings (SimWorld      *world,
               SimQuery      *query,
               const TideRun *run)
{
  sqlite3_stmt *statement = sim_query_ask (query, "SELECT partition, json_extract (state, '$.listing.id') FROM sync_state"
                                                  " WHERE connection_id = ? AND stream = ?"
                                                  " AND json_extract (state, '$.listing.id') IS NOT NULL"
                                                  " AND json_extract (state, '$.walk') IS NULL");
  GHashTable *listings = g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL, g_free);

  sqlite3_bind_int64 (statement, 1, run->connection_id);
  sqlite3_bind_text (statement, 2, run->stream, -1, SQLITE_TRANSIENT);
  while (sim_query_next (query, statement))
    {
      const char *partition = sim_query_text (statement, 0);
      guint place = *partition != '\0' ? (guint)g_ascii_strtoull (partition + 1, NULL, 10) : 0;
      gint64 began = to_truth (world, tide_time_parse (sim_query_text (statement, 1), -1));

      if (began > world->clock_set)
        g_hash_table_insert (listings, GUINT_TO_POINTER (place), g_memdup2 (&began, sizeof began));
    }
  return listings;
}

static gboolean
has_deleted_parents (SimWorld *world,
                     SimQuery *query,
                     gint64    connection_id)
{
  sqlite3_stmt *statement = sim_query_ask (query, "SELECT count(*) FROM sim_locations WHERE _connection = ? AND _deleted = 1");
  gboolean has;

  sqlite3_bind_int64 (statement, 1, connection_id);
  has = sim_query_next (query, statement) && sqlite3_column_int (statement, 0) > 0;
  sqlite3_reset (statement);
  return has;
}

/**
 * sim_records_check_listing:
 * @run: a full reading that has completed
 *
 * What was there before the listing began, and did not change, is in the store as it is; what was gone before is not.
 */
void
sim_records_check_listing (SimWorld      *world,
                           SimQuery      *query,
                           const TideRun *run)
{
  g_autoptr(GHashTable) listings = load_listings (world, query, run);
  int account = sim_world_find_account (world, run->connection_id);
  g_autoptr(GHashTable) rows = NULL;
  SimStream stream;
  gboolean swept;

  g_assert_true (sim_stream_from_name (run->stream, &stream));
  /* Where it is not known whose record could not be read, or some were not asked for, nothing is judged deleted. */
  swept = run->counts.failed == 0 && (stream != SIM_ORDERS || !has_deleted_parents (world, query, run->connection_id));
  rows = load (world, query, account, stream);
  for (guint i = 0; i < world->accounts[account]->books[stream]->len; i++)
    {
      SimRecord *record = g_ptr_array_index (world->accounts[account]->books[stream], i);
      const gint64 *began = g_hash_table_lookup (listings, GUINT_TO_POINTER (record->place));

      if (began == NULL || record->touched >= *began || (!sim_record_is_live (record) && !swept))
        continue;
      check_record (world, rows, record, "after a full reading", account);
      record->spoilt = 0;
    }
}

static void
check_cursor (SimWorld   *world,
              SimQuery   *query,
              guint       account,
              SimStream   stream,
              guint       place,
              gint64      watermark)
{
  GPtrArray *book = world->accounts[account]->books[stream];
  g_autoptr(GHashTable) rows = load (world, query, account, stream);

  for (guint i = 0; i < book->len; i++)
    {
      SimRecord *record = g_ptr_array_index (book, i);

      if (record->place == place && record->updated <= watermark - SIM_LOOK_BACK && record->spoilt == 0 && !record->gone)
        check_record (world, rows, record, "behind the cursor", account);
    }
}

/**
 * sim_records_check_cursors:
 *
 * No cursor is ahead of its data: what is older than the watermark, less the look-back, is in the store as it is.
 */
void
sim_records_check_cursors (SimWorld *world,
                           SimQuery *query)
{
  sqlite3_stmt *statement = sim_query_ask (query, "SELECT connection_id, stream, partition,"
                                                  " json_extract (state, '$.watermark') FROM sync_state"
                                                  " WHERE json_extract (state, '$.watermark') IS NOT NULL"
                                                  " ORDER BY 1, 2, 3");

  while (sim_query_next (query, statement))
    {
      int account = sim_world_find_account (world, sqlite3_column_int64 (statement, 0));
      const char *partition = sim_query_text (statement, 2);
      gint64 watermark = tide_time_parse (sim_query_text (statement, 3), -1);
      guint place = 0;
      SimStream stream;

      g_assert_true (sim_stream_from_name (sim_query_text (statement, 1), &stream));
      g_assert_cmpint (watermark, !=, TIDE_TIME_INVALID);
      if (stream == SIM_ORDERS)
        place = (guint)g_ascii_strtoull (partition + 1, NULL, 10);
      check_cursor (world, query, account, stream, place, watermark);
    }
}

/** sim_records_check_unique: no record is there twice. */
void
sim_records_check_unique (SimWorld *world,
                          SimQuery *query)
{
  for (SimStream stream = 0; stream < SIM_N_STREAMS; stream++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT count(*) - count(DISTINCT _connection || ' ' || _id) FROM sim_%s",
                                              sim_stream_to_name (stream));

      if (sim_query_int (query, sql) != 0)
        sim_world_fail (world, "some of %s are there twice", sim_stream_to_name (stream));
    }
}

static void
check_known (SimWorld   *world,
             GHashTable *rows,
             guint       account,
             SimStream   stream)
{
  GHashTableIter iter;
  gpointer id, row;

  g_hash_table_iter_init (&iter, rows);
  while (g_hash_table_iter_next (&iter, &id, &row))
    if (sim_account_find (world->accounts[account], stream, id) == NULL)
      sim_world_fail (world, "%s was never at the provider", (char *)id);
}

/** sim_records_check_all: at the end of all troubles the store holds what the provider has, and nothing else. */
void
sim_records_check_all (SimWorld *world,
                       SimQuery *query)
{
  for (guint account = 0; account < SIM_N_ACCOUNTS; account++)
    for (SimStream stream = 0; stream < SIM_N_STREAMS; stream++)
      {
        g_autoptr(GHashTable) rows = load (world, query, account, stream);
        GPtrArray *book = world->accounts[account]->books[stream];

        for (guint i = 0; i < book->len; i++)
          check_record (world, rows, g_ptr_array_index (book, i), "at the end", account);
        check_known (world, rows, account, stream);
      }
}
