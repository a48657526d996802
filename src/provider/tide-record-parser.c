/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-provider"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "tide-record-parser.h"

#include <string.h>

#include "tide-currency.h"
#include "tide-time.h"

#define NO_POINTER G_MAXUINT

/* Where in the reader's values a field is found. */
typedef struct
{
  TideFieldType type;
  guint         value;       /* NO_POINTER: constant */
  guint         currency;    /* NO_POINTER: none */
} FieldPlan;

struct _TideRecordParser
{
  TideStream      *stream;       /* (unowned) */
  TideJsonReader  *reader;       /* (owned) */
  GPtrArray       *pointers;     /* (owned) of borrowed text */
  GArray          *ids;          /* (owned) of guint */
  GArray          *skips;        /* (owned) of guint, beside stream->skips */
  guint            deleted;
  GHashTable      *wanted;       /* (unowned) (nullable) ids */
  GHashTable      *seen;         /* (owned) those of @wanted that came */
  const TideMatch *only;         /* (unowned) (nullable) */
  guint            only_value;
  FieldPlan       *fields;       /* (owned) */
  guint            n_fields;
  TideValue       *cells;        /* (owned) of the record being read */
  gboolean         has_cursor;
};

/* One page. */
typedef struct
{
  TideRecordParser  *parser;
  TideRecordBatch   *batch;
  TideValue         *constants;       /* (owned) a cell a field */
  int               *exponents;       /* (owned) a field; decimals where the record has no currency */
  char               began[TIDE_TIME_TEXT_LENGTH + 1];
  char               max[TIDE_TIME_TEXT_LENGTH + 1];
  gboolean           future;
} Parse;

static guint
add_pointer (TideRecordParser *self,
             const char       *pointer)
{
  guint index;

  if (pointer == NULL)
    return NO_POINTER;
  if (g_ptr_array_find_with_equal_func (self->pointers, pointer, g_str_equal, &index))
    return index;
  g_ptr_array_add (self->pointers, (gpointer)pointer);
  return self->pointers->len - 1;
}

static void
plan_fields (TideRecordParser *self)
{
  GArray *fields = self->stream->fields;

  self->n_fields = fields->len;
  self->fields = g_new0 (FieldPlan, fields->len);
  self->cells = g_new0 (TideValue, fields->len);
  for (guint i = 0; i < fields->len; i++)
    {
      const TideFieldSpec *field = &g_array_index (fields, TideFieldSpec, i);

      self->fields[i].type = field->type;
      self->fields[i].value = add_pointer (self, field->pointer);
      self->fields[i].currency = add_pointer (self, field->currency);
    }
}

/**
 * tide_record_parser_new:
 * @stream: borrowed; must live as long, as must all that follows
 * @records_pointer: where the records are
 * @wanted: (nullable): ids of the records that are asked for; others are left out and counted
 * @only: (nullable): what does not fit is left out and counted
 *
 * Returns: (transfer full): a parser, or %NULL with TIDE_ERROR_INVALID if one of its pointers is none
 */
TideRecordParser *
tide_record_parser_new (TideStream       *stream,
                        const char       *records_pointer,
                        GHashTable       *wanted,
                        const TideMatch  *only,
                        GError          **error)
{
  g_autoptr(TideRecordParser) self = g_new0 (TideRecordParser, 1);

  self->stream = stream;
  self->pointers = g_ptr_array_new ();
  self->ids = g_array_new (FALSE, FALSE, sizeof (guint));
  self->skips = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; stream->id_pointers[i] != NULL; i++)
    {
      guint index = add_pointer (self, stream->id_pointers[i]);

      g_array_append_val (self->ids, index);
    }
  for (guint i = 0; i < stream->skips->len; i++)
    {
      guint index = add_pointer (self, ((TideMatch *)g_ptr_array_index (stream->skips, i))->pointer);

      g_array_append_val (self->skips, index);
    }
  self->wanted = wanted;
  self->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->only = only;
  self->only_value = add_pointer (self, only != NULL ? only->pointer : NULL);
  self->deleted = add_pointer (self, stream->deleted != NULL ? stream->deleted->pointer : NULL);
  self->has_cursor = tide_stream_is_incremental (stream);
  plan_fields (self);
  self->reader = tide_json_reader_new (records_pointer, (const char * const *)self->pointers->pdata,
                                       self->pointers->len, error);
  return self->reader != NULL ? g_steal_pointer (&self) : NULL;
}

void
tide_record_parser_free (TideRecordParser *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->reader, tide_json_reader_free);
  g_ptr_array_unref (self->pointers);
  g_array_unref (self->ids);
  g_array_unref (self->skips);
  g_hash_table_unref (self->seen);
  g_free (self->fields);
  g_free (self->cells);
  g_free (self);
}

