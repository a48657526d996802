/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-format.h"
#include "tide-status-label.h"
#include "tide-stream-row.h"

struct _TideStreamRow
{
  AdwActionRow      parent_instance;

  GtkWidget        *status;
  GtkWidget        *button;
  TideStreamStatus *last;     /* (owned) */
};

G_DEFINE_FINAL_TYPE (TideStreamRow, tide_stream_row, ADW_TYPE_ACTION_ROW)

static void
tide_stream_row_finalize (GObject *object)
{
  g_clear_pointer (&TIDE_STREAM_ROW (object)->last, tide_stream_status_unref);
  G_OBJECT_CLASS (tide_stream_row_parent_class)->finalize (object);
}

static void
tide_stream_row_class_init (TideStreamRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tide_stream_row_finalize;
}

static void
tide_stream_row_init (TideStreamRow *self)
{
  self->status = tide_status_label_new ();
  tide_status_label_keep_whole (TIDE_STATUS_LABEL (self->status));
  self->button = gtk_button_new_from_icon_name ("view-refresh-symbolic");
  gtk_widget_set_valign (self->button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->button, "flat");
  gtk_widget_add_css_class (self->button, "circular");
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->status);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->button);
}

/**
 * tide_stream_row_new:
 * @status: which stream
 */
GtkWidget *
tide_stream_row_new (TideStreamStatus *status)
{
  TideStreamRow *self = g_object_new (TIDE_TYPE_STREAM_ROW, NULL);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), status->label);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->button), "(xs)", status->connection->id, status->stream);
  return GTK_WIDGET (self);
}

static char *
dup_interval (gint64 interval)
{
  g_autofree char *duration = NULL;

  if (interval <= 0)
    return g_strdup (_("only when asked"));
  duration = tide_format_duration_long (interval);
  return g_strdup_printf (_("every %s"), duration);
}

/**
 * tide_stream_row_update:
 * @status: how it is doing
 * @live: for the time and what is going on
 */
void
tide_stream_row_update (TideStreamRow    *self,
                        TideStreamStatus *status,
                        TideLive         *live)
{
  gint64 now = tide_live_get_now (live);
  g_autofree char *records = tide_format_number (status->records);
  g_autofree char *ago = tide_format_ago (status->last_success, now);
  g_autofree char *next = tide_format_next (status->next_run, now, tide_live_get_zone (live));
  g_autofree char *interval = dup_interval (status->interval);
  g_autofree char *text = g_strdup_printf (_("%s here · synced %s · %s, next %s"), records, ago, interval, next);

  tide_stream_status_ref (status);
  g_clear_pointer (&self->last, tide_stream_status_unref);
  self->last = status;
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text);
  tide_stream_row_update_progress (self, live);
}

/**
 * tide_stream_row_update_progress:
 *
 * Shows where the run stands that is going here, if one is.
 */
void
tide_stream_row_update_progress (TideStreamRow *self,
                                 TideLive      *live)
{
  TideRun *running = tide_live_find_running (live, self->last->connection->id, self->last->stream);
  TideRunProgress *progress = running != NULL ? tide_live_find_progress (live, running->sync_id) : NULL;
  TideLook look = tide_look_for_health (self->last->health);
  g_autofree char *word = NULL;
  g_autofree char *label = g_strdup_printf (running != NULL ? _("Stop syncing %s") : _("Sync %s now"),
                                            self->last->label);

  if (running != NULL)
    look = tide_look_for_health (TIDE_HEALTH_SYNCING);
  else if (self->last->health == TIDE_HEALTH_SYNCING)
    look = tide_look_for_waiting ();
  tide_status_label_set_look (TIDE_STATUS_LABEL (self->status), look);
  if (progress != NULL && progress->expected > 0)
    {
      word = g_strdup_printf (_("Syncing, %d%%"), tide_format_percent (progress->counts.read, progress->expected));
      tide_status_label_set_word (TIDE_STATUS_LABEL (self->status), word);
    }
  gtk_button_set_icon_name (GTK_BUTTON (self->button),
                            running != NULL ? "media-playback-stop-symbolic" : "view-refresh-symbolic");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button),
                                  running != NULL ? "win.stop-stream" : "win.sync-stream");
  gtk_widget_set_tooltip_text (self->button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}
