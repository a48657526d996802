/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-test"

#include "store-fixture.h"

#include <string.h>

/*
 * Random runs, with the store on one side and the simplest thing that could be right on the other: a hash table
 * of what each record is. Runs are full, resumed, incremental and dry; batches hold new, changed, deleted and
 * broken records and the same one twice; transactions are lost and runs break off.
 */
typedef struct
{
  gint64   total;
  gboolean deleted;
  gboolean created_in_listing;
  gboolean seen;
} Known;

typedef struct
{
  StoreFixture *fixture;
  GRand        *rand;
  GHashTable   *rows;         /* id -> Known */
  GHashTable   *failures;     /* set of ids */
  gint64        n_changes;
} Model;

typedef struct
{
  char  id[16];
  enum { GOOD, DELETED, BAD, SKIPPED } kind;
  gint64 total;
} Item;

#define N_IDS 60
#define N_TOTALS 3

static Known *
known_copy (const Known *known)
{
  return g_memdup2 (known, sizeof *known);
}

static GHashTable *
copy_rows (GHashTable *rows)
{
  GHashTable *copy = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GHashTableIter iter;
  gpointer id;
  gpointer known;

  g_hash_table_iter_init (&iter, rows);
  while (g_hash_table_iter_next (&iter, &id, &known))
    g_hash_table_insert (copy, g_strdup (id), known_copy (known));
  return copy;
}

static GHashTable *
copy_set (GHashTable *set)
{
  GHashTable *copy = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer id;

  g_hash_table_iter_init (&iter, set);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    g_hash_table_add (copy, g_strdup (id));
  return copy;
}

static GArray *
random_items (Model *model)
{
  GArray *items = g_array_new (FALSE, TRUE, sizeof (Item));
  int n = g_rand_int_range (model->rand, 0, 30);

  for (int i = 0; i < n; i++)
    {
      Item item = { .kind = GOOD };
      int dice = g_rand_int_range (model->rand, 0, 100);

      g_snprintf (item.id, sizeof item.id, "r%d", g_rand_int_range (model->rand, 0, N_IDS));
      item.total = g_rand_int_range (model->rand, 0, N_TOTALS);
      if (dice < 8)
        item.kind = DELETED;
      else if (dice < 14)
        item.kind = BAD;
      else if (dice < 17)
        item.kind = SKIPPED;
      g_array_append_val (items, item);
    }
  return items;
}

/* The batch stores its good records before its bad ones, and so does the model. */
static TideRecordBatch *
make_batch (GArray *items)
{
  TideRecordBatch *batch = store_batch_new ();

  for (guint i = 0; i < items->len; i++)
    {
      const Item *item = &g_array_index (items, Item, i);

      if (item->kind == GOOD)
        store_batch_add (batch, item->id, item->total);
      else if (item->kind == DELETED)
        store_batch_add_deleted (batch, item->id);
      else if (item->kind == BAD)
        tide_record_batch_add_bad (batch, item->id, "bad", "{}", 2);
      else
        tide_record_batch_add_skipped (batch);
    }
  return batch;
}

static void
model_good (Model      *model,
            const Item *item,
            gboolean    full,
            TideCounts *counts)
{
  Known *known = g_hash_table_lookup (model->rows, item->id);

  if (known == NULL)
    {
      known = g_new0 (Known, 1);
      known->created_in_listing = full;
      g_hash_table_insert (model->rows, g_strdup (item->id), known);
      counts->created++;
    }
  else if (known->deleted || known->total != item->total)
    {
      counts->updated++;
      model->n_changes++;
    }
  else
    counts->unchanged++;
  known->total = item->total;
  known->deleted = FALSE;
  known->seen = TRUE;
  g_hash_table_remove (model->failures, item->id);
}

static void
model_deleted (Model      *model,
               const Item *item,
               TideCounts *counts)
{
  Known *known = g_hash_table_lookup (model->rows, item->id);

  if (known == NULL)
    {
      counts->skipped++;
      return;
    }
  known->seen = TRUE;
  if (known->deleted)
    {
      counts->unchanged++;
      g_hash_table_remove (model->failures, item->id);
      return;
    }
  known->deleted = TRUE;
  counts->updated++;
  counts->deleted++;
  model->n_changes++;
}

static void
model_batch (Model      *model,
             GArray     *items,
             gboolean    full,
             TideCounts *counts)
{
  for (guint i = 0; i < items->len; i++)
    {
      const Item *item = &g_array_index (items, Item, i);

      counts->read++;
      if (item->kind == GOOD)
        model_good (model, item, full, counts);
      else if (item->kind == DELETED)
        model_deleted (model, item, counts);
      else if (item->kind == SKIPPED)
        counts->skipped++;
    }
  for (guint i = 0; i < items->len; i++)
    {
      const Item *item = &g_array_index (items, Item, i);
      Known *known = g_hash_table_lookup (model->rows, item->id);

      if (item->kind != BAD)
        continue;
      counts->failed++;
      g_hash_table_add (model->failures, g_strdup (item->id));
      if (known != NULL)
        known->seen = TRUE;
    }
}

