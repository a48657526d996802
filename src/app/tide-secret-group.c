/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include "tide-secret-group.h"

struct _TideSecretGroup
{
  AdwPreferencesGroup  parent_instance;

  TideProviderInfo    *provider;  /* (owned) (nullable) */
  GPtrArray           *rows;      /* (owned) (element-type AdwPasswordEntryRow): one a secret, in order */
};

G_DEFINE_FINAL_TYPE (TideSecretGroup, tide_secret_group, ADW_TYPE_PREFERENCES_GROUP)

enum
{
  CHANGED,
  APPLY,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
tide_secret_group_changed_cb (TideSecretGroup *self)
{
  tide_secret_group_show_refused (self, FALSE);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
tide_secret_group_activated_cb (TideSecretGroup *self)
{
  if (tide_secret_group_is_complete (self))
    g_signal_emit (self, signals[APPLY], 0);
}

static void
tide_secret_group_finalize (GObject *object)
{
  TideSecretGroup *self = TIDE_SECRET_GROUP (object);

  g_clear_pointer (&self->provider, tide_provider_info_unref);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  G_OBJECT_CLASS (tide_secret_group_parent_class)->finalize (object);
}

static void
tide_secret_group_class_init (TideSecretGroupClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tide_secret_group_finalize;

  /**
   * TideSecretGroup::changed:
   *
   * Something was typed.
   */
  signals[CHANGED] = g_signal_new ("changed", TIDE_TYPE_SECRET_GROUP, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
  /**
   * TideSecretGroup::apply:
   *
   * Enter was pressed, and all is filled in.
   */
  signals[APPLY] = g_signal_new ("apply", TIDE_TYPE_SECRET_GROUP, G_SIGNAL_RUN_LAST, 0,
                                 NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
tide_secret_group_init (TideSecretGroup *self)
{
  self->rows = g_ptr_array_new ();
}

/**
 * tide_secret_group_set_provider:
 * @provider: whose login it is; to be called once
 */
void
tide_secret_group_set_provider (TideSecretGroup  *self,
                                TideProviderInfo *provider)
{
  g_autoptr(GString) help = g_string_new (NULL);

  self->provider = tide_provider_info_ref (provider);
  for (guint i = 0; i < provider->secrets->len; i++)
    {
      const TideSecretInfo *secret = g_ptr_array_index (provider->secrets, i);
      GtkWidget *row = adw_password_entry_row_new ();

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), secret->label);
      g_signal_connect_object (row, "changed", G_CALLBACK (tide_secret_group_changed_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (row, "entry-activated", G_CALLBACK (tide_secret_group_activated_cb),
                               self, G_CONNECT_SWAPPED);
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
      g_ptr_array_add (self->rows, row);
      if (secret->help != NULL)
        g_string_append_printf (help, "%s%s", help->len > 0 ? " " : "", secret->help);
    }
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self), help->str);
}

/**
 * tide_secret_group_is_complete:
 *
 * Returns: whether all is filled in
 */
gboolean
tide_secret_group_is_complete (TideSecretGroup *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      g_autofree char *text = g_strdup (gtk_editable_get_text (g_ptr_array_index (self->rows, i)));

      if (*g_strstrip (text) == '\0')
        return FALSE;
    }
  return self->rows->len > 0;
}

/**
 * tide_secret_group_dup_secrets:
 *
 * Returns: (transfer full): what was typed, by the secrets' names; blanks that came with pasting are cut off
 */
GHashTable *
tide_secret_group_dup_secrets (TideSecretGroup *self)
{
  GHashTable *secrets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; i < self->rows->len; i++)
    {
      const TideSecretInfo *secret = g_ptr_array_index (self->provider->secrets, i);
      char *text = g_strdup (gtk_editable_get_text (g_ptr_array_index (self->rows, i)));

      g_hash_table_insert (secrets, g_strdup (secret->name), g_strstrip (text));
    }
  return secrets;
}

/**
 * tide_secret_group_show_refused:
 * @refused: whether what was typed was refused
 */
void
tide_secret_group_show_refused (TideSecretGroup *self,
                                gboolean         refused)
{
  for (guint i = 0; i < self->rows->len; i++)
    if (refused)
      gtk_widget_add_css_class (g_ptr_array_index (self->rows, i), "error");
    else
      gtk_widget_remove_css_class (g_ptr_array_index (self->rows, i), "error");
}
