/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-break.h"
#include "tide-connection-page.h"
#include "tide-format.h"
#include "tide-header.h"
#include "tide-job.h"
#include "tide-run-words.h"
#include "tide-status-label.h"
#include "tide-stream-row.h"
#include "tide-summary.h"

struct _TideConnectionPage
{
  AdwBin           parent_instance;

  GtkWidget       *header;
  GtkWidget       *sync_button;
  GtkWidget       *action_bar;
  GtkWidget       *bar_button;
  GtkWidget       *stack;
  GtkWidget       *content;
  GtkWidget       *tile;
  GtkWidget       *title;
  GtkWidget       *line;
  GtkWidget       *status;
  GtkWidget       *account;
  GtkWidget       *sign_in_status;
  GtkWidget       *replace_button;
  GtkWidget       *environment;
  GtkWidget       *streams;
  GtkWidget       *rate_group;
  GtkWidget       *rate_text;
  GtkWidget       *rate_bar;
  GtkWidget       *rate_held;
  GtkWidget       *disconnect_text;
  GtkWidget       *disconnect_button;
  GtkWidget       *check_row;
  GtkWidget       *check_button;

  TideLive        *live;      /* (owned) */
  GPtrArray       *rows;      /* (owned) (element-type TideStreamRow): owned by the group they stand in, too */
  char            *shape;     /* (owned) (nullable): which rows there are */
  GCancellable    *cancellable; /* (owned) (nullable): of the question for the rate */
  gint64           rate_next; /* monotonic instant before which that is not asked again */
  gint64           connection_id;
};

/* Progress comes ten times a second; that is too often for the eye. */
#define RATE_PAUSE (G_USEC_PER_SEC / 2)

G_DEFINE_FINAL_TYPE (TideConnectionPage, tide_connection_page, ADW_TYPE_BIN)

static GPtrArray *
tide_connection_page_dup_group (TideConnectionPage *self)
{
  GPtrArray *statuses = tide_live_get_statuses (self->live);
  GPtrArray *group = g_ptr_array_new ();

  for (guint i = 0; statuses != NULL && i < statuses->len; i++)
    {
      TideStreamStatus *status = g_ptr_array_index (statuses, i);

      if (status->connection->id == self->connection_id)
        g_ptr_array_add (group, status);
    }
  return group;
}

static void
tide_connection_page_update_head (TideConnectionPage *self,
                                  TideConnection     *connection,
                                  const TideSummary  *summary)
{
  TideProviderInfo *provider = tide_live_find_provider (self->live, connection->provider);
  TideVenue *venue = tide_live_find_venue (self->live, connection->venue_id);
  g_autofree char *since = tide_format_date (connection->created_at, tide_live_get_zone (self->live));
  gboolean real = g_strcmp0 (connection->environment, "production") == 0;
  const char *kind = real ? _("Real account") : _("Test account");
  g_autofree char *line = g_strdup_printf (_("%s · %s · connected since %s"),
                                           provider != NULL ? provider->name : connection->provider, kind, since);

  tide_header_set_titles (TIDE_HEADER (self->header), connection->name, venue != NULL ? venue->name : NULL);
  gtk_label_set_label (GTK_LABEL (self->tile), provider != NULL ? provider->tile : "?");
  gtk_label_set_label (GTK_LABEL (self->title), connection->name);
  gtk_label_set_label (GTK_LABEL (self->line), line);
  gtk_widget_set_visible (self->status, summary != NULL);
  if (summary != NULL)
    tide_status_label_set_look (TIDE_STATUS_LABEL (self->status), tide_look_for_health (summary->health));
}

static void
tide_connection_page_update_sign_in (TideConnectionPage *self,
                                     TideConnection     *connection,
                                     const TideSummary  *summary)
{
  gboolean refused = summary != NULL && summary->health == TIDE_HEALTH_SIGN_IN;
  TideProviderInfo *provider = tide_live_find_provider (self->live, connection->provider);
  const char *host = connection->base_url;
  TideLook look = tide_look_for_health (refused ? TIDE_HEALTH_SIGN_IN : TIDE_HEALTH_FRESH);
  g_autofree char *account = g_markup_escape_text (connection->account != NULL ? connection->account
                                                                               : connection->name, -1);
  g_autofree char *escaped = NULL;

  if (!refused)
    look.word = _("Good");
  if (host == NULL && provider != NULL)
    host = g_strcmp0 (connection->environment, "sandbox") == 0 ? provider->sandbox_url : provider->production_url;
  escaped = g_markup_escape_text (host != NULL ? host : "", -1);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->account), account);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->account),
                               refused ? _("The sign-in is refused") : _("Signed in"));
  tide_status_label_set_look (TIDE_STATUS_LABEL (self->sign_in_status), look);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->environment), escaped);
  gtk_button_set_label (GTK_BUTTON (self->replace_button), refused ? _("_Sign In Again…") : _("_Replace the Key…"));
  if (refused)
    gtk_widget_add_css_class (self->replace_button, "suggested-action");
  else
    gtk_widget_remove_css_class (self->replace_button, "suggested-action");
}

