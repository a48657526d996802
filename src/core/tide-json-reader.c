/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-core"

#include "tide-json-reader.h"

#include "tide-error.h"
#include "tide-json-token-private.h"
#include "tide-json-trie-private.h"

#include <string.h>

#define DEPTH_MAX 512

struct _TideJsonReader
{
  TideJsonTrie       *path;     /* (owned) the way to the array of records */
  const TideJsonTrie *records;  /* the end of it, in there */
  TideJsonTrie       *record;   /* (owned) the wanted parts of a record */
  gsize               n_fields;
};

/* One reading of one page. On failure functions return NULL all the way up; why is in the source, or, if it
 * was @func that failed, in @error. */
typedef struct
{
  TideJsonSource        source;
  const TideJsonReader *reader;
  guint                 depth;
  gboolean              found;      /* the array of records has been come across */
  TideJsonValue        *values;
  TideJsonRecordFunc    func;
  gpointer              user_data;
  GError               *error;      /* what @func said */
} Reading;

static const guint8 *read_value (Reading            *self,
                                 const guint8       *p,
                                 const TideJsonTrie *wanted);
static const guint8 *skip_value (Reading            *self,
                                 const guint8       *p);

static const guint8 *
fail (Reading      *self,
      const guint8 *p,
      const char   *failure)
{
  return tide_json_source_fail (&self->source, p, failure);
}

static const TideJsonTrie *
find_member (const TideJsonTrie *wanted,
             const guint8       *name,
             const guint8       *end,
             gboolean            escaped)
{
  if (G_UNLIKELY (escaped))
    return tide_json_trie_find_escaped (wanted, (const char *) name, end - name);

  return tide_json_trie_find (wanted, (const char *) name, end - name);
}

/* Behind a member or an element: goes on to the next, or sets @done and goes out. */
static inline const guint8 *
scan_separator (Reading      *self,
                const guint8 *p,
                guint8        closing,
                gboolean     *done)
{
  p = tide_json_skip_space (p, self->source.end);
  if (G_LIKELY (p < self->source.end))
    {
      if (*p == ',')
        return tide_json_skip_space (p + 1, self->source.end);
      if (*p == closing)
        {
          self->depth--;
          *done = TRUE;
          return p + 1;
        }
    }

  return fail (self, p, closing == '}' ? "expected , or }" : "expected , or ]");
}

/* @p is on the bracket. Returns the first thing inside, or sets @done if there is none. */
static inline const guint8 *
scan_opening (Reading      *self,
              const guint8 *p,
              guint8        closing,
              gboolean     *done)
{
  if (G_UNLIKELY (self->depth == DEPTH_MAX))
    return fail (self, p, "nested too deeply");

  p = tide_json_skip_space (p + 1, self->source.end);
  *done = p < self->source.end && *p == closing;
  if (*done)
    return p + 1;
  self->depth++;

  return p;
}

/* Compiled twice: along the trie, and without it for what nobody asked for. */
G_ALWAYS_INLINE static inline const guint8 *
read_object (Reading            *self,
             const guint8       *p,
             const TideJsonTrie *wanted)
{
  gboolean done;

  p = scan_opening (self, p, '}', &done);
  while (p != NULL && !done)
    {
      const guint8 *name = p + 1;
      const TideJsonTrie *child = NULL;
      gboolean escaped;

      if (G_UNLIKELY (p == self->source.end || *p != '"'))
        return fail (self, p, "expected a name");
      p = tide_json_scan_string (&self->source, p, &escaped);
      if (G_UNLIKELY (p == NULL))
        return NULL;
      if (wanted != NULL)
        child = find_member (wanted, name, p - 1, escaped);

      p = tide_json_skip_space (p, self->source.end);
      if (G_UNLIKELY (p == self->source.end || *p != ':'))
        return fail (self, p, "expected :");
      p = tide_json_skip_space (p + 1, self->source.end);

      p = child != NULL ? read_value (self, p, child) : skip_value (self, p);
      if (p != NULL)
        p = scan_separator (self, p, '}', &done);
    }

  return p;
}

G_ALWAYS_INLINE static inline const guint8 *
read_array (Reading            *self,
            const guint8       *p,
            const TideJsonTrie *wanted)
{
  gboolean done;

  p = scan_opening (self, p, ']', &done);
  for (guint i = 0; p != NULL && !done; i++)
    {
      const TideJsonTrie *child = NULL;

      if (wanted != NULL && i < wanted->n_indices)
        child = tide_json_trie_find_index (wanted, i);

      p = child != NULL ? read_value (self, p, child) : skip_value (self, p);
      if (p != NULL)
        p = scan_separator (self, p, ']', &done);
    }

  return p;
}

