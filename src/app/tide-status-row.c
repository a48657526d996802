/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-format.h"
#include "tide-row-layout.h"
#include "tide-status-label.h"
#include "tide-status-row.h"
#include "tide-strip.h"

struct _TideStatusRow
{
  GtkListBoxRow  parent_instance;

  GtkWidget     *cells;
  GtkWidget     *tile;
  GtkWidget     *name;
  GtkWidget     *title;
  GtkWidget     *subtitle;
  GtkWidget     *status_box;
  GtkWidget     *status;
  GtkWidget     *progress;
  GtkWidget     *time;
  GtkWidget     *strip;
  GtkWidget     *today;
  GtkWidget     *next;
  GtkWidget     *button;
  GtkWidget     *expander;

  TideRowLayout *layout;      /* (unowned): cells owns it */
  TideSummary    summary;     /* .connection is not to be used: borrowed from an older status */
  gint64         connection_id;
  char          *stream;      /* (owned) (nullable): NULL = the connection as a whole */
  char          *place;       /* (owned) (nullable): the second line where there are columns */
  gboolean       narrow;
  gboolean       expanded;
  gboolean       stopping;    /* whether the button stops */
};

G_DEFINE_FINAL_TYPE (TideStatusRow, tide_status_row, GTK_TYPE_LIST_BOX_ROW)

enum
{
  HOUR_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
tide_status_row_cell_activated_cb (TideStatusRow *self,
                                   guint          cell)
{
  g_signal_emit (self, signals[HOUR_ACTIVATED], 0, cell);
}

static const char *
tide_status_row_get_title (TideStatusRow *self)
{
  return gtk_label_get_label (GTK_LABEL (self->title));
}

static void
tide_status_row_update_time (TideStatusRow *self,
                             TideLive      *live,
                             TideRun       *running)
{
  gint64 now = tide_live_get_now (live);
  GTimeZone *zone = tide_live_get_zone (live);
  const TideSummary *summary = &self->summary;
  g_autofree char *text = NULL;
  g_autofree char *tooltip = NULL;

  if (running != NULL && running->started_at > 0)
    {
      g_autofree char *duration = tide_format_duration (now - running->started_at);

      text = now - running->started_at < TIDE_LIVE_AHEAD / 120
             ? g_strdup (_("just started"))
             /* Translators: how long a sync has been going: "2 min so far" */
             : g_strdup_printf (_("%s so far"), duration);
      tooltip = tide_format_exact (running->started_at, zone);
    }
  else if (tide_health_needs_owner (summary->health) && summary->since > 0)
    {
      g_autofree char *clock = tide_format_next (summary->since, now, zone);

      text = g_strdup_printf (_("since %s"), clock);
      tooltip = tide_format_exact (summary->since, zone);
    }
  else
    {
      text = tide_format_ago_short (summary->last_success, now);
      if (summary->last_success > 0)
        tooltip = tide_format_exact (summary->last_success, zone);
    }
  gtk_label_set_label (GTK_LABEL (self->time), text);
  gtk_widget_set_tooltip_text (self->time, tooltip);
}

static void
tide_status_row_update_next (TideStatusRow *self,
                             TideLive      *live)
{
  const TideSummary *summary = &self->summary;
  gint64 now = tide_live_get_now (live);
  GTimeZone *zone = tide_live_get_zone (live);
  gboolean retry = summary->retry_at > now && (summary->next_run == 0 || summary->retry_at < summary->next_run);
  gint64 at = retry ? summary->retry_at : summary->next_run;
  g_autofree char *clock = tide_format_next (at, now, zone);
  g_autofree char *text = retry ? g_strdup_printf (_("retry %s"), clock) : g_strdup (clock);
  g_autofree char *exact = at > 0 ? tide_format_exact (at, zone) : NULL;

  gtk_label_set_label (GTK_LABEL (self->next), text);
  gtk_widget_set_tooltip_text (self->next, exact);
}

/* The place; and where there is no column for it, what came today. */
static void
tide_status_row_update_subtitle (TideStatusRow *self)
{
  gboolean shows_today = self->narrow && (self->stream != NULL || !self->expanded) && self->summary.last_success > 0;
  g_autofree char *number = tide_format_number (self->summary.today);
  g_autofree char *today = shows_today ? g_strdup_printf (_("%s today"), number) : NULL;
  g_autofree char *text = self->place != NULL ? g_strjoin (" · ", self->place, today, NULL) : g_strdup (today);

  gtk_label_set_label (GTK_LABEL (self->subtitle), text != NULL ? text : "");
  gtk_widget_set_visible (self->subtitle, text != NULL);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->name),
                                  self->stream != NULL ? GTK_ORIENTATION_HORIZONTAL : GTK_ORIENTATION_VERTICAL);
}

