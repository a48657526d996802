/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-application.h"
#include "tide-attention-page.h"
#include "tide-connect-assistant.h"
#include "tide-connection-page.h"
#include "tide-disconnect.h"
#include "tide-key-dialog.h"
#include "tide-run-page.h"
#include "tide-runs-page.h"
#include "tide-window-actions.h"

static void
tide_window_request (TideWindow     *self,
                     TideConnection *connection,
                     const char     *stream,
                     TideRunMode     mode)
{
  TideEngine *engine = tide_live_get_engine (tide_window_get_live (self));
  const TideRunRequest request = {
    .connection_id = connection->id,
    .stream = stream != NULL && *stream != '\0' ? stream : NULL,
    .mode = mode,
    .requested_by = "owner",
  };
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) runs = tide_engine_request_run (engine, &request, &error);

  if (runs == NULL)
    tide_window_add_trouble (self, error, connection->name);
}

static void
tide_window_request_all (TideWindow  *self,
                         TideRunMode  mode)
{
  TideLive *live = tide_window_get_live (self);
  GPtrArray *connections = live != NULL ? tide_live_get_connections (live) : NULL;
  gint64 venue_id = live != NULL ? tide_live_get_venue_id (live) : 0;

  for (guint i = 0; connections != NULL && i < connections->len; i++)
    {
      TideConnection *connection = g_ptr_array_index (connections, i);

      if (venue_id == 0 || connection->venue_id == venue_id)
        tide_window_request (self, connection, NULL, mode);
    }
}

static void
page_activated (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  if (tide_window_get_live (user_data) != NULL)
    tide_window_open_page (user_data, g_variant_get_string (parameter, NULL));
}

static void
venue_change_state (GSimpleAction *action,
                    GVariant      *value,
                    gpointer       user_data)
{
  TideLive *live = tide_window_get_live (user_data);

  if (live == NULL)
    return;
  g_simple_action_set_state (action, value);
  tide_live_set_venue_id (live, g_variant_get_int64 (value));
}

static void
back_activated (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  if (tide_window_get_live (user_data) != NULL)
    tide_window_go_back (user_data);
}

static void
sync_all_activated (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  tide_window_request_all (user_data, TIDE_RUN_MODE_INCREMENTAL);
}

static void
full_check_activated (GSimpleAction *action,
                      GVariant      *parameter,
                      gpointer       user_data)
{
  tide_window_request_all (user_data, TIDE_RUN_MODE_FULL);
}

static void
sync_stream_activated (GSimpleAction *action,
                       GVariant      *parameter,
                       gpointer       user_data)
{
  TideWindow *self = user_data;
  TideConnection *connection;
  gint64 connection_id;
  const char *stream;

  g_variant_get (parameter, "(x&s)", &connection_id, &stream);
  connection = tide_live_find_connection (tide_window_get_live (self), connection_id);
  if (connection != NULL)
    tide_window_request (self, connection, stream, TIDE_RUN_MODE_INCREMENTAL);
}

static void
check_connection_activated (GSimpleAction *action,
                            GVariant      *parameter,
                            gpointer       user_data)
{
  TideWindow *self = user_data;
  TideConnection *connection = tide_live_find_connection (tide_window_get_live (self), g_variant_get_int64 (parameter));

  if (connection != NULL)
    tide_window_request (self, connection, NULL, TIDE_RUN_MODE_FULL);
}

/* What "this" is depends on the page; elsewhere it is everything. */
static void
sync_shown_activated (GSimpleAction *action,
                      GVariant      *parameter,
                      gpointer       user_data)
{
  TideWindow *self = user_data;
  TideLive *live = tide_window_get_live (self);
  const char *page = tide_window_get_page (self);
  TideConnection *connection = NULL;
  const char *stream = NULL;

  if (live == NULL || page == NULL)
    return;
  if (g_str_equal (page, "connection"))
    {
      gint64 id = tide_connection_page_get_connection_id (TIDE_CONNECTION_PAGE (tide_window_open_page (self, page)));

      connection = tide_live_find_connection (live, id);
    }
  else if (g_str_equal (page, "run"))
    {
      TideRun *run = tide_run_page_get_run (TIDE_RUN_PAGE (tide_window_open_page (self, page)));

      if (run != NULL)
        {
          connection = tide_live_find_connection (live, run->connection_id);
          stream = run->stream;
        }
    }
  if (connection != NULL)
    tide_window_request (self, connection, stream, TIDE_RUN_MODE_INCREMENTAL);
  else
    tide_window_request_all (self, TIDE_RUN_MODE_INCREMENTAL);
}

