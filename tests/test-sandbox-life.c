/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-sandbox-life"

#include "sandbox-peer.h"

/* That the sandbox's business adds up to the penny, and how it changes with time. */

static GHashTable *
by_id (GPtrArray *records)
{
  GHashTable *table = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < records->len; i++)
    g_assert_true (g_hash_table_insert (table, (gpointer)sandbox_record_text (g_ptr_array_index (records, i), "id"),
                                        g_ptr_array_index (records, i)));
  return table;
}

static JsonArray *
get_array (JsonObject *record,
           const char *member)
{
  return json_object_has_member (record, member) ? json_object_get_array_member (record, member) : NULL;
}

static gint64
sum (JsonArray  *array,
     const char *member)
{
  gint64 total = 0;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    total += sandbox_record_money (json_array_get_object_element (array, i), member);
  return total;
}

static void
check_lines (JsonObject *order)
{
  JsonArray *lines = get_array (order, "line_items");

  for (guint i = 0; i < json_array_get_length (lines); i++)
    {
      JsonObject *line = json_array_get_object_element (lines, i);
      gint64 quantity = g_ascii_strtoll (sandbox_record_text (line, "quantity"), NULL, 10);
      gint64 gross = sandbox_record_money (line, "base_price_money") * quantity
                     + sum (get_array (line, "modifiers"), "total_price_money");

      g_assert_cmpint (sandbox_record_money (line, "gross_sales_money"), ==, gross);
      g_assert_cmpint (sandbox_record_money (line, "total_money"), ==, gross - sandbox_record_money (line, "total_discount_money"));
      g_assert_cmpint (sum (get_array (line, "applied_taxes"), "applied_money"), ==, sandbox_record_money (line, "total_tax_money"));
      if (json_object_has_member (line, "applied_taxes"))   /* a fifth on top is a sixth of the whole */
        g_assert_cmpint (ABS (sandbox_record_money (line, "total_tax_money") * 6 - sandbox_record_money (line, "total_money")), <=, 3);
    }
}

static void
check_sale (JsonObject *order,
            GHashTable *payments)
{
  JsonArray *lines = get_array (order, "line_items");
  JsonArray *tenders = get_array (order, "tenders");
  gint64 tip = sandbox_record_money (order, "total_tip_money");
  gint64 total = sandbox_record_money (order, "total_money");

  check_lines (order);
  g_assert_cmpint (sum (lines, "total_money") + tip, ==, total);
  g_assert_cmpint (sum (lines, "total_tax_money"), ==, sandbox_record_money (order, "total_tax_money"));
  g_assert_cmpint (sum (lines, "total_discount_money"), ==, sandbox_record_money (order, "total_discount_money"));
  g_assert_cmpint (sum (get_array (order, "taxes"), "applied_money"), ==, sandbox_record_money (order, "total_tax_money"));
  g_assert_cmpint (sandbox_record_money (json_object_get_object_member (order, "net_amounts"), "total_money"), ==, total);

  for (guint i = 0; tenders != NULL && i < json_array_get_length (tenders); i++)
    {
      JsonObject *tender = json_array_get_object_element (tenders, i);
      JsonObject *payment = g_hash_table_lookup (payments, sandbox_record_text (tender, "payment_id"));

      g_assert_nonnull (payment);
      g_assert_cmpstr (sandbox_record_text (payment, "order_id"), ==, sandbox_record_text (order, "id"));
      g_assert_cmpint (sandbox_record_money (tender, "amount_money"), ==, total);
      g_assert_cmpint (sandbox_record_money (payment, "total_money"), ==, total);
      g_assert_cmpint (sandbox_record_money (payment, "amount_money") + sandbox_record_money (payment, "tip_money"), ==, total);
    }

  if (g_strcmp0 (sandbox_record_text (order, "state"), "COMPLETED") == 0)
    g_assert_nonnull (tenders);
  else if (g_strcmp0 (sandbox_record_text (order, "state"), "CANCELED") == 0)
    g_assert_null (tenders);
}

