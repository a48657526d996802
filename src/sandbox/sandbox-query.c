/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemark-sandbox"

#include "sandbox-query.h"

#include <string.h>

/** sandbox_query_init: asks for all of @table, by creation, oldest first. */
void
sandbox_query_init (SandboxQuery *self,
                    SandboxTable *table)
{
  SandboxQuery query = { .table = table, .sort = SANDBOX_KEY_CREATED, .limit = 100 };

  *self = query;
  for (guint key = 0; key < SANDBOX_KEY_NAME; key++)
    {
      self->ranges[key].from = G_MININT64;
      self->ranges[key].until = G_MAXINT64;
    }
}

/** sandbox_query_clear: frees what the query owns. */
void
sandbox_query_clear (SandboxQuery *self)
{
  g_clear_pointer (&self->parties, g_array_unref);
  g_clear_pointer (&self->texts, g_ptr_array_unref);
}

/** sandbox_query_want: only records in which @member is @value (nullable: any), whichever case it is written in. */
void
sandbox_query_want (SandboxQuery *self,
                    const char   *member,
                    const char   *value)
{
  g_autofree char *text = NULL;

  if (value == NULL)
    return;
  if (self->texts == NULL)
    self->texts = g_ptr_array_new_with_free_func (g_free);
  text = g_strdup_printf ("\"%s\":\"%s\"", member, value);
  g_ptr_array_add (self->texts, g_ascii_strdown (text, -1));
}

static gboolean
has_texts (const SandboxQuery  *self,
           const SandboxRecord *record)
{
  g_auto(SandboxText) text = { 0 };
  g_autofree char *lower = NULL;

  if (self->texts == NULL)
    return TRUE;
  sandbox_table_render (self->table, (guint32)(record - sandbox_table_get (self->table, 0)), &text);
  lower = g_ascii_strdown (text.data, (gssize)text.length);
  for (guint i = 0; i < self->texts->len; i++)
    if (strstr (lower, g_ptr_array_index (self->texts, i)) == NULL)
      return FALSE;
  return TRUE;
}

/** sandbox_page_clear: frees what the page owns. */
void
sandbox_page_clear (SandboxPage *self)
{
  g_clear_pointer (&self->records, g_array_unref);
}

static gboolean
has_party (const GArray *parties,
           guint32       party)
{
  for (guint i = 0; i < parties->len; i++)
    if (g_array_index (parties, guint32, i) == party)
      return TRUE;
  return FALSE;
}

static gboolean
is_in_ranges (const SandboxQuery  *self,
              const SandboxRecord *record)
{
  for (guint key = 0; key < SANDBOX_KEY_NAME; key++)
    {
      const SandboxRange *range = &self->ranges[key];

      if (range->from == G_MININT64 && range->until == G_MAXINT64)
        continue;
      if (key == SANDBOX_KEY_ENDED && self->with_unended && record->times[key] == 0)
        continue;
      if (record->times[key] == 0 || record->times[key] < range->from || record->times[key] > range->until)
        return FALSE;
    }

  return TRUE;
}

/** sandbox_query_match: whether @record, which has not vanished, is asked for. */
gboolean
sandbox_query_match (const SandboxQuery  *self,
                     const SandboxRecord *record)
{
  if (record->deleted && !self->with_deleted)
    return FALSE;
  if (self->locations != 0 && (self->locations & 1u << record->location) == 0)
    return FALSE;
  if (self->states != 0 && (self->states & 1u << record->state) == 0)
    return FALSE;
  if (self->kinds != 0 && (self->kinds & 1u << record->kind) == 0)
    return FALSE;
  if (self->parties != NULL && !has_party (self->parties, record->party))
    return FALSE;
  return is_in_ranges (self, record) && has_texts (self, record);
}

/* Takes one more record; the one beyond the limit only shows that there is a next page. */
static gboolean
page_take (SandboxPage *self,
           guint        limit,
           guint32      record,
           gint64       time,
           guint32      place)
{
  if (self->records->len == limit)
    {
      self->more = TRUE;
      return FALSE;
    }

  g_array_append_val (self->records, record);
  self->cursor.time = time;
  self->cursor.place = place;
  self->cursor.started = TRUE;
  return TRUE;
}

