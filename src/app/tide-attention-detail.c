/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-attention-detail.h"
#include "tide-window.h"

struct _TideAttentionDetail
{
  AdwBin             parent_instance;

  GtkWidget         *content;
  GtkWidget         *icon;
  GtkWidget         *title;
  GtkWidget         *text;
  GtkWidget         *facts;
  GtkWidget         *always_list;
  GtkWidget         *always_row;
  GtkWidget         *always;
  GtkWidget         *advice;
  GtkWidget         *buttons;
  GtkWidget         *second;
  GtkWidget         *first;
  GtkWidget         *exact_box;
  GtkWidget         *exact;

  TideLive          *live;    /* (owned) (nullable): until it is set */
  TideAttentionItem *item;    /* (owned) (nullable): until it is set */
  const char        *style;   /* (nullable): static */
};

G_DEFINE_FINAL_TYPE (TideAttentionDetail, tide_attention_detail, ADW_TYPE_BIN)

static void
tide_attention_detail_say (TideAttentionDetail *self,
                           const char          *text)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (TIDE_IS_WINDOW (root))
    tide_window_say (TIDE_WINDOW (root), text);
}

static void
tide_attention_detail_fail (TideAttentionDetail *self,
                            const GError        *error)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (TIDE_IS_WINDOW (root))
    tide_window_add_trouble (TIDE_WINDOW (root), error, self->item->connection->name);
}

static const TideApproval *
tide_attention_detail_get_approval (TideAttentionDetail *self)
{
  return self->item != NULL && self->item->need != NULL ? self->item->need->approval : NULL;
}

static void
tide_attention_detail_decide (TideAttentionDetail *self,
                              gboolean             approve)
{
  const TideApproval *approval = tide_attention_detail_get_approval (self);
  gboolean always = gtk_check_button_get_active (GTK_CHECK_BUTTON (self->always));
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  if (approval == NULL)
    return;
  if (!tide_engine_decide_approval (tide_live_get_engine (self->live), approval->id, approve, approve && always,
                                    "owner", &error))
    {
      tide_attention_detail_fail (self, error);
      return;
    }
  text = g_strdup_printf (approve ? _("Approved: %s goes on") : _("Refused: nothing of %s was changed"),
                          self->item->label);
  tide_attention_detail_say (self, text);
}

static void
approve_activated (GtkWidget  *widget,
                   const char *action,
                   GVariant   *parameter)
{
  tide_attention_detail_decide (TIDE_ATTENTION_DETAIL (widget), TRUE);
}

static void
refuse_activated (GtkWidget  *widget,
                  const char *action,
                  GVariant   *parameter)
{
  tide_attention_detail_decide (TIDE_ATTENTION_DETAIL (widget), FALSE);
}

static void
copy_activated (GtkWidget  *widget,
                const char *action,
                GVariant   *parameter)
{
  TideAttentionDetail *self = TIDE_ATTENTION_DETAIL (widget);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), gtk_label_get_label (GTK_LABEL (self->exact)));
  tide_attention_detail_say (self, _("It is on the clipboard"));
}

static void
tide_attention_detail_dispose (GObject *object)
{
  TideAttentionDetail *self = TIDE_ATTENTION_DETAIL (object);

  g_clear_object (&self->live);
  g_clear_pointer (&self->item, tide_attention_item_unref);
  G_OBJECT_CLASS (tide_attention_detail_parent_class)->dispose (object);
}

static void
tide_attention_detail_class_init (TideAttentionDetailClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_attention_detail_dispose;
  gtk_widget_class_install_action (widget_class, "item.approve", NULL, approve_activated);
  gtk_widget_class_install_action (widget_class, "item.refuse", NULL, refuse_activated);
  gtk_widget_class_install_action (widget_class, "item.copy", NULL, copy_activated);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/tide-attention-detail.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, TideAttentionDetail, name)
  BIND (content);
  BIND (icon);
  BIND (title);
  BIND (text);
  BIND (facts);
  BIND (always_list);
  BIND (always_row);
  BIND (always);
  BIND (advice);
  BIND (buttons);
  BIND (second);
  BIND (first);
  BIND (exact_box);
  BIND (exact);
#undef BIND
}

static void
tide_attention_detail_init (TideAttentionDetail *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * tide_attention_detail_set_live:
 * @live: what it is a part of
 */
void
tide_attention_detail_set_live (TideAttentionDetail *self,
                                TideLive            *live)
{
  g_set_object (&self->live, live);
}

static GtkWidget *
fact_row_new (const TideAttentionFact *fact)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *value = gtk_label_new (fact->value);
  g_autofree char *name = g_markup_escape_text (fact->name, -1);

  gtk_label_set_xalign (GTK_LABEL (value), 1);
  gtk_widget_add_css_class (value, "numeric");
  gtk_widget_add_css_class (value, "tide-secondary");
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), value);
  return row;
}

static void
tide_attention_detail_update_facts (TideAttentionDetail *self)
{
  g_autoptr(GPtrArray) facts = tide_attention_item_list_facts (self->item, tide_live_get_now (self->live),
                                                               tide_live_get_zone (self->live));
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (self->facts)) != NULL)
    gtk_list_box_remove (GTK_LIST_BOX (self->facts), row);
  for (guint i = 0; i < facts->len; i++)
    gtk_list_box_append (GTK_LIST_BOX (self->facts), fact_row_new (g_ptr_array_index (facts, i)));
  gtk_widget_set_visible (self->facts, facts->len > 0);
}

