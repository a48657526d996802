/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemark-sandbox"

#include "sandbox-random.h"
#include "sandbox-request.h"
#include "sandbox-time.h"

static guint64
hash_text (guint64     hash,
           const char *text)
{
  for (; *text != '\0'; text++)
    hash = (hash ^ (guchar)*text) * G_GUINT64_CONSTANT (0x100000001b3);
  return sandbox_mix (hash, 0, 0);
}

static gint
compare_texts (gconstpointer a,
               gconstpointer b)
{
  return g_strcmp0 (*(const char *const *)a, *(const char *const *)b);
}

static guint64
hash_parameters (guint64     hash,
                 GHashTable *parameters)
{
  guint length;
  g_autofree char **names = (char **)g_hash_table_get_keys_as_array (parameters, &length);

  qsort (names, length, sizeof *names, compare_texts);
  for (guint i = 0; i < length; i++)
    {
      if (g_str_equal (names[i], "cursor"))
        continue;
      hash = hash_text (hash, names[i]);
      hash = hash_text (hash, g_hash_table_lookup (parameters, names[i]));
    }

  return hash;
}

/* All but the cursor, written down again. */
static guint64
hash_body (guint64   hash,
           JsonNode *body)
{
  g_autoptr(JsonNode) copy = json_node_new (JSON_NODE_OBJECT);
  g_autoptr(JsonObject) rest = json_object_new ();
  g_autofree char *text = NULL;
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, json_node_get_object (body));
  while (json_object_iter_next_ordered (&iter, &name, &value))
    if (!g_str_equal (name, "cursor"))
      json_object_set_member (rest, name, json_node_copy (value));
  json_node_set_object (copy, rest);

  text = json_to_string (copy, FALSE);
  return hash_text (hash, text);
}

/**
 * sandbox_request_init:
 * @self: (out caller-allocates): the request
 * @method: the HTTP method; kept
 * @path: the path; kept
 * @query: (nullable): what follows the question mark
 * @body: (nullable): the body
 *
 * Returns: %FALSE if there is a body and it is not JSON
 */
gboolean
sandbox_request_init (SandboxRequest *self,
                      const char     *method,
                      const char     *path,
                      const char     *query,
                      GBytes         *body)
{
  SandboxRequest request = { .method = method, .path = path };
  gsize length = 0;
  const char *text = body != NULL ? g_bytes_get_data (body, &length) : NULL;

  request.parameters = query != NULL ? soup_form_decode (query)
                                     : g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  request.cursor = g_hash_table_lookup (request.parameters, "cursor");
  request.identity = hash_parameters (hash_text (hash_text (7, method), path), request.parameters);

  if (length > 0)
    {
      g_autoptr(JsonParser) parser = json_parser_new_immutable ();

      if (json_parser_load_from_data (parser, text, (gssize)length, NULL))
        request.body = json_parser_steal_root (parser);
      if (request.body != NULL && JSON_NODE_HOLDS_OBJECT (request.body))
        {
          request.object = json_node_get_object (request.body);
          request.identity = hash_body (request.identity, request.body);
        }
      if (request.object != NULL && sandbox_object_text (request.object, "cursor") != NULL)
        request.cursor = sandbox_object_text (request.object, "cursor");
    }

  *self = request;
  return length == 0 || self->body != NULL;
}

/** sandbox_request_clear: frees what the request owns. */
void
sandbox_request_clear (SandboxRequest *self)
{
  g_clear_pointer (&self->parameters, g_hash_table_unref);
  g_clear_pointer (&self->body, json_node_unref);
}

/** sandbox_request_parameter: (transfer none) (nullable): a query parameter that is not empty. */
const char *
sandbox_request_parameter (SandboxRequest *self,
                           const char     *name)
{
  const char *value = g_hash_table_lookup (self->parameters, name);

  return value != NULL && *value != '\0' ? value : NULL;
}

static JsonNode *
get_member (JsonObject *object,
            const char *name,
            JsonNodeType type)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_TYPE (node) == type ? node : NULL;
}

/** sandbox_object_child: (transfer none) (nullable): a member that is an object. */
JsonObject *
sandbox_object_child (JsonObject *object,
                      const char *name)
{
  JsonNode *node = get_member (object, name, JSON_NODE_OBJECT);

  return node != NULL ? json_node_get_object (node) : NULL;
}

/** sandbox_object_array: (transfer none) (nullable): a member that is an array. */
JsonArray *
sandbox_object_array (JsonObject *object,
                      const char *name)
{
  JsonNode *node = get_member (object, name, JSON_NODE_ARRAY);

  return node != NULL ? json_node_get_array (node) : NULL;
}

