/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-filter-drop.h"
#include "tide-runs-filters.h"
#include "tide-time.h"

struct _TideRunsFilters
{
  AdwBin          parent_instance;

  TideFilterDrop *venue;
  TideFilterDrop *provider;
  TideFilterDrop *entity;
  TideFilterDrop *outcome;
  TideFilterDrop *asker;
  TideFilterDrop *period;
};

G_DEFINE_FINAL_TYPE (TideRunsFilters, tide_runs_filters, ADW_TYPE_BIN)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

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
tide_runs_filters_changed_cb (TideRunsFilters *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
tide_runs_filters_add_outcomes (TideRunsFilters *self)
{
  tide_filter_drop_begin (self->outcome);
  tide_filter_drop_add (self->outcome, _("Any outcome"), NULL);
  tide_filter_drop_add (self->outcome, _("Needs you"), "problems");
  tide_filter_drop_add (self->outcome, _("Retried"), "retried");
  tide_filter_drop_add (self->outcome, _("Done"), "done");
  tide_filter_drop_add (self->outcome, _("Going or waiting"), "processing");
  tide_filter_drop_add (self->outcome, _("Asks you"), "awaiting_approval");
  tide_filter_drop_add (self->outcome, _("Paused"), "paused");
  tide_filter_drop_add (self->outcome, _("Failed"), "failed");
  tide_filter_drop_add (self->outcome, _("Stopped"), "cancelled");
  tide_filter_drop_end (self->outcome);
}

static void
tide_runs_filters_add_askers_and_periods (TideRunsFilters *self)
{
  tide_filter_drop_begin (self->asker);
  tide_filter_drop_add (self->asker, _("Asked by anyone"), NULL);
  tide_filter_drop_add (self->asker, _("By the schedule"), "schedule");
  tide_filter_drop_add (self->asker, _("By you"), "owner");
  tide_filter_drop_end (self->asker);
  tide_filter_drop_begin (self->period);
  tide_filter_drop_add (self->period, _("Any time"), NULL);
  tide_filter_drop_add (self->period, _("Last hour"), "hour");
  tide_filter_drop_add (self->period, _("Today"), "1");
  tide_filter_drop_add (self->period, _("Last 7 days"), "7");
  tide_filter_drop_add (self->period, _("Last 30 days"), "30");
  tide_filter_drop_end (self->period);
  /* As long as the heat map: its counts and the list's are then of the same runs. */
  tide_filter_drop_set_value (self->period, "7");
}

static void
tide_runs_filters_class_init (TideRunsFiltersClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[CHANGED] = g_signal_new ("changed", TIDE_TYPE_RUNS_FILTERS, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_type_ensure (TIDE_TYPE_FILTER_DROP);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/tide-runs-filters.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, TideRunsFilters, name)
  BIND (venue);
  BIND (provider);
  BIND (entity);
  BIND (outcome);
  BIND (asker);
  BIND (period);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, tide_runs_filters_changed_cb);
}

static void
tide_runs_filters_init (TideRunsFilters *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  tide_runs_filters_add_outcomes (self);
  tide_runs_filters_add_askers_and_periods (self);
}

static void
tide_runs_filters_update_venues (TideRunsFilters *self,
                                 GPtrArray       *venues)
{
  tide_filter_drop_begin (self->venue);
  tide_filter_drop_add (self->venue, _("Any venue"), NULL);
  for (guint i = 0; i < venues->len; i++)
    {
      TideVenue *venue = g_ptr_array_index (venues, i);

      tide_filter_drop_add (self->venue, venue->name, venue->name);
    }
  tide_filter_drop_end (self->venue);
}

static void
tide_runs_filters_add_provider (TideRunsFilters  *self,
                                TideProviderInfo *provider)
{
  tide_filter_drop_add (self->provider, provider->name, provider->id);
  for (guint i = 0; i < provider->streams->len; i++)
    {
      const TideStreamInfo *stream = g_ptr_array_index (provider->streams, i);

      if (!stream->child)
        tide_filter_drop_add (self->entity, stream->label, stream->entity);
    }
}

