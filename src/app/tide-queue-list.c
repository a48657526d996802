/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-format.h"
#include "tide-job.h"
#include "tide-queue-list.h"
#include "tide-queue-row.h"
#include "tide-run-cells.h"
#include "tide-window.h"

#define SHOWN 8
#define ASKED 200                     /* what lies beyond is only counted */
#define GATHER_MS 60                  /* events that come this close together are one question */
#define LEAVE_MS 1200                 /* between one run and the next there is nothing for a moment */

struct _TideQueueList
{
  AdwBin        parent_instance;

  GtkWidget    *revealer;
  GtkWidget    *text;
  GtkWidget    *pause_all;
  GtkWidget    *list;
  GtkWidget    *more;

  TideLive     *live;         /* (owned) (nullable): until it is set */
  GPtrArray    *entries;      /* (owned) (nullable) (element-type TideQueueEntry) */
  GCancellable *cancellable;  /* (owned) (nullable): of the question being asked */
  gint64        total;        /* in the queue, with those that were only counted */
  guint         gather_id;
  guint         leave_id;
  gboolean      again;        /* something happened while it was asked */
  gboolean      all;          /* show more than the first few */
  gboolean      narrow;
};

G_DEFINE_FINAL_TYPE (TideQueueList, tide_queue_list, ADW_TYPE_BIN)

static void tide_queue_list_ask (TideQueueList *self);

/* What one question brings. Plain memory: it crosses threads. */
typedef struct
{
  GPtrArray *entries;
  gint64     total;
} Answer;

static void
answer_free (Answer *answer)
{
  g_clear_pointer (&answer->entries, g_ptr_array_unref);
  g_free (answer);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Answer, answer_free)

static gint64
count_live_runs (TideEngine  *engine,
                 GError     **error)
{
  static const char * const outcomes[] = { "pending", "processing", "paused" };
  gint64 total = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      const TideRunQuery query = { .outcome = outcomes[i] };
      gint64 n = tide_engine_count_runs (engine, &query, error);

      if (n < 0)
        return -1;
      total += n;
    }
  return total;
}

static gpointer
queue_job (TideEngine    *engine,
           gpointer       data,
           GCancellable  *cancellable,
           GError       **error)
{
  g_autoptr(Answer) answer = g_new0 (Answer, 1);

  answer->entries = tide_engine_list_queue (engine, ASKED, error);
  if (answer->entries == NULL)
    return NULL;
  answer->total = answer->entries->len < ASKED ? (gint64)answer->entries->len : count_live_runs (engine, error);
  return answer->total >= 0 ? g_steal_pointer (&answer) : NULL;
}

static gboolean
tide_queue_list_wants (TideQueueList        *self,
                       const TideQueueEntry *entry)
{
  gint64 venue_id = tide_live_get_venue_id (self->live);
  TideConnection *connection = tide_live_find_connection (self->live, entry->run->connection_id);

  /* What waits for a decision stands among what needs the owner. */
  if (entry->hold == TIDE_HOLD_APPROVAL)
    return FALSE;
  return venue_id == 0 || (connection != NULL && connection->venue_id == venue_id);
}

static TideQueueRow *
tide_queue_list_get_row (TideQueueList *self,
                         int            index)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), index);

  return row != NULL ? TIDE_QUEUE_ROW (row) : NULL;
}

static int
tide_queue_list_find (TideQueueList *self,
                      const char    *sync_id,
                      int            index)
{
  TideQueueRow *row;

  for (; (row = tide_queue_list_get_row (self, index)) != NULL; index++)
    if (g_str_equal (tide_queue_row_get_sync_id (row), sync_id))
      return index;
  return -1;
}

/* What is at @from comes to @index. A row with the focus would lose it on the way: those before it go instead, and are
 * made anew where they belong. */
static TideQueueRow *
tide_queue_list_bring (TideQueueList *self,
                       int            from,
                       int            index)
{
  TideQueueRow *row = tide_queue_list_get_row (self, from);
  g_autoptr(GtkWidget) moved = NULL;

  if (gtk_widget_get_focus_child (self->list) == GTK_WIDGET (row))
    {
      for (int i = index; i < from; i++)
        gtk_list_box_remove (GTK_LIST_BOX (self->list), GTK_WIDGET (tide_queue_list_get_row (self, index)));
      return row;
    }
  moved = g_object_ref (GTK_WIDGET (row));
  gtk_list_box_remove (GTK_LIST_BOX (self->list), moved);
  gtk_list_box_insert (GTK_LIST_BOX (self->list), moved, index);
  return row;
}

