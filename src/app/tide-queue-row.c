/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-attention-words.h"
#include "tide-format.h"
#include "tide-queue-row.h"
#include "tide-run-cells.h"
#include "tide-status-label.h"

struct _TideQueueRow
{
  GtkListBoxRow  parent_instance;

  GtkWidget     *tile;
  GtkWidget     *words;
  GtkWidget     *title;
  GtkWidget     *place;
  GtkWidget     *status;
  GtkWidget     *progress;
  GtkWidget     *first;
  GtkWidget     *pause;
  GtkWidget     *cancel;

  char          *sync_id;     /* (owned) */
  gboolean       going;
  gboolean       movable;     /* stands in the line of those that wait */
  gboolean       next;        /* as the first of them */
};

G_DEFINE_FINAL_TYPE (TideQueueRow, tide_queue_row, GTK_TYPE_LIST_BOX_ROW)

static GdkContentProvider *
tide_queue_row_prepare_cb (TideQueueRow *self)
{
  return self->movable ? gdk_content_provider_new_typed (G_TYPE_STRING, self->sync_id) : NULL;
}

static void
tide_queue_row_drag_begin_cb (TideQueueRow  *self,
                              GdkDrag       *drag,
                              GtkDragSource *source)
{
  g_autoptr(GdkPaintable) paintable = gtk_widget_paintable_new (GTK_WIDGET (self));

  gtk_drag_source_set_icon (source, paintable, 12, 12);
}

static gboolean
tide_queue_row_drop_cb (TideQueueRow *self,
                        const GValue *value)
{
  const char *sync_id = g_value_get_string (value);

  if (sync_id == NULL || !self->movable || g_str_equal (sync_id, self->sync_id))
    return FALSE;
  return gtk_widget_activate_action (GTK_WIDGET (self), "queue.before", "(ss)", sync_id, self->sync_id);
}

static void
tide_queue_row_finalize (GObject *object)
{
  g_free (TIDE_QUEUE_ROW (object)->sync_id);
  G_OBJECT_CLASS (tide_queue_row_parent_class)->finalize (object);
}

static void
tide_queue_row_class_init (TideQueueRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = tide_queue_row_finalize;

  g_type_ensure (TIDE_TYPE_STATUS_LABEL);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/tide-queue-row.ui");
  gtk_widget_class_bind_template_child (widget_class, TideQueueRow, tile);
  gtk_widget_class_bind_template_child (widget_class, TideQueueRow, words);
  gtk_widget_class_bind_template_child (widget_class, TideQueueRow, title);
  gtk_widget_class_bind_template_child (widget_class, TideQueueRow, place);
  gtk_widget_class_bind_template_child (widget_class, TideQueueRow, status);
  gtk_widget_class_bind_template_child (widget_class, TideQueueRow, progress);
  gtk_widget_class_bind_template_child (widget_class, TideQueueRow, first);
  gtk_widget_class_bind_template_child (widget_class, TideQueueRow, pause);
  gtk_widget_class_bind_template_child (widget_class, TideQueueRow, cancel);
}

static void
tide_queue_row_init (TideQueueRow *self)
{
  GtkDragSource *source = gtk_drag_source_new ();
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_STRING, GDK_ACTION_MOVE);

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_drag_source_set_actions (source, GDK_ACTION_MOVE);
  g_signal_connect_swapped (source, "prepare", G_CALLBACK (tide_queue_row_prepare_cb), self);
  g_signal_connect_swapped (source, "drag-begin", G_CALLBACK (tide_queue_row_drag_begin_cb), self);
  g_signal_connect_swapped (target, "drop", G_CALLBACK (tide_queue_row_drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (source));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

/**
 * tide_queue_row_new:
 * @sync_id: of the run
 */
GtkWidget *
tide_queue_row_new (const char *sync_id)
{
  TideQueueRow *self = g_object_new (TIDE_TYPE_QUEUE_ROW, NULL);

  self->sync_id = g_strdup (sync_id);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->first), "s", sync_id);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->pause), "s", sync_id);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->cancel), "s", sync_id);
  return GTK_WIDGET (self);
}

const char *
tide_queue_row_get_sync_id (TideQueueRow *self)
{
  return self->sync_id;
}

/**
 * tide_queue_row_get_movable:
 *
 * Returns: whether it can go before others
 */
gboolean
tide_queue_row_get_movable (TideQueueRow *self)
{
  return self->movable;
}