/* Goes over a value that nobody asked for. */
static const guint8 *
skip_value (Reading      *self,
            const guint8 *p)
{
  gboolean escaped;

  if (G_UNLIKELY (p == self->source.end))
    return fail (self, p, NULL);
  if (*p == '{')
    return read_object (self, p, NULL);
  if (*p == '[')
    return read_array (self, p, NULL);

  return tide_json_scan_scalar (&self->source, p, &escaped);
}

static TideJsonType
get_type (guint8 first)
{
  switch (first)
    {
    case '{':
      return TIDE_JSON_OBJECT;
    case '[':
      return TIDE_JSON_ARRAY;
    case '"':
      return TIDE_JSON_STRING;
    case 't':
      return TIDE_JSON_TRUE;
    case 'f':
      return TIDE_JSON_FALSE;
    case 'n':
      return TIDE_JSON_NULL;
    default:
      return TIDE_JSON_NUMBER;
    }
}

/* Reads a value inside a record that is wanted, or has wanted parts. */
static const guint8 *
read_field (Reading            *self,
            const guint8       *p,
            const TideJsonTrie *wanted)
{
  const guint8 *start = p;
  gboolean escaped = FALSE;
  TideJsonValue value;

  /* Of two members of one name the last is the one, so nothing of the first may stay. */
  for (guint i = 0; i < wanted->below->len; i++)
    self->values[g_array_index (wanted->below, guint, i)] = (TideJsonValue) { TIDE_JSON_ABSENT };

  if (*p == '{' && wanted->below->len > 0)
    p = read_object (self, p, wanted);
  else if (*p == '[' && wanted->n_indices > 0)
    p = read_array (self, p, wanted);
  else if (*p == '{' || *p == '[')
    p = skip_value (self, p);
  else
    p = tide_json_scan_scalar (&self->source, p, &escaped);
  if (p == NULL)
    return NULL;

  value = (TideJsonValue) { get_type (*start), escaped, p - start, (const char *) start };
  for (guint i = 0; i < wanted->fields->len; i++)
    self->values[g_array_index (wanted->fields, guint, i)] = value;

  return p;
}

static const guint8 *
read_record (Reading      *self,
             const guint8 *p)
{
  const guint8 *start = p;
  gboolean escaped = FALSE;
  TideJsonValue record;

  if (p == self->source.end)
    return fail (self, p, NULL);

  p = read_field (self, p, self->reader->record);
  if (p == NULL)
    return NULL;

  record = (TideJsonValue) { get_type (*start), escaped, p - start, (const char *) start };
  if (record.type == TIDE_JSON_STRING)
    record.escaped = memchr (record.text, '\\', record.length) != NULL;

  return self->func (&record, self->values, self->user_data, &self->error) ? p : NULL;
}

static const guint8 *
read_records (Reading      *self,
              const guint8 *p)
{
  gboolean done;

  p = scan_opening (self, p, ']', &done);
  while (p != NULL && !done)
    {
      p = read_record (self, p);
      if (p != NULL)
        p = scan_separator (self, p, ']', &done);
    }

  return p;
}

/* Refuses a value for not being what the manifest promises, unless it is not even JSON. */
static const guint8 *
refuse_value (Reading      *self,
              const guint8 *p,
              const char   *failure)
{
  return skip_value (self, p) != NULL ? fail (self, p, failure) : NULL;
}

/* Reads a value on the way to the records. */
static const guint8 *
read_path (Reading            *self,
           const guint8       *p,
           const TideJsonTrie *wanted)
{
  gboolean escaped;

  /* Records that were handed out cannot be taken back, so here the last of two does not simply win. */
  if (self->found)
    return fail (self, p, "the records are there twice");

  if (*p == 'n')
    return tide_json_scan_scalar (&self->source, p, &escaped);
  if (wanted == self->reader->records)
    {
      if (*p != '[')
        return refuse_value (self, p, "the records are not an array");
      self->found = TRUE;
      return read_records (self, p);
    }
  if (*p == '{')
    return read_object (self, p, wanted);
  if (*p == '[' && wanted->n_indices > 0)
    return read_array (self, p, wanted);

  return refuse_value (self, p, "expected an object on the way to the records");
}

