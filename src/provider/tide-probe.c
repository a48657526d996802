/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-provider"

#include "tide-requester-private.h"

#include <string.h>

#include "tide-paginator.h"

/* Somebody waits in front of the window: no long retrying. */
#define ATTEMPTS 2

/* One test of a connection. */
typedef struct
{
  TideRequester *requester;
  GCancellable  *cancellable;
  char          *account;       /* (owned) (nullable) */
  GPtrArray     *details;       /* (owned) of char* */
  GPtrArray     *missing;       /* (owned) of char* */
  GHashTable    *samples;       /* (owned) stream → JSON text of one of its records */
} Probe;

static void
probe_clear (Probe *self)
{
  g_free (self->account);
  g_ptr_array_unref (self->details);
  g_ptr_array_unref (self->missing);
  g_hash_table_unref (self->samples);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Probe, probe_clear)

static char *
dup_at (const char *text,
        gsize       length,
        const char *pointer)
{
  const char *pointers[1] = { pointer };
  TideJsonValue value = { TIDE_JSON_ABSENT };

  tide_json_lookup (text, length, pointers, 1, &value);
  if (value.type == TIDE_JSON_STRING)
    return tide_json_value_dup_string (&value);
  if (value.type == TIDE_JSON_ABSENT || value.type == TIDE_JSON_NULL)
    return NULL;
  return g_strndup (value.text, value.length);
}

typedef struct
{
  GPtrArray *lines;
  guint      n_fields;
} Details;

static gboolean
add_detail_cb (const TideJsonValue  *record,
               const TideJsonValue  *values,
               gpointer              user_data,
               GError              **error)
{
  Details *details = user_data;
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) parts = NULL;

  for (guint i = 0; i < details->n_fields; i++)
    {
      g_autofree char *part = values[i].type == TIDE_JSON_STRING ? tide_json_value_dup_string (&values[i]) : NULL;

      if (part != NULL && *part != '\0')
        g_strv_builder_add (builder, part);
    }
  parts = g_strv_builder_end (builder);
  if (parts[0] != NULL)
    g_ptr_array_add (details->lines, g_strjoinv (", ", parts));
  return TRUE;
}

static gboolean
read_check (Probe                *self,
            const TideCheckSpec  *check,
            const TideResponse   *response,
            GError              **error)
{
  g_autoptr(TideJsonReader) reader = NULL;
  Details details = { self->details, check->fields != NULL ? g_strv_length (check->fields) : 0 };
  gsize length;
  const char *text = g_bytes_get_data (response->body, &length);

  if (check->account != NULL && self->account == NULL)
    self->account = dup_at (text, length, check->account);
  if (check->records == NULL)
    return TRUE;
  reader = tide_json_reader_new (check->records, (const char * const *)check->fields, details.n_fields, error);
  return reader != NULL && tide_json_reader_read (reader, text, length, add_detail_cb, &details, error);
}

static gboolean
run_check (Probe                *self,
           const TideCheckSpec  *check,
           GError              **error)
{
  TideTemplateScope scope = TIDE_TEMPLATE_SCOPE_INIT;
  TideExchange exchange = { .spec = check->request, .scope = &scope, .attempts = ATTEMPTS };
  TideErrorAction action;
  g_autoptr(TideResponse) response = NULL;

  response = tide_requester_exchange (self->requester, &exchange, &action, self->cancellable, error);
  return response != NULL && read_check (self, check, response, error);
}

/* The value of the parent's column in a record of it that an earlier probe met. */
static char *
dup_partition (Probe      *self,
               TideStream *stream)
{
  const char *column = tide_stream_get_parent_column (stream);
  const char *sample = g_hash_table_lookup (self->samples, tide_stream_get_name (stream->parent));
  const char *pointer = stream->parent->id_pointers[0];

  for (guint i = 0; i < stream->parent->fields->len; i++)
    if (g_str_equal (g_array_index (stream->parent->fields, TideFieldSpec, i).name, column))
      pointer = g_array_index (stream->parent->fields, TideFieldSpec, i).pointer;
  return sample != NULL && pointer != NULL ? dup_at (sample, strlen (sample), pointer) : NULL;
}

