/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "tide-break.h"
#include "tide-format.h"
#include "tide-header.h"
#include "tide-integrations-page.h"
#include "tide-provider-card.h"
#include "tide-status-label.h"
#include "tide-summary.h"

struct _TideIntegrationsPage
{
  AdwBin      parent_instance;

  GtkWidget  *content;
  GtkWidget  *connected_box;
  GtkWidget  *connected_text;
  GtkWidget  *connected;
  GtkWidget  *search;
  GtkWidget  *gallery;
  GtkWidget  *gallery_stack;

  TideLive   *live;           /* (owned) */
  char       *shape;          /* (owned) (nullable): what the lists were made of */
};

G_DEFINE_FINAL_TYPE (TideIntegrationsPage, tide_integrations_page, ADW_TYPE_BIN)

static GPtrArray *
find_group (GPtrArray *groups,
            gint64     connection_id)
{
  for (guint i = 0; i < groups->len; i++)
    {
      GPtrArray *group = g_ptr_array_index (groups, i);

      if (((TideStreamStatus *)g_ptr_array_index (group, 0))->connection->id == connection_id)
        return group;
    }
  return NULL;
}

/* "Orders, Payments and 8 more" */
static char *
dup_brings (GPtrArray *group)
{
  g_autoptr(GPtrArray) labels = g_ptr_array_new ();

  for (guint i = 0; group != NULL && i < group->len; i++)
    g_ptr_array_add (labels, ((TideStreamStatus *)g_ptr_array_index (group, i))->label);
  return tide_format_list (labels, 3);
}

static void
tide_integrations_page_add_connection (TideIntegrationsPage *self,
                                       TideConnection       *connection,
                                       GPtrArray            *group)
{
  TideProviderInfo *provider = tide_live_find_provider (self->live, connection->provider);
  TideVenue *venue = tide_live_find_venue (self->live, connection->venue_id);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *tile = gtk_label_new (provider != NULL ? provider->tile : "?");
  g_autofree char *brings = dup_brings (group);
  g_autofree char *subtitle = g_strdup_printf ("%s · %s", venue != NULL ? venue->name : connection->provider, brings);
  g_autofree char *title = g_markup_escape_text (connection->name, -1);
  g_autofree char *escaped = g_markup_escape_text (subtitle, -1);
  GtkWidget *status = tide_status_label_new ();

  gtk_widget_add_css_class (tile, "tide-tile");
  gtk_widget_add_css_class (tile, "tide-tile-32");
  gtk_widget_set_valign (tile, GTK_ALIGN_CENTER);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), escaped);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), tile);
  if (group != NULL)
    {
      TideSummary summary;

      tide_summary_init (&summary, group);
      tide_status_label_set_look (TIDE_STATUS_LABEL (status), tide_look_for_health (summary.health));
      tide_status_label_keep_whole (TIDE_STATUS_LABEL (status));
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), status);
    }
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "win.open-connection");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "x", connection->id);
  gtk_list_box_append (GTK_LIST_BOX (self->connected), row);
}

static void
tide_integrations_page_update_connected (TideIntegrationsPage *self)
{
  GPtrArray *connections = tide_live_get_connections (self->live);
  GPtrArray *statuses = tide_live_get_statuses (self->live);
  gint64 venue_id = tide_live_get_venue_id (self->live);
  g_autoptr(GPtrArray) groups = tide_summary_group (statuses, venue_id);
  GtkWidget *row;
  guint n = 0;

  while ((row = gtk_widget_get_first_child (self->connected)) != NULL)
    gtk_list_box_remove (GTK_LIST_BOX (self->connected), row);
  for (guint i = 0; i < connections->len; i++)
    {
      TideConnection *connection = g_ptr_array_index (connections, i);

      if (venue_id != 0 && connection->venue_id != venue_id)
        continue;
      tide_integrations_page_add_connection (self, connection, find_group (groups, connection->id));
      n++;
    }
  gtk_widget_set_visible (self->connected_box, n > 0);
}

static guint
count_connections (TideIntegrationsPage *self,
                   const char           *provider)
{
  GPtrArray *connections = tide_live_get_connections (self->live);
  guint n = 0;

  for (guint i = 0; i < connections->len; i++)
    n += g_strcmp0 (((TideConnection *)g_ptr_array_index (connections, i))->provider, provider) == 0;
  return n;
}

static gboolean
text_matches (const char *text,
              const char *search)
{
  g_autofree char *folded = g_utf8_casefold (text != NULL ? text : "", -1);

  return strstr (folded, search) != NULL;
}

