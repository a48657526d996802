/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <math.h>
#include <string.h>

#include "tide-chart.h"

typedef struct
{
  guint cursor;               /* TIDE_CHART_NO_CELL until the keyboard comes in */
} TideChartPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (TideChart, tide_chart, GTK_TYPE_WIDGET)

enum
{
  CELL_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static guint
tide_chart_get_stride_default (TideChart *self)
{
  return 0;
}

static guint
tide_chart_get_first_cell_default (TideChart *self)
{
  return 0;
}

static guint
tide_chart_find_cell (TideChart *self,
                      double     x,
                      double     y)
{
  TideChartClass *klass = TIDE_CHART_GET_CLASS (self);
  graphene_point_t point = GRAPHENE_POINT_INIT ((float)x, (float)y);
  guint n = klass->get_n_cells (self);

  for (guint i = 0; i < n; i++)
    {
      graphene_rect_t area;

      klass->get_cell (self, i, &area);
      if (graphene_rect_contains_point (&area, &point))
        return i;
    }
  return TIDE_CHART_NO_CELL;
}

static void
tide_chart_set_cursor (TideChart *self,
                       guint      cell)
{
  TideChartPrivate *priv = tide_chart_get_instance_private (self);
  g_autofree char *text = NULL;

  priv->cursor = cell;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (cell == TIDE_CHART_NO_CELL)
    return;
  text = TIDE_CHART_GET_CLASS (self)->describe_cell (self, cell);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);
  gtk_widget_trigger_tooltip_query (GTK_WIDGET (self));
}

/* Where a key leads from the cursor; TIDE_CHART_NO_CELL = out of the chart, so the key is not ours. */
static guint
tide_chart_find_target (TideChart *self,
                        guint      keyval)
{
  TideChartPrivate *priv = tide_chart_get_instance_private (self);
  guint n = TIDE_CHART_GET_CLASS (self)->get_n_cells (self);
  guint stride = TIDE_CHART_GET_CLASS (self)->get_stride (self);
  gboolean mirrored = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  guint cursor = priv->cursor;

  if (n == 0)
    return TIDE_CHART_NO_CELL;
  if (keyval == GDK_KEY_Home)
    return 0;
  if (keyval == GDK_KEY_End)
    return n - 1;
  if (keyval == (mirrored ? GDK_KEY_Right : GDK_KEY_Left))
    return cursor > 0 ? cursor - 1 : TIDE_CHART_NO_CELL;
  if (keyval == (mirrored ? GDK_KEY_Left : GDK_KEY_Right))
    return cursor + 1 < n ? cursor + 1 : TIDE_CHART_NO_CELL;
  if (keyval == GDK_KEY_Up && stride > 0)
    return cursor >= stride ? cursor - stride : TIDE_CHART_NO_CELL;
  if (keyval == GDK_KEY_Down && stride > 0)
    return cursor + stride < n ? cursor + stride : TIDE_CHART_NO_CELL;
  return TIDE_CHART_NO_CELL;
}

