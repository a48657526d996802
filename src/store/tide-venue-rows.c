/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include "tide-error.h"
#include "tide-time.h"
#include "tide-venue-rows.h"
#include "tide-zone-rows-private.h"

static gboolean
insert_venue (TideWrite   *write,
              const char  *name,
              const char  *timezone,
              GError     **error)
{
  g_autoptr(TideStatement) statement = NULL;

  statement = tide_statement_new (tide_write_get_database (write),
                                  "INSERT INTO venues (name, timezone, created_at)"
                                  " VALUES (@name, @timezone, @created_at)", error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_text (statement, "@name", name);
  tide_statement_bind_text (statement, "@timezone", timezone);
  tide_statement_bind_time (statement, "@created_at",
                            tide_clock_now (tide_store_get_clock (tide_write_get_store (write))));
  return tide_statement_run (statement, error);
}

static gboolean
check_venue (TideDatabase  *database,
             const char    *name,
             const char    *timezone,
             GError       **error)
{
  g_autoptr(TideVenue) same = NULL;
  g_autoptr(GError) local_error = NULL;

  if (name == NULL || *name == '\0')
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "a venue needs a name");
      return FALSE;
    }
  if (!tide_time_is_zone (timezone))
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "there is no time zone “%s”",
                   timezone != NULL ? timezone : "");
      return FALSE;
    }
  same = tide_venue_rows_find (database, name, &local_error);
  if (g_error_matches (local_error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND))
    return TRUE;
  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT, "there is already a venue “%s”", name);
  return FALSE;
}

/**
 * tide_venue_rows_add:
 * @write: a write
 * @name: its name, which no other venue has (else %TIDE_ERROR_CONFLICT)
 * @timezone: an IANA zone (else %TIDE_ERROR_INVALID)
 * @error: return location
 *
 * Adds a venue, and the offsets of its zone for the views' local times.
 *
 * Returns: (transfer full) (nullable): the venue
 */
TideVenue *
tide_venue_rows_add (TideWrite   *write,
                     const char  *name,
                     const char  *timezone,
                     GError     **error)
{
  TideDatabase *database = tide_write_get_database (write);
  gint64 id;

  if (!check_venue (database, name, timezone, error) || !insert_venue (write, name, timezone, error))
    return NULL;
  id = tide_database_get_last_key (database);
  if (!tide_zone_rows_put (write, timezone, error))
    return NULL;
  return tide_venue_new (id, name, timezone);
}

/* All venues, or the one of that id or name. */
static GPtrArray *
read_venues (TideDatabase  *database,
             gint64         id,
             const char    *name,
             GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GPtrArray) venues = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_venue_unref);
  g_autoptr(GError) local_error = NULL;

  statement = tide_statement_new (database,
                                  "SELECT id, name, timezone FROM venues"
                                  " WHERE (@id = 0 OR id = @id) AND (@name IS NULL OR name = @name)"
                                  " ORDER BY name, id", error);
  if (statement == NULL)
    return NULL;
  tide_statement_bind_int (statement, "@id", id);
  tide_statement_bind_text (statement, "@name", name);
  while (tide_statement_next (statement, &local_error))
    g_ptr_array_add (venues, tide_venue_new (tide_statement_get_int (statement, 0),
                                             tide_statement_get_text (statement, 1),
                                             tide_statement_get_text (statement, 2)));
  if (local_error == NULL)
    return g_steal_pointer (&venues);
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading venues: ");
  return NULL;
}

/**
 * tide_venue_rows_get:
 * @database: a connection
 * @id: its key
 * @error: return location; %TIDE_ERROR_NOT_FOUND where there is none
 *
 * Returns: (transfer full) (nullable): the venue
 */
TideVenue *
tide_venue_rows_get (TideDatabase  *database,
                     gint64         id,
                     GError       **error)
{
  g_autoptr(GPtrArray) venues = NULL;

  /* Keys begin at 1; 0 would mean all. */
  venues = read_venues (database, id != 0 ? id : -1, NULL, error);
  if (venues == NULL)
    return NULL;
  if (venues->len > 0)
    return g_ptr_array_steal_index (venues, 0);
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND, "there is no venue %" G_GINT64_FORMAT, id);
  return NULL;
}

/**
 * tide_venue_rows_find:
 * @database: a connection
 * @name: its name
 * @error: return location; %TIDE_ERROR_NOT_FOUND where there is none
 *
 * Returns: (transfer full) (nullable): the venue
 */
TideVenue *
tide_venue_rows_find (TideDatabase  *database,
                      const char    *name,
                      GError       **error)
{
  g_autoptr(GPtrArray) venues = NULL;

  g_return_val_if_fail (name != NULL, NULL);

  venues = read_venues (database, 0, name, error);
  if (venues == NULL)
    return NULL;
  if (venues->len > 0)
    return g_ptr_array_steal_index (venues, 0);
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND, "there is no venue “%s”", name);
  return NULL;
}

/**
 * tide_venue_rows_list:
 * @database: a connection
 * @error: return location
 *
 * Returns: (transfer full) (nullable) (element-type TideVenue): all venues, by name
 */
GPtrArray *
tide_venue_rows_list (TideDatabase  *database,
                      GError       **error)
{
  return read_venues (database, 0, NULL, error);
}
