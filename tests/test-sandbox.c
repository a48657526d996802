/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-sandbox"

#include "sandbox-peer.h"

/* That the sandbox does what Square is known to do, and that its business adds up. */

#define ASC "\"sort\":{\"sort_field\":\"UPDATED_AT\",\"sort_order\":\"ASC\"}"

static char *
orders_body (SandboxPeer *peer,
             guint        limit,
             const char  *query)
{
  g_autofree char *locations = sandbox_peer_locations (peer);

  return g_strdup_printf ("{\"location_ids\":%s,\"limit\":%u,\"query\":{%s}}", locations, limit, query);
}

static GPtrArray *
search_orders (SandboxPeer *peer,
               const char  *query)
{
  g_autofree char *body = orders_body (peer, 100, query);

  return sandbox_peer_walk (peer, "POST", "/v2/orders/search", body, "orders", NULL);
}

static void
assert_sorted (GPtrArray  *records,
               const char *member,
               gboolean    descending)
{
  for (guint i = 1; i < records->len; i++)
    {
      int order = g_strcmp0 (sandbox_record_text (g_ptr_array_index (records, i - 1), member),
                             sandbox_record_text (g_ptr_array_index (records, i), member));

      g_assert_true (descending ? order >= 0 : order <= 0);
    }
}

static void
test_pages_orders (void)
{
  g_autoptr(SandboxPeer) peer = sandbox_peer_start (NULL);
  g_autoptr(GPtrArray) truth = sandbox_peer_truth (peer, "orders");
  const char *const sorts[] = { "CREATED_AT", "UPDATED_AT" };
  const char *const members[] = { "created_at", "updated_at" };

  g_assert_cmpuint (truth->len, ==, 600);
  for (guint i = 0; i < 4; i++)
    {
      gboolean descending = i >= 2;
      g_autofree char *query = g_strdup_printf ("\"sort\":{\"sort_field\":\"%s\",\"sort_order\":\"%s\"}",
                                                sorts[i % 2], descending ? "DESC" : "ASC");
      g_autofree char *body = orders_body (peer, 70, query);
      guint pages;
      g_autoptr(GPtrArray) orders = sandbox_peer_walk (peer, "POST", "/v2/orders/search", body, "orders", &pages);

      sandbox_assert_same (orders, truth);
      assert_sorted (orders, members[i % 2], descending);
      g_assert_cmpuint (pages, ==, 9);
    }
}

static void
assert_walk (SandboxPeer *peer,
             const char  *method,
             const char  *path,
             const char  *body,
             const char  *key,
             const char  *entity)
{
  g_autoptr(GPtrArray) truth = sandbox_peer_truth (peer, entity);
  g_autoptr(GPtrArray) got = sandbox_peer_walk (peer, method, path, body, key, NULL);

  g_assert_cmpuint (truth->len, >, 0);
  sandbox_assert_same (got, truth);
}

/* Lists that only ever cover one location, put together. */
static void
assert_walk_locations (SandboxPeer *peer,
                       const char  *list,
                       const char  *entity)
{
  g_autoptr(GPtrArray) truth = sandbox_peer_truth (peer, entity);
  g_autoptr(GPtrArray) locations = sandbox_peer_truth (peer, "locations");
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify)json_object_unref);
  g_autoptr(GPtrArray) without = sandbox_peer_walk (peer, "GET", list, NULL, entity, NULL);

  for (guint i = 0; i < locations->len; i++)
    {
      const char *id = sandbox_record_text (g_ptr_array_index (locations, i), "id");
      g_autofree char *path = g_strdup_printf ("%s&location_id=%s", list, id);
      g_autoptr(GPtrArray) some = sandbox_peer_walk (peer, "GET", path, NULL, entity, NULL);

      if (i == 0)
        sandbox_assert_same (some, without);
      g_assert_cmpuint (some->len, >, 0);
      g_ptr_array_extend_and_steal (all, g_steal_pointer (&some));
    }

  g_assert_cmpuint (without->len, <, all->len);
  sandbox_assert_same (all, truth);
}

