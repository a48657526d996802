/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "tide-format.h"
#include "tide-record-diff.h"
#include "tide-time.h"

/* Payloads are shown one record at a time, so a general JSON library is quick enough here. */

/* Fields that tell the owner nothing: they change whenever anything does. */
static const char * const bookkeeping[] = { "version", "updated_at", "version_token", "net_amounts", "is_deleted" };

#define FIELD_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789_"

/* What a record may be called by, the best first. */
static const char * const title_fields[] = {
  "/name", "/item_data/name", "/item_variation_data/name", "/reference_id", "/ticket_name",
  "/company_name", "/title", "/display_name", "/email_address",
};

void
tide_field_change_free (TideFieldChange *self)
{
  g_free (self->label);
  g_free (self->before);
  g_free (self->after);
  g_free (self);
}

/* {"amount": 540, "currency": "GBP"}, which is one value to anybody but a program. */
static gboolean
node_is_money (JsonNode *node)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

  return object != NULL && json_object_get_size (object) == 2
         && json_object_has_member (object, "amount") && json_object_has_member (object, "currency");
}

static char *
node_dup_text (JsonNode *node)
{
  const char *text;
  gint64 instant;

  if (node_is_money (node))
    {
      JsonObject *object = json_node_get_object (node);

      return tide_format_money (json_object_get_int_member (object, "amount"),
                                json_object_get_string_member (object, "currency"));
    }
  if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    return g_strdup (json_node_get_boolean (node) ? _("yes") : _("no"));
  if (json_node_get_value_type (node) != G_TYPE_STRING)
    return json_to_string (node, FALSE);
  text = json_node_get_string (node);
  instant = strlen (text) >= 19 && strchr (text, 'T') != NULL ? tide_time_parse (text, -1) : TIDE_TIME_INVALID;
  if (instant != TIDE_TIME_INVALID)
    {
      g_autoptr(GTimeZone) zone = g_time_zone_new_local ();

      return tide_format_moment (instant, g_get_real_time (), zone);
    }
  return g_strdup (text);
}

static char *
humanize (const char *name)
{
  GString *text = g_string_new (name);

  if (g_str_has_suffix (name, "_money") && strlen (name) > 6)
    g_string_truncate (text, text->len - 6);
  else if (g_str_has_suffix (name, "_data") && strlen (name) > 5)
    g_string_truncate (text, text->len - 5);
  g_string_replace (text, "_", " ", 0);
  if (text->len > 0)
    text->str[0] = g_ascii_toupper (text->str[0]);
  return g_string_free (text, FALSE);
}

static void
flatten (JsonNode   *node,
         const char *label,
         GHashTable *values,
         GPtrArray  *order)
{
  if (JSON_NODE_HOLDS_NULL (node))
    return;
  if (JSON_NODE_HOLDS_OBJECT (node) && !node_is_money (node))
    {
      JsonObjectIter iter;
      const char *name;
      JsonNode *member;

      json_object_iter_init (&iter, json_node_get_object (node));
      while (json_object_iter_next (&iter, &name, &member))
        {
          g_autofree char *word = humanize (name);
          /* Translators: a part of something: "Address › City" */
          g_autofree char *path = *label != '\0' ? g_strdup_printf (_("%s › %s"), label, word) : g_strdup (word);

          if (!g_strv_contains (bookkeeping, name))
            flatten (member, path, values, order);
        }
      return;
    }
  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      for (guint i = 0; i < json_array_get_length (array); i++)
        {
          g_autofree char *path = g_strdup_printf ("%s %u", label, i + 1);

          flatten (json_array_get_element (array, i), path, values, order);
        }
      return;
    }
  g_hash_table_replace (values, g_strdup (label), node_dup_text (node));
  g_ptr_array_add (order, g_strdup (label));
}

static void
flatten_text (const char *payload,
              GHashTable *values,
              GPtrArray  *order)
{
  g_autoptr(JsonNode) root = payload != NULL ? json_from_string (payload, NULL) : NULL;

  if (root != NULL)
    flatten (root, "", values, order);
}

static void
add_change (GPtrArray  *changes,
            const char *label,
            const char *before,
            const char *after)
{
  TideFieldChange *change = g_new (TideFieldChange, 1);

  change->label = g_strdup (label);
  change->before = g_strdup (before);
  change->after = g_strdup (after);
  g_ptr_array_add (changes, change);
}

/**
 * tide_record_diff:
 * @before: (nullable): a payload
 * @after: (nullable): the same record's payload later
 *
 * Returns: (transfer full) (element-type TideFieldChange): the fields in which they differ, without
 *    those that change with every change
 */
