/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include "tide-engine-private.h"

#include "tide-read.h"
#include "tide-remote.h"
#include "tide-setting-rows.h"
#include "tide-write.h"

/* A workspace's settings. The functions belong to tide-engine.h. */

static gboolean
tide_engine_read_setting (TideEngine   *self,
                          TideSetting   setting,
                          gint64       *value,
                          GError      **error)
{
  g_autoptr(TideRead) read = tide_store_begin_read (self->store, NULL, error);
  g_autoptr(GError) local_error = NULL;

  if (read == NULL)
    return FALSE;
  *value = tide_setting_rows_get (tide_read_get_database (read), setting, &local_error);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* Once, by who has the workspace: nobody else changes them then. */
gboolean
tide_engine_load_settings (TideEngine  *self,
                           GError     **error)
{
  for (int i = 0; i < TIDE_N_SETTINGS; i++)
    if (!tide_engine_read_setting (self, (TideSetting)i, &self->settings[i], error))
      return FALSE;
  return TRUE;
}

/**
 * tide_engine_get_setting:
 *
 * Returns: its value; any thread. An engine that only looks reads it anew each time, and says what holds where nobody
 *   has set anything if it cannot
 */
gint64
tide_engine_get_setting (TideEngine  *self,
                         TideSetting  setting)
{
  g_autoptr(GError) error = NULL;
  gint64 value;

  g_return_val_if_fail (TIDE_IS_ENGINE (self) && (gsize)setting < TIDE_N_SETTINGS, 0);

  if (self->flags & TIDE_ENGINE_READ_ONLY)
    {
      value = tide_setting_get_range (setting)->fallback;
      if (!tide_engine_read_setting (self, setting, &value, &error))
        g_message ("setting %s: %s", tide_setting_get_range (setting)->name, error->message);
      return value;
    }

  g_mutex_lock (&self->lock);
  value = self->settings[setting];
  g_mutex_unlock (&self->lock);
  return value;
}

/* Writes it down and takes it over, and nothing else. Blocks for the store's writer. */
gboolean
tide_engine_save_setting (TideEngine   *self,
                          TideSetting   setting,
                          gint64        value,
                          GError      **error)
{
  g_autoptr(TideWrite) write = tide_store_begin_write (self->store, NULL, error);

  if (write == NULL ||
      !tide_setting_rows_set (write, setting, value, error) ||
      !tide_write_commit (write, error))
    return FALSE;

  g_mutex_lock (&self->lock);
  self->settings[setting] = value;
  g_mutex_unlock (&self->lock);
  return TRUE;
}

/**
 * tide_engine_set_setting:
 * @value: within the setting's range
 * @by: who wants it
 *
 * Changes a setting, which holds at once. Blocks for the store's writer.
 *
 * Returns: %FALSE with TIDE_ERROR_INVALID (out of its range), _CONFLICT (looking only) or an error of the store
 */
gboolean
tide_engine_set_setting (TideEngine   *self,
                         TideSetting   setting,
                         gint64        value,
                         const char   *by,
                         GError      **error)
{
  const TideSettingRange *range = tide_setting_get_range (setting);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *detail = NULL;

  g_return_val_if_fail (TIDE_IS_ENGINE (self) && range != NULL, FALSE);

  if (tide_engine_is_remote (self))
    return tide_remote_set_setting (tide_engine_get_folder (self), setting, value, by, error);
  if (!tide_engine_check_writable (self, error) || !tide_setting_check (setting, value, error))
    return FALSE;
  /* It is more than a number: runs are begun or not. */
  if (setting == TIDE_SETTING_PAUSED)
    return tide_engine_set_paused (self, value != 0, by, error);

  before = g_strdup_printf ("%" G_GINT64_FORMAT, tide_engine_get_setting (self, setting));
  after = g_strdup_printf ("%" G_GINT64_FORMAT, value);
  if (!tide_engine_save_setting (self, setting, value, error))
    return FALSE;
  if (setting == TIDE_SETTING_MAX_CONCURRENT_RUNS)
    tide_run_queue_set_max_going (self->queue, (guint)value);
  detail = tide_engine_make_detail ("before", before, "after", after, NULL);
  tide_engine_audit (self, by, "setting-changed", range->name, detail);
  return TRUE;
}
