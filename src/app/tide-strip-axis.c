/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-format.h"
#include "tide-strip-axis.h"
#include "tide-strip.h"
#include "tide-time.h"

struct _TideStripAxis
{
  TideChart parent_instance;

  gint64    hours[TIDE_STRIP_CELLS];
};

G_DEFINE_FINAL_TYPE (TideStripAxis, tide_strip_axis, TIDE_TYPE_CHART)

static guint
tide_strip_axis_get_n_cells (TideChart *chart)
{
  return 0;
}

static char *
tide_strip_axis_describe (TideChart *chart)
{
  return g_strdup (_("From 24 hours ago to 4 hours from now"));
}

/* The weekday at midnight, the clock at every sixth hour, else nothing. */
static char *
label_for_hour (gint64     hour,
                GTimeZone *zone,
                gboolean   first)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (hour / TIDE_SECOND);
  g_autoptr(GDateTime) time = g_date_time_to_timezone (utc, zone);

  if (g_date_time_get_hour (time) == 0)
    return g_date_time_format (time, "%a");
  if (first || g_date_time_get_hour (time) % 6 == 0)
    return tide_format_clock (hour, zone);
  return NULL;
}

static void
tide_strip_axis_draw (TideChart   *chart,
                      GtkSnapshot *snapshot)
{
  TideStripAxis *self = TIDE_STRIP_AXIS (chart);
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
  float pitch = tide_strip_get_pitch (gtk_widget_get_width (GTK_WIDGET (self)));
  int now_width = tide_chart_text (chart, NULL, _("now"), "bold", 0, 0, 0, 0);
  float now_left = TIDE_STRIP_PAST * pitch - (float)now_width / 2;
  float free_from = 0;

  if (self->hours[0] == 0)
    return;
  for (guint i = 0; i < TIDE_STRIP_PAST; i++)
    {
      g_autofree char *label = label_for_hour (self->hours[i], zone, i == 0);
      float x = (float)i * pitch;
      float width;

      if (label == NULL || x < free_from)
        continue;
      width = (float)tide_chart_text (chart, NULL, label, "quiet", 0, 0, 0, 0);
      if (x + width + 6 > now_left)
        break;
      tide_chart_text (chart, snapshot, label, "quiet", x, 0, 0, 0);
      free_from = x + width + 6;
    }
  tide_chart_text (chart, snapshot, _("now"), "bold", now_left, 0, 0, 0);
}

static void
tide_strip_axis_measure (GtkWidget      *widget,
                         GtkOrientation  orientation,
                         int             for_size,
                         int            *minimum,
                         int            *natural,
                         int            *minimum_baseline,
                         int            *natural_baseline)
{
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = TIDE_STRIP_MIN_WIDTH;
      *natural = TIDE_STRIP_WIDTH;
    }
  else
    *minimum = *natural = tide_chart_text_height (TIDE_CHART (widget));
}

static void
tide_strip_axis_class_init (TideStripAxisClass *klass)
{
  TideChartClass *chart_class = TIDE_CHART_CLASS (klass);

  GTK_WIDGET_CLASS (klass)->measure = tide_strip_axis_measure;
  chart_class->get_n_cells = tide_strip_axis_get_n_cells;
  chart_class->describe = tide_strip_axis_describe;
  chart_class->draw = tide_strip_axis_draw;
}

static void
tide_strip_axis_init (TideStripAxis *self)
{
  gtk_widget_set_focusable (GTK_WIDGET (self), FALSE);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), FALSE);
}

/**
 * tide_strip_axis_set_hours:
 * @cells: (array fixed-size=28): of any of the strips below: all show the same hours
 */
void
tide_strip_axis_set_hours (TideStripAxis      *self,
                           const TideHourCell *cells)
{
  for (guint i = 0; i < TIDE_STRIP_CELLS; i++)
    self->hours[i] = cells[i].hour;
  tide_chart_changed (TIDE_CHART (self));
}
