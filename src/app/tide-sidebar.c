/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-format.h"
#include "tide-need.h"
#include "tide-sentence.h"
#include "tide-sidebar.h"

struct _TideSidebar
{
  AdwBin      parent_instance;

  TideLive   *live;           /* (owned) (nullable) */
  GtkWidget  *bar;
  GtkWidget  *venue_button;
  GtkWidget  *venue_title;
  GtkWidget  *venue_subtitle;
  GtkWidget  *pages;
  GtkWidget  *overview_row;
  GtkWidget  *attention_row;
  GtkWidget  *data_row;
  GtkWidget  *runs_row;
  GtkWidget  *integrations_row;
  GtkWidget  *badge;
  GtkWidget  *foot_icon;
  GtkWidget  *foot_title;
  GtkWidget  *foot_subtitle;
  const char *foot_style;     /* (nullable): static */
};

G_DEFINE_FINAL_TYPE (TideSidebar, tide_sidebar, ADW_TYPE_BIN)

static GtkWidget *
tide_sidebar_find_row (TideSidebar *self,
                       const char  *page)
{
  if (g_str_equal (page, "attention"))
    return self->attention_row;
  if (g_str_equal (page, "data"))
    return self->data_row;
  if (g_str_equal (page, "runs"))
    return self->runs_row;
  if (g_str_equal (page, "integrations"))
    return self->integrations_row;
  return self->overview_row;
}

static void
tide_sidebar_row_activated_cb (TideSidebar   *self,
                               GtkListBoxRow *row)
{
  const char *page = "overview";

  if (GTK_WIDGET (row) == self->attention_row)
    page = "attention";
  else if (GTK_WIDGET (row) == self->data_row)
    page = "data";
  else if (GTK_WIDGET (row) == self->runs_row)
    page = "runs";
  else if (GTK_WIDGET (row) == self->integrations_row)
    page = "integrations";
  gtk_widget_activate_action (GTK_WIDGET (self), "win.page", "s", page);
}

static void
tide_sidebar_update_venues (TideSidebar *self)
{
  GPtrArray *venues = tide_live_get_venues (self->live);
  TideVenue *venue = tide_live_find_venue (self->live, tide_live_get_venue_id (self->live));
  int n = (int)venues->len;
  g_autoptr(GMenu) menu = g_menu_new ();
  g_autofree char *subtitle = NULL;

  if (venue == NULL && n == 1)
    venue = g_ptr_array_index (venues, 0);
  gtk_label_set_label (GTK_LABEL (self->venue_title), venue != NULL ? venue->name : _("All Venues"));
  subtitle = venue != NULL ? g_strdup (venue->timezone)
                           : g_strdup_printf (ngettext ("%d venue", "%d venues", n), n);
  gtk_label_set_label (GTK_LABEL (self->venue_subtitle), subtitle);
  g_menu_append (menu, _("All Venues"), "win.venue(int64 0)");
  for (guint i = 0; i < venues->len; i++)
    {
      TideVenue *each = g_ptr_array_index (venues, i);
      g_autofree char *action = g_strdup_printf ("win.venue(int64 %" G_GINT64_FORMAT ")", each->id);

      g_menu_append (menu, each->name, action);
    }
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (self->venue_button), G_MENU_MODEL (menu));
  /* With one venue there is nothing to choose. */
  gtk_widget_set_sensitive (self->venue_button, n > 1);
}

/* What is due next, of the streams shown. */
static char *
tide_sidebar_dup_next (TideSidebar *self,
                       gint64       now)
{
  GPtrArray *statuses = tide_live_get_statuses (self->live);
  gint64 venue_id = tide_live_get_venue_id (self->live);
  TideStreamStatus *next = NULL;
  g_autofree char *clock = NULL;

  for (guint i = 0; i < statuses->len; i++)
    {
      TideStreamStatus *status = g_ptr_array_index (statuses, i);

      if (status->next_run > now && status->health != TIDE_HEALTH_SIGN_IN 
          && (next == NULL || status->next_run < next->next_run)
          && (venue_id == 0 || status->connection->venue_id == venue_id))
        next = status;
    }
  if (next == NULL)
    return g_strdup (statuses->len > 0 ? _("Nothing planned") : "");
  clock = tide_format_next (next->next_run, now, tide_live_get_zone (self->live));
  /* Translators: what is synced next, and when: "Next: Orders, 12:37" */
  return g_strdup_printf (_("Next: %s, %s"), next->label, clock);
}

static void
tide_sidebar_set_foot_style (TideSidebar *self,
                             const char  *style)
{
  if (self->foot_style == style)
    return;
  if (self->foot_style != NULL)
    gtk_widget_remove_css_class (self->foot_icon, self->foot_style);
  gtk_widget_add_css_class (self->foot_icon, style);
  self->foot_style = style;
}

