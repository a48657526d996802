/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include <string.h>

#include "tide-audit-rows.h"

#include "tide-error.h"
#include "tide-time.h"

#define DEFAULT_LIMIT 100

/* The end of the chain: what the next entry goes on from. */
typedef struct
{
  gint64  id;
  char   *hash;     /* (owned) */
} Link;

static void
link_clear (Link *self)
{
  g_clear_pointer (&self->hash, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Link, link_clear)

/* Each part after its length, so that no two entries can run together into the same bytes. */
static void
add_part (GChecksum  *checksum,
          const char *part)
{
  g_autofree char *length = g_strdup_printf ("%" G_GSIZE_FORMAT ":", strlen (part));

  g_checksum_update (checksum, (const guchar *)length, -1);
  g_checksum_update (checksum, (const guchar *)part, (gssize)strlen (part));
}

static char *
hash_entry (const char *previous,
            gint64      id,
            const char *at,
            const char *actor,
            const char *action,
            const char *object,
            const char *detail)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, id);
  const char *parts[] = { previous, number, at, actor, action, object, detail };

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    add_part (checksum, parts[i] != NULL ? parts[i] : "");
  return g_strdup (g_checksum_get_string (checksum));
}

/* A row that was taken from the end does not take its number with it. */
static gboolean
read_last_number (TideDatabase  *database,
                  gint64        *last,
                  GError       **error)
{
  g_autoptr(TideStatement) statement =
    tide_statement_new (database, "SELECT seq FROM sqlite_sequence WHERE name = 'audit_log'", error);
  g_autoptr(GError) local_error = NULL;

  *last = 0;
  if (statement == NULL)
    return FALSE;
  if (tide_statement_next (statement, &local_error))
    *last = tide_statement_get_int (statement, 0);
  if (local_error == NULL)
    return TRUE;
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading the audit log: ");
  return FALSE;
}

static gboolean
read_end (TideDatabase  *database,
          Link          *end,
          GError       **error)
{
  g_autoptr(TideStatement) statement =
    tide_statement_new (database, "SELECT id, hash FROM audit_log ORDER BY id DESC LIMIT 1", error);
  g_autoptr(GError) local_error = NULL;

  if (statement == NULL)
    return FALSE;
  if (tide_statement_next (statement, &local_error))
    {
      end->id = tide_statement_get_int (statement, 0);
      end->hash = g_strdup (tide_statement_get_text (statement, 1));
    }
  if (local_error == NULL)
    return TRUE;
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading the audit log: ");
  return FALSE;
}

/**
 * tide_audit_rows_add:
 * @write: a write
 * @entry: what is to be noted; its id does not count
 * @error: return location
 *
 * Adds an entry to the end of the chain: its hash covers all its columns and the hash before.
 *
 * Returns: whether it is written
 */
gboolean
tide_audit_rows_add (TideWrite             *write,
                     const TideAuditEntry  *entry,
                     GError               **error)
{
  TideDatabase *database = tide_write_get_database (write);
  g_autoptr(TideStatement) statement = NULL;
  g_auto(Link) end = { 0, NULL };
  g_autofree char *at = tide_time_to_string (entry->at);
  g_autofree char *hash = NULL;
  gint64 last;

  if (!read_last_number (database, &last, error) || !read_end (database, &end, error))
    return FALSE;
  statement = tide_statement_new (database,
                                  "INSERT INTO audit_log (id, at, actor, action, object, detail, previous, hash)"
                                  " VALUES (@id, @at, @actor, @action, @object, @detail, @previous, @hash)", error);
  if (statement == NULL)
    return FALSE;

  /* After a loss the numbers go on from where they were, so that it stays to be seen. */
  last = MAX (last, end.id) + 1;
  hash = hash_entry (end.hash, last, at, entry->actor, entry->action, entry->object, entry->detail);
  tide_statement_bind_int (statement, "@id", last);
  tide_statement_bind_text (statement, "@at", at);
  tide_statement_bind_text (statement, "@actor", entry->actor);
  tide_statement_bind_text (statement, "@action", entry->action);
  tide_statement_bind_text (statement, "@object", entry->object);
  tide_statement_bind_text (statement, "@detail", entry->detail);
  tide_statement_bind_text (statement, "@previous", end.hash != NULL ? end.hash : "");
  tide_statement_bind_text (statement, "@hash", hash);
  return tide_statement_run (statement, error);
}

