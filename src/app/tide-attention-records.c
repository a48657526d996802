/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-attention-fetch.h"
#include "tide-attention-record.h"
#include "tide-attention-records.h"
#include "tide-attention-undo.h"
#include "tide-format.h"
#include "tide-window.h"

#define PAGE 50

struct _TideAttentionRecords
{
  AdwBin             parent_instance;

  GtkWidget         *content;
  GtkWidget         *title;
  GtkWidget         *text;
  GtkWidget         *retry_all;
  GtkWidget         *dismiss_all;
  GtkWidget         *choose;
  GtkWidget         *list;
  GtkWidget         *more;
  GtkWidget         *bar;
  GtkWidget         *chosen;

  TideLive          *live;        /* (owned) (nullable): until it is set */
  TideAttentionItem *item;        /* (owned) (nullable): until it is set */
  GCancellable      *cancellable; /* (owned) (nullable): of the page being read */
  TideAttentionUndo *undo;        /* (owned) */
  guint              wanted;      /* so many are to be shown */
  gboolean           narrow;
  gboolean           choosing;
};

G_DEFINE_FINAL_TYPE (TideAttentionRecords, tide_attention_records, ADW_TYPE_BIN)

#define FOR_EACH_RECORD(self, record) \
  for (GtkWidget *record = gtk_widget_get_first_child ((self)->list); record != NULL; \
       record = gtk_widget_get_next_sibling (record)) \
    if (TIDE_IS_ATTENTION_RECORD (record))

static TideWindow *
tide_attention_records_get_window (TideAttentionRecords *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  return TIDE_IS_WINDOW (root) ? TIDE_WINDOW (root) : NULL;
}

static void
tide_attention_records_fail (TideAttentionRecords *self,
                             const GError         *error)
{
  TideWindow *window = tide_attention_records_get_window (self);

  if (window != NULL)
    tide_window_add_trouble (window, error, self->item->connection->name);
}

static GArray *
tide_attention_records_list_chosen (TideAttentionRecords *self)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  FOR_EACH_RECORD (self, record)
    {
      gint64 id = tide_attention_record_get_id (TIDE_ATTENTION_RECORD (record));

      if (tide_attention_record_get_checked (TIDE_ATTENTION_RECORD (record)))
        g_array_append_val (ids, id);
    }
  return ids;
}

static void
tide_attention_records_update_chosen (TideAttentionRecords *self)
{
  g_autoptr(GArray) ids = tide_attention_records_list_chosen (self);
  g_autofree char *number = tide_format_number (ids->len);
  g_autofree char *text = g_strdup_printf (ngettext ("%s selected", "%s selected", ids->len), number);

  gtk_label_set_label (GTK_LABEL (self->chosen), text);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "records.retry-chosen", ids->len > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "records.dismiss-chosen", ids->len > 0);
}

static void
tide_attention_records_set_choosing (TideAttentionRecords *self,
                                     gboolean              choosing)
{
  if (self->choosing == choosing)
    return;
  self->choosing = choosing;
  FOR_EACH_RECORD (self, record)
    {
      tide_attention_record_set_choosing (TIDE_ATTENTION_RECORD (record), choosing);
      tide_attention_record_set_narrow (TIDE_ATTENTION_RECORD (record), self->narrow);
    }
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->choose), choosing);
  gtk_action_bar_set_revealed (GTK_ACTION_BAR (self->bar), choosing);
  tide_attention_records_update_chosen (self);
}

static void
tide_attention_records_choose_cb (TideAttentionRecords *self)
{
  tide_attention_records_set_choosing (self, gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->choose)));
}

/* The focus goes to the record that takes the place of the one that goes. */
static void
tide_attention_records_move_focus (TideAttentionRecords *self,
                                   GtkWidget            *record)
{
  GtkWidget *next = gtk_widget_get_next_sibling (record);

  if (next == NULL)
    next = gtk_widget_get_prev_sibling (record);
  if (next != NULL && gtk_widget_get_focus_child (self->list) == record)
    gtk_widget_grab_focus (next);
}