static void
button_name (GtkWidget  *button,
             const char *label)
{
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static TideLook
look_for_hold (TideHold hold)
{
  switch (hold)
    {
    case TIDE_HOLD_NONE:
      return tide_look_for_health (TIDE_HEALTH_SYNCING);
    case TIDE_HOLD_RETRY:
      return tide_look_for_health (TIDE_HEALTH_RETRYING);
    case TIDE_HOLD_PAUSED:
    case TIDE_HOLD_ALL_PAUSED:
      return (TideLook){ "media-playback-pause-symbolic", _("Paused"), "tide-quiet" };
    case TIDE_HOLD_TURN:
    case TIDE_HOLD_SMART_SYNC:
    case TIDE_HOLD_APPROVAL:
    default:
      return tide_look_for_waiting ();
    }
}

/* Its place is kept, so that the columns stand in line. */
static void
tide_queue_row_show_first (TideQueueRow *self,
                           gboolean      shown)
{
  gtk_widget_set_opacity (self->first, shown ? 1 : 0);
  gtk_widget_set_can_target (self->first, shown);
  gtk_widget_set_focusable (self->first, shown);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->first), GTK_ACCESSIBLE_STATE_HIDDEN, !shown, -1);
}

static void
tide_queue_row_update_buttons (TideQueueRow *self,
                               TideHold      hold,
                               const char   *what)
{
  gboolean resume = hold == TIDE_HOLD_PAUSED;
  g_autofree char *first = g_strdup_printf (_("Let %s go first"), what);
  g_autofree char *pause = g_strdup_printf (resume ? _("Resume %s") : _("Pause %s"), what);
  g_autofree char *cancel = g_strdup_printf (self->going ? _("Stop %s; what has come stays") : _("Take %s out of the line"),
                                             what);

  tide_queue_row_show_first (self, self->movable && !self->next);
  gtk_button_set_icon_name (GTK_BUTTON (self->pause),
                            resume ? "media-playback-start-symbolic" : "media-playback-pause-symbolic");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->pause), resume ? "win.resume-run" : "win.pause-run");
  button_name (self->first, first);
  button_name (self->pause, pause);
  button_name (self->cancel, cancel);
}

/**
 * tide_queue_row_set_entry:
 * @entry: where its run stands
 */
void
tide_queue_row_set_entry (TideQueueRow         *self,
                          const TideQueueEntry *entry,
                          TideLive             *live)
{
  const TideRun *run = entry->run;
  TideProviderInfo *provider = tide_live_find_provider (live, run->provider);
  TideRunProgress *progress = tide_live_find_progress (live, self->sync_id);
  g_autofree char *what = tide_run_dup_what (live, run);
  g_autofree char *place = g_strdup_printf (_("%s · %s"), run->connection_name, run->venue_name);
  g_autofree char *full = g_strdup_printf (_("%s (full check)"), what);
  const char *title = run->mode == TIDE_RUN_MODE_FULL ? full : what;
  g_autofree char *hold = tide_attention_words_hold (entry, tide_live_get_now (live), tide_live_get_zone (live));
  g_autofree char *label = g_strdup_printf ("%s, %s: %s", title, place, hold);

  self->going = entry->hold == TIDE_HOLD_NONE;
  self->movable = entry->hold == TIDE_HOLD_TURN || entry->hold == TIDE_HOLD_RETRY
                  || entry->hold == TIDE_HOLD_ALL_PAUSED || entry->hold == TIDE_HOLD_SMART_SYNC;
  self->next = entry->position == 1;
  gtk_label_set_label (GTK_LABEL (self->tile), provider != NULL ? provider->tile : "?");
  gtk_label_set_label (GTK_LABEL (self->title), title);
  gtk_label_set_label (GTK_LABEL (self->place), place);
  tide_status_label_set_look (TIDE_STATUS_LABEL (self->status), look_for_hold (entry->hold));
  tide_status_label_set_word (TIDE_STATUS_LABEL (self->status), hold);
  gtk_widget_set_visible (self->progress, FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  tide_queue_row_update_buttons (self, entry->hold, what);
  if (self->going && progress != NULL)
    tide_queue_row_update_progress (self, progress);
}

/**
 * tide_queue_row_update_progress:
 * @progress: where its run stands
 */
void
tide_queue_row_update_progress (TideQueueRow    *self,
                                TideRunProgress *progress)
{
  g_autofree char *read = tide_format_number (progress->counts.read);
  g_autofree char *word = NULL;

  if (!self->going)
    return;
  gtk_widget_set_visible (self->progress, progress->expected > 0);
  if (progress->expected > 0)
    {
      word = g_strdup_printf (_("Goes now, %d%%"), tide_format_percent (progress->counts.read, progress->expected));
      gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->progress),
                                     MIN ((double)progress->counts.read / (double)progress->expected, 1));
    }
  else
    word = g_strdup_printf (_("Goes now, %s so far"), read);
  tide_status_label_set_word (TIDE_STATUS_LABEL (self->status), progress->waiting != NULL ? progress->waiting : word);
}

/**
 * tide_queue_row_set_narrow:
 * @narrow: the state below the name instead of beside it
 */
void
tide_queue_row_set_narrow (TideQueueRow *self,
                           gboolean      narrow)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->words),
                                  narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  gtk_box_set_homogeneous (GTK_BOX (self->words), !narrow);
}