static void
check_return (JsonObject *order,
              GHashTable *orders,
              GHashTable *refunds)
{
  JsonObject *returned = json_array_get_object_element (get_array (order, "returns"), 0);
  JsonObject *source = g_hash_table_lookup (orders, sandbox_record_text (returned, "source_order_id"));
  gint64 amount = sum (get_array (returned, "return_line_items"), "total_money");
  JsonObject *refund = json_array_get_object_element (get_array (order, "refunds"), 0);
  JsonObject *record = g_hash_table_lookup (refunds, sandbox_record_text (refund, "id"));

  g_assert_nonnull (source);
  g_assert_nonnull (record);
  g_assert_cmpstr (sandbox_record_text (record, "order_id"), ==, sandbox_record_text (order, "id"));
  g_assert_cmpint (amount, >, 0);
  g_assert_cmpint (amount, <=, sandbox_record_money (source, "total_money"));
  g_assert_cmpint (sandbox_record_money (record, "amount_money"), ==, amount);
  g_assert_cmpint (sandbox_record_money (refund, "amount_money"), ==, amount);
  g_assert_cmpint (sandbox_record_money (json_object_get_object_member (order, "return_amounts"), "total_money"), ==, amount);
  g_assert_cmpint (sandbox_record_money (json_object_get_object_member (order, "net_amounts"), "total_money"), ==, -amount);
}

static void
check_refunds (GPtrArray  *refunds,
               GHashTable *payments)
{
  for (guint i = 0; i < refunds->len; i++)
    {
      JsonObject *refund = g_ptr_array_index (refunds, i);
      JsonObject *payment = g_hash_table_lookup (payments, sandbox_record_text (refund, "payment_id"));

      g_assert_nonnull (payment);
      g_assert_cmpint (sandbox_record_money (payment, "refunded_money"), ==, sandbox_record_money (refund, "amount_money"));
      g_assert_cmpstr (json_array_get_string_element (get_array (payment, "refund_ids"), 0), ==, sandbox_record_text (refund, "id"));
    }
}

/* What a location has earned by card before @until, as payments and refunds show it. */
static gint64
earned (GPtrArray  *payments,
        GPtrArray  *refunds,
        const char *location,
        const char *until)
{
  gint64 total = 0;

  for (guint i = 0; i < payments->len; i++)
    {
      JsonObject *payment = g_ptr_array_index (payments, i);
      JsonArray *fees = get_array (payment, "processing_fee");

      if (fees == NULL || g_strcmp0 (sandbox_record_text (payment, "location_id"), location) != 0)
        continue;
      if (g_strcmp0 (sandbox_record_text (json_array_get_object_element (fees, 0), "effective_at"), until) < 0)
        total += sandbox_record_money (payment, "total_money") - sum (fees, "amount_money");
    }

  for (guint i = 0; i < refunds->len; i++)
    {
      JsonObject *refund = g_ptr_array_index (refunds, i);

      if (g_strcmp0 (sandbox_record_text (refund, "location_id"), location) == 0
          && g_strcmp0 (sandbox_record_text (refund, "destination_type"), "CARD") == 0
          && g_strcmp0 (sandbox_record_text (refund, "status"), "COMPLETED") == 0
          && g_strcmp0 (sandbox_record_text (refund, "updated_at"), until) < 0)
        total -= sandbox_record_money (refund, "amount_money");
    }

  return total;
}

/* After each payout, all that was paid out is all that had been earned. */
static void
check_payouts (GPtrArray *payouts,
               GPtrArray *payments,
               GPtrArray *refunds)
{
  for (guint i = 0; i < payouts->len; i++)
    {
      JsonObject *payout = g_ptr_array_index (payouts, i);
      const char *location = sandbox_record_text (payout, "location_id");
      const char *created = sandbox_record_text (payout, "created_at");
      g_autofree char *until = g_strdup_printf ("%.19s.000Z", created);
      gint64 total = 0;

      for (guint j = 0; j < payouts->len; j++)
        if (g_strcmp0 (sandbox_record_text (g_ptr_array_index (payouts, j), "location_id"), location) == 0
            && g_strcmp0 (sandbox_record_text (g_ptr_array_index (payouts, j), "created_at"), created) <= 0)
          total += sandbox_record_money (g_ptr_array_index (payouts, j), "amount_money");
      g_assert_cmpint (total, ==, earned (payments, refunds, location, until));
    }
}

