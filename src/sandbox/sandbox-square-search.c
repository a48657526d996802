/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemark-sandbox"

#include "sandbox-square-private.h"
#include "sandbox-time.h"

/* The searches whose query is a JSON body. */

#define MAX_LOCATIONS 10

static const char *const order_states[] = { "OPEN", "COMPLETED", "CANCELED", "DRAFT", NULL };
static const char *const order_sources[] = { "Point of Sale", "Square Online", NULL };

static JsonObject *
get_filter (SandboxCall *call)
{
  return sandbox_object_child (sandbox_object_child (call->request->object, "query"), "filter");
}

static JsonObject *
get_sort (SandboxCall *call)
{
  return sandbox_object_child (sandbox_object_child (call->request->object, "query"), "sort");
}

static gboolean
call_read_key (SandboxCall       *call,
               const char        *value,
               const char        *field,
               const char *const *names,
               const SandboxKey  *keys,
               SandboxKey        *out_key)
{
  if (value == NULL)
    return TRUE;

  for (guint i = 0; names[i] != NULL; i++)
    if (g_str_equal (value, names[i]))
      {
        *out_key = keys[i];
        return TRUE;
      }

  sandbox_reply_bad (call->reply, "INVALID_ENUM_VALUE", field, "This is not a field that can be sorted by.");
  return FALSE;
}

/* One time range at most, and the order must be by the same field. */
static gboolean
orders_read_times (SandboxCall  *call,
                   SandboxQuery *query)
{
  static const char *const fields[] = { "created_at", "updated_at", "closed_at" };
  static const SandboxKey keys[] = { SANDBOX_KEY_CREATED, SANDBOX_KEY_UPDATED, SANDBOX_KEY_ENDED };
  JsonObject *filter = sandbox_object_child (get_filter (call), "date_time_filter");
  guint seen = 0;

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      JsonObject *range = sandbox_object_child (filter, fields[i]);

      if (range == NULL)
        continue;
      if (++seen > 1 || keys[i] != query->sort)
        {
          sandbox_reply_bad (call->reply, "BAD_REQUEST", "query.sort.sort_field",
                             seen > 1 ? "Only one time range may be given."
                                      : "The sort field must match the field of the date_time_filter.");
          return FALSE;
        }
      if (!sandbox_read_range (range, fields[i], &query->ranges[keys[i]], call->reply))
        return FALSE;
      query->open_end = query->ranges[keys[i]].until == G_MAXINT64;
    }

  return TRUE;
}

static gboolean
orders_read_sort (SandboxCall  *call,
                  SandboxQuery *query)
{
  static const char *const names[] = { "CREATED_AT", "UPDATED_AT", "CLOSED_AT", NULL };
  static const SandboxKey keys[] = { SANDBOX_KEY_CREATED, SANDBOX_KEY_UPDATED, SANDBOX_KEY_ENDED };
  JsonObject *sort = get_sort (call);

  return call_read_key (call, sandbox_object_text (sort, "sort_field"), "query.sort.sort_field", names, keys, &query->sort)
         && sandbox_read_order (sandbox_object_text (sort, "sort_order"), TRUE, &query->descending, call->reply);
}

static gboolean
orders_read_locations (SandboxCall  *call,
                       SandboxQuery *query)
{
  JsonArray *ids = sandbox_object_array (call->request->object, "location_ids");
  guint length = ids != NULL ? json_array_get_length (ids) : 0;

  if (length == 0)
    {
      sandbox_reply_bad (call->reply, "MISSING_REQUIRED_PARAMETER", "location_ids", "Must specify at least 1 location_id.");
      return FALSE;
    }
  if (length > MAX_LOCATIONS)
    {
      sandbox_reply_bad (call->reply, "ARRAY_LENGTH_TOO_LONG", "location_ids", "No more than 10 locations may be given.");
      return FALSE;
    }
  return sandbox_call_read_locations (call, ids, &query->locations);
}

static void
read_customers (SandboxCall  *call,
                JsonArray    *ids,
                SandboxQuery *query)
{
  guint length = ids != NULL ? json_array_get_length (ids) : 0;

  if (length > 0)
    query->parties = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint i = 0; i < length; i++)
    {
      const char *id = sandbox_array_text (ids, i);
      int number = id != NULL ? sandbox_customers_find (sandbox_world_get_customers (call->world), id) : -1;

      if (number >= 0)
        g_array_append_val (query->parties, number);
    }
}

/* What Square knows and the sandbox does not is refused: answering as if it had not been asked for would mislead. */
static gboolean
call_plays (SandboxCall       *call,
            JsonObject        *object,
            const char *const *unplayed)
{
  for (guint i = 0; object != NULL && unplayed[i] != NULL; i++)
    if (json_object_has_member (object, unplayed[i]) && !json_object_get_null_member (object, unplayed[i]))
      {
        sandbox_reply_bad (call->reply, "NOT_IMPLEMENTED", unplayed[i], "The sandbox does not play this part of Square.");
        return FALSE;
      }

  return TRUE;
}

