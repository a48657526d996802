/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-sandbox"

#include <signal.h>

#include "sandbox-peer.h"

struct _SandboxPeer
{
  GSubprocess *process;   /* (owned) */
  SoupSession *session;   /* (owned) */
  char        *url;       /* (owned) */
  char        *token;     /* (owned) */
  char        *version;   /* (owned) (nullable) */
};

/**
 * sandbox_peer_start:
 * @arguments: (nullable): more of them, as on a shell's line
 *
 * Starts a small sandbox whose time stands still, and waits until it listens.
 *
 * Returns: (transfer full): the running sandbox
 */
SandboxPeer *
sandbox_peer_start (const char *arguments)
{
  const char *program = g_getenv ("TIDEMARK_SANDBOX");
  g_autofree char *line = g_strdup_printf ("--exit-with-parent --speed 0 --now " SANDBOX_PEER_NOW
                                           " --orders 600 --months 3 %s", arguments != NULL ? arguments : "");
  g_auto(GStrv) words = NULL;
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();
  g_autoptr(GDataInputStream) output = NULL;
  g_autofree char *said = NULL;
  g_autoptr(GError) error = NULL;
  SandboxPeer *self = g_new0 (SandboxPeer, 1);

  g_assert_nonnull (program);
  g_assert_true (g_shell_parse_argv (line, NULL, &words, NULL));
  g_ptr_array_add (argv, (gpointer)program);
  for (guint i = 0; words[i] != NULL; i++)
    g_ptr_array_add (argv, words[i]);
  g_ptr_array_add (argv, NULL);

  self->process = g_subprocess_newv ((const char *const *)argv->pdata, G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (output), FALSE);
  said = g_data_input_stream_read_line (output, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (said);
  g_assert_true (g_str_has_prefix (said, "tidemark-sandbox: listening on http://127.0.0.1:"));

  self->url = g_strdup (strstr (said, "http://"));
  self->token = g_strdup ("sandbox-token");
  self->version = g_strdup ("2025-08-20");
  self->session = soup_session_new_with_options ("timeout", 20, NULL);
  return self;
}

/** sandbox_peer_stop: ends it as systemd would, and expects a clean end. */
void
sandbox_peer_stop (SandboxPeer *self)
{
  g_autoptr(GError) error = NULL;

  soup_session_abort (self->session);
  g_clear_object (&self->session);
  g_subprocess_send_signal (self->process, SIGTERM);
  g_assert_true (g_subprocess_wait_check (self->process, NULL, &error));
  g_assert_no_error (error);
  g_object_unref (self->process);
  g_free (self->url);
  g_free (self->token);
  g_free (self->version);
  g_free (self);
}

/** sandbox_peer_get_url: (transfer none): where it listens, without a slash at the end. */
const char *
sandbox_peer_get_url (SandboxPeer *self)
{
  return self->url;
}

/** sandbox_peer_set_token: what later requests carry. */
void
sandbox_peer_set_token (SandboxPeer *self,
                        const char  *token)
{
  g_free (self->token);
  self->token = g_strdup (token);
}

/** sandbox_peer_set_version: (nullable): which API version later requests ask for. */
void
sandbox_peer_set_version (SandboxPeer *self,
                          const char  *version)
{
  g_free (self->version);
  self->version = g_strdup (version);
}

/**
 * sandbox_peer_send:
 * @body: (nullable): JSON
 * @out_status: (out) (optional): the HTTP status
 * @out_headers: (out) (optional) (transfer full): the response's headers
 *
 * Returns: (transfer full) (nullable): the body, or %NULL with @error as the network said
 */
GBytes *
sandbox_peer_send (SandboxPeer         *self,
                   const char          *method,
                   const char          *path,
                   const char          *body,
                   guint               *out_status,
                   SoupMessageHeaders **out_headers,
                   GError             **error)
{
  g_autofree char *url = g_strconcat (self->url, path, NULL);
  g_autofree char *bearer = g_strconcat ("Bearer ", self->token, NULL);
  g_autoptr(SoupMessage) message = soup_message_new (method, url);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  GBytes *answer;

  /* libsoup would send a request again by itself if the connection broke: a test wants to see that. */
  soup_message_add_flags (message, SOUP_MESSAGE_NEW_CONNECTION);
  soup_message_headers_replace (headers, "Authorization", bearer);
  if (self->version != NULL)
    soup_message_headers_replace (headers, "Square-Version", self->version);
  if (body != NULL)
    {
      g_autoptr(GBytes) bytes = g_bytes_new (body, strlen (body));

      soup_message_set_request_body_from_bytes (message, "application/json", bytes);
    }

  answer = soup_session_send_and_read (self->session, message, NULL, error);
  if (out_status != NULL)
    *out_status = soup_message_get_status (message);
  if (out_headers != NULL)
    *out_headers = soup_message_headers_ref (soup_message_get_response_headers (message));
  return answer;
}

/** sandbox_peer_call: (transfer full): the JSON that is answered, with @status. */
JsonNode *
sandbox_peer_call (SandboxPeer *self,
                   const char  *method,
                   const char  *path,
                   const char  *body,
                   guint        status)
{
  g_autoptr(GError) error = NULL;
  guint got = 0;
  g_autoptr(GBytes) bytes = sandbox_peer_send (self, method, path, body, &got, NULL, &error);
  g_autoptr(JsonParser) parser = json_parser_new ();
  gsize length;
  const char *text;

  g_assert_no_error (error);
  text = g_bytes_get_data (bytes, &length);
  if (got != status)
    g_error ("%s %s: %u %.*s", method, path, got, (int)length, text);
  json_parser_load_from_data (parser, text, (gssize)length, &error);
  g_assert_no_error (error);
  return json_parser_steal_root (parser);
}

/** sandbox_peer_expect: the answer must be an error of that status and code. */
void
sandbox_peer_expect (SandboxPeer *self,
                     const char  *method,
                     const char  *path,
                     const char  *body,
                     guint        status,
                     const char  *code)
{
  g_autoptr(JsonNode) node = sandbox_peer_call (self, method, path, body, status);
  JsonArray *errors = json_object_get_array_member (json_node_get_object (node), "errors");

  g_assert_cmpuint (json_array_get_length (errors), ==, 1);
  g_assert_cmpstr (sandbox_record_text (json_array_get_object_element (errors, 0), "code"), ==, code);
  g_assert_nonnull (sandbox_record_text (json_array_get_object_element (errors, 0), "category"));
}

/** sandbox_peer_text: (transfer full): the truth about @entity as JSON Lines. */
char *
sandbox_peer_text (SandboxPeer *self,
                   const char  *entity)
{
  g_autofree char *path = g_strconcat ("/_sandbox/truth/", entity, NULL);
  g_autoptr(GError) error = NULL;
  guint status = 0;
  g_autoptr(GBytes) bytes = sandbox_peer_send (self, "GET", path, NULL, &status, NULL, &error);
  gsize length;
  const char *text;

  g_assert_no_error (error);
  g_assert_cmpuint (status, ==, SOUP_STATUS_OK);
  text = g_bytes_get_data (bytes, &length);
  return g_strndup (text != NULL ? text : "", length);
}

/** sandbox_peer_truth: (transfer full) (element-type JsonObject): every live record of @entity. */
GPtrArray *
sandbox_peer_truth (SandboxPeer *self,
                    const char  *entity)
{
  g_autofree char *text = sandbox_peer_text (self, entity);
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);
  GPtrArray *records = g_ptr_array_new_with_free_func ((GDestroyNotify)json_object_unref);

  for (guint i = 0; lines[i] != NULL && *lines[i] != '\0'; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(JsonNode) node = json_from_string (lines[i], &error);

      g_assert_no_error (error);
      g_ptr_array_add (records, json_node_dup_object (node));
    }

  return records;
}