static TideQueueRow *
tide_queue_list_place (TideQueueList *self,
                       const char    *sync_id,
                       int            index)
{
  int from = tide_queue_list_find (self, sync_id, index);
  GtkWidget *row;

  if (from == index)
    return tide_queue_list_get_row (self, index);
  if (from > index)
    return tide_queue_list_bring (self, from, index);
  row = tide_queue_row_new (sync_id);
  tide_queue_row_set_narrow (TIDE_QUEUE_ROW (row), self->narrow);
  gtk_list_box_insert (GTK_LIST_BOX (self->list), row, index);
  return TIDE_QUEUE_ROW (row);
}

/* @shown: (element-type TideQueueEntry): in order */
static void
tide_queue_list_fill (TideQueueList *self,
                      GPtrArray     *shown)
{
  guint n = self->all ? shown->len : MIN (shown->len, SHOWN);
  gint64 rest = MAX (self->total - (gint64)self->entries->len, 0) + shown->len - n;
  TideQueueRow *row;

  for (guint i = 0; i < n; i++)
    {
      const TideQueueEntry *entry = g_ptr_array_index (shown, i);

      row = tide_queue_list_place (self, entry->run->sync_id, (int)i);
      tide_queue_row_set_entry (row, entry, self->live);
    }
  while ((row = tide_queue_list_get_row (self, (int)n)) != NULL)
    gtk_list_box_remove (GTK_LIST_BOX (self->list), GTK_WIDGET (row));
  gtk_widget_set_visible (self->more, rest > 0);
  if (rest > 0)
    {
      g_autofree char *number = tide_format_number (rest);
      g_autofree char *text = g_strdup_printf (ngettext ("and %s more", "and %s more", (gulong)rest), number);

      gtk_button_set_label (GTK_BUTTON (self->more), text);
      gtk_widget_set_sensitive (self->more, shown->len > n);
    }
}

static void
tide_queue_list_update_head (TideQueueList *self,
                             GPtrArray     *shown)
{
  gboolean paused = tide_engine_get_paused (tide_live_get_engine (self->live));
  guint going = 0;
  g_autofree char *now = NULL;
  g_autofree char *waiting = NULL;
  g_autofree char *text = NULL;
  gint64 rest;

  for (guint i = 0; i < shown->len; i++)
    going += ((TideQueueEntry *)g_ptr_array_index (shown, i))->hold == TIDE_HOLD_NONE;
  rest = (gint64)shown->len - going + MAX (self->total - (gint64)self->entries->len, 0);
  now = g_strdup_printf (ngettext ("%d goes", "%d go", going), (int)going);
  waiting = g_strdup_printf (ngettext ("%d waits", "%d wait", (gulong)rest), (int)rest);
  text = paused ? g_strdup_printf (_("paused, %s"), waiting) : g_strdup_printf (_("%s, %s"), now, waiting);
  gtk_label_set_label (GTK_LABEL (self->text), text);
  gtk_button_set_label (GTK_BUTTON (self->pause_all), paused ? _("Resume All") : _("Pause All"));
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->pause_all), "b", !paused);
}

static gboolean
tide_queue_list_leave_cb (gpointer user_data)
{
  TideQueueList *self = user_data;

  self->leave_id = 0;
  self->all = FALSE;
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), FALSE);
  return G_SOURCE_REMOVE;
}

static void
tide_queue_list_update (TideQueueList *self)
{
  g_autoptr(GPtrArray) shown = g_ptr_array_new ();
  gboolean paused = tide_engine_get_paused (tide_live_get_engine (self->live));

  if (self->entries == NULL)
    return;
  for (guint i = 0; i < self->entries->len; i++)
    if (tide_queue_list_wants (self, g_ptr_array_index (self->entries, i)))
      g_ptr_array_add (shown, g_ptr_array_index (self->entries, i));
  if (shown->len == 0 && !paused)
    {
      /* Its rows stay while it folds: they are not to jump. */
      if (self->leave_id == 0 && gtk_revealer_get_reveal_child (GTK_REVEALER (self->revealer)))
        self->leave_id = g_timeout_add (LEAVE_MS, tide_queue_list_leave_cb, self);
      return;
    }
  g_clear_handle_id (&self->leave_id, g_source_remove);
  tide_queue_list_fill (self, shown);
  tide_queue_list_update_head (self, shown);
  gtk_widget_set_visible (self->list, shown->len > 0);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), TRUE);
}

