/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "sim"

#include "sim-listing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tide-time.h"

#define HUGE_NOTE (200 * 1024)

/* A page while it is put together. */
typedef struct
{
  const SimAsk *ask;
  GPtrArray    *records;      /* (owned) of borrowed SimRecord: all that fit, in order */
  gint64        sign;         /* of the order: 1 for ascending, -1 for descending */
  gboolean      by_created;
  guint         first;        /* index of the page's first record */
  guint         end;
} Page;

static const char *
get (const SimAsk *ask,
     const char   *name)
{
  return g_hash_table_lookup (ask->query, name);
}

static guint
get_number (const SimAsk *ask,
            const char   *name,
            guint         fallback)
{
  const char *text = get (ask, name);

  return text != NULL ? (guint)atoi (text) : fallback;
}

static gint64
page_get_key (const Page      *self,
              const SimRecord *record)
{
  return self->sign * (self->by_created ? record->created : record->updated);
}

static int
compare (const Page *self,
         gint64      left_key,
         guint       left_number,
         gint64      right_key,
         guint       right_number)
{
  if (left_key != right_key)
    return left_key < right_key ? -1 : 1;
  return left_number < right_number ? -1 : left_number > right_number;
}

static int
compare_records (gconstpointer a,
                 gconstpointer b,
                 gpointer      user_data)
{
  const SimRecord *left = *(const SimRecord **)a;
  const SimRecord *right = *(const SimRecord **)b;
  const Page *self = user_data;

  return compare (self, page_get_key (self, left), left->number, page_get_key (self, right), right->number);
}

static gboolean
is_odd_enough (const SimAsk    *ask,
               const SimRecord *record)
{
  const char *odd = get (ask, "odd");

  return odd == NULL || (record->number % 2 == 1) == g_str_equal (odd, "true");
}

static gboolean
is_asked_for (const SimAsk    *ask,
              const SimRecord *record)
{
  const char *ids = get (ask, "ids");
  g_auto(GStrv) list = ids != NULL ? g_strsplit (ids, ",", -1) : NULL;
  g_autofree char *id = sim_record_dup_id (record);

  return list == NULL || g_strv_contains ((const char * const *)list, id);
}

static void
page_select (Page *self)
{
  const SimAsk *ask = self->ask;
  GPtrArray *book = ask->account->books[ask->stream];
  const char *since = get (ask, "since");
  gint64 edge = since != NULL ? tide_time_parse (since, -1) : G_MININT64;
  const char *place = get (ask, "place");
  guint number = place != NULL ? (guint)atoi (place + 1) : 0;

  g_assert_true (since == NULL || edge != TIDE_TIME_INVALID);
  for (guint i = 0; i < book->len; i++)
    {
      SimRecord *record = g_ptr_array_index (book, i);

      if (!record->gone && record->updated >= edge && (place == NULL || record->place == number) &&
          is_odd_enough (ask, record) && is_asked_for (ask, record))
        g_ptr_array_add (self->records, record);
    }
  g_ptr_array_sort_with_data (self->records, compare_records, self);
}

/* A cursor is the key and the number of the last record that was told; so what comes and goes shifts nothing. */
static guint
page_find (const Page *self,
           const char *cursor)
{
  gint64 key;
  guint number;
  guint at = 0;

  if (sscanf (cursor, "k%" G_GINT64_FORMAT ".%u", &key, &number) != 2)
    return 0;
  while (at < self->records->len)
    {
      const SimRecord *record = g_ptr_array_index (self->records, at);

      if (compare (self, page_get_key (self, record), record->number, key, number) > 0)
        break;
      at++;
    }
  return at;
}

static void
page_place (Page *self)
{
  guint size = get_number (self->ask, "limit", 10);
  const char *cursor = get (self->ask, "cursor");

  if (cursor != NULL)
    self->first = page_find (self, cursor);
  else
    self->first = (get_number (self->ask, "page", 1) - 1) * size;
  self->first = MIN (self->first, self->records->len);
  self->end = MIN (self->first + size, self->records->len);
}

static void
page_spoil (const Page *self,
            guint       from,
            guint       until)
{
  for (guint i = from; i < MIN (until, self->records->len); i++)
    sim_record_spoil (g_ptr_array_index (self->records, i), self->ask->now);
}

static void
append_next (const Page *self,
             GString    *answer,
             guint       at,
             gboolean    salted)
{
  const SimRecord *last = at > 0 ? g_ptr_array_index (self->records, at - 1) : NULL;

  if (last != NULL)
    g_string_append_printf (answer, ",\"cursor\":\"k%" G_GINT64_FORMAT ".%u", page_get_key (self, last), last->number);
  else
    g_string_append (answer, ",\"cursor\":\"start");
  if (salted)
    g_string_append_printf (answer, "~%u", self->ask->salt);
  g_string_append_c (answer, '"');
}

/* Where the next page is, in the way that the stream pages. */
static void
page_append_next (const Page *self,
                  GString    *answer)
{
  const char *cursor = get (self->ask, "cursor");

  if (get (self->ask, "page") != NULL)
    return;
  if (self->ask->fault == SIM_FAULT_CURSOR_LOOP && cursor != NULL)
    g_string_append_printf (answer, ",\"cursor\":\"%s\"", cursor);
  else if (self->end < self->records->len)
    append_next (self, answer, self->end, FALSE);
}