static const guint8 *
read_value (Reading            *self,
            const guint8       *p,
            const TideJsonTrie *wanted)
{
  if (G_UNLIKELY (p == self->source.end))
    return fail (self, p, NULL);
  if (wanted->below->len + wanted->fields->len == 0)
    return read_path (self, p, wanted);

  return read_field (self, p, wanted);
}

static gboolean
read_page (Reading *self)
{
  const guint8 *p = tide_json_skip_space (self->source.start, self->source.end);

  p = read_value (self, p, self->reader->path);
  if (p == NULL)
    return FALSE;

  p = tide_json_skip_space (p, self->source.end);
  if (p == self->source.end)
    return TRUE;
  fail (self, p, "text after the end of the document");

  return FALSE;
}

/**
 * tide_json_reader_new:
 * @records_pointer: JSON pointer (RFC 6901) to the array of records; "" if the page itself is the array
 * @field_pointers: (array length=n_fields): JSON pointers into a record; "" is the record itself
 * @n_fields: how many there are
 * @error: return location
 *
 * Prepares the reading of pages. Names in a pointer may be 255 bytes long, and 64 may follow one another.
 *
 * Returns: (transfer full): a reader for any number of pages and threads, or %NULL with
 *    %TIDE_ERROR_INVALID if a pointer is none
 */
TideJsonReader *
tide_json_reader_new (const char          *records_pointer,
                      const char * const  *field_pointers,
                      gsize                n_fields,
                      GError             **error)
{
  g_autoptr(TideJsonReader) self = NULL;

  g_return_val_if_fail (records_pointer != NULL, NULL);
  g_return_val_if_fail (field_pointers != NULL || n_fields == 0, NULL);

  self = g_new0 (TideJsonReader, 1);
  self->path = tide_json_trie_new ();
  self->record = tide_json_trie_new ();
  self->n_fields = n_fields;

  self->records = tide_json_trie_add (self->path, records_pointer, G_MAXUINT, error);
  if (self->records == NULL)
    return NULL;
  for (gsize i = 0; i < n_fields; i++)
    {
      if (tide_json_trie_add (self->record, field_pointers[i], i, error) == NULL)
        return NULL;
    }

  tide_json_trie_finish (self->path);
  tide_json_trie_finish (self->record);

  return g_steal_pointer (&self);
}

/**
 * tide_json_reader_free:
 * @self: (transfer full) (nullable): a reader
 *
 * Frees a reader.
 */
void
tide_json_reader_free (TideJsonReader *self)
{
  if (self == NULL)
    return;

  tide_json_trie_free (self->path);
  tide_json_trie_free (self->record);
  g_free (self);
}

/**
 * tide_json_reader_read:
 * @self: a reader
 * @page: (array length=length): JSON text, which needs no NUL at its end
 * @length: its bytes
 * @func: (scope call): is given each record
 * @user_data: for @func
 * @error: return location
 *
 * Validates a page (RFC 8259, UTF-8, at most 512 levels deep; half of a surrogate pair may be written
 * as an escape) and hands its records to @func as it comes upon them.
 *
 * Records that stand before a fault have been handed over when it is found: do not commit
 * them before this has returned %TRUE. If the records' array is absent or null, there are no records;
 * if it is anything else, or there twice, that is an error. Of other members with the same name the last
 * counts.
 *
 * Returns: %TRUE once the whole page was read; %FALSE with %TIDE_ERROR_PROVIDER, which names the byte and what
 *    is wrong there, or with the error of @func
 */
gboolean
tide_json_reader_read (const TideJsonReader  *self,
                       const char            *page,
                       gsize                  length,
                       TideJsonRecordFunc     func,
                       gpointer               user_data,
                       GError               **error)
{
  g_autofree TideJsonValue *values = NULL;
  Reading reading = { 0 };

  g_return_val_if_fail (self != NULL && func != NULL, FALSE);
  g_return_val_if_fail (page != NULL || length == 0, FALSE);

  values = g_new (TideJsonValue, MAX (self->n_fields, 1));
  reading.reader = self;
  reading.source.start = (const guint8 *) (page != NULL ? page : "");
  reading.source.end = reading.source.start + length;
  reading.values = values;
  reading.func = func;
  reading.user_data = user_data;

  if (read_page (&reading))
    return TRUE;

  if (reading.error != NULL)
    g_propagate_error (error, reading.error);
  else
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_PROVIDER, "byte %" G_GSIZE_FORMAT ": %s",
                 (gsize) (reading.source.failed_at - reading.source.start), reading.source.failure);

  return FALSE;
}
