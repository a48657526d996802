/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-break.h"
#include "tide-format.h"
#include "tide-header.h"
#include "tide-lane.h"
#include "tide-need-row.h"
#include "tide-overview-page.h"
#include "tide-queue-list.h"
#include "tide-row-layout.h"
#include "tide-sentence.h"
#include "tide-status-row.h"
#include "tide-strip-axis.h"
#include "tide-time.h"
#include "tide-timeline.h"
#include "tide-trouble.h"

#define MAX_NEEDS 5                   /* more are counted, and stand on Attention */

struct _TideOverviewPage
{
  AdwBin          parent_instance;

  GtkWidget      *sync_button;
  GtkWidget      *stop_button;
  GtkWidget      *stack;
  GtkWidget      *content;
  GtkWidget      *failed;
  GtkWidget      *disc;
  GtkWidget      *title;
  GtkWidget      *text;
  GtkWidget      *needs;
  GtkWidget      *more_needs;
  GtkWidget      *axis_row;
  GtkWidget      *axis_time;
  GtkWidget      *axis;
  GtkWidget      *axis_today;
  GtkWidget      *axis_next;
  GtkWidget      *list;
  GtkWidget      *queue;
  GtkWidget      *timeline_text;
  GtkWidget      *timeline;
  GtkWidget      *timeline_box;
  GtkWidget      *action_bar;
  GtkWidget      *bar_stop_button;

  TideLive       *live;       /* (owned) */
  GSettings      *settings;   /* (owned) */
  GPtrArray      *groups;     /* (owned) (nullable): as tide_summary_group() gave them */
  TideRowLayout  *axis_layout;/* (unowned): axis_row owns it */
  char           *shape;      /* (owned) (nullable): which rows there are, to tell when to make them anew */
  char           *need_shape; /* (owned) (nullable) */
  const char     *disc_style; /* (nullable): static */
  gboolean        narrow;
};

G_DEFINE_FINAL_TYPE (TideOverviewPage, tide_overview_page, ADW_TYPE_BIN)

/* Opened and closed connections are remembered by name; of the others, those open whose streams differ. */
static gboolean
tide_overview_page_is_expanded (TideOverviewPage  *self,
                                const TideSummary *summary)
{
  g_auto(GStrv) opened = g_settings_get_strv (self->settings, "opened-connections");
  g_auto(GStrv) closed = g_settings_get_strv (self->settings, "closed-connections");
  const char *name = summary->connection->name;

  if (g_strv_contains ((const char * const *)closed, name))
    return FALSE;
  return summary->differ || self->groups->len == 1 || g_strv_contains ((const char * const *)opened, name);
}

static void
settings_set_member (GSettings  *settings,
                     const char *key,
                     const char *name,
                     gboolean    member)
{
  g_auto(GStrv) names = g_settings_get_strv (settings, key);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) changed = NULL;

  for (guint i = 0; names[i] != NULL; i++)
    if (!g_str_equal (names[i], name))
      g_strv_builder_add (builder, names[i]);
  if (member)
    g_strv_builder_add (builder, name);
  changed = g_strv_builder_end (builder);
  g_settings_set_strv (settings, key, (const char * const *)changed);
}

static GPtrArray *
tide_overview_page_find_group (TideOverviewPage *self,
                               gint64            connection_id)
{
  for (guint i = 0; self->groups != NULL && i < self->groups->len; i++)
    {
      GPtrArray *group = g_ptr_array_index (self->groups, i);

      if (((TideStreamStatus *)g_ptr_array_index (group, 0))->connection->id == connection_id)
        return group;
    }
  return NULL;
}

static TideStreamStatus *
find_stream (GPtrArray  *group,
             const char *stream)
{
  for (guint i = 0; group != NULL && i < group->len; i++)
    {
      TideStreamStatus *status = g_ptr_array_index (group, i);

      if (g_strcmp0 (status->stream, stream) == 0)
        return status;
    }
  return NULL;
}

/* Each status row of the list, top to bottom. */
#define FOR_EACH_ROW(self, row) \
  for (GtkWidget *row = gtk_widget_get_first_child ((self)->list); row != NULL; row = gtk_widget_get_next_sibling (row)) \
    if (TIDE_IS_STATUS_ROW (row))

static void
tide_overview_page_update_folding (TideOverviewPage *self,
                                   gint64            connection_id,
                                   gboolean          expanded)
{
  FOR_EACH_ROW (self, row)
    {
      TideStatusRow *status_row = TIDE_STATUS_ROW (row);

      if (tide_status_row_get_connection_id (status_row) != connection_id)
        continue;
      if (tide_status_row_get_stream (status_row) == NULL)
        tide_status_row_set_expanded (status_row, expanded);
      else
        gtk_widget_set_visible (row, expanded);
    }
}

