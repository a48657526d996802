/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "tide-band-chart.h"
#include "tide-format.h"
#include "tide-time.h"
#include "tide-zone.h"

#define PLOT_HEIGHT 84
#define AXIS_GAP 4
#define LABEL_WIDTH 52
#define MAX_CELLS 200
#define DOT 3.f
#define MARK 7.f

/* One run. */
typedef struct
{
  gint64           at;
  gint64           count;
  TideUsualVerdict verdict;
} Point;

/* What is usual in one hour. */
typedef struct
{
  gint64 hour;
  double usual;
  double low;
  double high;
} Step;

struct _TideBandChart
{
  TideChart   parent_instance;

  char       *what;           /* (owned) (nullable): "Orders" */
  GArray     *points;         /* (owned) (element-type Point): oldest first */
  GArray     *steps;          /* (owned) (element-type Step): oldest first; those hours for which it is known */
  gint64      since;
  gint64      until;
  gint64      cell_length;    /* whole hours, so that a cell can be met with the pointer */
  double      max;
};

G_DEFINE_FINAL_TYPE (TideBandChart, tide_band_chart, TIDE_TYPE_CHART)

static guint
tide_band_chart_get_n_cells (TideChart *chart)
{
  TideBandChart *self = TIDE_BAND_CHART (chart);

  if (self->until <= self->since)
    return 0;
  return (guint)((self->until - self->since + self->cell_length - 1) / self->cell_length);
}

static guint
tide_band_chart_get_first_cell (TideChart *chart)
{
  guint n = tide_band_chart_get_n_cells (chart);

  return n > 0 ? n - 1 : 0;
}

static float
tide_band_chart_get_top (TideBandChart *self)
{
  return (float)(tide_chart_text_height (TIDE_CHART (self)) + AXIS_GAP);
}

static float
tide_band_chart_get_x (TideBandChart *self,
                       gint64         instant)
{
  float width = (float)gtk_widget_get_width (GTK_WIDGET (self)) - LABEL_WIDTH;

  return LABEL_WIDTH + width * (float)(instant - self->since) / (float)(self->until - self->since);
}

/* What is off the scale is drawn at its end. */
static float
tide_band_chart_get_y (TideBandChart *self,
                       double         count)
{
  double share = self->max > 0 ? CLAMP (count / self->max, 0, 1) : 0;

  return tide_band_chart_get_top (self) + PLOT_HEIGHT - (float)(share * PLOT_HEIGHT);
}

static void
tide_band_chart_get_area (TideChart       *chart,
                          guint            cell,
                          graphene_rect_t *area)
{
  TideBandChart *self = TIDE_BAND_CHART (chart);
  gint64 begin = self->since + cell * self->cell_length;
  float x = tide_band_chart_get_x (self, begin);
  float end = tide_band_chart_get_x (self, MIN (begin + self->cell_length, self->until));

  graphene_rect_init (area, x, tide_band_chart_get_top (self), end - x, PLOT_HEIGHT);
}

static const Step *
tide_band_chart_find_step (TideBandChart *self,
                           gint64         instant)
{
  for (guint i = 0; i < self->steps->len; i++)
    {
      const Step *step = &g_array_index (self->steps, Step, i);

      if (instant >= step->hour && instant < step->hour + TIDE_HOUR)
        return step;
    }
  return NULL;
}

