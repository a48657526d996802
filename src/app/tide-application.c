/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-application.h"
#include "tide-engine.h"
#include "tide-window.h"

struct _TideApplication
{
  AdwApplication  parent_instance;

  TideEngine     *engine;     /* (owned) (nullable): of the folder that is open */
  char           *folder;     /* (owned) (nullable): NULL = the user's own */
  gboolean        demo;
};

G_DEFINE_FINAL_TYPE (TideApplication, tide_application, ADW_TYPE_APPLICATION)

static TideWindow *
tide_application_get_window (TideApplication *self)
{
  GList *windows = gtk_application_get_windows (GTK_APPLICATION (self));

  for (GList *l = windows; l != NULL; l = l->next)
    if (TIDE_IS_WINDOW (l->data))
      return l->data;
  return tide_window_new (ADW_APPLICATION (self), self->demo);
}

static void
tide_application_close_engine (TideApplication *self)
{
  if (self->engine == NULL)
    return;
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next)
    if (TIDE_IS_WINDOW (l->data))
      tide_window_set_engine (l->data, NULL);
  tide_engine_close (self->engine);
  g_clear_object (&self->engine);
}

/* The folder named on the command line, else the one last chosen in the window, else the user's own. */
static char *
tide_application_dup_folder (TideApplication *self,
                             TideWindow      *window)
{
  g_autofree char *chosen = g_settings_get_string (tide_window_get_settings (window), "workspace");

  if (self->folder != NULL)
    return g_strdup (self->folder);
  return *chosen != '\0' ? g_steal_pointer (&chosen) : tide_engine_get_default_folder ();
}

/* Opens the folder and shows it, or what is wrong with it. */
static void
tide_application_open (TideApplication *self,
                       TideWindow      *window)
{
  g_autofree char *folder = tide_application_dup_folder (self, window);
  g_autoptr(GError) error = NULL;

  self->engine = tide_engine_open (folder, TIDE_ENGINE_SCHEDULES, NULL, NULL, &error);
  if (self->engine == NULL)
    {
      g_message ("opening %s: %s", folder, error->message);
      tide_window_show_trouble (window, folder, error);
      return;
    }
  tide_window_set_engine (window, self->engine);
}

static void
tide_application_retry (GSimpleAction *action,
                        GVariant      *parameter,
                        gpointer       user_data)
{
  TideApplication *self = user_data;

  tide_application_close_engine (self);
  tide_application_open (self, tide_application_get_window (self));
}

static void
tide_application_about (GSimpleAction *action,
                        GVariant      *parameter,
                        gpointer       user_data)
{
  adw_show_about_window (gtk_application_get_active_window (user_data),
                         "application-name", _("Tidemark"),
                         "application-icon", APP_ID,
                         "version", TIDEMARK_VERSION,
                         "developer-name", _("The Tidemark project"),
                         "comments", _("Keeps a small business’s data fresh: orders, payments, hours and more, "
                                       "in one file on this computer."),
                         "license-type", GTK_LICENSE_GPL_3_0,
                         NULL);
}

static void
tide_application_quit (GSimpleAction *action,
                       GVariant      *parameter,
                       gpointer       user_data)
{
  GList *windows;

  /* Each window says goodbye, so that its size is kept; with the last of them the program ends. */
  while ((windows = gtk_application_get_windows (user_data)) != NULL)
    {
      GtkWindow *window = windows->data;

      gtk_window_close (window);
      if (g_list_find (gtk_application_get_windows (user_data), window) != NULL)
        gtk_window_destroy (window);
    }
}

