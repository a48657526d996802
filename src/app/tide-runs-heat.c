/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include "tide-header.h"
#include "tide-heat-map.h"
#include "tide-job.h"
#include "tide-runs-heat.h"
#include "tide-time.h"
#include "tide-window.h"

struct _TideRunsHeat
{
  AdwBin         parent_instance;

  GtkWidget     *head;
  GtkWidget     *all_toggle;
  GtkWidget     *problems_toggle;
  GtkWidget     *legend;
  GtkWidget     *heat_map;

  TideLive      *live;        /* (owned) (nullable): whose hours are shown */
  TideRunFilter *filter;      /* (owned) (nullable): of which runs */
  GCancellable  *cancellable; /* (owned) (nullable) */
  gboolean       muted;       /* the toggles are being set by the program */
};

G_DEFINE_FINAL_TYPE (TideRunsHeat, tide_runs_heat, ADW_TYPE_BIN)

enum
{
  HOUR_CHOSEN,
  PROBLEMS_TOGGLED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

typedef struct
{
  gint64 since;
  gint64 now;
  gint64 end;
} Span;

typedef struct
{
  GArray    *hours;
  GPtrArray *planned;
} Hours;

static void
hours_free (Hours *hours)
{
  g_clear_pointer (&hours->hours, g_array_unref);
  g_clear_pointer (&hours->planned, g_ptr_array_unref);
  g_free (hours);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Hours, hours_free)

static gpointer
hours_job (TideEngine    *engine,
           gpointer       data,
           GCancellable  *cancellable,
           GError       **error)
{
  const Span *span = data;
  g_autoptr(Hours) hours = g_new0 (Hours, 1);

  hours->hours = tide_engine_get_run_hours (engine, span->since, span->now + TIDE_HOUR, error);
  if (hours->hours == NULL)
    return NULL;
  hours->planned = tide_engine_get_planned (engine, span->end, error);
  return hours->planned != NULL ? g_steal_pointer (&hours) : NULL;
}

/* Whether a stream's hours, or its plan, concern the chosen venue, service and data. */
static gboolean
tide_runs_heat_concerns (TideRunsHeat *self,
                         gint64        connection_id,
                         const char   *stream_name)
{
  const TideRunFilter *filter = self->filter;
  TideConnection *connection = tide_live_find_connection (self->live, connection_id);
  TideVenue *venue = connection != NULL ? tide_live_find_venue (self->live, connection->venue_id) : NULL;
  TideProviderInfo *info = connection != NULL ? tide_live_find_provider (self->live, connection->provider) : NULL;
  const TideStreamInfo *stream = info != NULL ? tide_provider_info_get_stream (info, stream_name) : NULL;

  return (filter->connection_id == 0 || filter->connection_id == connection_id)
         && (filter->venue == NULL || (venue != NULL && g_strcmp0 (venue->name, filter->venue) == 0))
         && (filter->provider == NULL || (connection != NULL && g_strcmp0 (connection->provider, filter->provider) == 0))
         && (filter->entity == NULL || (stream != NULL && g_strcmp0 (stream->entity, filter->entity) == 0));
}

static GArray *
tide_runs_heat_list_planned (TideRunsHeat *self,
                             GPtrArray    *planned)
{
  GArray *instants = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < planned->len; i++)
    {
      const TidePlannedRun *run = g_ptr_array_index (planned, i);

      if (tide_runs_heat_concerns (self, run->connection_id, run->stream))
        g_array_append_val (instants, run->at);
    }
  return instants;
}

static void
tide_runs_heat_hours_cb (GObject      *object,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  g_autoptr(TideRunsHeat) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(Hours) hours = tide_job_finish (result, &error);
  g_autoptr(GArray) planned = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (hours == NULL)
    {
      g_warning ("reading the hours: %s", error->message);
      return;
    }
  for (guint i = hours->hours->len; i > 0; i--)
    {
      const TideRunHour *hour = &g_array_index (hours->hours, TideRunHour, i - 1);

      if (!tide_runs_heat_concerns (self, hour->connection_id, hour->stream))
        g_array_remove_index_fast (hours->hours, i - 1);
    }
  planned = tide_runs_heat_list_planned (self, hours->planned);
  tide_heat_map_set_hours (TIDE_HEAT_MAP (self->heat_map), hours->hours, planned, tide_live_get_now (self->live));
}

