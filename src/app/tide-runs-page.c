/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-break.h"
#include "tide-filter-drop.h"
#include "tide-format.h"
#include "tide-header.h"
#include "tide-heat-map.h"
#include "tide-job.h"
#include "tide-run-cells.h"
#include "tide-run-entry.h"
#include "tide-run-model.h"
#include "tide-runs-page.h"
#include "tide-status-label.h"
#include "tide-sum-bar.h"
#include "tide-time.h"
#include "tide-trouble.h"

struct _TideRunsPage
{
  AdwBin             parent_instance;

  GtkWidget         *content;
  GtkWidget         *venue;
  GtkWidget         *provider;
  GtkWidget         *entity;
  GtkWidget         *outcome;
  GtkWidget         *asker;
  GtkWidget         *period;
  GtkWidget         *search;
  GtkWidget         *hour_button;
  GtkWidget         *hour_label;
  GtkWidget         *all_toggle;
  GtkWidget         *problems_toggle;
  GtkWidget         *legend;
  GtkWidget         *heat_map;
  GtkWidget         *count;
  GtkWidget         *stack;
  GtkWidget         *failed;
  GtkWidget         *view;
  GtkColumnViewColumn *outcome_column;
  GtkColumnViewColumn *started_column;
  GtkColumnViewColumn *connection_column;
  GtkColumnViewColumn *took_column;
  GtkColumnViewColumn *records_column;
  GtkColumnViewColumn *bar_column;
  GtkColumnViewColumn *asker_column;

  TideLive          *live;      /* (owned) */
  TideRunModel      *model;     /* (owned) */
  GCancellable      *cancellable; /* (owned) (nullable): of the heat map's question */
  gint64             connection_id; /* only this connection's, 0 = any; by show(), undone with the hour */
  gint64             hour;      /* only this hour's, 0 = any */
  gboolean           muted;     /* filters are being set by the program */
};

G_DEFINE_FINAL_TYPE (TideRunsPage, tide_runs_page, ADW_TYPE_BIN)

/* Days to look back, by the period's value. */
static gint64
period_get_since (const char *period,
                  gint64      now)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();

  if (period == NULL)
    return 0;
  if (g_str_equal (period, "hour"))
    return now - TIDE_HOUR;
  return tide_time_local_midnight (now, zone, 1 - (int)g_ascii_strtoll (period, NULL, 10));
}

static void
tide_runs_page_get_filter (TideRunsPage  *self,
                           TideRunFilter *filter)
{
  const char *search = gtk_editable_get_text (GTK_EDITABLE (self->search));

  filter->connection_id = self->connection_id;
  filter->venue = g_strdup (tide_filter_drop_get_value (TIDE_FILTER_DROP (self->venue)));
  filter->provider = g_strdup (tide_filter_drop_get_value (TIDE_FILTER_DROP (self->provider)));
  filter->entity = g_strdup (tide_filter_drop_get_value (TIDE_FILTER_DROP (self->entity)));
  filter->outcome = g_strdup (tide_filter_drop_get_value (TIDE_FILTER_DROP (self->outcome)));
  filter->requested_by = g_strdup (tide_filter_drop_get_value (TIDE_FILTER_DROP (self->asker)));
  filter->search = *search != '\0' ? g_strdup (search) : NULL;
  filter->since = self->hour != 0 ? self->hour
                                  : period_get_since (tide_filter_drop_get_value (TIDE_FILTER_DROP (self->period)),
                                                      tide_live_get_now (self->live));
  filter->until = self->hour != 0 ? self->hour + TIDE_HOUR : 0;
}

static void
tide_runs_page_update_hour (TideRunsPage *self)
{
  gint64 now = tide_live_get_now (self->live);
  GTimeZone *zone = tide_live_get_zone (self->live);
  TideConnection *connection = tide_live_find_connection (self->live, self->connection_id);
  g_autofree char *day = NULL;
  g_autofree char *from = NULL;
  g_autofree char *until = NULL;
  g_autofree char *text = NULL;

  gtk_widget_set_visible (self->hour_button, self->hour != 0 || connection != NULL);
  if (self->hour == 0)
    {
      gtk_label_set_label (GTK_LABEL (self->hour_label), connection != NULL ? connection->name : "");
      return;
    }
  day = tide_format_day (self->hour, now, zone);
  from = tide_format_clock (self->hour, zone);
  until = tide_format_clock (self->hour + TIDE_HOUR, zone);
  text = connection != NULL ? g_strdup_printf (_("%s, %s, %s to %s"), connection->name, day, from, until)
                            : g_strdup_printf (_("%s, %s to %s"), day, from, until);
  gtk_label_set_label (GTK_LABEL (self->hour_label), text);
}