static void
test_pages_everything (void)
{
  g_autoptr(SandboxPeer) peer = sandbox_peer_start (NULL);
  const char *all = "?begin_time=2000-01-01T00:00:00Z&limit=7";
  g_autofree char *refunds = g_strconcat ("/v2/refunds", all, NULL);
  g_autofree char *payments = g_strconcat ("/v2/payments", all, "&sort_field=UPDATED_AT&sort_order=ASC", NULL);
  g_autofree char *payouts = g_strconcat ("/v2/payouts", all, NULL);

  assert_walk (peer, "GET", "/v2/locations", NULL, "locations", "locations");
  assert_walk (peer, "POST", "/v2/team-members/search", "{\"limit\":10}", "team_members", "team_members");
  assert_walk (peer, "POST", "/v2/labor/timecards/search",
               "{\"limit\":50,\"query\":{\"sort\":{\"field\":\"UPDATED_AT\",\"order\":\"DESC\"}}}", "timecards", "timesheets");
  assert_walk (peer, "POST", "/v2/labor/timecards/search", "{}", "timecards", "timesheets");
  assert_walk (peer, "GET", refunds, NULL, "refunds", "refunds");
  assert_walk_locations (peer, payments, "payments");
  assert_walk_locations (peer, payouts, "payouts");
  assert_walk (peer, "POST", "/v2/customers/search", "{\"limit\":7}", "customers", "customers");
  assert_walk (peer, "POST", "/v2/customers/search",
               "{\"limit\":9,\"query\":{\"sort\":{\"field\":\"CREATED_AT\",\"order\":\"DESC\"}}}", "customers", "customers");
  assert_walk (peer, "GET", "/v2/customers?limit=11", NULL, "customers", "customers");
  assert_walk (peer, "POST", "/v2/catalog/search", "{\"object_types\":[\"ITEM\"],\"limit\":9}", "objects", "products");
  assert_walk (peer, "POST", "/v2/catalog/search", "{\"object_types\":[\"ITEM_VARIATION\"]}", "objects", "prices");
  assert_walk (peer, "GET", "/v2/catalog/list?types=ITEM", NULL, "objects", "products");
}

static void
test_cursors (void)
{
  g_autoptr(SandboxPeer) peer = sandbox_peer_start (NULL);
  g_autofree char *body = orders_body (peer, 10, ASC);
  g_autoptr(JsonNode) page = sandbox_peer_call (peer, "POST", "/v2/orders/search", body, 200);
  const char *cursor = sandbox_record_text (json_node_get_object (page), "cursor");
  g_autofree char *other_query = g_strdup_printf (ASC ",\"filter\":{\"state_filter\":{\"states\":[\"OPEN\"]}}");
  g_autofree char *other = orders_body (peer, 10, other_query);
  g_autofree char *mixed = g_strdup_printf ("%.*s,\"cursor\":\"%s\"}", (int)strlen (other) - 1, other, cursor);
  g_autofree char *garbage = g_strdup_printf ("%.*s,\"cursor\":\"%s\"}", (int)strlen (body) - 1, body, "bm9uc2Vuc2U=");
  g_autofree char *elsewhere = g_strconcat ("/v2/payments?cursor=", cursor, NULL);

  g_assert_nonnull (cursor);
  sandbox_peer_expect (peer, "POST", "/v2/orders/search", mixed, 400, "INVALID_CURSOR");
  sandbox_peer_expect (peer, "POST", "/v2/orders/search", garbage, 400, "INVALID_CURSOR");
  sandbox_peer_expect (peer, "GET", elsewhere, NULL, 400, "INVALID_CURSOR");
}

