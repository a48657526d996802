/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include "tide-filter-drop.h"

struct _TideFilterDrop
{
  AdwBin         parent_instance;

  GtkDropDown   *drop;
  GtkStringList *labels;      /* (owned) */
  GPtrArray     *values;      /* (owned) (element-type utf8): NULL = any */
  GtkStringList *next_labels; /* (owned) (nullable): being collected */
  GPtrArray     *next_values; /* (owned) (nullable) */
  gboolean       quiet;
};

G_DEFINE_FINAL_TYPE (TideFilterDrop, tide_filter_drop, ADW_TYPE_BIN)

enum
{
  PROP_LABEL = 1,
  N_PROPS
};

enum
{
  CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
tide_filter_drop_selected_cb (TideFilterDrop *self)
{
  if (!self->quiet)
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
tide_filter_drop_finalize (GObject *object)
{
  TideFilterDrop *self = TIDE_FILTER_DROP (object);

  g_clear_object (&self->labels);
  g_clear_object (&self->next_labels);
  g_clear_pointer (&self->values, g_ptr_array_unref);
  g_clear_pointer (&self->next_values, g_ptr_array_unref);
  G_OBJECT_CLASS (tide_filter_drop_parent_class)->finalize (object);
}

static void
tide_filter_drop_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  TideFilterDrop *self = TIDE_FILTER_DROP (object);

  switch (prop_id)
    {
    case PROP_LABEL:
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->drop), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      g_value_get_string (value), -1);
      gtk_widget_set_tooltip_text (GTK_WIDGET (self->drop), g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_filter_drop_class_init (TideFilterDropClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tide_filter_drop_finalize;
  G_OBJECT_CLASS (klass)->set_property = tide_filter_drop_set_property;

  /**
   * TideFilterDrop::changed:
   *
   * The owner chose another value.
   */
  signals[CHANGED] = g_signal_new ("changed", TIDE_TYPE_FILTER_DROP, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
  properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, NULL,
                                                G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, properties);
}

static void
tide_filter_drop_init (TideFilterDrop *self)
{
  self->labels = gtk_string_list_new (NULL);
  self->values = g_ptr_array_new_with_free_func (g_free);
  self->drop = GTK_DROP_DOWN (gtk_drop_down_new (G_LIST_MODEL (g_object_ref (self->labels)), NULL));
  g_signal_connect_object (self->drop, "notify::selected", G_CALLBACK (tide_filter_drop_selected_cb),
                           self, G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->drop));
}

/**
 * tide_filter_drop_begin:
 *
 * Begins to collect the choices anew; tide_filter_drop_end() shows them, if they differ.
 */
void
tide_filter_drop_begin (TideFilterDrop *self)
{
  g_clear_object (&self->next_labels);
  g_clear_pointer (&self->next_values, g_ptr_array_unref);
  self->next_labels = gtk_string_list_new (NULL);
  self->next_values = g_ptr_array_new_with_free_func (g_free);
}

/**
 * tide_filter_drop_add:
 * @label: what the owner reads
 * @value: (nullable): what it stands for, %NULL = any; one that is there already is left out
 */
void
tide_filter_drop_add (TideFilterDrop *self,
                      const char     *label,
                      const char     *value)
{
  for (guint i = 0; i < self->next_values->len; i++)
    if (g_strcmp0 (g_ptr_array_index (self->next_values, i), value) == 0)
      return;
  gtk_string_list_append (self->next_labels, label);
  g_ptr_array_add (self->next_values, g_strdup (value));
}

static gboolean
same_values (GPtrArray *a,
             GPtrArray *b)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    if (g_strcmp0 (g_ptr_array_index (a, i), g_ptr_array_index (b, i)) != 0)
      return FALSE;
  return TRUE;
}

/**
 * tide_filter_drop_end:
 *
 * Shows what was collected. What was chosen stays chosen where it is still there; nobody is told.
 */
void
tide_filter_drop_end (TideFilterDrop *self)
{
  g_autofree char *value = g_strdup (tide_filter_drop_get_value (self));

  if (same_values (self->values, self->next_values))
    return;
  self->quiet = TRUE;
  g_clear_object (&self->labels);
  g_clear_pointer (&self->values, g_ptr_array_unref);
  self->labels = g_steal_pointer (&self->next_labels);
  self->values = g_steal_pointer (&self->next_values);
  gtk_drop_down_set_model (self->drop, G_LIST_MODEL (self->labels));
  tide_filter_drop_set_value (self, value);
  self->quiet = FALSE;
}

/**
 * tide_filter_drop_get_value:
 *
 * Returns: (nullable): what is chosen, %NULL = any
 */
const char *
tide_filter_drop_get_value (TideFilterDrop *self)
{
  guint selected = gtk_drop_down_get_selected (self->drop);

  return selected < self->values->len ? g_ptr_array_index (self->values, selected) : NULL;
}

/**
 * tide_filter_drop_set_value:
 * @value: (nullable): what to choose; the first where there is no such choice
 */
void
tide_filter_drop_set_value (TideFilterDrop *self,
                            const char     *value)
{
  gboolean quiet = self->quiet;
  guint found = 0;

  for (guint i = 0; i < self->values->len; i++)
    if (g_strcmp0 (g_ptr_array_index (self->values, i), value) == 0)
      found = i;
  self->quiet = TRUE;
  gtk_drop_down_set_selected (self->drop, found);
  self->quiet = quiet;
}