static void
tide_runs_page_apply (TideRunsPage *self)
{
  TideRunFilter filter = { 0 };
  gboolean problems = g_strcmp0 (tide_filter_drop_get_value (TIDE_FILTER_DROP (self->outcome)), "problems") == 0;

  if (self->muted)
    return;
  self->muted = TRUE;
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (problems ? self->problems_toggle : self->all_toggle), TRUE);
  self->muted = FALSE;
  tide_heat_map_set_problems_only (TIDE_HEAT_MAP (self->heat_map), problems);
  tide_runs_page_update_hour (self);
  tide_runs_page_get_filter (self, &filter);
  tide_run_model_set_filter (self->model, &filter);
  tide_run_filter_clear (&filter);
}

static void
tide_runs_page_toggled_cb (TideRunsPage *self)
{
  gboolean problems = gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->problems_toggle));

  if (self->muted)
    return;
  tide_filter_drop_set_value (TIDE_FILTER_DROP (self->outcome), problems ? "problems" : NULL);
  tide_runs_page_apply (self);
}

static void
tide_runs_page_clear_hour_cb (TideRunsPage *self)
{
  self->hour = 0;
  self->connection_id = 0;
  tide_runs_page_apply (self);
}

static void
tide_runs_page_clear_cb (TideRunsPage *self)
{
  tide_runs_page_show (self, 0, "", 0, FALSE);
}

/* How far the heat map's hours concern the chosen venue, service and data. */
static void
filter_hours (TideRunsPage *self,
              GArray       *hours)
{
  const char *venue_name = tide_filter_drop_get_value (TIDE_FILTER_DROP (self->venue));
  const char *provider = tide_filter_drop_get_value (TIDE_FILTER_DROP (self->provider));
  const char *entity = tide_filter_drop_get_value (TIDE_FILTER_DROP (self->entity));

  for (guint i = hours->len; i > 0; i--)
    {
      const TideRunHour *hour = &g_array_index (hours, TideRunHour, i - 1);
      TideConnection *connection = tide_live_find_connection (self->live, hour->connection_id);
      TideVenue *venue = connection != NULL ? tide_live_find_venue (self->live, connection->venue_id) : NULL;
      TideProviderInfo *info = connection != NULL ? tide_live_find_provider (self->live, connection->provider) : NULL;
      const TideStreamInfo *stream = info != NULL ? tide_provider_info_get_stream (info, hour->stream) : NULL;

      if ((venue_name != NULL && (venue == NULL || g_strcmp0 (venue->name, venue_name) != 0))
          || (provider != NULL && (connection == NULL || g_strcmp0 (connection->provider, provider) != 0))
          || (entity != NULL && (stream == NULL || g_strcmp0 (stream->entity, entity) != 0)))
        g_array_remove_index (hours, i - 1);
    }
}

typedef struct
{
  gint64 since;
  gint64 until;
} Span;

static gpointer
hours_job (TideEngine    *engine,
           gpointer       data,
           GCancellable  *cancellable,
           GError       **error)
{
  const Span *span = data;

  return tide_engine_get_run_hours (engine, span->since, span->until, error);
}

static void
tide_runs_page_hours_cb (GObject      *object,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  g_autoptr(TideRunsPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) hours = tide_job_finish (result, &error);
  g_autoptr(GArray) planned = g_array_new (FALSE, FALSE, sizeof (gint64));
  GPtrArray *plan;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (hours == NULL)
    {
      g_warning ("reading the hours: %s", error->message);
      return;
    }
  plan = tide_live_get_planned (self->live);
  for (guint i = 0; i < plan->len; i++)
    g_array_append_val (planned, ((TidePlannedRun *)g_ptr_array_index (plan, i))->at);
  filter_hours (self, hours);
  tide_heat_map_set_hours (TIDE_HEAT_MAP (self->heat_map), hours, planned, tide_live_get_now (self->live));
}

