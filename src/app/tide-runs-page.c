/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-break.h"
#include "tide-format.h"
#include "tide-header.h"
#include "tide-job.h"
#include "tide-run-bar.h"
#include "tide-run-cells.h"
#include "tide-run-counts.h"
#include "tide-run-end.h"
#include "tide-run-entry.h"
#include "tide-run-model.h"
#include "tide-runs-filters.h"
#include "tide-runs-heat.h"
#include "tide-runs-page.h"
#include "tide-runs-usual.h"
#include "tide-status-label.h"
#include "tide-time.h"
#include "tide-trouble.h"

struct _TideRunsPage
{
  AdwBin             parent_instance;

  GtkWidget         *content;
  GtkWidget         *search;
  GtkWidget         *hour_button;
  GtkWidget         *hour_label;
  GtkWidget         *filters;
  GtkWidget         *filters_toggle;
  GtkWidget         *heat;
  GtkWidget         *usual;
  GtkWidget         *counts;
  GtkWidget         *count;
  GtkWidget         *parts;
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
  GCancellable      *counting; /* (owned) (nullable): of the counts' question */
  GCancellable      *learning; /* (owned) (nullable): of the question what is usual */
  gint64             count_next; /* monotonic instant before which runs are not counted again */
  gint64             learned_at; /* when it was last asked what is usual, 0 = never */
  gint64             connection_id; /* only this connection's, 0 = any; by show(), undone with the hour */
  gint64             hour;      /* only this hour's, 0 = any */
  gboolean           narrow;
};

/* Counting a million runs takes a second of a core: it is not to take more than a tenth of one. */
#define COUNT_PAUSE_FACTOR 10

G_DEFINE_FINAL_TYPE (TideRunsPage, tide_runs_page, ADW_TYPE_BIN)

static void
tide_runs_page_get_filter (TideRunsPage  *self,
                           TideRunFilter *filter)
{
  const char *search = gtk_editable_get_text (GTK_EDITABLE (self->search));

  filter->connection_id = self->connection_id;
  tide_runs_filters_get (TIDE_RUNS_FILTERS (self->filters), tide_live_get_now (self->live), filter);
  filter->search = *search != '\0' ? g_strdup (search) : NULL;
  if (self->hour != 0)
    filter->since = self->hour;
  filter->until = self->hour != 0 ? self->hour + TIDE_HOUR : 0;
}

static void tide_runs_page_filter_changed_cb (TideRunsPage *self);

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

/* The one stream that the filters leave, if it is one. */
static const TideStreamInfo *
tide_runs_page_find_stream (TideRunsPage        *self,
                            const TideRunFilter *filter,
                            gint64              *connection_id)
{
  GPtrArray *connections = tide_live_get_connections (self->live);
  const TideStreamInfo *found = NULL;

  for (guint i = 0; filter->entity != NULL && i < connections->len; i++)
    {
      TideConnection *connection = g_ptr_array_index (connections, i);
      TideVenue *venue = tide_live_find_venue (self->live, connection->venue_id);
      TideProviderInfo *provider = tide_live_find_provider (self->live, connection->provider);

      if (provider == NULL
          || (filter->connection_id != 0 && filter->connection_id != connection->id)
          || (filter->provider != NULL && g_strcmp0 (filter->provider, connection->provider) != 0)
          || (filter->venue != NULL && (venue == NULL || g_strcmp0 (filter->venue, venue->name) != 0)))
        continue;
      for (guint k = 0; k < provider->streams->len; k++)
        {
          const TideStreamInfo *stream = g_ptr_array_index (provider->streams, k);

          if (stream->child || g_strcmp0 (stream->entity, filter->entity) != 0)
            continue;
          if (found != NULL)
            return NULL;
          found = stream;
          *connection_id = connection->id;
        }
    }
  return found;
}

/* Of one stream it is told what is usual. An hour is not enough to see that: then it is its day. */
static void
tide_runs_page_update_usual (TideRunsPage        *self,
                             const TideRunFilter *filter)
{
  gint64 now = tide_live_get_now (self->live);
  gint64 since = tide_runs_filters_get_first_day (TIDE_RUNS_FILTERS (self->filters), now);
  gint64 connection_id = 0;
  const TideStreamInfo *stream = tide_runs_page_find_stream (self, filter, &connection_id);

  /* What is usual is learned from four weeks, so that is as far as it is shown. */
  since = MAX (since, now - 28 * TIDE_DAY);
  if (stream != NULL)
    tide_runs_usual_show (TIDE_RUNS_USUAL (self->usual), self->live, connection_id, stream->name,
                          tide_run_model_get_usual (self->model), since, now);
  else
    tide_runs_usual_clear (TIDE_RUNS_USUAL (self->usual));
}