static gboolean
tide_chart_key_pressed_cb (TideChart             *self,
                           guint                  keyval,
                           guint                  keycode,
                           GdkModifierType        state,
                           GtkEventControllerKey *controller)
{
  TideChartPrivate *priv = tide_chart_get_instance_private (self);
  guint target;

  if (priv->cursor == TIDE_CHART_NO_CELL || (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return FALSE;
  if (keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter || keyval == GDK_KEY_space)
    {
      g_signal_emit (self, signals[CELL_ACTIVATED], 0, priv->cursor);
      return TRUE;
    }
  target = tide_chart_find_target (self, keyval);
  if (target == TIDE_CHART_NO_CELL)
    return FALSE;
  tide_chart_set_cursor (self, target);
  return TRUE;
}

static void
tide_chart_focus_enter_cb (TideChart *self)
{
  TideChartPrivate *priv = tide_chart_get_instance_private (self);
  TideChartClass *klass = TIDE_CHART_GET_CLASS (self);
  guint n = klass->get_n_cells (self);

  if (n > 0 && priv->cursor >= n)
    tide_chart_set_cursor (self, MIN (klass->get_first_cell (self), n - 1));
}

/* Taken from whatever the chart stands in (a row of a list), if somebody wants to know here. */
static void
tide_chart_pressed_cb (TideChart  *self,
                       int         n_press,
                       double      x,
                       double      y,
                       GtkGesture *gesture)
{
  if (g_signal_has_handler_pending (self, signals[CELL_ACTIVATED], 0, FALSE)
      && tide_chart_find_cell (self, x, y) != TIDE_CHART_NO_CELL)
    gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
tide_chart_released_cb (TideChart *self,
                        int        n_press,
                        double     x,
                        double     y)
{
  guint cell = tide_chart_find_cell (self, x, y);

  if (cell != TIDE_CHART_NO_CELL)
    g_signal_emit (self, signals[CELL_ACTIVATED], 0, cell);
}

/* What is meant, in the first line, is bold. */
static char *
dup_tooltip (const char *text)
{
  const char *end = strchr (text, '\n');
  g_autofree char *head = g_markup_escape_text (text, end != NULL ? end - text : -1);
  g_autofree char *rest = g_markup_escape_text (end != NULL ? end : "", -1);

  return g_strdup_printf ("<b>%s</b>%s", head, rest);
}

static gboolean
tide_chart_query_tooltip (GtkWidget  *widget,
                          int         x,
                          int         y,
                          gboolean    keyboard,
                          GtkTooltip *tooltip)
{
  TideChart *self = TIDE_CHART (widget);
  TideChartPrivate *priv = tide_chart_get_instance_private (self);
  TideChartClass *klass = TIDE_CHART_GET_CLASS (self);
  guint cell = keyboard ? priv->cursor : tide_chart_find_cell (self, x, y);
  g_autofree char *text = NULL;
  g_autofree char *markup = NULL;
  graphene_rect_t area;

  if (cell >= klass->get_n_cells (self))
    return FALSE;
  klass->get_cell (self, cell, &area);
  text = klass->describe_cell (self, cell);
  markup = dup_tooltip (text);
  gtk_tooltip_set_markup (tooltip, markup);
  gtk_tooltip_set_tip_area (tooltip, &(GdkRectangle){ (int)area.origin.x, (int)area.origin.y,
                                                      (int)ceilf (area.size.width), (int)ceilf (area.size.height) });
  return TRUE;
}

static void
tide_chart_snapshot (GtkWidget   *widget,
                     GtkSnapshot *snapshot)
{
  TideChart *self = TIDE_CHART (widget);
  TideChartPrivate *priv = tide_chart_get_instance_private (self);
  TideChartClass *klass = TIDE_CHART_GET_CLASS (self);
  graphene_rect_t area;
  GdkRGBA color;

  klass->draw (self, snapshot);
  if (priv->cursor >= klass->get_n_cells (self)
      || (gtk_widget_get_state_flags (widget) & GTK_STATE_FLAG_FOCUS_VISIBLE) == 0)
    return;
  klass->get_cell (self, priv->cursor, &area);
  graphene_rect_inset (&area, -2, -2);
  color = tide_chart_get_color (self, "accent_color");
  tide_chart_outline (snapshot, &area, 4, 2, &color);
}

static void
tide_chart_class_init (TideChartClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  klass->get_stride = tide_chart_get_stride_default;
  klass->get_first_cell = tide_chart_get_first_cell_default;
  widget_class->snapshot = tide_chart_snapshot;
  widget_class->query_tooltip = tide_chart_query_tooltip;

  /**
   * TideChart::cell-activated:
   * @cell: which one
   *
   * A cell was clicked, or Enter was pressed on it.
   */
  signals[CELL_ACTIVATED] = g_signal_new ("cell-activated", TIDE_TYPE_CHART, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  gtk_widget_class_set_css_name (widget_class, "tidechart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
tide_chart_init (TideChart *self)
{
  TideChartPrivate *priv = tide_chart_get_instance_private (self);
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  priv->cursor = TIDE_CHART_NO_CELL;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (tide_chart_key_pressed_cb), self);
  g_signal_connect_swapped (focus, "enter", G_CALLBACK (tide_chart_focus_enter_cb), self);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (tide_chart_pressed_cb), self);
  g_signal_connect_swapped (click, "released", G_CALLBACK (tide_chart_released_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

/**
 * tide_chart_changed:
 *
 * To be called when what is drawn has changed: draws it again and renews the sentence.
 */
void
tide_chart_changed (TideChart *self)
{
  g_autofree char *text = TIDE_CHART_GET_CLASS (self)->describe (self);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * tide_chart_get_color:
 * @name: a named colour of the style sheet
 *
 * Returns: that colour as the style has it now; the text's own where there is no such name
 */
GdkRGBA
tide_chart_get_color (TideChart  *self,
                      const char *name)
{
  GtkStyleContext *context = gtk_widget_get_style_context (GTK_WIDGET (self));
  GdkRGBA color;

  if (!gtk_style_context_lookup_color (context, name, &color))
    gtk_style_context_get_color (context, &color);
  return color;
}

void
tide_chart_fill (GtkSnapshot           *snapshot,
                 const graphene_rect_t *area,
                 float                  radius,
                 const GdkRGBA         *color)
{
  GskRoundedRect round;

  gsk_rounded_rect_init_from_rect (&round, area, radius);
  gtk_snapshot_push_rounded_clip (snapshot, &round);
  gtk_snapshot_append_color (snapshot, color, area);
  gtk_snapshot_pop (snapshot);
}

void
tide_chart_outline (GtkSnapshot           *snapshot,
                    const graphene_rect_t *area,
                    float                  radius,
                    float                  width,
                    const GdkRGBA         *color)
{
  GskRoundedRect round;

  gsk_rounded_rect_init_from_rect (&round, area, radius);
  gtk_snapshot_append_border (snapshot, &round,
                              (float[4]){ width, width, width, width },
                              (GdkRGBA[4]){ *color, *color, *color, *color });
}

/* Slanted lines: time that passed in waiting. */
void
tide_chart_hatch (GtkSnapshot           *snapshot,
                  const graphene_rect_t *area,
                  const GdkRGBA         *color)
{
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, area);
  float x = area->origin.x;
  float y = area->origin.y;
  float height = area->size.height;

  gdk_cairo_set_source_rgba (cr, color);
  cairo_set_line_width (cr, 1.5);
  for (float dx = -height; dx < area->size.width; dx += 5)
    {
      cairo_move_to (cr, x + dx, y + height);
      cairo_line_to (cr, x + dx + height, y);
    }
  cairo_stroke (cr);
  cairo_rectangle (cr, x + 0.5, y + 0.5, area->size.width - 1, height - 1);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
  cairo_destroy (cr);
}

/**
 * tide_chart_mark:
 * @x: its middle
 * @y: its middle
 * @cross: a cross (failed), else a triangle (tried again)
 *
 * A mark that tells an outcome without its colour.
 */
void
tide_chart_mark (GtkSnapshot   *snapshot,
                 float          x,
                 float          y,
                 float          size,
                 gboolean       cross,
                 const GdkRGBA *color)
{
  float half = size / 2;
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot,
                                           &GRAPHENE_RECT_INIT (x - half - 1, y - half - 1, size + 2, size + 2));

  gdk_cairo_set_source_rgba (cr, color);
  if (cross)
    {
      cairo_set_line_width (cr, size / 3.5);
      cairo_move_to (cr, x - half, y - half);
      cairo_line_to (cr, x + half, y + half);
      cairo_move_to (cr, x + half, y - half);
      cairo_line_to (cr, x - half, y + half);
      cairo_stroke (cr);
    }
  else
    {
      cairo_move_to (cr, x, y - half);
      cairo_line_to (cr, x + half, y + half);
      cairo_line_to (cr, x - half, y + half);
      cairo_fill (cr);
    }
  cairo_destroy (cr);
}

/**
 * tide_chart_text:
 * @style: "normal", "bold" or "quiet"
 * @y: the upper edge
 * @align: 0 = @x is where it begins, 1 = where it ends
 * @max_width: ellipsize beyond, 0 = never; with 0 and @snapshot %NULL it is only measured
 *
 * Draws a short text in the caption's size.
 *
 * Returns: its width
 */
int
tide_chart_text (TideChart   *self,
                 GtkSnapshot *snapshot,
                 const char  *text,
                 const char  *style,
                 float        x,
                 float        y,
                 float        align,
                 int          max_width)
{
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  PangoAttrList *attrs = pango_attr_list_new ();
  GdkRGBA color = tide_chart_get_color (self, *style == 'q' ? "tide_secondary" : "window_fg_color");
  int width;

  pango_attr_list_insert (attrs, pango_attr_scale_new (0.82));
  if (*style == 'b')
    pango_attr_list_insert (attrs, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  pango_layout_set_attributes (layout, attrs);
  pango_attr_list_unref (attrs);
  if (max_width > 0)
    {
      pango_layout_set_width (layout, max_width * PANGO_SCALE);
      pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
      if (align > 0)
        pango_layout_set_width (layout, -1);
    }
  pango_layout_get_pixel_size (layout, &width, NULL);
  if (snapshot == NULL)
    return width;
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (roundf (x - align * (float)width), roundf (y)));
  gtk_snapshot_append_layout (snapshot, layout, &color);
  gtk_snapshot_restore (snapshot);
  return width;
}

/**
 * tide_chart_text_height:
 *
 * Returns: how high a line of tide_chart_text() is
 */
int
tide_chart_text_height (TideChart *self)
{
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);
  int height = pango_font_metrics_get_height (metrics);

  pango_font_metrics_unref (metrics);
  return (int)ceil (height * 0.82 / PANGO_SCALE);
}

static int
compare_values (gconstpointer a,
                gconstpointer b)
{
  gint64 left = *(const gint64 *)a;
  gint64 right = *(const gint64 *)b;

  return left < right ? -1 : left > right;
}

/**
 * tide_chart_get_scale:
 * @values: what is to be drawn
 *
 * One hour that brought everything, such as the first sync, must not press all others flat: the scale
 * ends where nine in ten of the hours that brought anything do.
 *
 * Returns: the value that is drawn in full; larger ones are, too
 */
gint64
tide_chart_get_scale (const gint64 *values,
                      guint         n)
{
  g_autoptr(GArray) some = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < n; i++)
    if (values[i] > 0)
      g_array_append_val (some, values[i]);
  if (some->len == 0)
    return 0;
  g_array_sort (some, compare_values);
  return g_array_index (some, gint64, some->len < 4 ? some->len - 1 : (some->len * 9 + 9) / 10 - 1);
}
