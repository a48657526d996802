/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemark-sandbox"

#include "sandbox-table.h"

#include <string.h>

/* The log lists records in the order in which they last changed. A record that changes
 * gets a new entry at the end and its old one becomes a hole, so a place in the log
 * means the same for ever and can stand in a cursor. Other orders are sorted when asked
 * for and kept until something changes. */
struct _SandboxTable
{
  gpointer           owner;
  SandboxRenderFunc  render;
  SandboxCompareFunc compare_names;       /* (nullable) */
  GArray            *records;             /* (owned) (element-type SandboxRecord) */
  GArray            *log;                 /* (owned) (element-type SandboxLogEntry) */
  GArray            *sorted[SANDBOX_N_KEYS];   /* (owned) (nullable) (element-type guint32) */
  guint              sorted_at[SANDBOX_N_KEYS];
  SandboxArena      *arena;               /* (owned) (nullable): texts rendered in advance */
  SandboxText        scratch;             /* (owned) */
  GHashTable        *ids;                 /* (owned) (nullable): text to number, of the first n_known records */
  guint              n_known;
  guint              changes;
  gboolean           settled;
};

/**
 * sandbox_table_new:
 * @owner: (transfer none): given to the functions
 * @render: writes a record as it is served
 * @compare_names: (nullable): orders by name
 * @keep_texts: render at each change and keep the text, rather than at each request
 *
 * Returns: (transfer full): an empty table that does not render until it is settled
 */
SandboxTable *
sandbox_table_new (gpointer           owner,
                   SandboxRenderFunc  render,
                   SandboxCompareFunc compare_names,
                   gboolean           keep_texts)
{
  SandboxTable *self = g_new0 (SandboxTable, 1);

  self->owner = owner;
  self->render = render;
  self->compare_names = compare_names;
  self->records = g_array_new (FALSE, TRUE, sizeof (SandboxRecord));
  self->log = g_array_new (FALSE, FALSE, sizeof (SandboxLogEntry));
  self->arena = keep_texts ? sandbox_arena_new () : NULL;
  return self;
}

/** sandbox_table_free: frees the table and its records. */
void
sandbox_table_free (SandboxTable *self)
{
  for (guint i = 0; i < SANDBOX_N_KEYS; i++)
    g_clear_pointer (&self->sorted[i], g_array_unref);
  g_array_unref (self->records);
  g_array_unref (self->log);
  g_clear_pointer (&self->arena, sandbox_arena_free);
  g_clear_pointer (&self->ids, g_hash_table_unref);
  sandbox_text_clear (&self->scratch);
  g_free (self);
}

/**
 * sandbox_table_add:
 * @ref: the record's number at the owner
 * @created: its creation time
 *
 * Adds a record that nobody sees before its first sandbox_table_touch(), so that the
 * caller can fill in the rest.
 *
 * Returns: the record's number in this table
 */
guint32
sandbox_table_add (SandboxTable *self,
                   guint32       ref,
                   gint64        created)
{
  SandboxRecord record = { .ref = ref, .place = G_MAXUINT32 };

  record.times[SANDBOX_KEY_CREATED] = created;
  g_array_append_val (self->records, record);
  return self->records->len - 1;
}

/** sandbox_table_get: (transfer none): valid until the next record is added. */
SandboxRecord *
sandbox_table_get (SandboxTable *self,
                   guint32       id)
{
  return &g_array_index (self->records, SandboxRecord, id);
}

/** sandbox_table_get_size: how many records there ever were. */
guint
sandbox_table_get_size (SandboxTable *self)
{
  return self->records->len;
}

/** sandbox_table_count: how many live ones of @kinds (0: any) there are. */
guint
sandbox_table_count (SandboxTable *self,
                     guint         kinds)
{
  guint count = 0;

  for (guint32 id = 0; id < self->records->len; id++)
    count += sandbox_record_is_live (sandbox_table_get (self, id), kinds);
  return count;
}

static void
table_keep_text (SandboxTable  *self,
                 SandboxRecord *record)
{
  self->scratch.length = 0;
  self->render (self->owner, record, &self->scratch);
  record->span = sandbox_arena_append (self->arena, self->scratch.data, self->scratch.length);
}

/**
 * sandbox_table_touch:
 * @now: the time of the change; must not lie before the one of an earlier change
 *
 * Notes that the record changed: it is now the last in the order of changes.
 */
void
sandbox_table_touch (SandboxTable *self,
                     guint32       id,
                     gint64        now)
{
  SandboxRecord *record = sandbox_table_get (self, id);
  SandboxLogEntry entry = { .time = now, .record = id };

  g_assert (self->log->len == 0 || g_array_index (self->log, SandboxLogEntry, self->log->len - 1).time <= now);

  record->times[SANDBOX_KEY_UPDATED] = now;
  record->place = self->log->len;
  g_array_append_val (self->log, entry);
  self->changes++;
  if (self->arena != NULL && self->settled)
    table_keep_text (self, record);
}

/** sandbox_table_remove: the record vanishes; the caller keeps what it knows of it. */
void
sandbox_table_remove (SandboxTable *self,
                      guint32       id)
{
  sandbox_table_get (self, id)->gone = TRUE;
  self->changes++;
}

/** sandbox_table_bury: the record is deleted but leaves a tombstone. */
void
sandbox_table_bury (SandboxTable *self,
                    guint32       id,
                    gint64        now)
{
  sandbox_table_get (self, id)->deleted = TRUE;
  sandbox_table_touch (self, id, now);
}

/**
 * sandbox_table_settle:
 *
 * Ends the making of history: drops the holes that it left in the log and renders what
 * is to be kept as text, in the order of changes, so that neighbours lie side by side.
 */