static void
tide_overview_page_row_activated_cb (TideOverviewPage *self,
                                     GtkListBoxRow    *list_row)
{
  TideStatusRow *row = TIDE_STATUS_ROW (list_row);
  gint64 connection_id = tide_status_row_get_connection_id (row);
  GPtrArray *group = tide_overview_page_find_group (self, connection_id);
  const char *stream = tide_status_row_get_stream (row);
  TideStreamStatus *status = stream != NULL ? find_stream (group, stream) : NULL;
  gboolean expanded = !tide_status_row_get_expanded (row);
  const char *name;

  if (stream != NULL)
    {
      TideRun *run = tide_live_find_running (self->live, connection_id, stream);

      if (run == NULL && status != NULL)
        run = status->last_run;
      if (run != NULL)
        gtk_widget_activate_action (GTK_WIDGET (self), "win.open-run", "s", run->sync_id);
      return;
    }
  if (group == NULL)
    return;
  name = ((TideStreamStatus *)g_ptr_array_index (group, 0))->connection->name;
  settings_set_member (self->settings, "opened-connections", name, expanded);
  settings_set_member (self->settings, "closed-connections", name, !expanded);
  tide_overview_page_update_folding (self, connection_id, expanded);
}

static void
tide_overview_page_hour_activated_cb (TideOverviewPage *self,
                                      guint             cell,
                                      TideStatusRow    *row)
{
  const char *stream = tide_status_row_get_stream (row);

  if (cell < TIDE_STRIP_PAST)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.show-runs", "(xsxb)",
                                tide_status_row_get_connection_id (row), stream != NULL ? stream : "",
                                tide_status_row_get_hour (row, cell), FALSE);
}

static TideStatusRow *
tide_overview_page_add_row (TideOverviewPage *self,
                            gint64            connection_id,
                            const char       *stream)
{
  GtkWidget *row = tide_status_row_new (connection_id, stream);

  tide_status_row_set_narrow (TIDE_STATUS_ROW (row), self->narrow);
  g_signal_connect_object (row, "hour-activated", G_CALLBACK (tide_overview_page_hour_activated_cb),
                           self, G_CONNECT_SWAPPED);
  gtk_list_box_append (GTK_LIST_BOX (self->list), row);
  return TIDE_STATUS_ROW (row);
}

static void
tide_overview_page_add_group (TideOverviewPage *self,
                              GPtrArray        *group)
{
  TideSummary summary;
  TideConnection *connection;
  TideProviderInfo *provider;
  TideVenue *venue;
  TideStatusRow *row;

  tide_summary_init (&summary, group);
  connection = summary.connection;
  provider = tide_live_find_provider (self->live, connection->provider);
  venue = tide_live_find_venue (self->live, connection->venue_id);
  row = tide_overview_page_add_row (self, connection->id, NULL);
  tide_status_row_set_titles (row, provider != NULL ? provider->tile : "?", connection->name,
                              venue != NULL ? venue->name : NULL);
  for (guint i = 0; i < group->len; i++)
    {
      TideStreamStatus *status = g_ptr_array_index (group, i);

      row = tide_overview_page_add_row (self, connection->id, status->stream);
      tide_status_row_set_titles (row, NULL, status->label, NULL);
    }
  tide_overview_page_update_folding (self, connection->id, tide_overview_page_is_expanded (self, &summary));
}

/* Which rows there are to be, as a text: when it changes they are made anew, else only filled. */
static char *
tide_overview_page_dup_shape (TideOverviewPage *self)
{
  g_autoptr(GString) shape = g_string_new (NULL);

  for (guint i = 0; i < self->groups->len; i++)
    {
      GPtrArray *group = g_ptr_array_index (self->groups, i);

      for (guint k = 0; k < group->len; k++)
        {
          TideStreamStatus *status = g_ptr_array_index (group, k);

          g_string_append_printf (shape, "%" G_GINT64_FORMAT "/%s/%s\n",
                                  status->connection->id, status->connection->name, status->stream);
        }
    }
  return g_string_free (g_steal_pointer (&shape), FALSE);
}

static void
list_box_clear (GtkWidget *list)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (list)) != NULL)
    gtk_list_box_remove (GTK_LIST_BOX (list), row);
}

