/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-error.h"
#include "tide-job.h"
#include "tide-key-dialog.h"
#include "tide-secret-group.h"
#include "tide-trouble.h"
#include "tide-window.h"

struct _TideKeyDialog
{
  AdwWindow         parent_instance;

  GtkWidget        *save;
  GtkWidget        *spinner;
  GtkWidget        *secrets;
  GtkWidget        *message;

  TideLive         *live;       /* (owned) */
  TideConnection   *connection; /* (owned) */
  GCancellable     *cancellable;/* (owned) (nullable): while it is tried */
};

G_DEFINE_FINAL_TYPE (TideKeyDialog, tide_key_dialog, ADW_TYPE_WINDOW)

static void
tide_key_dialog_set_busy (TideKeyDialog *self,
                          gboolean       busy)
{
  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), busy);
  gtk_widget_set_sensitive (self->secrets, !busy);
  gtk_widget_set_sensitive (self->save, !busy && tide_secret_group_is_complete (TIDE_SECRET_GROUP (self->secrets)));
}

static void
tide_key_dialog_fail (TideKeyDialog *self,
                      const GError  *error)
{
  g_autofree char *text = tide_trouble_describe (error, self->connection->name);

  gtk_label_set_label (GTK_LABEL (self->message), text);
  gtk_widget_set_visible (self->message, TRUE);
  tide_secret_group_show_refused (TIDE_SECRET_GROUP (self->secrets),
                                  g_error_matches (error, TIDE_ERROR, TIDE_ERROR_AUTH));
  tide_key_dialog_set_busy (self, FALSE);
}

typedef struct
{
  gint64      connection_id;
  GHashTable *secrets;
} Replacement;

static void
replacement_free (Replacement *replacement)
{
  g_hash_table_unref (replacement->secrets);
  g_free (replacement);
}

static gpointer
replace_job (TideEngine    *engine,
             gpointer       data,
             GCancellable  *cancellable,
             GError       **error)
{
  Replacement *replacement = data;

  tide_engine_replace_secrets (engine, replacement->connection_id, replacement->secrets, cancellable, error);
  return NULL;
}

static void
tide_key_dialog_replaced_cb (GObject      *object,
                             GAsyncResult *result,
                             gpointer      user_data)
{
  g_autoptr(TideKeyDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));
  g_autofree char *text = NULL;

  tide_job_finish (result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (error != NULL)
    {
      tide_key_dialog_fail (self, error);
      return;
    }
  text = g_strdup_printf (_("Signed in again. %s is being synced."), self->connection->name);
  tide_window_add_toast (TIDE_WINDOW (parent), adw_toast_new (text));
  gtk_widget_activate_action (GTK_WIDGET (parent), "win.sync-stream", "(xs)", self->connection->id, "");
  gtk_window_close (GTK_WINDOW (self));
}

static void
tide_key_dialog_tested_cb (GObject      *object,
                           GAsyncResult *result,
                           gpointer      user_data)
{
  g_autoptr(TideKeyDialog) self = user_data;
  TideEngine *engine = TIDE_ENGINE (object);
  g_autoptr(GError) error = NULL;
  g_autoptr(TideTestResult) test = tide_engine_test_finish (engine, result, &error);
  Replacement *replacement;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (test == NULL)
    {
      tide_key_dialog_fail (self, error);
      return;
    }
  replacement = g_new (Replacement, 1);
  replacement->connection_id = self->connection->id;
  replacement->secrets = tide_secret_group_dup_secrets (TIDE_SECRET_GROUP (self->secrets));
  tide_job_run (engine, replace_job, replacement, (GDestroyNotify)replacement_free, NULL,
                self->cancellable, tide_key_dialog_replaced_cb, g_object_ref (self));
}

static void
tide_key_dialog_save_cb (TideKeyDialog *self)
{
  g_autoptr(GHashTable) secrets = tide_secret_group_dup_secrets (TIDE_SECRET_GROUP (self->secrets));

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  gtk_widget_set_visible (self->message, FALSE);
  tide_key_dialog_set_busy (self, TRUE);
  tide_engine_test_async (tide_live_get_engine (self->live), self->connection, secrets, self->cancellable,
                          tide_key_dialog_tested_cb, g_object_ref (self));
}

static void
tide_key_dialog_changed_cb (TideKeyDialog *self)
{
  tide_key_dialog_set_busy (self, FALSE);
}

static void
tide_key_dialog_dispose (GObject *object)
{
  TideKeyDialog *self = TIDE_KEY_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->live);
  g_clear_pointer (&self->connection, tide_connection_unref);
  G_OBJECT_CLASS (tide_key_dialog_parent_class)->dispose (object);
}

static gboolean
tide_key_dialog_close_request (GtkWindow *window)
{
  g_cancellable_cancel (TIDE_KEY_DIALOG (window)->cancellable);
  return GTK_WINDOW_CLASS (tide_key_dialog_parent_class)->close_request (window);
}

static void
tide_key_dialog_class_init (TideKeyDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_key_dialog_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = tide_key_dialog_close_request;

  g_type_ensure (TIDE_TYPE_SECRET_GROUP);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/tide-key-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, TideKeyDialog, save);
  gtk_widget_class_bind_template_child (widget_class, TideKeyDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, TideKeyDialog, secrets);
  gtk_widget_class_bind_template_child (widget_class, TideKeyDialog, message);
  gtk_widget_class_bind_template_callback (widget_class, tide_key_dialog_save_cb);
  gtk_widget_class_bind_template_callback (widget_class, tide_key_dialog_changed_cb);
}

static void
tide_key_dialog_init (TideKeyDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * tide_key_dialog_new:
 * @connection: whose key is to be replaced
 */
GtkWidget *
tide_key_dialog_new (GtkWindow      *parent,
                     TideLive       *live,
                     TideConnection *connection)
{
  TideKeyDialog *self = g_object_new (TIDE_TYPE_KEY_DIALOG,
                                      "application", gtk_window_get_application (parent),
                                      "transient-for", parent, "modal", TRUE, NULL);
  TideProviderInfo *provider = tide_live_find_provider (live, connection->provider);
  g_autofree char *title = g_strdup_printf (_("Sign In to %s Again"), connection->name);

  self->live = g_object_ref (live);
  self->connection = tide_connection_ref (connection);
  gtk_window_set_title (GTK_WINDOW (self), title);
  if (provider != NULL)
    tide_secret_group_set_provider (TIDE_SECRET_GROUP (self->secrets), provider);
  tide_key_dialog_set_busy (self, FALSE);
  gtk_widget_child_focus (self->secrets, GTK_DIR_TAB_FORWARD);
  return GTK_WIDGET (self);
}
