/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <math.h>

#include "tide-format.h"
#include "tide-phase-chart.h"
#include "tide-time.h"

#define ROW_HEIGHT 26
#define BAR_HEIGHT 12
#define DURATION_WIDTH 64

/* Milliseconds since the run began. */
typedef struct
{
  char   *name;               /* (owned): as the run keeps it */
  gint64  start;
  gint64  duration;
} Phase;

struct _TidePhaseChart
{
  TideChart  parent_instance;

  GArray    *phases;          /* (owned) (element-type Phase) */
  gint64     end;
};

G_DEFINE_FINAL_TYPE (TidePhaseChart, tide_phase_chart, TIDE_TYPE_CHART)

static const struct
{
  const char *name;
  const char *label;
} phase_labels[] = {
  { "read", N_("Read from the service") },
  { "waited", N_("Waited as the service asked") },
  { "parsed", N_("Taken apart") },
  { "stored", N_("Written here") },
  { "swept", N_("Looked for deleted ones") },
};

static void
phase_clear (Phase *phase)
{
  g_free (phase->name);
}

static const char *
phase_get_label (const Phase *phase)
{
  for (gsize i = 0; i < G_N_ELEMENTS (phase_labels); i++)
    if (g_ascii_strcasecmp (phase->name, phase_labels[i].name) == 0)
      return _(phase_labels[i].label);
  return phase->name;
}

static gboolean
phase_is_waiting (const Phase *phase)
{
  return g_str_has_prefix (phase->name, "wait");
}

static int
tide_phase_chart_get_left (TidePhaseChart *self)
{
  return gtk_widget_get_width (GTK_WIDGET (self)) < 500 ? 190 : 296;
}

static guint
tide_phase_chart_get_n_cells (TideChart *chart)
{
  return TIDE_PHASE_CHART (chart)->phases->len;
}

static guint
tide_phase_chart_get_stride (TideChart *chart)
{
  return 1;
}

static void
tide_phase_chart_get_area (TideChart       *chart,
                           guint            cell,
                           graphene_rect_t *area)
{
  TidePhaseChart *self = TIDE_PHASE_CHART (chart);
  const Phase *phase = &g_array_index (self->phases, Phase, cell);
  float left = (float)tide_phase_chart_get_left (self);
  float width = (float)gtk_widget_get_width (GTK_WIDGET (self)) - left - 4;
  float scale = width / (float)MAX (self->end, 1);

  graphene_rect_init (area, roundf (left + scale * (float)phase->start),
                      (float)cell * ROW_HEIGHT + (ROW_HEIGHT - BAR_HEIGHT) / 2.f,
                      MAX (roundf (scale * (float)phase->duration), 3), BAR_HEIGHT);
}

static char *
tide_phase_chart_describe_cell (TideChart *chart,
                                guint      cell)
{
  const Phase *phase = &g_array_index (TIDE_PHASE_CHART (chart)->phases, Phase, cell);
  g_autofree char *duration = tide_format_duration (phase->duration * 1000);

  return g_strdup_printf (_("%s, %s"), phase_get_label (phase), duration);
}

static char *
tide_phase_chart_describe (TideChart *chart)
{
  TidePhaseChart *self = TIDE_PHASE_CHART (chart);
  g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *list = NULL;

  for (guint i = 0; i < self->phases->len; i++)
    g_ptr_array_add (words, tide_phase_chart_describe_cell (chart, i));
  list = tide_format_list (words, self->phases->len);
  return g_strdup_printf (_("How the time passed: %s"), list);
}

static void
tide_phase_chart_draw (TideChart   *chart,
                       GtkSnapshot *snapshot)
{
  TidePhaseChart *self = TIDE_PHASE_CHART (chart);
  float left = (float)tide_phase_chart_get_left (self);
  GdkRGBA fill = tide_chart_get_color (chart, "tide_new_fill");
  GdkRGBA quiet = tide_chart_get_color (chart, "tide_secondary");

  for (guint i = 0; i < self->phases->len; i++)
    {
      const Phase *phase = &g_array_index (self->phases, Phase, i);
      g_autofree char *duration = tide_format_duration (phase->duration * 1000);
      float y = (float)i * ROW_HEIGHT + (float)(ROW_HEIGHT - tide_chart_text_height (chart)) / 2;
      graphene_rect_t area;

      tide_phase_chart_get_area (chart, i, &area);
      tide_chart_text (chart, snapshot, phase_get_label (phase), "normal", 0, y, 0, (int)left - DURATION_WIDTH - 12);
      tide_chart_text (chart, snapshot, duration, "quiet", left - 12, y, 1, 0);
      if (phase_is_waiting (phase))
        tide_chart_hatch (snapshot, &area, &quiet);
      else
        tide_chart_fill (snapshot, &area, 3, &fill);
    }
}

static void
tide_phase_chart_measure (GtkWidget      *widget,
                          GtkOrientation  orientation,
                          int             for_size,
                          int            *minimum,
                          int            *natural,
                          int            *minimum_baseline,
                          int            *natural_baseline)
{
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = 260;
      *natural = 900;
    }
  else
    *minimum = *natural = (int)TIDE_PHASE_CHART (widget)->phases->len * ROW_HEIGHT;
}

static void
tide_phase_chart_finalize (GObject *object)
{
  g_array_unref (TIDE_PHASE_CHART (object)->phases);
  G_OBJECT_CLASS (tide_phase_chart_parent_class)->finalize (object);
}

static void
tide_phase_chart_class_init (TidePhaseChartClass *klass)
{
  TideChartClass *chart_class = TIDE_CHART_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = tide_phase_chart_finalize;
  GTK_WIDGET_CLASS (klass)->measure = tide_phase_chart_measure;
  chart_class->get_n_cells = tide_phase_chart_get_n_cells;
  chart_class->get_stride = tide_phase_chart_get_stride;
  chart_class->get_cell = tide_phase_chart_get_area;
  chart_class->describe_cell = tide_phase_chart_describe_cell;
  chart_class->describe = tide_phase_chart_describe;
  chart_class->draw = tide_phase_chart_draw;
}

static void
tide_phase_chart_init (TidePhaseChart *self)
{
  self->phases = g_array_new (FALSE, FALSE, sizeof (Phase));
  g_array_set_clear_func (self->phases, (GDestroyNotify)phase_clear);
}

static void
tide_phase_chart_add (TidePhaseChart *self,
                      JsonNode       *node)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  Phase phase;

  if (object == NULL)
    return;
  phase.name = g_strdup (json_object_get_string_member_with_default (object, "name", ""));
  phase.start = json_object_get_int_member_with_default (object, "start", 0);
  phase.duration = json_object_get_int_member_with_default (object, "duration", 0);
  self->end = MAX (self->end, phase.start + phase.duration);
  g_array_append_val (self->phases, phase);
}

/**
 * tide_phase_chart_set_phases:
 * @json: (nullable): a run's phases, as the run keeps them
 *
 * Returns: whether there is anything to see
 */
gboolean
tide_phase_chart_set_phases (TidePhaseChart *self,
                             const char     *json)
{
  g_autoptr(JsonNode) root = json != NULL ? json_from_string (json, NULL) : NULL;
  JsonArray *array = root != NULL && JSON_NODE_HOLDS_ARRAY (root) ? json_node_get_array (root) : NULL;

  g_array_set_size (self->phases, 0);
  self->end = 0;
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    tide_phase_chart_add (self, json_array_get_element (array, i));
  tide_chart_changed (TIDE_CHART (self));
  gtk_widget_queue_resize (GTK_WIDGET (self));
  return self->phases->len > 0;
}
