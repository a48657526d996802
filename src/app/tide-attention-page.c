/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-attention-detail.h"
#include "tide-attention-list.h"
#include "tide-attention-page.h"
#include "tide-attention-records.h"
#include "tide-header.h"
#include "tide-trouble.h"
#include "tide-window.h"

struct _TideAttentionPage
{
  AdwBin     parent_instance;

  GtkWidget *header;
  GtkWidget *stack;
  GtkWidget *failed;
  GtkWidget *leaflet;
  GtkWidget *master;
  GtkWidget *lists;
  GtkWidget *needs;
  GtkWidget *retrying;
  GtkWidget *mended;
  GtkWidget *details;
  GtkWidget *none;
  GtkWidget *detail;
  GtkWidget *records;

  TideLive  *live;            /* (owned) */
  GPtrArray *items;           /* (owned) (nullable) (element-type TideAttentionItem): all that is shown */
  char      *shown;           /* (owned) (nullable): key of the item beside the list */
  char      *wanted;          /* (owned) (nullable): key of an item to be shown when it comes */
  gboolean   filling;
};

G_DEFINE_FINAL_TYPE (TideAttentionPage, tide_attention_page, ADW_TYPE_BIN)

static gboolean
tide_attention_page_is_folded (TideAttentionPage *self)
{
  return adw_leaflet_get_folded (ADW_LEAFLET (self->leaflet));
}

/* To the list, or to the one thing, where only one of them is to be seen. Where both are, the focus stays. */
static void
tide_attention_page_turn (TideAttentionPage *self,
                          GtkWidget         *child)
{
  if (tide_attention_page_is_folded (self))
    adw_leaflet_set_visible_child (ADW_LEAFLET (self->leaflet), child);
}

static TideAttentionList *
tide_attention_page_get_list (TideAttentionPage *self,
                              TideItemGroup      group)
{
  GtkWidget *lists[] = { self->needs, self->retrying, self->mended };

  return TIDE_ATTENTION_LIST (lists[group]);
}

static TideAttentionItem *
tide_attention_page_find (TideAttentionPage *self,
                          const char        *key)
{
  for (guint i = 0; self->items != NULL && key != NULL && i < self->items->len; i++)
    {
      TideAttentionItem *item = g_ptr_array_index (self->items, i);

      if (g_str_equal (item->key, key))
        return item;
    }
  return NULL;
}

static void
tide_attention_page_show (TideAttentionPage *self,
                          TideAttentionItem *item)
{
  gboolean records = item != NULL && item->need != NULL && item->need->group != NULL;

  if (g_strcmp0 (self->shown, item != NULL ? item->key : NULL) != 0)
    {
      g_free (self->shown);
      self->shown = item != NULL ? g_strdup (item->key) : NULL;
    }
  if (records)
    tide_attention_records_set_item (TIDE_ATTENTION_RECORDS (self->records), item);
  else if (item != NULL)
    tide_attention_detail_set_item (TIDE_ATTENTION_DETAIL (self->detail), item);
  gtk_stack_set_visible_child_name (GTK_STACK (self->details), item == NULL ? "none" : records ? "records" : "detail");
}

/* In one of the lists something was chosen: then in none of the others. */
static void
tide_attention_page_selected_cb (TideAttentionPage *self,
                                 TideAttentionList *list)
{
  for (TideItemGroup group = 0; group < TIDE_N_ITEM_GROUPS; group++)
    if (tide_attention_page_get_list (self, group) != list)
      tide_attention_list_unselect (tide_attention_page_get_list (self, group));
  if (!self->filling)
    tide_attention_page_show (self, tide_attention_list_get_selected (list));
}

static void
tide_attention_page_activated_cb (TideAttentionPage *self,
                                  TideAttentionList *list)
{
  TideAttentionItem *item = tide_attention_list_get_selected (list);

  if (item == NULL)
    return;
  tide_attention_page_show (self, item);
  tide_attention_page_turn (self, self->details);
}

