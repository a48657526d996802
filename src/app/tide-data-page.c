/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-break.h"
#include "tide-data-columns.h"
#include "tide-data-drawer.h"
#include "tide-data-export.h"
#include "tide-data-model.h"
#include "tide-data-page.h"
#include "tide-data-session.h"
#include "tide-filter-drop.h"
#include "tide-format.h"
#include "tide-header.h"
#include "tide-trouble.h"
#include "tide-window.h"

/* What somebody looks at while filling in a form: it is to be fresh. */
#define FRESH_ENTITY "customers"

#define FIRST_ENTITY "orders"

struct _TideDataPage
{
  AdwBin            parent_instance;

  GtkWidget        *wide_place;
  GtkWidget        *narrow_place;
  GtkWidget        *entity;
  GtkWidget        *drawer_toggle;
  GtkWidget        *export_button;
  GtkWidget        *export_content;
  GtkWidget        *flap;
  GtkWidget        *drawer;
  GtkWidget        *content;
  GtkWidget        *search;
  GtkWidget        *stack;
  GtkWidget        *empty;
  GtkWidget        *failed;
  GtkWidget        *view;
  GtkWidget        *foot;
  GtkWidget        *count;
  GtkWidget        *of_all;
  GtkWidget        *fresh_spinner;
  GtkWidget        *fresh;

  TideLive         *live;     /* (owned) */
  TideDataModel    *model;    /* (owned) */
  GtkSingleSelection *selection; /* (owned) */
  TideDataSession  *session;  /* (owned) */
  char             *shown;    /* (owned) (nullable): the entity that the columns are for */
  gint64            venue_id; /* that the list is of */
  gboolean          narrow;
  gboolean          chosen;   /* an entity, at first by the program */
  guint             fit_id;
  gboolean          loading_columns; /* the order is being set by the program */
};

G_DEFINE_FINAL_TYPE (TideDataPage, tide_data_page, ADW_TYPE_BIN)

static const char *
tide_data_page_get_entity (TideDataPage *self)
{
  return tide_filter_drop_get_value (TIDE_FILTER_DROP (self->entity));
}

/* What the entity is called, by the first service that brings it. */
static const char *
tide_data_page_get_label (TideDataPage *self)
{
  GPtrArray *connections = tide_live_get_connections (self->live);
  const char *entity = tide_data_page_get_entity (self);

  for (guint i = 0; i < connections->len; i++)
    {
      TideConnection *connection = g_ptr_array_index (connections, i);
      TideProviderInfo *provider = tide_live_find_provider (self->live, connection->provider);

      for (guint k = 0; provider != NULL && k < provider->streams->len; k++)
        {
          const TideStreamInfo *stream = g_ptr_array_index (provider->streams, k);

          if (g_strcmp0 (stream->entity, entity) == 0)
            return stream->label;
        }
    }
  return _("Records");
}

static const char *
tide_data_page_get_venue (TideDataPage *self)
{
  TideVenue *venue = tide_live_find_venue (self->live, tide_live_get_venue_id (self->live));

  return venue != NULL ? venue->name : NULL;
}

/* Of the entity in all; at the venue shown. */
static gint64
tide_data_page_count_all (TideDataPage *self)
{
  GPtrArray *statuses = tide_live_get_statuses (self->live);
  gint64 venue_id = tide_live_get_venue_id (self->live);
  gint64 all = 0;

  for (guint i = 0; statuses != NULL && i < statuses->len; i++)
    {
      const TideStreamStatus *status = g_ptr_array_index (statuses, i);

      if (g_strcmp0 (status->entity, tide_data_page_get_entity (self)) == 0
          && (venue_id == 0 || status->connection->venue_id == venue_id))
        all += status->records;
    }
  return all;
}

