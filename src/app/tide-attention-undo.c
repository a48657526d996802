/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-attention-undo.h"
#include "tide-format.h"

#define OFFERED_SECONDS 10

struct _TideAttentionUndo
{
  AdwToast *toast;            /* (owned) (nullable): while it is to be seen */
  GArray   *ids;              /* (owned) (element-type gint64): what it would bring back */
};

TideAttentionUndo *
tide_attention_undo_new (void)
{
  TideAttentionUndo *self = g_new0 (TideAttentionUndo, 1);

  self->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  return self;
}

static void
tide_attention_undo_dismissed_cb (TideAttentionUndo *self)
{
  g_signal_handlers_disconnect_by_data (self->toast, self);
  g_clear_object (&self->toast);
  g_array_set_size (self->ids, 0);
}

/**
 * tide_attention_undo_free:
 * @self: (transfer full): what to free; what it has offered can still be pressed
 */
void
tide_attention_undo_free (TideAttentionUndo *self)
{
  if (self->toast != NULL)
    tide_attention_undo_dismissed_cb (self);
  g_array_unref (self->ids);
  g_free (self);
}

static void
tide_attention_undo_update (TideAttentionUndo *self)
{
  g_autofree char *number = tide_format_number (self->ids->len);
  g_autofree char *text = g_strdup_printf (ngettext ("%s record dismissed", "%s records dismissed", self->ids->len),
                                           number);
  GVariant *target = g_variant_new_fixed_array (G_VARIANT_TYPE_INT64, self->ids->data, self->ids->len,
                                                sizeof (gint64));

  adw_toast_set_title (self->toast, text);
  adw_toast_set_action_target_value (self->toast, target);
}

/**
 * tide_attention_undo_offer:
 * @ids: (element-type gint64): failures that were dismissed just now
 */
void
tide_attention_undo_offer (TideAttentionUndo *self,
                           TideWindow        *window,
                           const GArray      *ids)
{
  gboolean shown = self->toast != NULL;

  g_array_append_vals (self->ids, ids->data, ids->len);
  if (!shown)
    {
      self->toast = adw_toast_new ("");
      adw_toast_set_button_label (self->toast, _("Undo"));
      adw_toast_set_timeout (self->toast, OFFERED_SECONDS);
      g_signal_connect_swapped (self->toast, "dismissed", G_CALLBACK (tide_attention_undo_dismissed_cb), self);
    }
  tide_attention_undo_update (self);
  adw_toast_set_action_name (self->toast, "win.reopen-failures");
  if (!shown)
    tide_window_add_toast (window, g_object_ref (self->toast));
}
