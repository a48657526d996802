/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include "tide-attention-row.h"
#include "tide-format.h"

struct _TideAttentionRow
{
  GtkListBoxRow      parent_instance;

  GtkWidget         *icon;
  GtkWidget         *title;
  GtkWidget         *line;
  GtkWidget         *time;

  TideAttentionItem *item;    /* (owned) (nullable): until it is set */
};

G_DEFINE_FINAL_TYPE (TideAttentionRow, tide_attention_row, GTK_TYPE_LIST_BOX_ROW)

static void
tide_attention_row_finalize (GObject *object)
{
  g_clear_pointer (&TIDE_ATTENTION_ROW (object)->item, tide_attention_item_unref);
  G_OBJECT_CLASS (tide_attention_row_parent_class)->finalize (object);
}

static void
tide_attention_row_class_init (TideAttentionRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = tide_attention_row_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/tide-attention-row.ui");
  gtk_widget_class_bind_template_child (widget_class, TideAttentionRow, icon);
  gtk_widget_class_bind_template_child (widget_class, TideAttentionRow, title);
  gtk_widget_class_bind_template_child (widget_class, TideAttentionRow, line);
  gtk_widget_class_bind_template_child (widget_class, TideAttentionRow, time);
}

static void
tide_attention_row_init (TideAttentionRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
tide_attention_row_new (void)
{
  return g_object_new (TIDE_TYPE_ATTENTION_ROW, NULL);
}

static void
tide_attention_row_set_look (TideAttentionRow *self,
                             TideLook          look)
{
  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), look.icon);
  if (self->item != NULL && g_strcmp0 (self->item->look.style, look.style) == 0)
    return;
  if (self->item != NULL)
    gtk_widget_remove_css_class (self->icon, self->item->look.style);
  gtk_widget_add_css_class (self->icon, look.style);
}

/**
 * tide_attention_row_set_item:
 * @item: what to show
 */
void
tide_attention_row_set_item (TideAttentionRow  *self,
                             TideAttentionItem *item,
                             gint64             now,
                             GTimeZone         *zone)
{
  g_autofree char *time = item->when > 0 ? tide_format_next (item->when, now, zone) : g_strdup ("");
  g_autofree char *exact = item->when > 0 ? tide_format_exact (item->when, zone) : NULL;
  g_autofree char *label = g_strdup_printf ("%s. %s. %s", item->title, item->line, time);

  tide_attention_row_set_look (self, item->look);
  gtk_label_set_label (GTK_LABEL (self->title), item->title);
  gtk_label_set_label (GTK_LABEL (self->line), item->line);
  gtk_widget_set_tooltip_text (self->line, item->line);
  gtk_label_set_label (GTK_LABEL (self->time), time);
  gtk_widget_set_tooltip_text (self->time, exact);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  tide_attention_item_ref (item);
  g_clear_pointer (&self->item, tide_attention_item_unref);
  self->item = item;
}

/**
 * tide_attention_row_get_item:
 *
 * Returns: (transfer none): what it shows
 */
TideAttentionItem *
tide_attention_row_get_item (TideAttentionRow *self)
{
  return self->item;
}