static void
tide_runs_heat_cell_activated_cb (TideRunsHeat *self,
                                  guint         cell)
{
  gint64 hour = tide_heat_map_get_hour (TIDE_HEAT_MAP (self->heat_map), cell);

  /* What is only planned cannot be listed. */
  if (self->live != NULL && hour <= tide_live_get_now (self->live))
    g_signal_emit (self, signals[HOUR_CHOSEN], 0, hour);
}

static void
tide_runs_heat_toggled_cb (TideRunsHeat *self)
{
  gboolean problems = gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->problems_toggle));

  if (!self->muted)
    g_signal_emit (self, signals[PROBLEMS_TOGGLED], 0, problems);
}

static void
tide_runs_heat_dispose (GObject *object)
{
  TideRunsHeat *self = TIDE_RUNS_HEAT (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->live);
  g_clear_pointer (&self->filter, tide_run_filter_free);
  G_OBJECT_CLASS (tide_runs_heat_parent_class)->dispose (object);
}

static void
tide_runs_heat_class_init (TideRunsHeatClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_runs_heat_dispose;

  signals[HOUR_CHOSEN] = g_signal_new ("hour-chosen", TIDE_TYPE_RUNS_HEAT, G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[PROBLEMS_TOGGLED] = g_signal_new ("problems-toggled", TIDE_TYPE_RUNS_HEAT, G_SIGNAL_RUN_LAST, 0,
                                            NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  g_type_ensure (TIDE_TYPE_HEAT_MAP);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/tide-runs-heat.ui");
  gtk_widget_class_bind_template_child (widget_class, TideRunsHeat, head);
  gtk_widget_class_bind_template_child (widget_class, TideRunsHeat, all_toggle);
  gtk_widget_class_bind_template_child (widget_class, TideRunsHeat, problems_toggle);
  gtk_widget_class_bind_template_child (widget_class, TideRunsHeat, legend);
  gtk_widget_class_bind_template_child (widget_class, TideRunsHeat, heat_map);
  gtk_widget_class_bind_template_callback (widget_class, tide_runs_heat_cell_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, tide_runs_heat_toggled_cb);
}

static void
tide_runs_heat_init (TideRunsHeat *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * tide_runs_heat_load:
 * @live: whose runs
 * @filter: of which venue, service, connection and data; copied
 *
 * Reads the hours anew, in the background.
 */
void
tide_runs_heat_load (TideRunsHeat        *self,
                     TideLive            *live,
                     const TideRunFilter *filter)
{
  Span *span = g_new (Span, 1);
  TideRunFilter *copy = tide_run_filter_copy (filter);

  g_set_object (&self->live, live);
  g_clear_pointer (&self->filter, tide_run_filter_free);
  self->filter = copy;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  span->now = tide_live_get_now (live);
  span->since = tide_heat_map_get_first_hour (span->now);
  span->end = tide_heat_map_get_end (span->now);
  tide_job_run (tide_live_get_engine (live), hours_job, span, g_free, (GDestroyNotify)hours_free,
                self->cancellable, tide_runs_heat_hours_cb, g_object_ref (self));
}

/**
 * tide_runs_heat_set_problems_only:
 * @problems_only: whether only problems are shown; nobody is told
 */
void
tide_runs_heat_set_problems_only (TideRunsHeat *self,
                                  gboolean      problems_only)
{
  self->muted = TRUE;
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (problems_only ? self->problems_toggle : self->all_toggle), TRUE);
  self->muted = FALSE;
  tide_heat_map_set_problems_only (TIDE_HEAT_MAP (self->heat_map), problems_only);
}

/**
 * tide_runs_heat_set_hour:
 * @hour: the instant at which the hour begins that the list is about, 0 = none
 */
void
tide_runs_heat_set_hour (TideRunsHeat *self,
                         gint64        hour)
{
  tide_heat_map_set_selected (TIDE_HEAT_MAP (self->heat_map), hour);
}

/**
 * tide_runs_heat_set_narrow:
 * @narrow: whether the legend goes below, as there is no room beside
 */
void
tide_runs_heat_set_narrow (TideRunsHeat *self,
                           gboolean      narrow)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->head),
                                  narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  gtk_widget_set_halign (self->legend, narrow ? GTK_ALIGN_START : GTK_ALIGN_END);
}