static void
tide_queue_list_answered_cb (GObject      *object,
                             GAsyncResult *result,
                             gpointer      user_data)
{
  g_autoptr(TideQueueList) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(Answer) answer = tide_job_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->live == NULL)
    return;
  g_clear_object (&self->cancellable);
  if (answer != NULL)
    {
      g_clear_pointer (&self->entries, g_ptr_array_unref);
      self->entries = g_steal_pointer (&answer->entries);
      self->total = answer->total;
      tide_queue_list_update (self);
    }
  else
    g_warning ("looking at the queue: %s", error->message);
  if (self->again)
    tide_queue_list_ask (self);
}

static gboolean
tide_queue_list_gathered_cb (gpointer user_data)
{
  TideQueueList *self = user_data;

  self->gather_id = 0;
  self->again = FALSE;
  self->cancellable = g_cancellable_new ();
  tide_job_run (tide_live_get_engine (self->live), queue_job, NULL, NULL, (GDestroyNotify)answer_free,
                self->cancellable, tide_queue_list_answered_cb, g_object_ref (self));
  return G_SOURCE_REMOVE;
}

/* A page that is not to be seen asks when it is shown again. */
static void
tide_queue_list_ask (TideQueueList *self)
{
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  if (self->cancellable != NULL)
    self->again = TRUE;
  else if (self->gather_id == 0)
    self->gather_id = g_timeout_add (GATHER_MS, tide_queue_list_gathered_cb, self);
}

static void
tide_queue_list_progress_cb (TideQueueList   *self,
                             TideRunProgress *progress)
{
  TideQueueRow *row;

  for (int i = 0; (row = tide_queue_list_get_row (self, i)) != NULL; i++)
    if (g_str_equal (tide_queue_row_get_sync_id (row), progress->sync_id))
      tide_queue_row_update_progress (row, progress);
}

static void
tide_queue_list_move (TideQueueList *self,
                      const char    *sync_id,
                      const char    *before)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  g_autoptr(GError) error = NULL;

  if (!tide_engine_move_run (tide_live_get_engine (self->live), sync_id, before, "owner", &error)
      && TIDE_IS_WINDOW (root))
    tide_window_add_trouble (TIDE_WINDOW (root), error, _("The run"));
}

/* The first of those that wait in line. */
static const char *
tide_queue_list_get_first (TideQueueList *self)
{
  TideQueueRow *row;

  for (int i = 0; (row = tide_queue_list_get_row (self, i)) != NULL; i++)
    if (tide_queue_row_get_movable (row))
      return tide_queue_row_get_sync_id (row);
  return NULL;
}

static void
first_activated (GtkWidget  *widget,
                 const char *action,
                 GVariant   *parameter)
{
  TideQueueList *self = TIDE_QUEUE_LIST (widget);
  const char *sync_id = g_variant_get_string (parameter, NULL);
  const char *first = tide_queue_list_get_first (self);

  if (first != NULL && !g_str_equal (first, sync_id))
    tide_queue_list_move (self, sync_id, first);
}

static void
before_activated (GtkWidget  *widget,
                  const char *action,
                  GVariant   *parameter)
{
  const char *sync_id;
  const char *before;

  g_variant_get (parameter, "(&s&s)", &sync_id, &before);
  tide_queue_list_move (TIDE_QUEUE_LIST (widget), sync_id, before);
}

static void
all_activated (GtkWidget  *widget,
               const char *action,
               GVariant   *parameter)
{
  TideQueueList *self = TIDE_QUEUE_LIST (widget);

  self->all = TRUE;
  tide_queue_list_update (self);
}

/* Alt+Up and Alt+Down move the row that has the focus. */
static gboolean
tide_queue_list_move_key (GtkWidget *widget,
                          GVariant  *args,
                          gpointer   user_data)
{
  TideQueueList *self = TIDE_QUEUE_LIST (widget);
  GtkWidget *row = gtk_widget_get_focus_child (self->list);
  int down = g_variant_get_int32 (args);
  int index = row != NULL && TIDE_IS_QUEUE_ROW (row) ? gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row)) : -1;
  TideQueueRow *other = index >= 0 ? tide_queue_list_get_row (self, index + down) : NULL;

  if (other == NULL || !tide_queue_row_get_movable (other) || !tide_queue_row_get_movable (TIDE_QUEUE_ROW (row)))
    return FALSE;
  /* Down is: the one below goes before it. */
  if (down > 0)
    tide_queue_list_move (self, tide_queue_row_get_sync_id (other), tide_queue_row_get_sync_id (TIDE_QUEUE_ROW (row)));
  else
    tide_queue_list_move (self, tide_queue_row_get_sync_id (TIDE_QUEUE_ROW (row)), tide_queue_row_get_sync_id (other));
  return TRUE;
}

