/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-venue-group.h"
#include "tide-zone.h"

struct _TideVenueGroup
{
  AdwPreferencesGroup  parent_instance;

  GtkWidget           *choice;
  GtkWidget           *name;
  GtkWidget           *zone;

  GPtrArray           *venues;    /* (owned) (nullable) (element-type TideVenue) */
  TideVenue           *added;     /* (owned) (nullable): made by an attempt that then failed further on */
};

G_DEFINE_FINAL_TYPE (TideVenueGroup, tide_venue_group, ADW_TYPE_PREFERENCES_GROUP)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* The venue chosen; NULL = a new one. */
static TideVenue *
tide_venue_group_get_chosen (TideVenueGroup *self)
{
  guint selected = adw_combo_row_get_selected (ADW_COMBO_ROW (self->choice));

  return self->venues != NULL && selected < self->venues->len ? g_ptr_array_index (self->venues, selected) : NULL;
}

static char *
dup_stripped (GtkWidget *editable)
{
  char *text = g_strdup (gtk_editable_get_text (GTK_EDITABLE (editable)));

  return g_strstrip (text);
}

static void
tide_venue_group_update (TideVenueGroup *self)
{
  gboolean new_one = tide_venue_group_get_chosen (self) == NULL;
  g_autofree char *zone = dup_stripped (self->zone);

  gtk_widget_set_visible (self->name, new_one);
  gtk_widget_set_visible (self->zone, new_one);
  if (tide_time_is_zone (zone))
    gtk_widget_remove_css_class (self->zone, "error");
  else
    gtk_widget_add_css_class (self->zone, "error");
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
tide_venue_group_finalize (GObject *object)
{
  TideVenueGroup *self = TIDE_VENUE_GROUP (object);

  g_clear_pointer (&self->venues, g_ptr_array_unref);
  g_clear_pointer (&self->added, tide_venue_unref);
  G_OBJECT_CLASS (tide_venue_group_parent_class)->finalize (object);
}

static void
tide_venue_group_class_init (TideVenueGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = tide_venue_group_finalize;

  /**
   * TideVenueGroup::changed:
   *
   * Another choice, or something was typed.
   */
  signals[CHANGED] = g_signal_new ("changed", TIDE_TYPE_VENUE_GROUP, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/tide-venue-group.ui");
  gtk_widget_class_bind_template_child (widget_class, TideVenueGroup, choice);
  gtk_widget_class_bind_template_child (widget_class, TideVenueGroup, name);
  gtk_widget_class_bind_template_child (widget_class, TideVenueGroup, zone);
  gtk_widget_class_bind_template_callback (widget_class, tide_venue_group_update);
}

static void
tide_venue_group_init (TideVenueGroup *self)
{
  g_autoptr(GTimeZone) local = g_time_zone_new_local ();
  const char *identifier = g_time_zone_get_identifier (local);

  gtk_widget_init_template (GTK_WIDGET (self));
  if (tide_time_is_zone (identifier))
    gtk_editable_set_text (GTK_EDITABLE (self->zone), identifier);
}

/**
 * tide_venue_group_set_venues:
 * @venues: (element-type TideVenue): those there are
 * @venue_id: which of them to propose, 0 = the first
 */
void
tide_venue_group_set_venues (TideVenueGroup *self,
                             GPtrArray      *venues,
                             gint64          venue_id)
{
  g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);
  guint selected = 0;

  self->venues = g_ptr_array_ref (venues);
  for (guint i = 0; i < venues->len; i++)
    {
      TideVenue *venue = g_ptr_array_index (venues, i);

      gtk_string_list_append (names, venue->name);
      if (venue->id == venue_id)
        selected = i;
    }
  gtk_string_list_append (names, _("A new venue"));
  adw_combo_row_set_model (ADW_COMBO_ROW (self->choice), G_LIST_MODEL (names));
  adw_combo_row_set_selected (ADW_COMBO_ROW (self->choice), selected);
  gtk_widget_set_visible (self->choice, venues->len > 0);
  tide_venue_group_update (self);
}

/**
 * tide_venue_group_is_complete:
 *
 * Returns: whether a venue is chosen, or a new one fully described
 */
gboolean
tide_venue_group_is_complete (TideVenueGroup *self)
{
  g_autofree char *name = dup_stripped (self->name);
  g_autofree char *zone = dup_stripped (self->zone);

  return tide_venue_group_get_chosen (self) != NULL || (*name != '\0' && tide_time_is_zone (zone));
}

/**
 * tide_venue_group_dup_name:
 *
 * Returns: (transfer full): the venue's name
 */
char *
tide_venue_group_dup_name (TideVenueGroup *self)
{
  TideVenue *venue = tide_venue_group_get_chosen (self);

  return venue != NULL ? g_strdup (venue->name) : dup_stripped (self->name);
}

/**
 * tide_venue_group_take_venue:
 * @engine: where a new one is added
 *
 * Returns: the venue's id; 0 with @error set on failure
 */
gint64
tide_venue_group_take_venue (TideVenueGroup  *self,
                             TideEngine      *engine,
                             GError         **error)
{
  TideVenue *venue = tide_venue_group_get_chosen (self);
  g_autofree char *name = dup_stripped (self->name);
  g_autofree char *zone = dup_stripped (self->zone);

  if (venue != NULL)
    return venue->id;
  if (self->added != NULL && g_str_equal (self->added->name, name))
    return self->added->id;
  g_clear_pointer (&self->added, tide_venue_unref);
  self->added = tide_engine_add_venue (engine, name, zone, error);
  return self->added != NULL ? self->added->id : 0;
}