/* The runs of a span in words. */
static void
describe_runs (TideBandChart *self,
               gint64         begin,
               gint64         end,
               GString       *text)
{
  guint runs = 0;
  guint verdicts[TIDE_USUAL_MORE + 1] = { 0 };
  gint64 low = G_MAXINT64;
  gint64 high = 0;
  g_autofree char *low_text = NULL;
  g_autofree char *high_text = NULL;

  for (guint i = 0; i < self->points->len; i++)
    {
      const Point *point = &g_array_index (self->points, Point, i);

      if (point->at < begin || point->at >= end)
        continue;
      runs++;
      verdicts[point->verdict]++;
      low = MIN (low, point->count);
      high = MAX (high, point->count);
    }
  if (runs == 0)
    {
      g_string_append (text, _("No run"));
      return;
    }
  low_text = tide_format_number (low);
  high_text = tide_format_number (high);
  g_string_append_printf (text, ngettext ("%d run", "%d runs", runs), (int)runs);
  if (low == high)
    g_string_append_printf (text, ngettext (", %s record came or changed", ", %s records came or changed",
                                            (gulong)high), high_text);
  else
    g_string_append_printf (text, _(", %s to %s records came or changed in each"), low_text, high_text);
  if (verdicts[TIDE_USUAL_MORE] > 0)
    g_string_append_printf (text, ngettext ("\n%d with more than usual", "\n%d with more than usual",
                                            verdicts[TIDE_USUAL_MORE]), (int)verdicts[TIDE_USUAL_MORE]);
  if (verdicts[TIDE_USUAL_FEWER] > 0)
    g_string_append_printf (text, ngettext ("\n%d with fewer than usual", "\n%d with fewer than usual",
                                            verdicts[TIDE_USUAL_FEWER]), (int)verdicts[TIDE_USUAL_FEWER]);
}

static char *
tide_band_chart_describe_cell (TideChart *chart,
                               guint      cell)
{
  TideBandChart *self = TIDE_BAND_CHART (chart);
  gint64 begin = self->since + cell * self->cell_length;
  gint64 end = begin + self->cell_length;
  const Step *step = tide_band_chart_find_step (self, begin);
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
  g_autofree char *day = tide_format_day (begin, g_get_real_time (), zone);
  g_autofree char *from = tide_format_clock (begin, zone);
  g_autofree char *to = tide_format_clock (end, zone);
  GString *text = g_string_new (NULL);

  /* Translators: a day, then two times of day */
  g_string_append_printf (text, _("%s, %s to %s"), day, from, to);
  g_string_append_c (text, '\n');
  describe_runs (self, begin, end, text);
  if (step != NULL)
    {
      g_autofree char *low = tide_format_number ((gint64)floor (step->low));
      g_autofree char *high = tide_format_number ((gint64)ceil (step->high));
      g_autofree char *usual = tide_format_number ((gint64)lround (step->usual));

      g_string_append_printf (text, _("\nUsual at this hour: %s, expected %s to %s"), usual, low, high);
    }
  return g_string_free (text, FALSE);
}

static void
tide_band_chart_count (TideBandChart *self,
                       guint         *more,
                       guint         *fewer)
{
  *more = 0;
  *fewer = 0;
  for (guint i = 0; i < self->points->len; i++)
    {
      TideUsualVerdict verdict = g_array_index (self->points, Point, i).verdict;

      *more += verdict == TIDE_USUAL_MORE;
      *fewer += verdict == TIDE_USUAL_FEWER;
    }
}

static char *
tide_band_chart_describe (TideChart *chart)
{
  TideBandChart *self = TIDE_BAND_CHART (chart);
  guint more;
  guint fewer;

  tide_band_chart_count (self, &more, &fewer);
  if (self->steps->len == 0)
    return g_strdup_printf (ngettext ("%s: records in %d run", "%s: records in each of %d runs", self->points->len),
                            self->what != NULL ? self->what : "", (int)self->points->len);
  return g_strdup_printf (_("%s: records in each of %d runs; %d with more than usual, %d with fewer"),
                          self->what != NULL ? self->what : "", (int)self->points->len, (int)more, (int)fewer);
}