void
sandbox_table_settle (SandboxTable *self)
{
  SandboxLogEntry *log = (SandboxLogEntry *)(gpointer)self->log->data;
  guint kept = 0;

  for (guint i = 0; i < self->log->len; i++)
    {
      SandboxRecord *record = sandbox_table_get (self, log[i].record);

      if (record->place != i || record->gone)
        continue;
      record->place = kept;
      log[kept++] = log[i];
      if (self->arena != NULL)
        table_keep_text (self, record);
    }

  g_array_set_size (self->log, kept);
  self->settled = TRUE;
  self->changes++;
}

/** sandbox_table_get_log: (transfer none): all entries, holes included. */
const SandboxLogEntry *
sandbox_table_get_log (SandboxTable *self,
                       guint        *out_length)
{
  *out_length = self->log->len;
  return (const SandboxLogEntry *)(gconstpointer)self->log->data;
}

/** sandbox_table_find_log: the first place whose time is not before @time. */
guint
sandbox_table_find_log (SandboxTable *self,
                        gint64        time)
{
  guint low = 0;
  guint high = self->log->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->log, SandboxLogEntry, middle).time < time)
        low = middle + 1;
      else
        high = middle;
    }

  return low;
}

/** sandbox_table_is_current: whether the log's entry at @place is not a hole. */
gboolean
sandbox_table_is_current (SandboxTable *self,
                          guint         place)
{
  guint32 id = g_array_index (self->log, SandboxLogEntry, place).record;
  const SandboxRecord *record = sandbox_table_get (self, id);

  return record->place == place && !record->gone;
}

/** sandbox_table_compare: orders two records by @key, equal ones by their number. */
int
sandbox_table_compare (SandboxTable *self,
                       SandboxKey    key,
                       guint32       a,
                       guint32       b)
{
  const SandboxRecord *first = sandbox_table_get (self, a);
  const SandboxRecord *second = sandbox_table_get (self, b);
  int order = 0;

  if (key == SANDBOX_KEY_NAME)
    order = self->compare_names (self->owner, first, second);
  else if (first->times[key] != second->times[key])
    order = first->times[key] < second->times[key] ? -1 : 1;
  if (order == 0)
    order = a < b ? -1 : a > b;
  return order;
}

typedef struct
{
  SandboxTable *table;
  SandboxKey    key;
} SortBy;

static int
compare_ids (gconstpointer a,
             gconstpointer b,
             gpointer      data)
{
  const SortBy *by = data;

  return sandbox_table_compare (by->table, by->key, *(const guint32 *)a, *(const guint32 *)b);
}

/**
 * sandbox_table_get_sorted:
 * @out_length: (out): how many there are
 *
 * Returns: (transfer none): the numbers of all visible records (tombstones included),
 *   by @key; valid until the next change
 */
const guint32 *
sandbox_table_get_sorted (SandboxTable *self,
                          SandboxKey    key,
                          guint        *out_length)
{
  SortBy by = { self, key };
  GArray *sorted = self->sorted[key];

  if (sorted == NULL)
    sorted = self->sorted[key] = g_array_new (FALSE, FALSE, sizeof (guint32));

  if (self->sorted_at[key] != self->changes)
    {
      g_array_set_size (sorted, 0);
      for (guint32 id = 0; id < self->records->len; id++)
        {
          const SandboxRecord *record = sandbox_table_get (self, id);

          if (!record->gone && record->place != G_MAXUINT32)
            g_array_append_val (sorted, id);
        }
      g_array_sort_with_data (sorted, compare_ids, &by);
      self->sorted_at[key] = self->changes;
    }

  *out_length = sorted->len;
  return (const guint32 *)(gconstpointer)sorted->data;
}

/** sandbox_table_render: appends the record as it is served. */
void
sandbox_table_render (SandboxTable *self,
                      guint32       id,
                      SandboxText  *text)
{
  const SandboxRecord *record = sandbox_table_get (self, id);

  if (self->arena != NULL)
    sandbox_text_raw (text, sandbox_arena_peek (self->arena, &record->span), record->span.length);
  else
    self->render (self->owner, record, text);
}

/* A record's own id comes before those of what it holds. */
static char *
table_cut_id (SandboxTable *self,
              guint32       id)
{
  static const char key[] = "\"id\":\"";
  g_auto(SandboxText) text = { 0 };
  const char *begin;

  sandbox_table_render (self, id, &text);
  sandbox_text_char (&text, '\0');
  begin = strstr (text.data, key) + strlen (key);
  return g_strndup (begin, strcspn (begin, "\""));
}

/**
 * sandbox_table_find:
 * @text: a record's id as clients know it
 * @out_id: (out): the record's number
 *
 * Returns: %FALSE if there is no such record, or it has vanished
 */
gboolean
sandbox_table_find (SandboxTable *self,
                    const char   *text,
                    guint32      *out_id)
{
  gpointer found;

  /* Nobody asks for ids in most runs, so they are only learnt when somebody does. */
  if (self->ids == NULL)
    self->ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (; self->n_known < self->records->len; self->n_known++)
    if (!sandbox_table_get (self, self->n_known)->gone)
      g_hash_table_insert (self->ids, table_cut_id (self, self->n_known), GUINT_TO_POINTER (self->n_known));

  if (!g_hash_table_lookup_extended (self->ids, text, NULL, &found))
    return FALSE;
  *out_id = GPOINTER_TO_UINT (found);
  return !sandbox_table_get (self, *out_id)->gone;
}

/** sandbox_table_get_arena: (transfer none) (nullable): where kept texts lie. */
SandboxArena *
sandbox_table_get_arena (SandboxTable *self)
{
  return self->arena;
}
