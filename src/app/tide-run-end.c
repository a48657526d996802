/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-run-end.h"
#include "tide-run.h"

struct _TideRunEnd
{
  AdwBin parent_instance;
};

G_DEFINE_FINAL_TYPE (TideRunEnd, tide_run_end, ADW_TYPE_BIN)

enum
{
  PROP_RUN = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static GtkWidget *
arrow_new (void)
{
  GtkWidget *arrow = gtk_image_new_from_icon_name ("go-next-symbolic");

  /* The row says that it can be opened. */
  gtk_accessible_update_state (GTK_ACCESSIBLE (arrow), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  gtk_widget_add_css_class (arrow, "tide-secondary");
  return arrow;
}

static GtkWidget *
stop_button_new (void)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("media-playback-stop-symbolic");

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, _("Stop this sync; what has come stays"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Stop this sync"), -1);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "circular");
  gtk_widget_add_css_class (button, "tide-row-button");
  return button;
}

static void
tide_run_end_set_run (TideRunEnd    *self,
                      const TideRun *run)
{
  gboolean stop = run != NULL && (run->status == TIDE_RUN_PROCESSING || run->status == TIDE_RUN_PENDING);
  GtkWidget *child = adw_bin_get_child (ADW_BIN (self));

  if (child == NULL || stop != GTK_IS_BUTTON (child))
    {
      child = stop ? stop_button_new () : arrow_new ();
      adw_bin_set_child (ADW_BIN (self), child);
    }
  if (stop)
    {
      gtk_actionable_set_action_target (GTK_ACTIONABLE (child), "s", run->sync_id);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (child), "win.stop-run");
    }
}

static void
tide_run_end_set_property (GObject      *object,
                           guint         prop_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_RUN:
      tide_run_end_set_run (TIDE_RUN_END (object), g_value_get_boxed (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_run_end_class_init (TideRunEndClass *klass)
{
  G_OBJECT_CLASS (klass)->set_property = tide_run_end_set_property;

  properties[PROP_RUN] = g_param_spec_boxed ("run", NULL, NULL, TIDE_TYPE_RUN,
                                             G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, properties);
}

static void
tide_run_end_init (TideRunEnd *self)
{
}
