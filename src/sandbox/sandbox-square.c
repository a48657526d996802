/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemark-sandbox"

#include "sandbox-square-private.h"
#include "sandbox-time.h"

#define FIRST_TIMECARD_VERSION "2025-05-21"

/** sandbox_call_read_locations: a bit for each id; %FALSE with an error in the reply. */
gboolean
sandbox_call_read_locations (SandboxCall *self,
                             JsonArray   *ids,
                             guint       *out_locations)
{
  guint length = ids != NULL ? json_array_get_length (ids) : 0;

  for (guint i = 0; i < length; i++)
    {
      const char *id = sandbox_array_text (ids, i);
      int location = sandbox_business_find_location (sandbox_world_get_business (self->world), id);

      if (location < 0)
        {
          sandbox_reply_bad (self->reply, "INVALID_VALUE", "location_ids", "No such location belongs to this merchant.");
          return FALSE;
        }
      *out_locations |= 1u << location;
    }

  return TRUE;
}

/* The record that the page before ended with. */
static gboolean
get_last_served (const SandboxQuery  *query,
                 const SandboxCursor *cursor,
                 guint32             *out_record)
{
  guint length;

  if (cursor == NULL || !cursor->started)
    return FALSE;
  if (query->sort != SANDBOX_KEY_UPDATED)
    *out_record = cursor->place;
  else if (sandbox_table_is_current (query->table, cursor->place))
    *out_record = sandbox_table_get_log (query->table, &length)[cursor->place].record;
  else
    return FALSE;
  return !sandbox_table_get (query->table, *out_record)->gone;
}

/* As with a provider that counts in offsets: a record further on is changed and moves,
 * and the page begins with the last record of the one before. */
static void
call_run_shifted (SandboxCall         *self,
                  SandboxQuery        *query,
                  const SandboxCursor *cursor,
                  SandboxPage         *page)
{
  guint limit = query->limit;
  guint32 again;

  query->limit = 1;
  sandbox_query_run (query, cursor, sandbox_world_get_now (self->world), page);
  if (page->records->len > 0)
    sandbox_world_touch (self->world, query->table, g_array_index (page->records, guint32, 0));
  sandbox_page_clear (page);

  query->limit = limit;
  if (!get_last_served (query, cursor, &again) || limit == 1)
    {
      sandbox_query_run (query, cursor, sandbox_world_get_now (self->world), page);
      return;
    }

  query->limit = limit - 1;
  sandbox_query_run (query, cursor, sandbox_world_get_now (self->world), page);
  g_array_prepend_val (page->records, again);
  query->limit = limit;
}

static void
call_twist_page (SandboxCall         *self,
                 SandboxQuery        *query,
                 const SandboxCursor *cursor,
                 SandboxPage         *page)
{
  SandboxCursor same = page->cursor;

  if (self->twist == SANDBOX_TWIST_NONE || self->twist == SANDBOX_TWIST_SHIFT)
    return;

  same.salt = cursor != NULL ? cursor->salt + 1 : 1;
  same.started = cursor != NULL && cursor->started;
  same.time = cursor != NULL ? cursor->time : 0;
  same.place = cursor != NULL ? cursor->place : 0;
  same.looping = self->twist == SANDBOX_TWIST_LOOP;
  if (self->twist == SANDBOX_TWIST_EMPTY)
    g_array_set_size (page->records, 0);
  page->cursor = same;
  page->more = TRUE;
}

static gboolean
call_read_cursor (SandboxCall        *self,
                  const SandboxQuery *query,
                  SandboxCursor      *cursor)
{
  if (sandbox_cursor_from_text (cursor, self->request->cursor) && cursor->query == query->identity)
    return TRUE;

  sandbox_reply_bad (self->reply, "INVALID_CURSOR", "cursor",
                     "The cursor is malformed or does not belong to this query.");
  return FALSE;
}

/**
 * sandbox_call_begin_page:
 * @key: the name of the array
 *
 * Runs @query and writes the page without its closing brace.
 *
 * Returns: %FALSE if the reply is an error instead
 */
gboolean
sandbox_call_begin_page (SandboxCall  *self,
                         SandboxQuery *query,
                         const char   *key)
{
  gint64 now = sandbox_world_get_now (self->world);
  SandboxCursor cursor = { 0 };
  const SandboxCursor *from = NULL;
  g_autofree char *next = NULL;
  g_auto(SandboxPage) page = { 0 };

  query->identity = self->request->identity;
  if (self->request->cursor != NULL && *self->request->cursor != '\0')
    {
      if (!call_read_cursor (self, query, &cursor))
        return FALSE;
      from = &cursor;
    }

  if (self->twist == SANDBOX_TWIST_SHIFT)
    call_run_shifted (self, query, from, &page);
  else
    sandbox_query_run (query, from, now, &page);
  call_twist_page (self, query, from, &page);

  if (from != NULL && from->looping)
    next = g_strdup (self->request->cursor);
  else if (page.more)
    next = sandbox_cursor_to_text (&page.cursor);
  sandbox_reply_page (self->reply, key, query->table, &page, next);
  return TRUE;
}

