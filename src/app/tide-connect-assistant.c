/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-break.h"
#include "tide-connect-assistant.h"
#include "tide-error.h"
#include "tide-format.h"
#include "tide-secret-group.h"
#include "tide-test-view.h"
#include "tide-trouble.h"
#include "tide-venue-group.h"
#include "tide-window.h"

typedef enum
{
  STEP_NEED,
  STEP_VENUE,
  STEP_SIGN_IN,
  STEP_CHECK,
  STEP_START,
  N_STEPS,
} Step;

static const struct
{
  const char *name;
  const char *title;
} steps[N_STEPS] = {
  [STEP_NEED] = { "need", N_("What You Need") },
  [STEP_VENUE] = { "venue", N_("Venue") },
  [STEP_SIGN_IN] = { "sign-in", N_("Sign In") },
  [STEP_CHECK] = { "check", N_("Check") },
  [STEP_START] = { "start", N_("Start") },
};

struct _TideConnectAssistant
{
  AdwWindow         parent_instance;

  GtkWidget        *title;
  GtkWidget        *back;
  GtkWidget        *next;
  GtkWidget        *side;
  GtkWidget        *steps;
  GtkWidget        *side_text;
  GtkWidget        *stack;
  GtkWidget        *need_text;
  GtkWidget        *need_secret;
  GtkWidget        *venue;
  GtkWidget        *environment;
  GtkWidget        *address;
  GtkWidget        *secrets;
  GtkWidget        *check;
  GtkWidget        *name;
  GtkWidget        *brings;
  GtkWidget        *start_message;

  TideLive         *live;       /* (owned) */
  TideProviderInfo *provider;   /* (owned) */
  GCancellable     *cancellable;/* (owned) (nullable): of what is being asked */
  char             *account;    /* (owned) (nullable): as the last check found it */
  Step              step;
  gboolean          busy;
  gboolean          checked;    /* what is filled in now was tried and works */
  gboolean          named;      /* the owner chose a name */
};

G_DEFINE_FINAL_TYPE (TideConnectAssistant, tide_connect_assistant, ADW_TYPE_WINDOW)

/* Without a test environment there is only the real one to choose. */
static const char *
tide_connect_assistant_get_environment (TideConnectAssistant *self)
{
  guint selected = adw_combo_row_get_selected (ADW_COMBO_ROW (self->environment));

  return selected == 1 && self->provider->sandbox_url != NULL ? "sandbox" : "production";
}

static gboolean
tide_connect_assistant_address_is_good (TideConnectAssistant *self)
{
  const char *address = gtk_editable_get_text (GTK_EDITABLE (self->address));

  return *address == '\0' || g_uri_is_valid (address, G_URI_FLAGS_NONE, NULL);
}

static gboolean
tide_connect_assistant_is_complete (TideConnectAssistant *self,
                                    Step                  step)
{
  g_autofree char *name = NULL;

  switch (step)
    {
    case STEP_NEED:
      return TRUE;
    case STEP_VENUE:
      return tide_venue_group_is_complete (TIDE_VENUE_GROUP (self->venue));
    case STEP_SIGN_IN:
      return tide_secret_group_is_complete (TIDE_SECRET_GROUP (self->secrets))
             && tide_connect_assistant_address_is_good (self);
    case STEP_CHECK:
      return self->checked;
    case STEP_START:
    case N_STEPS:
    default:
      name = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name)));
      return *g_strstrip (name) != '\0';
    }
}

