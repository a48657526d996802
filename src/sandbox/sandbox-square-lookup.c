/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemark-sandbox"

#include "sandbox-square-private.h"

#include <string.h>

/* Records that are asked for by their ids. */

#define MAX_ORDERS   100
#define MAX_OBJECTS  1000

typedef struct
{
  const char *path;      /* what stands before the id */
  const char *entity;
  const char *key;       /* what the answer calls the record */
} Lookup;

static const Lookup lookups[] = {
  { "/v2/locations/", "locations", "location" },
  { "/v2/team-members/", "team_members", "team_member" },
  { "/v2/labor/timecards/", "timesheets", "timecard" },
  { "/v2/payments/", "payments", "payment" },
  { "/v2/refunds/", "refunds", "refund" },
  { "/v2/payouts/", "payouts", "payout" },
  { "/v2/orders/", "orders", "order" },
  { "/v2/customers/", "customers", "customer" },
  { "/v2/catalog/object/", "products", "object" },
};

static void
call_reply_record (SandboxCall  *self,
                   SandboxTable *table,
                   guint32       record,
                   const char   *key)
{
  g_auto(SandboxText) text = { 0 };

  sandbox_text_char (&text, '{');
  sandbox_text_key (&text, key);
  sandbox_table_render (table, record, &text);
  sandbox_text_char (&text, '}');
  sandbox_reply_text (self->reply, text.data, text.length);
}

/* A tombstone in the catalog is served to who asks for it by a batch; one by one it is not found. */
static void
call_answer (SandboxCall  *self,
             const Lookup *lookup,
             const char   *id)
{
  guint kinds;
  SandboxTable *table = sandbox_world_get_table (self->world, lookup->entity, &kinds);
  guint32 record;

  if (g_str_equal (lookup->key, "location") && g_str_equal (id, "main"))
    id = sandbox_world_get_business (self->world)->locations[0].text;
  if (sandbox_table_find (table, id, &record) && !sandbox_table_get (table, record)->deleted)
    call_reply_record (self, table, record, lookup->key);
  else
    sandbox_reply_error (self->reply, SOUP_STATUS_NOT_FOUND, "INVALID_REQUEST_ERROR", "NOT_FOUND",
                         "There is no such object.", NULL);
}

/** sandbox_square_look_up: GET of one record; %FALSE if the request is no such one. */
gboolean
sandbox_square_look_up (SandboxCall *call)
{
  const char *path = call->request->path;

  for (guint i = 0; i < G_N_ELEMENTS (lookups) && g_str_equal (call->request->method, "GET"); i++)
    {
      const char *id = path + strlen (lookups[i].path);
      g_autofree char *plain = NULL;

      if (!g_str_has_prefix (path, lookups[i].path) || *id == '\0' || strchr (id, '/') != NULL)
        continue;
      plain = g_uri_unescape_string (id, NULL);
      call_answer (call, &lookups[i], plain != NULL ? plain : id);
      return TRUE;
    }

  return FALSE;
}

static gboolean
call_read_ids (SandboxCall  *self,
               const char   *member,
               guint         maximum,
               JsonArray   **out_ids)
{
  *out_ids = sandbox_object_array (self->request->object, member);
  if (*out_ids == NULL || json_array_get_length (*out_ids) == 0)
    sandbox_reply_bad (self->reply, "MISSING_REQUIRED_PARAMETER", member, "Must specify at least one id.");
  else if (json_array_get_length (*out_ids) > maximum)
    sandbox_reply_bad (self->reply, "ARRAY_LENGTH_TOO_LONG", member, "Too many ids.");
  else
    return TRUE;
  return FALSE;
}

/* Ids that nobody knows are passed over in silence. */
static void
call_reply_batch (SandboxCall  *self,
                  SandboxQuery *query,
                  JsonArray    *ids,
                  const char   *key)
{
  g_auto(SandboxPage) page = { 0 };

  page.records = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint i = 0; i < json_array_get_length (ids); i++)
    {
      const char *id = sandbox_array_text (ids, i);
      guint32 record;

      if (id != NULL && sandbox_table_find (query->table, id, &record)
          && sandbox_query_match (query, sandbox_table_get (query->table, record)))
        g_array_append_val (page.records, record);
    }
  sandbox_reply_page (self->reply, key, query->table, &page, NULL);
  sandbox_reply_text (self->reply, "}", 1);
}

/** sandbox_square_order_batch: POST /v2/orders/batch-retrieve */
void
sandbox_square_order_batch (SandboxCall *call)
{
  const char *location = sandbox_object_text (call->request->object, "location_id");
  g_autoptr(JsonArray) locations = json_array_new ();
  JsonArray *ids;
  guint kinds;
  SandboxQuery query;

  if (location != NULL)
    json_array_add_string_element (locations, location);
  sandbox_query_init (&query, sandbox_world_get_table (call->world, "orders", &kinds));
  if (call_read_ids (call, "order_ids", MAX_ORDERS, &ids)
      && sandbox_call_read_locations (call, locations, &query.locations))
    call_reply_batch (call, &query, ids, "orders");
}

/** sandbox_square_catalog_batch: POST /v2/catalog/batch-retrieve: objects of any type. */
void
sandbox_square_catalog_batch (SandboxCall *call)
{
  JsonObject *body = call->request->object;
  JsonArray *ids;
  SandboxQuery query;

  sandbox_query_init (&query, sandbox_catalog_get_table (sandbox_world_get_catalog (call->world)));
  query.with_deleted = sandbox_object_flag (body, "include_deleted_objects");
  if (sandbox_object_flag (body, "include_related_objects"))
    sandbox_reply_bad (call->reply, "NOT_IMPLEMENTED", "include_related_objects", "The sandbox does not play this part of Square.");
  else if (call_read_ids (call, "object_ids", MAX_OBJECTS, &ids))
    call_reply_batch (call, &query, ids, "objects");
}
