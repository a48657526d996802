/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include "tide-header.h"
#include "tide-welcome-page.h"

struct _TideWelcomePage
{
  AdwBin     parent_instance;

  GtkWidget *connect;
};

G_DEFINE_FINAL_TYPE (TideWelcomePage, tide_welcome_page, ADW_TYPE_BIN)

static void
tide_welcome_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (tide_welcome_page_parent_class)->map (widget);
  gtk_widget_grab_focus (TIDE_WELCOME_PAGE (widget)->connect);
}

static void
tide_welcome_page_class_init (TideWelcomePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->map = tide_welcome_page_map;
  g_type_ensure (TIDE_TYPE_HEADER);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/tide-welcome-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TideWelcomePage, connect);
}

static void
tide_welcome_page_init (TideWelcomePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
