/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-provider-card.h"

static GtkWidget *
label_new (const char *text,
           const char *first_class,
           const char *second_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, first_class);
  if (second_class != NULL)
    gtk_widget_add_css_class (label, second_class);
  return label;
}

static GtkWidget *
foot_new (guint n_connected)
{
  g_autofree char *text = NULL;
  GtkWidget *box;

  if (n_connected == 0)
    return label_new (_("Connect…"), "caption-heading", "accent");
  text = g_strdup_printf (ngettext ("%u connected", "%u connected", n_connected), n_connected);
  box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("object-select-symbolic"));
  gtk_box_append (GTK_BOX (box), label_new (text, "caption", NULL));
  gtk_widget_add_css_class (box, "tide-ok");
  return box;
}

/**
 * tide_provider_card_new:
 * @provider: the service
 * @n_connected: how many connections there are to it
 */
GtkWidget *
tide_provider_card_new (TideProviderInfo *provider,
                        guint             n_connected)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *tile = gtk_label_new (provider->tile);
  GtkWidget *summary = label_new (provider->summary, "tide-secondary", "caption");
  GtkWidget *child = gtk_flow_box_child_new ();
  g_autofree char *label = g_strdup_printf (_("Connect %s"), provider->name);

  gtk_widget_add_css_class (tile, "tide-tile");
  gtk_widget_add_css_class (tile, "tide-tile-40");
  gtk_widget_set_valign (tile, GTK_ALIGN_START);
  gtk_widget_set_vexpand (summary, TRUE);
  gtk_widget_set_valign (summary, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (words), label_new (provider->name, "heading", NULL));
  gtk_box_append (GTK_BOX (words), summary);
  gtk_box_append (GTK_BOX (words), foot_new (n_connected));
  gtk_box_append (GTK_BOX (box), tile);
  gtk_box_append (GTK_BOX (box), words);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "card");
  gtk_widget_add_css_class (button, "tide-gallery-card");
  gtk_widget_set_size_request (button, 240, 104);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.connect");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", provider->id);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  /* The button takes the focus, not the place it lies in. */
  gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), button);
  gtk_widget_set_focusable (child, FALSE);
  return child;
}
