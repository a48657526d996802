/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-attention-page.h"
#include "tide-break.h"
#include "tide-connection-page.h"
#include "tide-data-page.h"
#include "tide-integrations-page.h"
#include "tide-overview-page.h"
#include "tide-run-page.h"
#include "tide-runs-page.h"
#include "tide-sidebar.h"
#include "tide-trouble.h"
#include "tide-welcome-page.h"
#include "tide-window-actions.h"
#include "tide-window.h"

struct _TideWindow
{
  AdwApplicationWindow  parent_instance;

  GtkWidget            *toasts;
  GtkWidget            *root_stack;
  GtkWidget            *welcome;
  GtkWidget            *trouble;
  GtkWidget            *trouble_details;
  GtkWidget            *leaflet;
  GtkWidget            *sidebar;
  GtkWidget            *content;
  GtkWidget            *pages;

  AdwToast             *toast;      /* (owned) (nullable): the last thing said */
  TideLive             *live;       /* (owned) (nullable): until a folder is open */
  GSettings            *settings;   /* (owned) */
  GQueue                history;    /* (element-type utf8) (owned strings): pages to go back to */
  gboolean              demo;
};

G_DEFINE_FINAL_TYPE (TideWindow, tide_window, ADW_TYPE_APPLICATION_WINDOW)

static gboolean
page_is_top (const char *page)
{
  static const char * const pages[] = { "overview", "attention", "data", "runs", "integrations", NULL };

  return g_strv_contains (pages, page);
}

/* A page is made when it is first visited. */
static GtkWidget *
tide_window_make_page (TideWindow *self,
                       const char *page)
{
  if (g_str_equal (page, "overview"))
    return tide_overview_page_new (self->live, self->settings);
  if (g_str_equal (page, "attention"))
    return tide_attention_page_new (self->live);
  if (g_str_equal (page, "data"))
    return tide_data_page_new (self->live);
  if (g_str_equal (page, "runs"))
    return tide_runs_page_new (self->live);
  if (g_str_equal (page, "run"))
    return tide_run_page_new (self->live);
  if (g_str_equal (page, "integrations"))
    return tide_integrations_page_new (self->live);
  if (g_str_equal (page, "connection"))
    return tide_connection_page_new (self->live);
  return NULL;
}

static void
tide_window_update_active (TideWindow *self)
{
  GdkSurface *surface = gtk_widget_get_mapped (GTK_WIDGET (self)) ? gtk_native_get_surface (GTK_NATIVE (self)) : NULL;
  gboolean active = surface != NULL
                    && (gdk_toplevel_get_state (GDK_TOPLEVEL (surface)) & GDK_TOPLEVEL_STATE_MINIMIZED) == 0;

  if (self->live != NULL)
    tide_live_set_active (self->live, active);
}

static void
tide_window_folded_cb (TideWindow *self)
{
  tide_sidebar_set_folded (TIDE_SIDEBAR (self->sidebar), adw_leaflet_get_folded (ADW_LEAFLET (self->leaflet)));
}

/* Nobody has connected anything yet: the window begins with the choices. Once in, it stays in. */
static void
tide_window_update_root (TideWindow *self)
{
  GPtrArray *statuses = tide_live_get_statuses (self->live);
  const char *shown = gtk_stack_get_visible_child_name (GTK_STACK (self->root_stack));
  gboolean none;

  if (statuses == NULL || g_strcmp0 (shown, "main") == 0)
    return;
  none = tide_live_get_connections (self->live)->len == 0;
  gtk_stack_set_visible_child_name (GTK_STACK (self->root_stack), none ? "welcome" : "main");
}

static void
tide_window_live_changed_cb (TideWindow *self)
{
  const GError *error = tide_live_get_error (self->live);

  if (error != NULL && tide_live_get_statuses (self->live) == NULL)
    tide_window_show_trouble (self, tide_engine_get_folder (tide_live_get_engine (self->live)), error);
  else
    tide_window_update_root (self);
}

static void
tide_window_map (GtkWidget *widget)
{
  TideWindow *self = TIDE_WINDOW (widget);

  GTK_WIDGET_CLASS (tide_window_parent_class)->map (widget);
  g_signal_connect_object (gtk_native_get_surface (GTK_NATIVE (self)), "notify::state",
                           G_CALLBACK (tide_window_update_active), self, G_CONNECT_SWAPPED);
  tide_window_update_active (self);
}

static void
tide_window_unmap (GtkWidget *widget)
{
  TideWindow *self = TIDE_WINDOW (widget);

  g_signal_handlers_disconnect_by_func (gtk_native_get_surface (GTK_NATIVE (self)),
                                        tide_window_update_active, self);
  GTK_WIDGET_CLASS (tide_window_parent_class)->unmap (widget);
  tide_window_update_active (self);
}