static gboolean
has_id (const GArray *ids,
        gint64        id)
{
  for (guint i = 0; i < ids->len; i++)
    if (g_array_index (ids, gint64, i) == id)
      return TRUE;
  return FALSE;
}

static void
tide_attention_records_remove (TideAttentionRecords *self,
                               const GArray         *ids)
{
  GtkWidget *record = gtk_widget_get_first_child (self->list);

  while (record != NULL)
    {
      GtkWidget *next = gtk_widget_get_next_sibling (record);

      if (has_id (ids, tide_attention_record_get_id (TIDE_ATTENTION_RECORD (record))))
        {
          tide_attention_records_move_focus (self, record);
          gtk_list_box_remove (GTK_LIST_BOX (self->list), record);
        }
      record = next;
    }
}

static void
tide_attention_records_dismiss (TideAttentionRecords *self,
                                const GArray         *ids)
{
  const TideFailureQuery query = { .ids = ids };
  TideWindow *window = tide_attention_records_get_window (self);
  g_autoptr(GError) error = NULL;

  if (ids->len == 0)
    return;
  if (tide_engine_dismiss_failures (tide_live_get_engine (self->live), &query, "owner", &error) < 0)
    {
      tide_attention_records_fail (self, error);
      return;
    }
  tide_attention_records_remove (self, ids);
  tide_attention_records_set_choosing (self, FALSE);
  if (window != NULL)
    tide_attention_undo_offer (self->undo, window, ids);
}

static void
tide_attention_records_retry (TideAttentionRecords   *self,
                              const TideFailureQuery *query,
                              guint                   n)
{
  TideWindow *window = tide_attention_records_get_window (self);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) runs = tide_engine_retry_failures (tide_live_get_engine (self->live), query, "owner", &error);
  g_autofree char *number = tide_format_number (n);
  g_autofree char *text = g_strdup_printf (ngettext ("Fetching %s record again", "Fetching %s records again", n), number);

  if (runs == NULL)
    {
      tide_attention_records_fail (self, error);
      return;
    }
  tide_attention_records_set_choosing (self, FALSE);
  if (window != NULL)
    tide_window_say (window, text);
}

static GArray *
ids_new_single (gint64 id)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  g_array_append_val (ids, id);
  return ids;
}

static void
retry_activated (GtkWidget  *widget,
                 const char *action,
                 GVariant   *parameter)
{
  g_autoptr(GArray) ids = ids_new_single (g_variant_get_int64 (parameter));
  const TideFailureQuery query = { .ids = ids };

  tide_attention_records_retry (TIDE_ATTENTION_RECORDS (widget), &query, 1);
}

static void
dismiss_activated (GtkWidget  *widget,
                   const char *action,
                   GVariant   *parameter)
{
  g_autoptr(GArray) ids = ids_new_single (g_variant_get_int64 (parameter));

  tide_attention_records_dismiss (TIDE_ATTENTION_RECORDS (widget), ids);
}

static void
retry_chosen_activated (GtkWidget  *widget,
                        const char *action,
                        GVariant   *parameter)
{
  g_autoptr(GArray) ids = tide_attention_records_list_chosen (TIDE_ATTENTION_RECORDS (widget));
  const TideFailureQuery query = { .ids = ids };

  if (ids->len > 0)
    tide_attention_records_retry (TIDE_ATTENTION_RECORDS (widget), &query, ids->len);
}

static void
dismiss_chosen_activated (GtkWidget  *widget,
                          const char *action,
                          GVariant   *parameter)
{
  g_autoptr(GArray) ids = tide_attention_records_list_chosen (TIDE_ATTENTION_RECORDS (widget));

  tide_attention_records_dismiss (TIDE_ATTENTION_RECORDS (widget), ids);
}