static void
tide_runs_page_load_hours (TideRunsPage *self)
{
  gint64 now = tide_live_get_now (self->live);
  Span *span = g_new (Span, 1);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  span->since = tide_heat_map_get_first_hour (now);
  span->until = now + TIDE_HOUR;
  tide_job_run (tide_live_get_engine (self->live), hours_job, span, g_free, (GDestroyNotify)g_array_unref,
                self->cancellable, tide_runs_page_hours_cb, g_object_ref (self));
}

static void
tide_runs_page_filter_changed_cb (TideRunsPage *self)
{
  tide_runs_page_apply (self);
  tide_runs_page_load_hours (self);
}

static void
tide_runs_page_cell_activated_cb (TideRunsPage *self,
                                  guint         cell)
{
  self->hour = tide_heat_map_get_hour (TIDE_HEAT_MAP (self->heat_map), cell);
  tide_runs_page_apply (self);
}

static void
tide_runs_page_row_activated_cb (TideRunsPage *self,
                                 guint         position)
{
  g_autoptr(TideRunEntry) entry = g_list_model_get_item (G_LIST_MODEL (self->model), position);
  TideRun *run = entry != NULL ? tide_run_entry_get_run (entry) : NULL;

  if (run != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.open-run", "s", run->sync_id);
}

static gboolean
tide_runs_page_go_top_cb (GtkWidget     *widget,
                          GdkFrameClock *clock,
                          gpointer       user_data)
{
  gtk_adjustment_set_value (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (widget)), 0);
  return G_SOURCE_REMOVE;
}

/* Who looks at the newest runs goes on doing so when newer ones come. */
static void
tide_runs_page_items_changed_cb (TideRunsPage *self,
                                 guint         position)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->view));

  if (position == 0 && gtk_adjustment_get_value (adjustment) < 1)
    gtk_widget_add_tick_callback (self->view, tide_runs_page_go_top_cb, NULL, NULL);
}

static void
tide_runs_page_loaded_cb (TideRunsPage *self)
{
  const GError *error = tide_run_model_get_error (self->model);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->model));
  g_autofree char *number = tide_format_number (n);
  g_autofree char *text = g_strdup_printf (ngettext ("%s run", "%s runs", n), number);
  g_autofree char *trouble = NULL;

  gtk_label_set_label (GTK_LABEL (self->count), text);
  if (error != NULL)
    {
      trouble = tide_trouble_describe (error, _("Tidemark"));
      adw_status_page_set_description (ADW_STATUS_PAGE (self->failed), trouble);
    }
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), error != NULL ? "failed" : n > 0 ? "list" : "empty");
}

static void
tide_runs_page_update_choices (TideRunsPage *self)
{
  GPtrArray *venues = tide_live_get_venues (self->live);
  GPtrArray *connections = tide_live_get_connections (self->live);

  tide_filter_drop_begin (TIDE_FILTER_DROP (self->venue));
  tide_filter_drop_add (TIDE_FILTER_DROP (self->venue), _("Any venue"), NULL);
  for (guint i = 0; i < venues->len; i++)
    {
      TideVenue *venue = g_ptr_array_index (venues, i);

      tide_filter_drop_add (TIDE_FILTER_DROP (self->venue), venue->name, venue->name);
    }
  tide_filter_drop_end (TIDE_FILTER_DROP (self->venue));
  tide_filter_drop_begin (TIDE_FILTER_DROP (self->provider));
  tide_filter_drop_begin (TIDE_FILTER_DROP (self->entity));
  tide_filter_drop_add (TIDE_FILTER_DROP (self->provider), _("Any service"), NULL);
  tide_filter_drop_add (TIDE_FILTER_DROP (self->entity), _("Any data"), NULL);
  for (guint i = 0; i < connections->len; i++)
    {
      TideConnection *connection = g_ptr_array_index (connections, i);
      TideProviderInfo *provider = tide_live_find_provider (self->live, connection->provider);

      if (provider == NULL)
        continue;
      tide_filter_drop_add (TIDE_FILTER_DROP (self->provider), provider->name, provider->id);
      for (guint k = 0; k < provider->streams->len; k++)
        {
          const TideStreamInfo *stream = g_ptr_array_index (provider->streams, k);

          if (!stream->child)
            tide_filter_drop_add (TIDE_FILTER_DROP (self->entity), stream->label, stream->entity);
        }
    }
  tide_filter_drop_end (TIDE_FILTER_DROP (self->provider));
  tide_filter_drop_end (TIDE_FILTER_DROP (self->entity));
}

