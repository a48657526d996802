/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemarkctl"

#include "config.h"

#include <glib/gi18n.h>

#include "ctl-json.h"
#include "ctl-output.h"
#include "ctl.h"
#include "tide-error.h"

static void
add_setting_json (CtlJson     *json,
                  TideEngine  *engine,
                  TideSetting  setting)
{
  const TideSettingRange *range = tide_setting_get_range (setting);

  ctl_json_begin_object (json, NULL);
  ctl_json_add_string (json, "name", range->name);
  ctl_json_add_int (json, "value", tide_engine_get_setting (engine, setting));
  ctl_json_add_int (json, "default", range->fallback);
  ctl_json_add_int (json, "min", range->min);
  ctl_json_add_int (json, "max", range->max);
  ctl_json_add_string (json, "summary", range->summary);
  ctl_json_end_object (json);
}

static void
print_settings_json (TideEngine *engine)
{
  g_autoptr(CtlJson) json = ctl_json_new ();

  ctl_json_begin_object (json, NULL);
  ctl_json_begin_array (json, "settings");
  for (guint i = 0; i < TIDE_N_SETTINGS; i++)
    add_setting_json (json, engine, (TideSetting)i);
  ctl_json_end_array (json);
  ctl_json_end_object (json);
  ctl_json_print (json);
}

static void
print_settings (Ctl        *ctl,
                TideEngine *engine)
{
  const char * const headings[] = { _("Setting"), _("Value"), _("Default"), _("Lowest"), _("Highest"), _("What it does"), NULL };
  g_autoptr(CtlTable) table = ctl_table_new (headings, "lrrrrl");

  for (guint i = 0; i < TIDE_N_SETTINGS; i++)
    {
      const TideSettingRange *range = tide_setting_get_range ((TideSetting)i);
      gint64 value = tide_engine_get_setting (engine, (TideSetting)i);

      ctl_table_add (table, CTL_PLAIN, range->name);
      ctl_table_take (table, value != range->fallback ? CTL_BOLD : CTL_PLAIN, ctl_format_number (value));
      ctl_table_take (table, CTL_DIM, ctl_format_number (range->fallback));
      ctl_table_take (table, CTL_DIM, ctl_format_number (range->min));
      ctl_table_take (table, CTL_DIM, ctl_format_number (range->max));
      ctl_table_add (table, CTL_PLAIN, range->summary);
    }
  ctl_table_print (table, ctl);
}

static void
print_setting (Ctl         *ctl,
               TideEngine  *engine,
               TideSetting  setting)
{
  g_autoptr(CtlJson) json = NULL;

  if (!ctl->json)
    {
      g_print ("%" G_GINT64_FORMAT "\n", tide_engine_get_setting (engine, setting));
      return;
    }
  json = ctl_json_new ();
  add_setting_json (json, engine, setting);
  ctl_json_print (json);
}

static int
set_setting (Ctl         *ctl,
             TideSetting  setting,
             const char  *word)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideEngine) engine = NULL;
  gboolean set;
  gint64 value;

  if (!ctl_parse_number (word, &value))
    return ctl_usage (ctl, _("“%s” is no whole number"), word);
  if (!tide_setting_check (setting, value, &error))
    return ctl_usage (ctl, "%s", error->message);
  engine = ctl_open_for_change (ctl, &error);
  if (engine == NULL)
    return ctl_fail (ctl, error);
  set = tide_engine_set_setting (engine, setting, value, "owner", &error);
  if (set)
    print_setting (ctl, engine, setting);
  tide_engine_close (engine);
  return set ? CTL_DONE : ctl_fail (ctl, error);
}

static int
settings_run (Ctl   *ctl,
              char **args)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideEngine) engine = NULL;
  TideSetting setting = 0;

  if (args[0] != NULL && !tide_setting_find (args[0], &setting))
    return ctl_usage (ctl, _("there is no setting “%s”; “tidemarkctl settings” lists them"), args[0]);
  if (args[0] != NULL && args[1] != NULL)
    return set_setting (ctl, setting, args[1]);
  engine = ctl_open (ctl, TIDE_ENGINE_READ_ONLY, &error);
  if (engine == NULL)
    return ctl_fail (ctl, error);
  if (args[0] != NULL)
    print_setting (ctl, engine, setting);
  else if (ctl->json)
    print_settings_json (engine);
  else
    print_settings (ctl, engine);
  return CTL_DONE;
}

const CtlCommand ctl_settings_commands[] = {
  { "settings", N_("[NAME [VALUE]]"), N_("Show the workspace's settings, or change one"), NULL, 0, 2, settings_run },
  { NULL }
};