static void
tide_connection_page_remake_rows (TideConnectionPage *self,
                                  GPtrArray          *group)
{
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self->streams), g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; i < group->len; i++)
    {
      GtkWidget *row = tide_stream_row_new (g_ptr_array_index (group, i));

      adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->streams), row);
      g_ptr_array_add (self->rows, g_object_ref (row));
    }
}

static void
tide_connection_page_update_rows (TideConnectionPage *self,
                                  GPtrArray          *group)
{
  g_autoptr(GString) shape = g_string_new (NULL);

  for (guint i = 0; i < group->len; i++)
    g_string_append_printf (shape, "%s\n", ((TideStreamStatus *)g_ptr_array_index (group, i))->stream);
  g_string_append_printf (shape, "%" G_GINT64_FORMAT, self->connection_id);
  if (g_strcmp0 (shape->str, self->shape) != 0)
    {
      g_free (self->shape);
      self->shape = g_string_free (g_steal_pointer (&shape), FALSE);
      tide_connection_page_remake_rows (self, group);
    }
  for (guint i = 0; i < group->len; i++)
    tide_stream_row_update (g_ptr_array_index (self->rows, i), g_ptr_array_index (group, i), self->live);
}

static void
tide_connection_page_show_rate (TideConnectionPage *self,
                                const TideRateUse  *use)
{
  TideConnection *connection = tide_live_find_connection (self->live, self->connection_id);
  TideProviderInfo *provider = connection != NULL ? tide_live_find_provider (self->live, connection->provider) : NULL;
  g_autofree char *title = g_strdup_printf (_("Use of %s’s Limits"), provider != NULL ? provider->name : "");
  g_autofree char *text = tide_run_words_rate (use->used, use->limit, use->per);
  g_autofree char *held = tide_run_words_held (use->held_until, tide_live_get_now (self->live),
                                               tide_live_get_zone (self->live));

  gtk_widget_set_visible (self->rate_group, use->limit > 0);
  if (use->limit == 0)
    return;
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self->rate_group), title);
  gtk_label_set_label (GTK_LABEL (self->rate_text), text);
  gtk_level_bar_set_max_value (GTK_LEVEL_BAR (self->rate_bar), use->limit);
  gtk_level_bar_set_value (GTK_LEVEL_BAR (self->rate_bar), MIN (use->used, use->limit));
  gtk_label_set_label (GTK_LABEL (self->rate_held), held != NULL ? held : "");
  gtk_widget_set_visible (self->rate_held, held != NULL);
}

static gpointer
rate_job (TideEngine    *engine,
          gpointer       data,
          GCancellable  *cancellable,
          GError       **error)
{
  const gint64 *connection_id = data;
  g_autofree TideRateUse *use = g_new0 (TideRateUse, 1);

  return tide_engine_get_rate_use (engine, *connection_id, use, error) ? g_steal_pointer (&use) : NULL;
}

static void
tide_connection_page_rate_cb (GObject      *object,
                              GAsyncResult *result,
                              gpointer      user_data)
{
  g_autoptr(TideConnectionPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree TideRateUse *use = tide_job_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->cancellable);
  if (use != NULL)
    tide_connection_page_show_rate (self, use);
  else
    gtk_widget_set_visible (self->rate_group, FALSE);
}

static void
tide_connection_page_load_rate (TideConnectionPage *self)
{
  if (self->cancellable != NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  self->rate_next = g_get_monotonic_time () + RATE_PAUSE;
  self->cancellable = g_cancellable_new ();
  tide_job_run (tide_live_get_engine (self->live), rate_job,
                g_memdup2 (&self->connection_id, sizeof self->connection_id), g_free, g_free,
                self->cancellable, tide_connection_page_rate_cb, g_object_ref (self));
}

static void
tide_connection_page_update (TideConnectionPage *self)
{
  TideConnection *connection = tide_live_find_connection (self->live, self->connection_id);
  g_autoptr(GPtrArray) group = tide_connection_page_dup_group (self);
  TideSummary summary;
  const TideSummary *known = group->len > 0 ? &summary : NULL;
  g_autofree char *records = NULL;
  g_autofree char *text = NULL;

  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), connection != NULL ? "connection" : "gone");
  if (connection == NULL)
    return;
  if (group->len > 0)
    tide_summary_init (&summary, group);
  tide_connection_page_update_head (self, connection, known);
  tide_connection_page_update_sign_in (self, connection, known);
  tide_connection_page_update_rows (self, group);
  records = tide_format_number (known != NULL ? known->records : 0);
  text = g_strdup_printf (_("Disconnecting stops the syncs and forgets the sign-in. "
                            "You choose whether the %s records here stay."), records);
  gtk_label_set_label (GTK_LABEL (self->disconnect_text), text);
  tide_connection_page_load_rate (self);
}