static void
retry_all_activated (GtkWidget  *widget,
                     const char *action,
                     GVariant   *parameter)
{
  TideAttentionRecords *self = TIDE_ATTENTION_RECORDS (widget);
  const TideFailureGroup *group = self->item->need->group;
  const TideFailureQuery query = {
    .connection_id = group->connection_id,
    .stream = group->stream,
    .cause = group->cause,
  };

  tide_attention_records_retry (self, &query, (guint)group->n_failures);
}

static void
tide_attention_records_ids_cb (GObject      *object,
                               GAsyncResult *result,
                               gpointer      user_data)
{
  g_autoptr(TideAttentionRecords) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) ids = tide_attention_fetch_ids_finish (result, &error);

  if (self->live == NULL)
    return;
  if (ids != NULL)
    tide_attention_records_dismiss (self, ids);
  else
    tide_attention_records_fail (self, error);
}

static void
dismiss_all_activated (GtkWidget  *widget,
                       const char *action,
                       GVariant   *parameter)
{
  TideAttentionRecords *self = TIDE_ATTENTION_RECORDS (widget);

  tide_attention_fetch_ids_async (tide_live_get_engine (self->live), self->item->need->group, NULL,
                                  tide_attention_records_ids_cb, g_object_ref (self));
}

static void
choose_all_activated (GtkWidget  *widget,
                      const char *action,
                      GVariant   *parameter)
{
  FOR_EACH_RECORD (TIDE_ATTENTION_RECORDS (widget), record)
    tide_attention_record_set_checked (TIDE_ATTENTION_RECORD (record), TRUE);
}

/* Escape leaves the selection; where there is none, it is left to others. */
static gboolean
tide_attention_records_escape (GtkWidget *widget,
                               GVariant  *args,
                               gpointer   user_data)
{
  TideAttentionRecords *self = TIDE_ATTENTION_RECORDS (widget);
  gboolean choosing = self->choosing;

  tide_attention_records_set_choosing (self, FALSE);
  return choosing;
}

/* Delete dismisses those that are selected, else the one that has the focus. */
static gboolean
tide_attention_records_delete (GtkWidget *widget,
                               GVariant  *args,
                               gpointer   user_data)
{
  TideAttentionRecords *self = TIDE_ATTENTION_RECORDS (widget);
  GtkWidget *record = gtk_widget_get_focus_child (self->list);
  g_autoptr(GArray) ids = tide_attention_records_list_chosen (self);

  if (ids->len == 0 && !self->choosing && record != NULL && TIDE_IS_ATTENTION_RECORD (record))
    {
      gint64 id = tide_attention_record_get_id (TIDE_ATTENTION_RECORD (record));

      g_array_append_val (ids, id);
    }
  tide_attention_records_dismiss (self, ids);
  return ids->len > 0;
}

static GtkWidget *
tide_attention_records_find (TideAttentionRecords *self,
                             gint64                id)
{
  FOR_EACH_RECORD (self, record)
    if (tide_attention_record_get_id (TIDE_ATTENTION_RECORD (record)) == id)
      return record;
  return NULL;
}

static GtkWidget *
tide_attention_records_insert (TideAttentionRecords *self,
                               gint64                id,
                               int                   index)
{
  GtkWidget *record = tide_attention_record_new (id);

  tide_attention_record_set_choosing (TIDE_ATTENTION_RECORD (record), self->choosing);
  tide_attention_record_set_narrow (TIDE_ATTENTION_RECORD (record), self->narrow);
  g_signal_connect_object (record, "checked", G_CALLBACK (tide_attention_records_update_chosen), self,
                           G_CONNECT_SWAPPED);
  gtk_list_box_insert (GTK_LIST_BOX (self->list), record, index);
  return record;
}

static void
tide_attention_records_remove_gone (TideAttentionRecords *self,
                                    GPtrArray            *failures)
{
  g_autoptr(GArray) gone = g_array_new (FALSE, FALSE, sizeof (gint64));

  FOR_EACH_RECORD (self, record)
    {
      gint64 id = tide_attention_record_get_id (TIDE_ATTENTION_RECORD (record));
      gboolean here = FALSE;

      for (guint i = 0; i < failures->len && !here; i++)
        here = ((TideFailure *)g_ptr_array_index (failures, i))->id == id;
      if (!here)
        g_array_append_val (gone, id);
    }
  tide_attention_records_remove (self, gone);
}