static void
tide_status_row_update_today (TideStatusRow *self)
{
  g_autofree char *today = tide_format_number (self->summary.today);
  g_autofree char *records = tide_format_number (self->summary.records);
  g_autofree char *tooltip = g_strdup_printf (_("%s came or changed today, %s are here in all"), today, records);

  gtk_label_set_label (GTK_LABEL (self->today), self->summary.last_success > 0 || self->summary.today > 0 ? today : "–");
  gtk_widget_set_tooltip_text (self->today, tooltip);
  tide_status_row_update_subtitle (self);
}

static void
tide_status_row_update_button (TideStatusRow *self,
                               gboolean       stop)
{
  const char *title = tide_status_row_get_title (self);
  g_autofree char *label = stop ? g_strdup_printf (_("Stop syncing %s"), title)
                                : g_strdup_printf (_("Sync %s now"), title);

  self->stopping = stop;
  gtk_button_set_icon_name (GTK_BUTTON (self->button), stop ? "media-playback-stop-symbolic" : "view-refresh-symbolic");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button), stop ? "win.stop-stream" : "win.sync-stream");
  gtk_widget_set_tooltip_text (self->button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

/* The store counts a run in its hour as soon as it waits; a bar is only drawn for one that ended well. */
static void
tide_status_row_update_strip (TideStatusRow *self,
                              gboolean       syncing)
{
  TideHourCell *last = &self->summary.cells[TIDE_STRIP_PAST - 1];

  if (self->summary.last_success < last->hour && last->failed == 0 && last->retried == 0)
    last->runs = 0;
  tide_strip_set_cells (TIDE_STRIP (self->strip), self->summary.cells, tide_status_row_get_title (self), syncing);
}

static TideLook
tide_status_row_get_look (TideStatusRow   *self,
                          TideRun         *running,
                          TideRunProgress *progress,
                          char           **word)
{
  TideLook look = tide_look_for_health (self->summary.health);

  if (running != NULL)
    {
      look = tide_look_for_health (TIDE_HEALTH_SYNCING);
      if (progress != NULL && progress->expected > 0 && word != NULL)
        *word = g_strdup_printf (_("Syncing, %d%%"), tide_format_percent (progress->counts.read, progress->expected));
    }
  else if (self->summary.health == TIDE_HEALTH_SYNCING)
    look = tide_look_for_waiting ();
  return look;
}

/**
 * tide_status_row_update_progress:
 *
 * Shows where the run stands that is going here, if one is; cheap, for each step of it.
 */
void
tide_status_row_update_progress (TideStatusRow *self,
                                 TideLive      *live)
{
  TideRun *running = tide_live_find_running (live, self->connection_id, self->stream);
  TideRunProgress *progress = running != NULL ? tide_live_find_progress (live, running->sync_id) : NULL;
  g_autofree char *word = NULL;
  TideLook look = tide_status_row_get_look (self, running, progress, &word);
  g_autofree char *records = NULL;
  g_autofree char *tooltip = NULL;

  tide_status_label_set_look (TIDE_STATUS_LABEL (self->status), look);
  if (word != NULL)
    tide_status_label_set_word (TIDE_STATUS_LABEL (self->status), word);
  gtk_widget_set_visible (self->progress, word != NULL);
  if (progress != NULL)
    {
      if (progress->expected > 0)
        gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->progress),
                                       MIN ((double)progress->counts.read / (double)progress->expected, 1));
      records = tide_format_number (progress->counts.read);
      tooltip = progress->waiting != NULL ? g_strdup (progress->waiting)
                                          : g_strdup_printf (_("%s records read so far"), records);
    }
  gtk_widget_set_tooltip_text (self->status_box, tooltip);
  if (self->stopping != (running != NULL))
    tide_status_row_update_button (self, running != NULL);
}

