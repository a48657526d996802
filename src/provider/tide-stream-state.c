/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-provider"

#include "tide-stream-state.h"

#include <json-glib/json-glib.h>

#include "tide-time.h"

void
tide_stream_state_init (TideStreamState *self)
{
  *self = (TideStreamState) {
    .watermark = TIDE_TIME_INVALID,
    .listing = TIDE_TIME_INVALID,
    .walk = { .since = TIDE_TIME_INVALID, .until = TIDE_TIME_INVALID, .max = TIDE_TIME_INVALID },
  };
}

void
tide_stream_state_clear (TideStreamState *self)
{
  g_clear_pointer (&self->walk.at, g_free);
}

void
tide_stream_state_copy (TideStreamState       *self,
                        const TideStreamState *from)
{
  char *at = g_strdup (from->walk.at);

  tide_stream_state_clear (self);
  *self = *from;
  self->walk.at = at;
}

/* A member that is not what it should be counts as absent: then more is read again, never less. */
static const char *
get_text (JsonObject *object,
          const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  return json_node_get_string (node);
}

static gint64
get_instant (JsonObject *object,
             const char *name)
{
  const char *text = get_text (object, name);

  return text != NULL ? tide_time_parse (text, -1) : TIDE_TIME_INVALID;
}

static gint64
get_count (JsonObject *object,
           const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
    return 0;
  return MAX (0, json_node_get_int (node));
}

static gboolean
get_flag (JsonObject *object,
          const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_BOOLEAN &&
         json_node_get_boolean (node);
}

static JsonObject *
get_object (JsonObject *object,
            const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static void
parse_walk (TideStreamState *self,
            JsonObject      *object)
{
  TideWalk *walk = &self->walk;
  const char *mode = get_text (object, "mode");

  walk->began = get_instant (object, "began");
  if (mode == NULL || !tide_run_mode_from_name (mode, &walk->mode) || walk->began == TIDE_TIME_INVALID)
    return;
  walk->since = get_instant (object, "since");
  walk->until = get_instant (object, "until");
  walk->max = get_instant (object, "max");
  walk->future = get_flag (object, "future");
  walk->page_size = get_count (object, "page_size");
  walk->at = g_strdup (get_text (object, "at"));
  self->walking = TRUE;
}

/**
 * tide_stream_state_parse:
 * @self: (out caller-allocates): the state
 * @text: what tide_stream_state_to_string() made
 *
 * Returns: %FALSE if it is not that; @self is then that of a partition never read
 */
gboolean
tide_stream_state_parse (TideStreamState *self,
                         const char      *text)
{
  g_autoptr(JsonNode) root = json_from_string (text, NULL);
  JsonObject *listing;
  JsonObject *walk;

  tide_stream_state_init (self);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return FALSE;
  self->watermark = get_instant (json_node_get_object (root), "watermark");
  listing = get_object (json_node_get_object (root), "listing");
  if (listing != NULL)
    {
      self->listing = get_instant (listing, "id");
      self->closed = get_flag (listing, "closed");
    }
  walk = get_object (json_node_get_object (root), "walk");
  if (walk != NULL)
    parse_walk (self, walk);
  return TRUE;
}

static void
add_text (JsonBuilder *builder,
          const char  *name,
          const char  *text)
{
  if (text == NULL)
    return;
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, text);
}

static void
add_instant (JsonBuilder *builder,
             const char  *name,
             gint64       instant)
{
  char buffer[TIDE_TIME_TEXT_LENGTH + 1];

  if (instant == TIDE_TIME_INVALID)
    return;
  tide_time_format (instant, buffer);
  add_text (builder, name, buffer);
}

static void
add_flag (JsonBuilder *builder,
          const char  *name,
          gboolean     flag)
{
  if (!flag)
    return;
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, TRUE);
}

static void
add_walk (JsonBuilder    *builder,
          const TideWalk *walk)
{
  json_builder_set_member_name (builder, "walk");
  json_builder_begin_object (builder);
  add_text (builder, "mode", tide_run_mode_to_name (walk->mode));
  add_instant (builder, "began", walk->began);
  add_instant (builder, "since", walk->since);
  add_instant (builder, "until", walk->until);
  if (walk->page_size > 0)
    {
      json_builder_set_member_name (builder, "page_size");
      json_builder_add_int_value (builder, walk->page_size);
    }
  add_text (builder, "at", walk->at);
  add_instant (builder, "max", walk->max);
  add_flag (builder, "future", walk->future);
  json_builder_end_object (builder);
}

/**
 * tide_stream_state_to_string:
 *
 * Returns: (transfer full): the state as JSON
 */
char *
tide_stream_state_to_string (const TideStreamState *self)
{
  g_autoptr(JsonBuilder) builder = json_builder_new_immutable ();
  g_autoptr(JsonNode) root = NULL;

  json_builder_begin_object (builder);
  add_instant (builder, "watermark", self->watermark);
  if (self->listing != TIDE_TIME_INVALID)
    {
      json_builder_set_member_name (builder, "listing");
      json_builder_begin_object (builder);
      add_instant (builder, "id", self->listing);
      add_flag (builder, "closed", self->closed);
      json_builder_end_object (builder);
    }
  if (self->walking)
    add_walk (builder, &self->walk);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}
