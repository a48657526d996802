/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider-toy.h"

#include <json-glib/json-glib.h>
#include <stdlib.h>
#include <string.h>

static void
toy_record_clear (gpointer data)
{
  ToyRecord *record = data;

  g_free (record->place);
}

static gint64
to_instant (int minutes)
{
  return TOY_EPOCH + minutes * TIDE_MINUTE;
}

static int
get_number (ProviderCall *call,
            const char   *name,
            int           fallback)
{
  const char *text = provider_call_get (call, name);

  return text != NULL ? atoi (text) : fallback;
}

static gboolean
is_in_time (ProviderCall    *call,
            const ToyRecord *record)
{
  const char *since = provider_call_get (call, "since");
  const char *until = provider_call_get (call, "until");
  gint64 instant = to_instant (record->updated);
  gint64 edge = since != NULL ? tide_time_parse (since, -1) : G_MININT64;

  if (since != NULL)
    g_assert_cmpint (edge, !=, TIDE_TIME_INVALID);
  if (instant < edge || (provider_call_get (call, "exclusive") != NULL && instant == edge))
    return FALSE;
  return until == NULL || instant <= tide_time_parse (until, -1);
}

static gboolean
is_in_place (ProviderCall    *call,
             const ToyRecord *record)
{
  const char *places = provider_call_get (call, "place");
  g_auto(GStrv) list = places != NULL ? g_strsplit (places, ",", -1) : NULL;

  return list == NULL || g_strv_contains ((const char * const *)list, record->place);
}

static int
compare_records (gconstpointer a,
                 gconstpointer b,
                 gpointer      user_data)
{
  const ToyRecord *left = *(const ToyRecord **)a;
  const ToyRecord *right = *(const ToyRecord **)b;
  const char *order = user_data;
  int difference = left->created - right->created;

  if (g_str_equal (order, "updated"))
    difference = left->updated - right->updated;
  if (g_str_equal (order, "newest"))
    difference = right->updated - left->updated;
  return difference != 0 ? difference : (int)left->id - (int)right->id;
}

static GPtrArray *
select_records (Toy          *self,
                ProviderCall *call)
{
  GPtrArray *selected = g_ptr_array_new ();
  const char *order = provider_call_get (call, "order");
  guint after = get_number (call, "after", 0);

  for (guint i = 0; i < self->records->len; i++)
    {
      ToyRecord *record = &g_array_index (self->records, ToyRecord, i);

      if (is_in_time (call, record) && is_in_place (call, record) && record->id > after)
        g_ptr_array_add (selected, record);
    }
  g_ptr_array_sort_with_data (selected, compare_records, (gpointer)(order != NULL ? order : "created"));
  return selected;
}

static guint
get_first (ProviderCall *call,
           guint         size)
{
  const char *cursor = provider_call_get (call, "cursor");

  if (cursor != NULL)
    return atoi (cursor + strlen ("c-"));
  if (provider_call_get (call, "page") != NULL)
    return (get_number (call, "page", 1) - 1) * size;
  return get_number (call, "offset", 0) + get_number (call, "next", 0);
}

static void
append_record (GString         *answer,
               const ToyRecord *record)
{
  g_autofree char *created = tide_time_to_string (to_instant (record->created));
  g_autofree char *updated = tide_time_to_string (to_instant (record->updated));

  g_string_append_printf (answer, "{\"id\": \"r%u\", \"key\": %u, \"place\": \"%s\", \"created_at\": \"%s\", \"updated_at\": \"%s\"}",
                          record->id, record->id, record->place, created, updated);
}

static void
add_way_on (Toy          *self,
            ProviderCall *call,
            guint         next)
{
  const char *size = provider_call_get (call, "size");
  g_autofree char *link = g_strdup_printf ("<%s%s?next=%u&size=%s>; rel=\"next\", <http://elsewhere.example/>; rel=\"last\"",
                                           self->fixture->url, call->path, next, size);

  g_string_append_printf (call->answer, ", \"cursor\": \"c-%u\", \"next\": \"%s?next=%u&size=%s\"", next, call->path, next, size);
  soup_message_headers_replace (call->headers, "Link", link);
}

