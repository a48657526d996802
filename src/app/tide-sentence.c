/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-format.h"
#include "tide-need.h"
#include "tide-sentence.h"
#include "tide-summary.h"

/* The streams sorted by what is to be said about them; names are for the owner. */
typedef struct
{
  GPtrArray *groups;
  GPtrArray *late;
  GPtrArray *never;
  GPtrArray *first;           /* in their first sync */
  GPtrArray *syncing;         /* every one that is going */
  gint64     retry_at;
  guint      fresh;
} Tally;

static void
tally_clear (Tally *self)
{
  g_clear_pointer (&self->groups, g_ptr_array_unref);
  g_clear_pointer (&self->late, g_ptr_array_unref);
  g_clear_pointer (&self->never, g_ptr_array_unref);
  g_clear_pointer (&self->first, g_ptr_array_unref);
  g_clear_pointer (&self->syncing, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Tally, tally_clear)

static void
tally_add_late (Tally            *self,
                TideStreamStatus *status,
                const char       *name)
{
  g_ptr_array_add (self->late, g_strdup (name));
  if (status->retry_at != 0 && (self->retry_at == 0 || status->retry_at < self->retry_at))
    self->retry_at = status->retry_at;
}

static void
tally_add (Tally            *self,
           TideStreamStatus *status)
{
  gboolean alone = self->groups->len == 1;
  g_autofree char *name = alone ? g_strdup (status->label)
                                /* Translators: a connection, then what it brings: "Square: Orders" */
                                : g_strdup_printf (_("%s: %s"), status->connection->name, status->label);

  if (tide_health_needs_owner (status->health) || status->health == TIDE_HEALTH_OFF)
    return;
  switch (status->health)
    {
    case TIDE_HEALTH_LATE:
    case TIDE_HEALTH_RETRYING:
    case TIDE_HEALTH_STALE:
      tally_add_late (self, status, name);
      break;
    case TIDE_HEALTH_NEVER:
      g_ptr_array_add (self->never, g_strdup (name));
      break;
    case TIDE_HEALTH_SYNCING:
      g_ptr_array_add (self->syncing, g_strdup (name));
      if (status->last_success == 0)
        g_ptr_array_add (self->first, g_strdup (name));
      else
        self->fresh++;
      break;
    case TIDE_HEALTH_FRESH:
    case TIDE_HEALTH_OFF:
    case TIDE_HEALTH_PARTLY:
    case TIDE_HEALTH_APPROVAL:
    case TIDE_HEALTH_FAILED:
    case TIDE_HEALTH_SIGN_IN:
    default:
      self->fresh++;
      break;
    }
}

static void
tally_init (Tally     *self,
            GPtrArray *statuses,
            gint64     venue_id)
{
  self->groups = tide_summary_group (statuses, venue_id);
  self->late = g_ptr_array_new_with_free_func (g_free);
  self->never = g_ptr_array_new_with_free_func (g_free);
  self->first = g_ptr_array_new_with_free_func (g_free);
  self->syncing = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < self->groups->len; i++)
    {
      GPtrArray *group = g_ptr_array_index (self->groups, i);

      for (guint k = 0; k < group->len; k++)
        tally_add (self, g_ptr_array_index (group, k));
    }
}

static char *
dup_late_text (const Tally *tally,
               gint64       now,
               GTimeZone   *zone)
{
  g_autofree char *names = tide_format_list (tally->late, 2);
  g_autofree char *when = NULL;

  if (tally->retry_at <= now)
    return g_strdup_printf (_("Late, and tried again without you: %s."), names);
  when = tide_format_clock (tally->retry_at, zone);
  return g_strdup_printf (_("Late, and tried again at %s: %s."), when, names);
}

/* What is not as it should be but does not need the owner; empty when there is nothing of that kind. */
static char *
dup_rest_text (const Tally *tally,
               gint64       now,
               GTimeZone   *zone)
{
  g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *names = NULL;

  if (tally->late->len > 0)
    g_ptr_array_add (parts, dup_late_text (tally, now, zone));
  if (tally->first->len > 0)
    {
      names = tide_format_list (tally->first, 2);
      g_ptr_array_add (parts, g_strdup_printf (_("In their first sync: %s."), names));
      g_clear_pointer (&names, g_free);
    }
  if (tally->never->len > 0)
    {
      names = tide_format_list (tally->never, 2);
      g_ptr_array_add (parts, g_strdup_printf (_("Not synced yet: %s."), names));
    }
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (" ", (char **)parts->pdata);
}

static char *
dup_current_text (const Tally *tally,
                  gint64       now,
                  GTimeZone   *zone)
{
  g_autofree char *clock = tide_format_clock (now, zone);
  int n = (int)tally->groups->len;

  if (n == 1)
    return g_strdup_printf (ngettext ("%d kind of data is current as of %s.",
                                      "All %d kinds of data are current as of %s.", tally->fresh),
                            (int)tally->fresh, clock);
  return g_strdup_printf (ngettext ("%d connection is current as of %s.",
                                    "All %d connections are current as of %s.", n), n, clock);
}