/** sandbox_object_text: (transfer none) (nullable): a member that is text and not empty. */
const char *
sandbox_object_text (JsonObject *object,
                     const char *name)
{
  JsonNode *node = get_member (object, name, JSON_NODE_VALUE);
  const char *text = node != NULL && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;

  return text != NULL && *text != '\0' ? text : NULL;
}

/** sandbox_array_text: (transfer none) (nullable): an element, if it is text. */
const char *
sandbox_array_text (JsonArray *array,
                    guint      index)
{
  JsonNode *node = json_array_get_element (array, index);

  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;
}

/** sandbox_object_flag: whether a member is true. */
gboolean
sandbox_object_flag (JsonObject *object,
                     const char *name)
{
  JsonNode *node = get_member (object, name, JSON_NODE_VALUE);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_BOOLEAN && json_node_get_boolean (node);
}

/** sandbox_read_limit: a "limit" that must be from 1 to @maximum; %FALSE with an error in @reply. */
gboolean
sandbox_read_limit (JsonObject   *object,
                    guint         fallback,
                    guint         maximum,
                    guint        *out_limit,
                    SandboxReply *reply)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, "limit") : NULL;
  gint64 limit;

  *out_limit = fallback;
  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
    {
      sandbox_reply_bad (reply, "EXPECTED_INTEGER", "limit", "Expected an integer value.");
      return FALSE;
    }

  limit = json_node_get_int (node);
  if (limit < 1 || limit > maximum)
    {
      sandbox_reply_bad (reply, limit < 1 ? "VALUE_TOO_LOW" : "VALUE_TOO_HIGH", "limit", "The limit is out of range.");
      return FALSE;
    }

  *out_limit = (guint)limit;
  return TRUE;
}

/** sandbox_read_time: @text as a time, if there is any; %FALSE with an error in @reply. */
gboolean
sandbox_read_time (const char   *text,
                   const char   *field,
                   gint64       *out_time,
                   SandboxReply *reply)
{
  if (text == NULL || sandbox_time_parse (text, out_time))
    return TRUE;

  sandbox_reply_bad (reply, "INVALID_TIME", field, "Expected an RFC 3339 timestamp.");
  return FALSE;
}

/** sandbox_read_range: a TimeRange, if there is any; %FALSE with an error in @reply. */
gboolean
sandbox_read_range (JsonObject   *range,
                    const char   *field,
                    SandboxRange *out_range,
                    SandboxReply *reply)
{
  if (!sandbox_read_time (sandbox_object_text (range, "start_at"), field, &out_range->from, reply)
      || !sandbox_read_time (sandbox_object_text (range, "end_at"), field, &out_range->until, reply))
    return FALSE;
  if (out_range->from <= out_range->until)
    return TRUE;

  sandbox_reply_bad (reply, "INVALID_TIME_RANGE", field, "start_at must not be after end_at.");
  return FALSE;
}

/** sandbox_read_order: "ASC" or "DESC", if there is any; %FALSE with an error in @reply. */
gboolean
sandbox_read_order (const char   *order,
                    gboolean      fallback,
                    gboolean     *out_descending,
                    SandboxReply *reply)
{
  *out_descending = fallback;
  if (order == NULL)
    return TRUE;

  *out_descending = g_str_equal (order, "DESC");
  if (*out_descending || g_str_equal (order, "ASC"))
    return TRUE;

  sandbox_reply_bad (reply, "INVALID_SORT_ORDER", "sort_order", "Must be ASC or DESC.");
  return FALSE;
}

/** sandbox_read_bits: a bit for each of @names in @array; %FALSE with an error in @reply. */
gboolean
sandbox_read_bits (JsonArray         *array,
                   const char        *field,
                   const char *const *names,
                   guint             *out_bits,
                   SandboxReply      *reply)
{
  guint length = array != NULL ? json_array_get_length (array) : 0;

  for (guint i = 0; i < length; i++)
    {
      const char *name = sandbox_array_text (array, i);
      guint bit = 0;

      while (names[bit] != NULL && g_strcmp0 (names[bit], name) != 0)
        bit++;
      if (names[bit] == NULL)
        {
          sandbox_reply_bad (reply, "INVALID_ENUM_VALUE", field, "Unknown value.");
          return FALSE;
        }
      *out_bits |= 1u << bit;
    }

  return TRUE;
}