static TideDataQuery *
tide_data_page_dup_query (TideDataPage *self)
{
  TideDataQuery *query = g_new0 (TideDataQuery, 1);
  const char *search = gtk_editable_get_text (GTK_EDITABLE (self->search));

  query->search = *search != '\0' ? g_strdup (search) : NULL;
  query->venue = g_strdup (tide_data_page_get_venue (self));
  if (g_strcmp0 (self->shown, tide_data_page_get_entity (self)) == 0)
    query->sort = g_strdup (tide_data_columns_get_sort (GTK_COLUMN_VIEW (self->view), &query->descending));
  return query;
}

static void
tide_data_page_load (TideDataPage *self)
{
  g_autoptr(TideDataQuery) query = NULL;
  const char *entity = tide_data_page_get_entity (self);

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  if (entity == NULL)
    {
      gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "none");
      return;
    }
  query = tide_data_page_dup_query (self);
  self->venue_id = tide_live_get_venue_id (self->live);
  tide_data_model_set_query (self->model, entity, query);
}

static void
tide_data_page_update_foot (TideDataPage *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->model));
  gboolean complete = tide_data_model_is_complete (self->model);
  gboolean searched = *gtk_editable_get_text (GTK_EDITABLE (self->search)) != '\0';
  gint64 all = MAX (tide_data_page_count_all (self), n);
  g_autofree char *number = tide_format_number (complete ? n : all);
  g_autofree char *all_number = tide_format_number (all);
  /* Translators: what is counted, how many: "Orders: 4,000" */
  g_autofree char *text = g_strdup_printf (_("%s: %s"), tide_data_page_get_label (self), number);
  g_autofree char *of_all = g_strdup_printf (_("shown of %s"), all_number);

  /* Until all are found the number would be too small, or of all of them. */
  if (!complete && searched)
    gtk_label_set_label (GTK_LABEL (self->count), _("Searching…"));
  else
    gtk_label_set_label (GTK_LABEL (self->count), text);
  gtk_label_set_label (GTK_LABEL (self->of_all), searched && complete ? of_all : "");
}

static void
tide_data_page_fit (TideDataPage *self)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_hadjustment (GTK_SCROLLABLE (self->view));
  int width = (int)gtk_adjustment_get_page_size (adjustment);

  if (width > 0)
    tide_data_columns_fit (GTK_COLUMN_VIEW (self->view), width);
}

static gboolean
tide_data_page_fit_cb (gpointer user_data)
{
  TideDataPage *self = user_data;

  self->fit_id = 0;
  tide_data_page_fit (self);
  return G_SOURCE_REMOVE;
}

/* Columns must not come and go while the table is being given its size. */
static void
tide_data_page_width_cb (TideDataPage *self)
{
  if (self->fit_id == 0)
    self->fit_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, tide_data_page_fit_cb, self, NULL);
}

static void
tide_data_page_update_columns (TideDataPage *self)
{
  TideDataShape *shape = tide_data_model_get_shape (self->model);

  if (shape == NULL || g_strcmp0 (self->shown, tide_data_shape_get_entity (shape)) == 0)
    return;
  g_free (self->shown);
  self->shown = g_strdup (tide_data_shape_get_entity (shape));
  self->loading_columns = TRUE;
  tide_data_columns_set (GTK_COLUMN_VIEW (self->view), self->live, shape);
  tide_data_page_fit (self);
  self->loading_columns = FALSE;
}

static void
tide_data_page_loaded_cb (TideDataPage *self)
{
  const GError *error = tide_data_model_get_error (self->model);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->model));
  gboolean searched = *gtk_editable_get_text (GTK_EDITABLE (self->search)) != '\0';
  const char *page = n > 0 ? "list" : searched ? "nothing-found" : "empty";
  g_autofree char *trouble = NULL;

  if (error != NULL)
    {
      trouble = tide_trouble_describe (error, _("Tidemark"));
      adw_status_page_set_description (ADW_STATUS_PAGE (self->failed), trouble);
    }
  tide_data_page_update_columns (self);
  tide_data_page_update_foot (self);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), error != NULL ? "failed" : page);
}

