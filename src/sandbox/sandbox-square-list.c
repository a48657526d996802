/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemark-sandbox"

#include "sandbox-square-private.h"
#include "sandbox-time.h"

/* The lists whose query is in the URL, and the catalog. */

#define PAGE_LIMIT         100
#define CATALOG_MAX_LIMIT  1000
#define ONE_YEAR           (365 * SANDBOX_DAY)

/* The first four are those there are, in the order of SandboxObjectKind; asking for another finds nothing. */
static const char *const object_types[] = {
  "ITEM", "ITEM_VARIATION", "CATEGORY", "TAX", "IMAGE", "DISCOUNT", "MODIFIER_LIST", "MODIFIER", "PRICING_RULE",
  "PRODUCT_SET", "TIME_PERIOD", "MEASUREMENT_UNIT", "SUBSCRIPTION_PLAN_VARIATION", "ITEM_OPTION", "ITEM_OPTION_VAL",
  "CUSTOM_ATTRIBUTE_DEFINITION", "QUICK_AMOUNTS_SETTINGS", "SUBSCRIPTION_PLAN", "AVAILABILITY_PERIOD", NULL
};

/* A limit that makes no sense is ignored here, as the documentation says. */
static guint
call_get_limit (SandboxCall *call)
{
  const char *text = sandbox_request_parameter (call->request, "limit");
  guint64 limit = 0;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 1, PAGE_LIMIT, &limit, NULL))
    return PAGE_LIMIT;
  return (guint)limit;
}

static gboolean
call_read_parameter_range (SandboxCall  *call,
                           const char   *begin,
                           const char   *end,
                           SandboxRange *out_range)
{
  return sandbox_read_time (sandbox_request_parameter (call->request, begin), begin, &out_range->from, call->reply)
         && sandbox_read_time (sandbox_request_parameter (call->request, end), end, &out_range->until, call->reply);
}

/* @main_only: without a location the main one is meant, not all. */
static gboolean
call_read_location (SandboxCall  *call,
                    gboolean      main_only,
                    SandboxQuery *query)
{
  const char *id = sandbox_request_parameter (call->request, "location_id");
  g_autoptr(JsonArray) one = json_array_new ();

  if (id == NULL)
    {
      query->locations = main_only ? 1u : 0;
      return TRUE;
    }
  json_array_add_string_element (one, id);
  return sandbox_call_read_locations (call, one, &query->locations);
}

/* What is left out begins a year ago. */
static gboolean
call_read_list (SandboxCall  *call,
                gboolean      main_only,
                SandboxQuery *query)
{
  query->limit = call_get_limit (call);
  query->ranges[SANDBOX_KEY_CREATED].from = sandbox_world_get_now (call->world) - ONE_YEAR;
  return call_read_location (call, main_only, query)
         && sandbox_read_order (sandbox_request_parameter (call->request, "sort_order"), TRUE, &query->descending, call->reply)
         && call_read_parameter_range (call, "begin_time", "end_time", &query->ranges[SANDBOX_KEY_CREATED]);
}

static gboolean
call_read_changes (SandboxCall  *call,
                   SandboxQuery *query)
{
  const char *sort = sandbox_request_parameter (call->request, "sort_field");

  if (g_strcmp0 (sort, "UPDATED_AT") == 0)
    query->sort = SANDBOX_KEY_UPDATED;
  else if (g_strcmp0 (sort, "OFFLINE_CREATED_AT") == 0)
    query->sort = SANDBOX_KEY_STARTED;
  else if (sort != NULL && !g_str_equal (sort, "CREATED_AT"))
    {
      sandbox_reply_bad (call->reply, "INVALID_ENUM_VALUE", "sort_field", "This is not a field that can be sorted by.");
      return FALSE;
    }

  return call_read_parameter_range (call, "updated_at_begin_time", "updated_at_end_time",
                                    &query->ranges[SANDBOX_KEY_UPDATED]);
}

/* What Square knows and the sandbox does not is refused. */
static gboolean
call_plays (SandboxCall       *call,
            const char *const *unplayed)
{
  for (guint i = 0; unplayed[i] != NULL; i++)
    if (sandbox_request_parameter (call->request, unplayed[i]) != NULL)
      {
        sandbox_reply_bad (call->reply, "NOT_IMPLEMENTED", unplayed[i], "The sandbox does not play this part of Square.");
        return FALSE;
      }

  return TRUE;
}

/** sandbox_square_payments: GET /v2/payments */
void
sandbox_square_payments (SandboxCall *call)
{
  static const char *const unplayed[] = { "total", "is_offline_payment", NULL };
  guint kinds;
  g_auto(SandboxQuery) query = { 0 };

  sandbox_query_init (&query, sandbox_world_get_table (call->world, "payments", &kinds));
  sandbox_query_want (&query, "card_brand", sandbox_request_parameter (call->request, "card_brand"));
  sandbox_query_want (&query, "last_4", sandbox_request_parameter (call->request, "last_4"));
  if (call_plays (call, unplayed)
      && call_read_list (call, TRUE, &query)
      && call_read_changes (call, &query)
      && call_read_parameter_range (call, "offline_begin_time", "offline_end_time", &query.ranges[SANDBOX_KEY_STARTED]))
    sandbox_call_page (call, &query, "payments");
}

static gboolean
call_read_choice (SandboxCall       *call,
                  const char        *name,
                  const char *const *values,
                  guint             *out_bits)
{
  const char *value = sandbox_request_parameter (call->request, name);
  g_autoptr(JsonArray) one = json_array_new ();

  if (value != NULL)
    json_array_add_string_element (one, value);
  return sandbox_read_bits (one, name, values, out_bits, call->reply);
}