static void
test_order_filters (void)
{
  g_autoptr(SandboxPeer) peer = sandbox_peer_start (NULL);
  g_autoptr(GPtrArray) all = search_orders (peer, ASC);
  const char *from = sandbox_record_text (g_ptr_array_index (all, 100), "updated_at");
  const char *until = sandbox_record_text (g_ptr_array_index (all, 199), "updated_at");
  g_autofree char *query = g_strdup_printf (ASC ",\"filter\":{\"date_time_filter\":{\"updated_at\":"
                                            "{\"start_at\":\"%s\",\"end_at\":\"%s\"}}}", from, until);
  g_autofree char *open_query = g_strdup_printf (ASC ",\"filter\":{\"date_time_filter\":{\"updated_at\":{\"start_at\":\"%s\"}}}", from);
  g_autofree char *mismatch = g_strdup_printf ("\"filter\":{\"date_time_filter\":{\"updated_at\":{\"start_at\":\"%s\"}}}", from);
  g_autofree char *mismatch_body = orders_body (peer, 10, mismatch);
  g_autofree char *too_many = orders_body (peer, 1001, ASC);
  g_autoptr(GPtrArray) some = search_orders (peer, query);
  g_autoptr(GPtrArray) rest = search_orders (peer, open_query);
  g_autoptr(GPtrArray) canceled = search_orders (peer, "\"filter\":{\"state_filter\":{\"states\":[\"CANCELED\"]}}");

  g_assert_cmpuint (some->len, ==, 100);
  g_assert_cmpstr (sandbox_record_text (g_ptr_array_index (some, 0), "updated_at"), ==, from);
  g_assert_cmpstr (sandbox_record_text (g_ptr_array_index (some, 99), "updated_at"), ==, until);
  g_assert_cmpuint (rest->len, ==, 500);
  for (guint i = 0; i < canceled->len; i++)
    g_assert_cmpstr (sandbox_record_text (g_ptr_array_index (canceled, i), "state"), ==, "CANCELED");

  sandbox_peer_expect (peer, "POST", "/v2/orders/search", mismatch_body, 400, "BAD_REQUEST");
  sandbox_peer_expect (peer, "POST", "/v2/orders/search", too_many, 400, "VALUE_TOO_HIGH");
  sandbox_peer_expect (peer, "POST", "/v2/orders/search", "{}", 400, "MISSING_REQUIRED_PARAMETER");
  sandbox_peer_expect (peer, "POST", "/v2/orders/search", "{\"location_ids\":[\"X\"]}", 400, "INVALID_VALUE");
  sandbox_peer_expect (peer, "POST", "/v2/orders/search",
                       "{\"location_ids\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\",\"11\"]}",
                       400, "ARRAY_LENGTH_TOO_LONG");
  sandbox_peer_expect (peer, "POST", "/v2/orders/search", "{\"location_ids\":[{},7,null]}", 400, "INVALID_VALUE");
  sandbox_peer_expect (peer, "POST", "/v2/orders/search", "[]", 400, "MISSING_REQUIRED_PARAMETER");
  sandbox_peer_expect (peer, "POST", "/v2/orders/search", "{\"location", 400, "EXPECTED_JSON_BODY");
}

static void
test_nothing_found (void)
{
  g_autoptr(SandboxPeer) peer = sandbox_peer_start (NULL);
  g_autofree char *body = orders_body (peer, 10, ASC ",\"filter\":{\"date_time_filter\":{\"updated_at\":{\"start_at\":\"2027-01-01T00:00:00Z\",\"end_at\":\"2027-01-02T00:00:00Z\"}}}");
  g_autoptr(JsonNode) orders = sandbox_peer_call (peer, "POST", "/v2/orders/search", body, 200);
  g_autoptr(JsonNode) payments = sandbox_peer_call (peer, "GET", "/v2/payments?updated_at_begin_time=2027-01-01T00:00:00Z", NULL, 200);

  g_assert_cmpuint (json_object_get_size (json_node_get_object (orders)), ==, 0);
  g_assert_cmpuint (json_object_get_size (json_node_get_object (payments)), ==, 0);
}