static void
button_set (GtkWidget  *button,
            const char *label,
            const char *action,
            GVariant   *target)
{
  gtk_button_set_label (GTK_BUTTON (button), label);
  /* Without an action in between that the target does not fit. */
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), NULL);
  gtk_actionable_set_action_target_value (GTK_ACTIONABLE (button), target);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
}

static void
tide_attention_detail_set_suggested (TideAttentionDetail *self,
                                     gboolean             suggested)
{
  if (suggested)
    gtk_widget_add_css_class (self->first, "suggested-action");
  else
    gtk_widget_remove_css_class (self->first, "suggested-action");
}

static void
tide_attention_detail_set_need_buttons (TideAttentionDetail *self,
                                        const TideNeed      *need)
{
  gint64 connection_id = need->connection->id;

  switch (need->kind)
    {
    case TIDE_NEED_SIGN_IN:
      button_set (self->first, tide_need_get_button (need), "win.sign-in", g_variant_new_int64 (connection_id));
      button_set (self->second, _("Open the Connection"), "win.open-connection", g_variant_new_int64 (connection_id));
      break;
    case TIDE_NEED_APPROVAL:
      button_set (self->first, _("Approve"), "item.approve", NULL);
      button_set (self->second, _("Refuse"), "item.refuse", NULL);
      break;
    case TIDE_NEED_RECORDS:
    case TIDE_NEED_FAILED:
    default:
      button_set (self->first, _("Try Again"), "win.sync-stream", g_variant_new ("(xs)", connection_id, ""));
      break;
    }
}

static void
tide_attention_detail_update_buttons (TideAttentionDetail *self)
{
  const TideNeed *need = self->item->need;
  const TideRun *run = tide_attention_item_get_run (self->item);
  gboolean decision = need != NULL && need->kind == TIDE_NEED_APPROVAL;

  if (run != NULL)
    button_set (self->second, _("Open the Run"), "win.open-run", g_variant_new_string (run->sync_id));
  gtk_widget_set_visible (self->second, run != NULL || (need != NULL && need->kind == TIDE_NEED_SIGN_IN));
  gtk_widget_set_visible (self->first, self->item->group != TIDE_ITEM_MENDED);
  if (need != NULL)
    tide_attention_detail_set_need_buttons (self, need);
  else if (self->item->group == TIDE_ITEM_RETRYING)
    button_set (self->first, _("Try Now"), "win.retry-run", g_variant_new_string (run->sync_id));
  /* Nothing that has consequences is proposed. */
  tide_attention_detail_set_suggested (self, !decision);
}

static void
tide_attention_detail_update_look (TideAttentionDetail *self)
{
  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), self->item->look.icon);
  if (self->style == self->item->look.style)
    return;
  if (self->style != NULL)
    gtk_widget_remove_css_class (self->icon, self->style);
  gtk_widget_add_css_class (self->icon, self->item->look.style);
  self->style = self->item->look.style;
}

static void
tide_attention_detail_update_always (TideAttentionDetail *self,
                                     gboolean             other)
{
  gboolean decision = tide_attention_detail_get_approval (self) != NULL;
  g_autofree char *text = NULL;

  gtk_widget_set_visible (self->always_list, decision);
  if (other)
    gtk_check_button_set_active (GTK_CHECK_BUTTON (self->always), FALSE);
  if (!decision)
    return;
  text = g_strdup_printf (_("If you approve, later syncs of %s from %s go through however much they change"),
                          self->item->label, self->item->connection->name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->always_row), text);
}

static void
label_set_or_hide (GtkWidget  *label,
                   const char *text)
{
  gtk_label_set_label (GTK_LABEL (label), text != NULL ? text : "");
  gtk_widget_set_visible (label, text != NULL);
}

/**
 * tide_attention_detail_set_item:
 * @item: what to show
 */
void
tide_attention_detail_set_item (TideAttentionDetail *self,
                                TideAttentionItem   *item)
{
  gboolean other = self->item == NULL || !g_str_equal (self->item->key, item->key);
  g_autofree char *heading = tide_attention_item_dup_heading (item);
  g_autofree char *text = tide_attention_item_dup_text (item, tide_live_get_now (self->live),
                                                        tide_live_get_zone (self->live));
  g_autofree char *advice = tide_attention_item_dup_advice (item);
  g_autofree char *exact = tide_attention_item_dup_exact (item);

  tide_attention_item_ref (item);
  g_clear_pointer (&self->item, tide_attention_item_unref);
  self->item = item;
  gtk_label_set_label (GTK_LABEL (self->title), heading);
  gtk_label_set_label (GTK_LABEL (self->text), text);
  label_set_or_hide (self->advice, advice);
  label_set_or_hide (self->exact, exact);
  gtk_widget_set_visible (self->exact_box, exact != NULL);
  if (other)
    gtk_expander_set_expanded (GTK_EXPANDER (self->exact_box), FALSE);
  tide_attention_detail_update_look (self);
  tide_attention_detail_update_facts (self);
  tide_attention_detail_update_always (self, other);
  tide_attention_detail_update_buttons (self);
}

/**
 * tide_attention_detail_set_narrow:
 * @narrow: the buttons below each other, over the whole width
 */
void
tide_attention_detail_set_narrow (TideAttentionDetail *self,
                                  gboolean             narrow)
{
  gtk_widget_set_margin_end (self->content, narrow ? 12 : 24);
  gtk_widget_set_hexpand (self->first, narrow);
  gtk_widget_set_hexpand (self->second, narrow);
  gtk_box_set_homogeneous (GTK_BOX (self->buttons), narrow);
}
