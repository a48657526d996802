/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemark-sandbox"

#include "sandbox-reply.h"

/* Below this, copying is cheaper than one more write to the socket. */
#define COPY_BELOW (16u * 1024)

/** sandbox_reply_new: (transfer full): an empty 200 with JSON. */
SandboxReply *
sandbox_reply_new (void)
{
  SandboxReply *self = g_new0 (SandboxReply, 1);

  self->status = SOUP_STATUS_OK;
  self->type = "application/json";
  self->retry_after = -1;
  self->pieces = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  self->tail = g_byte_array_new ();
  return self;
}

/** sandbox_reply_free: frees the answer. */
void
sandbox_reply_free (SandboxReply *self)
{
  g_ptr_array_unref (self->pieces);
  g_byte_array_unref (self->tail);
  g_free (self);
}

/** sandbox_reply_reset: takes back what was written. */
void
sandbox_reply_reset (SandboxReply *self)
{
  g_ptr_array_set_size (self->pieces, 0);
  g_byte_array_set_size (self->tail, 0);
  self->length = 0;
}

/** sandbox_reply_text: appends a copy of @text. */
void
sandbox_reply_text (SandboxReply *self,
                    const char   *text,
                    gsize         length)
{
  g_byte_array_append (self->tail, (const guint8 *)text, (guint)length);
  self->length += length;
}

/** sandbox_reply_string: appends a copy of @text. */
void
sandbox_reply_string (SandboxReply *self,
                      const char   *text)
{
  sandbox_reply_text (self, text, strlen (text));
}

static void
reply_end_tail (SandboxReply *self)
{
  if (self->tail->len == 0)
    return;
  g_ptr_array_add (self->pieces, g_byte_array_free_to_bytes (self->tail));
  self->tail = g_byte_array_new ();
}

static void
reply_add_span (SandboxReply      *self,
                SandboxArena      *arena,
                const SandboxSpan *span)
{
  if (span->length < COPY_BELOW)
    {
      sandbox_reply_text (self, sandbox_arena_peek (arena, span), span->length);
      return;
    }

  reply_end_tail (self);
  g_ptr_array_add (self->pieces, sandbox_arena_slice (arena, span));
  self->length += span->length;
}

/* Records that lie side by side become one piece. */
static void
reply_add_kept (SandboxReply *self,
                SandboxTable *table,
                const GArray *records)
{
  SandboxArena *arena = sandbox_table_get_arena (table);
  SandboxSpan span = sandbox_table_get (table, g_array_index (records, guint32, 0))->span;

  for (guint i = 1; i < records->len; i++)
    {
      const SandboxSpan *next = &sandbox_table_get (table, g_array_index (records, guint32, i))->span;

      if (sandbox_span_join (&span, next))
        continue;
      reply_add_span (self, arena, &span);
      sandbox_reply_text (self, ",", 1);
      span = *next;
    }

  reply_add_span (self, arena, &span);
}

static void
reply_add_rendered (SandboxReply *self,
                    SandboxTable *table,
                    const GArray *records)
{
  g_auto(SandboxText) text = { 0 };

  for (guint i = 0; i < records->len; i++)
    {
      if (i > 0)
        sandbox_text_char (&text, ',');
      sandbox_table_render (table, g_array_index (records, guint32, i), &text);
    }

  sandbox_reply_text (self, text.data, text.length);
}

/**
 * sandbox_reply_page:
 * @key: what the array is called
 * @cursor: (nullable): the cursor to give along
 *
 * Writes the page's object without its closing brace. Without records there is no
 * array either, as with Square.
 */
void
sandbox_reply_page (SandboxReply      *self,
                    const char        *key,
                    SandboxTable      *table,
                    const SandboxPage *page,
                    const char        *cursor)
{
  g_autofree char *head = g_strdup_printf ("{\"%s\":[", key);
  g_autofree char *tail = NULL;

  if (page->records->len == 0)
    sandbox_reply_string (self, "{");
  else
    {
      sandbox_reply_string (self, head);
      if (sandbox_table_get_arena (table) != NULL)
        reply_add_kept (self, table, page->records);
      else
        reply_add_rendered (self, table, page->records);
      sandbox_reply_string (self, "]");
    }

  if (cursor == NULL)
    return;
  tail = g_strdup_printf ("%s\"cursor\":\"%s\"", page->records->len > 0 ? "," : "", cursor);
  sandbox_reply_string (self, tail);
}