static void
test_payment_lists (void)
{
  g_autoptr(SandboxPeer) peer = sandbox_peer_start ("--months 18 --orders 900");
  g_autoptr(GPtrArray) recent = sandbox_peer_walk (peer, "GET", "/v2/payments", NULL, "payments", NULL);
  g_autoptr(GPtrArray) all = sandbox_peer_walk (peer, "GET", "/v2/payments?begin_time=2000-01-01T00:00:00Z", NULL, "payments", NULL);
  g_autoptr(JsonNode) large = sandbox_peer_call (peer, "GET", "/v2/payments?limit=5000", NULL, 200);
  const char *edge;
  g_autofree char *path = NULL;
  g_autoptr(GPtrArray) one = NULL;

  /* Without a begin a year is what comes, and a limit beyond 100 is ignored. */
  g_assert_cmpuint (recent->len, <, all->len);
  assert_sorted (recent, "created_at", TRUE);
  g_assert_cmpstr (sandbox_record_text (g_ptr_array_index (recent, recent->len - 1), "created_at"), >=, "2025-03-31T12:00:00");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (json_node_get_object (large), "payments")), ==, 100);

  edge = sandbox_record_text (g_ptr_array_index (recent, 5), "updated_at");
  path = g_strdup_printf ("/v2/payments?updated_at_begin_time=%s&updated_at_end_time=%s&sort_field=UPDATED_AT", edge, edge);
  one = sandbox_peer_walk (peer, "GET", path, NULL, "payments", NULL);
  g_assert_cmpuint (one->len, ==, 1);
  g_assert_cmpstr (sandbox_record_text (g_ptr_array_index (one, 0), "updated_at"), ==, edge);
  sandbox_peer_expect (peer, "GET", "/v2/payments?begin_time=yesterday", NULL, 400, "INVALID_TIME");
}

static void
test_catalog (void)
{
  g_autoptr(SandboxPeer) peer = sandbox_peer_start (NULL);
  g_autoptr(GPtrArray) before = sandbox_peer_truth (peer, "products");
  g_autoptr(JsonNode) first = sandbox_peer_call (peer, "POST", "/v2/catalog/search", "{}", 200);
  const char *latest = sandbox_record_text (json_node_get_object (first), "latest_time");
  g_autofree char *since = g_strdup_printf ("{\"begin_time\":\"%s\",\"include_deleted_objects\":true}", latest);
  g_autofree char *since_live = g_strdup_printf ("{\"begin_time\":\"%s\"}", latest);
  g_autoptr(GPtrArray) none = sandbox_peer_walk (peer, "POST", "/v2/catalog/search", since, "objects", NULL);
  g_autoptr(GPtrArray) after = NULL;
  g_autoptr(GPtrArray) deleted = NULL;
  g_autoptr(GPtrArray) live = NULL;

  g_assert_cmpuint (none->len, ==, 0);   /* the begin is exclusive */
  json_node_unref (sandbox_peer_call (peer, "POST", "/_sandbox/delete", "{\"entity\":\"products\",\"count\":2}", 200));
  deleted = sandbox_peer_walk (peer, "POST", "/v2/catalog/search", since, "objects", NULL);
  live = sandbox_peer_walk (peer, "POST", "/v2/catalog/search", since_live, "objects", NULL);
  after = sandbox_peer_truth (peer, "products");

  g_assert_cmpuint (after->len, ==, before->len - 2);
  g_assert_cmpuint (live->len, ==, 0);
  g_assert_cmpuint (deleted->len, >=, 4);   /* the items and their variations */
  for (guint i = 0; i < deleted->len; i++)
    g_assert_true (json_object_get_boolean_member (g_ptr_array_index (deleted, i), "is_deleted"));
  sandbox_peer_expect (peer, "POST", "/v2/catalog/search",
                       "{\"include_deleted_objects\":true,\"include_category_path_to_root\":true}",
                       400, "CONFLICTING_PARAMETERS");
}

