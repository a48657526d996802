/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-disconnect.h"
#include "tide-format.h"
#include "tide-job.h"
#include "tide-trouble.h"

/* What is being asked, kept by the dialog. Main thread. */
typedef struct
{
  TideWindow     *window;     /* (owned) */
  TideLive       *live;       /* (owned) */
  TideConnection *connection; /* (owned) */
} Question;

/* What the worker needs: plain memory. */
typedef struct
{
  gint64   connection_id;
  gboolean delete_records;
} Order;

static void
question_free (Question *question)
{
  g_clear_object (&question->window);
  g_clear_object (&question->live);
  g_clear_pointer (&question->connection, tide_connection_unref);
  g_free (question);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

static gpointer
disconnect_job (TideEngine    *engine,
                gpointer       data,
                GCancellable  *cancellable,
                GError       **error)
{
  const Order *order = data;

  tide_engine_disconnect (engine, order->connection_id, order->delete_records, cancellable, error);
  return NULL;
}

static void
disconnected_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(Question) question = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  tide_job_finish (result, &error);
  text = error != NULL ? tide_trouble_describe (error, question->connection->name)
                       : g_strdup_printf (_("%s is disconnected"), question->connection->name);
  tide_window_add_toast (question->window, adw_toast_new (text));
  if (error == NULL && g_strcmp0 (tide_window_get_page (question->window), "connection") == 0)
    tide_window_open_page (question->window, "integrations");
}

static void
response_cb (AdwMessageDialog *dialog,
             const char       *response,
             gpointer          user_data)
{
  g_autoptr(Question) question = user_data;
  TideEngine *engine = tide_live_get_engine (question->live);
  Order *order;

  if (g_str_equal (response, "cancel"))
    return;
  order = g_new (Order, 1);
  order->connection_id = question->connection->id;
  order->delete_records = g_str_equal (response, "delete");
  tide_job_run (engine, disconnect_job, order, g_free, NULL, NULL,
                disconnected_cb, g_steal_pointer (&question));
}

static gint64
count_records (TideLive       *live,
               TideConnection *connection)
{
  GPtrArray *statuses = tide_live_get_statuses (live);
  gint64 records = 0;

  for (guint i = 0; statuses != NULL && i < statuses->len; i++)
    {
      const TideStreamStatus *status = g_ptr_array_index (statuses, i);

      if (status->connection->id == connection->id)
        records += status->records;
    }
  return records;
}

/**
 * tide_disconnect_ask:
 * @connection: what to disconnect
 *
 * Asks what is to become of the data, then disconnects.
 */
void
tide_disconnect_ask (TideWindow     *window,
                     TideLive       *live,
                     TideConnection *connection)
{
  Question *question = g_new (Question, 1);
  gint64 records = count_records (live, connection);
  g_autofree char *number = tide_format_number (records);
  g_autofree char *heading = g_strdup_printf (_("Disconnect %s?"), connection->name);
  g_autofree char *body = g_strdup_printf (ngettext ("The syncs stop and the sign-in is forgotten. "
                                                     "%s record is here. Keep it, or delete it from this computer?",
                                                     "The syncs stop and the sign-in is forgotten. "
                                                     "%s records are here. Keep them, or delete them from this computer?",
                                                     (gulong)records), number);
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (window), heading, body);

  question->window = g_object_ref (window);
  question->live = g_object_ref (live);
  question->connection = tide_connection_ref (connection);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog),
                                    "cancel", _("_Cancel"),
                                    "keep", _("_Keep the Data"),
                                    "delete", _("_Delete the Data"),
                                    NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "delete", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb), question);
  gtk_window_present (GTK_WINDOW (dialog));
}
