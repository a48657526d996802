/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-format.h"
#include "tide-run-bar.h"
#include "tide-run-progress.h"
#include "tide-run.h"
#include "tide-sum-bar.h"
#include "tide-time.h"

struct _TideRunBar
{
  AdwBin           parent_instance;

  TideRunProgress *progress;  /* (owned) (nullable) */
  GtkWidget       *sum;       /* (nullable): once the run does not go */
  GtkWidget       *bar;       /* (nullable): while it goes */
  GtkWidget       *left;      /* (nullable): beside the bar */
};

G_DEFINE_FINAL_TYPE (TideRunBar, tide_run_bar, ADW_TYPE_BIN)

enum
{
  PROP_RUN = 1,
  PROP_PROGRESS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static char *
dup_sum (const TideRun *run)
{
  g_autofree char *created = tide_format_number (run->counts.created);
  g_autofree char *updated = tide_format_number (run->counts.updated);
  g_autofree char *deleted = tide_format_number (run->counts.deleted);

  return g_strdup_printf (_("%s new, %s changed, %s deleted"), created, updated, deleted);
}

static char *
dup_left (const TideRunProgress *progress)
{
  g_autofree char *left = NULL;

  if (progress == NULL || progress->expected <= 0)
    return g_strdup ("");
  if (progress->remaining < TIDE_SECOND)
    return g_strdup_printf (_("%d%%"), tide_format_percent (progress->counts.read, progress->expected));
  left = tide_format_duration (progress->remaining);
  return g_strdup_printf (_("%d%%, %s left"), tide_format_percent (progress->counts.read, progress->expected), left);
}

static double
get_fraction (const TideRunProgress *progress)
{
  if (progress == NULL || progress->expected <= 0)
    return 0;
  return MIN ((double)progress->counts.read / (double)progress->expected, 1);
}

static void
tide_run_bar_update_progress (TideRunBar *self)
{
  g_autofree char *left = dup_left (self->progress);

  if (self->bar == NULL)
    return;
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->bar), get_fraction (self->progress));
  gtk_label_set_label (GTK_LABEL (self->left), left);
}

static void
tide_run_bar_show_progress (TideRunBar *self)
{
  GtkWidget *box;

  if (self->bar == NULL)
    {
      box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
      self->bar = gtk_progress_bar_new ();
      gtk_widget_set_valign (self->bar, GTK_ALIGN_CENTER);
      gtk_widget_set_size_request (self->bar, 64, -1);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->bar), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      _("Progress of the sync"), -1);
      self->left = gtk_label_new (NULL);
      gtk_label_set_ellipsize (GTK_LABEL (self->left), PANGO_ELLIPSIZE_END);
      gtk_widget_add_css_class (self->left, "caption");
      gtk_widget_add_css_class (self->left, "tide-secondary");
      gtk_widget_add_css_class (self->left, "numeric");
      gtk_box_append (GTK_BOX (box), self->bar);
      gtk_box_append (GTK_BOX (box), self->left);
      self->sum = NULL;
      adw_bin_set_child (ADW_BIN (self), box);
      gtk_widget_set_tooltip_text (GTK_WIDGET (self), NULL);
    }
  tide_run_bar_update_progress (self);
}

static void
tide_run_bar_show_sum (TideRunBar *self,
                       TideRun    *run)
{
  g_autofree char *text = run != NULL ? dup_sum (run) : NULL;

  if (self->sum == NULL)
    {
      self->sum = g_object_new (TIDE_TYPE_SUM_BAR, "compact", TRUE, "halign", GTK_ALIGN_START,
                                "valign", GTK_ALIGN_CENTER, NULL);
      self->bar = NULL;
      self->left = NULL;
      adw_bin_set_child (ADW_BIN (self), self->sum);
    }
  g_object_set (self->sum, "run", run, NULL);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), text);
}

static void
tide_run_bar_finalize (GObject *object)
{
  g_clear_pointer (&TIDE_RUN_BAR (object)->progress, tide_run_progress_unref);
  G_OBJECT_CLASS (tide_run_bar_parent_class)->finalize (object);
}

static void
tide_run_bar_set_property (GObject      *object,
                           guint         prop_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  TideRunBar *self = TIDE_RUN_BAR (object);
  TideRun *run;

  switch (prop_id)
    {
    case PROP_RUN:
      run = g_value_get_boxed (value);
      if (run != NULL && run->status == TIDE_RUN_PROCESSING)
        tide_run_bar_show_progress (self);
      else
        tide_run_bar_show_sum (self, run);
      break;
    case PROP_PROGRESS:
      g_clear_pointer (&self->progress, tide_run_progress_unref);
      self->progress = g_value_dup_boxed (value);
      tide_run_bar_update_progress (self);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_run_bar_class_init (TideRunBarClass *klass)
{
  GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS;

  G_OBJECT_CLASS (klass)->finalize = tide_run_bar_finalize;
  G_OBJECT_CLASS (klass)->set_property = tide_run_bar_set_property;

  properties[PROP_RUN] = g_param_spec_boxed ("run", NULL, NULL, TIDE_TYPE_RUN, flags);
  properties[PROP_PROGRESS] = g_param_spec_boxed ("progress", NULL, NULL, TIDE_TYPE_RUN_PROGRESS, flags);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, properties);
}

static void
tide_run_bar_init (TideRunBar *self)
{
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
}