static void
tide_overview_page_update_rows (TideOverviewPage *self)
{
  g_autofree char *shape = tide_overview_page_dup_shape (self);
  TideStreamStatus *first;

  if (g_strcmp0 (shape, self->shape) != 0)
    {
      g_free (self->shape);
      self->shape = g_steal_pointer (&shape);
      list_box_clear (self->list);
      for (guint i = 0; i < self->groups->len; i++)
        tide_overview_page_add_group (self, g_ptr_array_index (self->groups, i));
    }
  FOR_EACH_ROW (self, row)
    {
      TideStatusRow *status_row = TIDE_STATUS_ROW (row);
      GPtrArray *group = tide_overview_page_find_group (self, tide_status_row_get_connection_id (status_row));
      TideStreamStatus *status = find_stream (group, tide_status_row_get_stream (status_row));
      g_autoptr(GPtrArray) single = g_ptr_array_new ();
      TideSummary summary;

      g_ptr_array_add (single, status);
      tide_summary_init (&summary, status != NULL ? single : group);
      tide_status_row_update (status_row, &summary, self->live);
    }
  first = g_ptr_array_index ((GPtrArray *)g_ptr_array_index (self->groups, 0), 0);
  tide_strip_axis_set_hours (TIDE_STRIP_AXIS (self->axis), first->cells);
}

/* Each is listed, here or behind this. */
static void
tide_overview_page_update_more_needs (TideOverviewPage *self,
                                      int               more)
{
  g_autofree char *text = g_strdup_printf (ngettext ("Show %d More", "Show %d More", MAX (more, 1)), more);

  gtk_button_set_label (GTK_BUTTON (self->more_needs), text);
  gtk_widget_set_visible (self->more_needs, more > 0);
}

static void
tide_overview_page_update_needs (TideOverviewPage *self,
                                 gint64            now)
{
  g_autoptr(GPtrArray) needs = tide_need_list (tide_live_get_statuses (self->live),
                                               tide_live_get_attention (self->live),
                                               tide_live_get_venue_id (self->live));
  guint shown = needs->len <= MAX_NEEDS + 1 ? needs->len : MAX_NEEDS;
  g_autoptr(GString) shape = g_string_new (NULL);

  tide_overview_page_update_more_needs (self, (int)(needs->len - shown));
  for (guint i = 0; i < shown; i++)
    {
      g_autofree char *title = tide_need_dup_title (g_ptr_array_index (needs, i));

      g_string_append (shape, title);
    }
  gtk_widget_set_visible (self->needs, needs->len > 0);
  /* Made anew only when they differ: the focus may be on one of their buttons. */
  if (g_strcmp0 (shape->str, self->need_shape) == 0)
    return;
  g_free (self->need_shape);
  self->need_shape = g_string_free (g_steal_pointer (&shape), FALSE);
  list_box_clear (self->needs);
  for (guint i = 0; i < shown; i++)
    {
      GtkWidget *row = tide_need_row_new (g_ptr_array_index (needs, i), i == 0, now, tide_live_get_zone (self->live));

      tide_need_row_set_narrow (TIDE_NEED_ROW (row), self->narrow);
      gtk_list_box_append (GTK_LIST_BOX (self->needs), row);
    }
}

static void
tide_overview_page_update_sentence (TideOverviewPage *self,
                                    gint64            now)
{
  g_autoptr(TideSentence) sentence = tide_sentence_new (tide_live_get_statuses (self->live),
                                                        tide_live_get_attention (self->live),
                                                        tide_live_get_venue_id (self->live),
                                                        now, tide_live_get_zone (self->live));

  gtk_label_set_label (GTK_LABEL (self->title), sentence->title);
  gtk_label_set_label (GTK_LABEL (self->text), sentence->text);
  gtk_widget_set_visible (self->text, *sentence->text != '\0');
  gtk_image_set_from_icon_name (GTK_IMAGE (self->disc), sentence->look.icon);
  if (self->disc_style == sentence->look.style)
    return;
  if (self->disc_style != NULL)
    gtk_widget_remove_css_class (self->disc, self->disc_style);
  gtk_widget_add_css_class (self->disc, sentence->look.style);
  self->disc_style = sentence->look.style;
}

