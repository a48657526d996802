/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemark-sandbox"

#include "sandbox-truth.h"

#define PIECE (256u * 1024)

typedef struct
{
  SandboxTable *table;   /* (not owned) */
  guint         kinds;
  guint32       next;
} Truth;

static void
truth_free (gpointer  data,
            GClosure *closure)
{
  g_free (data);
}

static void
truth_append (Truth           *self,
              SoupMessageBody *body)
{
  SandboxText text = { 0 };

  for (; self->next < sandbox_table_get_size (self->table) && text.length < PIECE; self->next++)
    if (sandbox_record_is_live (sandbox_table_get (self->table, self->next), self->kinds))
      {
        sandbox_table_render (self->table, self->next, &text);
        sandbox_text_char (&text, '\n');
      }

  if (text.length > 0)
    soup_message_body_append_take (body, (guchar *)text.data, text.length);
  else
    soup_message_body_complete (body);
}

static void
truth_wrote_chunk_cb (SoupServerMessage *message,
                      gpointer           data)
{
  truth_append (data, soup_server_message_get_response_body (message));
}

/** sandbox_truth_send: begins to answer @message; the rest follows as it is read. */
void
sandbox_truth_send (SandboxTable      *table,
                    guint              kinds,
                    SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  SoupMessageBody *body = soup_server_message_get_response_body (message);
  Truth *truth = g_new0 (Truth, 1);

  truth->table = table;
  truth->kinds = kinds;
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
  soup_message_headers_set_content_type (headers, "application/jsonl", NULL);
  soup_message_body_set_accumulate (body, FALSE);
  g_signal_connect_data (message, "wrote-chunk", G_CALLBACK (truth_wrote_chunk_cb), truth, truth_free, 0);
  truth_append (truth, body);
}