/* A refund's completion is its last change, unless somebody edited it: then payouts cannot be followed. */
static void
check_books (SandboxPeer *peer,
             gboolean     with_payouts)
{
  g_autoptr(GPtrArray) orders = sandbox_peer_truth (peer, "orders");
  g_autoptr(GPtrArray) payments = sandbox_peer_truth (peer, "payments");
  g_autoptr(GPtrArray) refunds = sandbox_peer_truth (peer, "refunds");
  g_autoptr(GPtrArray) payouts = sandbox_peer_truth (peer, "payouts");
  g_autoptr(GHashTable) order_index = by_id (orders);
  g_autoptr(GHashTable) payment_index = by_id (payments);
  g_autoptr(GHashTable) refund_index = by_id (refunds);
  guint returns = 0;

  for (guint i = 0; i < orders->len; i++)
    {
      JsonObject *order = g_ptr_array_index (orders, i);

      if (!json_object_has_member (order, "returns"))
        check_sale (order, payment_index);
      else
        {
          check_return (order, order_index, refund_index);
          returns++;
        }
    }

  g_assert_cmpuint (returns, ==, refunds->len);
  g_assert_cmpuint (payouts->len, >, 0);
  check_refunds (refunds, payment_index);
  if (with_payouts)
    check_payouts (payouts, payments, refunds);
}

static void
test_books (void)
{
  g_autoptr(SandboxPeer) peer = sandbox_peer_start ("--orders 3000 --seed 11");

  check_books (peer, TRUE);
}

static char *
changes_body (SandboxPeer *peer,
              const char  *since)
{
  g_autofree char *locations = sandbox_peer_locations (peer);

  return g_strdup_printf ("{\"location_ids\":%s,\"query\":{\"filter\":{\"date_time_filter\":{\"updated_at\":{\"start_at\":\"%s\"}}},"
                          "\"sort\":{\"sort_field\":\"UPDATED_AT\",\"sort_order\":\"ASC\"}}}", locations, since);
}

static void
control (SandboxPeer *peer,
         const char  *what,
         const char  *body)
{
  g_autofree char *path = g_strconcat ("/_sandbox/", what, NULL);

  json_node_unref (sandbox_peer_call (peer, "POST", path, body, 200));
}

static guint
count_different (GPtrArray *before,
                 GPtrArray *after)
{
  g_autoptr(GHashTable) index = by_id (before);
  guint different = 0;

  for (guint i = 0; i < after->len; i++)
    {
      JsonObject *old = g_hash_table_lookup (index, sandbox_record_text (g_ptr_array_index (after, i), "id"));
      g_autoptr(JsonNode) first = json_node_new (JSON_NODE_OBJECT);
      g_autoptr(JsonNode) second = json_node_new (JSON_NODE_OBJECT);

      json_node_set_object (first, g_ptr_array_index (after, i));
      if (old != NULL)
        json_node_set_object (second, old);
      different += old == NULL || !json_node_equal (first, second);
    }

  return different;
}

static void
test_edit (void)
{
  static const char *const entities[] = { "orders", "payments", "refunds", "customers", "timesheets", "team_members", "products" };
  g_autoptr(SandboxPeer) peer = sandbox_peer_start (NULL);
  g_autofree char *body = NULL;
  g_autoptr(GPtrArray) changed = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (entities); i++)
    {
      g_autoptr(GPtrArray) before = sandbox_peer_truth (peer, entities[i]);
      g_autofree char *order = g_strdup_printf ("{\"entity\":\"%s\",\"count\":3}", entities[i]);
      g_autoptr(GPtrArray) after = NULL;

      control (peer, "edit", order);
      after = sandbox_peer_truth (peer, entities[i]);
      g_assert_cmpuint (after->len, ==, before->len);
      g_assert_cmpuint (count_different (before, after), ==, 3);
    }

  control (peer, "advance", "{\"seconds\":0}");
  body = changes_body (peer, "2026-03-31T12:00:00.001Z");
  changed = sandbox_peer_walk (peer, "POST", "/v2/orders/search", body, "orders", NULL);
  g_assert_cmpuint (changed->len, ==, 3);
  sandbox_peer_expect (peer, "POST", "/_sandbox/edit", "{\"entity\":\"nothing\"}", 400, "BAD_REQUEST");
  check_books (peer, FALSE);
}

static void
test_edit_percent (void)
{
  g_autoptr(SandboxPeer) peer = sandbox_peer_start (NULL);
  g_autoptr(GPtrArray) before = sandbox_peer_truth (peer, "orders");
  g_autoptr(GPtrArray) after = NULL;
  g_autoptr(GPtrArray) products = NULL;
  g_autoptr(GPtrArray) products_after = NULL;

  control (peer, "edit", "{\"entity\":\"orders\",\"percent\":5}");
  after = sandbox_peer_truth (peer, "orders");
  g_assert_cmpuint (count_different (before, after), ==, 30);
  products = sandbox_peer_truth (peer, "products");
  control (peer, "edit", "{\"entity\":\"products\",\"percent\":50}");
  products_after = sandbox_peer_truth (peer, "products");
  g_assert_cmpuint (count_different (products, products_after), ==, products->len / 2);
}