static void
model_sweep (Model      *model,
             TideCounts *counts)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, model->rows);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Known *known = value;

      if (known->seen || known->created_in_listing || known->deleted)
        continue;
      known->deleted = TRUE;
      counts->deleted++;
      model->n_changes++;
    }
}

static void
model_begin_listing (Model *model)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, model->rows);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Known *known = value;

      known->seen = FALSE;
      known->created_in_listing = FALSE;
    }
}

static int
compare_strings (gconstpointer a,
                 gconstpointer b)
{
  return strcmp (*(const char * const *)a, *(const char * const *)b);
}

static char *
describe_model (Model *model)
{
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer id;
  gpointer value;

  g_hash_table_iter_init (&iter, model->rows);
  while (g_hash_table_iter_next (&iter, &id, &value))
    {
      const Known *known = value;

      g_ptr_array_add (lines, g_strdup_printf ("%s|%d|%d|{\"id\": \"%s\", \"total\": %d}", (char *)id,
                                               (int)known->total, known->deleted, (char *)id, (int)known->total));
    }
  g_hash_table_iter_init (&iter, model->failures);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    g_ptr_array_add (lines, g_strdup_printf ("!%s", (char *)id));
  g_ptr_array_sort (lines, compare_strings);
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **)lines->pdata);
}

static void
assert_same (Model *model)
{
  g_autofree char *expected = describe_model (model);
  g_autofree char *text = NULL;

  text = store_fixture_query_text (model->fixture,
                                   "SELECT line FROM (SELECT _id || '|' || total || '|' || _deleted || '|' || _raw AS line"
                                   " FROM shop_orders UNION ALL SELECT '!' || record_id FROM sync_failures) ORDER BY line");
  g_assert_cmpstr (text, ==, expected);
  g_assert_cmpint (store_fixture_query_int (model->fixture, "SELECT count(*) FROM record_changes"), ==,
                   model->n_changes);
}

static void
assert_same_counts (const TideCounts *counts,
                    const TideCounts *expected)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (tide_counts_check (counts, &error));
  g_assert_cmpmem (counts, sizeof *counts, expected, sizeof *expected);
}

/* One transaction of one or more batches; sometimes it is lost. Returns whether it is in the store. */
static gboolean
do_transaction (Model            *model,
                TideRecordWriter *writer,
                gboolean          full,
                TideCounts       *counts)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideWrite) write = tide_store_begin_write (model->fixture->store, NULL, &error);
  g_autoptr(GHashTable) rows = copy_rows (model->rows);
  g_autoptr(GHashTable) failures = copy_set (model->failures);
  gint64 n_changes = model->n_changes;
  gboolean keep = g_rand_int_range (model->rand, 0, 5) != 0;
  int n_batches = g_rand_int_range (model->rand, 1, 4);
  TideCounts got = { 0 };
  TideCounts expected = { 0 };

  g_assert_no_error (error);
  for (int i = 0; i < n_batches; i++)
    {
      g_autoptr(GArray) items = random_items (model);
      g_autoptr(TideRecordBatch) batch = make_batch (items);

      model_batch (model, items, full, &expected);
      g_assert_true (tide_record_writer_write (writer, write, batch, &got, &error));
    }
  assert_same_counts (&got, &expected);
  if (keep || g_rand_boolean (model->rand))
    g_assert_true (tide_record_writer_flush (writer, write, &error));
  if (keep)
    {
      g_assert_true (tide_write_commit (write, &error));
      tide_counts_add (counts, &got);
      return TRUE;
    }
  g_hash_table_unref (model->rows);
  g_hash_table_unref (model->failures);
  model->rows = g_steal_pointer (&rows);
  model->failures = g_steal_pointer (&failures);
  model->n_changes = n_changes;
  if (g_rand_boolean (model->rand))
    tide_record_writer_rolled_back (writer);
  return FALSE;
}

