/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include "tide-header.h"
#include "tide-window.h"

struct _TideHeader
{
  AdwBin       parent_instance;

  GtkWidget   *bar;
  GtkWidget   *back;
  GtkWidget   *demo;
  GtkWidget   *title;
  AdwLeaflet  *leaflet;       /* (unowned) (nullable): while in a window */
  gboolean     sub_page;
};

static void tide_header_buildable_init (GtkBuildableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TideHeader, tide_header, ADW_TYPE_BIN,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, tide_header_buildable_init))

enum
{
  PROP_TITLE = 1,
  PROP_SUB_PAGE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];
static GtkBuildableIface *parent_buildable_iface;

static void
tide_header_add_child (GtkBuildable *buildable,
                       GtkBuilder   *builder,
                       GObject      *child,
                       const char   *type)
{
  TideHeader *self = TIDE_HEADER (buildable);

  if (g_strcmp0 (type, "start") == 0)
    adw_header_bar_pack_start (ADW_HEADER_BAR (self->bar), GTK_WIDGET (child));
  else if (g_strcmp0 (type, "end") == 0)
    adw_header_bar_pack_end (ADW_HEADER_BAR (self->bar), GTK_WIDGET (child));
  else
    parent_buildable_iface->add_child (buildable, builder, child, type);
}

static void
tide_header_buildable_init (GtkBuildableIface *iface)
{
  parent_buildable_iface = g_type_interface_peek_parent (iface);
  iface->add_child = tide_header_add_child;
}

static void
tide_header_update (TideHeader *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  gboolean folded = self->leaflet != NULL && adw_leaflet_get_folded (self->leaflet);

  gtk_widget_set_visible (self->back, self->sub_page || folded);
  /* Where there is no room for it, the page it was opened from and the window's title say so. */
  gtk_widget_set_visible (self->demo, TIDE_IS_WINDOW (root) && tide_window_get_demo (TIDE_WINDOW (root))
                                      && !(self->sub_page && folded));
}

/* The window knows only after its template what it is to show. */
static void
tide_header_map (GtkWidget *widget)
{
  tide_header_update (TIDE_HEADER (widget));
  GTK_WIDGET_CLASS (tide_header_parent_class)->map (widget);
}

static void
tide_header_root (GtkWidget *widget)
{
  TideHeader *self = TIDE_HEADER (widget);

  GTK_WIDGET_CLASS (tide_header_parent_class)->root (widget);
  self->leaflet = ADW_LEAFLET (gtk_widget_get_ancestor (widget, ADW_TYPE_LEAFLET));
  if (self->leaflet != NULL)
    g_signal_connect_object (self->leaflet, "notify::folded", G_CALLBACK (tide_header_update),
                             self, G_CONNECT_SWAPPED);
  tide_header_update (self);
}

static void
tide_header_unroot (GtkWidget *widget)
{
  TideHeader *self = TIDE_HEADER (widget);

  if (self->leaflet != NULL)
    g_signal_handlers_disconnect_by_func (self->leaflet, tide_header_update, self);
  self->leaflet = NULL;
  GTK_WIDGET_CLASS (tide_header_parent_class)->unroot (widget);
}

static void
tide_header_set_property (GObject      *object,
                          guint         prop_id,
                          const GValue *value,
                          GParamSpec   *pspec)
{
  TideHeader *self = TIDE_HEADER (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      adw_window_title_set_title (ADW_WINDOW_TITLE (self->title), g_value_get_string (value));
      break;
    case PROP_SUB_PAGE:
      self->sub_page = g_value_get_boolean (value);
      tide_header_update (self);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_header_class_init (TideHeaderClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS;

  G_OBJECT_CLASS (klass)->set_property = tide_header_set_property;
  widget_class->map = tide_header_map;
  widget_class->root = tide_header_root;
  widget_class->unroot = tide_header_unroot;

  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_SUB_PAGE] = g_param_spec_boolean ("sub-page", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/tide-header.ui");
  gtk_widget_class_bind_template_child (widget_class, TideHeader, bar);
  gtk_widget_class_bind_template_child (widget_class, TideHeader, back);
  gtk_widget_class_bind_template_child (widget_class, TideHeader, demo);
  gtk_widget_class_bind_template_child (widget_class, TideHeader, title);
}

static void
tide_header_init (TideHeader *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * tide_header_set_titles:
 * @subtitle: (nullable): a second, smaller line
 */
void
tide_header_set_titles (TideHeader *self,
                        const char *title,
                        const char *subtitle)
{
  adw_window_title_set_title (ADW_WINDOW_TITLE (self->title), title);
  adw_window_title_set_subtitle (ADW_WINDOW_TITLE (self->title), subtitle != NULL ? subtitle : "");
}