static const ToyRecord *
look_up (Toy        *self,
         const char *id)
{
  for (guint i = 0; i < self->records->len; i++)
    {
      const ToyRecord *record = &g_array_index (self->records, ToyRecord, i);
      g_autofree char *text = g_strdup_printf ("r%u", record->id);

      if (g_str_equal (text, id))
        return record;
    }
  return NULL;
}

static void
serve_one (Toy          *self,
           ProviderCall *call)
{
  const ToyRecord *record = look_up (self, call->path + strlen ("/items/"));

  if (record == NULL)
    {
      call->status = 404;
      g_string_append (call->answer, "{\"code\": \"NOT_FOUND\"}");
      return;
    }
  g_string_append (call->answer, "{\"item\": ");
  append_record (call->answer, record);
  g_string_append (call->answer, "}");
}

static void
serve_some (Toy          *self,
            ProviderCall *call)
{
  g_autoptr(JsonNode) body = json_from_string (call->body, NULL);
  JsonArray *ids = json_object_get_array_member (json_node_get_object (body), "ids");
  gboolean first = TRUE;

  g_string_append (call->answer, "{\"items\": [");
  for (guint i = 0; i < json_array_get_length (ids); i++)
    {
      const ToyRecord *record = look_up (self, json_array_get_string_element (ids, i));

      if (record == NULL)
        continue;
      g_string_append (call->answer, first ? "" : ", ");
      append_record (call->answer, record);
      first = FALSE;
    }
  g_string_append (call->answer, "]}");
}

static void
serve_page (Toy          *self,
            ProviderCall *call)
{
  g_autoptr(GPtrArray) selected = select_records (self, call);
  guint size = get_number (call, "size", 1000);
  guint first = get_first (call, size);

  g_string_append_printf (call->answer, "{\"count\": %u", selected->len);
  if (selected->len > 0)
    g_string_append (call->answer, ", \"items\": [");
  for (guint i = first; i < MIN (first + size, selected->len); i++)
    {
      g_string_append (call->answer, i > first ? ", " : "");
      append_record (call->answer, g_ptr_array_index (selected, i));
    }
  if (selected->len > 0)
    g_string_append (call->answer, "]");
  if (first + size < selected->len)
    add_way_on (self, call, first + size);
  g_string_append (call->answer, "}");
}

static void
toy_serve (ProviderCall *call,
           gpointer      user_data)
{
  Toy *self = user_data;

  if (g_str_has_prefix (call->path, "/items/"))
    serve_one (self, call);
  else if (g_str_equal (call->path, "/lookup"))
    serve_some (self, call);
  else
    serve_page (self, call);
  if (self->fault != NULL)
    self->fault (call, self->fault_data);
}

/* Makes records 1 to @n_records, in turn at "north", "south" and "west", an hour apart. */
Toy *
toy_new (ProviderFixture *fixture,
         guint            n_records)
{
  static const char * const places[] = { "north", "south", "west" };
  Toy *self = g_new0 (Toy, 1);

  self->fixture = fixture;
  self->records = g_array_new (FALSE, TRUE, sizeof (ToyRecord));
  g_array_set_clear_func (self->records, toy_record_clear);
  for (guint i = 1; i <= n_records; i++)
    {
      ToyRecord record = { i, g_strdup (places[i % 3]), i * 60, i * 60 };

      g_array_append_val (self->records, record);
    }
  provider_fixture_serve (fixture, toy_serve, self);
  return self;
}

void
toy_free (Toy *self)
{
  provider_fixture_serve (self->fixture, NULL, NULL);
  g_array_unref (self->records);
  g_free (self);
}

