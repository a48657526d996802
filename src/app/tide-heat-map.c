/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "tide-format.h"
#include "tide-heat-map.h"
#include "tide-run-query.h"
#include "tide-time.h"
#include "tide-zone.h"

#define N_ROWS (TIDE_HEAT_MAP_DAYS + 1) /* and what is planned for tomorrow */
#define N_CELLS (N_ROWS * 24)
#define ROW_HEIGHT 20
#define AXIS_GAP 4
#define GAP 2
#define LABEL_WIDTH 64
#define MIN_PITCH 9
#define MAX_PITCH 36
#define MIN_MARK_PITCH 16           /* narrower cells show their outcome by colour and outline, and in the tooltip */

struct _TideHeatMap
{
  TideChart     parent_instance;

  TideHourCell  cells[N_CELLS];
  gint64        max;
  gint64        max_failed;
  gint64        now;          /* 0 until it was filled */
  gint64        selected;     /* the hour that the list is about, 0 = none */
  gboolean      problems_only;
};

G_DEFINE_FINAL_TYPE (TideHeatMap, tide_heat_map, TIDE_TYPE_CHART)

/**
 * tide_heat_map_get_first_hour:
 *
 * Returns: the instant at which the first of the days shown begins
 */
gint64
tide_heat_map_get_first_hour (gint64 now)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();

  return tide_time_local_midnight (now, zone, 1 - TIDE_HEAT_MAP_DAYS);
}

static float
tide_heat_map_get_pitch (TideHeatMap *self)
{
  float pitch = floorf ((float)(gtk_widget_get_width (GTK_WIDGET (self)) - LABEL_WIDTH) / 24);

  return CLAMP (pitch, MIN_PITCH, MAX_PITCH);
}

/**
 * tide_heat_map_get_end:
 *
 * Returns: the instant at which the last of the days shown ends: what is planned is asked for up to there
 */
gint64
tide_heat_map_get_end (gint64 now)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();

  return tide_time_local_midnight (now, zone, 2);
}

/* The hours stand above: a tooltip opens below its cell, and would hide them there. */
static float
tide_heat_map_get_top (TideHeatMap *self)
{
  return (float)(tide_chart_text_height (TIDE_CHART (self)) + AXIS_GAP);
}

static guint
tide_heat_map_get_n_cells (TideChart *chart)
{
  return TIDE_HEAT_MAP (chart)->now != 0 ? N_CELLS : 0;
}

static guint
tide_heat_map_get_stride (TideChart *chart)
{
  return 24;
}

static guint
tide_heat_map_get_first_cell (TideChart *chart)
{
  TideHeatMap *self = TIDE_HEAT_MAP (chart);
  guint cell = N_CELLS - 1;

  /* Planned hours lie after the present one. */
  while (cell > 0 && self->cells[cell].hour > self->now)
    cell--;
  return cell;
}

static void
tide_heat_map_get_area (TideChart       *chart,
                        guint            cell,
                        graphene_rect_t *area)
{
  TideHeatMap *self = TIDE_HEAT_MAP (chart);
  float pitch = tide_heat_map_get_pitch (self);

  graphene_rect_init (area, LABEL_WIDTH + (float)(cell % 24) * pitch,
                      tide_heat_map_get_top (self) + (float)(cell / 24) * ROW_HEIGHT,
                      pitch - GAP, ROW_HEIGHT - GAP);
}

/* What happened in an hour in which something ran, as sentences. */
static void
describe_outcome (const TideHourCell *cell,
                  GString            *text)
{
  gint64 well = cell->runs - cell->failed - cell->retried;
  g_autofree char *records = tide_format_number (cell->records);

  g_string_append_printf (text, ngettext ("%d run", "%d runs", (gulong)cell->runs), (int)cell->runs);
  g_string_append_printf (text, ngettext (", %s record came or changed.", ", %s records came or changed.",
                                          (gulong)cell->records), records);
  g_string_append_c (text, '\n');
  if (well == cell->runs)
    g_string_append (text, _("All went well."));
  if (cell->failed > 0)
    g_string_append_printf (text, ngettext ("%d failed or was done only in part.",
                                            "%d failed or were done only in part.", (gulong)cell->failed),
                            (int)cell->failed);
  if (cell->failed > 0 && cell->retried > 0)
    g_string_append_c (text, ' ');
  if (cell->retried > 0)
    g_string_append_printf (text, ngettext ("%d needed another try.", "%d needed another try.",
                                            (gulong)cell->retried), (int)cell->retried);
  g_string_append (text, _("\nPress Enter to list them"));
}