/** sandbox_square_orders: POST /v2/orders/search */
void
sandbox_square_orders (SandboxCall *call)
{
  static const char *const unplayed[] = { "fulfillment_filter", NULL };
  static const char *const entries[] = { "return_entries", NULL };
  guint kinds;
  JsonObject *filter = get_filter (call);
  JsonObject *states = sandbox_object_child (filter, "state_filter");
  JsonObject *sources = sandbox_object_child (filter, "source_filter");
  g_auto(SandboxQuery) query = { 0 };

  sandbox_query_init (&query, sandbox_world_get_table (call->world, "orders", &kinds));
  if (!call_plays (call, filter, unplayed)
      || (sandbox_object_flag (call->request->object, "return_entries") && !call_plays (call, call->request->object, entries))
      || !orders_read_locations (call, &query)
      || !sandbox_read_limit (call->request->object, 500, 1000, &query.limit, call->reply)
      || !orders_read_sort (call, &query)
      || !orders_read_times (call, &query)
      || !sandbox_read_bits (sandbox_object_array (states, "states"), "states", order_states, &query.states, call->reply)
      || !sandbox_read_bits (sandbox_object_array (sources, "source_names"), "source_names", order_sources,
                             &query.kinds, call->reply))
    return;

  read_customers (call, sandbox_object_array (sandbox_object_child (filter, "customer_filter"), "customer_ids"), &query);
  sandbox_call_page (call, &query, "orders");
}

/* Not what only looks like it: fuzzy is not played. */
static gboolean
customers_read_text (SandboxCall  *call,
                     const char   *member,
                     SandboxQuery *query)
{
  static const char *const unplayed[] = { "fuzzy", NULL };
  JsonObject *filter = sandbox_object_child (get_filter (call), member);

  sandbox_query_want (query, member, sandbox_object_text (filter, "exact"));
  return call_plays (call, filter, unplayed);
}

/** sandbox_square_customers: POST /v2/customers/search */
void
sandbox_square_customers (SandboxCall *call)
{
  static const char *const names[] = { "DEFAULT", "CREATED_AT", NULL };
  static const SandboxKey keys[] = { SANDBOX_KEY_NAME, SANDBOX_KEY_CREATED };
  static const char *const unplayed[] = {
    "creation_source", "group_ids", "custom_attribute", "segment_ids", NULL
  };
  guint kinds;
  JsonObject *filter = get_filter (call);
  JsonObject *sort = get_sort (call);
  g_auto(SandboxQuery) query = { 0 };

  sandbox_query_init (&query, sandbox_world_get_table (call->world, "customers", &kinds));
  query.sort = SANDBOX_KEY_NAME;
  if (call_plays (call, filter, unplayed)
      && customers_read_text (call, "email_address", &query)
      && customers_read_text (call, "phone_number", &query)
      && customers_read_text (call, "reference_id", &query)
      && sandbox_read_limit (call->request->object, 100, 100, &query.limit, call->reply)
      && call_read_key (call, sandbox_object_text (sort, "field"), "query.sort.field", names, keys, &query.sort)
      && sandbox_read_order (sandbox_object_text (sort, "order"), FALSE, &query.descending, call->reply)
      && sandbox_read_range (sandbox_object_child (filter, "created_at"), "created_at",
                             &query.ranges[SANDBOX_KEY_CREATED], call->reply)
      && sandbox_read_range (sandbox_object_child (filter, "updated_at"), "updated_at",
                             &query.ranges[SANDBOX_KEY_UPDATED], call->reply))
    sandbox_call_page (call, &query, "customers");
}

static void
read_team_members (SandboxCall  *call,
                   JsonArray    *ids,
                   SandboxQuery *query)
{
  guint length = ids != NULL ? json_array_get_length (ids) : 0;
  SandboxBusiness *business = sandbox_world_get_business (call->world);

  if (length > 0)
    query->parties = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint i = 0; i < length; i++)
    for (guint32 person = 0; person < SANDBOX_N_STAFF; person++)
      if (g_strcmp0 (business->staff[person].text, sandbox_array_text (ids, i)) == 0)
        g_array_append_val (query->parties, person);
}

static gboolean
read_status (SandboxCall       *call,
             JsonObject        *filter,
             const char *const *names,
             guint             *out_states)
{
  const char *status = sandbox_object_text (filter, "status");
  g_autoptr(JsonArray) one = json_array_new ();

  if (status != NULL)
    json_array_add_string_element (one, status);
  return sandbox_read_bits (one, "query.filter.status", names, out_states, call->reply);
}