static void
tide_sidebar_update (TideSidebar *self)
{
  GPtrArray *statuses = tide_live_get_statuses (self->live);
  TideAttention *attention = tide_live_get_attention (self->live);
  gint64 now = tide_live_get_now (self->live);
  gint64 venue_id = tide_live_get_venue_id (self->live);
  g_autoptr(TideSentence) sentence = NULL;
  g_autoptr(GPtrArray) needs = NULL;
  g_autofree char *next = NULL;
  g_autofree char *count = NULL;
  g_autofree char *label = NULL;

  tide_sidebar_update_venues (self);
  if (statuses == NULL)
    return;
  sentence = tide_sentence_new (statuses, attention, venue_id, now, tide_live_get_zone (self->live));
  needs = tide_need_list (statuses, attention, venue_id);
  next = tide_sidebar_dup_next (self, now);
  count = tide_format_number (needs->len);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->foot_icon), sentence->look.icon);
  tide_sidebar_set_foot_style (self, sentence->look.style);
  gtk_label_set_label (GTK_LABEL (self->foot_title), sentence->foot);
  gtk_label_set_label (GTK_LABEL (self->foot_subtitle), next);
  gtk_label_set_label (GTK_LABEL (self->badge), count);
  gtk_widget_set_tooltip_text (self->badge, sentence->title);
  gtk_widget_set_visible (self->badge, needs->len > 0);
  /* Translators: the page "Attention", then "2 things need you" */
  label = needs->len > 0 ? g_strdup_printf (_("Attention: %s"), sentence->title) : g_strdup (_("Attention"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->attention_row), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
tide_sidebar_dispose (GObject *object)
{
  g_clear_object (&TIDE_SIDEBAR (object)->live);
  G_OBJECT_CLASS (tide_sidebar_parent_class)->dispose (object);
}

static void
tide_sidebar_class_init (TideSidebarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_sidebar_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/tide-sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, TideSidebar, bar);
  gtk_widget_class_bind_template_child (widget_class, TideSidebar, venue_button);
  gtk_widget_class_bind_template_child (widget_class, TideSidebar, venue_title);
  gtk_widget_class_bind_template_child (widget_class, TideSidebar, venue_subtitle);
  gtk_widget_class_bind_template_child (widget_class, TideSidebar, pages);
  gtk_widget_class_bind_template_child (widget_class, TideSidebar, overview_row);
  gtk_widget_class_bind_template_child (widget_class, TideSidebar, attention_row);
  gtk_widget_class_bind_template_child (widget_class, TideSidebar, data_row);
  gtk_widget_class_bind_template_child (widget_class, TideSidebar, runs_row);
  gtk_widget_class_bind_template_child (widget_class, TideSidebar, integrations_row);
  gtk_widget_class_bind_template_child (widget_class, TideSidebar, badge);
  gtk_widget_class_bind_template_child (widget_class, TideSidebar, foot_icon);
  gtk_widget_class_bind_template_child (widget_class, TideSidebar, foot_title);
  gtk_widget_class_bind_template_child (widget_class, TideSidebar, foot_subtitle);
  gtk_widget_class_bind_template_callback (widget_class, tide_sidebar_row_activated_cb);
}

static void
tide_sidebar_init (TideSidebar *self)
{
  GtkWidget *content;

  gtk_widget_init_template (GTK_WIDGET (self));
  /* A menu button keeps its content in the middle; a place's name is looked for at the start. */
  content = gtk_widget_get_first_child (gtk_widget_get_first_child (self->venue_button));
  if (content != NULL)
    gtk_widget_set_halign (content, GTK_ALIGN_FILL);
}

/**
 * tide_sidebar_set_live:
 * @live: (nullable): what to show the state of
 */
void
tide_sidebar_set_live (TideSidebar *self,
                       TideLive    *live)
{
  if (self->live != NULL)
    g_signal_handlers_disconnect_by_data (self->live, self);
  g_set_object (&self->live, live);
  if (live == NULL)
    return;
  g_signal_connect_object (live, "changed", G_CALLBACK (tide_sidebar_update), self, G_CONNECT_SWAPPED);
  tide_sidebar_update (self);
}

/**
 * tide_sidebar_set_page:
 * @page: name of the page that is open
 */
void
tide_sidebar_set_page (TideSidebar *self,
                       const char  *page)
{
  gtk_list_box_select_row (GTK_LIST_BOX (self->pages), GTK_LIST_BOX_ROW (tide_sidebar_find_row (self, page)));
}

/**
 * tide_sidebar_set_folded:
 * @folded: whether it has the window for itself, and so needs the window's buttons
 */
void
tide_sidebar_set_folded (TideSidebar *self,
                         gboolean     folded)
{
  adw_header_bar_set_show_end_title_buttons (ADW_HEADER_BAR (self->bar), folded);
}
