/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include "tide-request-rows.h"

#include <string.h>

#include "tide-error.h"
#include "tide-time.h"

void
tide_request_row_free (TideRequestRow *self)
{
  g_free (self->key);
  g_free (self->body);
  g_strfreev (self->sync_ids);
  g_free (self->requested_by);
  g_free (self);
}

/* Ids are of letters, digits and hyphens, so there is nothing to escape in the JSON that they stand in. */
static char *
join_ids (char **sync_ids)
{
  g_autofree char *joined = g_strjoinv ("\",\"", sync_ids);

  return sync_ids[0] != NULL ? g_strconcat ("[\"", joined, "\"]", NULL) : g_strdup ("[]");
}

static char **
split_ids (const char *text)
{
  gsize length = strlen (text);
  g_autofree char *inner = NULL;

  if (length < 4 || !g_str_has_prefix (text, "[\"") || !g_str_has_suffix (text, "\"]"))
    return g_new0 (char *, 1);

  inner = g_strndup (text + 2, length - 4);
  return g_strsplit (inner, "\",\"", -1);
}

static TideRequestRow *
request_from_row (TideStatement *row)
{
  TideRequestRow *self = g_new0 (TideRequestRow, 1);

  self->key = g_strdup (tide_statement_get_text (row, 0));
  self->body = g_strdup (tide_statement_get_text (row, 1));
  self->sync_ids = split_ids (tide_statement_get_text (row, 2));
  self->requested_by = g_strdup (tide_statement_get_text (row, 3));
  self->requested_at = tide_statement_get_time (row, 4);
  return self;
}

/**
 * tide_request_rows_get:
 * @database: a connection
 * @key: an idempotency key
 * @now: instant; what was asked for too long before it is not known any more
 * @error: return location; %TIDE_ERROR_NOT_FOUND where the key is new
 *
 * Returns: (transfer full) (nullable): what was asked for under the key
 */
TideRequestRow *
tide_request_rows_get (TideDatabase  *database,
                       const char    *key,
                       gint64         now,
                       GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GError) local_error = NULL;
  TideRequestRow *row = NULL;

  statement = tide_statement_new (database,
                                  "SELECT key, body, sync_ids, requested_by, requested_at FROM sync_requests"
                                  " WHERE key = @key AND requested_at > @since", error);
  if (statement == NULL)
    return NULL;
  tide_statement_bind_text (statement, "@key", key);
  tide_statement_bind_time (statement, "@since", now - TIDE_REQUEST_KEPT_DAYS * TIDE_DAY);
  if (tide_statement_next (statement, &local_error))
    row = request_from_row (statement);
  if (local_error != NULL)
    g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading requests: ");
  else if (row == NULL)
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND, "request %s: is not known", key);
  return row;
}

static gboolean
forget_old (TideDatabase  *database,
            gint64         now,
            GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;

  statement = tide_statement_new (database, "DELETE FROM sync_requests WHERE requested_at <= @until", error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_time (statement, "@until", now - TIDE_REQUEST_KEPT_DAYS * TIDE_DAY);
  return tide_statement_run (statement, error);
}

/**
 * tide_request_rows_put:
 * @write: a write
 * @row: what was asked for, and when
 * @error: return location; %TIDE_ERROR_CONFLICT where the key is taken
 *
 * Keeps a request, and forgets those that have been kept for long enough.
 *
 * Returns: whether it is written
 */
gboolean
tide_request_rows_put (TideWrite             *write,
                       const TideRequestRow  *row,
                       GError               **error)
{
  TideDatabase *database = tide_write_get_database (write);
  g_autofree char *ids = join_ids (row->sync_ids);
  g_autoptr(TideStatement) statement = NULL;

  if (!forget_old (database, row->requested_at, error))
    return FALSE;

  statement = tide_statement_new (database,
                                  "INSERT INTO sync_requests (key, body, sync_ids, requested_by, requested_at)"
                                  " VALUES (@key, @body, @ids, @by, @at)", error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_text (statement, "@key", row->key);
  tide_statement_bind_text (statement, "@body", row->body);
  tide_statement_bind_text (statement, "@ids", ids);
  tide_statement_bind_text (statement, "@by", row->requested_by);
  tide_statement_bind_time (statement, "@at", row->requested_at);
  return tide_statement_run (statement, error);
}
