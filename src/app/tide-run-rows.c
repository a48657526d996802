/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include "tide-run-rows.h"

#define PAGE TIDE_RUN_ROWS_PAGE
#define KEPT_PAGES 8                  /* more than a view holds on to at once */

typedef struct
{
  gint64     before_id;       /* its key; 0 = from the top, -1 = not known yet */
  GPtrArray *entries;         /* (owned) (nullable): while the page is kept */
  guint      last_used;
} Page;

struct _TideRunRows
{
  GArray *pages;              /* (owned) (element-type Page) */
  guint   length;             /* rows in the pages */
  guint   clock;              /* for last_used */
};

static void
page_clear (Page *page)
{
  g_clear_pointer (&page->entries, g_ptr_array_unref);
}

static Page *
tide_run_rows_get_page (TideRunRows *self,
                        guint        page)
{
  g_assert (page < self->pages->len);
  return &g_array_index (self->pages, Page, page);
}

static GPtrArray *
entries_new (guint length)
{
  GPtrArray *entries = g_ptr_array_new_full (length, g_object_unref);

  for (guint i = 0; i < length; i++)
    g_ptr_array_add (entries, tide_run_entry_new (NULL));
  return entries;
}

/* Lets go of the pages that have not been looked at for longest; their keys stay. */
static void
tide_run_rows_drop_pages (TideRunRows *self)
{
  for (;;)
    {
      Page *oldest = NULL;
      guint kept = 0;

      for (guint i = 0; i < self->pages->len; i++)
        {
          Page *page = tide_run_rows_get_page (self, i);

          if (page->entries == NULL)
            continue;
          kept++;
          if (oldest == NULL || page->last_used < oldest->last_used)
            oldest = page;
        }
      if (kept <= KEPT_PAGES)
        return;
      page_clear (oldest);
    }
}

/* The page's entries, without their runs if it was not kept. */
static GPtrArray *
tide_run_rows_keep (TideRunRows *self,
                    guint        index)
{
  Page *page = tide_run_rows_get_page (self, index);

  page->last_used = ++self->clock;
  if (page->entries == NULL)
    {
      page->entries = entries_new (tide_run_rows_get_page_length (self, index));
      tide_run_rows_drop_pages (self);
    }
  return page->entries;
}

static void
tide_run_rows_add_pages (TideRunRows *self)
{
  for (guint i = self->pages->len; i * PAGE < self->length; i++)
    {
      Page page = { .before_id = i == 0 ? 0 : -1 };

      g_array_append_val (self->pages, page);
    }
}

/* The list's end has moved: the last page there is may be longer or shorter than it was. */
static void
tide_run_rows_fit_last (TideRunRows *self)
{
  Page *last = self->pages->len > 0 ? tide_run_rows_get_page (self, self->pages->len - 1) : NULL;
  guint length = last != NULL ? tide_run_rows_get_page_length (self, self->pages->len - 1) : 0;

  if (last == NULL || last->entries == NULL)
    return;
  if (last->entries->len > length)
    g_ptr_array_set_size (last->entries, (int)length);
  while (last->entries->len < length)
    g_ptr_array_add (last->entries, tide_run_entry_new (NULL));
}

/**
 * tide_run_rows_new:
 *
 * Returns: (transfer full): no rows
 */
TideRunRows *
tide_run_rows_new (void)
{
  TideRunRows *self = g_new0 (TideRunRows, 1);

  self->pages = g_array_new (FALSE, TRUE, sizeof (Page));
  g_array_set_clear_func (self->pages, (GDestroyNotify)page_clear);
  return self;
}

/**
 * tide_run_rows_free:
 * @self: (transfer full) (nullable): what to free
 */
void
tide_run_rows_free (TideRunRows *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->pages, g_array_unref);
  g_free (self);
}

/**
 * tide_run_rows_reset:
 * @length: how many rows there are now
 * @before_id: key of the first page
 * @entries: (element-type TideRunEntry): the first page's
 *
 * Begins anew: nothing of what was kept is.
 */
void
tide_run_rows_reset (TideRunRows *self,
                     guint        length,
                     gint64       before_id,
                     GPtrArray   *entries)
{
  Page *first;

  g_array_set_size (self->pages, 0);
  self->length = length;
  tide_run_rows_add_pages (self);
  if (length == 0)
    return;
  first = tide_run_rows_get_page (self, 0);
  first->before_id = before_id;
  first->entries = g_ptr_array_ref (entries);
  first->last_used = ++self->clock;
}

/**
 * tide_run_rows_set_length:
 * @length: how many rows there are
 *
 * There turned out to be more or fewer at the end; what is kept of the others stays.
 */