static char *
tide_heat_map_describe_cell (TideChart *chart,
                             guint      index)
{
  TideHeatMap *self = TIDE_HEAT_MAP (chart);
  const TideHourCell *cell = &self->cells[index];
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
  g_autofree char *day = tide_format_day (cell->hour, self->now, zone);
  g_autofree char *from = tide_format_clock (cell->hour, zone);
  g_autofree char *until = tide_format_clock (cell->hour + TIDE_HOUR, zone);
  g_autoptr(GString) text = g_string_new (NULL);

  /* Translators: a day, then two times of day */
  g_string_append_printf (text, _("%s, %s to %s"), day, from, until);
  g_string_append_c (text, '\n');
  if (cell->runs > 0)
    describe_outcome (cell, text);
  else if (cell->planned > 0)
    g_string_append_printf (text, ngettext ("%d run planned", "%d runs planned", (gulong)cell->planned),
                            (int)cell->planned);
  else
    g_string_append (text, cell->hour > self->now ? _("Nothing planned") : _("No run"));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
tide_heat_map_describe (TideChart *chart)
{
  TideHeatMap *self = TIDE_HEAT_MAP (chart);
  gint64 runs = 0;
  gint64 failed = 0;
  g_autofree char *runs_text = NULL;
  g_autofree char *failed_text = NULL;

  for (guint i = 0; i < N_CELLS; i++)
    {
      runs += self->cells[i].runs;
      failed += self->cells[i].failed;
    }
  runs_text = tide_format_number (runs);
  failed_text = tide_format_number (failed);
  return g_strdup_printf (_("Runs of the last 7 days by hour: %s runs, %s failed"), runs_text, failed_text);
}

/* One hue in four steps: alpha by the share of the busiest hour. */
static GdkRGBA
tide_heat_map_get_shade (TideHeatMap *self,
                         const char  *name,
                         gint64       value,
                         gint64       max)
{
  static const float steps[] = { 0.16f, 0.36f, 0.6f, 1.f };
  GdkRGBA color = tide_chart_get_color (TIDE_CHART (self), name);
  double share = max > 0 ? sqrt ((double)value / (double)max) : 0;

  color.alpha *= steps[MIN ((guint)(share * 4), 3)];
  return color;
}

static void
tide_heat_map_draw_trouble (TideHeatMap           *self,
                            GtkSnapshot           *snapshot,
                            const graphene_rect_t *area,
                            gboolean               failed)
{
  GdkRGBA color = tide_chart_get_color (TIDE_CHART (self), failed ? "tide_bad_fill" : "tide_late_fill");
  GdkRGBA mark = failed ? (GdkRGBA){ 1, 1, 1, 1 } : color;
  GdkRGBA tint = color;

  if (!failed)
    tint.alpha = 0.18f;
  tide_chart_fill (snapshot, area, 4, &tint);
  tide_chart_outline (snapshot, area, 4, 1.5f, &color);
  if (area->size.width >= MIN_MARK_PITCH - GAP)
    tide_chart_mark (snapshot, area->origin.x + area->size.width / 2, area->origin.y + area->size.height / 2,
                     7, failed, &mark);
}

static void
tide_heat_map_draw_cell (TideHeatMap *self,
                         GtkSnapshot *snapshot,
                         guint        index)
{
  const TideHourCell *cell = &self->cells[index];
  GdkRGBA color;
  graphene_rect_t area;

  tide_heat_map_get_area (TIDE_CHART (self), index, &area);
  if (self->problems_only && cell->failed > 0)
    {
      color = tide_heat_map_get_shade (self, "tide_bad_fill", cell->failed, self->max_failed);
      tide_chart_fill (snapshot, &area, 4, &color);
    }
  else if (!self->problems_only && (cell->failed > 0 || cell->retried > 0))
    tide_heat_map_draw_trouble (self, snapshot, &area, cell->failed > 0);
  else if (cell->runs > 0 && !self->problems_only)
    {
      color = tide_heat_map_get_shade (self, "tide_ok_fill", cell->records, self->max);
      tide_chart_fill (snapshot, &area, 4, &color);
    }
  else if (cell->planned > 0 && !self->problems_only)
    {
      color = tide_chart_get_color (TIDE_CHART (self), "tide_planned");
      tide_chart_outline (snapshot, &area, 4, 1, &color);
    }
  else if (cell->hour <= self->now)
    {
      color = tide_chart_get_color (TIDE_CHART (self), "tide_dot");
      tide_chart_fill (snapshot, &GRAPHENE_RECT_INIT (area.origin.x + area.size.width / 2 - 1,
                                                      area.origin.y + area.size.height / 2 - 1, 2, 2), 1, &color);
    }
}

static void
tide_heat_map_draw_labels (TideHeatMap *self,
                           GtkSnapshot *snapshot)
{
  TideChart *chart = TIDE_CHART (self);
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
  float pitch = tide_heat_map_get_pitch (self);
  float text_height = (float)tide_chart_text_height (chart);
  float top = tide_heat_map_get_top (self);
  guint step = pitch * 3 > 48 ? 3 : 6;

  for (guint day = 0; day < N_ROWS; day++)
    {
      g_autofree char *label = tide_format_day (self->cells[day * 24].hour, self->now, zone);

      tide_chart_text (chart, snapshot, label, day == TIDE_HEAT_MAP_DAYS - 1 ? "bold" : "quiet", LABEL_WIDTH - 10,
                       top + (float)day * ROW_HEIGHT + (ROW_HEIGHT - GAP - text_height) / 2, 1, LABEL_WIDTH - 10);
    }
  for (guint hour = 0; hour < 24; hour += step)
    {
      g_autofree char *label = tide_format_clock (self->cells[hour].hour, zone);

      tide_chart_text (chart, snapshot, label, "quiet", LABEL_WIDTH + (float)hour * pitch, 0, 0, 0);
    }
}

/* The present instant as a line in its hour. */
static void
tide_heat_map_draw_now (TideHeatMap *self,
                        GtkSnapshot *snapshot)
{
  guint cell = tide_heat_map_get_first_cell (TIDE_CHART (self));
  GdkRGBA color = tide_chart_get_color (TIDE_CHART (self), "window_fg_color");
  graphene_rect_t area;
  float x;

  tide_heat_map_get_area (TIDE_CHART (self), cell, &area);
  x = area.origin.x + area.size.width * (float)(self->now - self->cells[cell].hour) / (float)TIDE_HOUR;
  gtk_snapshot_append_color (snapshot, &color,
                             &GRAPHENE_RECT_INIT (floorf (x), area.origin.y - 1, 2, ROW_HEIGHT));
}

/* The hour that the list below is about. */
static void
tide_heat_map_draw_selected (TideHeatMap *self,
                             GtkSnapshot *snapshot)
{
  GdkRGBA color = tide_chart_get_color (TIDE_CHART (self), "window_fg_color");

  for (guint i = 0; i < N_CELLS; i++)
    if (self->cells[i].hour == self->selected)
      {
        graphene_rect_t area;

        tide_heat_map_get_area (TIDE_CHART (self), i, &area);
        graphene_rect_inset (&area, -2, -2);
        tide_chart_outline (snapshot, &area, 5, 1.5f, &color);
      }
}

static void
tide_heat_map_draw (TideChart   *chart,
                    GtkSnapshot *snapshot)
{
  TideHeatMap *self = TIDE_HEAT_MAP (chart);

  if (self->now == 0)
    return;
  for (guint i = 0; i < N_CELLS; i++)
    tide_heat_map_draw_cell (self, snapshot, i);
  tide_heat_map_draw_labels (self, snapshot);
  tide_heat_map_draw_now (self, snapshot);
  if (self->selected != 0)
    tide_heat_map_draw_selected (self, snapshot);
}

static void
tide_heat_map_measure (GtkWidget      *widget,
                       GtkOrientation  orientation,
                       int             for_size,
                       int            *minimum,
                       int            *natural,
                       int            *minimum_baseline,
                       int            *natural_baseline)
{
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = LABEL_WIDTH + 24 * MIN_PITCH;
      *natural = LABEL_WIDTH + 24 * MAX_PITCH;
    }
  else
    *minimum = *natural = N_ROWS * ROW_HEIGHT + (int)tide_heat_map_get_top (TIDE_HEAT_MAP (widget));
}

