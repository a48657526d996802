/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemark-sandbox"

#include <string.h>
#include <sys/socket.h>

#include "sandbox-mischief.h"

/* libsoup has no name for it. */
#define HTTP_TOO_MANY_REQUESTS 429

/**
 * sandbox_mischief_replaces:
 * @fault: (nullable): what goes wrong
 *
 * Returns: %TRUE if @reply now holds an error and the request is not looked at
 */
gboolean
sandbox_mischief_replaces (const SandboxFault *fault,
                           SandboxReply       *reply)
{
  switch (fault != NULL ? fault->kind : SANDBOX_FAULT_NONE)
    {
    case SANDBOX_FAULT_RATE_LIMIT:
      reply->retry_after = (int)fault->retry_after;
      G_GNUC_FALLTHROUGH;
    case SANDBOX_FAULT_RATE_LIMIT_BARE:
      sandbox_reply_error (reply, HTTP_TOO_MANY_REQUESTS, "RATE_LIMIT_ERROR", "RATE_LIMITED",
                           "Too many requests, try again later.", NULL);
      return TRUE;
    case SANDBOX_FAULT_SERVER_ERROR:
      sandbox_reply_error (reply, SOUP_STATUS_INTERNAL_SERVER_ERROR, "API_ERROR", "INTERNAL_SERVER_ERROR",
                           "An internal error has occurred, and the API was unable to service your request.", NULL);
      return TRUE;
    case SANDBOX_FAULT_UNAVAILABLE:
      sandbox_reply_error (reply, SOUP_STATUS_SERVICE_UNAVAILABLE, "API_ERROR", "SERVICE_UNAVAILABLE",
                           "Square is temporarily unavailable.", NULL);
      return TRUE;
    case SANDBOX_FAULT_EXPIRED_TOKEN:
      sandbox_reply_error (reply, SOUP_STATUS_UNAUTHORIZED, "AUTHENTICATION_ERROR", "ACCESS_TOKEN_EXPIRED",
                           "The access token has expired.", NULL);
      return TRUE;
    case SANDBOX_FAULT_FORBIDDEN:
      sandbox_reply_error (reply, SOUP_STATUS_FORBIDDEN, "AUTHENTICATION_ERROR", "INSUFFICIENT_SCOPES",
                           "The merchant has not given your application sufficient permissions to do that.", NULL);
      return TRUE;
    case SANDBOX_FAULT_WRONG_TYPE:
      reply->type = "text/html";
      sandbox_reply_string (reply, "<!DOCTYPE html><html><body><h1>Please log in to the guest network</h1></body></html>");
      return TRUE;
    case SANDBOX_FAULT_NONE:
    case SANDBOX_FAULT_RESET_BEFORE:
    case SANDBOX_FAULT_RESET_MIDDLE:
    case SANDBOX_FAULT_SLOW_DRIP:
    case SANDBOX_FAULT_TRUNCATED:
    case SANDBOX_FAULT_DUPLICATE_PAGE:
    case SANDBOX_FAULT_SHIFTING_PAGE:
    case SANDBOX_FAULT_EMPTY_PAGE:
    case SANDBOX_FAULT_CURSOR_LOOP:
    case SANDBOX_FAULT_BAD_RECORD:
    case SANDBOX_FAULT_BAD_UTF8:
    case SANDBOX_FAULT_HUGE_BODY:
    case SANDBOX_FAULT_HANG:
    case SANDBOX_N_FAULTS:
    default:
      return FALSE;
    }
}

/** sandbox_mischief_twist: what @fault does to the choice of a page's records. */
SandboxTwist
sandbox_mischief_twist (const SandboxFault *fault)
{
  SandboxFaultKind kind = fault != NULL ? fault->kind : SANDBOX_FAULT_NONE;

  if (kind == SANDBOX_FAULT_DUPLICATE_PAGE)
    return SANDBOX_TWIST_DUPLICATE;
  if (kind == SANDBOX_FAULT_SHIFTING_PAGE)
    return SANDBOX_TWIST_SHIFT;
  if (kind == SANDBOX_FAULT_EMPTY_PAGE)
    return SANDBOX_TWIST_EMPTY;
  return kind == SANDBOX_FAULT_CURSOR_LOOP ? SANDBOX_TWIST_LOOP : SANDBOX_TWIST_NONE;
}