static void
test_customer_filter (void)
{
  g_autoptr(SandboxPeer) peer = sandbox_peer_start (NULL);
  g_autoptr(GPtrArray) all = sandbox_peer_truth (peer, "customers");
  const char *edge = sandbox_record_text (g_ptr_array_index (all, 0), "updated_at");
  g_autofree char *body = g_strdup_printf ("{\"query\":{\"filter\":{\"updated_at\":{\"start_at\":\"%s\",\"end_at\":\"%s\"}},"
                                           "\"sort\":{\"field\":\"CREATED_AT\"}}}", edge, edge);
  g_autoptr(GPtrArray) one = sandbox_peer_walk (peer, "POST", "/v2/customers/search", body, "customers", NULL);

  g_assert_cmpuint (one->len, ==, 1);
  sandbox_peer_expect (peer, "POST", "/v2/customers/search", "{\"query\":{\"sort\":{\"field\":\"UPDATED_AT\"}}}",
                       400, "INVALID_ENUM_VALUE");
  sandbox_peer_expect (peer, "POST", "/v2/customers/search", "{\"limit\":101}", 400, "VALUE_TOO_HIGH");
}

static void
test_timecards (void)
{
  g_autoptr(SandboxPeer) peer = sandbox_peer_start (NULL);
  g_autoptr(GPtrArray) all = sandbox_peer_truth (peer, "timesheets");
  g_autoptr(GPtrArray) unfiltered = sandbox_peer_walk (peer, "POST", "/v2/labor/timecards/search",
                                                       "{\"query\":{\"filter\":{\"updated_at\":{\"start_at\":\"2030-01-01T00:00:00Z\"}}}}",
                                                       "timecards", NULL);
  g_autoptr(GPtrArray) open = sandbox_peer_walk (peer, "POST", "/v2/labor/timecards/search",
                                                 "{\"query\":{\"filter\":{\"status\":\"OPEN\"}}}", "timecards", NULL);

  sandbox_assert_same (unfiltered, all);   /* there is no such filter: it is not even noticed */
  g_assert_cmpuint (open->len, >, 0);      /* it is noon */
  for (guint i = 0; i < open->len; i++)
    g_assert_false (json_object_has_member (g_ptr_array_index (open, i), "end_at"));

  sandbox_peer_set_version (peer, "2025-05-20");
  sandbox_peer_expect (peer, "POST", "/v2/labor/timecards/search", "{}", 404, "NOT_FOUND");
  sandbox_peer_set_version (peer, NULL);
  sandbox_peer_expect (peer, "POST", "/v2/labor/timecards/search", "{}", 404, "NOT_FOUND");
}

/* Days are local ones, both ends belong to them; a shift lies within one day here. */
static void
test_workday (void)
{
  static const char *const matches[] = { "START_AT", "END_AT", "INTERSECTION" };
  g_autoptr(SandboxPeer) peer = sandbox_peer_start (NULL);
  g_autoptr(GPtrArray) all = sandbox_peer_truth (peer, "timesheets");
  guint expected = 0;

  for (guint i = 0; i < all->len; i++)
    {
      const char *start = sandbox_record_text (g_ptr_array_index (all, i), "start_at");

      expected += g_strcmp0 (start, "2026-03-28") > 0 && g_strcmp0 (start, "2026-03-30") < 0;
    }

  g_assert_cmpuint (expected, >, 0);
  for (guint i = 0; i < G_N_ELEMENTS (matches); i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"query\":{\"filter\":{\"workday\":{\"date_range\":{\"start_date\":\"2026-03-28\","
                                               "\"end_date\":\"2026-03-29\"},\"match_timecards_by\":\"%s\"}}}}", matches[i]);
      g_autoptr(GPtrArray) cards = sandbox_peer_walk (peer, "POST", "/v2/labor/timecards/search", body, "timecards", NULL);

      g_assert_cmpuint (cards->len, ==, expected);
    }
}