/* Records stay the rows they are, opened or selected; what is new comes in between. */
static void
tide_attention_records_fill (TideAttentionRecords *self,
                             GPtrArray            *failures)
{
  gint64 now = tide_live_get_now (self->live);
  int more = (int)(self->item->need->records - failures->len);
  g_autofree char *number = tide_format_number (MIN (more, PAGE));
  g_autofree char *text = g_strdup_printf (ngettext ("Show %s More", "Show %s More", (gulong)MAX (more, 1)), number);

  tide_attention_records_remove_gone (self, failures);
  for (guint i = 0; i < failures->len; i++)
    {
      const TideFailure *failure = g_ptr_array_index (failures, i);
      GtkWidget *record = tide_attention_records_find (self, failure->id);

      if (record == NULL)
        record = tide_attention_records_insert (self, failure->id, (int)i);
      tide_attention_record_set_failure (TIDE_ATTENTION_RECORD (record), failure, now, tide_live_get_zone (self->live));
    }
  gtk_button_set_label (GTK_BUTTON (self->more), text);
  gtk_widget_set_visible (self->more, more > 0 && failures->len >= self->wanted);
  gtk_widget_set_visible (self->list, failures->len > 0);
  tide_attention_records_update_chosen (self);
}

static void
tide_attention_records_loaded_cb (GObject      *object,
                                  GAsyncResult *result,
                                  gpointer      user_data)
{
  g_autoptr(TideAttentionRecords) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) failures = tide_attention_fetch_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (failures != NULL)
    tide_attention_records_fill (self, failures);
  else
    tide_attention_records_fail (self, error);
}

static void
tide_attention_records_load (TideAttentionRecords *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  tide_attention_fetch_async (tide_live_get_engine (self->live), self->item->need->group, self->wanted,
                              self->cancellable, tide_attention_records_loaded_cb, g_object_ref (self));
}

static void
more_activated (GtkWidget  *widget,
                const char *action,
                GVariant   *parameter)
{
  TideAttentionRecords *self = TIDE_ATTENTION_RECORDS (widget);

  self->wanted += PAGE;
  tide_attention_records_load (self);
}

static void
tide_attention_records_dispose (GObject *object)
{
  TideAttentionRecords *self = TIDE_ATTENTION_RECORDS (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->live);
  g_clear_pointer (&self->item, tide_attention_item_unref);
  G_OBJECT_CLASS (tide_attention_records_parent_class)->dispose (object);
}

static void
tide_attention_records_finalize (GObject *object)
{
  tide_attention_undo_free (TIDE_ATTENTION_RECORDS (object)->undo);
  G_OBJECT_CLASS (tide_attention_records_parent_class)->finalize (object);
}

static void
tide_attention_records_class_init_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "records.retry", "x", retry_activated);
  gtk_widget_class_install_action (widget_class, "records.dismiss", "x", dismiss_activated);
  gtk_widget_class_install_action (widget_class, "records.retry-chosen", NULL, retry_chosen_activated);
  gtk_widget_class_install_action (widget_class, "records.dismiss-chosen", NULL, dismiss_chosen_activated);
  gtk_widget_class_install_action (widget_class, "records.retry-all", NULL, retry_all_activated);
  gtk_widget_class_install_action (widget_class, "records.dismiss-all", NULL, dismiss_all_activated);
  gtk_widget_class_install_action (widget_class, "records.choose-all", NULL, choose_all_activated);
  gtk_widget_class_install_action (widget_class, "records.more", NULL, more_activated);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Delete, 0, tide_attention_records_delete, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, tide_attention_records_escape, NULL);
}

