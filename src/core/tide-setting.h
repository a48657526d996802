/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A setting of a workspace. All are whole numbers. */
typedef enum
{
  TIDE_SETTING_MAX_CONCURRENT_RUNS,
  TIDE_SETTING_PAUSED,
  TIDE_SETTING_KEEP_RUNS_DAYS,
  TIDE_SETTING_KEEP_RUNS_COUNT,
  TIDE_SETTING_KEEP_LOGS_DAYS,
  TIDE_SETTING_KEEP_LOGS_COUNT,
  TIDE_SETTING_KEEP_CHANGES_DAYS,
  TIDE_SETTING_KEEP_CHANGES_MB,
  TIDE_SETTING_KEEP_EVENTS_DAYS,
  TIDE_SETTING_KEEP_EVENTS_COUNT,
} TideSetting;

#define TIDE_N_SETTINGS (TIDE_SETTING_KEEP_EVENTS_COUNT + 1)

/**
 * TideSettingRange:
 * @name: as it stands in the store and on the command line
 * @summary: what it does, one line
 * @fallback: its value where nobody has set it
 * @min: lowest value
 * @max: highest value
 */
typedef struct
{
  const char *name;
  const char *summary;
  gint64      fallback;
  gint64      min;
  gint64      max;
} TideSettingRange;

const TideSettingRange *tide_setting_get_range (TideSetting   self);
gboolean               tide_setting_find     (const char   *name,
                                              TideSetting  *setting);
gboolean               tide_setting_check    (TideSetting   self,
                                              gint64        value,
                                              GError      **error);

G_END_DECLS