static void
tide_attention_page_folded_cb (TideAttentionPage *self)
{
  gboolean folded = tide_attention_page_is_folded (self);
  GtkWidget *visible = adw_leaflet_get_visible_child (ADW_LEAFLET (self->leaflet));

  /* Where the list is all there is, nothing in it is open. */
  for (TideItemGroup group = 0; folded && visible == self->master && group < TIDE_N_ITEM_GROUPS; group++)
    tide_attention_list_unselect (tide_attention_page_get_list (self, group));
  g_object_set (self->header, "sub-page", folded && visible == self->details, NULL);
  gtk_widget_set_margin_start (self->lists, folded ? 12 : 24);
  tide_attention_detail_set_narrow (TIDE_ATTENTION_DETAIL (self->detail), folded);
  tide_attention_records_set_narrow (TIDE_ATTENTION_RECORDS (self->records), folded);
}

static void
tide_attention_page_fill (TideAttentionPage *self)
{
  gint64 now = tide_live_get_now (self->live);

  for (TideItemGroup group = 0; group < TIDE_N_ITEM_GROUPS; group++)
    {
      g_autoptr(GPtrArray) items = g_ptr_array_new ();

      for (guint i = 0; i < self->items->len; i++)
        {
          TideAttentionItem *item = g_ptr_array_index (self->items, i);

          if (item->group == group)
            g_ptr_array_add (items, item);
        }
      tide_attention_list_set_items (tide_attention_page_get_list (self, group), items, now,
                                     tide_live_get_zone (self->live));
    }
}

/* What was shown is done with: the one that has come into its place, else the first that needs the owner. */
static void
tide_attention_page_move_on (TideAttentionPage *self,
                             TideItemGroup      group,
                             int                index)
{
  TideAttentionList *list = tide_attention_page_get_list (self, group);

  if (tide_attention_list_get_length (list) == 0)
    list = TIDE_ATTENTION_LIST (self->needs);
  if (tide_attention_list_get_length (list) == 0 || tide_attention_page_is_folded (self))
    {
      tide_attention_page_show (self, NULL);
      tide_attention_page_turn (self, self->master);
      return;
    }
  tide_attention_list_select_near (list, index);
  tide_attention_page_show (self, tide_attention_list_get_selected (list));
}

static void
tide_attention_page_select (TideAttentionPage *self,
                            TideAttentionItem *item)
{
  tide_attention_list_select (tide_attention_page_get_list (self, item->group), item->key);
  tide_attention_page_show (self, item);
  tide_attention_page_turn (self, self->details);
}

/* Where there are two panes one of them is not left empty, so long as there is something to do. */
static void
tide_attention_page_choose (TideAttentionPage *self,
                            TideItemGroup      group,
                            int                index)
{
  TideAttentionItem *wanted = tide_attention_page_find (self, self->wanted);
  TideAttentionItem *shown = tide_attention_page_find (self, self->shown);

  if (wanted != NULL)
    {
      g_clear_pointer (&self->wanted, g_free);
      tide_attention_page_select (self, wanted);
    }
  else if (shown != NULL)
    tide_attention_page_show (self, shown);
  else if (self->shown != NULL)
    tide_attention_page_move_on (self, group, index);
  else if (!tide_attention_page_is_folded (self) && gtk_widget_get_mapped (GTK_WIDGET (self)))
    tide_attention_page_move_on (self, TIDE_ITEM_NEED, 0);
}

static void
tide_attention_page_update_state (TideAttentionPage *self)
{
  const GError *error = tide_live_get_error (self->live);
  g_autofree char *trouble = NULL;

  if (error == NULL)
    {
      gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "loading");
      return;
    }
  trouble = tide_trouble_describe (error, _("Tidemark"));
  adw_status_page_set_description (ADW_STATUS_PAGE (self->failed), trouble);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "failed");
}

static void
tide_attention_page_update (TideAttentionPage *self)
{
  GPtrArray *statuses = tide_live_get_statuses (self->live);
  TideAttentionItem *old = tide_attention_page_find (self, self->shown);
  TideItemGroup group = old != NULL ? old->group : TIDE_ITEM_NEED;
  int index = tide_attention_list_get_index (tide_attention_page_get_list (self, group));

  if (statuses == NULL)
    {
      tide_attention_page_update_state (self);
      return;
    }
  g_clear_pointer (&self->items, g_ptr_array_unref);
  self->items = tide_attention_item_list (statuses, tide_live_get_attention (self->live),
                                          tide_live_get_venue_id (self->live), tide_live_get_now (self->live),
                                          tide_live_get_zone (self->live));
  self->filling = TRUE;
  tide_attention_page_fill (self);
  self->filling = FALSE;
  tide_attention_page_choose (self, group, index);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), self->items->len > 0 ? "list" : "empty");
}