/* A row is read as one sentence. */
static void
tide_status_row_update_accessible (TideStatusRow *self,
                                   gboolean       running,
                                   const char    *word)
{
  const char *title = tide_status_row_get_title (self);
  const char *time = gtk_label_get_label (GTK_LABEL (self->time));
  g_autofree char *text = NULL;

  if (running)
    text = g_strdup_printf (_("%s: %s, %s"), title, word, time);
  else if (self->summary.last_success == 0)
    text = g_strdup_printf (_("%s: %s"), title, word);
  else
    text = g_strdup_printf (_("%s: %s, last synced %s, %s today"), title, word, time,
                            gtk_label_get_label (GTK_LABEL (self->today)));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

/* An opened connection keeps its own word; the rest stands in its streams below. */
static void
tide_status_row_update_folding (TideStatusRow *self)
{
  gboolean details = self->stream != NULL || !self->expanded;

  gtk_widget_set_visible (self->time, details);
  gtk_widget_set_visible (self->strip, details);
  gtk_widget_set_visible (self->today, details);
  gtk_widget_set_visible (self->next, details);
  if (self->stream == NULL)
    {
      if (self->expanded)
        gtk_widget_set_state_flags (self->expander, GTK_STATE_FLAG_CHECKED, FALSE);
      else
        gtk_widget_unset_state_flags (self->expander, GTK_STATE_FLAG_CHECKED);
      gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_EXPANDED, self->expanded, -1);
    }
}

static void
tide_status_row_finalize (GObject *object)
{
  g_free (TIDE_STATUS_ROW (object)->stream);
  g_free (TIDE_STATUS_ROW (object)->place);
  G_OBJECT_CLASS (tide_status_row_parent_class)->finalize (object);
}

static void
tide_status_row_class_init (TideStatusRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = tide_status_row_finalize;

  /**
   * TideStatusRow::hour-activated:
   * @cell: which hour of the strip
   */
  signals[HOUR_ACTIVATED] = g_signal_new ("hour-activated", TIDE_TYPE_STATUS_ROW, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);

  g_type_ensure (TIDE_TYPE_STATUS_LABEL);
  g_type_ensure (TIDE_TYPE_STRIP);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/tide-status-row.ui");
  gtk_widget_class_bind_template_child (widget_class, TideStatusRow, cells);
  gtk_widget_class_bind_template_child (widget_class, TideStatusRow, tile);
  gtk_widget_class_bind_template_child (widget_class, TideStatusRow, name);
  gtk_widget_class_bind_template_child (widget_class, TideStatusRow, title);
  gtk_widget_class_bind_template_child (widget_class, TideStatusRow, subtitle);
  gtk_widget_class_bind_template_child (widget_class, TideStatusRow, status_box);
  gtk_widget_class_bind_template_child (widget_class, TideStatusRow, status);
  gtk_widget_class_bind_template_child (widget_class, TideStatusRow, progress);
  gtk_widget_class_bind_template_child (widget_class, TideStatusRow, time);
  gtk_widget_class_bind_template_child (widget_class, TideStatusRow, strip);
  gtk_widget_class_bind_template_child (widget_class, TideStatusRow, today);
  gtk_widget_class_bind_template_child (widget_class, TideStatusRow, next);
  gtk_widget_class_bind_template_child (widget_class, TideStatusRow, button);
  gtk_widget_class_bind_template_child (widget_class, TideStatusRow, expander);
  gtk_widget_class_bind_template_callback (widget_class, tide_status_row_cell_activated_cb);
}

static void
tide_status_row_init (TideStatusRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->layout = tide_row_layout_new ();
  tide_row_layout_set_slot (self->layout, TIDE_SLOT_TILE, self->tile);
  tide_row_layout_set_slot (self->layout, TIDE_SLOT_NAME, self->name);
  tide_row_layout_set_slot (self->layout, TIDE_SLOT_STATUS, self->status_box);
  tide_row_layout_set_slot (self->layout, TIDE_SLOT_TIME, self->time);
  tide_row_layout_set_slot (self->layout, TIDE_SLOT_STRIP, self->strip);
  tide_row_layout_set_slot (self->layout, TIDE_SLOT_TODAY, self->today);
  tide_row_layout_set_slot (self->layout, TIDE_SLOT_NEXT, self->next);
  tide_row_layout_set_slot (self->layout, TIDE_SLOT_BUTTON, self->button);
  tide_row_layout_set_slot (self->layout, TIDE_SLOT_EXPANDER, self->expander);
  gtk_widget_set_layout_manager (self->cells, GTK_LAYOUT_MANAGER (self->layout));
}