/* The header of a column was clicked. */
static void
tide_data_page_sorted_cb (TideDataPage *self)
{
  if (!self->loading_columns)
    tide_data_page_load (self);
}

static void
tide_data_page_say_fresh (TideDataPage *self,
                          const char   *text,
                          gboolean      going)
{
  gtk_label_set_label (GTK_LABEL (self->fresh), text);
  gtk_widget_set_visible (self->fresh_spinner, going);
  gtk_spinner_set_spinning (GTK_SPINNER (self->fresh_spinner), going);
}

static void
tide_data_page_say_as_of (TideDataPage *self,
                          gint64        instant)
{
  g_autofree char *when = tide_format_next (instant, tide_live_get_now (self->live), tide_live_get_zone (self->live));
  /* Translators: a time: "12:34" */
  g_autofree char *text = g_strdup_printf (_("Fresh as of %s"), when);

  tide_data_page_say_fresh (self, text, FALSE);
}

/* A session for what is shown, if it is to be fresh; none for anything else. */
static void
tide_data_page_update_session (TideDataPage *self)
{
  gboolean wanted = gtk_widget_get_mapped (GTK_WIDGET (self))
                    && g_strcmp0 (tide_data_page_get_entity (self), FRESH_ENTITY) == 0;
  g_autoptr(GError) error = NULL;

  if (!wanted)
    {
      tide_data_session_end (self->session);
      tide_data_page_say_fresh (self, "", FALSE);
      return;
    }
  tide_data_page_say_fresh (self, _("Refreshing customers…"), TRUE);
  if (!tide_data_session_begin (self->session, tide_data_page_get_venue (self), &error))
    {
      g_info ("%s", error->message);
      tide_data_page_say_fresh (self, _("As it was synced last"), FALSE);
    }
}

static void
tide_data_page_run_ended_cb (TideDataPage *self,
                             TideRun      *run)
{
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)) || g_strcmp0 (run->entity, tide_data_page_get_entity (self)) != 0)
    return;
  if (run->counts.created + run->counts.updated + run->counts.deleted > 0)
    tide_data_model_refresh (self->model);
  if (!tide_data_session_is_active (self->session))
    return;
  if (run->status == TIDE_RUN_COMPLETED)
    tide_data_page_say_as_of (self, run->ended_at);
  else
    tide_data_page_say_fresh (self, _("Could not be refreshed just now"), FALSE);
}

static void
tide_data_page_entity_changed_cb (TideDataPage *self)
{
  tide_data_drawer_show_row (TIDE_DATA_DRAWER (self->drawer), self->live, NULL);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->drawer_toggle), FALSE);
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  tide_data_page_load (self);
  tide_data_page_update_session (self);
}

static void
tide_data_page_update_choices (TideDataPage *self)
{
  GPtrArray *connections = tide_live_get_connections (self->live);

  tide_filter_drop_begin (TIDE_FILTER_DROP (self->entity));
  for (guint i = 0; i < connections->len; i++)
    {
      TideConnection *connection = g_ptr_array_index (connections, i);
      TideProviderInfo *provider = tide_live_find_provider (self->live, connection->provider);

      for (guint k = 0; provider != NULL && k < provider->streams->len; k++)
        {
          const TideStreamInfo *stream = g_ptr_array_index (provider->streams, k);

          if (!stream->child)
            tide_filter_drop_add (TIDE_FILTER_DROP (self->entity), stream->label, stream->entity);
        }
    }
  tide_filter_drop_end (TIDE_FILTER_DROP (self->entity));
  /* What most come for is open first. */
  if (!self->chosen && connections->len > 0)
    {
      tide_filter_drop_set_value (TIDE_FILTER_DROP (self->entity), FIRST_ENTITY);
      self->chosen = TRUE;
    }
  gtk_widget_set_visible (self->entity, connections->len > 0);
  gtk_widget_set_sensitive (self->export_button, connections->len > 0);
}

