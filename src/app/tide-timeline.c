/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "tide-format.h"
#include "tide-time.h"
#include "tide-timeline.h"

#define LANE_HEIGHT 20
#define BLOCK_HEIGHT 12
#define MIN_BLOCK 6
#define TICK (30 * TIDE_MINUTE)

struct _TideTimeline
{
  TideChart   parent_instance;

  GPtrArray  *lanes;          /* (owned) (nullable) (element-type TideLane) */
  gint64      from;
  gint64      until;
  gint64      now;
};

G_DEFINE_FINAL_TYPE (TideTimeline, tide_timeline, TIDE_TYPE_CHART)

static guint
tide_timeline_get_n_lanes (TideTimeline *self)
{
  return self->lanes != NULL ? self->lanes->len : 0;
}

static int
tide_timeline_get_label_width (TideTimeline *self)
{
  return gtk_widget_get_width (GTK_WIDGET (self)) < 560 ? 96 : 180;
}

static float
tide_timeline_get_x (TideTimeline *self,
                     gint64        at)
{
  int left = tide_timeline_get_label_width (self);
  int width = gtk_widget_get_width (GTK_WIDGET (self)) - left - 6;

  return (float)left + (float)width * (float)(at - self->from) / (float)(self->until - self->from);
}

static guint
tide_timeline_get_n_cells (TideChart *chart)
{
  TideTimeline *self = TIDE_TIMELINE (chart);
  guint n = 0;

  for (guint i = 0; i < tide_timeline_get_n_lanes (self); i++)
    n += ((TideLane *)g_ptr_array_index (self->lanes, i))->blocks->len;
  return n;
}

/* The n-th block of all, lane by lane. */
static const TideBlock *
tide_timeline_get_block (TideTimeline *self,
                         guint         cell,
                         guint        *lane_index)
{
  for (guint i = 0; i < tide_timeline_get_n_lanes (self); i++)
    {
      TideLane *lane = g_ptr_array_index (self->lanes, i);

      *lane_index = i;
      if (cell < lane->blocks->len)
        return &g_array_index (lane->blocks, TideBlock, cell);
      cell -= lane->blocks->len;
    }
  return NULL;
}

static void
tide_timeline_get_area (TideChart       *chart,
                        guint            cell,
                        graphene_rect_t *area)
{
  TideTimeline *self = TIDE_TIMELINE (chart);
  guint lane = 0;
  const TideBlock *block = tide_timeline_get_block (self, cell, &lane);
  float x = tide_timeline_get_x (self, block->at);
  float width = tide_timeline_get_x (self, block->at + block->duration) - x;

  graphene_rect_init (area, roundf (x), (float)lane * LANE_HEIGHT + (LANE_HEIGHT - BLOCK_HEIGHT) / 2.f,
                      MAX (roundf (width), MIN_BLOCK), BLOCK_HEIGHT);
}

static char *
tide_timeline_describe_cell (TideChart *chart,
                             guint      cell)
{
  TideTimeline *self = TIDE_TIMELINE (chart);
  guint lane = 0;
  const TideBlock *block = tide_timeline_get_block (self, cell, &lane);
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
  g_autofree char *clock = tide_format_clock (block->at, zone);
  g_autofree char *duration = tide_format_duration_long (block->duration);

  if (block->kind == TIDE_BLOCK_RUNNING)
    return g_strdup_printf (_("%s, being synced now"), block->label);
  if (block->kind == TIDE_BLOCK_RETRY)
    return g_strdup_printf (_("%s, tried again at %s"), block->label, clock);
  if (block->duration <= 0)
    return g_strdup_printf (_("%s at %s"), block->label, clock);
  return g_strdup_printf (_("%s at %s, usually takes %s"), block->label, clock, duration);
}

static char *
tide_timeline_describe (TideChart *chart)
{
  int n = (int)tide_timeline_get_n_cells (chart);

  return g_strdup_printf (ngettext ("Next two hours: %d sync planned", "Next two hours: %d syncs planned", n), n);
}

static void
tide_timeline_draw_axis (TideTimeline *self,
                         GtkSnapshot  *snapshot)
{
  TideChart *chart = TIDE_CHART (self);
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
  GdkRGBA color = tide_chart_get_color (chart, "tide_grid");
  float bottom = (float)tide_timeline_get_n_lanes (self) * LANE_HEIGHT;

  for (gint64 at = self->from + TICK - self->from % TICK; at <= self->until; at += TICK)
    {
      g_autofree char *label = tide_format_clock (at, zone);
      float x = roundf (tide_timeline_get_x (self, at));
      float width = (float)tide_chart_text (chart, NULL, label, "quiet", 0, 0, 0, 0);
      float align = x + width / 2 > (float)gtk_widget_get_width (GTK_WIDGET (self)) ? 1 : 0.5f;

      gtk_snapshot_append_color (snapshot, &color, &GRAPHENE_RECT_INIT (x, 0, 1, bottom + 2));
      tide_chart_text (chart, snapshot, label, "quiet", x, bottom + 4, align, 0);
    }
}