static void
tide_runs_page_counted_cb (GObject      *object,
                           GAsyncResult *result,
                           gpointer      user_data)
{
  g_autoptr(TideRunsPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree TideRunCounts *counts = tide_run_counts_finish (result, &error);
  g_autofree char *total = NULL;
  g_autofree char *parts = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->counting);
  if (counts == NULL)
    {
      g_warning ("counting runs: %s", error->message);
      return;
    }
  self->count_next = g_get_monotonic_time () + COUNT_PAUSE_FACTOR * (g_get_monotonic_time () - self->count_next);
  total = tide_run_counts_dup_total (counts);
  parts = tide_run_counts_dup_parts (counts);
  gtk_label_set_label (GTK_LABEL (self->count), total);
  gtk_label_set_label (GTK_LABEL (self->parts), parts);
}

static void
tide_runs_page_count (TideRunsPage        *self,
                      const TideRunFilter *filter)
{
  g_cancellable_cancel (self->counting);
  g_clear_object (&self->counting);
  self->counting = g_cancellable_new ();
  self->count_next = g_get_monotonic_time ();
  tide_run_counts_async (tide_live_get_engine (self->live), filter, self->counting, tide_runs_page_counted_cb,
                         g_object_ref (self));
}

/* Where the filters are folded away, how many of them are set is said on the button that opens them. */
static void
tide_runs_page_update_filters (TideRunsPage *self)
{
  gboolean open = gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->filters_toggle));
  int n = tide_runs_filters_count (TIDE_RUNS_FILTERS (self->filters));
  g_autofree char *set = g_strdup_printf (ngettext ("Filters, %d Set", "Filters, %d Set", n), n);

  gtk_button_set_label (GTK_BUTTON (self->filters_toggle), n > 0 ? set : _("Filters"));
  gtk_widget_set_visible (self->filters_toggle, self->narrow);
  gtk_widget_set_visible (self->filters, !self->narrow || open);
}

static void
tide_runs_page_apply (TideRunsPage *self)
{
  TideRunFilter filter = { 0 };
  gboolean problems = tide_runs_filters_get_problems_only (TIDE_RUNS_FILTERS (self->filters));

  tide_runs_heat_set_problems_only (TIDE_RUNS_HEAT (self->heat), problems);
  tide_runs_heat_set_hour (TIDE_RUNS_HEAT (self->heat), self->hour);
  tide_runs_page_update_hour (self);
  tide_runs_page_get_filter (self, &filter);
  tide_runs_page_update_filters (self);
  tide_run_model_set_filter (self->model, &filter);
  gtk_adjustment_set_value (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->view)), 0);
  tide_runs_page_count (self, &filter);
  tide_run_filter_clear (&filter);
}

static void
tide_runs_page_problems_toggled_cb (TideRunsPage *self,
                                    gboolean      problems)
{
  tide_runs_filters_set_problems_only (TIDE_RUNS_FILTERS (self->filters), problems);
  tide_runs_page_apply (self);
}

static void
tide_runs_page_clear_hour_cb (TideRunsPage *self)
{
  self->hour = 0;
  self->connection_id = 0;
  tide_runs_page_filter_changed_cb (self);
}

static void
tide_runs_page_clear_cb (TideRunsPage *self)
{
  tide_runs_page_show (self, 0, "", 0, FALSE);
}

/* The charts: they follow the filters of place and data, not those of single runs. */
static void
tide_runs_page_update_charts (TideRunsPage *self)
{
  TideRunFilter filter = { 0 };

  tide_runs_page_get_filter (self, &filter);
  tide_runs_heat_load (TIDE_RUNS_HEAT (self->heat), self->live, &filter);
  tide_runs_page_update_usual (self, &filter);
  tide_run_filter_clear (&filter);
}

static void
tide_runs_page_filter_changed_cb (TideRunsPage *self)
{
  tide_runs_page_apply (self);
  tide_runs_page_update_charts (self);
}

static void
tide_runs_page_hour_chosen_cb (TideRunsPage *self,
                               gint64        hour)
{
  /* Once more is back again. */
  self->hour = self->hour == hour ? 0 : hour;
  tide_runs_page_apply (self);
}

static gpointer
bands_job (TideEngine    *engine,
           gpointer       data,
           GCancellable  *cancellable,
           GError       **error)
{
  return tide_engine_list_bands (engine, error);
}

static void
tide_runs_page_bands_cb (GObject      *object,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  g_autoptr(TideRunsPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) bands = tide_job_finish (result, &error);
  GPtrArray *connections = tide_live_get_connections (self->live);
  TideUsual *usual;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->learning);
  if (bands == NULL)
    {
      g_warning ("asking what is usual: %s", error->message);
      return;
    }
  usual = tide_usual_new (g_steal_pointer (&bands));
  for (guint i = 0; i < connections->len; i++)
    {
      TideConnection *connection = g_ptr_array_index (connections, i);
      TideVenue *venue = tide_live_find_venue (self->live, connection->venue_id);

      if (venue != NULL)
        tide_usual_set_zone (usual, connection->id, venue->timezone);
    }
  tide_run_model_set_usual (self->model, usual);
  tide_runs_page_update_charts (self);
}