static void
keep_sample (Probe              *self,
             TideStream         *stream,
             const TideResponse *response)
{
  g_autofree char *pointer = g_strconcat (stream->records_pointer, "/0", NULL);
  gsize length;
  const char *text = g_bytes_get_data (response->body, &length);
  char *sample = dup_at (text, length, pointer);

  if (sample != NULL)
    g_hash_table_insert (self->samples, g_strdup (stream->name), sample);
}

/* What is refused is noted; only what stops the whole test is an error. */
static gboolean
take_refusal (Probe       *self,
              TideStream  *stream,
              GError      *failure,
              GError     **error)
{
  if (failure->domain != TIDE_ERROR || failure->code == TIDE_ERROR_PROVIDER || failure->code == TIDE_ERROR_NO_KEYRING)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  g_ptr_array_add (self->missing, g_strdup_printf ("%s: %s", stream->label, failure->message));
  g_error_free (failure);
  return TRUE;
}

static gboolean
probe_stream (Probe       *self,
              TideStream  *stream,
              GError     **error)
{
  TideTemplateScope scope = TIDE_TEMPLATE_SCOPE_INIT;
  TideExchange exchange = { .scope = &scope, .errors = stream->errors, .attempts = ATTEMPTS };
  g_autofree char *partition = NULL;
  const char *list[2] = { NULL, NULL };
  g_autoptr(TideResponse) response = NULL;
  TideErrorAction action;
  GError *failure = NULL;

  if (stream->partition.values != NULL)
    partition = g_strdup (stream->partition.values[0]);
  else if (stream->parent != NULL)
    partition = dup_partition (self, stream);
  if (partition == NULL && stream->partition.chunk != 0)
    return TRUE;
  list[0] = partition;
  scope.partition = partition;
  scope.partition_list = partition != NULL ? list : NULL;
  scope.since = stream->incremental.initial;
  tide_paginator_fill (&stream->paginator, NULL, &scope, &exchange.url);
  scope.page_size = MIN (scope.page_size, 1);
  exchange.spec = stream->full_request != NULL ? stream->full_request : stream->request;
  response = tide_requester_exchange (self->requester, &exchange, &action, self->cancellable, &failure);
  if (response == NULL)
    return take_refusal (self, stream, failure, error);
  keep_sample (self, stream, response);
  return TRUE;
}

static char **
steal_strings (GPtrArray *array)
{
  g_ptr_array_add (array, NULL);
  return (char **)g_ptr_array_steal (array, NULL);
}

/**
 * tide_requester_probe:
 * @cancellable: (nullable): wakes it at once
 * @error: TIDE_ERROR_AUTH if the login is refused, TIDE_ERROR_PROVIDER if there is no way to the provider
 *
 * Tests a connection: whose it is, and which streams it may read (one record of each is asked for).
 * Blocks.
 *
 * Returns: (transfer full): what was found, or %NULL
 */
TideProbe *
tide_requester_probe (TideRequester  *self,
                      GCancellable   *cancellable,
                      GError        **error)
{
  TideManifest *manifest = tide_requester_get_manifest (self);
  g_auto(Probe) probe = { self, cancellable };
  TideProbe *result;
  guint n_streams = 0;

  probe.details = g_ptr_array_new_with_free_func (g_free);
  probe.missing = g_ptr_array_new_with_free_func (g_free);
  probe.samples = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; i < manifest->checks->len; i++)
    if (!run_check (&probe, g_ptr_array_index (manifest->checks, i), error))
      return NULL;
  for (guint i = 0; i < manifest->streams->len; i++)
    {
      TideStream *stream = g_ptr_array_index (manifest->streams, i);

      if (tide_stream_is_child (stream))
        continue;
      n_streams++;
      if (!probe_stream (&probe, stream, error))
        return NULL;
    }
  /* Where there is nothing else to tell a bad login by, it shows in that nothing may be read. */
  if (manifest->checks->len == 0 && probe.missing->len == n_streams)
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_AUTH, "nothing may be read: %s",
                   (const char *)g_ptr_array_index (probe.missing, 0));
      return NULL;
    }

  result = g_new0 (TideProbe, 1);
  result->account = g_steal_pointer (&probe.account);
  result->details = steal_strings (probe.details);
  result->missing = steal_strings (probe.missing);
  return result;
}

void
tide_probe_free (TideProbe *self)
{
  if (self == NULL)
    return;
  g_free (self->account);
  g_strfreev (self->details);
  g_strfreev (self->missing);
  g_free (self);
}
