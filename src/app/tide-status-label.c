/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include "tide-status-label.h"

struct _TideStatusLabel
{
  GtkBox      parent_instance;

  GtkWidget  *icon;
  GtkWidget  *label;
  const char *style;          /* (nullable): the class set now; static */
};

G_DEFINE_FINAL_TYPE (TideStatusLabel, tide_status_label, GTK_TYPE_BOX)

enum
{
  PROP_RUN = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
tide_status_label_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  TideStatusLabel *self = TIDE_STATUS_LABEL (object);
  const TideRun *run;

  switch (prop_id)
    {
    case PROP_RUN:
      run = g_value_get_boxed (value);
      gtk_widget_set_visible (GTK_WIDGET (self), run != NULL);
      if (run != NULL)
        tide_status_label_set_look (self, tide_look_for_run (run));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_status_label_class_init (TideStatusLabelClass *klass)
{
  G_OBJECT_CLASS (klass)->set_property = tide_status_label_set_property;

  properties[PROP_RUN] = g_param_spec_boxed ("run", NULL, NULL, TIDE_TYPE_RUN,
                                             G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, properties);
}

static void
tide_status_label_init (TideStatusLabel *self)
{
  self->icon = gtk_image_new ();
  self->label = gtk_label_new (NULL);
  gtk_label_set_ellipsize (GTK_LABEL (self->label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (self->label), 0);
  gtk_widget_add_css_class (self->label, "tide-word");
  /* The word beside it says the same. */
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->icon), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  gtk_box_append (GTK_BOX (self), self->icon);
  gtk_box_append (GTK_BOX (self), self->label);
}

GtkWidget *
tide_status_label_new (void)
{
  return g_object_new (TIDE_TYPE_STATUS_LABEL, NULL);
}

/**
 * tide_status_label_set_look:
 * @look: what to show
 */
void
tide_status_label_set_look (TideStatusLabel *self,
                            TideLook         look)
{
  if (self->style != look.style)
    {
      if (self->style != NULL)
        gtk_widget_remove_css_class (GTK_WIDGET (self), self->style);
      gtk_widget_add_css_class (GTK_WIDGET (self), look.style);
      self->style = look.style;
    }
  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), look.icon);
  gtk_label_set_label (GTK_LABEL (self->label), look.word);
}

/**
 * tide_status_label_set_word:
 * @word: instead of the look's own: "Syncing, 64%"
 */
void
tide_status_label_set_word (TideStatusLabel *self,
                            const char      *word)
{
  gtk_label_set_label (GTK_LABEL (self->label), word);
}

/**
 * tide_status_label_keep_whole:
 *
 * For where something else gives way when there is little room.
 */
void
tide_status_label_keep_whole (TideStatusLabel *self)
{
  gtk_label_set_ellipsize (GTK_LABEL (self->label), PANGO_ELLIPSIZE_NONE);
}
