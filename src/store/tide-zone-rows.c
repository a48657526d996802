/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include "tide-error.h"
#include "tide-time.h"
#include "tide-zone-rows-private.h"

/* As far as today's records can lie. Nobody knows the rules of 2050, but to guess them beats NULL. */
#define FIRST_YEAR 1970
#define LAST_YEAR 2050

/* Sorts before every instant: what is older than the first span has its offset. */
#define BEGINNING "0000-01-01T00:00:00.000Z"

static char *
span_since (GArray *spans,
            guint   i)
{
  return i == 0 ? g_strdup (BEGINNING) : tide_time_to_string (g_array_index (spans, TideZoneSpan, i).from);
}

/* Whether the rows are just those of @spans. */
static gboolean
rows_match (TideDatabase  *database,
            const char    *zone,
            GArray        *spans,
            gboolean      *match,
            GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GError) local_error = NULL;
  guint n = 0;

  statement = tide_statement_new (database,
                                  "SELECT since, seconds FROM zone_offsets WHERE zone = @zone ORDER BY since",
                                  error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_text (statement, "@zone", zone);
  *match = TRUE;
  while (tide_statement_next (statement, &local_error))
    {
      g_autofree char *since = n < spans->len ? span_since (spans, n) : NULL;

      if (since == NULL || g_strcmp0 (since, tide_statement_get_text (statement, 0)) != 0 ||
          g_array_index (spans, TideZoneSpan, n).offset != tide_statement_get_int (statement, 1))
        *match = FALSE;
      n++;
    }
  *match = *match && n == spans->len;
  if (local_error == NULL)
    return TRUE;
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading zone offsets: ");
  return FALSE;
}

static gboolean
insert_spans (TideDatabase  *database,
              const char    *zone,
              GArray        *spans,
              GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;

  statement = tide_statement_new (database,
                                  "INSERT INTO zone_offsets (zone, since, seconds)"
                                  " VALUES (@zone, @since, @seconds)", error);
  if (statement == NULL)
    return FALSE;
  for (guint i = 0; i < spans->len; i++)
    {
      g_autofree char *since = span_since (spans, i);

      tide_statement_bind_text (statement, "@zone", zone);
      tide_statement_bind_text (statement, "@since", since);
      tide_statement_bind_int (statement, "@seconds", g_array_index (spans, TideZoneSpan, i).offset);
      if (!tide_statement_run (statement, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
delete_spans (TideDatabase  *database,
              const char    *zone,
              GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;

  statement = tide_statement_new (database, "DELETE FROM zone_offsets WHERE zone = @zone", error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_text (statement, "@zone", zone);
  return tide_statement_run (statement, error);
}

/**
 * tide_zone_rows_put:
 * @write: a write
 * @zone: an IANA zone
 * @error: return location
 *
 * Writes down when which offset is in force, so that plain SQL can tell local time. Writes
 * nothing where the rows are right already.
 *
 * Returns: whether the rows are right now
 */
gboolean
tide_zone_rows_put (TideWrite   *write,
                    const char  *zone,
                    GError     **error)
{
  TideDatabase *database = tide_write_get_database (write);
  g_autoptr(GArray) spans = tide_time_zone_spans (zone, FIRST_YEAR, LAST_YEAR);
  gboolean match;

  if (spans == NULL)
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "there is no time zone “%s”", zone);
      return FALSE;
    }
  if (!rows_match (database, zone, spans, &match, error))
    return FALSE;
  return match || (delete_spans (database, zone, error) && insert_spans (database, zone, spans, error));
}

static GPtrArray *
list_zones (TideDatabase  *database,
            GError       **error)
{
  g_autoptr(TideStatement) statement = tide_statement_new (database, "SELECT DISTINCT timezone FROM venues", error);
  g_autoptr(GPtrArray) zones = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GError) local_error = NULL;

  if (statement == NULL)
    return NULL;
  while (tide_statement_next (statement, &local_error))
    g_ptr_array_add (zones, g_strdup (tide_statement_get_text (statement, 0)));
  if (local_error == NULL)
    return g_steal_pointer (&zones);
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading venues: ");
  return NULL;
}

/**
 * tide_zone_rows_refresh:
 * @write: a write
 * @error: return location
 *
 * Brings the offsets of all venues' zones up to what the system knows today: governments change
 * their rules, and system updates bring them. A zone that the system no longer knows keeps its rows.
 *
 * Returns: whether it succeeded
 */
gboolean
tide_zone_rows_refresh (TideWrite  *write,
                        GError    **error)
{
  g_autoptr(GPtrArray) zones = list_zones (tide_write_get_database (write), error);

  if (zones == NULL)
    return FALSE;
  for (guint i = 0; i < zones->len; i++)
    {
      const char *zone = g_ptr_array_index (zones, i);

      if (!tide_time_is_zone (zone))
        g_warning ("the system does not know the time zone %s", zone);
      else if (!tide_zone_rows_put (write, zone, error))
        return FALSE;
    }
  return TRUE;
}