/**
 * sandbox_reply_error:
 * @detail: (nullable): a sentence
 * @field: (nullable): what in the request is wrong
 *
 * Makes it an error in Square's form.
 */
void
sandbox_reply_error (SandboxReply *self,
                     guint         status,
                     const char   *category,
                     const char   *code,
                     const char   *detail,
                     const char   *field)
{
  g_auto(SandboxText) text = { 0 };

  sandbox_text_char (&text, '{');
  sandbox_text_open (&text, "errors", '[');
  sandbox_text_char (&text, '{');
  sandbox_text_plain (&text, "category", category);
  sandbox_text_plain (&text, "code", code);
  if (detail != NULL)
    sandbox_text_member_string (&text, "detail", detail);
  if (field != NULL)
    sandbox_text_member_string (&text, "field", field);
  sandbox_text_raw (&text, "}]}", 3);

  sandbox_reply_reset (self);
  self->status = status;
  sandbox_reply_text (self, text.data, text.length);
}

/** sandbox_reply_bad: the request is at fault (400). */
void
sandbox_reply_bad (SandboxReply *self,
                   const char   *code,
                   const char   *field,
                   const char   *detail)
{
  sandbox_reply_error (self, SOUP_STATUS_BAD_REQUEST, "INVALID_REQUEST_ERROR", code, detail, field);
}

/** sandbox_reply_flatten: (transfer full): the whole body in one piece. */
GBytes *
sandbox_reply_flatten (SandboxReply *self)
{
  GByteArray *all = g_byte_array_sized_new ((guint)self->length);

  reply_end_tail (self);
  for (guint i = 0; i < self->pieces->len; i++)
    {
      gsize length;
      const guint8 *data = g_bytes_get_data (g_ptr_array_index (self->pieces, i), &length);

      g_byte_array_append (all, data, (guint)length);
    }

  return g_byte_array_free_to_bytes (all);
}

/** sandbox_reply_set_bytes: replaces the body. */
void
sandbox_reply_set_bytes (SandboxReply *self,
                         GBytes       *bytes)
{
  sandbox_reply_reset (self);
  g_ptr_array_add (self->pieces, g_bytes_ref (bytes));
  self->length = g_bytes_get_size (bytes);
}

static GBytes *
gzip (GBytes *plain)
{
  g_autoptr(GConverter) compressor = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 1));
  g_autoptr(GInputStream) source = g_memory_input_stream_new_from_bytes (plain);
  g_autoptr(GInputStream) compressed = g_converter_input_stream_new (source, compressor);
  g_autoptr(GOutputStream) sink = g_memory_output_stream_new_resizable ();

  /* Memory to memory: there is nothing to fail. */
  g_output_stream_splice (sink, compressed, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, NULL);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (sink));
}

/**
 * sandbox_reply_send:
 * @compress: send it with gzip
 *
 * Hands the answer to @message, which sends it when its handler returns.
 */
void
sandbox_reply_send (SandboxReply      *self,
                    SoupServerMessage *message,
                    gboolean           compress)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  SoupMessageBody *body = soup_server_message_get_response_body (message);

  if (compress && self->length > 0)
    {
      g_autoptr(GBytes) plain = sandbox_reply_flatten (self);
      g_autoptr(GBytes) compressed = gzip (plain);

      sandbox_reply_set_bytes (self, compressed);
      soup_message_headers_replace (headers, "Content-Encoding", "gzip");
    }
  reply_end_tail (self);

  soup_server_message_set_status (message, self->status, NULL);
  soup_message_headers_set_content_type (headers, self->type, NULL);
  if (self->retry_after >= 0)
    {
      g_autofree char *seconds = g_strdup_printf ("%d", self->retry_after);

      soup_message_headers_replace (headers, "Retry-After", seconds);
    }
  for (guint i = 0; i < self->pieces->len; i++)
    soup_message_body_append_bytes (body, g_ptr_array_index (self->pieces, i));
  soup_message_headers_set_content_length (headers, (goffset)self->length);
}