/**
 * tide_runs_filters_update:
 * @live: whose venues and connections can be chosen
 *
 * What is chosen stays so if it is still there.
 */
void
tide_runs_filters_update (TideRunsFilters *self,
                          TideLive        *live)
{
  GPtrArray *connections = tide_live_get_connections (live);

  tide_runs_filters_update_venues (self, tide_live_get_venues (live));
  tide_filter_drop_begin (self->provider);
  tide_filter_drop_begin (self->entity);
  tide_filter_drop_add (self->provider, _("Any service"), NULL);
  tide_filter_drop_add (self->entity, _("Any data"), NULL);
  for (guint i = 0; i < connections->len; i++)
    {
      TideConnection *connection = g_ptr_array_index (connections, i);
      TideProviderInfo *provider = tide_live_find_provider (live, connection->provider);

      if (provider != NULL)
        tide_runs_filters_add_provider (self, provider);
    }
  tide_filter_drop_end (self->provider);
  tide_filter_drop_end (self->entity);
}

/**
 * tide_runs_filters_get:
 * @now: the instant from which periods are reckoned back
 * @filter: (inout): gets what is chosen here; the rest of it stays
 */
void
tide_runs_filters_get (TideRunsFilters *self,
                       gint64           now,
                       TideRunFilter   *filter)
{
  filter->venue = g_strdup (tide_filter_drop_get_value (self->venue));
  filter->provider = g_strdup (tide_filter_drop_get_value (self->provider));
  filter->entity = g_strdup (tide_filter_drop_get_value (self->entity));
  filter->outcome = g_strdup (tide_filter_drop_get_value (self->outcome));
  filter->requested_by = g_strdup (tide_filter_drop_get_value (self->asker));
  filter->since = period_get_since (tide_filter_drop_get_value (self->period), now);
}

/**
 * tide_runs_filters_get_first_day:
 *
 * Returns: where the chosen period begins, or the day if it is shorter; 0 = at any time
 */
gint64
tide_runs_filters_get_first_day (TideRunsFilters *self,
                                 gint64           now)
{
  const char *period = tide_filter_drop_get_value (self->period);

  return period_get_since (g_strcmp0 (period, "hour") == 0 ? "1" : period, now);
}

/**
 * tide_runs_filters_count:
 *
 * Returns: how many of them are set
 */
int
tide_runs_filters_count (TideRunsFilters *self)
{
  TideFilterDrop *drops[] = { self->venue, self->provider, self->entity, self->outcome, self->asker, self->period };
  int n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (drops); i++)
    n += tide_filter_drop_get_value (drops[i]) != NULL;
  return n;
}

/**
 * tide_runs_filters_set:
 * @entity: (nullable): only runs of this data, %NULL = of any
 * @problems_only: only those with a problem
 *
 * Sets all of them: those not named here to "any".
 */
void
tide_runs_filters_set (TideRunsFilters *self,
                       const char      *entity,
                       gboolean         problems_only)
{
  tide_filter_drop_set_value (self->venue, NULL);
  tide_filter_drop_set_value (self->provider, NULL);
  tide_filter_drop_set_value (self->entity, entity);
  tide_runs_filters_set_problems_only (self, problems_only);
  tide_filter_drop_set_value (self->asker, NULL);
  tide_filter_drop_set_value (self->period, NULL);
}

void
tide_runs_filters_set_problems_only (TideRunsFilters *self,
                                     gboolean         problems_only)
{
  tide_filter_drop_set_value (self->outcome, problems_only ? "problems" : NULL);
}

gboolean
tide_runs_filters_get_problems_only (TideRunsFilters *self)
{
  return g_strcmp0 (tide_filter_drop_get_value (self->outcome), "problems") == 0;
}