static void
retry_all_activated (GtkWidget  *widget,
                     const char *action,
                     GVariant   *parameter)
{
  TideAttentionPage *self = TIDE_ATTENTION_PAGE (widget);

  for (guint i = 0; self->items != NULL && i < self->items->len; i++)
    {
      const TideAttentionItem *item = g_ptr_array_index (self->items, i);

      if (item->group == TIDE_ITEM_RETRYING)
        gtk_widget_activate_action (widget, "win.retry-run", "s", item->run->sync_id);
    }
}

static void
tide_attention_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (tide_attention_page_parent_class)->map (widget);
  tide_attention_page_update (TIDE_ATTENTION_PAGE (widget));
}

static void
tide_attention_page_dispose (GObject *object)
{
  TideAttentionPage *self = TIDE_ATTENTION_PAGE (object);

  g_clear_object (&self->live);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_pointer (&self->shown, g_free);
  g_clear_pointer (&self->wanted, g_free);
  G_OBJECT_CLASS (tide_attention_page_parent_class)->dispose (object);
}

static void
tide_attention_page_class_init (TideAttentionPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_attention_page_dispose;
  widget_class->map = tide_attention_page_map;

  g_type_ensure (TIDE_TYPE_ATTENTION_DETAIL);
  g_type_ensure (TIDE_TYPE_ATTENTION_LIST);
  g_type_ensure (TIDE_TYPE_ATTENTION_RECORDS);
  g_type_ensure (TIDE_TYPE_HEADER);
  gtk_widget_class_install_action (widget_class, "attention.retry-all", NULL, retry_all_activated);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/tide-attention-page.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, TideAttentionPage, name)
  BIND (header);
  BIND (stack);
  BIND (failed);
  BIND (leaflet);
  BIND (master);
  BIND (lists);
  BIND (needs);
  BIND (retrying);
  BIND (mended);
  BIND (details);
  BIND (none);
  BIND (detail);
  BIND (records);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, tide_attention_page_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, tide_attention_page_folded_cb);
  gtk_widget_class_bind_template_callback (widget_class, tide_attention_page_selected_cb);
}

static void
tide_attention_page_init (TideAttentionPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * tide_attention_page_new:
 * @live: what to show
 */
GtkWidget *
tide_attention_page_new (TideLive *live)
{
  TideAttentionPage *self = g_object_new (TIDE_TYPE_ATTENTION_PAGE, NULL);

  self->live = g_object_ref (live);
  tide_attention_detail_set_live (TIDE_ATTENTION_DETAIL (self->detail), live);
  tide_attention_records_set_live (TIDE_ATTENTION_RECORDS (self->records), live);
  g_signal_connect_object (live, "changed", G_CALLBACK (tide_attention_page_update), self, G_CONNECT_SWAPPED);
  tide_attention_page_folded_cb (self);
  tide_attention_page_update (self);
  return GTK_WIDGET (self);
}

/**
 * tide_attention_page_show_item:
 * @key: of an item; what is not here is shown when it comes
 */
void
tide_attention_page_show_item (TideAttentionPage *self,
                               const char        *key)
{
  g_free (self->wanted);
  self->wanted = g_strdup (key);
  tide_attention_page_update (self);
}

/**
 * tide_attention_page_go_back:
 *
 * Returns: whether there was something to go back from: from one thing to the list, where only one is to be seen
 */
gboolean
tide_attention_page_go_back (TideAttentionPage *self)
{
  if (!tide_attention_page_is_folded (self)
      || adw_leaflet_get_visible_child (ADW_LEAFLET (self->leaflet)) == self->master)
    return FALSE;
  tide_attention_page_turn (self, self->master);
  return TRUE;
}