void
tide_run_rows_set_length (TideRunRows *self,
                          guint        length)
{
  guint n_pages = (length + PAGE - 1) / PAGE;

  if (n_pages < self->pages->len)
    g_array_set_size (self->pages, n_pages);
  self->length = length;
  tide_run_rows_fit_last (self);
  tide_run_rows_add_pages (self);
}

guint
tide_run_rows_get_length (TideRunRows *self)
{
  return self->length;
}

guint
tide_run_rows_get_n_pages (TideRunRows *self)
{
  return self->pages->len;
}

guint
tide_run_rows_get_page_length (TideRunRows *self,
                               guint        page)
{
  return MIN (PAGE, self->length - page * PAGE);
}

/**
 * tide_run_rows_set_key:
 * @before_id: the page is that of the runs below this key
 */
void
tide_run_rows_set_key (TideRunRows *self,
                       guint        page,
                       gint64       before_id)
{
  tide_run_rows_get_page (self, page)->before_id = before_id;
}

/**
 * tide_run_rows_get_key:
 *
 * Returns: the key below which the page's runs are, -1 if it has not been found yet
 */
gint64
tide_run_rows_get_key (TideRunRows *self,
                       guint        page)
{
  return tide_run_rows_get_page (self, page)->before_id;
}

/**
 * tide_run_rows_peek:
 *
 * Returns: (transfer none) (nullable): the row's entry if it is kept
 */
TideRunEntry *
tide_run_rows_peek (TideRunRows *self,
                    guint        row)
{
  Page *page = row < self->length ? tide_run_rows_get_page (self, row / PAGE) : NULL;

  return page != NULL && page->entries != NULL ? g_ptr_array_index (page->entries, row % PAGE) : NULL;
}

/**
 * tide_run_rows_look:
 * @row: one that there is
 *
 * From now on the row's page is kept, until others have been looked at instead.
 *
 * Returns: (transfer none): the row's entry, without its run until the page is filled
 */
TideRunEntry *
tide_run_rows_look (TideRunRows *self,
                    guint        row)
{
  return g_ptr_array_index (tide_run_rows_keep (self, row / PAGE), row % PAGE);
}

/**
 * tide_run_rows_is_waiting:
 *
 * Returns: whether entries of the page have been handed out that are still without their run
 */
gboolean
tide_run_rows_is_waiting (TideRunRows *self,
                          guint        page)
{
  GPtrArray *entries = tide_run_rows_get_page (self, page)->entries;

  return entries != NULL && tide_run_entry_get_run (g_ptr_array_index (entries, entries->len - 1)) == NULL;
}

/**
 * tide_run_rows_find_waiting:
 *
 * Returns: a page that is waiting for its runs, G_MAXUINT if none is
 */
guint
tide_run_rows_find_waiting (TideRunRows *self)
{
  for (guint i = 0; i < self->pages->len; i++)
    if (tide_run_rows_is_waiting (self, i))
      return i;
  return G_MAXUINT;
}

/**
 * tide_run_rows_fill:
 * @runs: (element-type TideRun): the page's, as they were fetched
 * @usual: (nullable): what they are compared with
 *
 * Gives the page's entries their runs, if the page is still kept; the next page's key is the last of them.
 */
void
tide_run_rows_fill (TideRunRows *self,
                    guint        page,
                    GPtrArray   *runs,
                    TideUsual   *usual)
{
  GPtrArray *entries = tide_run_rows_get_page (self, page)->entries;

  for (guint i = 0; entries != NULL && i < entries->len && i < runs->len; i++)
    {
      TideRunEntry *entry = g_ptr_array_index (entries, i);

      if (tide_run_entry_get_run (entry) != NULL)
        continue;
      tide_run_entry_set_run (entry, g_ptr_array_index (runs, i));
      tide_run_entry_judge (entry, usual);
    }
  if (page + 1 < self->pages->len && runs->len > 0)
    tide_run_rows_set_key (self, page + 1, ((TideRun *)g_ptr_array_index (runs, runs->len - 1))->id);
}

/**
 * tide_run_rows_foreach:
 * @func: (scope call): called with each entry that is kept
 */
void
tide_run_rows_foreach (TideRunRows *self,
                       GFunc        func,
                       gpointer     user_data)
{
  for (guint i = 0; i < self->pages->len; i++)
    {
      GPtrArray *entries = tide_run_rows_get_page (self, i)->entries;

      if (entries != NULL)
        g_ptr_array_foreach (entries, func, user_data);
    }
}