/* The outline of the band: along its upper edge, and back along the lower one. */
static void
tide_band_chart_trace_band (TideBandChart *self,
                            cairo_t       *cr)
{
  for (guint i = 0; i < self->steps->len; i++)
    {
      const Step *step = &g_array_index (self->steps, Step, i);
      float x = tide_band_chart_get_x (self, MAX (step->hour, self->since));
      float end = tide_band_chart_get_x (self, MIN (step->hour + TIDE_HOUR, self->until));

      cairo_line_to (cr, x, tide_band_chart_get_y (self, step->high));
      cairo_line_to (cr, end, tide_band_chart_get_y (self, step->high));
    }
  for (guint i = self->steps->len; i > 0; i--)
    {
      const Step *step = &g_array_index (self->steps, Step, i - 1);
      float x = tide_band_chart_get_x (self, MAX (step->hour, self->since));
      float end = tide_band_chart_get_x (self, MIN (step->hour + TIDE_HOUR, self->until));

      cairo_line_to (cr, end, tide_band_chart_get_y (self, step->low));
      cairo_line_to (cr, x, tide_band_chart_get_y (self, step->low));
    }
  cairo_close_path (cr);
}

static void
tide_band_chart_draw_usual (TideBandChart *self,
                            cairo_t       *cr)
{
  GdkRGBA band = tide_chart_get_color (TIDE_CHART (self), "tide_ok_tint");
  GdkRGBA line = tide_chart_get_color (TIDE_CHART (self), "tide_ok_fill");

  if (self->steps->len == 0)
    return;
  gdk_cairo_set_source_rgba (cr, &band);
  tide_band_chart_trace_band (self, cr);
  cairo_fill (cr);
  gdk_cairo_set_source_rgba (cr, &line);
  cairo_set_line_width (cr, 1.5);
  for (guint i = 0; i < self->steps->len; i++)
    {
      const Step *step = &g_array_index (self->steps, Step, i);
      float y = tide_band_chart_get_y (self, step->usual);

      cairo_line_to (cr, tide_band_chart_get_x (self, MAX (step->hour, self->since)), y);
      cairo_line_to (cr, tide_band_chart_get_x (self, MIN (step->hour + TIDE_HOUR, self->until)), y);
    }
  cairo_stroke (cr);
}

/* More: a triangle that points up; fewer: one that points down. */
static void
draw_mark (cairo_t          *cr,
           float             x,
           float             y,
           TideUsualVerdict  verdict)
{
  float tip = verdict == TIDE_USUAL_MORE ? -MARK / 2 : MARK / 2;

  cairo_move_to (cr, x, y + tip);
  cairo_line_to (cr, x + MARK / 2, y - tip);
  cairo_line_to (cr, x - MARK / 2, y - tip);
  cairo_fill (cr);
}

static void
tide_band_chart_draw_points (TideBandChart *self,
                             cairo_t       *cr)
{
  GdkRGBA quiet = tide_chart_get_color (TIDE_CHART (self), "tide_secondary");
  GdkRGBA late = tide_chart_get_color (TIDE_CHART (self), "tide_late_fill");

  quiet.alpha *= 0.7f;
  for (guint i = 0; i < self->points->len; i++)
    {
      const Point *point = &g_array_index (self->points, Point, i);
      float x = tide_band_chart_get_x (self, point->at);
      float y = tide_band_chart_get_y (self, (double)point->count);

      if (point->verdict == TIDE_USUAL_MORE || point->verdict == TIDE_USUAL_FEWER)
        {
          gdk_cairo_set_source_rgba (cr, &late);
          draw_mark (cr, x, CLAMP (y, tide_band_chart_get_top (self) + MARK / 2,
                                   tide_band_chart_get_top (self) + PLOT_HEIGHT - MARK / 2), point->verdict);
          continue;
        }
      gdk_cairo_set_source_rgba (cr, &quiet);
      cairo_arc (cr, x, y, DOT / 2, 0, 2 * G_PI);
      cairo_fill (cr);
    }
}

