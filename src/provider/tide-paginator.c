/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-provider"

#include "tide-paginator.h"

#include <string.h>

#include "tide-error.h"

static gint64
get_number (const TidePaginatorSpec *self,
            const char              *at)
{
  return at != NULL ? g_ascii_strtoll (at, NULL, 10) : self->first;
}

/**
 * tide_paginator_fill:
 * @at: (nullable): the page's position, %NULL for the first
 * @scope: gets the variables that ask for it
 * @url: (out): the address to ask instead, or %NULL
 */
void
tide_paginator_fill (const TidePaginatorSpec *self,
                     const char              *at,
                     TideTemplateScope       *scope,
                     const char             **url)
{
  *url = NULL;
  scope->page_size = self->page_size;
  switch (self->kind)
    {
    case TIDE_PAGINATOR_CURSOR:
    case TIDE_PAGINATOR_KEYSET:
      scope->cursor = at;
      break;

    case TIDE_PAGINATOR_PAGE:
      scope->page = get_number (self, at);
      break;

    case TIDE_PAGINATOR_OFFSET:
      scope->offset = get_number (self, at);
      break;

    case TIDE_PAGINATOR_LINK:
    case TIDE_PAGINATOR_NEXT_URL:
      *url = at;
      break;

    case TIDE_PAGINATOR_NONE:
    default:
      break;
    }
}

/* Counts the records of a page and keeps the last one's key. */
typedef struct
{
  gint64         n_records;
  TideJsonValue  key;
} Scan;

static gboolean
scan_record_cb (const TideJsonValue  *record,
                const TideJsonValue  *values,
                gpointer              user_data,
                GError              **error)
{
  Scan *scan = user_data;

  scan->n_records++;
  scan->key = values[0];
  return TRUE;
}

static gboolean
scan_page (TideStream          *stream,
           const char          *key_pointer,
           const TideResponse  *response,
           Scan                *scan,
           GError             **error)
{
  g_autoptr(TideJsonReader) reader = tide_json_reader_new (stream->records_pointer, &key_pointer, 1, error);
  gsize length;
  const char *text = g_bytes_get_data (response->body, &length);

  return reader != NULL && tide_json_reader_read (reader, text, length, scan_record_cb, scan, error);
}

/* Whether there is a page after one on which counting goes up to @seen. */
static gboolean
goes_on (const TidePaginatorSpec *self,
         const TidePageLook      *look,
         gint64                   seen)
{
  if (look->empty)
    return FALSE;
  switch (self->stop)
    {
    case TIDE_STOP_TOTAL:
      return look->total >= 0 ? seen < look->total : look->full;

    case TIDE_STOP_EMPTY_PAGE:
      return TRUE;

    case TIDE_STOP_SHORT_PAGE:
    default:
      return look->full;
    }
}

static char *
print_number (gint64 number)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT, number);
}

static gboolean
next_offset (const TidePaginatorSpec  *paginator,
             TideStream               *stream,
             const char               *at,
             const TidePageLook       *look,
             const TideResponse       *response,
             char                    **next,
             GError                  **error)
{
  Scan scan = { 0 };
  gint64 offset;

  /* Where pages may be shorter than was asked for, only counting tells where the next one begins. */
  if (look->empty)
    return TRUE;
  if (paginator->stop == TIDE_STOP_SHORT_PAGE)
    scan.n_records = paginator->page_size;
  else if (!scan_page (stream, stream->id_pointers[0], response, &scan, error))
    return FALSE;
  offset = get_number (paginator, at) + scan.n_records;
  if (goes_on (paginator, look, offset - paginator->first))
    *next = print_number (offset);
  return TRUE;
}

static gboolean
next_key (const TidePaginatorSpec  *paginator,
          TideStream               *stream,
          const TidePageLook       *look,
          const TideResponse       *response,
          char                    **next,
          GError                  **error)
{
  const char *key = paginator->pointer != NULL ? paginator->pointer : stream->id_pointers[0];
  Scan scan = { 0 };

  if (!goes_on (paginator, look, 0))
    return TRUE;
  if (!scan_page (stream, key, response, &scan, error))
    return FALSE;
  if (scan.key.type == TIDE_JSON_STRING)
    *next = tide_json_value_dup_string (&scan.key);
  else if (scan.key.type == TIDE_JSON_NUMBER)
    *next = g_strndup (scan.key.text, scan.key.length);
  if (*next != NULL)
    return TRUE;
  g_set_error_literal (error, TIDE_ERROR, TIDE_ERROR_PROVIDER, "the last record of the page has no key to go on from");
  return FALSE;
}

/* Finds the address in: <https://host/path?page=2>; rel="next", <...>; rel="last" */
static char *
find_next_link (const char *header)
{
  const char *p = header;

  while (p != NULL && (p = strchr (p, '<')) != NULL)
    {
      const char *end = strchr (p, '>');
      const char *stop = end != NULL ? strchr (end, '<') : NULL;
      g_autofree char *rest = NULL;

      if (end == NULL)
        return NULL;
      rest = stop != NULL ? g_strndup (end, stop - end) : g_strdup (end);
      if (strstr (rest, "rel=\"next\"") != NULL || strstr (rest, "rel=next") != NULL)
        return g_strndup (p + 1, end - p - 1);
      p = end;
    }
  return NULL;
}

static gboolean
next_url (TideRequester  *requester,
          const char     *url,
          char          **next,
          GError        **error)
{
  if (url == NULL || *url == '\0')
    return TRUE;
  *next = tide_requester_check_url (requester, url, error);
  return *next != NULL;
}

/**
 * tide_paginator_next:
 * @self: the stream's, with the page size that was asked for
 * @at: (nullable): the page's own position
 * @look: what was seen of it
 * @next: (out): position of the page after it; %NULL if it is the last
 *
 * Returns: %FALSE with TIDE_ERROR_PROVIDER if that cannot be told
 */
gboolean
tide_paginator_next (const TidePaginatorSpec  *self,
                     TideStream               *stream,
                     TideRequester            *requester,
                     const char               *at,
                     const TidePageLook       *look,
                     const TideResponse       *response,
                     char                    **next,
                     GError                  **error)
{
  g_autofree char *link = NULL;
  gint64 page;

  *next = NULL;
  switch (self->kind)
    {
    case TIDE_PAGINATOR_CURSOR:
      if (look->next != NULL && *look->next != '\0')
        *next = g_strdup (look->next);
      return TRUE;

    case TIDE_PAGINATOR_PAGE:
      page = get_number (self, at);
      if (goes_on (self, look, (page - self->first + 1) * self->page_size))
        *next = print_number (page + 1);
      return TRUE;

    case TIDE_PAGINATOR_OFFSET:
      return next_offset (self, stream, at, look, response, next, error);

    case TIDE_PAGINATOR_KEYSET:
      return next_key (self, stream, look, response, next, error);

    case TIDE_PAGINATOR_LINK:
      if (tide_response_get_header (response, "link") != NULL)
        link = find_next_link (tide_response_get_header (response, "link"));
      return next_url (requester, link, next, error);

    case TIDE_PAGINATOR_NEXT_URL:
      return next_url (requester, look->next, next, error);

    case TIDE_PAGINATOR_NONE:
    default:
      return TRUE;
    }
}