/* The same again, or nothing at all, and after it the page that was asked for. */
static void
page_append_detour (Page     *self,
                    GString  *answer,
                    guint    *from,
                    guint    *until)
{
  *until = self->first;
  *from = self->ask->fault == SIM_FAULT_DUPLICATE_PAGE ? self->first - MIN (self->first, self->end - self->first)
                                                       : self->first;
  append_next (self, answer, self->first, TRUE);
}

static gboolean
page_takes_detour (const Page *self)
{
  SimFault fault = self->ask->fault;

  return get (self->ask, "page") == NULL && (fault == SIM_FAULT_DUPLICATE_PAGE || fault == SIM_FAULT_EMPTY_PAGE);
}

/* What numbered pages cannot tell later is not told at all. */
static void
page_shift (Page  *self,
            guint *from,
            guint *until)
{
  gboolean numbered = get (self->ask, "page") != NULL;

  if (self->ask->fault == SIM_FAULT_SHIFTED_BACK && self->first > 0)
    {
      (*from)--;
      if (numbered && *until > *from + 1)
        (*until)--;
      if (numbered)
        page_spoil (self, *until, self->end);
    }
  else if (self->ask->fault == SIM_FAULT_SHIFTED_ON && self->first < self->end)
    {
      page_spoil (self, *from, *from + 1);
      (*from)++;
    }
  else if (self->ask->fault == SIM_FAULT_EMPTY_PAGE && numbered)
    {
      page_spoil (self, *from, self->records->len);
      *until = *from;
    }
}

/* A further member at its end; the last of several of one name is the one that counts, if any does. */
static void
append_spoilt (GString         *answer,
               const SimRecord *record,
               const char      *member)
{
  g_autofree char *text = sim_record_render (record);

  g_string_append_len (answer, text, strlen (text) - 1);
  g_string_append_printf (answer, ",%s}", member);
}

static void
append_bad_record (GString         *answer,
                   const SimRecord *record,
                   SimFault         fault)
{
  g_autofree char *note = g_strnfill (HUGE_NOTE, 'x');
  g_autofree char *huge = g_strdup_printf ("\"note\":\"%s\"", note);

  if (fault == SIM_FAULT_RECORD_NO_OBJECT)
    g_string_append (answer, "\"oops\"");
  else if (fault == SIM_FAULT_RECORD_NO_ID)
    g_string_append (answer, "{\"name\":\"nobody\"}");
  else if (fault == SIM_FAULT_RECORD_BAD_VALUE)
    {
      g_autofree char *id = sim_record_dup_id (record);

      g_string_append_printf (answer, "{\"id\":\"%s\",\"total\":\"many\",\"updated_at\":\"noon\"}", id);
    }
  else if (fault == SIM_FAULT_BAD_UTF8)
    append_spoilt (answer, record, "\"note\":\"\xff\xfe\"");
  else
    append_spoilt (answer, record, huge);
}

static gboolean
is_of_a_record (SimFault fault)
{
  return fault == SIM_FAULT_RECORD_NO_OBJECT || fault == SIM_FAULT_RECORD_NO_ID || fault == SIM_FAULT_RECORD_BAD_VALUE ||
         fault == SIM_FAULT_RECORD_HUGE || fault == SIM_FAULT_BAD_UTF8;
}

static void
page_append_records (const Page *self,
                     GString    *answer,
                     guint       from,
                     guint       until)
{
  guint bad = is_of_a_record (self->ask->fault) && until > from ? from + self->ask->salt % (until - from) : G_MAXUINT;

  g_string_append (answer, ",\"items\":[");
  for (guint i = from; i < until; i++)
    {
      SimRecord *record = g_ptr_array_index (self->records, i);
      g_autofree char *text = sim_record_render (record);

      if (i > from)
        g_string_append_c (answer, ',');
      if (i != bad)
        g_string_append (answer, text);
      else
        {
          sim_record_spoil (record, self->ask->now);
          append_bad_record (answer, record, self->ask->fault);
        }
    }
  g_string_append_c (answer, ']');
}

static guint
page_get_total (const Page *self)
{
  guint total = self->records->len;

  if (self->ask->fault == SIM_FAULT_TOTAL_MORE)
    return total + 1 + self->ask->salt % 5;
  if (self->ask->fault == SIM_FAULT_TOTAL_LESS)
    return total - MIN (total, 1 + self->ask->salt % 5);
  return total;
}

/**
 * sim_listing_answer:
 *
 * Puts a page together as it is asked for, and as its fault would have it; what the fault leaves out or spoils is marked.
 *
 * Returns: (transfer full): JSON
 */
GString *
sim_listing_answer (const SimAsk *ask)
{
  const char *order = get (ask, "order");
  Page page = { .ask = ask, .sign = g_strcmp0 (order, "newest") == 0 ? -1 : 1 };
  GString *answer = g_string_new (NULL);
  guint from, until;

  page.by_created = g_strcmp0 (order, "created") == 0;
  page.records = g_ptr_array_new ();
  page_select (&page);
  page_place (&page);

  g_string_append_printf (answer, "{\"total\":%u", page_get_total (&page));
  from = page.first;
  until = page.end;
  if (page_takes_detour (&page))
    page_append_detour (&page, answer, &from, &until);
  else
    {
      page_shift (&page, &from, &until);
      page_append_next (&page, answer);
    }
  page_append_records (&page, answer, from, until);
  g_string_append_c (answer, '}');
  g_ptr_array_unref (page.records);
  return answer;
}