/* Midnights above, and the ends of the scale at the side. */
static void
tide_band_chart_draw_axes (TideBandChart *self,
                           GtkSnapshot   *snapshot)
{
  TideChart *chart = TIDE_CHART (self);
  GdkRGBA grid = tide_chart_get_color (chart, "tide_grid");
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
  g_autofree char *max = tide_format_number ((gint64)self->max);
  float top = tide_band_chart_get_top (self);
  float width = (float)gtk_widget_get_width (GTK_WIDGET (self));
  float text_height = (float)tide_chart_text_height (chart);
  float next = 0;

  gtk_snapshot_append_color (snapshot, &grid, &GRAPHENE_RECT_INIT (LABEL_WIDTH, top, width - LABEL_WIDTH, 1));
  gtk_snapshot_append_color (snapshot, &grid,
                             &GRAPHENE_RECT_INIT (LABEL_WIDTH, top + PLOT_HEIGHT, width - LABEL_WIDTH, 1));
  tide_chart_text (chart, snapshot, max, "quiet", LABEL_WIDTH - 8, top - text_height / 2 + 4, 1, LABEL_WIDTH);
  tide_chart_text (chart, snapshot, "0", "quiet", LABEL_WIDTH - 8, top + PLOT_HEIGHT - text_height / 2 - 4, 1,
                   LABEL_WIDTH);
  for (gint64 day = tide_time_local_midnight (self->since, zone, 0); day < self->until;
       day = tide_time_local_midnight (day + TIDE_HOUR, zone, 1))
    {
      g_autofree char *label = tide_format_day (day, g_get_real_time (), zone);
      float x = tide_band_chart_get_x (self, MAX (day, self->since));

      if (day > self->since)
        gtk_snapshot_append_color (snapshot, &grid, &GRAPHENE_RECT_INIT (floorf (x), top, 1, PLOT_HEIGHT));
      if (x < next || x + (float)tide_chart_text (chart, NULL, label, "quiet", 0, 0, 0, 0) > width)
        continue;
      next = x + 10 + (float)tide_chart_text (chart, snapshot, label, "quiet", x, 0, 0, 0);
    }
}

static void
tide_band_chart_draw (TideChart   *chart,
                      GtkSnapshot *snapshot)
{
  TideBandChart *self = TIDE_BAND_CHART (chart);
  graphene_rect_t area;
  cairo_t *cr;

  if (self->until <= self->since)
    return;
  tide_band_chart_draw_axes (self, snapshot);
  graphene_rect_init (&area, LABEL_WIDTH - MARK, tide_band_chart_get_top (self) - 2,
                      (float)gtk_widget_get_width (GTK_WIDGET (self)) - LABEL_WIDTH + 2 * MARK, PLOT_HEIGHT + 4);
  cr = gtk_snapshot_append_cairo (snapshot, &area);
  tide_band_chart_draw_usual (self, cr);
  tide_band_chart_draw_points (self, cr);
  cairo_destroy (cr);
}

static void
tide_band_chart_measure (GtkWidget      *widget,
                         GtkOrientation  orientation,
                         int             for_size,
                         int            *minimum,
                         int            *natural,
                         int            *minimum_baseline,
                         int            *natural_baseline)
{
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = LABEL_WIDTH + 160;
      *natural = LABEL_WIDTH + 800;
    }
  else
    *minimum = *natural = (int)tide_band_chart_get_top (TIDE_BAND_CHART (widget)) + PLOT_HEIGHT + 4;
}

static void
tide_band_chart_finalize (GObject *object)
{
  TideBandChart *self = TIDE_BAND_CHART (object);

  g_free (self->what);
  g_array_unref (self->points);
  g_array_unref (self->steps);
  G_OBJECT_CLASS (tide_band_chart_parent_class)->finalize (object);
}

static void
tide_band_chart_class_init (TideBandChartClass *klass)
{
  TideChartClass *chart_class = TIDE_CHART_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = tide_band_chart_finalize;
  GTK_WIDGET_CLASS (klass)->measure = tide_band_chart_measure;
  chart_class->get_n_cells = tide_band_chart_get_n_cells;
  chart_class->get_first_cell = tide_band_chart_get_first_cell;
  chart_class->get_cell = tide_band_chart_get_area;
  chart_class->describe_cell = tide_band_chart_describe_cell;
  chart_class->describe = tide_band_chart_describe;
  chart_class->draw = tide_band_chart_draw;
}

