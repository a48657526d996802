/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include "tide-break.h"

/* AdwBin measures and allocates through its layout manager, which a class that does so itself must not have. */

struct _TideBreak
{
  AdwBin    parent_instance;

  int       threshold;
  int       natural_width;    /* 0 = the content's own */
  int       width;
  guint     idle_id;
  gboolean  narrow;
};

G_DEFINE_FINAL_TYPE (TideBreak, tide_break, ADW_TYPE_BIN)

enum
{
  PROP_THRESHOLD = 1,
  PROP_NATURAL_WIDTH,
  PROP_NARROW,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/**
 * tide_break_get_scale:
 *
 * Returns: how much larger than usual the owner wants the text, for widths that hold text
 */
double
tide_break_get_scale (GtkWidget *widget)
{
  int dpi = -1;

  g_object_get (gtk_widget_get_settings (widget), "gtk-xft-dpi", &dpi, NULL);
  return dpi > 0 ? MAX (dpi / (96.0 * 1024), 1) : 1;
}

/* What this sets in motion changes sizes, which an allocation must not. */
static gboolean
tide_break_idle_cb (gpointer user_data)
{
  TideBreak *self = user_data;
  gboolean narrow = self->width < self->threshold * tide_break_get_scale (GTK_WIDGET (self));

  self->idle_id = 0;
  if (narrow != self->narrow)
    {
      self->narrow = narrow;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NARROW]);
    }
  return G_SOURCE_REMOVE;
}

static void
tide_break_size_allocate (GtkWidget *widget,
                          int        width,
                          int        height,
                          int        baseline)
{
  TideBreak *self = TIDE_BREAK (widget);

  GTK_WIDGET_CLASS (tide_break_parent_class)->size_allocate (widget, width, height, baseline);
  if (self->width == width)
    return;
  self->width = width;
  if (self->idle_id == 0)
    self->idle_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, tide_break_idle_cb, self, NULL);
}

static void
tide_break_measure (GtkWidget      *widget,
                    GtkOrientation  orientation,
                    int             for_size,
                    int            *minimum,
                    int            *natural,
                    int            *minimum_baseline,
                    int            *natural_baseline)
{
  TideBreak *self = TIDE_BREAK (widget);

  GTK_WIDGET_CLASS (tide_break_parent_class)->measure (widget, orientation, for_size, minimum, natural,
                                                       minimum_baseline, natural_baseline);
  if (orientation == GTK_ORIENTATION_HORIZONTAL && self->natural_width > 0)
    *natural = MAX (*minimum, self->natural_width);
}

static void
tide_break_dispose (GObject *object)
{
  g_clear_handle_id (&TIDE_BREAK (object)->idle_id, g_source_remove);
  G_OBJECT_CLASS (tide_break_parent_class)->dispose (object);
}

static void
tide_break_get_property (GObject    *object,
                         guint       prop_id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  TideBreak *self = TIDE_BREAK (object);

  switch (prop_id)
    {
    case PROP_THRESHOLD:
      g_value_set_int (value, self->threshold);
      break;
    case PROP_NATURAL_WIDTH:
      g_value_set_int (value, self->natural_width);
      break;
    case PROP_NARROW:
      g_value_set_boolean (value, self->narrow);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_break_set_property (GObject      *object,
                         guint         prop_id,
                         const GValue *value,
                         GParamSpec   *pspec)
{
  TideBreak *self = TIDE_BREAK (object);

  switch (prop_id)
    {
    case PROP_THRESHOLD:
      self->threshold = g_value_get_int (value);
      break;
    case PROP_NATURAL_WIDTH:
      self->natural_width = g_value_get_int (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_break_class_init (TideBreakClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tide_break_dispose;
  object_class->get_property = tide_break_get_property;
  object_class->set_property = tide_break_set_property;
  GTK_WIDGET_CLASS (klass)->measure = tide_break_measure;
  GTK_WIDGET_CLASS (klass)->size_allocate = tide_break_size_allocate;

  properties[PROP_THRESHOLD] = g_param_spec_int ("threshold", NULL, NULL, 0, G_MAXINT, 0,
                                                 G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_NATURAL_WIDTH] = g_param_spec_int ("natural-width", NULL, NULL, 0, G_MAXINT, 0,
                                                     G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY
                                                     | G_PARAM_STATIC_STRINGS);
  properties[PROP_NARROW] = g_param_spec_boolean ("narrow", NULL, NULL, FALSE,
                                                  G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tide_break_init (TideBreak *self)
{
}

gboolean
tide_break_get_narrow (TideBreak *self)
{
  return self->narrow;
}