static void
tide_heat_map_class_init (TideHeatMapClass *klass)
{
  TideChartClass *chart_class = TIDE_CHART_CLASS (klass);

  GTK_WIDGET_CLASS (klass)->measure = tide_heat_map_measure;
  chart_class->get_n_cells = tide_heat_map_get_n_cells;
  chart_class->get_stride = tide_heat_map_get_stride;
  chart_class->get_first_cell = tide_heat_map_get_first_cell;
  chart_class->get_cell = tide_heat_map_get_area;
  chart_class->describe_cell = tide_heat_map_describe_cell;
  chart_class->describe = tide_heat_map_describe;
  chart_class->draw = tide_heat_map_draw;
}

static void
tide_heat_map_init (TideHeatMap *self)
{
}

/* The cell that an instant falls in by the wall clock: on the day the clocks go back, two hours share
 * one cell; when they go forward, one stays empty. */
static TideHourCell *
tide_heat_map_find (TideHeatMap *self,
                    gint64       instant,
                    GTimeZone   *zone)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (instant / TIDE_SECOND);
  g_autoptr(GDateTime) time = g_date_time_to_timezone (utc, zone);

  for (guint day = 0; day < N_ROWS; day++)
    {
      gint64 begin = self->cells[day * 24].hour;
      gint64 end = day + 1 < N_ROWS ? self->cells[(day + 1) * 24].hour
                                                : tide_time_local_midnight (begin, zone, 1);

      if (instant >= begin && instant < end)
        return &self->cells[day * 24 + (guint)g_date_time_get_hour (time)];
    }
  return NULL;
}