/* Each record of an entity, asked for by its id, is the one of the listing. */
static void
assert_lookups (SandboxPeer *peer,
                const char  *path,
                const char  *entity,
                const char  *key)
{
  g_autoptr(GPtrArray) truth = sandbox_peer_truth (peer, entity);
  g_autofree char *nobody = g_strconcat (path, "/NOBODY", NULL);

  g_assert_cmpuint (truth->len, >, 0);
  for (guint i = 0; i < truth->len; i += 1 + truth->len / 7)
    {
      JsonObject *record = g_ptr_array_index (truth, i);
      g_autofree char *address = g_strconcat (path, "/", sandbox_record_text (record, "id"), NULL);
      g_autoptr(JsonNode) page = sandbox_peer_call (peer, "GET", address, NULL, 200);
      JsonObject *got = json_object_get_object_member (json_node_get_object (page), key);

      g_assert_cmpuint (json_object_get_size (json_node_get_object (page)), ==, 1);
      g_assert_true (json_object_equal (got, record));
    }
  sandbox_peer_expect (peer, "GET", nobody, NULL, 404, "NOT_FOUND");
}

static void
test_lookups (void)
{
  g_autoptr(SandboxPeer) peer = sandbox_peer_start (NULL);
  g_autoptr(GPtrArray) customers = sandbox_peer_truth (peer, "customers");
  g_autoptr(GPtrArray) left = NULL;
  g_autoptr(JsonNode) done = NULL;
  guint n_gone = 0;

  assert_lookups (peer, "/v2/locations", "locations", "location");
  assert_lookups (peer, "/v2/team-members", "team_members", "team_member");
  assert_lookups (peer, "/v2/labor/timecards", "timesheets", "timecard");
  assert_lookups (peer, "/v2/payments", "payments", "payment");
  assert_lookups (peer, "/v2/refunds", "refunds", "refund");
  assert_lookups (peer, "/v2/payouts", "payouts", "payout");
  assert_lookups (peer, "/v2/orders", "orders", "order");
  assert_lookups (peer, "/v2/customers", "customers", "customer");
  assert_lookups (peer, "/v2/catalog/object", "prices", "object");
  sandbox_peer_expect (peer, "GET", "/v2/customers/A/B", NULL, 404, "NOT_FOUND");
  sandbox_peer_expect (peer, "GET", "/v2/customers/search", NULL, 405, "METHOD_NOT_ALLOWED");

  /* What vanishes is not found from then on. */
  done = sandbox_peer_call (peer, "POST", "/_sandbox/delete", "{\"entity\":\"customers\",\"count\":2}", 200);
  left = sandbox_peer_truth (peer, "customers");
  g_assert_cmpuint (left->len, ==, customers->len - 2);
  for (guint i = 0; i < customers->len; i++)
    {
      g_autofree char *address = g_strconcat ("/v2/customers/",
                                              sandbox_record_text (g_ptr_array_index (customers, i), "id"), NULL);
      guint status;
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) body = sandbox_peer_send (peer, "GET", address, NULL, &status, NULL, &error);

      g_assert_no_error (error);
      g_assert_true (status == 200 || status == 404);
      n_gone += status == 404;
    }
  g_assert_cmpuint (n_gone, ==, 2);
}

static char *
batch_body (const char *member,
            GPtrArray  *records,
            const char *more)
{
  g_autoptr(GString) body = g_string_new (NULL);

  g_string_append_printf (body, "{%s\"%s\":[\"NOBODY\"", more, member);
  for (guint i = 0; i < MIN (records->len, 5); i++)
    g_string_append_printf (body, ",\"%s\"", sandbox_record_text (g_ptr_array_index (records, i), "id"));
  g_string_append (body, "]}");
  return g_strdup (body->str);
}

static void
assert_batch (SandboxPeer *peer,
              const char  *path,
              const char  *body,
              const char  *key,
              guint        n_expected)
{
  g_autoptr(JsonNode) page = sandbox_peer_call (peer, "POST", path, body, 200);
  JsonObject *object = json_node_get_object (page);

  if (n_expected == 0)
    g_assert_false (json_object_has_member (object, key));
  else
    g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, key)), ==, n_expected);
}

