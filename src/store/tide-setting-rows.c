/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include "tide-setting-rows.h"

/**
 * tide_setting_rows_get_number:
 * @database: a connection
 * @name: what it is kept under
 * @value: (inout): the number; untouched where there is none
 * @error: return location
 *
 * Returns: whether it could be looked up
 */
gboolean
tide_setting_rows_get_number (TideDatabase  *database,
                              const char    *name,
                              gint64        *value,
                              GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GError) local_error = NULL;
  gint64 number;

  statement = tide_statement_new (database, "SELECT value FROM settings WHERE name = @name", error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_text (statement, "@name", name);
  /* What somebody else has written there and is no number does not count. */
  if (tide_statement_next (statement, &local_error) &&
      g_ascii_string_to_signed (tide_statement_get_text (statement, 0), 10, G_MININT64, G_MAXINT64, &number, NULL))
    *value = number;
  if (local_error == NULL)
    return TRUE;
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading settings: ");
  return FALSE;
}

/**
 * tide_setting_rows_set_number:
 * @write: a write
 * @name: what it is kept under
 * @value: the number
 * @error: return location
 *
 * Returns: whether it is written
 */
gboolean
tide_setting_rows_set_number (TideWrite   *write,
                              const char  *name,
                              gint64       value,
                              GError     **error)
{
  g_autoptr(TideStatement) statement = NULL;
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, value);

  statement = tide_statement_new (tide_write_get_database (write),
                                  "INSERT INTO settings (name, value) VALUES (@name, @value)"
                                  " ON CONFLICT (name) DO UPDATE SET value = excluded.value", error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_text (statement, "@name", name);
  tide_statement_bind_text (statement, "@value", text);
  return tide_statement_run (statement, error);
}

/**
 * tide_setting_rows_get:
 * @database: a connection
 * @setting: which
 * @error: return location
 *
 * Returns: its value, the fallback where nobody has set it or what is there is out of bounds; on failure the
 *   fallback too, with @error set
 */
gint64
tide_setting_rows_get (TideDatabase  *database,
                       TideSetting    setting,
                       GError       **error)
{
  const TideSettingRange *range = tide_setting_get_range (setting);
  gint64 value = range->fallback;

  if (!tide_setting_rows_get_number (database, range->name, &value, error) ||
      value < range->min || value > range->max)
    return range->fallback;
  return value;
}

/**
 * tide_setting_rows_set:
 * @write: a write
 * @setting: which
 * @value: its value
 * @error: return location; %TIDE_ERROR_INVALID where it is out of bounds
 *
 * Returns: whether it is written
 */
gboolean
tide_setting_rows_set (TideWrite    *write,
                       TideSetting   setting,
                       gint64        value,
                       GError      **error)
{
  return tide_setting_check (setting, value, error) &&
         tide_setting_rows_set_number (write, tide_setting_get_range (setting)->name, value, error);
}