static void
test_delete (void)
{
  static const char *const entities[] = { "customers", "timesheets", "products" };
  g_autoptr(SandboxPeer) peer = sandbox_peer_start (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (entities); i++)
    {
      g_autoptr(GPtrArray) before = sandbox_peer_truth (peer, entities[i]);
      g_autofree char *order = g_strdup_printf ("{\"entity\":\"%s\",\"count\":4}", entities[i]);
      g_autoptr(GPtrArray) after = NULL;

      control (peer, "delete", order);
      after = sandbox_peer_truth (peer, entities[i]);
      g_assert_cmpuint (after->len, ==, before->len - 4);
      g_assert_cmpuint (count_different (before, after), ==, 0);
    }

  sandbox_peer_expect (peer, "POST", "/_sandbox/delete", "{\"entity\":\"orders\"}", 400, "BAD_REQUEST");
}

static void
test_late (void)
{
  g_autoptr(SandboxPeer) peer = sandbox_peer_start (NULL);
  g_autoptr(GPtrArray) before = sandbox_peer_truth (peer, "orders");
  g_autofree char *body = changes_body (peer, "2026-03-31T12:00:00.001Z");
  g_autoptr(GPtrArray) late = NULL;
  g_autoptr(GPtrArray) after = NULL;

  control (peer, "late", "{\"count\":5}");
  late = sandbox_peer_walk (peer, "POST", "/v2/orders/search", body, "orders", NULL);
  after = sandbox_peer_truth (peer, "orders");
  g_assert_cmpuint (late->len, ==, 5);
  g_assert_cmpuint (after->len, ==, before->len + 5);
  for (guint i = 0; i < late->len; i++)
    {
      JsonObject *order = g_ptr_array_index (late, i);

      g_assert_cmpstr (sandbox_record_text (order, "state"), ==, "COMPLETED");
      g_assert_cmpstr (sandbox_record_text (order, "created_at"), <, "2026-03-31T11:30");
      g_assert_cmpstr (sandbox_record_text (order, "created_at"), >, "2026-03-28T11:59");
    }
  check_books (peer, TRUE);
}

static void
assert_not_after (GPtrArray  *records,
                  const char *now)
{
  for (guint i = 0; i < records->len; i++)
    g_assert_cmpstr (sandbox_record_text (g_ptr_array_index (records, i), "updated_at"), <=, now);
}

static void
test_time_goes_on (void)
{
  g_autoptr(SandboxPeer) peer = sandbox_peer_start ("--orders 3000");
  g_autoptr(GPtrArray) before = sandbox_peer_truth (peer, "orders");
  g_autoptr(GPtrArray) cards_before = sandbox_peer_truth (peer, "timesheets");
  g_autoptr(GPtrArray) after = NULL;
  g_autoptr(GPtrArray) cards = NULL;
  g_autoptr(GPtrArray) payments = NULL;

  assert_not_after (before, SANDBOX_PEER_NOW);
  control (peer, "advance", "{\"seconds\":1209600}");
  after = sandbox_peer_truth (peer, "orders");
  cards = sandbox_peer_truth (peer, "timesheets");
  payments = sandbox_peer_truth (peer, "payments");

  /* Two weeks of a quarter in which there were 3000. */
  g_assert_cmpuint (after->len, >, before->len + 250);
  g_assert_cmpuint (after->len, <, before->len + 800);
  g_assert_cmpuint (cards->len, >, cards_before->len + 50);
  assert_not_after (after, "2026-04-14T12:00:00.000Z");
  assert_not_after (payments, "2026-04-14T12:00:00.000Z");
  check_books (peer, TRUE);
}

int
main (int    argc,
      char **argv)
{
  g_setenv ("GIO_USE_PROXY_RESOLVER", "dummy", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sandbox/books", test_books);
  g_test_add_func ("/sandbox/edit", test_edit);
  g_test_add_func ("/sandbox/edit-percent", test_edit_percent);
  g_test_add_func ("/sandbox/delete", test_delete);
  g_test_add_func ("/sandbox/late", test_late);
  g_test_add_func ("/sandbox/time-goes-on", test_time_goes_on);

  return g_test_run ();
}