static void
tide_heat_map_clear (TideHeatMap *self,
                     gint64       now,
                     GTimeZone   *zone)
{
  memset (self->cells, 0, sizeof self->cells);
  self->now = now;
  self->max = 0;
  self->max_failed = 0;
  for (int day = 0; day < N_ROWS; day++)
    {
      gint64 midnight = tide_time_local_midnight (now, zone, day + 1 - TIDE_HEAT_MAP_DAYS);

      for (int hour = 0; hour < 24; hour++)
        self->cells[day * 24 + hour].hour = midnight + hour * TIDE_HOUR;
    }
}

/**
 * tide_heat_map_set_hours:
 * @hours: (element-type TideRunHour): what ran; hours outside the week shown are left out
 * @planned: (element-type gint64): instants of what is still to come today and tomorrow
 * @now: the present instant
 */
void
tide_heat_map_set_hours (TideHeatMap *self,
                         GArray      *hours,
                         GArray      *planned,
                         gint64       now)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
  gint64 records[N_CELLS];

  tide_heat_map_clear (self, now, zone);
  for (guint i = 0; i < hours->len; i++)
    {
      const TideRunHour *hour = &g_array_index (hours, TideRunHour, i);
      TideHourCell *cell = tide_heat_map_find (self, hour->hour, zone);

      if (cell == NULL)
        continue;
      cell->runs += hour->runs;
      cell->records += hour->records;
      cell->retried += hour->retried;
      cell->failed += hour->failed;
    }
  for (guint i = 0; i < N_CELLS; i++)
    {
      records[i] = self->cells[i].records;
      self->max_failed = MAX (self->max_failed, self->cells[i].failed);
    }
  self->max = tide_chart_get_scale (records, N_CELLS);
  for (guint i = 0; i < planned->len; i++)
    {
      TideHourCell *cell = tide_heat_map_find (self, g_array_index (planned, gint64, i), zone);

      if (cell != NULL)
        cell->planned++;
    }
  tide_chart_changed (TIDE_CHART (self));
}

/**
 * tide_heat_map_set_problems_only:
 * @problems_only: whether to leave out all that went well
 */
void
tide_heat_map_set_problems_only (TideHeatMap *self,
                                 gboolean     problems_only)
{
  self->problems_only = problems_only;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * tide_heat_map_set_selected:
 * @hour: the instant at which the hour begins that the list is about, 0 = none
 */
void
tide_heat_map_set_selected (TideHeatMap *self,
                            gint64       hour)
{
  if (self->selected == hour)
    return;
  self->selected = hour;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * tide_heat_map_get_hour:
 *
 * Returns: the instant at which the hour of a cell begins
 */
gint64
tide_heat_map_get_hour (TideHeatMap *self,
                        guint        cell)
{
  g_return_val_if_fail (cell < N_CELLS, 0);

  return self->cells[cell].hour;
}