static guint
find_record (Toy   *self,
             guint  id)
{
  for (guint i = 0; i < self->records->len; i++)
    if (g_array_index (self->records, ToyRecord, i).id == id)
      return i;
  g_assert_not_reached ();
}

/* Edits a record, or adds it, at "north". */
void
toy_touch (Toy   *self,
           guint  id,
           int    updated)
{
  ToyRecord record = { id, NULL, updated, updated };

  g_mutex_lock (&self->fixture->mutex);
  for (guint i = 0; i < self->records->len; i++)
    if (g_array_index (self->records, ToyRecord, i).id == id)
      {
        g_array_index (self->records, ToyRecord, i).updated = updated;
        id = 0;
        break;
      }
  if (id != 0)
    {
      record.place = g_strdup ("north");
      g_array_append_val (self->records, record);
    }
  g_mutex_unlock (&self->fixture->mutex);
}

void
toy_remove (Toy   *self,
            guint  id)
{
  g_mutex_lock (&self->fixture->mutex);
  g_array_remove_index (self->records, find_record (self, id));
  g_mutex_unlock (&self->fixture->mutex);
}

void
toy_set_fault (Toy           *self,
               ProviderServe  fault,
               gpointer       user_data)
{
  g_mutex_lock (&self->fixture->mutex);
  self->fault = fault;
  self->fault_data = user_data;
  g_mutex_unlock (&self->fixture->mutex);
}

/**
 * toy_load:
 * @stream: the stream's own members, from "request" on
 *
 * Loads a manifest with the streams "places" and "items".
 */
void
toy_load (Toy        *self,
          const char *stream)
{
  g_autofree char *rest = g_strdup_printf (
    "\"authenticator\": {\"type\": \"none\"},\n"
    "\"requester\": {\"errors\": ["
    "  {\"status\": 400, \"pointer\": \"/code\", \"value\": \"BAD_CURSOR\", \"action\": \"restart\", \"say\": \"the cursor is too old\"},"
    "  {\"status\": 404, \"pointer\": \"/code\", \"value\": \"NO_PLACE\", \"action\": \"skip_partition\"}]},\n"
    "\"streams\": [\n"
    " {\"name\": \"places\", \"label\": \"Places\", \"entity\": \"locations\", \"request\": {\"path\": \"/places\"},"
    "  \"records\": {\"pointer\": \"/places\", \"id\": \"/id\"}, \"fields\": [{\"name\": \"name\", \"type\": \"text\"}]},\n"
    " {\"name\": \"items\", \"label\": \"Items\", \"entity\": \"things\",\n"
    "  \"records\": {\"pointer\": \"/items\", \"id\": \"/id\"},\n"
    "  \"fields\": [{\"name\": \"place\", \"type\": \"text\"}, {\"name\": \"created_at\", \"type\": \"instant\"},"
    "   {\"name\": \"updated_at\", \"type\": \"instant\"}],\n%s}]", stream);

  provider_fixture_load (self->fixture, rest);
}

void
toy_reading_init (ToyReading *self,
                  Toy        *toy)
{
  *self = (ToyReading) { .toy = toy, .started_at = PROVIDER_NOW };
  self->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->states = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->payloads = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->places = g_ptr_array_new ();
}

void
toy_reading_clear (ToyReading *self)
{
  g_hash_table_unref (self->seen);
  g_hash_table_unref (self->states);
  g_hash_table_unref (self->payloads);
  g_clear_pointer (&self->gone, g_strfreev);
  g_ptr_array_unref (self->places);
}

void
toy_reading_forget (ToyReading *self)
{
  g_hash_table_remove_all (self->seen);
  g_hash_table_remove_all (self->payloads);
  self->n_pages = 0;
  self->n_bad = 0;
  self->n_skipped = 0;
  provider_fixture_forget (self->toy->fixture);
}