static TideAuditEntry *
entry_from_row (TideStatement *row)
{
  TideAuditEntry *self = g_new0 (TideAuditEntry, 1);

  self->id = tide_statement_get_int (row, 0);
  self->at = tide_statement_get_time (row, 1);
  self->actor = g_strdup (tide_statement_get_text (row, 2));
  self->action = g_strdup (tide_statement_get_text (row, 3));
  self->object = g_strdup (tide_statement_get_text (row, 4));
  self->detail = g_strdup (tide_statement_get_text (row, 5));
  return self;
}

/**
 * tide_audit_rows_list:
 * @database: a connection
 * @before: only entries with a lower number; 0 = from the newest
 * @limit: at most so many; 0 = 100
 * @error: return location
 *
 * Returns: (transfer full) (nullable) (element-type TideAuditEntry): entries, newest first
 */
GPtrArray *
tide_audit_rows_list (TideDatabase  *database,
                      gint64         before,
                      guint          limit,
                      GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_audit_entry_free);
  g_autoptr(GError) local_error = NULL;

  statement = tide_statement_new (database,
                                  "SELECT id, at, actor, action, object, detail FROM audit_log"
                                  " WHERE id < @before ORDER BY id DESC LIMIT @limit", error);
  if (statement == NULL)
    return NULL;
  tide_statement_bind_int (statement, "@before", before != 0 ? before : G_MAXINT64);
  tide_statement_bind_int (statement, "@limit", limit != 0 ? limit : DEFAULT_LIMIT);
  while (tide_statement_next (statement, &local_error))
    g_ptr_array_add (entries, entry_from_row (statement));
  if (local_error == NULL)
    return g_steal_pointer (&entries);
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading the audit log: ");
  return NULL;
}

static gboolean
check_row (TideStatement  *row,
           Link           *end,
           GError        **error)
{
  gint64 id = tide_statement_get_int (row, 0);
  g_autofree char *hash = hash_entry (end->hash, id, tide_statement_get_text (row, 1), tide_statement_get_text (row, 2),
                                      tide_statement_get_text (row, 3), tide_statement_get_text (row, 4),
                                      tide_statement_get_text (row, 5));

  if (id != end->id + 1)
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_CORRUPT, "audit log: entry %" G_GINT64_FORMAT " is missing", end->id + 1);
  else if (g_strcmp0 (tide_statement_get_text (row, 6), end->hash != NULL ? end->hash : "") != 0)
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_CORRUPT, "audit log: entry %" G_GINT64_FORMAT
                 " does not follow on the one before", id);
  else if (g_strcmp0 (tide_statement_get_text (row, 7), hash) != 0)
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_CORRUPT, "audit log: entry %" G_GINT64_FORMAT " was changed", id);
  else
    {
      end->id = id;
      g_free (end->hash);
      end->hash = g_steal_pointer (&hash);
      return TRUE;
    }
  return FALSE;
}

static gboolean
check_rows (TideDatabase  *database,
            Link          *end,
            GError       **error)
{
  g_autoptr(TideStatement) statement = NULL;
  g_autoptr(GError) local_error = NULL;

  statement = tide_statement_new (database,
                                  "SELECT id, at, actor, action, object, detail, previous, hash FROM audit_log"
                                  " ORDER BY id", error);
  if (statement == NULL)
    return FALSE;
  while (tide_statement_next (statement, &local_error))
    if (!check_row (statement, end, error))
      return FALSE;
  if (local_error == NULL)
    return TRUE;
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "reading the audit log: ");
  return FALSE;
}

/**
 * tide_audit_rows_check:
 * @database: a connection
 * @n_entries: (out) (nullable): how many entries the chain has; untouched on failure
 * @error: return location; %TIDE_ERROR_CORRUPT names the first entry that is missing or not what it was
 *
 * Goes along the whole chain.
 *
 * Returns: whether it holds
 */
gboolean
tide_audit_rows_check (TideDatabase  *database,
                       gint64        *n_entries,
                       GError       **error)
{
  g_auto(Link) end = { 0, NULL };
  gint64 last;

  if (!read_last_number (database, &last, error) || !check_rows (database, &end, error))
    return FALSE;
  if (end.id < last)
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_CORRUPT, "audit log: entry %" G_GINT64_FORMAT " is missing",
                   end.id + 1);
      return FALSE;
    }
  if (n_entries != NULL)
    *n_entries = end.id;
  return TRUE;
}
