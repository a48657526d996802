/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemarkctl"

#include "config.h"

#include <glib/gi18n.h>

#include "ctl-export.h"
#include "ctl-json.h"
#include "ctl-output.h"
#include "ctl.h"
#include "tide-error.h"

static char *option_format;
static char *option_output;

static const GOptionEntry export_entries[] = {
  { "format", 0, 0, G_OPTION_ARG_STRING, &option_format, N_("sqlite: one file; csv or jsonl: a folder with a file an entity"), N_("FORMAT") },
  { "output", 'o', 0, G_OPTION_ARG_FILENAME, &option_output, N_("The file or folder"), N_("PATH") },
  { NULL }
};

static void
add_snapshot_json (CtlJson                *json,
                   const TideSnapshotInfo *info)
{
  ctl_json_begin_object (json, NULL);
  ctl_json_add_string (json, "name", info->name);
  ctl_json_add_time (json, "takenAt", info->taken_at);
  ctl_json_add_string (json, "path", info->path);
  ctl_json_add_int (json, "size", info->size);
  ctl_json_add_string (json, "sha256", info->sha256);
  ctl_json_add_int (json, "records", info->records);
  ctl_json_end_object (json);
}

/* The present second: names itself, and sorts. */
static char *
make_name (TideEngine *engine)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (tide_clock_now (tide_engine_get_clock (engine)) / G_USEC_PER_SEC);
  g_autoptr(GDateTime) local = g_date_time_to_local (utc);

  return g_date_time_format (local, "%Y-%m-%d-%H%M%S");
}

static TideSnapshotInfo *
take (Ctl         *ctl,
      TideEngine  *engine,
      const char  *name,
      GError     **error)
{
  g_autofree char *own = name == NULL ? make_name (engine) : NULL;

  return tide_engine_take_snapshot (engine, name != NULL ? name : own, ctl->cancellable, error);
}

/* A snapshot can also be taken beside the program that has the workspace, while it syncs. */
static TideEngine *
open_for_taking (Ctl     *ctl,
                 GError **error)
{
  g_autoptr(GError) local_error = NULL;
  TideEngine *engine = ctl_open (ctl, TIDE_ENGINE_NONE, &local_error);

  if (engine == NULL && g_error_matches (local_error, TIDE_ERROR, TIDE_ERROR_BUSY))
    return ctl_open (ctl, TIDE_ENGINE_READ_ONLY, error);
  if (engine == NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return engine;
}

static int
take_run (Ctl   *ctl,
          char **args)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideEngine) engine = open_for_taking (ctl, &error);
  g_autoptr(TideSnapshotInfo) info = engine != NULL ? take (ctl, engine, args[0], &error) : NULL;
  g_autoptr(CtlJson) json = ctl_json_new ();
  g_autofree char *size = NULL;
  g_autofree char *records = NULL;

  if (info == NULL)
    return ctl_fail (ctl, error);
  size = ctl_format_size (info->size);
  records = ctl_format_number (info->records);
  ctl_note (ctl, _("Snapshot “%s” taken: %s records, %s, SHA-256 %s."), info->name, records, size, info->sha256);
  if (!ctl->json)
    return CTL_DONE;
  add_snapshot_json (json, info);
  ctl_json_print (json);
  return CTL_DONE;
}

static void
print_snapshots_json (GPtrArray *snapshots)
{
  g_autoptr(CtlJson) json = ctl_json_new ();

  ctl_json_begin_object (json, NULL);
  ctl_json_begin_array (json, "snapshots");
  for (guint i = 0; i < snapshots->len; i++)
    add_snapshot_json (json, g_ptr_array_index (snapshots, i));
  ctl_json_end_array (json);
  ctl_json_end_object (json);
  ctl_json_print (json);
}

static void
print_snapshots (Ctl       *ctl,
                 GPtrArray *snapshots)
{
  const char * const headings[] = { _("Snapshot"), _("Taken"), _("Records"), _("Size"), _("SHA-256"), NULL };
  g_autoptr(CtlTable) table = ctl_table_new (headings, "llrrl");

  for (guint i = 0; i < snapshots->len; i++)
    {
      const TideSnapshotInfo *info = g_ptr_array_index (snapshots, i);

      ctl_table_add (table, CTL_PLAIN, info->name);
      ctl_table_take (table, CTL_PLAIN, ctl_format_time (info->taken_at));
      ctl_table_take (table, CTL_PLAIN, ctl_format_number (info->records));
      ctl_table_take (table, CTL_PLAIN, ctl_format_size (info->size));
      ctl_table_add (table, CTL_DIM, info->sha256);
    }
  ctl_table_print (table, ctl);
}

static int
list_run (Ctl   *ctl,
          char **args)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideEngine) engine = ctl_open (ctl, TIDE_ENGINE_READ_ONLY, &error);
  g_autoptr(GPtrArray) snapshots = engine != NULL ? tide_engine_list_snapshots (engine, &error) : NULL;

  if (snapshots == NULL)
    return ctl_fail (ctl, error);
  if (ctl->json)
    print_snapshots_json (snapshots);
  else if (snapshots->len == 0)
    ctl_note (ctl, "%s", _("There is no snapshot yet. Take one: tidemarkctl snapshot take"));
  else
    print_snapshots (ctl, snapshots);
  return CTL_DONE;
}

static int
fail (Ctl          *ctl,
      const GError *error)
{
  ctl_advise (ctl, error, TIDE_ERROR_NOT_FOUND, _("“tidemarkctl snapshot list” lists what there is."));
  return ctl_fail (ctl, error);
}

static int
verify_run (Ctl   *ctl,
            char **args)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideEngine) engine = ctl_open (ctl, TIDE_ENGINE_READ_ONLY, &error);
  g_autoptr(CtlJson) json = ctl_json_new ();

  if (engine == NULL || !tide_engine_verify_snapshot (engine, args[0], ctl->cancellable, &error))
    return fail (ctl, error);
  ctl_note (ctl, _("Snapshot “%s” is as it was taken."), args[0]);
  if (!ctl->json)
    return CTL_DONE;
  ctl_json_begin_object (json, NULL);
  ctl_json_add_string (json, "name", args[0]);
  ctl_json_add_boolean (json, "sound", TRUE);
  ctl_json_end_object (json);
  ctl_json_print (json);
  return CTL_DONE;
}

static int
export_run (Ctl   *ctl,
            char **args)
{
  CtlExport export = { "name", args[0], option_format, option_output, 0 };
  g_autoptr(GError) error = NULL;
  g_autoptr(TideEngine) engine = NULL;
  int status = ctl_export_check (ctl, &export);

  if (status != CTL_DONE)
    return status;
  engine = ctl_open (ctl, TIDE_ENGINE_READ_ONLY, &error);
  if (engine == NULL ||
      !tide_engine_export_snapshot (engine, args[0], option_format, option_output, &export.n_records, ctl->cancellable,
                                    &error))
    return fail (ctl, error);
  ctl_export_report (ctl, &export);
  return CTL_DONE;
}

const CtlCommand ctl_snapshot_commands[] = {
  { "snapshot take", N_("[NAME]"), N_("Take a frozen, checksummed copy of the store, also while a sync runs"), NULL, 0, 1, take_run },
  { "snapshot list", NULL, N_("List the snapshots"), NULL, 0, 0, list_run },
  { "snapshot verify", N_("NAME"), N_("Check that a snapshot is as it was taken"), NULL, 1, 1, verify_run },
  { "snapshot export", N_("NAME --format F --output PATH"), N_("Write a snapshot to a file or folder"), export_entries, 1, 1, export_run },
  { NULL }
};