static void
tide_connect_assistant_update_list (TideConnectAssistant *self)
{
  GtkWidget *row = gtk_widget_get_first_child (self->steps);

  for (Step step = 0; step < N_STEPS && row != NULL; step++)
    {
      GtkWidget *box = gtk_list_box_row_get_child (GTK_LIST_BOX_ROW (row));
      GtkWidget *mark = gtk_widget_get_first_child (box);
      GtkWidget *label = gtk_widget_get_last_child (box);

      gtk_stack_set_visible_child_name (GTK_STACK (mark), step < self->step ? "done" : "number");
      if (step == self->step)
        gtk_widget_add_css_class (mark, "current");
      else
        gtk_widget_remove_css_class (mark, "current");
      if (step <= self->step)
        gtk_widget_remove_css_class (label, "tide-secondary");
      else
        gtk_widget_add_css_class (label, "tide-secondary");
      if (step == self->step)
        gtk_list_box_select_row (GTK_LIST_BOX (self->steps), GTK_LIST_BOX_ROW (row));
      row = gtk_widget_get_next_sibling (row);
    }
}

static void
tide_connect_assistant_update (TideConnectAssistant *self)
{
  g_autofree char *title = g_strdup_printf (_("Connect %s"), self->provider->name);
  g_autofree char *subtitle = g_strdup_printf (_("Step %d of %d: %s"), (int)self->step + 1, (int)N_STEPS,
                                               _(steps[self->step].title));

  adw_window_title_set_title (ADW_WINDOW_TITLE (self->title), title);
  adw_window_title_set_subtitle (ADW_WINDOW_TITLE (self->title), subtitle);
  gtk_widget_set_visible (self->back, self->step > STEP_NEED);
  gtk_widget_set_sensitive (self->back, !self->busy || self->step == STEP_CHECK);
  gtk_button_set_label (GTK_BUTTON (self->next), self->step == STEP_START ? _("C_onnect") : _("C_ontinue"));
  gtk_widget_set_sensitive (self->next, !self->busy && tide_connect_assistant_is_complete (self, self->step));
  tide_connect_assistant_update_list (self);
}

static void
tide_connect_assistant_stop (TideConnectAssistant *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->busy = FALSE;
}

static TideConnection *
tide_connect_assistant_dup_connection (TideConnectAssistant *self,
                                       gint64                venue_id)
{
  const char *address = gtk_editable_get_text (GTK_EDITABLE (self->address));
  g_autofree char *name = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name)));
  const TideConnection connection = {
    .venue_id = venue_id,
    .provider = self->provider->id,
    .name = g_strstrip (name),
    .environment = (char *)tide_connect_assistant_get_environment (self),
    .base_url = *address != '\0' ? (char *)address : NULL,
    .account = self->account,
  };

  return tide_connection_copy (&connection);
}

