/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include "tide-data-fetch.h"
#include "tide-job.h"

typedef struct
{
  char          *entity;      /* (nullable) */
  TideDataShape *shape;       /* (nullable) */
  TideDataQuery *query;       /* (nullable) */
  gint64        *keys;        /* (nullable) */
  guint          number;      /* of keys, or how many are wanted */
} Question;

static void
question_free (Question *question)
{
  g_free (question->entity);
  g_clear_pointer (&question->shape, tide_data_shape_unref);
  tide_data_query_free (question->query);
  g_free (question->keys);
  g_free (question);
}

/**
 * tide_data_keys_free:
 * @self: (transfer full) (nullable): what to free
 */
void
tide_data_keys_free (TideDataKeys *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->shape, tide_data_shape_unref);
  g_clear_pointer (&self->keys, g_array_unref);
  g_free (self);
}

static gboolean
key_cb (const char * const  *names,
        const TideValue     *values,
        gsize                n_columns,
        gpointer             user_data,
        GError             **error)
{
  g_array_append_val ((GArray *)user_data, values[0].integer);
  return TRUE;
}

static gpointer
keys_job (TideEngine    *engine,
          gpointer       data,
          GCancellable  *cancellable,
          GError       **error)
{
  const Question *question = data;
  g_autoptr(TideDataKeys) self = g_new0 (TideDataKeys, 1);
  g_autofree char *sql = NULL;

  self->keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->shape = tide_data_shape_load (engine, question->entity, cancellable, error);
  if (self->shape == NULL)
    return NULL;
  if (tide_data_shape_is_empty (self->shape))
    return g_steal_pointer (&self);
  sql = tide_data_shape_make_keys (self->shape, question->query, question->number);
  if (!tide_engine_query_sql (engine, sql, 0, key_cb, self->keys, NULL, cancellable, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * tide_data_fetch_keys_async:
 * @entity: of what
 * @query: which records, in which order; copied
 * @limit: at most so many, 0 = all: eight bytes each
 *
 * Reads the keys of records, on a worker thread.
 */
void
tide_data_fetch_keys_async (TideEngine          *engine,
                            const char          *entity,
                            const TideDataQuery *query,
                            guint                limit,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  Question *question = g_new0 (Question, 1);

  question->entity = g_strdup (entity);
  question->query = tide_data_query_copy (query);
  question->number = limit;
  tide_job_run (engine, keys_job, question, (GDestroyNotify)question_free, (GDestroyNotify)tide_data_keys_free,
                cancellable, callback, user_data);
}

/**
 * tide_data_fetch_keys_finish:
 *
 * Returns: (transfer full): the keys, %NULL with @error set on failure
 */
TideDataKeys *
tide_data_fetch_keys_finish (GAsyncResult  *result,
                             GError       **error)
{
  return tide_job_finish (result, error);
}

static char *
value_dup_text (const TideValue *value)
{
  switch (value->kind)
    {
    case TIDE_VALUE_INTEGER:
      return g_strdup_printf ("%" G_GINT64_FORMAT, value->integer);
    case TIDE_VALUE_REAL:
      return g_strdup_printf ("%g", value->real);
    case TIDE_VALUE_TEXT:
      return g_strndup (value->text, value->length);
    case TIDE_VALUE_NULL:
    default:
      return g_strdup ("");
    }
}

static gboolean
row_cb (const char * const  *names,
        const TideValue     *values,
        gsize                n_columns,
        gpointer             user_data,
        GError             **error)
{
  GStrv cells = g_new0 (char *, n_columns + 1);
  gint64 key = values[TIDE_DATA_KEY].integer;

  for (gsize i = 0; i < n_columns; i++)
    cells[i] = value_dup_text (&values[i]);
  g_hash_table_insert (user_data, g_memdup2 (&key, sizeof key), cells);
  return TRUE;
}

static gpointer
rows_job (TideEngine    *engine,
          gpointer       data,
          GCancellable  *cancellable,
          GError       **error)
{
  const Question *question = data;
  g_autoptr(GHashTable) rows = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify)g_strfreev);
  g_autofree char *sql = tide_data_shape_make_rows (question->shape, question->keys, question->number);

  if (!tide_engine_query_sql (engine, sql, 0, row_cb, rows, NULL, cancellable, error))
    return NULL;
  return g_steal_pointer (&rows);
}

/**
 * tide_data_fetch_rows_async:
 * @keys: (array length=n_keys): which records; copied
 *
 * Reads a page of records, on a worker thread.
 */
void
tide_data_fetch_rows_async (TideEngine          *engine,
                            TideDataShape       *shape,
                            const gint64        *keys,
                            guint                n_keys,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  Question *question = g_new0 (Question, 1);

  question->shape = tide_data_shape_ref (shape);
  question->keys = g_memdup2 (keys, n_keys * sizeof *keys);
  question->number = n_keys;
  tide_job_run (engine, rows_job, question, (GDestroyNotify)question_free, (GDestroyNotify)g_hash_table_unref,
                cancellable, callback, user_data);
}

/**
 * tide_data_fetch_rows_finish:
 *
 * Returns: (transfer full) (element-type gint64 GStrv): the records by their keys; those that are gone are left out. %NULL
 *    with @error set on failure
 */
GHashTable *
tide_data_fetch_rows_finish (GAsyncResult  *result,
                             GError       **error)
{
  return tide_job_finish (result, error);
}

static gboolean
raw_cb (const char * const  *names,
        const TideValue     *values,
        gsize                n_columns,
        gpointer             user_data,
        GError             **error)
{
  *(char **)user_data = value_dup_text (&values[0]);
  return TRUE;
}

static gpointer
raw_job (TideEngine    *engine,
         gpointer       data,
         GCancellable  *cancellable,
         GError       **error)
{
  const Question *question = data;
  g_autofree char *sql = tide_data_shape_make_raw (question->shape, question->keys[0]);
  char *raw = NULL;

  if (!tide_engine_query_sql (engine, sql, 1, raw_cb, &raw, NULL, cancellable, error))
    return NULL;
  return raw != NULL ? raw : g_strdup ("");
}

/**
 * tide_data_fetch_raw_async:
 *
 * Reads a record as it was received, on a worker thread.
 */
void
tide_data_fetch_raw_async (TideEngine          *engine,
                           TideDataShape       *shape,
                           gint64               key,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  Question *question = g_new0 (Question, 1);

  question->shape = tide_data_shape_ref (shape);
  question->keys = g_memdup2 (&key, sizeof key);
  tide_job_run (engine, raw_job, question, (GDestroyNotify)question_free, g_free, cancellable, callback, user_data);
}

/**
 * tide_data_fetch_raw_finish:
 *
 * Returns: (transfer full): the text, empty where the record is gone; %NULL with @error set on failure
 */
char *
tide_data_fetch_raw_finish (GAsyncResult  *result,
                            GError       **error)
{
  return tide_job_finish (result, error);
}
