/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

#include "tide-data-drawer.h"
#include "tide-data-fetch.h"
#include "tide-window.h"

struct _TideDataDrawer
{
  AdwBin        parent_instance;

  GtkWidget    *stack;
  GtkWidget    *tile;
  GtkWidget    *title;
  GtkWidget    *line;
  GtkWidget    *fields;
  GtkWidget    *raw_expander;
  GtkWidget    *raw;
  GtkWidget    *copy_button;

  TideLive     *live;         /* (owned) (nullable) */
  TideDataRow  *row;          /* (owned) (nullable) */
  GCancellable *cancellable;  /* (owned) (nullable): of the question for what was received */
  char         *received;     /* (owned) (nullable): exactly */
};

G_DEFINE_FINAL_TYPE (TideDataDrawer, tide_data_drawer, ADW_TYPE_BIN)

enum
{
  CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
tide_data_drawer_add_field (TideDataDrawer *self,
                            int             line,
                            const char     *name,
                            const char     *text)
{
  GtkWidget *label = gtk_label_new (name);
  GtkWidget *value = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_yalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "tide-secondary");
  gtk_label_set_xalign (GTK_LABEL (value), 0);
  gtk_label_set_wrap (GTK_LABEL (value), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (value), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (value), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (value), 24);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (value), GTK_ACCESSIBLE_RELATION_LABELLED_BY, label, NULL, -1);
  gtk_grid_attach (GTK_GRID (self->fields), label, 0, line, 1, 1);
  gtk_grid_attach (GTK_GRID (self->fields), value, 1, line, 1, 1);
}

/* Fields in words, or the provider's numbers for other records. */
static int
tide_data_drawer_add_fields (TideDataDrawer *self,
                             int             line,
                             gboolean        ids)
{
  GPtrArray *columns = tide_data_shape_get_columns (tide_data_row_get_shape (self->row));
  gint64 now = tide_live_get_now (self->live);

  for (guint i = 0; i < columns->len; i++)
    {
      const TideDataColumn *column = g_ptr_array_index (columns, i);
      g_autofree char *text = tide_data_row_dup_text (self->row, column->name, now, tide_live_get_zone (self->live));

      /* Money says its currency itself. */
      if (*text != '\0' && g_str_has_suffix (column->name, "_id") == ids && !g_str_equal (column->name, "currency"))
        tide_data_drawer_add_field (self, line++, tide_data_get_label (column->name), text);
    }
  return line;
}

static void
tide_data_drawer_update_fields (TideDataDrawer *self)
{
  GtkWidget *child;
  int line = 0;

  while ((child = gtk_widget_get_first_child (self->fields)) != NULL)
    gtk_grid_remove (GTK_GRID (self->fields), child);
  line = tide_data_drawer_add_fields (self, line, FALSE);
  line = tide_data_drawer_add_fields (self, line, TRUE);
  tide_data_drawer_add_field (self, line, _("Own Number There"), tide_data_row_get_common (self->row, TIDE_DATA_ID));
}

static void
tide_data_drawer_update (TideDataDrawer *self)
{
  const char *provider_id = tide_data_row_get_common (self->row, TIDE_DATA_PROVIDER);
  TideProviderInfo *provider = tide_live_find_provider (self->live, provider_id);
  g_autofree char *title = tide_data_row_dup_title (self->row);
  g_autofree char *line = g_strdup_printf (_("%s · %s"), tide_data_row_get_common (self->row, TIDE_DATA_CONNECTION),
                                           tide_data_row_get_common (self->row, TIDE_DATA_VENUE));

  gtk_label_set_label (GTK_LABEL (self->tile), provider != NULL ? provider->tile : "?");
  gtk_label_set_label (GTK_LABEL (self->title), title);
  gtk_label_set_label (GTK_LABEL (self->line), line);
  tide_data_drawer_update_fields (self);
}

/* Indented, for the eye; Copy gives it as it came. */
static char *
dup_indented (const char *text)
{
  g_autoptr(JsonNode) root = json_from_string (text, NULL);

  return root != NULL ? json_to_string (root, TRUE) : g_strdup (text);
}

