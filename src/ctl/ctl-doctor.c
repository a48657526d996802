/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemarkctl"

#include "config.h"

#include <glib/gi18n.h>

#include "ctl-json.h"
#include "ctl-output.h"
#include "ctl.h"
#include "tide-error.h"

static void
print_findings_json (const char *folder,
                     GPtrArray  *findings,
                     gint64      n_entries)
{
  g_autoptr(CtlJson) json = ctl_json_new ();

  ctl_json_begin_object (json, NULL);
  ctl_json_add_string (json, "workspace", folder);
  ctl_json_add_boolean (json, "sound", findings->len == 0);
  ctl_json_begin_array (json, "findings");
  for (guint i = 0; i < findings->len; i++)
    ctl_json_add_string (json, NULL, g_ptr_array_index (findings, i));
  ctl_json_end_array (json);
  if (n_entries >= 0)
    ctl_json_add_int (json, "auditEntries", n_entries);
  else
    ctl_json_add_null (json, "auditEntries");
  ctl_json_end_object (json);
  ctl_json_print (json);
}

/* Returns: %FALSE with an error if it cannot be read; that the chain is broken is a finding */
static gboolean
check_audit (Ctl         *ctl,
             TideEngine  *engine,
             GPtrArray   *findings,
             gint64      *n_entries,
             GError     **error)
{
  g_autoptr(GError) local_error = NULL;

  if (tide_engine_check_audit (engine, n_entries, ctl->cancellable, &local_error))
    return TRUE;
  if (!g_error_matches (local_error, TIDE_ERROR, TIDE_ERROR_CORRUPT))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  g_ptr_array_add (findings, g_strdup_printf (_("The audit log is not as it was written: %s."), local_error->message));
  return TRUE;
}

static int
doctor_run (Ctl   *ctl,
            char **args)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideEngine) engine = ctl_open (ctl, TIDE_ENGINE_READ_ONLY, &error);
  g_autoptr(GPtrArray) findings = engine != NULL ? tide_engine_examine (engine, ctl->cancellable, &error) : NULL;
  gint64 n_entries = -1;

  if (findings == NULL || !check_audit (ctl, engine, findings, &n_entries, &error))
    return ctl_fail (ctl, error);
  if (ctl->json)
    print_findings_json (tide_engine_get_folder (engine), findings, n_entries);
  for (guint i = 0; i < findings->len; i++)
    ctl_note (ctl, "✕ %s", (const char *)g_ptr_array_index (findings, i));
  if (n_entries >= 0)
    ctl_note (ctl, ngettext ("The audit log has %" G_GINT64_FORMAT " entry; none was changed or taken out.",
                             "The audit log has %" G_GINT64_FORMAT " entries; none was changed or taken out.",
                             (gulong)n_entries), n_entries);
  if (findings->len == 0)
    ctl_note (ctl, _("All is well with %s."), tide_engine_get_folder (engine));
  return findings->len == 0 ? CTL_DONE : CTL_FAILED;
}

const CtlCommand ctl_doctor_commands[] = {
  { "doctor", NULL, N_("Examine the workspace: database, logins, providers, audit log"), NULL, 0, 0, doctor_run },
  { NULL }
};