/* Delete takes the row that has the focus out of the line. */
static gboolean
tide_queue_list_delete_key (GtkWidget *widget,
                            GVariant  *args,
                            gpointer   user_data)
{
  GtkWidget *row = gtk_widget_get_focus_child (TIDE_QUEUE_LIST (widget)->list);

  if (row == NULL || !TIDE_IS_QUEUE_ROW (row))
    return FALSE;
  return gtk_widget_activate_action (widget, "win.stop-run", "s", tide_queue_row_get_sync_id (TIDE_QUEUE_ROW (row)));
}

static void
tide_queue_list_row_activated_cb (TideQueueList *self,
                                  GtkListBoxRow *row)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.open-run", "s", tide_queue_row_get_sync_id (TIDE_QUEUE_ROW (row)));
}

static void
tide_queue_list_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (tide_queue_list_parent_class)->map (widget);
  if (TIDE_QUEUE_LIST (widget)->live != NULL)
    tide_queue_list_ask (TIDE_QUEUE_LIST (widget));
}

static void
tide_queue_list_dispose (GObject *object)
{
  TideQueueList *self = TIDE_QUEUE_LIST (object);

  g_clear_handle_id (&self->gather_id, g_source_remove);
  g_clear_handle_id (&self->leave_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->live);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  G_OBJECT_CLASS (tide_queue_list_parent_class)->dispose (object);
}

static void
tide_queue_list_class_init (TideQueueListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_queue_list_dispose;
  widget_class->map = tide_queue_list_map;
  gtk_widget_class_install_action (widget_class, "queue.first", "s", first_activated);
  gtk_widget_class_install_action (widget_class, "queue.before", "(ss)", before_activated);
  gtk_widget_class_install_action (widget_class, "queue.all", NULL, all_activated);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Up, GDK_ALT_MASK, tide_queue_list_move_key, "i", -1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Down, GDK_ALT_MASK, tide_queue_list_move_key, "i", 1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Delete, 0, tide_queue_list_delete_key, NULL);
}

static GtkWidget *
tide_queue_list_make_head (TideQueueList *self)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *title = gtk_label_new (_("Now and Next"));

  self->text = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->text), 0);
  gtk_label_set_ellipsize (GTK_LABEL (self->text), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (self->text, TRUE);
  gtk_widget_add_css_class (self->text, "tide-secondary");
  gtk_widget_add_css_class (self->text, "tide-small-text");
  gtk_widget_add_css_class (self->text, "numeric");
  gtk_widget_add_css_class (title, "heading");
  self->pause_all = gtk_button_new ();
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->pause_all), "b", TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->pause_all), "win.pause-all");
  gtk_widget_add_css_class (self->pause_all, "tide-small");
  gtk_box_append (GTK_BOX (head), title);
  gtk_box_append (GTK_BOX (head), self->text);
  gtk_box_append (GTK_BOX (head), self->pause_all);
  return head;
}

static void
tide_queue_list_init (TideQueueList *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);

  self->revealer = gtk_revealer_new ();
  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Now and next"), -1);
  g_signal_connect_swapped (self->list, "row-activated", G_CALLBACK (tide_queue_list_row_activated_cb), self);
  self->more = gtk_button_new ();
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->more), "queue.all");
  gtk_widget_set_halign (self->more, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->more, "flat");
  gtk_widget_add_css_class (self->more, "tide-small");
  gtk_widget_set_margin_top (box, 18);
  gtk_box_append (GTK_BOX (box), tide_queue_list_make_head (self));
  gtk_box_append (GTK_BOX (box), self->list);
  gtk_box_append (GTK_BOX (box), self->more);
  gtk_revealer_set_child (GTK_REVEALER (self->revealer), box);
  adw_bin_set_child (ADW_BIN (self), self->revealer);
}

/**
 * tide_queue_list_set_live:
 * @live: what to show the queue of
 */
void
tide_queue_list_set_live (TideQueueList *self,
                          TideLive      *live)
{
  g_set_object (&self->live, live);
  g_signal_connect_object (live, "changed", G_CALLBACK (tide_queue_list_update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (live, "runs-changed", G_CALLBACK (tide_queue_list_ask), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (live, "progress", G_CALLBACK (tide_queue_list_progress_cb), self, G_CONNECT_SWAPPED);
  tide_queue_list_ask (self);
}

/**
 * tide_queue_list_set_narrow:
 * @narrow: whether there is little room
 */
void
tide_queue_list_set_narrow (TideQueueList *self,
                            gboolean       narrow)
{
  TideQueueRow *row;

  self->narrow = narrow;
  for (int i = 0; (row = tide_queue_list_get_row (self, i)) != NULL; i++)
    tide_queue_row_set_narrow (row, narrow);
}