/**
 * tide_status_row_new:
 * @connection_id: which connection
 * @stream: (nullable): which of its streams, %NULL = the connection as a whole
 */
GtkWidget *
tide_status_row_new (gint64      connection_id,
                     const char *stream)
{
  TideStatusRow *self = g_object_new (TIDE_TYPE_STATUS_ROW, NULL);

  self->connection_id = connection_id;
  self->stream = g_strdup (stream);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->button), "(xs)", connection_id, stream != NULL ? stream : "");
  if (stream == NULL)
    gtk_widget_add_css_class (self->title, "heading");
  else
    {
      gtk_widget_add_css_class (GTK_WIDGET (self), "tide-nested");
      gtk_widget_set_visible (self->tile, FALSE);
      gtk_widget_set_visible (self->expander, FALSE);
    }
  tide_status_row_update_folding (self);
  return GTK_WIDGET (self);
}

/**
 * tide_status_row_set_titles:
 * @tile: (nullable): two letters
 * @subtitle: (nullable): a smaller second line
 */
void
tide_status_row_set_titles (TideStatusRow *self,
                            const char    *tile,
                            const char    *title,
                            const char    *subtitle)
{
  if (tile != NULL)
    gtk_label_set_label (GTK_LABEL (self->tile), tile);
  gtk_label_set_label (GTK_LABEL (self->title), title);
  g_free (self->place);
  self->place = g_strdup (subtitle);
  tide_status_row_update_subtitle (self);
  tide_status_row_update_button (self, self->stopping);
}

/* Without a sign-in nothing will happen, whatever the schedule says. */
static void
tide_status_row_forget_plans (TideStatusRow *self)
{
  self->summary.next_run = 0;
  self->summary.retry_at = 0;
  for (guint i = TIDE_STRIP_PAST; i < TIDE_STRIP_CELLS; i++)
    self->summary.cells[i].planned = 0;
}

/**
 * tide_status_row_update:
 * @summary: how it is doing; copied
 * @live: for the time and what is going on
 */
void
tide_status_row_update (TideStatusRow     *self,
                        const TideSummary *summary,
                        TideLive          *live)
{
  TideRun *running = tide_live_find_running (live, self->connection_id, self->stream);

  self->summary = *summary;
  self->summary.connection = NULL;
  if (summary->health == TIDE_HEALTH_SIGN_IN)
    tide_status_row_forget_plans (self);
  tide_status_row_update_time (self, live, running);
  tide_status_row_update_next (self, live);
  tide_status_row_update_today (self);
  tide_status_row_update_strip (self, running != NULL);
  tide_status_row_update_progress (self, live);
  tide_status_row_update_accessible (self, running != NULL,
                                     tide_status_row_get_look (self, running, NULL, NULL).word);
}

/**
 * tide_status_row_set_narrow:
 * @narrow: two lines instead of columns
 */
void
tide_status_row_set_narrow (TideStatusRow *self,
                            gboolean       narrow)
{
  self->narrow = narrow;
  tide_status_row_update_subtitle (self);
  tide_row_layout_set_narrow (self->layout, narrow);
  if (narrow)
    gtk_widget_add_css_class (GTK_WIDGET (self), "narrow");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "narrow");
}

/**
 * tide_status_row_set_expanded:
 * @expanded: whether the connection's streams are to be seen below
 */
void
tide_status_row_set_expanded (TideStatusRow *self,
                              gboolean       expanded)
{
  self->expanded = expanded;
  tide_status_row_update_folding (self);
  tide_status_row_update_subtitle (self);
}

gboolean
tide_status_row_get_expanded (TideStatusRow *self)
{
  return self->expanded;
}

gint64
tide_status_row_get_connection_id (TideStatusRow *self)
{
  return self->connection_id;
}

/**
 * tide_status_row_get_stream:
 *
 * Returns: (nullable): which stream, %NULL = the connection as a whole
 */
const char *
tide_status_row_get_stream (TideStatusRow *self)
{
  return self->stream;
}

/**
 * tide_status_row_get_hour:
 *
 * Returns: the instant at which that hour of the strip begins
 */
gint64
tide_status_row_get_hour (TideStatusRow *self,
                          guint          cell)
{
  return tide_strip_get_cell (TIDE_STRIP (self->strip), cell)->hour;
}