static gboolean
tide_window_close_request (GtkWindow *window)
{
  TideWindow *self = TIDE_WINDOW (window);
  int width;
  int height;

  gtk_window_get_default_size (window, &width, &height);
  g_settings_set (self->settings, "window-size", "(ii)", width, height);
  g_settings_set_boolean (self->settings, "window-maximized", gtk_window_is_maximized (window));
  return GTK_WINDOW_CLASS (tide_window_parent_class)->close_request (window);
}

static void
tide_window_dispose (GObject *object)
{
  TideWindow *self = TIDE_WINDOW (object);

  if (self->live != NULL)
    {
      tide_live_set_active (self->live, FALSE);
      g_signal_handlers_disconnect_by_data (self->live, self);
    }
  g_clear_object (&self->live);
  g_clear_object (&self->toast);
  g_clear_object (&self->settings);
  g_queue_clear_full (&self->history, g_free);
  G_OBJECT_CLASS (tide_window_parent_class)->dispose (object);
}

static void
tide_window_class_init (TideWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_window_dispose;
  widget_class->map = tide_window_map;
  widget_class->unmap = tide_window_unmap;
  GTK_WINDOW_CLASS (klass)->close_request = tide_window_close_request;

  g_type_ensure (TIDE_TYPE_BREAK);
  g_type_ensure (TIDE_TYPE_SIDEBAR);
  g_type_ensure (TIDE_TYPE_WELCOME_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/tide-window.ui");
  gtk_widget_class_bind_template_child (widget_class, TideWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, TideWindow, root_stack);
  gtk_widget_class_bind_template_child (widget_class, TideWindow, welcome);
  gtk_widget_class_bind_template_child (widget_class, TideWindow, trouble);
  gtk_widget_class_bind_template_child (widget_class, TideWindow, trouble_details);
  gtk_widget_class_bind_template_child (widget_class, TideWindow, leaflet);
  gtk_widget_class_bind_template_child (widget_class, TideWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, TideWindow, content);
  gtk_widget_class_bind_template_child (widget_class, TideWindow, pages);
  gtk_widget_class_bind_template_callback (widget_class, tide_window_folded_cb);
}

static void
tide_window_init (TideWindow *self)
{
  int width;
  int height;

  gtk_widget_init_template (GTK_WIDGET (self));
  self->settings = g_settings_new (APP_ID);
  g_settings_get (self->settings, "window-size", "(ii)", &width, &height);
  gtk_window_set_default_size (GTK_WINDOW (self), width, height);
  if (g_settings_get_boolean (self->settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
  tide_window_actions_init (self);
}

/**
 * tide_window_new:
 * @demo: whether what it shows is a pretend business
 */
TideWindow *
tide_window_new (AdwApplication *application,
                 gboolean        demo)
{
  TideWindow *self = g_object_new (TIDE_TYPE_WINDOW, "application", application, NULL);

  self->demo = demo;
  gtk_window_set_title (GTK_WINDOW (self), demo ? _("Tidemark (Demo)") : _("Tidemark"));
  return self;
}

/* Pages hold the engine they were made for. */
static void
tide_window_remove_pages (TideWindow *self)
{
  GtkWidget *page;

  while ((page = gtk_widget_get_first_child (self->pages)) != NULL)
    gtk_stack_remove (GTK_STACK (self->pages), page);
  g_queue_clear_full (&self->history, g_free);
}

/**
 * tide_window_set_engine:
 * @engine: (nullable): the folder to show; %NULL before it is closed
 */
void
tide_window_set_engine (TideWindow *self,
                        TideEngine *engine)
{
  g_autofree char *page = g_settings_get_string (self->settings, "page");

  tide_window_remove_pages (self);
  gtk_stack_set_visible_child_name (GTK_STACK (self->root_stack), "loading");
  tide_sidebar_set_live (TIDE_SIDEBAR (self->sidebar), NULL);
  if (self->live != NULL)
    {
      tide_live_set_active (self->live, FALSE);
      g_signal_handlers_disconnect_by_data (self->live, self);
      g_clear_object (&self->live);
    }
  if (engine == NULL)
    return;
  self->live = tide_live_new (engine);
  g_signal_connect_object (self->live, "changed", G_CALLBACK (tide_window_live_changed_cb), self, G_CONNECT_SWAPPED);
  tide_sidebar_set_live (TIDE_SIDEBAR (self->sidebar), self->live);
  tide_window_open_page (self, page_is_top (page) ? page : "overview");
  tide_window_update_active (self);
}

/**
 * tide_window_show_trouble:
 * @folder: which folder could not be opened
 * @error: why
 *
 * Says what is wrong, and what to press, in place of the pages.
 */
void
tide_window_show_trouble (TideWindow   *self,
                          const char   *folder,
                          const GError *error)
{
  g_autofree char *text = tide_trouble_describe_open (error);
  g_autofree char *details = g_strdup_printf ("%s\n%s", folder, error->message);

  adw_status_page_set_description (ADW_STATUS_PAGE (self->trouble), text);
  gtk_label_set_label (GTK_LABEL (self->trouble_details), details);
  gtk_stack_set_visible_child_name (GTK_STACK (self->root_stack), "trouble");
}

/**
 * tide_window_get_live:
 *
 * Returns: (transfer none) (nullable): what the engine last said; %NULL while no folder is open
 */
TideLive *
tide_window_get_live (TideWindow *self)
{
  return self->live;
}

GSettings *
tide_window_get_settings (TideWindow *self)
{
  return self->settings;
}

gboolean
tide_window_get_demo (TideWindow *self)
{
  return self->demo;
}

/**
 * tide_window_get_page:
 *
 * Returns: (nullable): the name of the page that is open
 */
const char *
tide_window_get_page (TideWindow *self)
{
  return gtk_stack_get_visible_child_name (GTK_STACK (self->pages));
}

static GtkWidget *
tide_window_show_page (TideWindow *self,
                       const char *page)
{
  GtkWidget *child = gtk_stack_get_child_by_name (GTK_STACK (self->pages), page);

  if (child == NULL)
    {
      child = tide_window_make_page (self, page);
      gtk_stack_add_named (GTK_STACK (self->pages), child, page);
    }
  gtk_stack_set_visible_child (GTK_STACK (self->pages), child);
  adw_leaflet_set_visible_child (ADW_LEAFLET (self->leaflet), self->content);
  if (page_is_top (page))
    {
      tide_sidebar_set_page (TIDE_SIDEBAR (self->sidebar), page);
      g_settings_set_string (self->settings, "page", page);
    }
  return child;
}

/**
 * tide_window_open_page:
 * @page: "overview", "attention", "data", "runs", "integrations", or below those "run", "connection"
 *
 * Returns: (transfer none): the page, to be told what to show
 */
GtkWidget *
tide_window_open_page (TideWindow *self,
                       const char *page)
{
  const char *current = tide_window_get_page (self);

  g_return_val_if_fail (self->live != NULL, NULL);

  if (page_is_top (page))
    g_queue_clear_full (&self->history, g_free);
  else if (current != NULL && !g_str_equal (current, page))
    g_queue_push_tail (&self->history, g_strdup (current));
  return tide_window_show_page (self, page);
}

/**
 * tide_window_go_back:
 *
 * To the page from which this one was opened; from a top page, when narrow, to the side bar.
 */
void
tide_window_go_back (TideWindow *self)
{
  GtkWidget *shown = gtk_stack_get_visible_child (GTK_STACK (self->pages));
  g_autofree char *page = NULL;

  if (TIDE_IS_ATTENTION_PAGE (shown) && tide_attention_page_go_back (TIDE_ATTENTION_PAGE (shown)))
    return;
  page = g_queue_pop_tail (&self->history);
  if (page != NULL)
    tide_window_show_page (self, page);
  else if (!page_is_top (tide_window_get_page (self)))
    tide_window_show_page (self, "overview");
  else if (adw_leaflet_get_folded (ADW_LEAFLET (self->leaflet)))
    adw_leaflet_set_visible_child (ADW_LEAFLET (self->leaflet), self->sidebar);
}

/**
 * tide_window_add_toast:
 * @toast: (transfer full): what to say
 *
 * At once, in place of what was said before: what comes late is taken for the answer to something else.
 */
void
tide_window_add_toast (TideWindow *self,
                       AdwToast   *toast)
{
  if (self->toast != NULL)
    adw_toast_dismiss (self->toast);
  g_set_object (&self->toast, toast);
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (self->toasts), toast);
}

/**
 * tide_window_say:
 * @text: what was done just now
 *
 * Says it by a toast.
 */
void
tide_window_say (TideWindow *self,
                 const char *text)
{
  tide_window_add_toast (self, adw_toast_new (text));
}

/**
 * tide_window_add_trouble:
 * @error: why something could not be done
 * @who: the connection's name
 *
 * Says it by a toast.
 */
void
tide_window_add_trouble (TideWindow   *self,
                         const GError *error,
                         const char   *who)
{
  g_autofree char *text = tide_trouble_describe (error, who);

  g_info ("%s", error->message);
  tide_window_say (self, text);
}