static void
tide_window_stop (TideWindow *self,
                  const char *sync_id)
{
  g_autoptr(GError) error = NULL;

  /* It may have ended by itself in the meantime: then there is nothing to say. */
  if (!tide_engine_cancel_run (tide_live_get_engine (tide_window_get_live (self)), sync_id, "owner", &error))
    g_info ("stopping a run: %s", error->message);
}

static void
stop_stream_activated (GSimpleAction *action,
                       GVariant      *parameter,
                       gpointer       user_data)
{
  TideWindow *self = user_data;
  TideRun *run;
  gint64 connection_id;
  const char *stream;

  g_variant_get (parameter, "(x&s)", &connection_id, &stream);
  run = tide_live_find_running (tide_window_get_live (self), connection_id, *stream != '\0' ? stream : NULL);
  if (run != NULL)
    tide_window_stop (self, run->sync_id);
}

static void
stop_run_activated (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  tide_window_stop (user_data, g_variant_get_string (parameter, NULL));
}

/* Of a run in the queue: what is to be done with it, and the engine's function for that. */
static void
tide_window_change_run (TideWindow *self,
                        GVariant   *sync_id,
                        gboolean  (*change) (TideEngine *, const char *, const char *, GError **))
{
  TideLive *live = tide_window_get_live (self);
  g_autoptr(GError) error = NULL;

  if (live != NULL && !change (tide_live_get_engine (live), g_variant_get_string (sync_id, NULL), "owner", &error))
    tide_window_add_trouble (self, error, _("The run"));
}

static void
retry_run_activated (GSimpleAction *action,
                     GVariant      *parameter,
                     gpointer       user_data)
{
  tide_window_change_run (user_data, parameter, tide_engine_retry_run);
}

static void
pause_run_activated (GSimpleAction *action,
                     GVariant      *parameter,
                     gpointer       user_data)
{
  tide_window_change_run (user_data, parameter, tide_engine_pause_run);
}

static void
resume_run_activated (GSimpleAction *action,
                      GVariant      *parameter,
                      gpointer       user_data)
{
  tide_window_change_run (user_data, parameter, tide_engine_resume_run);
}

static void
pause_all_activated (GSimpleAction *action,
                     GVariant      *parameter,
                     gpointer       user_data)
{
  TideLive *live = tide_window_get_live (user_data);
  g_autoptr(GError) error = NULL;

  if (live != NULL
      && !tide_engine_set_paused (tide_live_get_engine (live), g_variant_get_boolean (parameter), "owner", &error))
    tide_window_add_trouble (user_data, error, _("Tidemark"));
}

static void
stop_all_activated (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  TideLive *live = tide_window_get_live (user_data);

  if (live != NULL)
    tide_engine_cancel_all (tide_live_get_engine (live));
}

static void
open_run_activated (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  GtkWidget *page = tide_window_open_page (user_data, "run");

  tide_run_page_show_run (TIDE_RUN_PAGE (page), g_variant_get_string (parameter, NULL));
}