static void
tide_band_chart_init (TideBandChart *self)
{
  self->points = g_array_new (FALSE, FALSE, sizeof (Point));
  self->steps = g_array_new (FALSE, FALSE, sizeof (Step));
}

/* Rounded up to one or two leading digits, so that the scale's end can be read. */
static double
round_scale (double value)
{
  double unit = value > 0 ? pow (10, floor (log10 (value))) : 1;

  return MAX (ceil (value / unit * 2) / 2 * unit, 1);
}

static void
tide_band_chart_update_scale (TideBandChart *self)
{
  g_autofree gint64 *counts = g_new (gint64, self->points->len + 1);
  double max;

  for (guint i = 0; i < self->points->len; i++)
    counts[i] = g_array_index (self->points, Point, i).count;
  max = (double)tide_chart_get_scale (counts, self->points->len) * 1.1;
  for (guint i = 0; i < self->steps->len; i++)
    max = MAX (max, g_array_index (self->steps, Step, i).high * 1.25);
  self->max = round_scale (max);
}

static void
tide_band_chart_add_runs (TideBandChart *self,
                          GPtrArray     *runs,
                          TideUsual     *usual)
{
  g_array_set_size (self->points, 0);
  /* They come newest first. */
  for (guint i = runs->len; i > 0; i--)
    {
      const TideRun *run = g_ptr_array_index (runs, i - 1);
      const Point point = {
        .at = run->started_at > 0 ? run->started_at : run->requested_at,
        .count = tide_usual_get_count (run),
        .verdict = tide_usual_judge (usual, run),
      };

      if (run->status == TIDE_RUN_COMPLETED && !run->dry_run && !tide_run_is_part (run)
          && point.at >= self->since && point.at < self->until)
        g_array_append_val (self->points, point);
    }
}

static void
tide_band_chart_add_steps (TideBandChart *self,
                           const TideRun *run,
                           TideUsual     *usual)
{
  g_array_set_size (self->steps, 0);
  for (gint64 hour = self->since - self->since % TIDE_HOUR; run != NULL && hour < self->until; hour += TIDE_HOUR)
    {
      const TideRunBand *band = tide_usual_find (usual, run->connection_id, run->stream, hour);
      const Step step = { hour, band != NULL ? band->usual : 0, band != NULL ? band->low : 0,
                          band != NULL ? band->high : 0 };

      if (band != NULL)
        g_array_append_val (self->steps, step);
    }
}

/**
 * tide_band_chart_set_runs:
 * @what: what the stream is called
 * @runs: (element-type TideRun): runs of one stream, newest first; those that brought nothing to their end are left out
 * @usual: (nullable): what they are compared with
 * @since: the first instant shown
 * @until: the last
 */
void
tide_band_chart_set_runs (TideBandChart *self,
                          const char    *what,
                          GPtrArray     *runs,
                          TideUsual     *usual,
                          gint64         since,
                          gint64         until)
{
  gint64 hours = (until - since + TIDE_HOUR - 1) / TIDE_HOUR;

  g_free (self->what);
  self->what = g_strdup (what);
  self->since = since;
  self->until = until;
  self->cell_length = MAX ((hours + MAX_CELLS - 1) / MAX_CELLS, 1) * TIDE_HOUR;
  tide_band_chart_add_runs (self, runs, usual);
  tide_band_chart_add_steps (self, runs->len > 0 ? g_ptr_array_index (runs, 0) : NULL, usual);
  tide_band_chart_update_scale (self);
  tide_chart_changed (TIDE_CHART (self));
}

/**
 * tide_band_chart_get_outside:
 *
 * Returns: how many of the runs shown lie outside the expected band
 */
guint
tide_band_chart_get_outside (TideBandChart *self)
{
  guint more;
  guint fewer;

  tide_band_chart_count (self, &more, &fewer);
  return more + fewer;
}

/**
 * tide_band_chart_get_hour:
 *
 * Returns: the instant at which a cell begins
 */
gint64
tide_band_chart_get_hour (TideBandChart *self,
                          guint          cell)
{
  return self->since + cell * self->cell_length;
}