static char *
with_cursor (const char *text,
             const char *cursor,
             gboolean    is_body)
{
  g_autofree char *escaped = g_uri_escape_string (cursor, NULL, FALSE);

  if (!is_body)
    return g_strdup_printf ("%s%scursor=%s", text, strchr (text, '?') != NULL ? "&" : "?", escaped);
  return g_strdup_printf ("%.*s%s\"cursor\":\"%s\"}", (int)strlen (text) - 1, text,
                          strlen (text) > 2 ? "," : "", cursor);
}

/**
 * sandbox_peer_walk:
 * @body: (nullable): JSON without a cursor, for a POST
 * @key: the array's name
 * @out_pages: (out) (optional): how many pages there were
 *
 * Returns: (transfer full) (element-type JsonObject): all records of all pages
 */
GPtrArray *
sandbox_peer_walk (SandboxPeer *self,
                   const char  *method,
                   const char  *path,
                   const char  *body,
                   const char  *key,
                   guint       *out_pages)
{
  GPtrArray *records = g_ptr_array_new_with_free_func ((GDestroyNotify)json_object_unref);
  g_autofree char *cursor = NULL;
  guint pages = 0;

  do
    {
      g_autofree char *next_path = cursor != NULL && body == NULL ? with_cursor (path, cursor, FALSE) : g_strdup (path);
      g_autofree char *next_body = cursor != NULL && body != NULL ? with_cursor (body, cursor, TRUE) : g_strdup (body);
      g_autoptr(JsonNode) node = sandbox_peer_call (self, method, next_path, next_body, SOUP_STATUS_OK);
      JsonObject *page = json_node_get_object (node);
      JsonArray *array = json_object_has_member (page, key) ? json_object_get_array_member (page, key) : NULL;

      for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
        g_ptr_array_add (records, json_object_ref (json_array_get_object_element (array, i)));
      g_free (cursor);
      cursor = g_strdup (sandbox_record_text (page, "cursor"));
      g_assert_cmpuint (++pages, <, 10000);
    }
  while (cursor != NULL);

  if (out_pages != NULL)
    *out_pages = pages;
  return records;
}

