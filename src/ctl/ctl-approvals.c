/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemarkctl"

#include "config.h"

#include <glib/gi18n.h>

#include "ctl-approval.h"
#include "ctl-output.h"
#include "ctl.h"
#include "tide-error.h"

static gboolean option_all;
static gboolean option_always;

static const GOptionEntry list_entries[] = {
  { "all", 0, 0, G_OPTION_ARG_NONE, &option_all, N_("Those that were decided too"), NULL },
  { NULL }
};

static const GOptionEntry approve_entries[] = {
  { "always", 0, 0, G_OPTION_ARG_NONE, &option_always, N_("Do not ask again for this stream"), NULL },
  { NULL }
};

static const char *
get_kind_name (TideRunAllow kind)
{
  return kind == TIDE_RUN_ALLOW_DELETES ? "deletes" : "changes";
}

static const char *
get_state_name (TideApprovalState state)
{
  static const char * const names[] = {
    [TIDE_APPROVAL_OPEN] = "open",
    [TIDE_APPROVAL_APPROVED] = "approved",
    [TIDE_APPROVAL_REFUSED] = "refused",
  };

  return names[state];
}

/**
 * ctl_approval_add_json:
 *
 * Adds an approval, without its run.
 */
void
ctl_approval_add_json (CtlJson            *json,
                       const TideApproval *approval)
{
  ctl_json_begin_object (json, NULL);
  ctl_json_add_int (json, "id", approval->id);
  ctl_json_add_string (json, "kind", get_kind_name (approval->kind));
  ctl_json_add_string (json, "state", get_state_name (approval->state));
  ctl_json_add_string (json, "syncId", approval->run->sync_id);
  ctl_json_add_string (json, "connection", approval->run->connection_name);
  ctl_json_add_string (json, "stream", approval->run->stream);
  ctl_json_add_string (json, "reason", approval->reason);
  ctl_json_add_int (json, "affected", approval->affected);
  ctl_json_add_int (json, "total", approval->total);
  ctl_json_add_time (json, "askedAt", approval->asked_at);
  ctl_json_add_time (json, "decidedAt", approval->decided_at);
  ctl_json_add_string (json, "decidedBy", approval->decided_by);
  ctl_json_end_object (json);
}

static void
print_approvals_json (GPtrArray *approvals)
{
  g_autoptr(CtlJson) json = ctl_json_new ();

  ctl_json_begin_object (json, NULL);
  ctl_json_begin_array (json, "approvals");
  for (guint i = 0; i < approvals->len; i++)
    ctl_approval_add_json (json, g_ptr_array_index (approvals, i));
  ctl_json_end_array (json);
  ctl_json_end_object (json);
  ctl_json_print (json);
}

static void
print_approvals (Ctl       *ctl,
                 GPtrArray *approvals)
{
  const char * const headings[] = { _("Approval"), _("Run"), _("Connection"), _("Stream"), _("State"), _("Asked"),
                                    _("Why"), NULL };
  g_autoptr(CtlTable) table = ctl_table_new (headings, "rllllll");

  for (guint i = 0; i < approvals->len; i++)
    {
      const TideApproval *approval = g_ptr_array_index (approvals, i);

      ctl_table_take (table, CTL_PLAIN, g_strdup_printf ("%" G_GINT64_FORMAT, approval->id));
      ctl_table_add (table, CTL_DIM, approval->run->sync_id);
      ctl_table_add (table, CTL_PLAIN, approval->run->connection_name);
      ctl_table_add (table, CTL_PLAIN, approval->run->stream);
      ctl_table_add (table, approval->state == TIDE_APPROVAL_OPEN ? CTL_WARNING : CTL_PLAIN,
                     ctl_approval_get_state (approval));
      ctl_table_take (table, CTL_PLAIN, ctl_format_time (approval->asked_at));
      ctl_table_add (table, CTL_PLAIN, approval->reason);
    }
  ctl_table_print (table, ctl);
}

/**
 * ctl_approval_get_state:
 *
 * Returns: (transfer none): what was decided, in a word for people
 */
const char *
ctl_approval_get_state (const TideApproval *approval)
{
  if (approval->state == TIDE_APPROVAL_OPEN)
    return _("open");
  return approval->state == TIDE_APPROVAL_APPROVED ? _("approved") : _("refused");
}

static int
approvals_run (Ctl   *ctl,
               char **args)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideEngine) engine = ctl_open (ctl, TIDE_ENGINE_READ_ONLY, &error);
  g_autoptr(GPtrArray) approvals = engine != NULL ? tide_engine_list_approvals (engine, !option_all, &error) : NULL;

  if (approvals == NULL)
    return ctl_fail (ctl, error);
  if (ctl->json)
    print_approvals_json (approvals);
  else if (approvals->len == 0)
    ctl_note (ctl, "%s", _("Nothing waits for a decision."));
  else
    print_approvals (ctl, approvals);
  return CTL_DONE;
}

