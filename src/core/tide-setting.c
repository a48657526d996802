/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-core"

#include "config.h"

#include "tide-setting.h"

#include "tide-error.h"

static const TideSettingRange ranges[] = {
  [TIDE_SETTING_MAX_CONCURRENT_RUNS] =
    { "max-concurrent-runs", "how many syncs may go at a time", 1, 1, 8 },
  [TIDE_SETTING_PAUSED] =
    { "paused", "1 while nothing new is to be begun", 0, 0, 1 },
  [TIDE_SETTING_KEEP_RUNS_DAYS] =
    { "keep-runs-days", "how long the history of runs is kept", 365, 7, 3650 },
  [TIDE_SETTING_KEEP_RUNS_COUNT] =
    { "keep-runs-count", "how many runs the history keeps", 1000000, 1000, 10000000 },
  [TIDE_SETTING_KEEP_LOGS_DAYS] =
    { "keep-logs-days", "how long the logs of runs are kept", 30, 1, 3650 },
  [TIDE_SETTING_KEEP_LOGS_COUNT] =
    { "keep-logs-count", "how many log lines are kept", 1000000, 1000, 100000000 },
  [TIDE_SETTING_KEEP_CHANGES_DAYS] =
    { "keep-changes-days", "how long it is kept how records were before they changed", 90, 1, 3650 },
  [TIDE_SETTING_KEEP_CHANGES_MB] =
    { "keep-changes-mb", "how many megabytes that may take", 512, 1, 1000000 },
  [TIDE_SETTING_KEEP_EVENTS_DAYS] =
    { "keep-events-days", "how long events can be followed from", 7, 1, 365 },
  [TIDE_SETTING_KEEP_EVENTS_COUNT] =
    { "keep-events-count", "how many events can be followed from", 100000, 1000, 10000000 },
};

/**
 * tide_setting_get_range:
 *
 * Returns: (transfer none): what there is to know of a setting
 */
const TideSettingRange *
tide_setting_get_range (TideSetting self)
{
  g_return_val_if_fail ((gsize)self < G_N_ELEMENTS (ranges), NULL);

  return &ranges[self];
}

/**
 * tide_setting_find:
 * @name: such as "max-concurrent-runs"
 * @setting: (out): the setting; untouched on failure
 *
 * Returns: whether there is one of that name
 */
gboolean
tide_setting_find (const char  *name,
                   TideSetting *setting)
{
  for (gsize i = 0; i < G_N_ELEMENTS (ranges); i++)
    if (g_strcmp0 (name, ranges[i].name) == 0)
      {
        *setting = (TideSetting)i;
        return TRUE;
      }
  return FALSE;
}

/**
 * tide_setting_check:
 *
 * Returns: whether a setting may have that value; if not, TIDE_ERROR_INVALID with its bounds
 */
gboolean
tide_setting_check (TideSetting   self,
                    gint64        value,
                    GError      **error)
{
  const TideSettingRange *range = tide_setting_get_range (self);

  if (value >= range->min && value <= range->max)
    return TRUE;

  g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID,
               "setting %s: has to be between %" G_GINT64_FORMAT " and %" G_GINT64_FORMAT, range->name, range->min,
               range->max);
  return FALSE;
}
