/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Prints how many megabytes a second the JSON reader validates, and the look-up skims, of a page of
 * orders. A number to look at, not a test: it depends on the machine. */

#include "tide-json-reader.h"

#include <locale.h>

#define N_ORDERS 1000
#define N_ROUNDS 200

static const char order_template[] =
  "{\"id\":\"CAISENgvlJ6jLWAzERDzjyHVy%05d\",\"location_id\":\"057P5VYJ4A5X1\",\"reference_id\":\"my-order-%05d\","
  "\"source\":{\"name\":\"Point of Sale\"},\"customer_id\":\"CUST%07d\",\"line_items\":["
  "{\"uid\":\"945986d1-9586-11e6-ad5a-28cfe92138cf\",\"catalog_object_id\":\"BEMYCSMIJL46OCDV4KYIKXIB\",\"quantity\":\"1\","
  "\"name\":\"Espresso macchiato\",\"variation_name\":\"Doppio\",\"base_price_money\":{\"amount\":1599,\"currency\":\"USD\"},"
  "\"gross_sales_money\":{\"amount\":1599,\"currency\":\"USD\"},\"total_tax_money\":{\"amount\":0,\"currency\":\"USD\"},"
  "\"total_discount_money\":{\"amount\":0,\"currency\":\"USD\"},\"total_money\":{\"amount\":1599,\"currency\":\"USD\"}},"
  "{\"uid\":\"a8f4168c-9586-11e6-bdf0-28cfe92138cf\",\"catalog_object_id\":\"XOLTJHLSOZWQDGLYBBTK5Z5W\",\"quantity\":\"3\","
  "\"name\":\"Cr\xc3\xa8me br\xc3\xbbl\xc3\xa9" "e\",\"note\":\"no \\\"sugar\\\" on top\",\"base_price_money\":{\"amount\":2000,\"currency\":\"USD\"},"
  "\"gross_sales_money\":{\"amount\":6000,\"currency\":\"USD\"},\"total_tax_money\":{\"amount\":0,\"currency\":\"USD\"},"
  "\"total_discount_money\":{\"amount\":0,\"currency\":\"USD\"},\"total_money\":{\"amount\":6000,\"currency\":\"USD\"}}],"
  "\"net_amounts\":{\"total_money\":{\"amount\":7599,\"currency\":\"USD\"},\"tax_money\":{\"amount\":0,\"currency\":\"USD\"},"
  "\"discount_money\":{\"amount\":0,\"currency\":\"USD\"},\"tip_money\":{\"amount\":0,\"currency\":\"USD\"}},"
  "\"created_at\":\"2026-03-02T18:11:09.500Z\",\"updated_at\":\"2026-03-02T18:12:%02d.000Z\","
  "\"closed_at\":\"2026-03-02T18:12:01.000Z\",\"state\":\"COMPLETED\",\"version\":%d,\"total_money\":{\"amount\":%d,\"currency\":\"USD\"},"
  "\"total_tax_money\":{\"amount\":0,\"currency\":\"USD\"},\"total_discount_money\":{\"amount\":0,\"currency\":\"USD\"},"
  "\"total_tip_money\":{\"amount\":0,\"currency\":\"USD\"},\"ticket_name\":\"table %d\"}";

static const char * const fields[] =
{
  "/id", "/location_id", "/customer_id", "/reference_id", "/state", "/created_at", "/updated_at", "/closed_at",
  "/total_money/amount", "/total_money/currency", "/total_tax_money/amount", "/total_discount_money/amount",
  "/total_tip_money/amount", "/version", "/source/name",
};

static gboolean
count_cb (const TideJsonValue  *record,
          const TideJsonValue  *values,
          gpointer              user_data,
          GError              **error)
{
  gsize *count = user_data;

  *count += record->type == TIDE_JSON_OBJECT && values[0].type == TIDE_JSON_STRING;

  return TRUE;
}

static GString *
make_page (void)
{
  GString *page = g_string_new ("{\"orders\":[");

  for (int i = 0; i < N_ORDERS; i++)
    {
      if (i > 0)
        g_string_append_c (page, ',');
      g_string_append_printf (page, order_template, i, i, i * 7919 % 100000, i % 60, i % 9 + 1, i * 37, i % 40);
    }
  g_string_append (page, "],\"cursor\":\"eyJtYXhfY3JlYXRlZF9hdCI6\"}");

  return page;
}

static void
report (const char *what,
        gsize       bytes,
        gint64      best_usec)
{
  g_print ("%-16s %7.0f MB/s\n", what, (double) bytes / best_usec);
}

/* The best of many rounds: what the code can do when nobody else is using the machine. */
static gint64
time_read (const GString *page)
{
  g_autoptr(TideJsonReader) reader = tide_json_reader_new ("/orders", fields, G_N_ELEMENTS (fields), NULL);
  gint64 best = G_MAXINT64;

  for (int i = 0; i < N_ROUNDS; i++)
    {
      gint64 start = g_get_monotonic_time ();
      gsize count = 0;

      if (!tide_json_reader_read (reader, page->str, page->len, count_cb, &count, NULL) || count != N_ORDERS)
        g_error ("the page was not read");
      best = MIN (best, g_get_monotonic_time () - start);
    }

  return best;
}

static gint64
time_skim (const GString *page)
{
  static const char * const pointers[] = { "/cursor", "/errors" };
  gint64 best = G_MAXINT64;

  for (int i = 0; i < N_ROUNDS; i++)
    {
      gint64 start = g_get_monotonic_time ();
      TideJsonValue values[2];

      if (!tide_json_lookup (page->str, page->len, pointers, 2, values) || values[0].type != TIDE_JSON_STRING)
        g_error ("the cursor was not found");
      best = MIN (best, g_get_monotonic_time () - start);
    }

  return best;
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GString) page = make_page ();

  setlocale (LC_ALL, "");
  g_print ("%d orders of %" G_GSIZE_FORMAT " bytes, best of %d rounds\n", N_ORDERS, page->len / N_ORDERS, N_ROUNDS);
  report ("validated read", page->len, time_read (page));
  report ("skim", page->len, time_skim (page));

  return 0;
}