/** sandbox_peer_locations: (transfer full): the ids of all locations as a JSON array. */
char *
sandbox_peer_locations (SandboxPeer *self)
{
  g_autoptr(GPtrArray) locations = sandbox_peer_truth (self, "locations");
  GString *text = g_string_new ("[");

  for (guint i = 0; i < locations->len; i++)
    g_string_append_printf (text, "%s\"%s\"", i > 0 ? "," : "", sandbox_record_text (g_ptr_array_index (locations, i), "id"));
  g_string_append_c (text, ']');
  return g_string_free (text, FALSE);
}

/** sandbox_record_text: (transfer none) (nullable): a member that is text. */
const char *
sandbox_record_text (JsonObject *record,
                     const char *member)
{
  return json_object_has_member (record, member) ? json_object_get_string_member (record, member) : NULL;
}

/** sandbox_record_money: the amount of a member that is money, 0 if it is not there. */
gint64
sandbox_record_money (JsonObject *record,
                      const char *member)
{
  if (!json_object_has_member (record, member))
    return 0;
  return json_object_get_int_member (json_object_get_object_member (record, member), "amount");
}

static GHashTable *
index_records (GPtrArray *records)
{
  GHashTable *index = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)json_node_unref);

  for (guint i = 0; i < records->len; i++)
    {
      JsonNode *node = json_node_new (JSON_NODE_OBJECT);

      json_node_set_object (node, g_ptr_array_index (records, i));
      g_assert_true (g_hash_table_insert (index, (gpointer)sandbox_record_text (g_ptr_array_index (records, i), "id"), node));
    }

  return index;
}

/** sandbox_assert_same: both hold the same records, in whatever order, none twice. */
void
sandbox_assert_same (GPtrArray *records,
                     GPtrArray *others)
{
  g_autoptr(GHashTable) first = index_records (records);
  g_autoptr(GHashTable) second = index_records (others);
  GHashTableIter iter;
  gpointer id, node;

  g_assert_cmpuint (records->len, ==, others->len);
  g_hash_table_iter_init (&iter, first);
  while (g_hash_table_iter_next (&iter, &id, &node))
    {
      JsonNode *other = g_hash_table_lookup (second, id);

      g_assert_nonnull (other);
      g_assert_true (json_node_equal (node, other));
    }
}
