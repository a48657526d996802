/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-provider"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "tide-walk-guard.h"

#include <string.h>

#include "tide-error.h"

/* An empty page may come with a cursor to a full one, but not for ever. */
#define MAX_EMPTY_PAGES 50

struct _TideWalkGuard
{
  const TidePaginatorSpec *paginator;
  GHashTable              *seen;        /* (owned) of gint64: hashes of positions */
  guint                    n_empty;     /* in a row */
  guint                    n_pages;
  guint64                  last_body;   /* hash; 0 = none */
};

TideWalkGuard *
tide_walk_guard_new (const TidePaginatorSpec *paginator)
{
  TideWalkGuard *self = g_new0 (TideWalkGuard, 1);

  self->paginator = paginator;
  self->seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  return self;
}

void
tide_walk_guard_free (TideWalkGuard *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->seen);
  g_free (self);
}

static gboolean
tide_walk_guard_add (TideWalkGuard *self,
                     const char    *at)
{
  guint64 hash = XXH3_64bits (at, strlen (at));

  return g_hash_table_add (self->seen, g_memdup2 (&hash, sizeof hash));
}

/* A walk begins, or goes on, at @at. */
void
tide_walk_guard_reset (TideWalkGuard *self,
                       const char    *at)
{
  g_hash_table_remove_all (self->seen);
  self->n_empty = 0;
  self->n_pages = 0;
  self->last_body = 0;
  if (at != NULL)
    tide_walk_guard_add (self, at);
}

/* Numbers always grow, so a provider that does not heed them shows only in what it answers. */
static gboolean
is_repeated (TideWalkGuard *self,
             GBytes        *body,
             gboolean       empty)
{
  gsize length;
  const char *text = g_bytes_get_data (body, &length);
  guint64 hash;
  gboolean repeated;

  if (empty || (self->paginator->kind != TIDE_PAGINATOR_PAGE && self->paginator->kind != TIDE_PAGINATOR_OFFSET))
    return FALSE;
  hash = XXH3_64bits (text, length);
  repeated = self->last_body == hash;
  self->last_body = hash;
  return repeated;
}

/**
 * tide_walk_guard_check:
 * @body: a page
 * @empty: it has no records
 * @next: (nullable): position of the page after it
 *
 * Returns: %FALSE with TIDE_ERROR_PROVIDER if the walk leads nowhere
 */
gboolean
tide_walk_guard_check (TideWalkGuard  *self,
                       GBytes         *body,
                       gboolean        empty,
                       const char     *next,
                       GError        **error)
{
  self->n_pages++;
  self->n_empty = empty ? self->n_empty + 1 : 0;
  if (is_repeated (self, body, empty))
    g_set_error_literal (error, TIDE_ERROR, TIDE_ERROR_PROVIDER, "the provider gave the same page again");
  else if (next == NULL)
    return TRUE;
  else if (!tide_walk_guard_add (self, next))
    g_set_error_literal (error, TIDE_ERROR, TIDE_ERROR_PROVIDER, "the provider gave the same cursor again");
  else if (self->n_empty >= MAX_EMPTY_PAGES)
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_PROVIDER, "the provider gave %d empty pages in a row", MAX_EMPTY_PAGES);
  else if (self->paginator->max_pages != 0 && self->n_pages >= self->paginator->max_pages)
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_PROVIDER, "there are more than %u pages", self->paginator->max_pages);
  else
    return TRUE;
  return FALSE;
}

/* Whether the page that was checked last is the first since the walk began or went on. */
gboolean
tide_walk_guard_is_first (const TideWalkGuard *self)
{
  return self->n_pages == 1;
}