/* Where the value of a member @name of the object at @at begins, at its own level only. */
static const char *
find_member (const char *at,
             const char *end,
             const char *name)
{
  gsize length = strlen (name);
  int depth = 0;
  gboolean in_string = FALSE;

  for (; at < end; at++)
    {
      if (in_string && *at == '\\')
        at++;
      else if (*at == '"')
        {
          in_string = !in_string;
          if (in_string && depth == 1 && (gsize)(end - at) > length + 3 && at[length + 1] == '"'
              && at[length + 2] == ':' && strncmp (at + 1, name, length) == 0)
            return at + length + 3;
        }
      else if (!in_string && (*at == '{' || *at == '['))
        depth++;
      else if (!in_string && (*at == '}' || *at == ']') && --depth == 0)
        return NULL;
    }

  return NULL;
}

static const char *
skip_value (const char *at,
            const char *end)
{
  int depth = 0;
  gboolean in_string = FALSE;

  for (; at < end; at++)
    {
      if (in_string && *at == '\\')
        at++;
      else if (*at == '"')
        in_string = !in_string;
      else if (!in_string && depth == 0 && (*at == ',' || *at == '}' || *at == ']'))
        return at;
      else if (!in_string && (*at == '{' || *at == '['))
        depth++;
      else if (!in_string && (*at == '}' || *at == ']'))
        depth--;
    }

  return end;
}

static void
reply_splice (SandboxReply *self,
              GBytes       *body,
              gsize         from,
              gsize         until,
              const char   *text,
              gsize         length)
{
  gsize size;
  const char *data = g_bytes_get_data (body, &size);

  sandbox_reply_reset (self);
  sandbox_reply_text (self, data, from);
  sandbox_reply_text (self, text, length);
  sandbox_reply_text (self, data + until, size - until);
}

/* The first record's member becomes something of another type; the id stays. */
static void
spoil_record (SandboxReply *reply,
              const char   *field)
{
  static const char wrong[] = "{\"amount\":\"lots\",\"currency\":7}";
  g_autoptr(GBytes) body = sandbox_reply_flatten (reply);
  gsize size;
  const char *data = g_bytes_get_data (body, &size);
  const char *record = g_strstr_len (data, (gssize)size, "[{");
  const char *value = record != NULL ? find_member (record + 1, data + size, field) : NULL;

  if (value == NULL)
    {
      sandbox_reply_set_bytes (reply, body);
      return;
    }
  reply_splice (reply, body, (gsize)(value - data), (gsize)(skip_value (value, data + size) - data),
                wrong, sizeof wrong - 1);
}

/* Bytes that no UTF-8 text has, inside of the first string value. */
static void
spoil_text (SandboxReply *reply)
{
  g_autoptr(GBytes) body = sandbox_reply_flatten (reply);
  gsize size;
  const char *data = g_bytes_get_data (body, &size);
  const char *value = g_strstr_len (data, (gssize)size, "\":\"");

  if (value == NULL)
    {
      sandbox_reply_set_bytes (reply, body);
      return;
    }
  reply_splice (reply, body, (gsize)(value + 3 - data), (gsize)(value + 3 - data), "\xff\xc3\x28", 3);
}

static void
spoil_length (SandboxReply *reply)
{
  g_autoptr(GBytes) body = sandbox_reply_flatten (reply);
  g_autoptr(GBytes) half = g_bytes_new_from_bytes (body, 0, g_bytes_get_size (body) / 2);

  sandbox_reply_set_bytes (reply, half);
}

static void
spoil_size (SandboxReply *reply,
            gint64        bytes)
{
  g_autoptr(GBytes) body = sandbox_reply_flatten (reply);
  g_autoptr(GString) head = g_string_sized_new ((gsize)bytes + 32);

  g_string_append (head, "{\"padding\":\"");
  for (gint64 i = 0; i < bytes; i++)
    g_string_append_c (head, 'x');
  g_string_append (head, g_bytes_get_size (body) > 2 ? "\"," : "\"");
  reply_splice (reply, body, 0, 1, head->str, head->len);
}

/** sandbox_mischief_spoil: changes a body that is complete. */
void
sandbox_mischief_spoil (const SandboxFault *fault,
                        SandboxReply       *reply)
{
  SandboxFaultKind kind = fault != NULL ? fault->kind : SANDBOX_FAULT_NONE;

  if (kind == SANDBOX_FAULT_BAD_RECORD)
    spoil_record (reply, fault->field != NULL ? fault->field : "created_at");
  else if (kind == SANDBOX_FAULT_BAD_UTF8)
    spoil_text (reply);
  else if (kind == SANDBOX_FAULT_TRUNCATED)
    spoil_length (reply);
  else if (kind == SANDBOX_FAULT_HUGE_BODY)
    spoil_size (reply, fault->bytes);
}

