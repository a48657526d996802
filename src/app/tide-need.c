/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-format.h"
#include "tide-need.h"
#include "tide-trouble.h"

static TideNeedKind
kind_of (TideHealth health)
{
  if (health == TIDE_HEALTH_SIGN_IN)
    return TIDE_NEED_SIGN_IN;
  if (health == TIDE_HEALTH_PARTLY)
    return TIDE_NEED_RECORDS;
  return TIDE_NEED_FAILED;
}

static TideNeed *
find_or_add (GPtrArray        *needs,
             TideStreamStatus *status)
{
  TideNeedKind kind = kind_of (status->health);
  TideNeed *need;

  for (guint i = 0; i < needs->len; i++)
    {
      need = g_ptr_array_index (needs, i);
      if (need->kind == kind && need->connection->id == status->connection->id)
        return need;
    }
  need = g_new0 (TideNeed, 1);
  need->kind = kind;
  need->connection = tide_connection_ref (status->connection);
  need->streams = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_stream_status_unref);
  g_ptr_array_add (needs, need);
  return need;
}

static int
compare_needs (gconstpointer a,
               gconstpointer b)
{
  const TideNeed *left = *(const TideNeed **)a;
  const TideNeed *right = *(const TideNeed **)b;

  if (left->kind != right->kind)
    return (int)left->kind - (int)right->kind;
  return left->connection->id < right->connection->id ? -1 : 1;
}

/**
 * tide_need_list:
 * @statuses: (element-type TideStreamStatus): all streams
 * @venue_id: only of this venue, 0 = of every one
 *
 * Returns: (transfer full) (element-type TideNeed): what needs the owner, the most pressing first
 */
GPtrArray *
tide_need_list (GPtrArray *statuses,
                gint64     venue_id)
{
  GPtrArray *needs = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_need_free);

  for (guint i = 0; i < statuses->len; i++)
    {
      TideStreamStatus *status = g_ptr_array_index (statuses, i);
      TideNeed *need;

      if (!tide_health_needs_owner (status->health)
          || (venue_id != 0 && status->connection->venue_id != venue_id))
        continue;
      need = find_or_add (needs, status);
      g_ptr_array_add (need->streams, tide_stream_status_ref (status));
      need->records += status->open_failures;
      if (status->since != 0 && (need->since == 0 || status->since < need->since))
        need->since = status->since;
    }
  g_ptr_array_sort (needs, compare_needs);
  return needs;
}

/**
 * tide_need_free:
 * @self: (transfer full) (nullable): what to free
 */
void
tide_need_free (TideNeed *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->connection, tide_connection_unref);
  g_clear_pointer (&self->streams, g_ptr_array_unref);
  g_free (self);
}

static char *
tide_need_dup_stream_names (const TideNeed *self)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < self->streams->len; i++)
    g_ptr_array_add (names, ((TideStreamStatus *)g_ptr_array_index (self->streams, i))->label);
  return tide_format_list (names, 3);
}

/**
 * tide_need_dup_title:
 *
 * Returns: (transfer full): what happened, in a line
 */
char *
tide_need_dup_title (const TideNeed *self)
{
  g_autofree char *names = tide_need_dup_stream_names (self);
  g_autofree char *number = NULL;

  switch (self->kind)
    {
    case TIDE_NEED_SIGN_IN:
      return g_strdup_printf (_("%s needs you to sign in again"), self->connection->name);
    case TIDE_NEED_RECORDS:
      number = tide_format_number (self->records);
      /* Translators: a number, what they are ("Orders"), the connection's name */
      return g_strdup_printf (ngettext ("%s record of %s could not be read from %s",
                                        "%s records of %s could not be read from %s", (gulong)self->records),
                              number, names, self->connection->name);
    case TIDE_NEED_FAILED:
    default:
      /* Translators: "Orders and Payments", then the connection's name */
      return g_strdup_printf (_("%s could not be synced from %s"), names, self->connection->name);
    }
}

/**
 * tide_need_dup_text:
 *
 * Returns: (transfer full): what it means, in a line
 */
char *
tide_need_dup_text (const TideNeed *self,
                    gint64          now,
                    GTimeZone      *zone)
{
  TideStreamStatus *first = g_ptr_array_index (self->streams, 0);
  g_autofree char *when = self->since > 0 ? tide_format_moment (self->since, now, zone) : NULL;

  switch (self->kind)
    {
    case TIDE_NEED_SIGN_IN:
      if (when != NULL)
        return g_strdup_printf (_("The sign-in was refused %s. Nothing is lost: what you miss is fetched afterwards."), when);
      return g_strdup (_("The sign-in is refused. Nothing is lost: what you miss is fetched afterwards."));
    case TIDE_NEED_RECORDS:
      return g_strdup (_("They are kept as received. All the others are here."));
    case TIDE_NEED_FAILED:
    default:
      return tide_trouble_dup_sentence (first->last_run != NULL ? first->last_run->error_code : NULL,
                                        self->connection->name);
    }
}

/**
 * tide_need_get_button:
 *
 * Returns: what to press
 */
const char *
tide_need_get_button (const TideNeed *self)
{
  switch (self->kind)
    {
    case TIDE_NEED_SIGN_IN:
      return _("Sign In Again…");
    case TIDE_NEED_RECORDS:
      return _("Show Them");
    case TIDE_NEED_FAILED:
    default:
      return _("Try Again");
    }
}

const char *
tide_need_get_icon (const TideNeed *self)
{
  return self->kind == TIDE_NEED_SIGN_IN ? "dialog-password-symbolic" : "process-stop-symbolic";
}

/**
 * tide_need_get_sync_id:
 *
 * Returns: (nullable): the newest run that shows it
 */
const char *
tide_need_get_sync_id (const TideNeed *self)
{
  const TideRun *newest = NULL;

  for (guint i = 0; i < self->streams->len; i++)
    {
      const TideStreamStatus *status = g_ptr_array_index (self->streams, i);

      if (status->last_run != NULL && (newest == NULL || status->last_run->ended_at > newest->ended_at))
        newest = status->last_run;
    }
  return newest != NULL ? newest->sync_id : NULL;
}