static void
tide_application_add_accels (TideApplication *self)
{
  static const struct
  {
    const char *action;
    const char *accels[3];
  } accels[] = {
    { "app.quit", { "<Ctrl>q" } },
    { "window.close", { "<Ctrl>w" } },
    { "win.show-help-overlay", { "<Ctrl>question" } },
    { "win.sync-shown", { "F5", "<Ctrl>r" } },
    { "win.page::overview", { "<Alt>1" } },
    { "win.page::attention", { "<Alt>2" } },
    { "win.page::data", { "<Alt>3" } },
    { "win.page::runs", { "<Alt>4" } },
    { "win.page::integrations", { "<Alt>5" } },
    { "win.back", { "<Alt>Left" } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (accels); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), accels[i].action, accels[i].accels);
}

static void
tide_application_startup (GApplication *application)
{
  TideApplication *self = TIDE_APPLICATION (application);
  static const GActionEntry entries[] = {
    { .name = "retry", .activate = tide_application_retry },
    { .name = "about", .activate = tide_application_about },
    { .name = "quit", .activate = tide_application_quit },
  };

  G_APPLICATION_CLASS (tide_application_parent_class)->startup (application);
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  tide_application_add_accels (self);
  gtk_window_set_default_icon_name (APP_ID);
}

static void
tide_application_activate (GApplication *application)
{
  TideApplication *self = TIDE_APPLICATION (application);
  TideWindow *window = tide_application_get_window (self);

  if (self->engine == NULL)
    tide_application_open (self, window);
  gtk_window_present (GTK_WINDOW (window));
}

static void
tide_application_shutdown (GApplication *application)
{
  tide_application_close_engine (TIDE_APPLICATION (application));
  G_APPLICATION_CLASS (tide_application_parent_class)->shutdown (application);
}

static int
tide_application_handle_local_options (GApplication *application,
                                       GVariantDict *options)
{
  TideApplication *self = TIDE_APPLICATION (application);
  const char *folder = NULL;

  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("tidemark %s\n", TIDEMARK_VERSION);
      return 0;
    }
  if (g_variant_dict_lookup (options, "workspace", "^&ay", &folder))
    {
      g_autoptr(GFile) file = g_file_new_for_commandline_arg (folder);

      g_free (self->folder);
      self->folder = g_file_get_path (file);
    }
  if (g_variant_dict_contains (options, "demo"))
    {
      /* Beside the owner's own, which may be running. */
      self->demo = TRUE;
      g_application_set_application_id (application, APP_ID ".Demo");
    }
  return -1;
}

static void
tide_application_finalize (GObject *object)
{
  TideApplication *self = TIDE_APPLICATION (object);

  g_clear_object (&self->engine);
  g_free (self->folder);
  G_OBJECT_CLASS (tide_application_parent_class)->finalize (object);
}

static void
tide_application_class_init (TideApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = tide_application_finalize;
  application_class->startup = tide_application_startup;
  application_class->activate = tide_application_activate;
  application_class->shutdown = tide_application_shutdown;
  application_class->handle_local_options = tide_application_handle_local_options;
}

static void
tide_application_init (TideApplication *self)
{
  static const GOptionEntry options[] = {
    { "workspace", 0, 0, G_OPTION_ARG_FILENAME, NULL, N_("Open the data in this folder"), N_("DIR") },
    { "demo", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Mark the window as showing a pretend business"), NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Print the version and leave"), NULL },
    { NULL },
  };

  g_application_add_main_option_entries (G_APPLICATION (self), options);
}

TideApplication *
tide_application_new (void)
{
  return g_object_new (TIDE_TYPE_APPLICATION,
                       "application-id", APP_ID,
                       "resource-base-path", APP_PATH,
                       NULL);
}

/**
 * tide_application_open_folder:
 * @folder: where else the data lies
 *
 * Closes the folder that is open and opens this one in its place.
 */
void
tide_application_open_folder (TideApplication *self,
                              const char      *folder)
{
  g_free (self->folder);
  self->folder = g_strdup (folder);
  if (!self->demo)
    g_settings_set_string (tide_window_get_settings (tide_application_get_window (self)), "workspace", folder);
  tide_application_retry (NULL, NULL, self);
}