static void
tide_attention_records_class_init (TideAttentionRecordsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_attention_records_dispose;
  G_OBJECT_CLASS (klass)->finalize = tide_attention_records_finalize;
  tide_attention_records_class_init_actions (widget_class);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/tide-attention-records.ui");
  gtk_widget_class_bind_template_child (widget_class, TideAttentionRecords, content);
  gtk_widget_class_bind_template_child (widget_class, TideAttentionRecords, title);
  gtk_widget_class_bind_template_child (widget_class, TideAttentionRecords, text);
  gtk_widget_class_bind_template_child (widget_class, TideAttentionRecords, retry_all);
  gtk_widget_class_bind_template_child (widget_class, TideAttentionRecords, dismiss_all);
  gtk_widget_class_bind_template_child (widget_class, TideAttentionRecords, choose);
  gtk_widget_class_bind_template_child (widget_class, TideAttentionRecords, list);
  gtk_widget_class_bind_template_child (widget_class, TideAttentionRecords, more);
  gtk_widget_class_bind_template_child (widget_class, TideAttentionRecords, bar);
  gtk_widget_class_bind_template_child (widget_class, TideAttentionRecords, chosen);
  gtk_widget_class_bind_template_callback (widget_class, tide_attention_records_choose_cb);
}

static void
tide_attention_records_init (TideAttentionRecords *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->undo = tide_attention_undo_new ();
  gtk_widget_set_visible (self->more, FALSE);
}

/**
 * tide_attention_records_set_live:
 * @live: what it is a part of
 */
void
tide_attention_records_set_live (TideAttentionRecords *self,
                                 TideLive             *live)
{
  g_set_object (&self->live, live);
}

static void
tide_attention_records_clear (TideAttentionRecords *self)
{
  GtkWidget *record;

  tide_attention_records_set_choosing (self, FALSE);
  while ((record = gtk_widget_get_first_child (self->list)) != NULL)
    gtk_list_box_remove (GTK_LIST_BOX (self->list), record);
  gtk_widget_set_visible (self->list, FALSE);
  gtk_widget_set_visible (self->more, FALSE);
  self->wanted = PAGE;
}

/**
 * tide_attention_records_set_item:
 * @item: one with a group of failures
 */
void
tide_attention_records_set_item (TideAttentionRecords *self,
                                 TideAttentionItem    *item)
{
  gboolean other = self->item == NULL || !g_str_equal (self->item->key, item->key);
  g_autofree char *heading = tide_attention_item_dup_heading (item);
  g_autofree char *text = tide_attention_item_dup_text (item, tide_live_get_now (self->live),
                                                        tide_live_get_zone (self->live));
  g_autofree char *advice = tide_attention_item_dup_advice (item);
  g_autofree char *both = g_strjoin (" ", text, advice, NULL);
  gboolean single = item->need->records == 1;

  tide_attention_item_ref (item);
  g_clear_pointer (&self->item, tide_attention_item_unref);
  self->item = item;
  if (other)
    tide_attention_records_clear (self);
  gtk_label_set_label (GTK_LABEL (self->title), heading);
  gtk_label_set_label (GTK_LABEL (self->text), both);
  gtk_button_set_label (GTK_BUTTON (self->retry_all), single ? _("Fetch It Again") : _("Fetch All Again"));
  gtk_button_set_label (GTK_BUTTON (self->dismiss_all), single ? _("Dismiss It") : _("Dismiss All"));
  gtk_widget_set_visible (self->choose, !single || self->choosing);
  tide_attention_records_load (self);
}

/**
 * tide_attention_records_set_narrow:
 * @narrow: whether there is little room
 */
void
tide_attention_records_set_narrow (TideAttentionRecords *self,
                                   gboolean              narrow)
{
  self->narrow = narrow;
  gtk_widget_set_margin_end (self->content, narrow ? 12 : 24);
  FOR_EACH_RECORD (self, record)
    tide_attention_record_set_narrow (TIDE_ATTENTION_RECORD (record), narrow);
}