static gboolean
is_skipped (TideRecordParser    *self,
            const TideJsonValue *values)
{
  for (guint i = 0; i < self->skips->len; i++)
    if (tide_match_test (g_ptr_array_index (self->stream->skips, i), &values[g_array_index (self->skips, guint, i)]))
      return TRUE;
  return FALSE;
}

/* The text of an id: a string without its quotes, or a number as it is written. */
static gboolean
get_id_part (const TideJsonValue  *value,
             TideArena            *arena,
             const char          **text,
             gsize                *length)
{
  char *buffer;

  if (value->type == TIDE_JSON_NUMBER)
    {
      *text = value->text;
      *length = value->length;
      return TRUE;
    }
  if (value->type != TIDE_JSON_STRING || value->length <= 2)
    return FALSE;
  *text = value->text + 1;
  *length = value->length - 2;
  if (value->escaped)
    {
      buffer = tide_arena_alloc (arena, value->length);
      *length = tide_json_unescape (value, buffer);
      *text = buffer;
    }
  return TRUE;
}

static gboolean
join_id (TideRecordParser     *self,
         const TideJsonValue  *values,
         TideArena            *arena,
         const char          **text,
         gsize                *length)
{
  g_autoptr(GString) joined = g_string_new (NULL);
  char *buffer;

  for (guint i = 0; i < self->ids->len; i++)
    {
      const char *part;
      gsize part_length;

      if (!get_id_part (&values[g_array_index (self->ids, guint, i)], arena, &part, &part_length))
        return FALSE;
      if (i > 0)
        g_string_append_c (joined, ':');
      g_string_append_len (joined, part, part_length);
    }
  buffer = tide_arena_alloc (arena, joined->len);
  memcpy (buffer, joined->str, joined->len);
  *text = buffer;
  *length = joined->len;
  return TRUE;
}

static gboolean
get_id (TideRecordParser     *self,
        const TideJsonValue  *values,
        TideArena            *arena,
        const char          **text,
        gsize                *length)
{
  if (self->ids->len == 1)
    return get_id_part (&values[g_array_index (self->ids, guint, 0)], arena, text, length);
  return join_id (self, values, arena, text, length);
}

static int
get_exponent (const Parse         *parse,
              guint                index,
              const TideJsonValue *values)
{
  const FieldPlan *field = &parse->parser->fields[index];
  const TideJsonValue *code;

  if (field->currency == NO_POINTER)
    return parse->exponents[index];
  code = &values[field->currency];
  if (code->type != TIDE_JSON_STRING || code->length <= 2)
    return parse->exponents[index];
  return tide_currency_get_exponent (code->text + 1, code->length - 2);
}

static gboolean
convert_cells (const Parse          *parse,
               const TideJsonValue  *values,
               GError              **error)
{
  TideRecordParser *self = parse->parser;
  TideArena *arena = tide_record_batch_get_arena (parse->batch);

  for (guint i = 0; i < self->n_fields; i++)
    {
      const FieldPlan *field = &self->fields[i];
      int exponent = 0;

      if (field->value == NO_POINTER)
        {
          self->cells[i] = parse->constants[i];
          continue;
        }
      if (field->type == TIDE_FIELD_MONEY_DECIMAL)
        exponent = get_exponent (parse, i, values);
      if (!tide_field_convert (field->type, &values[field->value], exponent, arena, &self->cells[i], error))
        {
          g_prefix_error (error, "%s: ", g_array_index (self->stream->fields, TideFieldSpec, i).name);
          return FALSE;
        }
    }
  return TRUE;
}

/* Instants are text of one width, so they compare as text. */
static void
note_cursor (Parse *parse)
{
  const TideValue *cell = &parse->parser->cells[parse->parser->stream->incremental.column];

  if (cell->kind != TIDE_VALUE_TEXT || cell->length != TIDE_TIME_TEXT_LENGTH)
    return;
  if (memcmp (cell->text, parse->began, TIDE_TIME_TEXT_LENGTH) > 0)
    parse->future = TRUE;
  else if (memcmp (cell->text, parse->max, TIDE_TIME_TEXT_LENGTH) > 0)
    memcpy (parse->max, cell->text, TIDE_TIME_TEXT_LENGTH);
}

static void
add_bad (const Parse         *parse,
         const TideJsonValue *record,
         const char          *id,
         gsize                id_length,
         const char          *reason)
{
  g_autofree char *copy = id != NULL ? g_strndup (id, id_length) : NULL;

  tide_record_batch_add_bad (parse->batch, copy, reason, record->text, record->length);
}

static void
add_record (const Parse         *parse,
            const TideJsonValue *record,
            const TideJsonValue *values,
            const char          *id,
            gsize                id_length)
{
  TideRecordParser *self = parse->parser;
  TideValue *cells;
  TideRecord *added = tide_record_batch_add (parse->batch, &cells);

  memcpy (cells, self->cells, self->n_fields * sizeof (TideValue));
  added->id = id;
  added->id_length = id_length;
  added->raw = record->text;
  added->raw_length = record->length;
  added->hash = XXH3_64bits (record->text, record->length);
  added->deleted = self->deleted != NO_POINTER && tide_match_test (self->stream->deleted, &values[self->deleted]);
}