static void
tide_runs_page_add_fixed_choices (TideRunsPage *self)
{
  TideFilterDrop *outcome = TIDE_FILTER_DROP (self->outcome);
  TideFilterDrop *asker = TIDE_FILTER_DROP (self->asker);
  TideFilterDrop *period = TIDE_FILTER_DROP (self->period);

  tide_filter_drop_begin (outcome);
  tide_filter_drop_add (outcome, _("Any outcome"), NULL);
  tide_filter_drop_add (outcome, _("Problems"), "problems");
  tide_filter_drop_add (outcome, _("Syncing now"), "processing");
  tide_filter_drop_add (outcome, _("Done"), "completed");
  tide_filter_drop_add (outcome, _("Failed"), "failed");
  tide_filter_drop_add (outcome, _("Stopped"), "cancelled");
  tide_filter_drop_end (outcome);
  tide_filter_drop_begin (asker);
  tide_filter_drop_add (asker, _("Asked by anyone"), NULL);
  tide_filter_drop_add (asker, _("By the schedule"), "schedule");
  tide_filter_drop_add (asker, _("By you"), "owner");
  tide_filter_drop_end (asker);
  tide_filter_drop_begin (period);
  tide_filter_drop_add (period, _("Any time"), NULL);
  tide_filter_drop_add (period, _("Last hour"), "hour");
  tide_filter_drop_add (period, _("Today"), "1");
  tide_filter_drop_add (period, _("Last 7 days"), "7");
  tide_filter_drop_add (period, _("Last 30 days"), "30");
  tide_filter_drop_end (period);
}

static void
tide_runs_page_changed_cb (TideRunsPage *self)
{
  tide_runs_page_update_choices (self);
  tide_run_model_touch (self->model);
  tide_run_model_refresh (self->model);
  tide_runs_page_load_hours (self);
}

static void
tide_runs_page_progress_cb (TideRunsPage    *self,
                            TideRunProgress *progress)
{
  tide_run_model_set_progress (self->model, progress);
}

/* 0 hides the column; its width too, as GTK counts that of hidden ones in what the table needs. */
static void
column_set_width (GtkColumnViewColumn *column,
                  int                  width)
{
  gtk_column_view_column_set_fixed_width (column, width);
  gtk_column_view_column_set_visible (column, width != 0);
}

/* Fewer columns where there is less room; the rest is one click away. */
static void
tide_runs_page_narrow_cb (TideRunsPage *self,
                          GParamSpec   *pspec,
                          TideBreak    *widget)
{
  gboolean wide = !tide_break_get_narrow (widget);

  column_set_width (self->outcome_column, wide ? 150 : 122);
  column_set_width (self->connection_column, wide ? -1 : 0);
  column_set_width (self->started_column, wide ? 132 : 108);
  column_set_width (self->took_column, wide ? 72 : 0);
  column_set_width (self->records_column, wide ? 84 : 0);
  column_set_width (self->bar_column, wide ? 176 : 0);
  column_set_width (self->asker_column, wide ? 104 : 0);
  gtk_widget_set_visible (self->legend, wide);
  gtk_widget_set_margin_start (self->content, wide ? 32 : 12);
  gtk_widget_set_margin_end (self->content, wide ? 32 : 12);
}

static void
tide_runs_page_dispose (GObject *object)
{
  TideRunsPage *self = TIDE_RUNS_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->live);
  g_clear_object (&self->model);
  G_OBJECT_CLASS (tide_runs_page_parent_class)->dispose (object);
}