/* What a dry run says must be what the same batch then does. */
static void
do_rehearsal (Model *model,
              int    flags)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRecordWriter) writer = NULL;
  g_autoptr(GHashTable) rows = copy_rows (model->rows);
  g_autoptr(GHashTable) failures = copy_set (model->failures);
  gint64 n_changes = model->n_changes;
  TideCounts got = { 0 };
  TideCounts expected = { 0 };
  gboolean full = (flags & TIDE_RECORD_WRITER_FULL) != 0;

  writer = tide_record_writer_new (model->fixture->store, &store_orders, model->fixture->connection_id, 1,
                                   flags | TIDE_RECORD_WRITER_DRY, NULL, &error);
  g_assert_no_error (error);
  if (full)
    model_begin_listing (model);
  for (int i = 0; i < 3; i++)
    {
      g_autoptr(GArray) items = random_items (model);
      g_autoptr(TideRecordBatch) batch = make_batch (items);

      model_batch (model, items, full, &expected);
      g_assert_true (tide_record_writer_write (writer, NULL, batch, &got, &error));
    }
  assert_same_counts (&got, &expected);
  g_hash_table_unref (model->rows);
  g_hash_table_unref (model->failures);
  model->rows = g_steal_pointer (&rows);
  model->failures = g_steal_pointer (&failures);
  model->n_changes = n_changes;
}

static void
do_end (Model            *model,
        TideRecordWriter *writer,
        gboolean          full)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideWrite) write = tide_store_begin_write (model->fixture->store, NULL, &error);
  TideCounts got = { 0 };
  TideCounts expected = { 0 };
  gint64 n_unseen = 0;
  gint64 n_live;

  if (full)
    {
      model_sweep (model, &expected);
      g_assert_true (tide_record_writer_count_unseen (writer, write, &n_unseen, &n_live, &error));
      g_assert_cmpint (n_unseen, ==, expected.deleted);
      g_assert_true (tide_record_writer_sweep (writer, write, &got, &error));
      g_assert_cmpint (got.deleted, ==, expected.deleted);
    }
  g_assert_true (tide_record_writer_finish (writer, write, &error));
  g_assert_true (tide_record_writer_flush (writer, write, &error));
  g_assert_true (tide_write_commit (write, &error));
}

static TideRecordWriter *
make_writer (Model *model,
             int    flags)
{
  g_autoptr(GError) error = NULL;
  gint64 run = store_fixture_add_run (model->fixture, model->fixture->connection_id, TIDE_RUN_MODE_FULL);
  TideRecordWriter *writer;

  writer = tide_record_writer_new (model->fixture->store, &store_orders, model->fixture->connection_id, run,
                                   flags, NULL, &error);
  g_assert_no_error (error);
  return writer;
}

/* A full run that may break off several times and be resumed, or an incremental one. */
static void
do_run (Model *model)
{
  gboolean full = g_rand_boolean (model->rand);
  int flags = full ? TIDE_RECORD_WRITER_FULL : TIDE_RECORD_WRITER_NONE;
  g_autoptr(TideRecordWriter) writer = make_writer (model, flags);
  int n = g_rand_int_range (model->rand, 1, 6);
  gboolean begun = FALSE;
  TideCounts counts = { 0 };

  if (full)
    model_begin_listing (model);
  for (int i = 0; i < n; i++)
    {
      if (do_transaction (model, writer, full, &counts))
        begun = TRUE;
      if (g_rand_int_range (model->rand, 0, 4) != 0)
        continue;
      /* Broken off: the next program goes on. Before anything was committed, there is nothing to go on with. */
      tide_record_writer_free (writer);
      writer = make_writer (model, full && begun ? flags | TIDE_RECORD_WRITER_RESUME : flags);
    }
  if (begun && g_rand_int_range (model->rand, 0, 5) != 0)
    do_end (model, writer, full);
}

static void
run_seed (guint32 seed)
{
  StoreFixture fixture = { NULL };
  Model model = { &fixture };

  store_fixture_set_up (&fixture, NULL);
  model.rand = g_rand_new_with_seed (seed);
  model.rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  model.failures = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (int i = 0; i < 6; i++)
    {
      do_run (&model);
      assert_same (&model);
      do_rehearsal (&model, g_rand_boolean (model.rand) ? TIDE_RECORD_WRITER_FULL : TIDE_RECORD_WRITER_NONE);
      assert_same (&model);
    }
  g_hash_table_unref (model.rows);
  g_hash_table_unref (model.failures);
  g_rand_free (model.rand);
  store_fixture_tear_down (&fixture, NULL);
}

static void
test_random (void)
{
  int n_seeds = g_test_thorough () ? 1000 : 40;

  for (int i = 0; i < n_seeds; i++)
    {
      guint32 seed = (guint32)g_test_rand_int ();

      g_test_message ("seed %u", seed);
      run_seed (seed);
    }
}

/* Seeds that once found something. */
static void
test_known_seeds (void)
{
  static const guint32 seeds[] = { 1, 2, 3, 4, 5 };

  for (gsize i = 0; i < G_N_ELEMENTS (seeds); i++)
    run_seed (seeds[i]);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/random/known-seeds", test_known_seeds);
  g_test_add_func ("/store/random/any", test_random);
  return g_test_run ();
}