static void
tide_data_page_changed_cb (TideDataPage *self)
{
  g_autofree char *before = g_strdup (tide_data_page_get_entity (self));

  tide_data_page_update_choices (self);
  if (g_strcmp0 (before, tide_data_page_get_entity (self)) != 0)
    tide_data_page_entity_changed_cb (self);
  else if (self->venue_id != tide_live_get_venue_id (self->live))
    {
      tide_data_page_load (self);
      tide_data_page_update_session (self);
    }
  else
    tide_data_page_update_foot (self);
}

static void
tide_data_page_clear_search_cb (TideDataPage *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
}

static void
tide_data_page_selected_cb (TideDataPage *self)
{
  tide_data_drawer_show_row (TIDE_DATA_DRAWER (self->drawer), self->live,
                             gtk_single_selection_get_selected_item (self->selection));
}

static void
tide_data_page_row_activated_cb (TideDataPage *self,
                                 guint         position)
{
  gtk_single_selection_set_selected (self->selection, position);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->drawer_toggle), TRUE);
}

static void
tide_data_page_close_drawer_cb (TideDataPage *self)
{
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->drawer_toggle), FALSE);
  gtk_widget_grab_focus (self->view);
}

static gboolean
tide_data_page_toggle_drawer_cb (GtkWidget *widget,
                                 GVariant  *arguments,
                                 gpointer   user_data)
{
  TideDataPage *self = TIDE_DATA_PAGE (widget);
  GtkToggleButton *toggle = GTK_TOGGLE_BUTTON (self->drawer_toggle);

  gtk_toggle_button_set_active (toggle, !gtk_toggle_button_get_active (toggle));
  return TRUE;
}

static gboolean
tide_data_page_find_cb (GtkWidget *widget,
                        GVariant  *arguments,
                        gpointer   user_data)
{
  gtk_widget_grab_focus (TIDE_DATA_PAGE (widget)->search);
  return TRUE;
}

static void
tide_data_page_export_cb (TideDataPage *self)
{
  g_autoptr(TideDataQuery) query = tide_data_page_dup_query (self);
  TideDataShape *shape = tide_data_model_get_shape (self->model);
  g_autofree char *where = shape != NULL ? tide_data_shape_make_where (shape, query) : NULL;

  if (shape != NULL)
    tide_data_export_ask (TIDE_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), tide_data_page_get_entity (self),
                          tide_data_page_get_label (self), where);
}

/* In a narrow window the header has no room for the kind of data: it then goes before the search. */
static void
tide_data_page_place_entity (TideDataPage *self)
{
  g_autoptr(GtkWidget) entity = g_object_ref (self->entity);

  adw_bin_set_child (ADW_BIN (self->narrow ? self->wide_place : self->narrow_place), NULL);
  adw_bin_set_child (ADW_BIN (self->narrow ? self->narrow_place : self->wide_place), entity);
  gtk_widget_set_visible (self->wide_place, !self->narrow);
  gtk_widget_set_visible (self->narrow_place, self->narrow);
}

static void
tide_data_page_narrow_cb (TideDataPage *self,
                          GParamSpec   *pspec,
                          TideBreak    *widget)
{
  self->narrow = tide_break_get_narrow (widget);
  gtk_widget_set_margin_start (self->content, self->narrow ? 12 : 24);
  gtk_widget_set_margin_end (self->content, self->narrow ? 12 : 24);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->foot),
                                  self->narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  gtk_box_set_spacing (GTK_BOX (self->foot), self->narrow ? 2 : 12);
  tide_data_page_place_entity (self);
  /* The icon has a tooltip. */
  adw_button_content_set_label (ADW_BUTTON_CONTENT (self->export_content), self->narrow ? "" : _("Export…"));
  /* A click on a record opens it, too. */
  gtk_widget_set_visible (self->drawer_toggle, !self->narrow);
}

static void
tide_data_page_map (GtkWidget *widget)
{
  TideDataPage *self = TIDE_DATA_PAGE (widget);

  GTK_WIDGET_CLASS (tide_data_page_parent_class)->map (widget);
  tide_data_page_update_choices (self);
  tide_data_page_load (self);
  tide_data_page_update_session (self);
}