static void
tide_runs_page_class_init (TideRunsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_runs_page_dispose;

  g_type_ensure (TIDE_TYPE_BREAK);
  g_type_ensure (TIDE_TYPE_FILTER_DROP);
  g_type_ensure (TIDE_TYPE_HEADER);
  g_type_ensure (TIDE_TYPE_HEAT_MAP);
  g_type_ensure (TIDE_TYPE_RUN_ENTRY);
  g_type_ensure (TIDE_TYPE_STATUS_LABEL);
  g_type_ensure (TIDE_TYPE_SUM_BAR);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/tide-runs-page.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, TideRunsPage, name)
  BIND (content);
  BIND (venue);
  BIND (provider);
  BIND (entity);
  BIND (outcome);
  BIND (asker);
  BIND (period);
  BIND (search);
  BIND (hour_button);
  BIND (hour_label);
  BIND (all_toggle);
  BIND (problems_toggle);
  BIND (legend);
  BIND (heat_map);
  BIND (count);
  BIND (stack);
  BIND (failed);
  BIND (view);
  BIND (outcome_column);
  BIND (started_column);
  BIND (connection_column);
  BIND (took_column);
  BIND (records_column);
  BIND (bar_column);
  BIND (asker_column);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, tide_runs_page_filter_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, tide_runs_page_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, tide_runs_page_clear_hour_cb);
  gtk_widget_class_bind_template_callback (widget_class, tide_runs_page_clear_cb);
  gtk_widget_class_bind_template_callback (widget_class, tide_runs_page_cell_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, tide_runs_page_row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, tide_runs_page_narrow_cb);
  tide_run_cells_bind (widget_class);
}

static void
tide_runs_page_init (TideRunsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Runs"), -1);
  tide_runs_page_add_fixed_choices (self);
}

/**
 * tide_runs_page_new:
 * @live: whose runs to show
 */
GtkWidget *
tide_runs_page_new (TideLive *live)
{
  TideRunsPage *self = g_object_new (TIDE_TYPE_RUNS_PAGE, NULL);
  g_autoptr(GtkNoSelection) selection = NULL;

  self->live = g_object_ref (live);
  self->model = tide_run_model_new (tide_live_get_engine (live));
  selection = gtk_no_selection_new (G_LIST_MODEL (g_object_ref (self->model)));
  gtk_column_view_set_model (GTK_COLUMN_VIEW (self->view), GTK_SELECTION_MODEL (selection));
  g_signal_connect_object (self->model, "items-changed", G_CALLBACK (tide_runs_page_items_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->model, "loaded", G_CALLBACK (tide_runs_page_loaded_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (live, "changed", G_CALLBACK (tide_runs_page_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (live, "progress", G_CALLBACK (tide_runs_page_progress_cb), self, G_CONNECT_SWAPPED);
  tide_runs_page_update_choices (self);
  tide_runs_page_apply (self);
  tide_runs_page_load_hours (self);
  return GTK_WIDGET (self);
}

/* A stream is found by what it holds. */
static const char *
tide_runs_page_find_entity (TideRunsPage *self,
                            gint64        connection_id,
                            const char   *stream)
{
  TideConnection *connection = tide_live_find_connection (self->live, connection_id);
  TideProviderInfo *provider = connection != NULL ? tide_live_find_provider (self->live, connection->provider) : NULL;
  const TideStreamInfo *info = provider != NULL && *stream != '\0' ? tide_provider_info_get_stream (provider, stream)
                                                                   : NULL;

  return info != NULL ? info->entity : NULL;
}

/**
 * tide_runs_page_show:
 * @connection_id: only this connection's runs, 0 = of any
 * @stream: only of this stream, empty = of any
 * @hour: only those that began in the hour from this instant, 0 = at any time
 * @problems: only those with a problem
 *
 * Sets all filters to this.
 */
void
tide_runs_page_show (TideRunsPage *self,
                     gint64        connection_id,
                     const char   *stream,
                     gint64        hour,
                     gboolean      problems)
{
  self->connection_id = connection_id;
  self->hour = hour;
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  tide_filter_drop_set_value (TIDE_FILTER_DROP (self->venue), NULL);
  tide_filter_drop_set_value (TIDE_FILTER_DROP (self->provider), NULL);
  tide_filter_drop_set_value (TIDE_FILTER_DROP (self->entity),
                              tide_runs_page_find_entity (self, connection_id, stream));
  tide_filter_drop_set_value (TIDE_FILTER_DROP (self->outcome), problems ? "problems" : NULL);
  tide_filter_drop_set_value (TIDE_FILTER_DROP (self->asker), NULL);
  tide_filter_drop_set_value (TIDE_FILTER_DROP (self->period), NULL);
  tide_runs_page_filter_changed_cb (self);
}