GPtrArray *
tide_record_diff (const char *before,
                  const char *after)
{
  GPtrArray *changes = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_field_change_free);
  g_autoptr(GHashTable) old_values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(GHashTable) new_values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(GPtrArray) old_order = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) new_order = g_ptr_array_new_with_free_func (g_free);

  flatten_text (before, old_values, old_order);
  flatten_text (after, new_values, new_order);
  for (guint i = 0; i < new_order->len; i++)
    {
      const char *label = g_ptr_array_index (new_order, i);
      const char *was = g_hash_table_lookup (old_values, label);
      const char *is = g_hash_table_lookup (new_values, label);

      if (g_strcmp0 (was, is) != 0)
        add_change (changes, label, was, is);
    }
  for (guint i = 0; i < old_order->len; i++)
    {
      const char *label = g_ptr_array_index (old_order, i);

      if (!g_hash_table_contains (new_values, label))
        add_change (changes, label, g_hash_table_lookup (old_values, label), NULL);
    }
  return changes;
}

static JsonNode *
find_node (JsonNode   *root,
           const char *pointer)
{
  g_auto(GStrv) names = g_strsplit (pointer + 1, "/", -1);
  JsonNode *node = root;

  for (guint i = 0; names[i] != NULL && node != NULL; i++)
    {
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

      node = object != NULL ? json_object_get_member (object, names[i]) : NULL;
    }
  return node;
}

static const char *
find_text (JsonNode   *root,
           const char *pointer)
{
  JsonNode *node = find_node (root, pointer);
  const char *text = node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
                     ? json_node_get_string (node) : NULL;

  return text != NULL && *text != '\0' ? text : NULL;
}

/**
 * tide_record_dup_title:
 * @payload: (nullable): the record as received
 * @record_id: its id at the provider
 *
 * Returns: (transfer full): what to call it: its name where it has one, else the end of its id
 */
char *
tide_record_dup_title (const char *payload,
                       const char *record_id)
{
  g_autoptr(JsonNode) root = payload != NULL ? json_from_string (payload, NULL) : NULL;
  const char *given = root != NULL ? find_text (root, "/given_name") : NULL;
  const char *family = root != NULL ? find_text (root, "/family_name") : NULL;
  gsize length = strlen (record_id);

  if (given != NULL && family != NULL)
    /* Translators: given name, family name */
    return g_strdup_printf (C_("person", "%s %s"), given, family);
  if (given != NULL || family != NULL)
    return g_strdup (given != NULL ? given : family);
  for (gsize i = 0; root != NULL && i < G_N_ELEMENTS (title_fields); i++)
    {
      const char *text = find_text (root, title_fields[i]);

      if (text != NULL)
        return g_strdup (text);
    }
  if (root != NULL && find_text (root, "/receipt_number") != NULL)
    return g_strdup_printf (_("Receipt %s"), find_text (root, "/receipt_number"));
  if (length <= 8)
    return g_strdup (record_id);
  return g_strdup_printf ("…%s", record_id + length - 6);
}

/**
 * tide_record_dup_brief:
 * @payload: (nullable): a record as received
 *
 * Returns: (transfer full): its amount or its state, to tell it by; empty where it has none
 */
char *
tide_record_dup_brief (const char *payload)
{
  static const char * const fields[] = {
    "/total_money", "/amount_money", "/net_amounts/total_money", "/item_variation_data/price_money", "/status",
    "/start_at", "/created_at",
  };
  g_autoptr(JsonNode) root = payload != NULL ? json_from_string (payload, NULL) : NULL;

  for (gsize i = 0; root != NULL && i < G_N_ELEMENTS (fields); i++)
    {
      JsonNode *node = find_node (root, fields[i]);

      if (node != NULL && (node_is_money (node) || JSON_NODE_HOLDS_VALUE (node)))
        return node_dup_text (node);
    }
  return g_strdup ("");
}

/**
 * tide_record_dup_fault:
 * @reason: why a record could not be read, as the run noted it: "created_at: not an instant"
 *
 * Returns: (transfer full): the same for the owner; what exactly stands in @reason itself
 */
char *
tide_record_dup_fault (const char *reason)
{
  const char *colon = strchr (reason, ':');
  g_autofree char *name = colon != NULL ? g_strndup (reason, (gsize)(colon - reason)) : NULL;
  g_autofree char *label = NULL;

  if (name == NULL || *name == '\0' || strspn (name, FIELD_CHARACTERS) != strlen (name))
    return g_strdup (_("It is not as expected"));
  label = humanize (name);
  return g_strdup_printf (_("“%s” is not as expected"), label);
}
