/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-provider"

#include "tide-lookup.h"

#include "tide-error.h"

/**
 * tide_lookup_new:
 * @object: "lookup" of a stream, valid by the schema
 */
TideLookup *
tide_lookup_new (JsonObject *object)
{
  TideLookup *self = g_new0 (TideLookup, 1);

  self->request = tide_request_spec_new (json_object_get_object_member (object, "request"), NULL);
  self->pointer = g_strdup (json_object_get_string_member (object, "records"));
  self->batch = json_object_get_int_member_with_default (object, "batch", 1);
  if (json_object_has_member (object, "only"))
    self->only = tide_match_new (json_object_get_object_member (object, "only"));
  return self;
}

void
tide_lookup_free (TideLookup *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->request, tide_request_spec_free);
  g_clear_pointer (&self->only, tide_match_free);
  g_free (self->pointer);
  g_free (self);
}

static GBytes *
wrap (const TideJsonValue *record)
{
  GByteArray *array = g_byte_array_sized_new (record->length + 2);

  g_byte_array_append (array, (const guint8 *)"[", 1);
  g_byte_array_append (array, (const guint8 *)record->text, record->length);
  g_byte_array_append (array, (const guint8 *)"]", 1);
  return g_byte_array_free_to_bytes (array);
}

/* The answer's records as an array, whatever they lie in. */
static GBytes *
cut_records (const TideLookup    *self,
             const TideResponse  *response,
             GError             **error)
{
  const char *pointers[1] = { self->pointer };
  TideJsonValue value = { TIDE_JSON_ABSENT };
  gsize length;
  const char *text = g_bytes_get_data (response->body, &length);

  if (response->status == 404 || response->status == 410 || (response->status == 204 && length == 0))
    return g_bytes_new_static ("[]", 2);
  if (!tide_json_lookup (text, length, pointers, 1, &value))
    {
      g_set_error_literal (error, TIDE_ERROR, TIDE_ERROR_PROVIDER, "the answer is cut short or no JSON");
      return NULL;
    }
  if (value.type == TIDE_JSON_ABSENT || value.type == TIDE_JSON_NULL)
    return g_bytes_new_static ("[]", 2);
  if (value.type == TIDE_JSON_ARRAY)
    return g_bytes_new_from_bytes (response->body, value.text - text, value.length);
  if (value.type == TIDE_JSON_OBJECT)
    return wrap (&value);
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_PROVIDER, "the answer has no record at \"%s\"", self->pointer);
  return NULL;
}

static gboolean
collect_id_cb (const TideJsonValue  *record,
               const TideJsonValue  *values,
               gpointer              user_data,
               GError              **error)
{
  GHashTable *found = user_data;
  char *id = NULL;

  if (values[0].type == TIDE_JSON_STRING)
    id = tide_json_value_dup_string (&values[0]);
  else if (values[0].type == TIDE_JSON_NUMBER)
    id = g_strndup (values[0].text, values[0].length);
  /* To take what cannot be recognised for gone would be rash. */
  if (id == NULL)
    g_set_error_literal (error, TIDE_ERROR, TIDE_ERROR_PROVIDER, "there is a record without its id in the answer");
  else
    g_hash_table_add (found, id);
  return id != NULL;
}

/**
 * tide_lookup_read:
 * @response: with a good status, or one that says that the record is gone
 * @id_pointer: of the id within a record
 * @ids: what was asked for
 * @gone: (element-type utf8): gets those that did not come
 *
 * Returns: (transfer full): the records as a JSON array, or %NULL with TIDE_ERROR_PROVIDER if the answer is no such one
 */
GBytes *
tide_lookup_read (const TideLookup    *self,
                  const TideResponse  *response,
                  const char          *id_pointer,
                  const char * const  *ids,
                  GPtrArray           *gone,
                  GError             **error)
{
  g_autoptr(GHashTable) found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GBytes) records = cut_records (self, response, error);
  g_autoptr(TideJsonReader) reader = NULL;
  gsize length;
  const char *text;

  if (records == NULL)
    return NULL;
  reader = tide_json_reader_new ("", &id_pointer, 1, error);
  text = g_bytes_get_data (records, &length);
  if (reader == NULL || !tide_json_reader_read (reader, text, length, collect_id_cb, found, error))
    return NULL;
  for (; *ids != NULL; ids++)
    if (!g_hash_table_contains (found, *ids))
      g_ptr_array_add (gone, g_strdup (*ids));
  return g_steal_pointer (&records);
}