static void
tide_overview_page_update_timeline (TideOverviewPage *self,
                                    gint64            now)
{
  gint64 from = now - now % (5 * TIDE_MINUTE) - 3 * TIDE_MINUTE;
  gint64 until = from + TIDE_LIVE_AHEAD;
  g_autoptr(GPtrArray) running = tide_live_list_running (self->live);
  GPtrArray *lanes = tide_lane_list_new (tide_live_get_statuses (self->live), tide_live_get_venue_id (self->live),
                                         running, tide_live_get_planned (self->live), now, until);
  int planned = 0;
  g_autofree char *text = NULL;

  for (guint i = 0; i < lanes->len; i++)
    {
      const TideLane *lane = g_ptr_array_index (lanes, i);

      for (guint k = 0; k < lane->blocks->len; k++)
        planned += g_array_index (lane->blocks, TideBlock, k).kind != TIDE_BLOCK_RUNNING;
    }
  text = planned > 0 ? g_strdup_printf (ngettext ("%d sync is planned", "%d syncs are planned", planned), planned)
                     : g_strdup (_("nothing is planned"));
  gtk_label_set_label (GTK_LABEL (self->timeline_text), text);
  gtk_widget_set_visible (self->timeline_box, lanes->len > 0);
  tide_timeline_set_lanes (TIDE_TIMELINE (self->timeline), lanes, from, until, now);
}

static void
tide_overview_page_update_busy (TideOverviewPage *self)
{
  gboolean syncing = tide_live_is_syncing (self->live);

  gtk_widget_set_visible (self->stop_button, syncing && !self->narrow);
  gtk_widget_set_visible (self->bar_stop_button, syncing);
}

static void
tide_overview_page_update (TideOverviewPage *self)
{
  GPtrArray *statuses = tide_live_get_statuses (self->live);
  const GError *error = tide_live_get_error (self->live);
  gint64 now = tide_live_get_now (self->live);
  g_autofree char *trouble = NULL;

  if (statuses == NULL)
    {
      if (error != NULL)
        {
          trouble = tide_trouble_describe (error, _("Tidemark"));
          adw_status_page_set_description (ADW_STATUS_PAGE (self->failed), trouble);
        }
      gtk_stack_set_visible_child_name (GTK_STACK (self->stack), error != NULL ? "failed" : "loading");
      return;
    }
  g_clear_pointer (&self->groups, g_ptr_array_unref);
  self->groups = tide_summary_group (statuses, tide_live_get_venue_id (self->live));
  gtk_widget_set_sensitive (self->sync_button, self->groups->len > 0);
  if (self->groups->len == 0)
    {
      gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "empty");
      return;
    }
  tide_overview_page_update_sentence (self, now);
  tide_overview_page_update_needs (self, now);
  tide_overview_page_update_rows (self);
  tide_overview_page_update_timeline (self, now);
  tide_overview_page_update_busy (self);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "list");
}

/* Only the rows concerned: this comes ten times a second. */
static void
tide_overview_page_progress_cb (TideOverviewPage *self,
                                TideRunProgress  *progress)
{
  FOR_EACH_ROW (self, row)
    {
      TideStatusRow *status_row = TIDE_STATUS_ROW (row);
      const char *stream = tide_status_row_get_stream (status_row);

      if (tide_status_row_get_connection_id (status_row) == progress->connection_id
          && (stream == NULL || g_strcmp0 (stream, progress->stream) == 0))
        tide_status_row_update_progress (status_row, self->live);
    }
}

static void
tide_overview_page_narrow_cb (TideOverviewPage *self,
                              GParamSpec       *pspec,
                              TideBreak        *widget)
{
  GtkWidget *row;

  self->narrow = tide_break_get_narrow (widget);
  FOR_EACH_ROW (self, status_row)
    tide_status_row_set_narrow (TIDE_STATUS_ROW (status_row), self->narrow);
  for (row = gtk_widget_get_first_child (self->needs); row != NULL; row = gtk_widget_get_next_sibling (row))
    if (TIDE_IS_NEED_ROW (row))
      tide_need_row_set_narrow (TIDE_NEED_ROW (row), self->narrow);
  tide_row_layout_set_narrow (self->axis_layout, self->narrow);
  tide_queue_list_set_narrow (TIDE_QUEUE_LIST (self->queue), self->narrow);
  gtk_widget_set_visible (self->axis_time, !self->narrow);
  gtk_widget_set_visible (self->action_bar, self->narrow);
  gtk_widget_set_visible (self->sync_button, !self->narrow);
  tide_overview_page_update_busy (self);
  gtk_widget_set_margin_start (self->content, self->narrow ? 12 : 32);
  gtk_widget_set_margin_end (self->content, self->narrow ? 12 : 32);
}

static void
tide_overview_page_dispose (GObject *object)
{
  TideOverviewPage *self = TIDE_OVERVIEW_PAGE (object);

  g_clear_object (&self->live);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->groups, g_ptr_array_unref);
  G_OBJECT_CLASS (tide_overview_page_parent_class)->dispose (object);
}