static void
test_batches (void)
{
  g_autoptr(SandboxPeer) peer = sandbox_peer_start (NULL);
  g_autoptr(GPtrArray) orders = sandbox_peer_truth (peer, "orders");
  g_autoptr(GPtrArray) products = sandbox_peer_truth (peer, "products");
  g_autofree char *order_ids = batch_body ("order_ids", orders, "");
  g_autofree char *object_ids = batch_body ("object_ids", products, "");
  g_autofree char *with_deleted = batch_body ("object_ids", products, "\"include_deleted_objects\":true,");
  g_autoptr(GString) many = g_string_new ("{\"order_ids\":[\"A\"");
  g_autofree char *count = g_strdup_printf ("{\"entity\":\"products\",\"count\":%u}", products->len);
  g_autoptr(JsonNode) done = NULL;

  assert_batch (peer, "/v2/orders/batch-retrieve", order_ids, "orders", 5);
  assert_batch (peer, "/v2/orders/batch-retrieve", "{\"order_ids\":[\"NOBODY\"]}", "orders", 0);
  assert_batch (peer, "/v2/catalog/batch-retrieve", object_ids, "objects", 5);
  for (guint i = 0; i < 100; i++)
    g_string_append (many, ",\"A\"");
  g_string_append (many, "]}");
  sandbox_peer_expect (peer, "POST", "/v2/orders/batch-retrieve", many->str, 400, "ARRAY_LENGTH_TOO_LONG");
  sandbox_peer_expect (peer, "POST", "/v2/orders/batch-retrieve", "{\"order_ids\":[]}", 400, "MISSING_REQUIRED_PARAMETER");

  done = sandbox_peer_call (peer, "POST", "/_sandbox/delete", count, 200);
  assert_batch (peer, "/v2/catalog/batch-retrieve", object_ids, "objects", 0);
  assert_batch (peer, "/v2/catalog/batch-retrieve", with_deleted, "objects", 5);
}

static void
test_text_filters (void)
{
  g_autoptr(SandboxPeer) peer = sandbox_peer_start (NULL);
  g_autoptr(GPtrArray) customers = sandbox_peer_truth (peer, "customers");
  JsonObject *one = g_ptr_array_index (customers, 3);
  g_autofree char *email = g_ascii_strup (sandbox_record_text (one, "email_address"), -1);
  g_autofree char *body = g_strdup_printf ("{\"query\":{\"filter\":{\"email_address\":{\"exact\":\"%s\"}}}}", email);
  g_autoptr(GPtrArray) got = sandbox_peer_walk (peer, "POST", "/v2/customers/search", body, "customers", NULL);
  g_autoptr(GPtrArray) all = sandbox_peer_walk (peer, "GET", "/v2/payments?begin_time=2000-01-01T00:00:00Z", NULL, "payments", NULL);
  g_autoptr(GPtrArray) visa = sandbox_peer_walk (peer, "GET", "/v2/payments?begin_time=2000-01-01T00:00:00Z&card_brand=VISA",
                                                 NULL, "payments", NULL);

  g_assert_cmpuint (got->len, ==, 1);
  g_assert_cmpstr (sandbox_record_text (g_ptr_array_index (got, 0), "id"), ==, sandbox_record_text (one, "id"));
  g_assert_cmpuint (visa->len, >, 0);
  g_assert_cmpuint (visa->len, <, all->len);
}

static void
test_unplayed (void)
{
  g_autoptr(SandboxPeer) peer = sandbox_peer_start (NULL);
  g_autofree char *body = orders_body (peer, 10, ASC);
  g_autofree char *entries = g_strdup_printf ("{\"return_entries\":true,%s", body + 1);

  sandbox_peer_expect (peer, "POST", "/v2/orders/search", entries, 400, "NOT_IMPLEMENTED");
  sandbox_peer_expect (peer, "GET", "/v2/payments?total=1234", NULL, 400, "NOT_IMPLEMENTED");
  sandbox_peer_expect (peer, "POST", "/v2/customers/search",
                       "{\"query\":{\"filter\":{\"email_address\":{\"fuzzy\":\"a@b.example\"}}}}", 400, "NOT_IMPLEMENTED");
}