/* By change time: places in the log never move, so the walk takes up just where it was. */
static void
query_walk_log (SandboxQuery        *self,
                const SandboxCursor *cursor,
                SandboxPage         *page)
{
  const SandboxRange *range = &self->ranges[SANDBOX_KEY_UPDATED];
  gint64 low = sandbox_table_find_log (self->table, range->from);
  gint64 high, at;
  guint length;
  const SandboxLogEntry *log = sandbox_table_get_log (self->table, &length);

  high = range->until == G_MAXINT64 ? length : sandbox_table_find_log (self->table, range->until + 1);
  if (self->descending)
    at = cursor != NULL && cursor->started ? (gint64)cursor->place - 1 : high - 1;
  else
    at = cursor != NULL && cursor->started ? (gint64)cursor->place + 1 : low;

  for (; at >= low && at < high; at += self->descending ? -1 : 1)
    if (sandbox_table_is_current (self->table, (guint)at)
        && sandbox_query_match (self, sandbox_table_get (self->table, log[at].record))
        && !page_take (page, self->limit, log[at].record, log[at].time, (guint32)at))
      return;
}

/* How a record lies to the one that a cursor names, whose time may have changed since. */
static int
compare_to_cursor (SandboxQuery        *self,
                   guint32              record,
                   const SandboxCursor *cursor)
{
  gint64 time;

  if (self->sort == SANDBOX_KEY_NAME)
    return sandbox_table_compare (self->table, self->sort, record, cursor->place);

  time = sandbox_table_get (self->table, record)->times[self->sort];
  if (time != cursor->time)
    return time < cursor->time ? -1 : 1;
  return record < cursor->place ? -1 : record > cursor->place;
}

/* The first index that lies after the cursor (or, @inclusive, at it or after). */
static guint
query_find (SandboxQuery        *self,
            const guint32       *sorted,
            guint                length,
            const SandboxCursor *cursor,
            gboolean             inclusive)
{
  guint low = 0;
  guint high = length;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      int order = compare_to_cursor (self, sorted[middle], cursor);

      if (order < 0 || (order == 0 && !inclusive))
        low = middle + 1;
      else
        high = middle;
    }

  return low;
}

static void
query_walk_sorted (SandboxQuery        *self,
                   const SandboxCursor *cursor,
                   SandboxPage         *page)
{
  guint length;
  const guint32 *sorted = sandbox_table_get_sorted (self->table, self->sort, &length);
  gint64 at = self->descending ? (gint64)length - 1 : 0;

  if (cursor != NULL && cursor->started)
    at = self->descending ? (gint64)query_find (self, sorted, length, cursor, TRUE) - 1
                          : query_find (self, sorted, length, cursor, FALSE);
  else if (self->sort != SANDBOX_KEY_NAME)
    {
      const SandboxRange *range = &self->ranges[self->sort];
      SandboxCursor edge = { .time = self->descending ? range->until : range->from,
                             .place = self->descending ? G_MAXUINT32 : 0 };

      at = self->descending ? (gint64)query_find (self, sorted, length, &edge, TRUE) - 1
                            : query_find (self, sorted, length, &edge, TRUE);
    }

  for (; at >= 0 && at < length; at += self->descending ? -1 : 1)
    {
      const SandboxRecord *record = sandbox_table_get (self->table, sorted[at]);

      if (sandbox_query_match (self, record)
          && !page_take (page, self->limit, sorted[at],
                         self->sort == SANDBOX_KEY_NAME ? 0 : record->times[self->sort], sorted[at]))
        return;
    }
}

/**
 * sandbox_query_run:
 * @cursor: (nullable): where the walk stands, %NULL at its start
 * @now: the time of this request
 * @page: (out caller-allocates): the answer
 */
void
sandbox_query_run (SandboxQuery        *self,
                   const SandboxCursor *cursor,
                   gint64               now,
                   SandboxPage         *page)
{
  SandboxCursor next = { .query = self->identity, .until = now };

  if (cursor != NULL)
    next = *cursor;
  page->records = g_array_sized_new (FALSE, FALSE, sizeof (guint32), self->limit);
  page->cursor = next;
  page->cursor.salt = 0;
  page->more = FALSE;
  if (self->open_end && self->sort != SANDBOX_KEY_NAME)
    self->ranges[self->sort].until = next.until;

  if (self->sort == SANDBOX_KEY_UPDATED)
    query_walk_log (self, cursor, page);
  else
    query_walk_sorted (self, cursor, page);
}