static void
tide_connection_page_progress_cb (TideConnectionPage *self,
                                  TideRunProgress    *progress)
{
  if (progress->connection_id != self->connection_id)
    return;
  for (guint i = 0; i < self->rows->len; i++)
    tide_stream_row_update_progress (g_ptr_array_index (self->rows, i), self->live);
  if (g_get_monotonic_time () >= self->rate_next)
    tide_connection_page_load_rate (self);
}

static void
tide_connection_page_narrow_cb (TideConnectionPage *self,
                                GParamSpec         *pspec,
                                TideBreak          *widget)
{
  gboolean narrow = tide_break_get_narrow (widget);

  gtk_widget_set_margin_start (self->content, narrow ? 12 : 32);
  gtk_widget_set_margin_end (self->content, narrow ? 12 : 32);
  gtk_widget_set_visible (self->sync_button, !narrow);
  gtk_widget_set_visible (self->action_bar, narrow);
}

static void
tide_connection_page_dispose (GObject *object)
{
  TideConnectionPage *self = TIDE_CONNECTION_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->live);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  G_OBJECT_CLASS (tide_connection_page_parent_class)->dispose (object);
}

static void
tide_connection_page_finalize (GObject *object)
{
  g_free (TIDE_CONNECTION_PAGE (object)->shape);
  G_OBJECT_CLASS (tide_connection_page_parent_class)->finalize (object);
}

static void
tide_connection_page_class_init (TideConnectionPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_connection_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = tide_connection_page_finalize;

  g_type_ensure (TIDE_TYPE_BREAK);
  g_type_ensure (TIDE_TYPE_HEADER);
  g_type_ensure (TIDE_TYPE_STATUS_LABEL);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/tide-connection-page.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, TideConnectionPage, name)
  BIND (header);
  BIND (sync_button);
  BIND (action_bar);
  BIND (bar_button);
  BIND (stack);
  BIND (content);
  BIND (tile);
  BIND (title);
  BIND (line);
  BIND (status);
  BIND (account);
  BIND (sign_in_status);
  BIND (replace_button);
  BIND (environment);
  BIND (streams);
  BIND (rate_group);
  BIND (rate_text);
  BIND (rate_bar);
  BIND (rate_held);
  BIND (disconnect_text);
  BIND (disconnect_button);
  BIND (check_row);
  BIND (check_button);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, tide_connection_page_narrow_cb);
}

static void
tide_connection_page_init (TideConnectionPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  tide_status_label_keep_whole (TIDE_STATUS_LABEL (self->status));
  tide_status_label_keep_whole (TIDE_STATUS_LABEL (self->sign_in_status));
  self->rows = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * tide_connection_page_new:
 * @live: what to show
 */
GtkWidget *
tide_connection_page_new (TideLive *live)
{
  TideConnectionPage *self = g_object_new (TIDE_TYPE_CONNECTION_PAGE, NULL);

  self->live = g_object_ref (live);
  g_signal_connect_object (live, "changed", G_CALLBACK (tide_connection_page_update), self, G_CONNECT_SWAPPED);
  g_signal_connect_swapped (self, "map", G_CALLBACK (tide_connection_page_load_rate), self);
  g_signal_connect_object (live, "progress", G_CALLBACK (tide_connection_page_progress_cb), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

/**
 * tide_connection_page_show_connection:
 * @connection_id: which connection
 */
void
tide_connection_page_show_connection (TideConnectionPage *self,
                                      gint64              connection_id)
{
  if (self->connection_id != connection_id)
    {
      g_cancellable_cancel (self->cancellable);
      g_clear_object (&self->cancellable);
      gtk_widget_set_visible (self->rate_group, FALSE);
    }
  self->connection_id = connection_id;
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->sync_button), "(xs)", connection_id, "");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->bar_button), "(xs)", connection_id, "");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->replace_button), "x", connection_id);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->check_button), "x", connection_id);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->disconnect_button), "x", connection_id);
  tide_connection_page_update (self);
}

gint64
tide_connection_page_get_connection_id (TideConnectionPage *self)
{
  return self->connection_id;
}