static void
tide_data_page_unmap (GtkWidget *widget)
{
  TideDataPage *self = TIDE_DATA_PAGE (widget);

  GTK_WIDGET_CLASS (tide_data_page_parent_class)->unmap (widget);
  tide_data_session_end (self->session);
}

static void
tide_data_page_dispose (GObject *object)
{
  TideDataPage *self = TIDE_DATA_PAGE (object);

  g_clear_handle_id (&self->fit_id, g_source_remove);
  g_clear_object (&self->session);
  g_clear_object (&self->selection);
  g_clear_object (&self->model);
  g_clear_object (&self->live);
  G_OBJECT_CLASS (tide_data_page_parent_class)->dispose (object);
}

static void
tide_data_page_finalize (GObject *object)
{
  g_free (TIDE_DATA_PAGE (object)->shown);
  G_OBJECT_CLASS (tide_data_page_parent_class)->finalize (object);
}

static void
tide_data_page_class_init (TideDataPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_data_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = tide_data_page_finalize;
  widget_class->map = tide_data_page_map;
  widget_class->unmap = tide_data_page_unmap;

  g_type_ensure (TIDE_TYPE_BREAK);
  g_type_ensure (TIDE_TYPE_DATA_DRAWER);
  g_type_ensure (TIDE_TYPE_FILTER_DROP);
  g_type_ensure (TIDE_TYPE_HEADER);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F9, 0, tide_data_page_toggle_drawer_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_f, GDK_CONTROL_MASK, tide_data_page_find_cb, NULL);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/tide-data-page.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, TideDataPage, name)
  BIND (entity);
  BIND (narrow_place);
  BIND (wide_place);
  BIND (drawer_toggle);
  BIND (export_button);
  BIND (export_content);
  BIND (flap);
  BIND (drawer);
  BIND (content);
  BIND (search);
  BIND (stack);
  BIND (empty);
  BIND (failed);
  BIND (view);
  BIND (foot);
  BIND (count);
  BIND (of_all);
  BIND (fresh_spinner);
  BIND (fresh);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, tide_data_page_entity_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, tide_data_page_clear_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, tide_data_page_close_drawer_cb);
  gtk_widget_class_bind_template_callback (widget_class, tide_data_page_export_cb);
  gtk_widget_class_bind_template_callback (widget_class, tide_data_page_load);
  gtk_widget_class_bind_template_callback (widget_class, tide_data_page_narrow_cb);
  gtk_widget_class_bind_template_callback (widget_class, tide_data_page_row_activated_cb);
}

static void
tide_data_page_init (TideDataPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Records"), -1);
}

/**
 * tide_data_page_new:
 * @live: whose records to show
 */
GtkWidget *
tide_data_page_new (TideLive *live)
{
  TideDataPage *self = g_object_new (TIDE_TYPE_DATA_PAGE, NULL);

  self->live = g_object_ref (live);
  self->session = tide_data_session_new (tide_live_get_engine (live));
  self->model = tide_data_model_new (tide_live_get_engine (live));
  self->selection = gtk_single_selection_new (G_LIST_MODEL (g_object_ref (self->model)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  gtk_column_view_set_model (GTK_COLUMN_VIEW (self->view), GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (tide_data_page_selected_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->model, "loaded", G_CALLBACK (tide_data_page_loaded_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_column_view_get_sorter (GTK_COLUMN_VIEW (self->view)), "changed",
                           G_CALLBACK (tide_data_page_sorted_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_scrollable_get_hadjustment (GTK_SCROLLABLE (self->view)), "notify::page-size",
                           G_CALLBACK (tide_data_page_width_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (live, "changed", G_CALLBACK (tide_data_page_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (live, "run-ended", G_CALLBACK (tide_data_page_run_ended_cb), self, G_CONNECT_SWAPPED);
  tide_data_page_update_choices (self);
  return GTK_WIDGET (self);
}
