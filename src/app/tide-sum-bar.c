/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "tide-format.h"
#include "tide-run.h"
#include "tide-sum-bar.h"

#define GAP 2

struct _TideSumBar
{
  TideChart   parent_instance;

  TideCounts  counts;
  gboolean    compact;        /* in a table: thin, no cursor, small parts may be small */
};

G_DEFINE_FINAL_TYPE (TideSumBar, tide_sum_bar, TIDE_TYPE_CHART)

enum
{
  PROP_COMPACT = 1,
  PROP_RUN,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static const struct
{
  const char *name;
  const char *color;
} parts[TIDE_N_PARTS] = {
  [TIDE_PART_CREATED] = { N_("new"), "tide_new_fill" },
  [TIDE_PART_UPDATED] = { N_("changed"), "tide_changed_fill" },
  [TIDE_PART_UNCHANGED] = { N_("as before"), "tide_same_fill" },
  [TIDE_PART_SKIPPED] = { N_("left out"), "tide_skipped_fill" },
  [TIDE_PART_FAILED] = { N_("could not be read"), "tide_bad_fill" },
};

/**
 * tide_sum_bar_get_part:
 *
 * Returns: how many records of @counts belong to @part
 */
gint64
tide_sum_bar_get_part (const TideCounts *counts,
                       TidePart          part)
{
  const gint64 values[TIDE_N_PARTS] = {
    [TIDE_PART_CREATED] = counts->created,
    [TIDE_PART_UPDATED] = counts->updated,
    [TIDE_PART_UNCHANGED] = counts->unchanged,
    [TIDE_PART_SKIPPED] = counts->skipped,
    [TIDE_PART_FAILED] = counts->failed,
  };

  return values[part];
}

/**
 * tide_sum_bar_get_part_name:
 *
 * Returns: what is said of the records in @part: "12 new"
 */
const char *
tide_sum_bar_get_part_name (TidePart part)
{
  return _(parts[part].name);
}

/**
 * tide_sum_bar_get_part_color:
 *
 * Returns: the named colour of @part
 */
const char *
tide_sum_bar_get_part_color (TidePart part)
{
  return parts[part].color;
}

static guint
tide_sum_bar_get_n_cells (TideChart *chart)
{
  TideSumBar *self = TIDE_SUM_BAR (chart);
  guint n = 0;

  if (self->compact)
    return 0;
  for (TidePart part = 0; part < TIDE_N_PARTS; part++)
    n += tide_sum_bar_get_part (&self->counts, part) > 0;
  return n;
}

/* Which part the n-th cell is: those without records have none. */
static TidePart
tide_sum_bar_get_nth_part (TideSumBar *self,
                           guint       cell)
{
  for (TidePart part = 0; part < TIDE_N_PARTS; part++)
    if (tide_sum_bar_get_part (&self->counts, part) > 0 && cell-- == 0)
      return part;
  return TIDE_PART_UNCHANGED;
}

/* Widths of the parts. Small ones get a minimum, taken from the largest, which can spare it best. */
static void
tide_sum_bar_get_widths (TideSumBar *self,
                         float       widths[TIDE_N_PARTS])
{
  float minimum = self->compact ? 3 : 16;
  float available = (float)gtk_widget_get_width (GTK_WIDGET (self));
  gint64 sum = 0;
  float used = 0;
  TidePart largest = TIDE_PART_CREATED;

  for (TidePart part = 0; part < TIDE_N_PARTS; part++)
    {
      gint64 value = tide_sum_bar_get_part (&self->counts, part);

      sum += value;
      if (value > 0)
        available -= GAP;
      if (value > tide_sum_bar_get_part (&self->counts, largest))
        largest = part;
    }
  for (TidePart part = 0; part < TIDE_N_PARTS; part++)
    {
      gint64 value = tide_sum_bar_get_part (&self->counts, part);

      widths[part] = value > 0 ? MAX (roundf (available * (float)value / (float)sum), minimum) : 0;
      used += widths[part];
    }
  widths[largest] = MAX (widths[largest] - (used - available - GAP), 0);
}

static void
tide_sum_bar_get_part_area (TideSumBar      *self,
                            TidePart         wanted,
                            graphene_rect_t *area)
{
  float widths[TIDE_N_PARTS];
  float x = 0;

  tide_sum_bar_get_widths (self, widths);
  for (TidePart part = 0; part < wanted; part++)
    if (widths[part] > 0)
      x += widths[part] + GAP;
  graphene_rect_init (area, x, 0, widths[wanted], (float)gtk_widget_get_height (GTK_WIDGET (self)));
}

static void
tide_sum_bar_get_area (TideChart       *chart,
                       guint            cell,
                       graphene_rect_t *area)
{
  TideSumBar *self = TIDE_SUM_BAR (chart);

  tide_sum_bar_get_part_area (self, tide_sum_bar_get_nth_part (self, cell), area);
}

static char *
describe_part (const TideCounts *counts,
               TidePart          part)
{
  g_autofree char *number = tide_format_number (tide_sum_bar_get_part (counts, part));

  /* Translators: a number, then "new", "changed", "as before" ... */
  return g_strdup_printf (_("%s %s"), number, tide_sum_bar_get_part_name (part));
}

static char *
tide_sum_bar_describe_cell (TideChart *chart,
                            guint      cell)
{
  TideSumBar *self = TIDE_SUM_BAR (chart);

  return describe_part (&self->counts, tide_sum_bar_get_nth_part (self, cell));
}

static char *
tide_sum_bar_describe (TideChart *chart)
{
  TideSumBar *self = TIDE_SUM_BAR (chart);
  g_autofree char *read = tide_format_number (self->counts.read);
  g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *list = NULL;

  for (TidePart part = 0; part < TIDE_N_PARTS; part++)
    if (tide_sum_bar_get_part (&self->counts, part) > 0)
      g_ptr_array_add (words, describe_part (&self->counts, part));
  if (words->len == 0)
    return g_strdup (_("No record was read"));
  list = tide_format_list (words, TIDE_N_PARTS);
  return g_strdup_printf (_("%s read: %s"), read, list);
}

static void
tide_sum_bar_draw (TideChart   *chart,
                   GtkSnapshot *snapshot)
{
  TideSumBar *self = TIDE_SUM_BAR (chart);
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  int height = gtk_widget_get_height (GTK_WIDGET (self));
  GskRoundedRect round;
  gboolean any = FALSE;

  gsk_rounded_rect_init_from_rect (&round, &GRAPHENE_RECT_INIT (0, 0, (float)width, (float)height),
                                   self->compact ? (float)height / 2 : 6);
  gtk_snapshot_push_rounded_clip (snapshot, &round);
  for (TidePart part = 0; part < TIDE_N_PARTS; part++)
    {
      GdkRGBA color = tide_chart_get_color (chart, parts[part].color);
      graphene_rect_t area;

      if (tide_sum_bar_get_part (&self->counts, part) == 0)
        continue;
      any = TRUE;
      tide_sum_bar_get_part_area (self, part, &area);
      gtk_snapshot_append_color (snapshot, &color, &area);
      if (part == TIDE_PART_FAILED && !self->compact)
        tide_chart_mark (snapshot, area.origin.x + area.size.width / 2, (float)height / 2, 8, TRUE,
                         &(GdkRGBA){ 1, 1, 1, 1 });
    }
  if (!any)
    {
      GdkRGBA color = tide_chart_get_color (chart, "tide_track");

      gtk_snapshot_append_color (snapshot, &color, &round.bounds);
    }
  gtk_snapshot_pop (snapshot);
}

static void
tide_sum_bar_measure (GtkWidget      *widget,
                      GtkOrientation  orientation,
                      int             for_size,
                      int            *minimum,
                      int            *natural,
                      int            *minimum_baseline,
                      int            *natural_baseline)
{
  TideSumBar *self = TIDE_SUM_BAR (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = self->compact ? 48 : 120;
      *natural = self->compact ? 96 : 400;
    }
  else
    *minimum = *natural = self->compact ? 8 : 22;
}

static void
tide_sum_bar_set_property (GObject      *object,
                           guint         prop_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  TideSumBar *self = TIDE_SUM_BAR (object);
  const TideCounts none = { 0 };
  const TideRun *run;

  switch (prop_id)
    {
    case PROP_RUN:
      run = g_value_get_boxed (value);
      tide_sum_bar_set_counts (self, run != NULL ? &run->counts : &none);
      break;
    case PROP_COMPACT:
      self->compact = g_value_get_boolean (value);
      gtk_widget_set_focusable (GTK_WIDGET (self), !self->compact);
      gtk_widget_set_has_tooltip (GTK_WIDGET (self), !self->compact);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_sum_bar_class_init (TideSumBarClass *klass)
{
  TideChartClass *chart_class = TIDE_CHART_CLASS (klass);

  G_OBJECT_CLASS (klass)->set_property = tide_sum_bar_set_property;
  GTK_WIDGET_CLASS (klass)->measure = tide_sum_bar_measure;
  chart_class->get_n_cells = tide_sum_bar_get_n_cells;
  chart_class->get_cell = tide_sum_bar_get_area;
  chart_class->describe_cell = tide_sum_bar_describe_cell;
  chart_class->describe = tide_sum_bar_describe;
  chart_class->draw = tide_sum_bar_draw;

  properties[PROP_COMPACT] = g_param_spec_boolean ("compact", NULL, NULL, FALSE,
                                                   G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_RUN] = g_param_spec_boxed ("run", NULL, NULL, TIDE_TYPE_RUN,
                                             G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, properties);
}

static void
tide_sum_bar_init (TideSumBar *self)
{
}

/**
 * tide_sum_bar_set_counts:
 * @counts: a ledger; copied
 */
void
tide_sum_bar_set_counts (TideSumBar       *self,
                         const TideCounts *counts)
{
  self->counts = *counts;
  tide_chart_changed (TIDE_CHART (self));
}