static void
tide_connect_assistant_tested_cb (GObject      *object,
                                  GAsyncResult *result,
                                  gpointer      user_data)
{
  g_autoptr(TideConnectAssistant) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideTestResult) test = tide_engine_test_finish (TIDE_ENGINE (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->busy = FALSE;
  self->checked = test != NULL;
  g_clear_pointer (&self->account, g_free);
  if (test != NULL)
    {
      self->account = g_strdup (test->account);
      tide_test_view_show_result (TIDE_TEST_VIEW (self->check), self->provider->name, test);
    }
  else
    {
      tide_secret_group_show_refused (TIDE_SECRET_GROUP (self->secrets),
                                      g_error_matches (error, TIDE_ERROR, TIDE_ERROR_AUTH));
      tide_test_view_show_trouble (TIDE_TEST_VIEW (self->check), self->provider->name, error);
    }
  tide_connect_assistant_update (self);
}

static void
tide_connect_assistant_test (TideConnectAssistant *self)
{
  g_autoptr(TideConnection) connection = tide_connect_assistant_dup_connection (self, 0);
  g_autoptr(GHashTable) secrets = tide_secret_group_dup_secrets (TIDE_SECRET_GROUP (self->secrets));

  tide_connect_assistant_stop (self);
  self->cancellable = g_cancellable_new ();
  self->busy = TRUE;
  self->checked = FALSE;
  tide_test_view_show_waiting (TIDE_TEST_VIEW (self->check), self->provider->name);
  tide_engine_test_async (tide_live_get_engine (self->live), connection, secrets, self->cancellable,
                          tide_connect_assistant_tested_cb, g_object_ref (self));
}

static void
tide_connect_assistant_show_error (TideConnectAssistant *self,
                                   const GError         *error)
{
  g_autofree char *text = g_error_matches (error, TIDE_ERROR, TIDE_ERROR_CONFLICT)
                          ? g_strdup (_("There is a connection or a venue of that name already. Choose another name."))
                          : tide_trouble_describe (error, self->provider->name);

  g_info ("connecting: %s", error->message);
  gtk_label_set_label (GTK_LABEL (self->start_message), text);
  gtk_widget_set_visible (self->start_message, TRUE);
}

static void
tide_connect_assistant_connected_cb (GObject      *object,
                                     GAsyncResult *result,
                                     gpointer      user_data)
{
  g_autoptr(TideConnectAssistant) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideConnection) connection = tide_engine_connect_finish (TIDE_ENGINE (object), result, &error);
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));
  TideRunRequest request = { .requested_by = "owner" };
  g_autoptr(GPtrArray) runs = NULL;
  g_autofree char *text = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->busy = FALSE;
  if (connection == NULL)
    {
      tide_connect_assistant_show_error (self, error);
      tide_connect_assistant_update (self);
      return;
    }
  request.connection_id = connection->id;
  runs = tide_engine_request_run (TIDE_ENGINE (object), &request, &error);
  text = runs != NULL ? g_strdup_printf (_("%s is connected. The first sync is running."), connection->name)
                      : tide_trouble_describe (error, connection->name);
  if (parent != NULL)
    {
      tide_window_add_toast (TIDE_WINDOW (parent), adw_toast_new (text));
      tide_window_open_page (TIDE_WINDOW (parent), "overview");
    }
  gtk_window_close (GTK_WINDOW (self));
}

static void
tide_connect_assistant_connect (TideConnectAssistant *self)
{
  TideEngine *engine = tide_live_get_engine (self->live);
  g_autoptr(GHashTable) secrets = tide_secret_group_dup_secrets (TIDE_SECRET_GROUP (self->secrets));
  g_autoptr(TideConnection) connection = NULL;
  g_autoptr(GError) error = NULL;
  gint64 venue_id = tide_venue_group_take_venue (TIDE_VENUE_GROUP (self->venue), engine, &error);

  gtk_widget_set_visible (self->start_message, FALSE);
  if (venue_id == 0)
    {
      tide_connect_assistant_show_error (self, error);
      return;
    }
  connection = tide_connect_assistant_dup_connection (self, venue_id);
  tide_connect_assistant_stop (self);
  self->cancellable = g_cancellable_new ();
  self->busy = TRUE;
  tide_engine_connect_async (engine, connection, secrets, self->cancellable,
                             tide_connect_assistant_connected_cb, g_object_ref (self));
}

/* A name that tells this connection from the others: the service, and where that is taken, the venue. */
static void
tide_connect_assistant_suggest_name (TideConnectAssistant *self)
{
  GPtrArray *connections = tide_live_get_connections (self->live);
  g_autofree char *venue = tide_venue_group_dup_name (TIDE_VENUE_GROUP (self->venue));
  gboolean taken = FALSE;
  g_autofree char *name = NULL;

  if (self->named)
    return;
  for (guint i = 0; i < connections->len; i++)
    taken |= g_strcmp0 (((TideConnection *)g_ptr_array_index (connections, i))->name, self->provider->name) == 0;
  name = taken ? g_strdup_printf ("%s %s", self->provider->name, venue) : g_strdup (self->provider->name);
  gtk_editable_set_text (GTK_EDITABLE (self->name), name);
  self->named = FALSE;
}

