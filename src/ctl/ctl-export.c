/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemarkctl"

#include "config.h"

#include <glib/gi18n.h>

#include "ctl-export.h"
#include "ctl-json.h"
#include "ctl-output.h"

static const char * const formats[] = { "csv", "jsonl", "sqlite", NULL };

/**
 * ctl_export_check:
 * @export: what the options said
 *
 * Says what is wrong with --format and --output, if anything is.
 *
 * Returns: %CTL_DONE, or the exit status for it
 */
int
ctl_export_check (Ctl             *ctl,
                  const CtlExport *export)
{
  if (export->format == NULL || export->output == NULL)
    return ctl_usage (ctl, "%s", _("an export needs --format csv, jsonl or sqlite, and --output PATH"));
  if (!g_strv_contains (formats, export->format))
    return ctl_usage (ctl, _("--format %s: is not supported; there are csv, jsonl and sqlite"), export->format);
  return CTL_DONE;
}

/**
 * ctl_export_report:
 * @export: what was written
 *
 * Says what was written where, unless it went to standard output.
 */
void
ctl_export_report (Ctl             *ctl,
                   const CtlExport *export)
{
  g_autoptr(CtlJson) json = ctl_json_new ();
  g_autofree char *number = ctl_format_number (export->n_records);

  /* Standard output is the file. */
  if (g_str_equal (export->output, "-"))
    return;
  if (!ctl->json)
    {
      ctl_note (ctl, _("%s records of %s written to %s."), number, export->name, export->output);
      return;
    }
  ctl_json_begin_object (json, NULL);
  ctl_json_add_string (json, export->kind, export->name);
  ctl_json_add_string (json, "format", export->format);
  ctl_json_add_string (json, "path", export->output);
  ctl_json_add_int (json, "records", export->n_records);
  ctl_json_end_object (json);
  ctl_json_print (json);
}
