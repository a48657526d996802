/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include "tide-approval-rows.h"

#include "tide-error.h"
#include "tide-run-rows-private.h"

/* Where a run's own columns begin. */
#define APPROVAL_COLUMNS "a.id, a.kind, a.asked_at, a.reason, a.affected, a.total, a.state, a.decided_at, a.decided_by"
#define N_APPROVAL_COLUMNS 9

#define APPROVAL_SELECT \
  "SELECT " TIDE_RUN_COLUMNS ", " APPROVAL_COLUMNS TIDE_RUN_SOURCE " JOIN approvals a ON a.run_id = r.id"

/* A question that is open though its run no longer waits for the answer (it was cancelled, say) is nobody's any more. */
#define IS_OPEN "a.state = 'open' AND r.status = 'awaiting_approval'"

static TideApprovalState
state_from_name (const char *name)
{
  if (g_strcmp0 (name, "approved") == 0)
    return TIDE_APPROVAL_APPROVED;
  return g_strcmp0 (name, "refused") == 0 ? TIDE_APPROVAL_REFUSED : TIDE_APPROVAL_OPEN;
}

static TideApproval *
approval_from_row (TideStatement *row)
{
  int first = tide_statement_get_n_columns (row) - N_APPROVAL_COLUMNS;
  TideApproval *self = g_new0 (TideApproval, 1);

  self->run = tide_run_from_row (row);
  self->id = tide_statement_get_int (row, first);
  self->kind = g_strcmp0 (tide_statement_get_text (row, first + 1), "deletes") == 0 ? TIDE_RUN_ALLOW_DELETES
                                                                                    : TIDE_RUN_ALLOW_CHANGES;
  self->asked_at = tide_statement_get_time (row, first + 2);
  self->reason = g_strdup (tide_statement_get_text (row, first + 3));
  self->affected = tide_statement_get_int (row, first + 4);
  self->total = tide_statement_get_int (row, first + 5);
  self->state = state_from_name (tide_statement_get_text (row, first + 6));
  if (!tide_statement_is_null (row, first + 7))
    self->decided_at = tide_statement_get_time (row, first + 7);
  self->decided_by = g_strdup (tide_statement_get_text (row, first + 8));
  return self;
}

/**
 * tide_approval_rows_add:
 * @write: the write that says that the run waits for it
 * @run_id: the run
 * @kind: one brake
 * @asked_at: instant
 * @reason: what would happen, in words
 * @affected: so many records
 * @total: of so many
 * @error: return location
 *
 * Asks the owner.
 *
 * Returns: its key; 0 with @error set on failure
 */
gint64
tide_approval_rows_add (TideWrite     *write,
                        gint64         run_id,
                        TideRunAllow   kind,
                        gint64         asked_at,
                        const char    *reason,
                        gint64         affected,
                        gint64         total,
                        GError       **error)
{
  TideDatabase *database = tide_write_get_database (write);
  g_autoptr(TideStatement) statement = NULL;

  statement = tide_statement_new (database,
                                  "INSERT INTO approvals (kind, run_id, asked_at, reason, affected, total)"
                                  " VALUES (@kind, @run, @at, @reason, @affected, @total)", error);
  if (statement == NULL)
    return 0;
  tide_statement_bind_text (statement, "@kind", kind == TIDE_RUN_ALLOW_DELETES ? "deletes" : "changes");
  tide_statement_bind_int (statement, "@run", run_id);
  tide_statement_bind_time (statement, "@at", asked_at);
  tide_statement_bind_text (statement, "@reason", reason);
  tide_statement_bind_int (statement, "@affected", affected);
  tide_statement_bind_int (statement, "@total", total);
  return tide_statement_run (statement, error) ? tide_database_get_last_key (database) : 0;
}

/**
 * tide_approval_rows_was_approved:
 * @database: a connection
 * @run_id: a run
 * @kind: one brake
 * @approved: (out): whether this run has halted at it and was let through
 * @error: return location
 *
 * Returns: whether that could be found out
 */
gboolean
tide_approval_rows_was_approved (TideDatabase  *database,
                                 gint64         run_id,
                                 TideRunAllow   kind,
                                 gboolean      *approved,
                                 GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GError) local_error = NULL;
  gboolean found;

  statement = tide_statement_new (database,
                                  "SELECT 1 FROM approvals"
                                  " WHERE run_id = @run AND kind = @kind AND state = 'approved'", error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_int (statement, "@run", run_id);
  tide_statement_bind_text (statement, "@kind", kind == TIDE_RUN_ALLOW_DELETES ? "deletes" : "changes");
  found = tide_statement_next (statement, &local_error);
  if (local_error == NULL)
    {
      *approved = found;
      return TRUE;
    }
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading approvals: ");
  return FALSE;
}