static void
tide_data_drawer_raw_cb (GObject      *object,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  g_autoptr(TideDataDrawer) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *received = tide_data_fetch_raw_finish (result, &error);
  g_autofree char *text = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (received == NULL)
    {
      g_warning ("reading a record: %s", error->message);
      return;
    }
  text = dup_indented (received);
  g_free (self->received);
  self->received = g_steal_pointer (&received);
  gtk_label_set_label (GTK_LABEL (self->raw), text);
  gtk_widget_set_sensitive (self->copy_button, TRUE);
}

/* What was received is read when somebody wants to see it. */
static void
tide_data_drawer_load_raw (TideDataDrawer *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->received, g_free);
  gtk_label_set_label (GTK_LABEL (self->raw), "");
  gtk_widget_set_sensitive (self->copy_button, FALSE);
  if (self->row == NULL || !gtk_expander_get_expanded (GTK_EXPANDER (self->raw_expander)))
    return;
  self->cancellable = g_cancellable_new ();
  tide_data_fetch_raw_async (tide_live_get_engine (self->live), tide_data_row_get_shape (self->row),
                             tide_data_row_get_key (self->row), self->cancellable, tide_data_drawer_raw_cb,
                             g_object_ref (self));
}

static void
tide_data_drawer_copy_cb (TideDataDrawer *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (self->received == NULL)
    return;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), self->received);
  if (TIDE_IS_WINDOW (root))
    tide_window_add_toast (TIDE_WINDOW (root), adw_toast_new (_("The record is on the clipboard")));
}

static void
tide_data_drawer_close_cb (TideDataDrawer *self)
{
  g_signal_emit (self, signals[CLOSED], 0);
}

static void
tide_data_drawer_drop_row (TideDataDrawer *self)
{
  if (self->row != NULL)
    g_signal_handlers_disconnect_by_func (self->row, tide_data_drawer_update, self);
  g_clear_object (&self->row);
}

static void
tide_data_drawer_dispose (GObject *object)
{
  TideDataDrawer *self = TIDE_DATA_DRAWER (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  tide_data_drawer_drop_row (self);
  g_clear_object (&self->live);
  G_OBJECT_CLASS (tide_data_drawer_parent_class)->dispose (object);
}

static void
tide_data_drawer_finalize (GObject *object)
{
  g_free (TIDE_DATA_DRAWER (object)->received);
  G_OBJECT_CLASS (tide_data_drawer_parent_class)->finalize (object);
}

static void
tide_data_drawer_class_init (TideDataDrawerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_data_drawer_dispose;
  G_OBJECT_CLASS (klass)->finalize = tide_data_drawer_finalize;

  signals[CLOSED] = g_signal_new ("closed", TIDE_TYPE_DATA_DRAWER, G_SIGNAL_RUN_LAST, 0,
                                  NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/tide-data-drawer.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, TideDataDrawer, name)
  BIND (stack);
  BIND (tile);
  BIND (title);
  BIND (line);
  BIND (fields);
  BIND (raw_expander);
  BIND (raw);
  BIND (copy_button);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, tide_data_drawer_close_cb);
  gtk_widget_class_bind_template_callback (widget_class, tide_data_drawer_copy_cb);
  gtk_widget_class_bind_template_callback (widget_class, tide_data_drawer_load_raw);
}

static void
tide_data_drawer_init (TideDataDrawer *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * tide_data_drawer_show_row:
 * @row: (nullable): which record; %NULL = none is chosen
 */
void
tide_data_drawer_show_row (TideDataDrawer *self,
                           TideLive       *live,
                           TideDataRow    *row)
{
  if (row == self->row && row != NULL)
    return;
  tide_data_drawer_drop_row (self);
  g_set_object (&self->live, live);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), row != NULL ? "record" : "none");
  if (row != NULL)
    {
      self->row = g_object_ref (row);
      g_signal_connect_object (row, "notify::loaded", G_CALLBACK (tide_data_drawer_update), self, G_CONNECT_SWAPPED);
      tide_data_drawer_update (self);
    }
  tide_data_drawer_load_raw (self);
}