static void
tide_connect_assistant_go (TideConnectAssistant *self,
                           Step                  step)
{
  tide_connect_assistant_stop (self);
  self->step = step;
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), steps[step].name);
  if (step == STEP_START)
    {
      gtk_widget_set_visible (self->start_message, FALSE);
      tide_connect_assistant_suggest_name (self);
    }
  if (step == STEP_CHECK)
    tide_connect_assistant_test (self);
  tide_connect_assistant_update (self);
  gtk_widget_child_focus (gtk_stack_get_visible_child (GTK_STACK (self->stack)), GTK_DIR_TAB_FORWARD);
}

static void
tide_connect_assistant_next_cb (TideConnectAssistant *self)
{
  if (self->busy || !tide_connect_assistant_is_complete (self, self->step))
    return;
  if (self->step == STEP_START)
    {
      tide_connect_assistant_connect (self);
      tide_connect_assistant_update (self);
    }
  else
    tide_connect_assistant_go (self, self->step + 1);
}

static void
tide_connect_assistant_back_cb (TideConnectAssistant *self)
{
  if (self->step > STEP_NEED)
    tide_connect_assistant_go (self, self->step - 1);
}

static void
tide_connect_assistant_retry_cb (TideConnectAssistant *self)
{
  tide_connect_assistant_go (self, STEP_CHECK);
}

static void
tide_connect_assistant_changed_cb (TideConnectAssistant *self)
{
  if (self->provider == NULL)
    return;
  if (tide_connect_assistant_address_is_good (self))
    gtk_widget_remove_css_class (self->address, "error");
  else
    gtk_widget_add_css_class (self->address, "error");
  tide_connect_assistant_update (self);
}

static void
tide_connect_assistant_named_cb (TideConnectAssistant *self)
{
  self->named = TRUE;
  tide_connect_assistant_changed_cb (self);
}

static void
tide_connect_assistant_narrow_cb (TideConnectAssistant *self,
                                  GParamSpec           *pspec,
                                  TideBreak            *widget)
{
  gtk_widget_set_visible (self->side, !tide_break_get_narrow (widget));
}

static gboolean
tide_connect_assistant_close_request (GtkWindow *window)
{
  tide_connect_assistant_stop (TIDE_CONNECT_ASSISTANT (window));
  return GTK_WINDOW_CLASS (tide_connect_assistant_parent_class)->close_request (window);
}

static void
tide_connect_assistant_dispose (GObject *object)
{
  TideConnectAssistant *self = TIDE_CONNECT_ASSISTANT (object);

  tide_connect_assistant_stop (self);
  g_clear_object (&self->live);
  g_clear_pointer (&self->provider, tide_provider_info_unref);
  g_clear_pointer (&self->account, g_free);
  G_OBJECT_CLASS (tide_connect_assistant_parent_class)->dispose (object);
}

static void
tide_connect_assistant_class_init (TideConnectAssistantClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_connect_assistant_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = tide_connect_assistant_close_request;

  g_type_ensure (TIDE_TYPE_BREAK);
  g_type_ensure (TIDE_TYPE_SECRET_GROUP);
  g_type_ensure (TIDE_TYPE_TEST_VIEW);
  g_type_ensure (TIDE_TYPE_VENUE_GROUP);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/tide-connect-assistant.ui");
#define BIND(child) gtk_widget_class_bind_template_child (widget_class, TideConnectAssistant, child)
  BIND (title);
  BIND (back);
  BIND (next);
  BIND (side);
  BIND (steps);
  BIND (side_text);
  BIND (stack);
  BIND (need_text);
  BIND (need_secret);
  BIND (venue);
  BIND (environment);
  BIND (address);
  BIND (secrets);
  BIND (check);
  BIND (name);
  BIND (brings);
  BIND (start_message);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, tide_connect_assistant_back_cb);
  gtk_widget_class_bind_template_callback (widget_class, tide_connect_assistant_next_cb);
  gtk_widget_class_bind_template_callback (widget_class, tide_connect_assistant_retry_cb);
  gtk_widget_class_bind_template_callback (widget_class, tide_connect_assistant_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, tide_connect_assistant_named_cb);
  gtk_widget_class_bind_template_callback (widget_class, tide_connect_assistant_narrow_cb);
}