static void
tide_integrations_page_update_gallery (TideIntegrationsPage *self)
{
  g_autoptr(GPtrArray) providers = tide_engine_list_providers (tide_live_get_engine (self->live));
  g_autofree char *search = g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (self->search)), -1);
  GtkWidget *card;
  guint n = 0;

  while ((card = gtk_widget_get_first_child (self->gallery)) != NULL)
    gtk_flow_box_remove (GTK_FLOW_BOX (self->gallery), card);
  for (guint i = 0; i < providers->len; i++)
    {
      TideProviderInfo *provider = g_ptr_array_index (providers, i);

      if (!text_matches (provider->name, search) && !text_matches (provider->summary, search))
        continue;
      gtk_flow_box_append (GTK_FLOW_BOX (self->gallery),
                           tide_provider_card_new (provider, count_connections (self, provider->id)));
      n++;
    }
  gtk_stack_set_visible_child_name (GTK_STACK (self->gallery_stack), n > 0 ? "gallery" : "none");
}

static void
tide_integrations_page_search_cb (TideIntegrationsPage *self)
{
  tide_integrations_page_update_gallery (self);
}

/* What the lists show, as a text: while it is the same they are left alone, and with them the focus. */
static char *
tide_integrations_page_dup_shape (TideIntegrationsPage *self)
{
  GPtrArray *connections = tide_live_get_connections (self->live);
  GPtrArray *statuses = tide_live_get_statuses (self->live);
  g_autoptr(GPtrArray) groups = tide_summary_group (statuses, 0);
  g_autoptr(GString) shape = g_string_new (NULL);

  g_string_append_printf (shape, "%" G_GINT64_FORMAT "\n", tide_live_get_venue_id (self->live));
  for (guint i = 0; i < connections->len; i++)
    {
      TideConnection *connection = g_ptr_array_index (connections, i);
      GPtrArray *group = find_group (groups, connection->id);
      TideSummary summary = { 0 };

      if (group != NULL)
        tide_summary_init (&summary, group);
      g_string_append_printf (shape, "%" G_GINT64_FORMAT "/%s/%d\n", connection->id, connection->name, summary.health);
    }
  return g_string_free (g_steal_pointer (&shape), FALSE);
}

static void
tide_integrations_page_update (TideIntegrationsPage *self)
{
  g_autofree char *shape = NULL;

  if (tide_live_get_statuses (self->live) == NULL)
    return;
  shape = tide_integrations_page_dup_shape (self);
  if (g_strcmp0 (shape, self->shape) == 0)
    return;
  g_free (self->shape);
  self->shape = g_steal_pointer (&shape);
  tide_integrations_page_update_connected (self);
  tide_integrations_page_update_gallery (self);
}

static void
tide_integrations_page_narrow_cb (TideIntegrationsPage *self,
                                  GParamSpec           *pspec,
                                  TideBreak            *widget)
{
  gboolean narrow = tide_break_get_narrow (widget);

  gtk_widget_set_margin_start (self->content, narrow ? 12 : 32);
  gtk_widget_set_margin_end (self->content, narrow ? 12 : 32);
  gtk_widget_set_halign (self->search, narrow ? GTK_ALIGN_FILL : GTK_ALIGN_END);
}

static void
tide_integrations_page_dispose (GObject *object)
{
  TideIntegrationsPage *self = TIDE_INTEGRATIONS_PAGE (object);

  g_clear_object (&self->live);
  G_OBJECT_CLASS (tide_integrations_page_parent_class)->dispose (object);
}

static void
tide_integrations_page_finalize (GObject *object)
{
  g_free (TIDE_INTEGRATIONS_PAGE (object)->shape);
  G_OBJECT_CLASS (tide_integrations_page_parent_class)->finalize (object);
}

static void
tide_integrations_page_class_init (TideIntegrationsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_integrations_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = tide_integrations_page_finalize;

  g_type_ensure (TIDE_TYPE_BREAK);
  g_type_ensure (TIDE_TYPE_HEADER);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/tide-integrations-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TideIntegrationsPage, content);
  gtk_widget_class_bind_template_child (widget_class, TideIntegrationsPage, connected_box);
  gtk_widget_class_bind_template_child (widget_class, TideIntegrationsPage, connected_text);
  gtk_widget_class_bind_template_child (widget_class, TideIntegrationsPage, connected);
  gtk_widget_class_bind_template_child (widget_class, TideIntegrationsPage, search);
  gtk_widget_class_bind_template_child (widget_class, TideIntegrationsPage, gallery);
  gtk_widget_class_bind_template_child (widget_class, TideIntegrationsPage, gallery_stack);
  gtk_widget_class_bind_template_callback (widget_class, tide_integrations_page_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, tide_integrations_page_narrow_cb);
}

static void
tide_integrations_page_init (TideIntegrationsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * tide_integrations_page_new:
 * @live: what to show
 */
GtkWidget *
tide_integrations_page_new (TideLive *live)
{
  TideIntegrationsPage *self = g_object_new (TIDE_TYPE_INTEGRATIONS_PAGE, NULL);

  self->live = g_object_ref (live);
  g_signal_connect_object (live, "changed", G_CALLBACK (tide_integrations_page_update), self, G_CONNECT_SWAPPED);
  tide_integrations_page_update (self);
  return GTK_WIDGET (self);
}
