/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemarkctl"

#include "config.h"

#include <glib/gi18n.h>

#include "ctl-json.h"
#include "ctl-output.h"
#include "ctl.h"

static void
print_findings_json (const char *folder,
                     GPtrArray  *findings)
{
  g_autoptr(CtlJson) json = ctl_json_new ();

  ctl_json_begin_object (json, NULL);
  ctl_json_add_string (json, "workspace", folder);
  ctl_json_add_boolean (json, "sound", findings->len == 0);
  ctl_json_begin_array (json, "findings");
  for (guint i = 0; i < findings->len; i++)
    ctl_json_add_string (json, NULL, g_ptr_array_index (findings, i));
  ctl_json_end_array (json);
  ctl_json_end_object (json);
  ctl_json_print (json);
}

static int
doctor_run (Ctl   *ctl,
            char **args)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideEngine) engine = ctl_open (ctl, TIDE_ENGINE_READ_ONLY, &error);
  g_autoptr(GPtrArray) findings = engine != NULL ? tide_engine_examine (engine, ctl->cancellable, &error) : NULL;

  if (findings == NULL)
    return ctl_fail (ctl, error);
  if (ctl->json)
    print_findings_json (tide_engine_get_folder (engine), findings);
  for (guint i = 0; i < findings->len; i++)
    ctl_note (ctl, "✕ %s", (const char *)g_ptr_array_index (findings, i));
  if (findings->len == 0)
    ctl_note (ctl, _("All is well with %s."), tide_engine_get_folder (engine));
  return findings->len == 0 ? CTL_DONE : CTL_FAILED;
}

const CtlCommand ctl_doctor_commands[] = {
  { "doctor", NULL, N_("Examine the workspace: database, logins, providers"), NULL, 0, 0, doctor_run },
  { NULL }
};
