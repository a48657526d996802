/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "tide-format.h"
#include "tide-strip.h"
#include "tide-time.h"

#define MARK_HEIGHT 7                 /* above the bars: no cell is wide enough for a mark inside it */
#define BAR_HEIGHT 19
#define GAP 2

struct _TideStrip
{
  TideChart     parent_instance;

  TideHourCell  cells[TIDE_STRIP_CELLS];
  gint64        max;
  char         *name;         /* (owned) (nullable) */
  gboolean      syncing;
};

G_DEFINE_FINAL_TYPE (TideStrip, tide_strip, TIDE_TYPE_CHART)

/**
 * tide_strip_get_pitch:
 * @width: of a strip
 *
 * Returns: from one cell's left edge to the next one's, so that an axis can follow
 */
float
tide_strip_get_pitch (int width)
{
  return floorf ((float)MIN (width, TIDE_STRIP_WIDTH) / TIDE_STRIP_CELLS);
}

static guint
tide_strip_get_n_cells (TideChart *chart)
{
  return TIDE_STRIP (chart)->max >= 0 ? TIDE_STRIP_CELLS : 0;
}

static guint
tide_strip_get_first_cell (TideChart *chart)
{
  return TIDE_STRIP_PAST - 1;
}

/* The whole height of the hour, so that it can be met with the pointer. */
static void
tide_strip_get_area (TideChart       *chart,
                     guint            cell,
                     graphene_rect_t *area)
{
  float pitch = tide_strip_get_pitch (gtk_widget_get_width (GTK_WIDGET (chart)));
  float top = floorf ((float)(gtk_widget_get_height (GTK_WIDGET (chart)) - MARK_HEIGHT - BAR_HEIGHT) / 2);

  graphene_rect_init (area, (float)cell * pitch, top + MARK_HEIGHT, pitch - GAP, BAR_HEIGHT);
}