/* Closing with data unsent and no time to linger makes the kernel send a reset. */
static void
reset_connection (SoupServerMessage *message)
{
  GSocket *socket = soup_server_message_get_socket (message);
  struct linger linger = { .l_onoff = 1, .l_linger = 0 };

  if (socket == NULL)
    return;
  setsockopt (g_socket_get_fd (socket), SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
  g_socket_close (socket, NULL);
}

/* An answer under way that is sent piece by piece. */
typedef struct
{
  SoupServerMessage *message;   /* (owned) */
  GBytes            *body;      /* (owned) */
  gsize              sent;
  gsize              piece;
  guint              delay;
  guint              timeout;
  gboolean           reset;     /* break off half way */
} Drip;

static void
drip_free (gpointer  data,
           GClosure *closure)
{
  Drip *drip = data;

  if (drip->timeout != 0)
    g_source_remove (drip->timeout);
  g_bytes_unref (drip->body);
  g_free (drip);
}

static void
drip_append (Drip *drip)
{
  gsize length = MIN (drip->piece, g_bytes_get_size (drip->body) - drip->sent);
  g_autoptr(GBytes) piece = g_bytes_new_from_bytes (drip->body, drip->sent, length);

  drip->sent += length;
  soup_message_body_append_bytes (soup_server_message_get_response_body (drip->message), piece);
}

static gboolean
drip_next_cb (gpointer data)
{
  Drip *drip = data;

  drip->timeout = 0;
  drip_append (drip);
  soup_server_message_unpause (drip->message);
  return G_SOURCE_REMOVE;
}

static void
drip_wrote_chunk_cb (SoupServerMessage *message,
                     gpointer           data)
{
  Drip *drip = data;

  if (drip->sent >= g_bytes_get_size (drip->body))
    return;
  if (drip->reset)
    {
      reset_connection (message);
      return;
    }

  soup_server_message_pause (message);
  drip->timeout = g_timeout_add (drip->delay, drip_next_cb, drip);
}

static void
start_drip (const SandboxFault *fault,
            SandboxReply       *reply,
            SoupServerMessage  *message)
{
  g_autoptr(GBytes) body = sandbox_reply_flatten (reply);
  gboolean reset = fault->kind == SANDBOX_FAULT_RESET_MIDDLE;
  gsize length = g_bytes_get_size (body);
  Drip *drip = g_new0 (Drip, 1);

  /* The message outlives the drip: it is freed with the handler's closure. */
  drip->message = message;
  drip->reset = reset;
  drip->piece = MAX (length / (reset ? 2 : (gsize)MAX (fault->pieces, 1)), 1);
  drip->delay = (guint)fault->delay_ms;
  drip->body = g_steal_pointer (&body);
  g_signal_connect_data (message, "wrote-chunk", G_CALLBACK (drip_wrote_chunk_cb), drip, drip_free, 0);

  sandbox_reply_reset (reply);
  sandbox_reply_send (reply, message, FALSE);
  soup_message_headers_set_content_length (soup_server_message_get_response_headers (message), (goffset)length);
  drip_append (drip);
}

static gboolean
end_hang_cb (gpointer data)
{
  reset_connection (data);
  soup_server_message_unpause (data);
  return G_SOURCE_REMOVE;
}

/**
 * sandbox_mischief_send:
 * @fault: (nullable): what goes wrong
 * @reply: the answer
 *
 * Returns: %FALSE if the answer is to be sent as usual
 */
gboolean
sandbox_mischief_send (const SandboxFault *fault,
                       SandboxReply       *reply,
                       SoupServerMessage  *message)
{
  SandboxFaultKind kind = fault != NULL ? fault->kind : SANDBOX_FAULT_NONE;

  if (kind == SANDBOX_FAULT_RESET_BEFORE)
    {
      sandbox_reply_send (reply, message, FALSE);
      reset_connection (message);
    }
  else if (kind == SANDBOX_FAULT_RESET_MIDDLE || kind == SANDBOX_FAULT_SLOW_DRIP)
    start_drip (fault, reply, message);
  else if (kind == SANDBOX_FAULT_HANG)
    {
      soup_server_message_pause (message);
      g_timeout_add_seconds_full (G_PRIORITY_DEFAULT, (guint)fault->seconds, end_hang_cb,
                                  g_object_ref (message), g_object_unref);
    }
  else
    return FALSE;

  return TRUE;
}
