/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-attention-list.h"
#include "tide-attention-row.h"

struct _TideAttentionList
{
  AdwBin     parent_instance;

  GtkWidget *heading;
  GtkWidget *button;
  GtkWidget *list;

  char      *title;           /* (owned) */
  char      *action;          /* (owned) (nullable): for all of them */
  char      *action_label;    /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (TideAttentionList, tide_attention_list, ADW_TYPE_BIN)

enum
{
  PROP_TITLE = 1,
  PROP_ACTION,
  PROP_ACTION_LABEL,
  N_PROPS
};

enum
{
  SELECTED,
  ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static TideAttentionRow *
tide_attention_list_get_row (TideAttentionList *self,
                             int                index)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), index);

  return row != NULL ? TIDE_ATTENTION_ROW (row) : NULL;
}

static gboolean
has_key (GPtrArray  *items,
         const char *key)
{
  for (guint i = 0; i < items->len; i++)
    if (g_str_equal (((TideAttentionItem *)g_ptr_array_index (items, i))->key, key))
      return TRUE;
  return FALSE;
}

static void
tide_attention_list_remove_gone (TideAttentionList *self,
                                 GPtrArray         *items)
{
  TideAttentionRow *row;
  int index = 0;

  while ((row = tide_attention_list_get_row (self, index)) != NULL)
    {
      if (has_key (items, tide_attention_row_get_item (row)->key))
        index++;
      else
        gtk_list_box_remove (GTK_LIST_BOX (self->list), GTK_WIDGET (row));
    }
}

/* A row that comes later than it should stands for an item that has moved up. */
static void
tide_attention_list_remove_moved (TideAttentionList *self,
                                  const char        *key,
                                  int                index)
{
  TideAttentionRow *row;

  for (; (row = tide_attention_list_get_row (self, index)) != NULL; index++)
    if (g_str_equal (tide_attention_row_get_item (row)->key, key))
      {
        gtk_list_box_remove (GTK_LIST_BOX (self->list), GTK_WIDGET (row));
        return;
      }
}

static void
tide_attention_list_row_selected_cb (TideAttentionList *self,
                                     GtkListBoxRow     *row)
{
  if (row != NULL)
    g_signal_emit (self, signals[SELECTED], 0);
}

static void
tide_attention_list_row_activated_cb (TideAttentionList *self)
{
  g_signal_emit (self, signals[ACTIVATED], 0);
}

static void
tide_attention_list_finalize (GObject *object)
{
  TideAttentionList *self = TIDE_ATTENTION_LIST (object);

  g_free (self->title);
  g_free (self->action);
  g_free (self->action_label);
  G_OBJECT_CLASS (tide_attention_list_parent_class)->finalize (object);
}

static void
tide_attention_list_constructed (GObject *object)
{
  TideAttentionList *self = TIDE_ATTENTION_LIST (object);

  G_OBJECT_CLASS (tide_attention_list_parent_class)->constructed (object);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, self->title, -1);
  gtk_widget_set_visible (self->button, self->action != NULL);
  if (self->action == NULL)
    return;
  gtk_button_set_label (GTK_BUTTON (self->button), self->action_label);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button), self->action);
}