gboolean
toy_reading_has (ToyReading *self,
                 guint       id)
{
  g_autofree char *text = g_strdup_printf ("r%u", id);

  return g_hash_table_contains (self->seen, text);
}

guint
toy_reading_count (ToyReading *self)
{
  return g_hash_table_size (self->seen);
}

static void
store_page (ToyReading      *self,
            TidePage        *page,
            TideRecordBatch *batch)
{
  gsize n_records;
  gsize n_bad;
  const TideRecord *records = tide_record_batch_get_records (batch, &n_records);

  tide_record_batch_get_bad (batch, &n_bad);
  for (gsize i = 0; i < n_records; i++)
    {
      char *id = g_strndup (records[i].id, records[i].id_length);

      g_hash_table_replace (self->payloads, g_strdup (id), g_strndup (records[i].raw, records[i].raw_length));
      g_hash_table_replace (self->seen, id, GUINT_TO_POINTER (1));
    }
  self->n_bad += n_bad;
  self->n_skipped += tide_record_batch_get_skipped (batch);
  self->n_pages++;
  self->expected = tide_page_get_expected (page);
  if (self->ids != NULL || self->filters != NULL)
    {
      g_assert_null (tide_page_get_state (page));
      return;
    }
  g_assert_nonnull (tide_page_get_state (page));
  g_hash_table_replace (self->states, g_strdup (tide_page_get_partition (page)), g_strdup (tide_page_get_state (page)));
}

/**
 * toy_reading_run:
 * @max_pages: stop after so many, as if killed; -1 = never
 *
 * Reads "items" in one run: as the pages come they are stored with their states. One page is always fetched
 * ahead of the one that is stored.
 *
 * Returns: %FALSE with @error if the reading failed
 */
gboolean
toy_reading_run (ToyReading   *self,
                 TideRunMode   mode,
                 int           max_pages,
                 GError      **error)
{
  ProviderFixture *fixture = self->toy->fixture;
  const TideReadPlan plan = { .mode = mode, .states = self->states, .partial = self->partial,
                              .partition_values = self->places->len > 0 ? self->places : NULL,
                              .started_at = self->started_at, .ids = self->ids, .filters = self->filters,
                              .latency = self->latency, .in_line = self->in_line };
  g_autoptr(TideStreamReader) reader = NULL;
  g_autoptr(TidePage) page = NULL;
  g_autoptr(GError) failure = NULL;
  int n_stored = 0;

  reader = tide_stream_reader_new (tide_manifest_get_stream (fixture->manifest, "items"), fixture->requester, &plan,
                                   provider_note_cb, fixture, error);
  if (reader == NULL)
    return FALSE;
  self->resumed = tide_stream_reader_resumes (reader);
  page = tide_stream_reader_fetch (reader, NULL, &failure);
  while (page != NULL && n_stored != max_pages)
    {
      TidePage *ahead = failure == NULL ? tide_stream_reader_fetch (reader, NULL, &failure) : NULL;
      g_autoptr(TideRecordBatch) batch = tide_stream_reader_parse (reader, page, failure == NULL ? &failure : NULL);

      if (batch != NULL)
        store_page (self, page, batch);
      n_stored++;
      tide_page_free (page);
      page = ahead;
      if (batch == NULL)
        break;
    }
  self->full = tide_stream_reader_is_full_listing (reader);
  g_clear_pointer (&self->gone, g_strfreev);
  self->gone = tide_stream_reader_list_gone (reader);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* The watermark in a saved state, or NULL. */
char *
toy_watermark (ToyReading *self,
               const char *partition)
{
  const char *state = g_hash_table_lookup (self->states, partition);
  g_autoptr(JsonNode) root = state != NULL ? json_from_string (state, NULL) : NULL;

  if (root == NULL)
    return NULL;
  return g_strdup (json_object_get_string_member_with_default (json_node_get_object (root), "watermark", NULL));
}
