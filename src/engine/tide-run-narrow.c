/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include "tide-run-narrow.h"

#include <string.h>

#include <json-glib/json-glib.h>

#include "tide-error.h"

/* More is a full reading. */
#define MAX_IDS 10000

static int
compare_texts (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(char **)a, *(char **)b);
}

static gboolean
check_ids (const char * const  *ids,
           GError             **error)
{
  guint n = g_strv_length ((char **)ids);

  if (n == 0 || n > MAX_IDS)
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "%u records: from 1 to %d can be asked for by their ids", n,
                   MAX_IDS);
      return FALSE;
    }
  for (guint i = 0; i < n; i++)
    if (*ids[i] == '\0' || !g_utf8_validate (ids[i], -1, NULL))
      {
        g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "a record's id must be text that is not empty");
        return FALSE;
      }
  return TRUE;
}

/**
 * tide_run_narrow_ids:
 * @ids: (nullable): as they were asked for
 * @json: (out) (transfer full): an array of them, sorted and none twice; %NULL without any
 *
 * Returns: %FALSE with TIDE_ERROR_INVALID
 */
gboolean
tide_run_narrow_ids (const char * const  *ids,
                     char               **json,
                     GError             **error)
{
  g_autoptr(GPtrArray) sorted = g_ptr_array_new ();
  g_autoptr(JsonArray) array = json_array_new ();
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_ARRAY);

  *json = NULL;
  if (ids == NULL)
    return TRUE;
  if (!check_ids (ids, error))
    return FALSE;

  for (guint i = 0; ids[i] != NULL; i++)
    g_ptr_array_add (sorted, (gpointer)ids[i]);
  g_ptr_array_sort (sorted, compare_texts);
  for (guint i = 0; i < sorted->len; i++)
    if (i == 0 || !g_str_equal (g_ptr_array_index (sorted, i), g_ptr_array_index (sorted, i - 1)))
      json_array_add_string_element (array, g_ptr_array_index (sorted, i));
  json_node_set_array (node, array);
  *json = json_to_string (node, FALSE);
  return TRUE;
}

static GHashTable *
split_filters (const char * const  *filters,
               GError             **error)
{
  g_autoptr(GHashTable) table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; filters[i] != NULL; i++)
    {
      const char *equals = strchr (filters[i], '=');
      char *name = equals != NULL ? g_strndup (filters[i], (gsize)(equals - filters[i])) : NULL;

      if (name == NULL || *name == '\0' || g_hash_table_contains (table, name))
        {
          g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, name == NULL || *name == '\0'
                       ? "filter \"%s\": must be NAME=VALUE" : "filter \"%s\": is given twice", filters[i]);
          g_free (name);
          return NULL;
        }
      g_hash_table_insert (table, name, g_strdup (equals + 1));
    }
  return g_steal_pointer (&table);
}

/**
 * tide_run_narrow_filters:
 * @filters: (nullable): "name=value", as they were asked for
 * @json: (out) (transfer full): an object of them, sorted by name; %NULL without any
 *
 * Returns: %FALSE with TIDE_ERROR_INVALID, also if the stream's manifest does not know one
 */
gboolean
tide_run_narrow_filters (TideStream          *stream,
                         const char * const  *filters,
                         char               **json,
                         GError             **error)
{
  g_autoptr(GHashTable) table = NULL;
  g_autoptr(GList) names = NULL;
  g_autoptr(JsonObject) object = json_object_new ();
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  *json = NULL;
  if (filters == NULL || filters[0] == NULL)
    return TRUE;
  table = split_filters (filters, error);
  if (table == NULL || !tide_stream_check_filters (stream, table, error))
    return FALSE;

  names = g_list_sort (g_hash_table_get_keys (table), (GCompareFunc)strcmp);
  for (GList *l = names; l != NULL; l = l->next)
    json_object_set_string_member (object, l->data, g_hash_table_lookup (table, l->data));
  json_node_set_object (node, object);
  *json = json_to_string (node, FALSE);
  return TRUE;
}