/** sandbox_square_refunds: GET /v2/refunds: all locations, unless one is named. */
void
sandbox_square_refunds (SandboxCall *call)
{
  static const char *const states[] = { "PENDING", "COMPLETED", NULL };
  static const char *const sources[] = { "CARD", "CASH", NULL };
  guint kinds;
  SandboxQuery query;

  sandbox_query_init (&query, sandbox_world_get_table (call->world, "refunds", &kinds));
  if (call_read_list (call, FALSE, &query)
      && call_read_changes (call, &query)
      && call_read_choice (call, "status", states, &query.states)
      && call_read_choice (call, "source_type", sources, &query.kinds))
    sandbox_call_page (call, &query, "refunds");
}

/** sandbox_square_payouts: GET /v2/payouts: by creation only. */
void
sandbox_square_payouts (SandboxCall *call)
{
  static const char *const states[] = { "SENT", "PAID", NULL };
  guint kinds;
  SandboxQuery query;

  sandbox_query_init (&query, sandbox_world_get_table (call->world, "payouts", &kinds));
  if (call_read_list (call, TRUE, &query)
      && call_read_choice (call, "status", states, &query.states))
    sandbox_call_page (call, &query, "payouts");
}

/** sandbox_square_customer_list: GET /v2/customers */
void
sandbox_square_customer_list (SandboxCall *call)
{
  guint kinds;
  const char *sort = sandbox_request_parameter (call->request, "sort_field");
  SandboxQuery query;

  sandbox_query_init (&query, sandbox_world_get_table (call->world, "customers", &kinds));
  query.limit = call_get_limit (call);
  query.sort = g_strcmp0 (sort, "CREATED_AT") == 0 ? SANDBOX_KEY_CREATED : SANDBOX_KEY_NAME;
  if (sandbox_read_order (sandbox_request_parameter (call->request, "sort_order"), FALSE, &query.descending, call->reply))
    sandbox_call_page (call, &query, "customers");
}

static void
catalog_read_limit (SandboxCall  *call,
                    SandboxQuery *query)
{
  JsonNode *node = call->request->object != NULL ? json_object_get_member (call->request->object, "limit") : NULL;
  gint64 limit = node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_int (node) : 0;

  query->limit = limit >= 1 && limit <= CATALOG_MAX_LIMIT ? (guint)limit : CATALOG_MAX_LIMIT;
}

static gboolean
catalog_read_begin (SandboxCall  *call,
                    SandboxQuery *query)
{
  const char *text = sandbox_object_text (call->request->object, "begin_time");
  gint64 begin = 0;

  if (!sandbox_read_time (text, "begin_time", &begin, call->reply))
    return FALSE;
  if (text != NULL)
    query->ranges[SANDBOX_KEY_UPDATED].from = begin + 1;   /* exclusive */
  return TRUE;
}

/** sandbox_square_catalog: POST /v2/catalog/search: by change time, a begin that is exclusive. */
void
sandbox_square_catalog (SandboxCall *call)
{
  JsonObject *body = call->request->object;
  g_auto(SandboxText) latest = { 0 };
  SandboxQuery query;
  guint length;
  SandboxTable *table = sandbox_catalog_get_table (sandbox_world_get_catalog (call->world));
  const SandboxLogEntry *log = sandbox_table_get_log (table, &length);

  sandbox_query_init (&query, table);
  query.sort = SANDBOX_KEY_UPDATED;
  query.with_deleted = sandbox_object_flag (body, "include_deleted_objects");
  if (query.with_deleted && sandbox_object_flag (body, "include_category_path_to_root"))
    {
      sandbox_reply_bad (call->reply, "CONFLICTING_PARAMETERS", "include_category_path_to_root",
                         "Deleted objects have no path to the root.");
      return;
    }
  if (sandbox_object_child (body, "query") != NULL || sandbox_object_flag (body, "include_related_objects"))
    {
      sandbox_reply_bad (call->reply, "NOT_IMPLEMENTED", "query", "The sandbox does not play this part of Square.");
      return;
    }
  catalog_read_limit (call, &query);
  if (!catalog_read_begin (call, &query)
      || !sandbox_read_bits (sandbox_object_array (body, "object_types"), "object_types", object_types,
                             &query.kinds, call->reply)
      || !sandbox_call_begin_page (call, &query, "objects"))
    return;

  sandbox_reply_string (call->reply, call->reply->length > 1 ? ",\"latest_time\":" : "\"latest_time\":");
  sandbox_text_time (&latest, log[length - 1].time);
  sandbox_text_char (&latest, '}');
  sandbox_reply_text (call->reply, latest.data, latest.length);
}

/** sandbox_square_catalog_list: GET /v2/catalog/list: never what is deleted. */
void
sandbox_square_catalog_list (SandboxCall *call)
{
  const char *types = sandbox_request_parameter (call->request, "types");
  g_auto(GStrv) names = g_strsplit (types != NULL ? types : "", ",", -1);
  g_autoptr(JsonArray) array = json_array_new ();
  SandboxQuery query;

  for (guint i = 0; names[i] != NULL; i++)
    json_array_add_string_element (array, g_strstrip (names[i]));
  sandbox_query_init (&query, sandbox_catalog_get_table (sandbox_world_get_catalog (call->world)));
  query.limit = PAGE_LIMIT;
  if (sandbox_read_bits (array, "types", object_types, &query.kinds, call->reply))
    sandbox_call_page (call, &query, "objects");
}