static void
tide_timeline_draw_block (TideTimeline *self,
                          GtkSnapshot  *snapshot,
                          guint         cell)
{
  static const char * const colors[] = {
    [TIDE_BLOCK_PLANNED] = "tide_planned",
    [TIDE_BLOCK_RUNNING] = "tide_new_fill",
    [TIDE_BLOCK_RETRY] = "tide_late_fill",
  };
  guint lane = 0;
  const TideBlock *block = tide_timeline_get_block (self, cell, &lane);
  GdkRGBA color = tide_chart_get_color (TIDE_CHART (self), colors[block->kind]);
  GdkRGBA tint = color;
  graphene_rect_t area;

  tide_timeline_get_area (TIDE_CHART (self), cell, &area);
  if (block->kind != TIDE_BLOCK_RUNNING)
    tint.alpha *= 0.25f;
  tide_chart_fill (snapshot, &area, 4, &tint);
  tide_chart_outline (snapshot, &area, 4, block->kind == TIDE_BLOCK_RETRY ? 1.5f : 1, &color);
}

/* Nothing will happen here until the owner does something: a dotted line with the words. */
static void
tide_timeline_draw_waits (TideTimeline   *self,
                          GtkSnapshot    *snapshot,
                          const TideLane *lane,
                          float           y)
{
  TideChart *chart = TIDE_CHART (self);
  GdkRGBA color = tide_chart_get_color (chart, "tide_bad");
  float x = tide_timeline_get_x (self, self->now) + 12;
  float middle = y + LANE_HEIGHT / 2.f;
  int width = tide_chart_text (chart, snapshot, lane->waits, "normal", x,
                               y + (float)(LANE_HEIGHT - tide_chart_text_height (chart)) / 2, 0, 0);

  for (x += (float)width + 6; x < tide_timeline_get_x (self, self->until); x += 4)
    gtk_snapshot_append_color (snapshot, &color, &GRAPHENE_RECT_INIT (x, middle - 0.5f, 2, 1));
}

static void
tide_timeline_draw (TideChart   *chart,
                    GtkSnapshot *snapshot)
{
  TideTimeline *self = TIDE_TIMELINE (chart);
  guint n = tide_timeline_get_n_cells (chart);
  GdkRGBA color = tide_chart_get_color (chart, "window_fg_color");
  float x;

  if (self->until <= self->from)
    return;
  tide_timeline_draw_axis (self, snapshot);
  for (guint i = 0; i < tide_timeline_get_n_lanes (self); i++)
    {
      const TideLane *lane = g_ptr_array_index (self->lanes, i);
      float y = (float)i * LANE_HEIGHT;

      tide_chart_text (chart, snapshot, lane->label, "normal", 0,
                       y + (float)(LANE_HEIGHT - tide_chart_text_height (chart)) / 2, 0,
                       tide_timeline_get_label_width (self) - 10);
      if (lane->waits != NULL)
        tide_timeline_draw_waits (self, snapshot, lane, y);
    }
  for (guint i = 0; i < n; i++)
    tide_timeline_draw_block (self, snapshot, i);
  x = floorf (tide_timeline_get_x (self, self->now));
  gtk_snapshot_append_color (snapshot, &color,
                             &GRAPHENE_RECT_INIT (x, -4, 2, (float)tide_timeline_get_n_lanes (self) * LANE_HEIGHT + 6));
  tide_chart_fill (snapshot, &GRAPHENE_RECT_INIT (x - 2, -7, 6, 6), 3, &color);
}

static void
tide_timeline_measure (GtkWidget      *widget,
                       GtkOrientation  orientation,
                       int             for_size,
                       int            *minimum,
                       int            *natural,
                       int            *minimum_baseline,
                       int            *natural_baseline)
{
  TideTimeline *self = TIDE_TIMELINE (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = 260;
      *natural = 900;
    }
  else
    *minimum = *natural = (int)tide_timeline_get_n_lanes (self) * LANE_HEIGHT + 4
                          + tide_chart_text_height (TIDE_CHART (self));
}

static void
tide_timeline_finalize (GObject *object)
{
  g_clear_pointer (&TIDE_TIMELINE (object)->lanes, g_ptr_array_unref);
  G_OBJECT_CLASS (tide_timeline_parent_class)->finalize (object);
}

static void
tide_timeline_class_init (TideTimelineClass *klass)
{
  TideChartClass *chart_class = TIDE_CHART_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = tide_timeline_finalize;
  GTK_WIDGET_CLASS (klass)->measure = tide_timeline_measure;
  chart_class->get_n_cells = tide_timeline_get_n_cells;
  chart_class->get_cell = tide_timeline_get_area;
  chart_class->describe_cell = tide_timeline_describe_cell;
  chart_class->describe = tide_timeline_describe;
  chart_class->draw = tide_timeline_draw;
}

static void
tide_timeline_init (TideTimeline *self)
{
}

/**
 * tide_timeline_set_lanes:
 * @lanes: (transfer full) (element-type TideLane): what to show
 * @from: left edge
 * @until: right edge
 * @now: the present instant
 */
void
tide_timeline_set_lanes (TideTimeline *self,
                         GPtrArray    *lanes,
                         gint64        from,
                         gint64        until,
                         gint64        now)
{
  gboolean resized = tide_timeline_get_n_lanes (self) != lanes->len;

  g_clear_pointer (&self->lanes, g_ptr_array_unref);
  self->lanes = lanes;
  self->from = from;
  self->until = until;
  self->now = now;
  tide_chart_changed (TIDE_CHART (self));
  if (resized)
    gtk_widget_queue_resize (GTK_WIDGET (self));
}