static TideApproval *
find_approval (TideEngine  *engine,
               gint64       id,
               GError     **error)
{
  g_autoptr(GPtrArray) approvals = tide_engine_list_approvals (engine, FALSE, error);

  if (approvals == NULL)
    return NULL;
  for (guint i = 0; i < approvals->len; i++)
    if (((TideApproval *)g_ptr_array_index (approvals, i))->id == id)
      return g_ptr_array_steal_index (approvals, i);
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND, _("approval %" G_GINT64_FORMAT ": there is none of that number"), id);
  return NULL;
}

static int
decide (Ctl        *ctl,
        TideEngine *engine,
        gint64      id,
        gboolean    approve)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideApproval) approval = find_approval (engine, id, &error);
  g_autoptr(CtlJson) json = NULL;

  if (approval == NULL || !tide_engine_decide_approval (engine, id, approve, option_always, "owner", &error))
    return ctl_fail (ctl, error);
  if (approve)
    {
      ctl_note (ctl, _("Approved: run %s goes on when its turn comes."), approval->run->sync_id);
      ctl_note_waiting (ctl, engine);
    }
  else
    ctl_note (ctl, _("Refused: run %s is cancelled, and what it halted at was not done."), approval->run->sync_id);
  if (!ctl->json)
    return CTL_DONE;
  g_clear_pointer (&approval, tide_approval_free);
  approval = find_approval (engine, id, &error);
  if (approval == NULL)
    return ctl_fail (ctl, error);
  json = ctl_json_new ();
  ctl_approval_add_json (json, approval);
  ctl_json_print (json);
  return CTL_DONE;
}

static int
decide_run (Ctl        *ctl,
            const char *word,
            gboolean    approve)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideEngine) engine = NULL;
  gint64 id;
  int status;

  if (!ctl_parse_number (word, &id) || id < 1)
    return ctl_usage (ctl, _("“%s” is no approval's number; “tidemarkctl approvals” lists them"), word);
  engine = ctl_open_for_change (ctl, &error);
  if (engine == NULL)
    return ctl_fail (ctl, error);
  status = decide (ctl, engine, id, approve);
  tide_engine_close (engine);
  return status;
}

static int
approve_run (Ctl   *ctl,
             char **args)
{
  return decide_run (ctl, args[0], TRUE);
}

static int
refuse_run (Ctl   *ctl,
            char **args)
{
  return decide_run (ctl, args[0], FALSE);
}

static int
print_brakes (Ctl                  *ctl,
              const TideConnection *connection,
              const char           *stream,
              gboolean              brakes)
{
  g_autoptr(CtlJson) json = ctl_json_new ();

  ctl_note (ctl, brakes ? _("%s of %s: a run halts and asks before it deletes or changes too much.")
                        : _("%s of %s: runs do not ask, however much they delete or change."), stream, connection->name);
  if (!ctl->json)
    return CTL_DONE;
  ctl_json_begin_object (json, NULL);
  ctl_json_add_string (json, "connection", connection->name);
  ctl_json_add_string (json, "stream", stream);
  ctl_json_add_boolean (json, "brakes", brakes);
  ctl_json_end_object (json);
  ctl_json_print (json);
  return CTL_DONE;
}

/* @args: connection, stream, and "on" or "off" to change it */
static int
brakes_run (Ctl   *ctl,
            char **args)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideEngine) engine = NULL;
  g_autoptr(TideConnection) connection = NULL;
  gboolean brakes = args[2] != NULL && g_str_equal (args[2], "on");
  gboolean ok;

  if (args[2] != NULL && !brakes && !g_str_equal (args[2], "off"))
    return ctl_usage (ctl, _("“%s” is neither on nor off"), args[2]);
  engine = args[2] != NULL ? ctl_open_for_change (ctl, &error) : ctl_open (ctl, TIDE_ENGINE_READ_ONLY, &error);
  connection = engine != NULL ? tide_engine_find_connection (engine, args[0], &error) : NULL;
  if (connection == NULL)
    return ctl_fail (ctl, error);

  ok = args[2] != NULL ? tide_engine_set_brakes (engine, connection->id, args[1], brakes, "owner", &error)
                       : tide_engine_get_brakes (engine, connection->id, args[1], &brakes, &error);
  tide_engine_close (engine);
  return ok ? print_brakes (ctl, connection, args[1], brakes) : ctl_fail (ctl, error);
}

const CtlCommand ctl_approvals_commands[] = {
  { "approvals", N_("[--all]"), N_("List the runs that wait for a decision, and why"), list_entries, 0, 0, approvals_run },
  { "approve", N_("APPROVAL [--always]"), N_("Let a halted run do what it halted at"), approve_entries, 1, 1, approve_run },
  { "brakes", N_("CONNECTION STREAM [on|off]"), N_("Say whether a stream's runs ask before they delete or change much"), NULL, 2, 3, brakes_run },
  { "refuse", N_("APPROVAL"), N_("Do not let it: the run is cancelled"), NULL, 1, 1, refuse_run },
  { NULL }
};