/* Of a reading of some records: whether this is one of them. */
static gboolean
is_asked_for (const Parse         *parse,
              const TideJsonValue *values)
{
  TideRecordParser *self = parse->parser;
  const char *id;
  gsize length;
  char *copy;

  if (self->only != NULL && !tide_match_test (self->only, &values[self->only_value]))
    return FALSE;
  if (!get_id (self, values, tide_record_batch_get_arena (parse->batch), &id, &length))
    return FALSE;
  copy = g_strndup (id, length);
  if (g_hash_table_contains (self->wanted, copy))
    {
      g_hash_table_add (self->seen, copy);
      return TRUE;
    }
  g_free (copy);
  return FALSE;
}

static gboolean
parse_record_cb (const TideJsonValue  *record,
                 const TideJsonValue  *values,
                 gpointer              user_data,
                 GError              **error)
{
  Parse *parse = user_data;
  TideRecordParser *self = parse->parser;
  g_autoptr(GError) reason = NULL;
  const char *id = NULL;
  gsize id_length = 0;

  if (record->type != TIDE_JSON_OBJECT)
    add_bad (parse, record, NULL, 0, "the record is not an object");
  else if ((self->wanted != NULL && !is_asked_for (parse, values)) || is_skipped (self, values))
    tide_record_batch_add_skipped (parse->batch);
  else if (!get_id (self, values, tide_record_batch_get_arena (parse->batch), &id, &id_length))
    add_bad (parse, record, NULL, 0, "the record has no id");
  else if (!convert_cells (parse, values, &reason))
    add_bad (parse, record, id, id_length, reason->message);
  else
    {
      if (self->has_cursor)
        note_cursor (parse);
      add_record (parse, record, values, id, id_length);
    }
  return TRUE;
}

static void
set_constant (Parse                   *parse,
              guint                    index,
              const TideTemplateScope *scope)
{
  const TideFieldSpec *field = &g_array_index (parse->parser->stream->fields, TideFieldSpec, index);
  g_autofree char *value = field->value != NULL ? tide_template_expand (field->value, scope) : NULL;
  g_autofree char *code = field->currency_code != NULL ? tide_template_expand (field->currency_code, scope) : NULL;
  char *text;

  parse->exponents[index] = code != NULL ? tide_currency_get_exponent (code, strlen (code)) : 2;
  if (value == NULL)
    return;
  text = tide_arena_alloc (tide_record_batch_get_arena (parse->batch), strlen (value));
  memcpy (text, value, strlen (value));
  parse->constants[index].kind = TIDE_VALUE_TEXT;
  parse->constants[index].length = strlen (value);
  parse->constants[index].text = text;
}

static void
parse_begin (Parse                   *parse,
             const TideTemplateScope *scope,
             const TideCursorRange   *range)
{
  tide_time_format (range->began, parse->began);
  if (range->max != TIDE_TIME_INVALID)
    tide_time_format (range->max, parse->max);
  for (guint i = 0; i < parse->parser->n_fields; i++)
    set_constant (parse, i, scope);
}

/**
 * tide_record_parser_parse:
 * @page: the whole answer
 * @scope: partition and settings, for fields that are constant
 * @range: the cursor's, brought up to date
 *
 * Validates all of the page and reads its records. A record that cannot be read is put aside in the batch.
 *
 * Returns: (transfer full): the records, or %NULL with TIDE_ERROR_PROVIDER, naming the byte, if the page
 *    is not valid JSON
 */
TideRecordBatch *
tide_record_parser_parse (TideRecordParser         *self,
                          GBytes                   *page,
                          const TideTemplateScope  *scope,
                          TideCursorRange          *range,
                          GError                  **error)
{
  g_autoptr(TideRecordBatch) batch = tide_record_batch_new (page, self->n_fields);
  g_autofree TideValue *constants = g_new0 (TideValue, self->n_fields);
  g_autofree int *exponents = g_new0 (int, self->n_fields);
  Parse parse = { self, batch, constants, exponents };
  gsize length;
  const char *text = g_bytes_get_data (page, &length);

  parse_begin (&parse, scope, range);
  if (length > 0 && !tide_json_reader_read (self->reader, text, length, parse_record_cb, &parse, error))
    return NULL;
  range->future |= parse.future;
  if (*parse.max != '\0')
    range->max = tide_time_parse (parse.max, TIDE_TIME_TEXT_LENGTH);
  return g_steal_pointer (&batch);
}

/* Whether the record of that id has come by; of those that are asked for. The parsing thread. */
gboolean
tide_record_parser_has_seen (TideRecordParser *self,
                             const char       *id)
{
  return g_hash_table_contains (self->seen, id);
}