static gboolean
read_local_date (SandboxCall *call,
                 JsonObject  *range,
                 const char  *name,
                 gint64       days,
                 gint64      *out_time)
{
  const char *date = sandbox_object_text (range, name);
  g_autofree char *noon = g_strconcat (date != NULL ? date : "", "T12:00:00Z", NULL);
  SandboxBusiness *business = sandbox_world_get_business (call->world);
  gint64 time = 0;

  if (date == NULL)
    return TRUE;
  if (!sandbox_read_time (noon, name, &time, call->reply))
    return FALSE;

  time += days * SANDBOX_DAY;
  *out_time = time - 12 * SANDBOX_HOUR - sandbox_business_get_offset (business, time) * SANDBOX_MINUTE;
  return TRUE;
}

/* Whole days of local time, the first and the last included. */
static gboolean
timecards_read_workday (SandboxCall  *call,
                        JsonObject   *workday,
                        SandboxQuery *query)
{
  static const char *const names[] = { "START_AT", "END_AT", "INTERSECTION", NULL };
  const char *match = sandbox_object_text (workday, "match_timecards_by");
  JsonObject *range = sandbox_object_child (workday, "date_range");
  SandboxRange days = { G_MININT64, G_MAXINT64 };

  if (match != NULL && !g_strv_contains (names, match))
    {
      sandbox_reply_bad (call->reply, "INVALID_ENUM_VALUE", "query.filter.workday.match_timecards_by", "Unknown value.");
      return FALSE;
    }
  if (!read_local_date (call, range, "start_date", 0, &days.from)
      || !read_local_date (call, range, "end_date", 1, &days.until))
    return FALSE;
  if (range == NULL)
    return TRUE;
  if (days.until != G_MAXINT64)
    days.until--;

  if (g_strcmp0 (match, "START_AT") == 0)
    query->ranges[SANDBOX_KEY_STARTED] = days;
  else if (g_strcmp0 (match, "END_AT") == 0)
    query->ranges[SANDBOX_KEY_ENDED] = days;
  else
    {
      query->ranges[SANDBOX_KEY_STARTED].until = days.until;
      query->ranges[SANDBOX_KEY_ENDED].from = days.from;
      query->with_unended = TRUE;
    }
  return TRUE;
}

/** sandbox_square_timecards: POST /v2/labor/timecards/search; there is no filter by update time. */
void
sandbox_square_timecards (SandboxCall *call)
{
  static const char *const names[] = { "START_AT", "END_AT", "CREATED_AT", "UPDATED_AT", NULL };
  static const SandboxKey keys[] = { SANDBOX_KEY_STARTED, SANDBOX_KEY_ENDED, SANDBOX_KEY_CREATED, SANDBOX_KEY_UPDATED };
  static const char *const states[] = { "OPEN", "CLOSED", NULL };
  guint kinds;
  JsonObject *filter = get_filter (call);
  JsonObject *sort = get_sort (call);
  g_auto(SandboxQuery) query = { 0 };

  sandbox_query_init (&query, sandbox_world_get_table (call->world, "timesheets", &kinds));
  query.sort = SANDBOX_KEY_STARTED;
  read_team_members (call, sandbox_object_array (filter, "team_member_ids"), &query);
  if (sandbox_read_limit (call->request->object, 200, 200, &query.limit, call->reply)
      && call_read_key (call, sandbox_object_text (sort, "field"), "query.sort.field", names, keys, &query.sort)
      && sandbox_read_order (sandbox_object_text (sort, "order"), TRUE, &query.descending, call->reply)
      && sandbox_call_read_locations (call, sandbox_object_array (filter, "location_ids"), &query.locations)
      && read_status (call, filter, states, &query.states)
      && sandbox_read_range (sandbox_object_child (filter, "start"), "start",
                             &query.ranges[SANDBOX_KEY_STARTED], call->reply)
      && sandbox_read_range (sandbox_object_child (filter, "end"), "end",
                             &query.ranges[SANDBOX_KEY_ENDED], call->reply)
      && timecards_read_workday (call, sandbox_object_child (filter, "workday"), &query))
    sandbox_call_page (call, &query, "timecards");
}

/** sandbox_square_team: POST /v2/team-members/search */
void
sandbox_square_team (SandboxCall *call)
{
  static const char *const states[] = { "ACTIVE", "INACTIVE", NULL };
  static const char *const unplayed[] = { "is_owner", NULL };
  guint kinds;
  JsonObject *filter = get_filter (call);
  g_auto(SandboxQuery) query = { 0 };

  sandbox_query_init (&query, sandbox_world_get_table (call->world, "team_members", &kinds));
  if (call_plays (call, filter, unplayed)
      && sandbox_read_limit (call->request->object, 100, 200, &query.limit, call->reply)
      && sandbox_call_read_locations (call, sandbox_object_array (filter, "location_ids"), &query.locations)
      && read_status (call, filter, states, &query.states))
    sandbox_call_page (call, &query, "team_members");
}