/* Undoes that failures were dismissed. */
static void
reopen_failures_activated (GSimpleAction *action,
                           GVariant      *parameter,
                           gpointer       user_data)
{
  TideLive *live = tide_window_get_live (user_data);
  g_autoptr(GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  const TideFailureQuery query = { .ids = ids, .dismissed = TRUE };
  g_autoptr(GError) error = NULL;
  gsize n_ids = 0;
  const gint64 *values = g_variant_get_fixed_array (parameter, &n_ids, sizeof (gint64));

  if (live == NULL || n_ids == 0)
    return;
  g_array_append_vals (ids, values, (guint)n_ids);
  if (tide_engine_reopen_failures (tide_live_get_engine (live), &query, "owner", &error) < 0)
    tide_window_add_trouble (user_data, error, _("Tidemark"));
}

static void
attention_activated (GSimpleAction *action,
                     GVariant      *parameter,
                     gpointer       user_data)
{
  GtkWidget *page;

  if (tide_window_get_live (user_data) == NULL)
    return;
  page = tide_window_open_page (user_data, "attention");
  tide_attention_page_show_item (TIDE_ATTENTION_PAGE (page), g_variant_get_string (parameter, NULL));
}

static void
show_runs_activated (GSimpleAction *action,
                     GVariant      *parameter,
                     gpointer       user_data)
{
  GtkWidget *page = tide_window_open_page (user_data, "runs");
  gint64 connection_id;
  const char *stream;
  gint64 hour;
  gboolean problems;

  g_variant_get (parameter, "(x&sxb)", &connection_id, &stream, &hour, &problems);
  tide_runs_page_show (TIDE_RUNS_PAGE (page), connection_id, stream, hour, problems);
}

static void
open_connection_activated (GSimpleAction *action,
                           GVariant      *parameter,
                           gpointer       user_data)
{
  GtkWidget *page = tide_window_open_page (user_data, "connection");

  tide_connection_page_show_connection (TIDE_CONNECTION_PAGE (page), g_variant_get_int64 (parameter));
}

static void
connect_activated (GSimpleAction *action,
                   GVariant      *parameter,
                   gpointer       user_data)
{
  TideLive *live = tide_window_get_live (user_data);
  TideProviderInfo *provider;

  if (live == NULL)
    return;
  provider = tide_live_find_provider (live, g_variant_get_string (parameter, NULL));
  if (provider == NULL)
    tide_window_open_page (user_data, "integrations");
  else
    gtk_window_present (GTK_WINDOW (tide_connect_assistant_new (user_data, live, provider)));
}

static void
sign_in_activated (GSimpleAction *action,
                   GVariant      *parameter,
                   gpointer       user_data)
{
  TideLive *live = tide_window_get_live (user_data);
  TideConnection *connection = tide_live_find_connection (live, g_variant_get_int64 (parameter));

  if (connection != NULL)
    gtk_window_present (GTK_WINDOW (tide_key_dialog_new (user_data, live, connection)));
}

static void
disconnect_activated (GSimpleAction *action,
                      GVariant      *parameter,
                      gpointer       user_data)
{
  TideLive *live = tide_window_get_live (user_data);
  TideConnection *connection = tide_live_find_connection (live, g_variant_get_int64 (parameter));

  if (connection != NULL)
    tide_disconnect_ask (user_data, live, connection);
}

static void
folder_chosen_cb (TideWindow           *self,
                  int                   response,
                  GtkFileChooserNative *chooser)
{
  g_autoptr(GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
      tide_application_open_folder (TIDE_APPLICATION (gtk_window_get_application (GTK_WINDOW (self))),
                                    g_file_peek_path (file));
    }
  g_object_unref (chooser);
}

static void
open_folder_activated (GSimpleAction *action,
                       GVariant      *parameter,
                       gpointer       user_data)
{
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (_("Open a Folder"), GTK_WINDOW (user_data),
                                                               GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER,
                                                               _("_Open"), _("_Cancel"));

  /* A native dialog has no owner: it is let go of when it has answered. */
  g_signal_connect_object (chooser, "response", G_CALLBACK (folder_chosen_cb), user_data, G_CONNECT_SWAPPED);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/**
 * tide_window_actions_init:
 *
 * Gives the window its commands.
 */
void
tide_window_actions_init (TideWindow *self)
{
  static const GActionEntry entries[] = {
    { .name = "page", .activate = page_activated, .parameter_type = "s" },
    { .name = "venue", .parameter_type = "x", .state = "int64 0", .change_state = venue_change_state },
    { .name = "back", .activate = back_activated },
    { .name = "sync-shown", .activate = sync_shown_activated },
    { .name = "sync-all", .activate = sync_all_activated },
    { .name = "full-check", .activate = full_check_activated },
    { .name = "sync-stream", .activate = sync_stream_activated, .parameter_type = "(xs)" },
    { .name = "check-connection", .activate = check_connection_activated, .parameter_type = "x" },
    { .name = "stop-stream", .activate = stop_stream_activated, .parameter_type = "(xs)" },
    { .name = "stop-run", .activate = stop_run_activated, .parameter_type = "s" },
    { .name = "retry-run", .activate = retry_run_activated, .parameter_type = "s" },
    { .name = "pause-run", .activate = pause_run_activated, .parameter_type = "s" },
    { .name = "resume-run", .activate = resume_run_activated, .parameter_type = "s" },
    { .name = "pause-all", .activate = pause_all_activated, .parameter_type = "b" },
    { .name = "stop-all", .activate = stop_all_activated },
    { .name = "open-run", .activate = open_run_activated, .parameter_type = "s" },
    { .name = "attention", .activate = attention_activated, .parameter_type = "s" },
    { .name = "reopen-failures", .activate = reopen_failures_activated, .parameter_type = "ax" },
    { .name = "show-runs", .activate = show_runs_activated, .parameter_type = "(xsxb)" },
    { .name = "open-connection", .activate = open_connection_activated, .parameter_type = "x" },
    { .name = "connect", .activate = connect_activated, .parameter_type = "s" },
    { .name = "sign-in", .activate = sign_in_activated, .parameter_type = "x" },
    { .name = "disconnect", .activate = disconnect_activated, .parameter_type = "x" },
    { .name = "open-folder", .activate = open_folder_activated },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}