static char *
dup_others_text (const Tally *tally,
                 gint64       now,
                 GTimeZone   *zone)
{
  g_autofree char *rest = dup_rest_text (tally, now, zone);
  g_autofree char *clock = tide_format_clock (now, zone);

  if (tally->fresh == 0)
    return g_steal_pointer (&rest);
  if (*rest == '\0')
    return g_strdup_printf (_("Everything else is current as of %s."), clock);
  return g_strdup_printf (ngettext ("%d kind of data is current as of %s. %s",
                                    "%d kinds of data are current as of %s. %s", tally->fresh),
                          (int)tally->fresh, clock, rest);
}

static void
tide_sentence_say_needs (TideSentence *self,
                         const Tally  *tally,
                         int           needs,
                         gint64        now,
                         GTimeZone    *zone)
{
  self->title = g_strdup_printf (ngettext ("%d thing needs you", "%d things need you", needs), needs);
  self->foot = g_strdup (self->title);
  self->text = dup_others_text (tally, now, zone);
  self->look = (TideLook){ "emblem-important-symbolic", "", "tide-bad" };
}

/* "All but 2 are up to date" only where most of it is; else what is the matter with most of it. */
static char *
dup_rest_title (const Tally *tally)
{
  int late = (int)tally->late->len;
  int never = (int)tally->never->len;
  int open = late + never + (int)tally->first->len;

  if ((int)tally->fresh > open)
    return g_strdup_printf (ngettext ("All but one are up to date", "All but %d are up to date", open), open);
  if (tally->first->len > 0)
    return g_strdup (_("The first sync is running"));
  if (late > 0)
    return tally->fresh + (guint)never > 0 ? g_strdup_printf (ngettext ("%d is late", "%d are late", late), late)
                                           : g_strdup (_("Everything is late"));
  return tally->fresh > 0 ? g_strdup_printf (ngettext ("%d is not synced yet", "%d are not synced yet", never), never)
                          : g_strdup (_("Nothing is synced yet"));
}

static void
tide_sentence_say_rest (TideSentence *self,
                        const Tally  *tally,
                        gint64        now,
                        GTimeZone    *zone)
{
  int late = (int)tally->late->len;
  int never = (int)tally->never->len;

  self->title = dup_rest_title (tally);
  self->text = dup_others_text (tally, now, zone);
  if (late > 0)
    {
      self->look = tide_look_for_health (TIDE_HEALTH_LATE);
      self->foot = g_strdup_printf (ngettext ("%d is late", "%d are late", late), late);
    }
  else if (tally->first->len > 0)
    {
      self->look = tide_look_for_health (TIDE_HEALTH_SYNCING);
      self->foot = g_strdup (_("First sync is running"));
    }
  else
    {
      self->look = tide_look_for_health (TIDE_HEALTH_NEVER);
      self->foot = g_strdup_printf (ngettext ("%d is not synced yet", "%d are not synced yet", never), never);
    }
}

static void
tide_sentence_say_well (TideSentence *self,
                        const Tally  *tally,
                        gint64        now,
                        GTimeZone    *zone)
{
  g_autofree char *names = NULL;

  self->title = g_strdup (_("Everything is up to date"));
  self->text = dup_current_text (tally, now, zone);
  self->look = tide_look_for_health (TIDE_HEALTH_FRESH);
  if (tally->syncing->len == 0)
    {
      self->foot = g_strdup (_("Everything is current"));
      return;
    }
  names = tide_format_list (tally->syncing, 1);
  self->foot = g_strdup_printf (_("Syncing %s"), names);
}

/**
 * tide_sentence_new:
 * @statuses: (element-type TideStreamStatus): all streams
 * @attention: (nullable): what else there is to decide
 * @venue_id: only of this venue, 0 = of every one
 * @now: the present instant
 * @zone: for times of day
 *
 * Returns: (transfer full): what is to be said about them
 */
TideSentence *
tide_sentence_new (GPtrArray     *statuses,
                   TideAttention *attention,
                   gint64         venue_id,
                   gint64         now,
                   GTimeZone     *zone)
{
  TideSentence *self = g_new0 (TideSentence, 1);
  g_autoptr(GPtrArray) needs = tide_need_list (statuses, attention, venue_id);
  g_auto(Tally) tally = { 0 };

  tally_init (&tally, statuses, venue_id);
  if (tally.groups->len == 0)
    {
      self->title = g_strdup (_("Nothing connected yet"));
      self->text = g_strdup (_("Connect a service, and what it holds is kept up to date here."));
      self->foot = g_strdup (self->title);
      self->look = tide_look_for_health (TIDE_HEALTH_NEVER);
    }
  else if (needs->len > 0)
    tide_sentence_say_needs (self, &tally, (int)needs->len, now, zone);
  else if (tally.late->len + tally.never->len + tally.first->len > 0)
    tide_sentence_say_rest (self, &tally, now, zone);
  else
    tide_sentence_say_well (self, &tally, now, zone);
  return self;
}

/**
 * tide_sentence_free:
 * @self: (transfer full) (nullable): what to free
 */
void
tide_sentence_free (TideSentence *self)
{
  if (self == NULL)
    return;
  g_free (self->title);
  g_free (self->text);
  g_free (self->foot);
  g_free (self);
}