/* What is usual changes from day to day; an hour is soon enough. */
static void
tide_runs_page_learn (TideRunsPage *self)
{
  gint64 now = tide_live_get_now (self->live);

  if (self->learning != NULL || (self->learned_at != 0 && now - self->learned_at < TIDE_HOUR))
    return;
  self->learned_at = now;
  self->learning = g_cancellable_new ();
  tide_job_run (tide_live_get_engine (self->live), bands_job, NULL, NULL, (GDestroyNotify)g_ptr_array_unref,
                self->learning, tide_runs_page_bands_cb, g_object_ref (self));
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
  g_autofree char *trouble = NULL;

  if (error != NULL)
    {
      trouble = tide_trouble_describe (error, _("Tidemark"));
      adw_status_page_set_description (ADW_STATUS_PAGE (self->failed), trouble);
    }
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), error != NULL ? "failed" : n > 0 ? "list" : "empty");
}

static void
tide_runs_page_recount (TideRunsPage *self)
{
  TideRunFilter filter = { 0 };

  if (self->counting != NULL || g_get_monotonic_time () < self->count_next)
    return;
  tide_runs_page_get_filter (self, &filter);
  tide_runs_page_count (self, &filter);
  tide_run_filter_clear (&filter);
}

static void
tide_runs_page_changed_cb (TideRunsPage *self)
{
  /* Where nobody looks, it is made up for when somebody does. */
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  tide_runs_filters_update (TIDE_RUNS_FILTERS (self->filters), self->live);
  tide_run_model_touch (self->model);
  tide_run_model_refresh (self->model);
  tide_runs_page_recount (self);
  tide_runs_page_update_charts (self);
  tide_runs_page_learn (self);
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

  column_set_width (self->outcome_column, wide ? 150 : 140);
  column_set_width (self->connection_column, wide ? -1 : 0);
  column_set_width (self->started_column, wide ? 118 : 90);
  column_set_width (self->took_column, wide ? 72 : 0);
  column_set_width (self->records_column, wide ? 84 : 0);
  column_set_width (self->bar_column, wide ? 156 : 0);
  column_set_width (self->asker_column, wide ? 92 : 0);
  self->narrow = !wide;
  if (wide)
    gtk_widget_remove_css_class (self->view, "tide-tight");
  else
    gtk_widget_add_css_class (self->view, "tide-tight");
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->counts),
                                  wide ? GTK_ORIENTATION_HORIZONTAL : GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self->counts), wide ? 12 : 6);
  tide_runs_heat_set_narrow (TIDE_RUNS_HEAT (self->heat), !wide);
  tide_runs_usual_set_narrow (TIDE_RUNS_USUAL (self->usual), !wide);
  tide_runs_page_update_filters (self);
  gtk_widget_set_margin_start (self->content, wide ? 32 : 12);
  gtk_widget_set_margin_end (self->content, wide ? 32 : 12);
}

static void
tide_runs_page_dispose (GObject *object)
{
  TideRunsPage *self = TIDE_RUNS_PAGE (object);

  g_cancellable_cancel (self->counting);
  g_clear_object (&self->counting);
  g_cancellable_cancel (self->learning);
  g_clear_object (&self->learning);
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
  g_type_ensure (TIDE_TYPE_HEADER);
  g_type_ensure (TIDE_TYPE_RUNS_FILTERS);
  g_type_ensure (TIDE_TYPE_RUNS_HEAT);
  g_type_ensure (TIDE_TYPE_RUNS_USUAL);
  g_type_ensure (TIDE_TYPE_RUN_BAR);
  g_type_ensure (TIDE_TYPE_RUN_END);
  g_type_ensure (TIDE_TYPE_RUN_ENTRY);
  g_type_ensure (TIDE_TYPE_STATUS_LABEL);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/tide-runs-page.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, TideRunsPage, name)
  BIND (content);
  BIND (search);
  BIND (hour_button);
  BIND (hour_label);
  BIND (filters);
  BIND (filters_toggle);
  BIND (heat);
  BIND (usual);
  BIND (counts);
  BIND (count);
  BIND (parts);
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
  gtk_widget_class_bind_template_callback (widget_class, tide_runs_page_update_filters);
  gtk_widget_class_bind_template_callback (widget_class, tide_runs_page_clear_hour_cb);
  gtk_widget_class_bind_template_callback (widget_class, tide_runs_page_clear_cb);
  gtk_widget_class_bind_template_callback (widget_class, tide_runs_page_hour_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, tide_runs_page_problems_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, tide_runs_page_row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, tide_runs_page_narrow_cb);
  tide_run_cells_bind (widget_class);
}

static void
tide_runs_page_init (TideRunsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Runs"), -1);
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
  g_signal_connect_swapped (self, "map", G_CALLBACK (tide_runs_page_changed_cb), self);
  g_signal_connect_object (live, "progress", G_CALLBACK (tide_runs_page_progress_cb), self, G_CONNECT_SWAPPED);
  tide_runs_filters_update (TIDE_RUNS_FILTERS (self->filters), self->live);
  tide_runs_page_filter_changed_cb (self);
  tide_runs_page_learn (self);
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
  tide_runs_filters_set (TIDE_RUNS_FILTERS (self->filters), tide_runs_page_find_entity (self, connection_id, stream),
                         problems);
  tide_runs_page_filter_changed_cb (self);
}