static void
tide_attention_list_set_property (GObject      *object,
                                  guint         prop_id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  TideAttentionList *self = TIDE_ATTENTION_LIST (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      self->title = g_value_dup_string (value);
      break;
    case PROP_ACTION:
      self->action = g_value_dup_string (value);
      break;
    case PROP_ACTION_LABEL:
      self->action_label = g_value_dup_string (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_attention_list_class_init (TideAttentionListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = tide_attention_list_constructed;
  object_class->finalize = tide_attention_list_finalize;
  object_class->set_property = tide_attention_list_set_property;

  g_object_class_install_property (object_class, PROP_TITLE,
                                   g_param_spec_string ("title", NULL, NULL, NULL, flags));
  g_object_class_install_property (object_class, PROP_ACTION,
                                   g_param_spec_string ("action", NULL, NULL, NULL, flags));
  g_object_class_install_property (object_class, PROP_ACTION_LABEL,
                                   g_param_spec_string ("action-label", NULL, NULL, NULL, flags));
  signals[SELECTED] = g_signal_new ("selected", TIDE_TYPE_ATTENTION_LIST, G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[ACTIVATED] = g_signal_new ("activated", TIDE_TYPE_ATTENTION_LIST, G_SIGNAL_RUN_LAST, 0,
                                     NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
tide_attention_list_init (TideAttentionList *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->heading = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->heading), 0);
  gtk_widget_set_hexpand (self->heading, TRUE);
  gtk_widget_add_css_class (self->heading, "heading");
  self->button = gtk_button_new ();
  gtk_widget_add_css_class (self->button, "flat");
  gtk_widget_add_css_class (self->button, "tide-small");
  gtk_widget_add_css_class (self->button, "tide-link");
  self->list = gtk_list_box_new ();
  gtk_widget_add_css_class (self->list, "boxed-list");
  gtk_widget_add_css_class (self->list, "tide-items");
  gtk_box_append (GTK_BOX (head), self->heading);
  gtk_box_append (GTK_BOX (head), self->button);
  gtk_box_append (GTK_BOX (box), head);
  gtk_box_append (GTK_BOX (box), self->list);
  gtk_widget_set_size_request (head, -1, 32);
  adw_bin_set_child (ADW_BIN (self), box);
  g_signal_connect_swapped (self->list, "row-selected", G_CALLBACK (tide_attention_list_row_selected_cb), self);
  g_signal_connect_swapped (self->list, "row-activated", G_CALLBACK (tide_attention_list_row_activated_cb), self);
}

/**
 * tide_attention_list_set_items:
 * @items: (element-type TideAttentionItem): what to show; nothing hides it
 */
void
tide_attention_list_set_items (TideAttentionList *self,
                               GPtrArray         *items,
                               gint64             now,
                               GTimeZone         *zone)
{
  /* Translators: the title of a group, then how many there are: "Needs You · 2" */
  g_autofree char *heading = g_strdup_printf (_("%s · %u"), self->title, items->len);

  tide_attention_list_remove_gone (self, items);
  for (guint i = 0; i < items->len; i++)
    {
      TideAttentionItem *item = g_ptr_array_index (items, i);
      TideAttentionRow *row = tide_attention_list_get_row (self, (int)i);

      if (row == NULL || !g_str_equal (tide_attention_row_get_item (row)->key, item->key))
        {
          tide_attention_list_remove_moved (self, item->key, (int)i);
          row = TIDE_ATTENTION_ROW (tide_attention_row_new ());
          gtk_list_box_insert (GTK_LIST_BOX (self->list), GTK_WIDGET (row), (int)i);
        }
      tide_attention_row_set_item (row, item, now, zone);
    }
  gtk_label_set_label (GTK_LABEL (self->heading), heading);
  gtk_widget_set_visible (GTK_WIDGET (self), items->len > 0);
}

/**
 * tide_attention_list_get_selected:
 *
 * Returns: (transfer none) (nullable): the item that is chosen here
 */
TideAttentionItem *
tide_attention_list_get_selected (TideAttentionList *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (GTK_LIST_BOX (self->list));

  return row != NULL ? tide_attention_row_get_item (TIDE_ATTENTION_ROW (row)) : NULL;
}

/**
 * tide_attention_list_get_index:
 *
 * Returns: which row is chosen, -1 if none is
 */
int
tide_attention_list_get_index (TideAttentionList *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (GTK_LIST_BOX (self->list));

  return row != NULL ? gtk_list_box_row_get_index (row) : -1;
}

/**
 * tide_attention_list_select:
 * @key: of an item
 *
 * Returns: whether it is here
 */
gboolean
tide_attention_list_select (TideAttentionList *self,
                            const char        *key)
{
  TideAttentionRow *row;

  for (int i = 0; (row = tide_attention_list_get_row (self, i)) != NULL; i++)
    if (g_strcmp0 (tide_attention_row_get_item (row)->key, key) == 0)
      {
        gtk_list_box_select_row (GTK_LIST_BOX (self->list), GTK_LIST_BOX_ROW (row));
        return TRUE;
      }
  return FALSE;
}

/**
 * tide_attention_list_select_near:
 * @index: where the row stood that is gone
 *
 * Chooses the row that has come into its place, or the last one.
 */
void
tide_attention_list_select_near (TideAttentionList *self,
                                 int                index)
{
  int last = (int)tide_attention_list_get_length (self) - 1;
  TideAttentionRow *row = tide_attention_list_get_row (self, CLAMP (index, 0, MAX (last, 0)));

  if (row != NULL)
    gtk_list_box_select_row (GTK_LIST_BOX (self->list), GTK_LIST_BOX_ROW (row));
}

guint
tide_attention_list_get_length (TideAttentionList *self)
{
  guint length = 0;

  while (tide_attention_list_get_row (self, (int)length) != NULL)
    length++;
  return length;
}

void
tide_attention_list_unselect (TideAttentionList *self)
{
  gtk_list_box_unselect_all (GTK_LIST_BOX (self->list));
}

/**
 * tide_attention_list_grab_focus:
 *
 * Puts the focus on the row that is chosen.
 */
void
tide_attention_list_grab_focus (TideAttentionList *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (GTK_LIST_BOX (self->list));

  if (row != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (row));
}
