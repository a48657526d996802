/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-provider"

#include <string.h>

#include "tide-error.h"
#include "tide-paginator.h"

enum
{
  LOOK_RECORDS,
  LOOK_LAST,
  LOOK_NEXT,
  LOOK_TOTAL,
  N_LOOKS
};

/* Leads nowhere: for what a stream does not ask about. */
#define NOWHERE "/\001"

static gboolean
check_content_type (const TideResponse  *response,
                    GError             **error)
{
  const char *type = tide_response_get_header (response, "content-type");
  g_autofree char *lower = type != NULL ? g_ascii_strdown (type, -1) : NULL;

  if (lower == NULL || strstr (lower, "json") != NULL)
    return TRUE;
  lower[strcspn (lower, ";")] = '\0';
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_PROVIDER, "the answer is %s instead of JSON", lower);
  return FALSE;
}

static char *
dup_scalar (const TideJsonValue *value)
{
  if (value->type == TIDE_JSON_STRING)
    return tide_json_value_dup_string (value);
  if (value->type == TIDE_JSON_NUMBER)
    return g_strndup (value->text, value->length);
  return NULL;
}

static gint64
read_total (TideStream          *stream,
            const TideResponse  *response,
            const TideJsonValue *value)
{
  g_autofree char *text = NULL;
  guint64 total;

  if (stream->total_header != NULL)
    text = g_strdup (tide_response_get_header (response, stream->total_header));
  else
    text = dup_scalar (value);
  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &total, NULL))
    return -1;
  return total;
}

static gboolean
check_shape (TideStream           *stream,
             const TideJsonValue  *records,
             GError              **error)
{
  if (records->type == TIDE_JSON_ARRAY || records->type == TIDE_JSON_ABSENT || records->type == TIDE_JSON_NULL)
    return TRUE;
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_PROVIDER, "the answer has no list of records at \"%s\"",
               stream->records_pointer);
  return FALSE;
}

static gboolean
is_empty (const TideJsonValue *records)
{
  gsize i = 1;

  if (records->type != TIDE_JSON_ARRAY)
    return TRUE;
  while (g_ascii_isspace (records->text[i]))
    i++;
  return records->text[i] == ']';
}

/* A document whose list is at the root must be a list: {} is then an answer to something else. */
static gboolean
check_root (TideStream   *stream,
            const char   *text,
            gsize         length,
            GError      **error)
{
  gsize i = 0;

  while (i < length && g_ascii_isspace (text[i]))
    i++;
  if (i < length && (text[i] == '[' || (text[i] == '{' && *stream->records_pointer != '\0')))
    return TRUE;
  g_set_error_literal (error, TIDE_ERROR, TIDE_ERROR_PROVIDER, "the answer is not the JSON that was expected");
  return FALSE;
}

/**
 * tide_page_look_init:
 * @self: (out caller-allocates): what was seen
 * @paginator: the stream's, with the page size that was asked for
 * @response: with a good status
 *
 * Cheap: steps over the records without reading them.
 *
 * Returns: %FALSE with TIDE_ERROR_PROVIDER if it cannot be a page of the stream
 */
gboolean
tide_page_look_init (TidePageLook             *self,
                     TideStream               *stream,
                     const TidePaginatorSpec  *paginator,
                     const TideResponse       *response,
                     GError                  **error)
{
  g_autofree char *last = NULL;
  const char *pointers[N_LOOKS] = { stream->records_pointer, NOWHERE, NOWHERE, NOWHERE };
  TideJsonValue values[N_LOOKS];
  gsize length;
  const char *text = g_bytes_get_data (response->body, &length);

  *self = (TidePageLook) { .empty = TRUE, .total = -1 };
  if (response->status == 204 && length == 0)
    return TRUE;
  if (!check_content_type (response, error) || !check_root (stream, text, length, error))
    return FALSE;
  if (paginator->kind == TIDE_PAGINATOR_CURSOR || paginator->kind == TIDE_PAGINATOR_NEXT_URL)
    pointers[LOOK_NEXT] = paginator->pointer;
  else if (paginator->page_size > 0)
    /* Whether the page is full matters only where nothing else tells that there is another. To count its records
     * means to stop at each: several times slower than to step over the list as a whole. */
    pointers[LOOK_LAST] = last = g_strdup_printf ("%s/%" G_GINT64_FORMAT, stream->records_pointer, paginator->page_size - 1);
  if (stream->total_pointer != NULL)
    pointers[LOOK_TOTAL] = stream->total_pointer;
  if (!tide_json_lookup (text, length, pointers, N_LOOKS, values))
    {
      g_set_error_literal (error, TIDE_ERROR, TIDE_ERROR_PROVIDER, "the answer is cut short or no JSON");
      return FALSE;
    }
  if (!check_shape (stream, &values[LOOK_RECORDS], error))
    return FALSE;
  self->empty = is_empty (&values[LOOK_RECORDS]);
  self->full = values[LOOK_LAST].type != TIDE_JSON_ABSENT;
  self->next = dup_scalar (&values[LOOK_NEXT]);
  self->total = read_total (stream, response, &values[LOOK_TOTAL]);
  return TRUE;
}

void
tide_page_look_clear (TidePageLook *self)
{
  g_clear_pointer (&self->next, g_free);
}