static char *
tide_strip_describe_cell (TideChart *chart,
                          guint      index)
{
  TideStrip *self = TIDE_STRIP (chart);
  const TideHourCell *cell = &self->cells[index];
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
  g_autofree char *from = tide_format_clock (cell->hour, zone);
  g_autofree char *until = tide_format_clock (cell->hour + TIDE_HOUR, zone);
  g_autofree char *records = tide_format_number (cell->records);
  g_autofree char *max = tide_format_number (self->max);
  g_autoptr(GString) text = g_string_new (NULL);

  g_string_append_printf (text, _("%s to %s"), from, until);
  g_string_append_c (text, '\n');
  if (index >= TIDE_STRIP_PAST)
    {
      if (cell->planned > 0)
        g_string_append_printf (text, ngettext ("%d sync planned", "%d syncs planned", (gulong)cell->planned),
                                (int)cell->planned);
      else
        g_string_append (text, _("Nothing planned"));
      return g_string_free (g_steal_pointer (&text), FALSE);
    }
  if (cell->runs == 0)
    {
      g_string_append (text, _("No sync in this hour"));
      return g_string_free (g_steal_pointer (&text), FALSE);
    }
  g_string_append_printf (text, ngettext ("%d sync", "%d syncs", (gulong)cell->runs), (int)cell->runs);
  g_string_append_printf (text, ngettext (", %s record came or changed", ", %s records came or changed",
                                          (gulong)cell->records), records);
  if (cell->failed > 0)
    g_string_append_printf (text, ngettext (", %d failed", ", %d failed", (gulong)cell->failed), (int)cell->failed);
  if (cell->retried > 0)
    g_string_append_printf (text, ngettext (", %d needed another try", ", %d needed another try",
                                            (gulong)cell->retried), (int)cell->retried);
  if (self->max > 0)
    g_string_append_printf (text, _("\nA full bar in this row is %s or more"), max);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
tide_strip_describe (TideChart *chart)
{
  TideStrip *self = TIDE_STRIP (chart);
  int synced = 0;
  int failed = 0;
  g_autofree char *hours = NULL;

  for (guint i = 0; i < TIDE_STRIP_PAST; i++)
    {
      if (self->cells[i].failed > 0)
        failed++;
      else if (self->cells[i].runs > 0)
        synced++;
    }
  hours = g_strdup_printf (ngettext ("%d hour synced", "%d hours synced", synced), synced);
  if (failed == 0)
    /* Translators: what, "17 hours synced", how many hours without */
    return g_strdup_printf (_("%s, last 24 hours: %s, %d without a sync, none failed"),
                            self->name != NULL ? self->name : "", hours, TIDE_STRIP_PAST - synced);
  return g_strdup_printf (_("%s, last 24 hours: %s, %d without a sync, %d with a failure"),
                          self->name != NULL ? self->name : "", hours,
                          TIDE_STRIP_PAST - synced - failed, failed);
}

static void
tide_strip_draw_troubled (TideStrip             *self,
                          GtkSnapshot           *snapshot,
                          const graphene_rect_t *area,
                          gboolean               failed)
{
  TideChart *chart = TIDE_CHART (self);
  GdkRGBA color = tide_chart_get_color (chart, failed ? "tide_bad_fill" : "tide_late_fill");
  GdkRGBA tint = color;

  if (!failed)
    {
      tint.alpha = 0.25f;
      tide_chart_outline (snapshot, area, 2, 1.5f, &color);
    }
  tide_chart_fill (snapshot, area, 2, &tint);
  tide_chart_mark (snapshot, area->origin.x + area->size.width / 2, area->origin.y - MARK_HEIGHT / 2.f - 0.5f,
                   5, failed, &color);
}

static void
tide_strip_draw_past (TideStrip             *self,
                      GtkSnapshot           *snapshot,
                      const TideHourCell    *cell,
                      const graphene_rect_t *area,
                      gboolean               is_now)
{
  TideChart *chart = TIDE_CHART (self);
  gboolean going = is_now && self->syncing;
  GdkRGBA color = tide_chart_get_color (chart, going ? "tide_new_fill" : "tide_ok_fill");
  float bottom = area->origin.y + area->size.height;
  float height;

  if (cell->failed > 0 || cell->retried > 0)
    {
      tide_strip_draw_troubled (self, snapshot, area, cell->failed > 0);
      return;
    }
  if (cell->runs == 0 && !going)
    {
      color = tide_chart_get_color (chart, "tide_dot");
      tide_chart_fill (snapshot,
                       &GRAPHENE_RECT_INIT (area->origin.x + area->size.width / 2 - 1, bottom - 2, 2, 2), 1, &color);
      return;
    }
  height = self->max > 0 ? roundf (BAR_HEIGHT * (float)cell->records / (float)self->max) : 0;
  height = CLAMP (height, 3, BAR_HEIGHT);
  tide_chart_fill (snapshot,
                   &GRAPHENE_RECT_INIT (area->origin.x, bottom - height, area->size.width, height), 2, &color);
}

static void
tide_strip_draw_lines (TideStrip   *self,
                       GtkSnapshot *snapshot)
{
  TideChart *chart = TIDE_CHART (self);
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
  GdkRGBA color = tide_chart_get_color (chart, "tide_dot");
  graphene_rect_t area;

  for (guint i = 1; i < TIDE_STRIP_CELLS; i++)
    {
      g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (self->cells[i].hour / TIDE_SECOND);
      g_autoptr(GDateTime) time = g_date_time_to_timezone (utc, zone);

      if (g_date_time_get_hour (time) != 0)
        continue;
      tide_strip_get_area (chart, i, &area);
      for (float y = -MARK_HEIGHT + 2; y < BAR_HEIGHT; y += 4)
        gtk_snapshot_append_color (snapshot, &color,
                                   &GRAPHENE_RECT_INIT (area.origin.x - 1.5f, area.origin.y + y, 1, 2));
    }
  tide_strip_get_area (chart, TIDE_STRIP_PAST, &area);
  color = tide_chart_get_color (chart, "tide_secondary");
  gtk_snapshot_append_color (snapshot, &color,
                             &GRAPHENE_RECT_INIT (area.origin.x - 1.5f, area.origin.y - MARK_HEIGHT + 2,
                                                  1, BAR_HEIGHT + MARK_HEIGHT - 2));
}

static void
tide_strip_draw (TideChart   *chart,
                 GtkSnapshot *snapshot)
{
  TideStrip *self = TIDE_STRIP (chart);
  GdkRGBA planned = tide_chart_get_color (chart, "tide_planned");
  graphene_rect_t area;

  if (self->max < 0)
    return;
  for (guint i = 0; i < TIDE_STRIP_CELLS; i++)
    {
      tide_strip_get_area (chart, i, &area);
      if (i < TIDE_STRIP_PAST)
        tide_strip_draw_past (self, snapshot, &self->cells[i], &area, i == TIDE_STRIP_PAST - 1);
      else if (self->cells[i].planned > 0)
        tide_chart_outline (snapshot, &GRAPHENE_RECT_INIT (area.origin.x, area.origin.y + BAR_HEIGHT - 7,
                                                           area.size.width, 7), 2, 1, &planned);
    }
  tide_strip_draw_lines (self, snapshot);
}

static void
tide_strip_measure (GtkWidget      *widget,
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
    *minimum = *natural = BAR_HEIGHT + MARK_HEIGHT;
}

static void
tide_strip_finalize (GObject *object)
{
  g_free (TIDE_STRIP (object)->name);
  G_OBJECT_CLASS (tide_strip_parent_class)->finalize (object);
}

static void
tide_strip_class_init (TideStripClass *klass)
{
  TideChartClass *chart_class = TIDE_CHART_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = tide_strip_finalize;
  GTK_WIDGET_CLASS (klass)->measure = tide_strip_measure;
  chart_class->get_n_cells = tide_strip_get_n_cells;
  chart_class->get_first_cell = tide_strip_get_first_cell;
  chart_class->get_cell = tide_strip_get_area;
  chart_class->describe_cell = tide_strip_describe_cell;
  chart_class->describe = tide_strip_describe;
  chart_class->draw = tide_strip_draw;
}

static void
tide_strip_init (TideStrip *self)
{
  self->max = -1;
}

GtkWidget *
tide_strip_new (void)
{
  return g_object_new (TIDE_TYPE_STRIP, NULL);
}

/**
 * tide_strip_set_cells:
 * @cells: (array fixed-size=28): the hours; copied
 * @name: what it is about, for the sentence
 * @syncing: whether a run is going just now
 */
void
tide_strip_set_cells (TideStrip          *self,
                      const TideHourCell *cells,
                      const char         *name,
                      gboolean            syncing)
{
  gint64 records[TIDE_STRIP_PAST];

  if (self->max >= 0 && self->syncing == syncing && g_strcmp0 (self->name, name) == 0
      && memcmp (self->cells, cells, sizeof self->cells) == 0)
    return;
  memcpy (self->cells, cells, sizeof self->cells);
  for (guint i = 0; i < TIDE_STRIP_PAST; i++)
    records[i] = cells[i].records;
  self->max = tide_chart_get_scale (records, TIDE_STRIP_PAST);
  self->syncing = syncing;
  g_free (self->name);
  self->name = g_strdup (name);
  tide_chart_changed (TIDE_CHART (self));
}

/**
 * tide_strip_get_cell:
 *
 * Returns: (transfer none): the hour that stands there
 */
const TideHourCell *
tide_strip_get_cell (TideStrip *self,
                     guint      cell)
{
  g_return_val_if_fail (cell < TIDE_STRIP_CELLS, NULL);

  return &self->cells[cell];
}
