/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-format.h"
#include "tide-look.h"
#include "tide-run-state.h"
#include "tide-run-words.h"
#include "tide-trouble.h"
#include "tide-window.h"

#define BY "owner"

struct _TideRunState
{
  AdwBin      parent_instance;

  GtkWidget  *box;
  GtkWidget  *text;
  GtkWidget  *more;
  GtkWidget  *always;
  GtkWidget  *approve_button;
  GtkWidget  *refuse_button;
  GtkWidget  *resume_button;
  GtkWidget  *retry_button;
  GtkWidget  *buttons;

  TideLive   *live;           /* (owned) (nullable) */
  TideRun    *run;            /* (owned) (nullable) */
  gint64      approval_id;    /* 0 = none */
};

G_DEFINE_FINAL_TYPE (TideRunState, tide_run_state, ADW_TYPE_BIN)

static void
tide_run_state_say_failure (TideRunState *self,
                            const GError *error)
{
  g_autofree char *text = tide_trouble_describe (error, self->run->connection_name);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  g_info ("%s", error->message);
  if (TIDE_IS_WINDOW (root))
    tide_window_add_toast (TIDE_WINDOW (root), adw_toast_new (text));
}

/* Each press is for once: the run's page is loaded anew when the run has changed. */
static void
tide_run_state_pressed (TideRunState *self,
                        gboolean      ok,
                        const GError *error)
{
  if (!ok)
    tide_run_state_say_failure (self, error);
  gtk_widget_set_sensitive (self->buttons, !ok);
}

static void
tide_run_state_resume_cb (TideRunState *self)
{
  g_autoptr(GError) error = NULL;
  gboolean ok = tide_engine_resume_run (tide_live_get_engine (self->live), self->run->sync_id, BY, &error);

  tide_run_state_pressed (self, ok, error);
}

static void
tide_run_state_retry_cb (TideRunState *self)
{
  g_autoptr(GError) error = NULL;
  gboolean ok = tide_engine_retry_run (tide_live_get_engine (self->live), self->run->sync_id, BY, &error);

  tide_run_state_pressed (self, ok, error);
}

static void
tide_run_state_decide (TideRunState *self,
                       gboolean      approve)
{
  g_autoptr(GError) error = NULL;
  gboolean always = approve && gtk_check_button_get_active (GTK_CHECK_BUTTON (self->always));
  gboolean ok = tide_engine_decide_approval (tide_live_get_engine (self->live), self->approval_id, approve, always, BY,
                                             &error);

  tide_run_state_pressed (self, ok, error);
}

static void
tide_run_state_approve_cb (TideRunState *self)
{
  tide_run_state_decide (self, TRUE);
}

static void
tide_run_state_refuse_cb (TideRunState *self)
{
  tide_run_state_decide (self, FALSE);
}

static void
tide_run_state_dispose (GObject *object)
{
  TideRunState *self = TIDE_RUN_STATE (object);

  g_clear_object (&self->live);
  G_OBJECT_CLASS (tide_run_state_parent_class)->dispose (object);
}

static void
tide_run_state_finalize (GObject *object)
{
  g_clear_pointer (&TIDE_RUN_STATE (object)->run, tide_run_unref);
  G_OBJECT_CLASS (tide_run_state_parent_class)->finalize (object);
}

static void
tide_run_state_class_init (TideRunStateClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_run_state_dispose;
  G_OBJECT_CLASS (klass)->finalize = tide_run_state_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/tide-run-state.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, TideRunState, name)
  BIND (box);
  BIND (text);
  BIND (more);
  BIND (always);
  BIND (approve_button);
  BIND (refuse_button);
  BIND (resume_button);
  BIND (retry_button);
  BIND (buttons);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, tide_run_state_resume_cb);
  gtk_widget_class_bind_template_callback (widget_class, tide_run_state_retry_cb);
  gtk_widget_class_bind_template_callback (widget_class, tide_run_state_approve_cb);
  gtk_widget_class_bind_template_callback (widget_class, tide_run_state_refuse_cb);
}

static void
tide_run_state_init (TideRunState *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* What it says first, and what that means. Both %NULL: there is nothing to say. */
static void
describe (TideRunState        *self,
          const TideApproval  *approval,
          char               **text,
          char               **more)
{
  const TideRun *run = self->run;
  gint64 now = tide_live_get_now (self->live);

  *more = NULL;
  *text = tide_run_words_wait (run, now, tide_live_get_zone (self->live));
  if (run->status == TIDE_RUN_AWAITING_APPROVAL)
    {
      *text = tide_run_words_approval (run, approval);
      *more = g_strdup (_("Nothing of this has been done yet. If you refuse, the run ends here and all stays as it is."));
    }
  else if (run->status == TIDE_RUN_FAILED)
    {
      *text = g_strdup_printf (ngettext ("Given up after %d try", "Given up after %d tries", MAX (run->attempts, 1)),
                               (int)MAX (run->attempts, 1));
      *more = g_strdup (_("What had come by then stays. The next planned run goes on from there."));
    }
}

/**
 * tide_run_state_set_details:
 * @live: for the engine and the time
 * @details: of the run
 */
void
tide_run_state_set_details (TideRunState         *self,
                            TideLive             *live,
                            const TideRunDetails *details)
{
  const TideRun *run = details->run;
  gboolean asks = run->status == TIDE_RUN_AWAITING_APPROVAL && details->approval != NULL;
  gboolean given_up = run->status == TIDE_RUN_FAILED;
  g_autofree char *text = NULL;
  g_autofree char *more = NULL;

  g_set_object (&self->live, live);
  tide_run_ref (details->run);
  g_clear_pointer (&self->run, tide_run_unref);
  self->run = details->run;
  self->approval_id = asks ? details->approval->id : 0;
  describe (self, details->approval, &text, &more);
  gtk_label_set_label (GTK_LABEL (self->text), text != NULL ? text : "");
  gtk_label_set_label (GTK_LABEL (self->more), more != NULL ? more : "");
  gtk_widget_set_visible (self->more, more != NULL);
  gtk_widget_set_visible (self->always, asks);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (self->always), FALSE);
  gtk_widget_set_visible (self->approve_button, asks);
  gtk_widget_set_visible (self->refuse_button, asks);
  gtk_widget_set_visible (self->resume_button, run->status == TIDE_RUN_PAUSED);
  gtk_widget_set_visible (self->retry_button, tide_run_is_retrying (run) || given_up);
  gtk_button_set_label (GTK_BUTTON (self->retry_button), given_up ? _("_Try Again") : _("_Retry Now"));
  gtk_widget_set_sensitive (self->buttons, TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self), text != NULL);
}