static void
test_access (void)
{
  g_autoptr(SandboxPeer) peer = sandbox_peer_start ("--token s3cret");

  sandbox_peer_expect (peer, "GET", "/v2/locations", NULL, 401, "UNAUTHORIZED");
  sandbox_peer_set_token (peer, "s3cret");
  json_node_unref (sandbox_peer_call (peer, "GET", "/v2/locations", NULL, 200));
  json_node_unref (sandbox_peer_call (peer, "POST", "/oauth2/token/status", NULL, 200));
  json_node_unref (sandbox_peer_call (peer, "GET", "/v2/merchants", NULL, 200));
  json_node_unref (sandbox_peer_call (peer, "GET", "/v2/merchants/me", NULL, 200));
  sandbox_peer_expect (peer, "GET", "/v2/labor/time-off", NULL, 404, "NOT_FOUND");
  sandbox_peer_expect (peer, "GET", "/v2/orders/search", NULL, 405, "METHOD_NOT_ALLOWED");
}

static void
test_deterministic (void)
{
  static const char *const entities[] = {
    "locations", "team_members", "timesheets", "payments", "refunds", "payouts", "orders", "customers", "products", "prices"
  };
  g_autoptr(SandboxPeer) one = sandbox_peer_start ("--seed 5");
  g_autoptr(SandboxPeer) same = sandbox_peer_start ("--seed 5");
  g_autoptr(SandboxPeer) other = sandbox_peer_start ("--seed 6");

  for (guint i = 0; i < G_N_ELEMENTS (entities); i++)
    {
      g_autofree char *first = sandbox_peer_text (one, entities[i]);
      g_autofree char *second = sandbox_peer_text (same, entities[i]);
      g_autofree char *third = sandbox_peer_text (other, entities[i]);

      g_assert_cmpstr (first, ==, second);
      g_assert_cmpstr (first, !=, third);
    }
}

static void
test_gzip (void)
{
  g_autoptr(SandboxPeer) peer = sandbox_peer_start ("--gzip");
  g_autoptr(SandboxPeer) plain = sandbox_peer_start (NULL);
  g_autoptr(SoupMessageHeaders) headers = NULL;
  g_autoptr(SoupMessageHeaders) plain_headers = NULL;
  g_autofree char *body = orders_body (peer, 100, ASC);
  g_autoptr(GBytes) answer = sandbox_peer_send (peer, "POST", "/v2/orders/search", body, NULL, &headers, NULL);
  g_autoptr(GBytes) plain_answer = sandbox_peer_send (plain, "POST", "/v2/orders/search", body, NULL, &plain_headers, NULL);

  g_assert_cmpstr (soup_message_headers_get_one (headers, "Content-Encoding"), ==, "gzip");
  g_assert_null (soup_message_headers_get_one (plain_headers, "Content-Encoding"));
  g_assert_true (g_bytes_equal (answer, plain_answer));
}

int
main (int    argc,
      char **argv)
{
  g_setenv ("GIO_USE_PROXY_RESOLVER", "dummy", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sandbox/pages/orders", test_pages_orders);
  g_test_add_func ("/sandbox/pages/everything", test_pages_everything);
  g_test_add_func ("/sandbox/cursors", test_cursors);
  g_test_add_func ("/sandbox/order-filters", test_order_filters);
  g_test_add_func ("/sandbox/nothing-found", test_nothing_found);
  g_test_add_func ("/sandbox/payment-lists", test_payment_lists);
  g_test_add_func ("/sandbox/catalog", test_catalog);
  g_test_add_func ("/sandbox/customer-filter", test_customer_filter);
  g_test_add_func ("/sandbox/timecards", test_timecards);
  g_test_add_func ("/sandbox/workday", test_workday);
  g_test_add_func ("/sandbox/lookups", test_lookups);
  g_test_add_func ("/sandbox/batches", test_batches);
  g_test_add_func ("/sandbox/text-filters", test_text_filters);
  g_test_add_func ("/sandbox/unplayed", test_unplayed);
  g_test_add_func ("/sandbox/access", test_access);
  g_test_add_func ("/sandbox/deterministic", test_deterministic);
  g_test_add_func ("/sandbox/gzip", test_gzip);

  return g_test_run ();
}