static GtkWidget *
step_row_new (Step step)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *mark = gtk_stack_new ();
  GtkWidget *label = gtk_label_new (_(steps[step].title));
  g_autofree char *number = g_strdup_printf ("%d", (int)step + 1);

  gtk_stack_add_named (GTK_STACK (mark), gtk_label_new (number), "number");
  gtk_stack_add_named (GTK_STACK (mark), gtk_image_new_from_icon_name ("object-select-symbolic"), "done");
  gtk_widget_add_css_class (mark, "tide-step");
  gtk_widget_set_valign (mark, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), mark);
  gtk_box_append (GTK_BOX (box), label);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_can_target (row, FALSE);
  gtk_widget_set_focusable (row, FALSE);
  return row;
}

static void
tide_connect_assistant_init (TideConnectAssistant *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (Step step = 0; step < N_STEPS; step++)
    gtk_list_box_append (GTK_LIST_BOX (self->steps), step_row_new (step));
}

static void
tide_connect_assistant_fill (TideConnectAssistant *self)
{
  g_autoptr(GtkStringList) environments = gtk_string_list_new (NULL);
  g_autoptr(GPtrArray) labels = g_ptr_array_new ();
  g_autofree char *need = g_strdup_printf (_("A %s account that may see what you want to keep here."),
                                           self->provider->name);
  g_autofree char *side = g_strdup_printf (_("Tidemark only reads from %s. It changes nothing there."),
                                           self->provider->name);
  const TideSecretInfo *secret = self->provider->secrets->len > 0 ? g_ptr_array_index (self->provider->secrets, 0) : NULL;
  g_autofree char *real = g_strdup_printf (_("%s, the real account"), self->provider->name);
  g_autofree char *test = g_strdup_printf (_("%s’s test account (sandbox)"), self->provider->name);
  g_autofree char *brings = NULL;

  gtk_string_list_append (environments, real);
  if (self->provider->sandbox_url != NULL)
    gtk_string_list_append (environments, test);
  adw_combo_row_set_model (ADW_COMBO_ROW (self->environment), G_LIST_MODEL (environments));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->need_text), need);
  gtk_label_set_label (GTK_LABEL (self->side_text), side);
  if (secret != NULL)
    {
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->need_secret), secret->label);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (self->need_secret), secret->help != NULL ? secret->help : "");
    }
  for (guint i = 0; i < self->provider->streams->len; i++)
    {
      const TideStreamInfo *stream = g_ptr_array_index (self->provider->streams, i);

      if (!stream->child)
        g_ptr_array_add (labels, stream->label);
    }
  brings = tide_format_list (labels, labels->len);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->brings), brings);
}

/**
 * tide_connect_assistant_new:
 * @provider: the service to connect
 */
GtkWidget *
tide_connect_assistant_new (GtkWindow        *parent,
                            TideLive         *live,
                            TideProviderInfo *provider)
{
  TideConnectAssistant *self = g_object_new (TIDE_TYPE_CONNECT_ASSISTANT,
                                             "application", gtk_window_get_application (parent),
                                             "transient-for", parent, "modal", TRUE, NULL);
  g_autofree char *title = g_strdup_printf (_("Connect %s"), provider->name);

  self->live = g_object_ref (live);
  self->provider = tide_provider_info_ref (provider);
  gtk_window_set_title (GTK_WINDOW (self), title);
  tide_connect_assistant_fill (self);
  tide_venue_group_set_venues (TIDE_VENUE_GROUP (self->venue), tide_live_get_venues (live),
                               tide_live_get_venue_id (live));
  tide_secret_group_set_provider (TIDE_SECRET_GROUP (self->secrets), provider);
  tide_connect_assistant_go (self, STEP_NEED);
  return GTK_WIDGET (self);
}
