/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include "tide-break.h"

#define NARROWEST 340

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

/* Until the content has taken its narrow form it may want more than there is: it then gets that, and
 * what does not fit is cut off for the one frame. */
static void
tide_break_size_allocate (GtkWidget *widget,
                          int        width,
                          int        height,
                          int        baseline)
{
  TideBreak *self = TIDE_BREAK (widget);
  GtkWidget *child = adw_bin_get_child (ADW_BIN (self));
  int minimum_width = 0;
  int minimum_height = 0;

  if (child != NULL)
    {
      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum_width, NULL, NULL, NULL);
      minimum_width = MAX (minimum_width, width);
      gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, minimum_width, &minimum_height, NULL, NULL, NULL);
      gtk_widget_allocate (child, minimum_width, MAX (minimum_height, height), baseline, NULL);
    }
  if (self->width == width)
    return;
  self->width = width;
  if (self->idle_id == 0)
    /* Before answers that are waiting to fill the page: its many rows would be laid out in a form that does not last. */
    self->idle_id = g_idle_add_full (G_PRIORITY_HIGH, tide_break_idle_cb, self, NULL);
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
  GtkWidget *child = adw_bin_get_child (ADW_BIN (self));
  int minimum_width = 0;

  *minimum = *natural = 0;
  if (child == NULL)
    return;
  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum_width, NULL, NULL, NULL);
  if (orientation == GTK_ORIENTATION_VERTICAL)
    {
      gtk_widget_measure (child, orientation, for_size < 0 ? -1 : MAX (for_size, minimum_width), minimum, natural,
                          NULL, NULL);
      return;
    }
  gtk_widget_measure (child, orientation, for_size, minimum, natural, NULL, NULL);
  /* There is a form for less room, so the wide one's needs must not keep the window from shrinking. */
  *minimum = MIN (*minimum, NARROWEST);
  if (self->natural_width > 0)
    *natural = self->natural_width;
  *natural = MAX (*minimum, *natural);
}

static GtkSizeRequestMode
tide_break_get_request_mode (GtkWidget *widget)
{
  GtkWidget *child = adw_bin_get_child (ADW_BIN (widget));

  return child != NULL ? gtk_widget_get_request_mode (child) : GTK_SIZE_REQUEST_CONSTANT_SIZE;
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
  GTK_WIDGET_CLASS (klass)->get_request_mode = tide_break_get_request_mode;
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
  /* AdwBin lays out by a layout manager, which would go before the functions above. */
  gtk_widget_set_layout_manager (GTK_WIDGET (self), NULL);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

gboolean
tide_break_get_narrow (TideBreak *self)
{
  return self->narrow;
}