/**
 * tide_approval_rows_list:
 * @database: a connection
 * @open_only: only those that a run waits for
 * @error: return location
 *
 * Returns: (transfer full) (nullable) (element-type TideApproval): questions, newest first
 */
GPtrArray *
tide_approval_rows_list (TideDatabase  *database,
                         gboolean       open_only,
                         GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GPtrArray) approvals = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_approval_free);
  g_autoptr(GError) local_error = NULL;

  statement = tide_statement_new (database,
                                  open_only ? APPROVAL_SELECT " WHERE " IS_OPEN " ORDER BY a.id DESC"
                                            : APPROVAL_SELECT " ORDER BY a.id DESC", error);
  if (statement == NULL)
    return NULL;
  while (tide_statement_next (statement, &local_error))
    g_ptr_array_add (approvals, approval_from_row (statement));
  if (local_error == NULL)
    return g_steal_pointer (&approvals);
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading approvals: ");
  return NULL;
}

/**
 * tide_approval_rows_get:
 * @database: a connection
 * @id: which
 * @error: return location; %TIDE_ERROR_NOT_FOUND where there is none
 *
 * Returns: (transfer full) (nullable): a question, with its run as it is now
 */
TideApproval *
tide_approval_rows_get (TideDatabase  *database,
                        gint64         id,
                        GError       **error)
{
  g_autoptr(TideStatement) statement = tide_statement_new (database, APPROVAL_SELECT " WHERE a.id = @id", error);
  g_autoptr(GError) local_error = NULL;

  if (statement == NULL)
    return NULL;
  tide_statement_bind_int (statement, "@id", id);
  if (tide_statement_next (statement, &local_error))
    return approval_from_row (statement);
  if (local_error != NULL)
    g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading approvals: ");
  else
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND, "there is no approval %" G_GINT64_FORMAT, id);
  return NULL;
}

/**
 * tide_approval_rows_count:
 * @database: a connection
 * @error: return location
 *
 * Returns: how many questions runs wait for; -1 with @error set on failure
 */
gint64
tide_approval_rows_count (TideDatabase  *database,
                          GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GError) local_error = NULL;
  gint64 count = 0;

  statement = tide_statement_new (database, "SELECT count(*) FROM approvals a JOIN sync_runs r ON r.id = a.run_id"
                                            " WHERE " IS_OPEN, error);
  if (statement == NULL)
    return -1;
  if (tide_statement_next (statement, &local_error))
    count = tide_statement_get_int (statement, 0);
  if (local_error == NULL)
    return count;
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "counting approvals: ");
  return -1;
}

/**
 * tide_approval_rows_decide:
 * @write: a write
 * @id: an open question
 * @approve: the answer
 * @by: whose
 * @now: instant
 * @error: return location; %TIDE_ERROR_CONFLICT where it is decided already
 *
 * Writes the answer down. The run itself is its queue's.
 *
 * Returns: whether it is written
 */
gboolean
tide_approval_rows_decide (TideWrite   *write,
                           gint64       id,
                           gboolean     approve,
                           const char  *by,
                           gint64       now,
                           GError     **error)
{
  TideDatabase *database = tide_write_get_database (write);
  g_autoptr(TideStatement) statement = NULL;

  statement = tide_statement_new (database,
                                  "UPDATE approvals SET state = @state, decided_at = @now, decided_by = @by"
                                  " WHERE id = @id AND state = 'open'", error);
  if (statement == NULL)
    return FALSE;
  tide_statement_bind_text (statement, "@state", approve ? "approved" : "refused");
  tide_statement_bind_time (statement, "@now", now);
  tide_statement_bind_text (statement, "@by", by);
  tide_statement_bind_int (statement, "@id", id);
  if (!tide_statement_run (statement, error))
    return FALSE;
  if (tide_database_get_changes (database) > 0)
    return TRUE;
  g_set_error (error, TIDE_ERROR, TIDE_ERROR_CONFLICT, "approval %" G_GINT64_FORMAT ": is decided already", id);
  return FALSE;
}

/**
 * tide_approval_rows_mend:
 * @write: a write
 * @error: return location
 *
 * Asks again what was answered just before the last process ended, so that the run does not know yet: it would wait for
 * ever. To be asked once, at start-up.
 *
 * Returns: whether it succeeded
 */
gboolean
tide_approval_rows_mend (TideWrite  *write,
                         GError    **error)
{
  return tide_database_execute (tide_write_get_database (write),
                                "UPDATE approvals SET state = 'open', decided_at = NULL, decided_by = NULL"
                                " WHERE state <> 'open' AND id IN (SELECT max(a.id) FROM sync_runs r"
                                " JOIN approvals a ON a.run_id = r.id WHERE r.status = 'awaiting_approval' GROUP BY r.id)",
                                error);
}