/** sandbox_call_page: runs @query and writes the page. */
void
sandbox_call_page (SandboxCall  *self,
                   SandboxQuery *query,
                   const char   *key)
{
  if (sandbox_call_begin_page (self, query, key))
    sandbox_reply_text (self->reply, "}", 1);
}

static void
square_locations (SandboxCall *call)
{
  SandboxQuery query;

  sandbox_query_init (&query, sandbox_world_get_business (call->world)->location_table);
  sandbox_call_page (call, &query, "locations");
}

static void
call_merchant (SandboxCall *self,
               gboolean     list)
{
  g_auto(SandboxText) text = { 0 };

  sandbox_text_char (&text, '{');
  sandbox_text_key (&text, "merchant");
  if (list)
    sandbox_text_char (&text, '[');
  sandbox_business_merchant (sandbox_world_get_business (self->world), &text);
  if (list)
    sandbox_text_char (&text, ']');
  sandbox_text_char (&text, '}');
  sandbox_reply_text (self->reply, text.data, text.length);
}

static void
square_merchants (SandboxCall *call)
{
  call_merchant (call, TRUE);
}

static void
square_merchant (SandboxCall *call)
{
  call_merchant (call, FALSE);
}

static void
square_token_status (SandboxCall *call)
{
  static const char *const scopes[] = {
    "MERCHANT_PROFILE_READ", "PAYMENTS_READ", "ORDERS_READ", "CUSTOMERS_READ", "ITEMS_READ", "EMPLOYEES_READ",
    "TIMECARDS_READ", "TIMECARDS_SETTINGS_READ", "PAYOUTS_READ"
  };
  g_auto(SandboxText) text = { 0 };

  sandbox_text_char (&text, '{');
  sandbox_text_open (&text, "scopes", '[');
  for (guint i = 0; i < G_N_ELEMENTS (scopes); i++)
    {
      sandbox_text_next (&text);
      sandbox_text_string (&text, scopes[i]);
    }
  sandbox_text_char (&text, ']');
  sandbox_text_member_second (&text, "expires_at", sandbox_world_get_now (call->world) + 30 * SANDBOX_DAY);
  sandbox_text_plain (&text, "client_id", "sq0idp-sandbox");
  sandbox_text_plain (&text, "merchant_id", sandbox_world_get_business (call->world)->merchant.text);
  sandbox_text_char (&text, '}');
  sandbox_reply_text (call->reply, text.data, text.length);
}

typedef struct
{
  const char       *method;
  const char       *path;
  SandboxRouteFunc  function;
} Route;

static const Route routes[] = {
  { "GET", "/v2/locations", square_locations },
  { "GET", "/v2/merchants", square_merchants },
  { "GET", "/v2/merchants/me", square_merchant },
  { "POST", "/v2/team-members/search", sandbox_square_team },
  { "POST", "/v2/labor/timecards/search", sandbox_square_timecards },
  { "GET", "/v2/payments", sandbox_square_payments },
  { "GET", "/v2/refunds", sandbox_square_refunds },
  { "GET", "/v2/payouts", sandbox_square_payouts },
  { "POST", "/v2/orders/search", sandbox_square_orders },
  { "POST", "/v2/orders/batch-retrieve", sandbox_square_order_batch },
  { "POST", "/v2/customers/search", sandbox_square_customers },
  { "GET", "/v2/customers", sandbox_square_customer_list },
  { "POST", "/v2/catalog/search", sandbox_square_catalog },
  { "POST", "/v2/catalog/batch-retrieve", sandbox_square_catalog_batch },
  { "GET", "/v2/catalog/list", sandbox_square_catalog_list },
  { "POST", "/oauth2/token/status", square_token_status },
};

/* Timecards came with an API version; a request of an older one does not find them. */
static gboolean
is_too_old (const SandboxRequest *request)
{
  return g_str_has_prefix (request->path, "/v2/labor/timecards")
         && g_strcmp0 (request->version, FIRST_TIMECARD_VERSION) < 0;
}

/**
 * sandbox_square_answer:
 * @request: a request that is allowed to be made
 * @twist: what is to be wrong with a page
 * @reply: filled in
 */
void
sandbox_square_answer (SandboxWorld   *world,
                       SandboxRequest *request,
                       SandboxTwist    twist,
                       SandboxReply   *reply)
{
  SandboxCall call = { world, request, reply, twist };
  gboolean other_method = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (routes) && !is_too_old (request); i++)
    {
      if (!g_str_equal (request->path, routes[i].path))
        continue;
      if (g_str_equal (request->method, routes[i].method))
        {
          routes[i].function (&call);
          return;
        }
      other_method = TRUE;
    }

  if (!other_method && !is_too_old (request) && sandbox_square_look_up (&call))
    return;

  if (other_method)
    sandbox_reply_error (reply, SOUP_STATUS_METHOD_NOT_ALLOWED, "INVALID_REQUEST_ERROR", "METHOD_NOT_ALLOWED",
                         "This method is not allowed here.", NULL);
  else
    sandbox_reply_error (reply, SOUP_STATUS_NOT_FOUND, "INVALID_REQUEST_ERROR", "NOT_FOUND", "Resource not found.", NULL);
}