static void
tide_overview_page_finalize (GObject *object)
{
  TideOverviewPage *self = TIDE_OVERVIEW_PAGE (object);

  g_free (self->shape);
  g_free (self->need_shape);
  G_OBJECT_CLASS (tide_overview_page_parent_class)->finalize (object);
}

static void
tide_overview_page_class_init (TideOverviewPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_overview_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = tide_overview_page_finalize;

  g_type_ensure (TIDE_TYPE_BREAK);
  g_type_ensure (TIDE_TYPE_HEADER);
  g_type_ensure (TIDE_TYPE_QUEUE_LIST);
  g_type_ensure (TIDE_TYPE_STRIP_AXIS);
  g_type_ensure (TIDE_TYPE_TIMELINE);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/tide-overview-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TideOverviewPage, sync_button);
  gtk_widget_class_bind_template_child (widget_class, TideOverviewPage, stop_button);
  gtk_widget_class_bind_template_child (widget_class, TideOverviewPage, stack);
  gtk_widget_class_bind_template_child (widget_class, TideOverviewPage, content);
  gtk_widget_class_bind_template_child (widget_class, TideOverviewPage, failed);
  gtk_widget_class_bind_template_child (widget_class, TideOverviewPage, disc);
  gtk_widget_class_bind_template_child (widget_class, TideOverviewPage, title);
  gtk_widget_class_bind_template_child (widget_class, TideOverviewPage, text);
  gtk_widget_class_bind_template_child (widget_class, TideOverviewPage, needs);
  gtk_widget_class_bind_template_child (widget_class, TideOverviewPage, more_needs);
  gtk_widget_class_bind_template_child (widget_class, TideOverviewPage, axis_row);
  gtk_widget_class_bind_template_child (widget_class, TideOverviewPage, axis_time);
  gtk_widget_class_bind_template_child (widget_class, TideOverviewPage, axis);
  gtk_widget_class_bind_template_child (widget_class, TideOverviewPage, axis_today);
  gtk_widget_class_bind_template_child (widget_class, TideOverviewPage, axis_next);
  gtk_widget_class_bind_template_child (widget_class, TideOverviewPage, list);
  gtk_widget_class_bind_template_child (widget_class, TideOverviewPage, queue);
  gtk_widget_class_bind_template_child (widget_class, TideOverviewPage, timeline_text);
  gtk_widget_class_bind_template_child (widget_class, TideOverviewPage, timeline);
  gtk_widget_class_bind_template_child (widget_class, TideOverviewPage, timeline_box);
  gtk_widget_class_bind_template_child (widget_class, TideOverviewPage, action_bar);
  gtk_widget_class_bind_template_child (widget_class, TideOverviewPage, bar_stop_button);
  gtk_widget_class_bind_template_callback (widget_class, tide_overview_page_row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, tide_overview_page_narrow_cb);
}

static void
tide_overview_page_init (TideOverviewPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->axis_layout = tide_row_layout_new ();
  tide_row_layout_set_slot (self->axis_layout, TIDE_SLOT_TIME, self->axis_time);
  tide_row_layout_set_slot (self->axis_layout, TIDE_SLOT_STRIP, self->axis);
  tide_row_layout_set_slot (self->axis_layout, TIDE_SLOT_TODAY, self->axis_today);
  tide_row_layout_set_slot (self->axis_layout, TIDE_SLOT_NEXT, self->axis_next);
  gtk_widget_set_layout_manager (self->axis_row, GTK_LAYOUT_MANAGER (self->axis_layout));
}

/**
 * tide_overview_page_new:
 * @live: what to show
 * @settings: where it is remembered which connections are opened
 */
GtkWidget *
tide_overview_page_new (TideLive  *live,
                        GSettings *settings)
{
  TideOverviewPage *self = g_object_new (TIDE_TYPE_OVERVIEW_PAGE, NULL);

  self->live = g_object_ref (live);
  self->settings = g_object_ref (settings);
  tide_queue_list_set_live (TIDE_QUEUE_LIST (self->queue), live);
  g_signal_connect_object (live, "changed", G_CALLBACK (tide_overview_page_update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (live, "progress", G_CALLBACK (tide_overview_page_progress_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (live, "runs-changed", G_CALLBACK (tide_overview_page_update_busy), self, G_CONNECT_SWAPPED);
  tide_overview_page_update (self);
  return GTK_WIDGET (self);
}
