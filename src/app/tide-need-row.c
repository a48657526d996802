/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include "tide-need-row.h"

struct _TideNeedRow
{
  GtkListBoxRow  parent_instance;

  GtkWidget     *box;
  GtkWidget     *icon;
  GtkWidget     *title;
  GtkWidget     *text;
  GtkWidget     *button;
};

G_DEFINE_FINAL_TYPE (TideNeedRow, tide_need_row, GTK_TYPE_LIST_BOX_ROW)

static void
tide_need_row_class_init (TideNeedRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/tide-need-row.ui");
  gtk_widget_class_bind_template_child (widget_class, TideNeedRow, box);
  gtk_widget_class_bind_template_child (widget_class, TideNeedRow, icon);
  gtk_widget_class_bind_template_child (widget_class, TideNeedRow, title);
  gtk_widget_class_bind_template_child (widget_class, TideNeedRow, text);
  gtk_widget_class_bind_template_child (widget_class, TideNeedRow, button);
}

static void
tide_need_row_init (TideNeedRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
tide_need_row_set_action (TideNeedRow    *self,
                          const TideNeed *need)
{
  GtkActionable *button = GTK_ACTIONABLE (self->button);

  switch (need->kind)
    {
    case TIDE_NEED_SIGN_IN:
      gtk_actionable_set_detailed_action_name (button, "win.sign-in(int64 0)");
      gtk_actionable_set_action_target (button, "x", need->connection->id);
      break;
    case TIDE_NEED_APPROVAL:
    case TIDE_NEED_RECORDS:
      gtk_actionable_set_action_name (button, "win.attention");
      gtk_actionable_set_action_target (button, "s", need->key);
      break;
    case TIDE_NEED_FAILED:
    default:
      gtk_actionable_set_action_name (button, "win.sync-stream");
      gtk_actionable_set_action_target (button, "(xs)", need->connection->id, "");
      break;
    }
}

/**
 * tide_need_row_new:
 * @need: what it is about
 * @first: whether its button is the page's main one
 */
GtkWidget *
tide_need_row_new (const TideNeed *need,
                   gboolean        first,
                   gint64          now,
                   GTimeZone      *zone)
{
  TideNeedRow *self = g_object_new (TIDE_TYPE_NEED_ROW, NULL);
  g_autofree char *title = tide_need_dup_title (need);
  g_autofree char *text = tide_need_dup_text (need, now, zone);
  g_autofree char *label = g_strdup_printf ("%s. %s", title, text);

  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), tide_need_get_icon (need));
  gtk_label_set_label (GTK_LABEL (self->title), title);
  gtk_label_set_label (GTK_LABEL (self->text), text);
  gtk_button_set_label (GTK_BUTTON (self->button), tide_need_get_button (need));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  if (first)
    gtk_widget_add_css_class (self->button, "suggested-action");
  tide_need_row_set_action (self, need);
  return GTK_WIDGET (self);
}

/**
 * tide_need_row_set_narrow:
 * @narrow: the button below the words instead of beside them
 */
void
tide_need_row_set_narrow (TideNeedRow *self,
                          gboolean     narrow)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->box),
                                  narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
}
