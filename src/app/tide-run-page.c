/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-break.h"
#include "tide-change-rows.h"
#include "tide-format.h"
#include "tide-header.h"
#include "tide-look.h"
#include "tide-phase-chart.h"
#include "tide-run-cells.h"
#include "tide-run-details.h"
#include "tide-run-page.h"
#include "tide-run-state.h"
#include "tide-run-words.h"
#include "tide-sum-bar.h"
#include "tide-trouble.h"
#include "tide-window.h"

#define FIRST_CHANGES 8
#define ALL_CHANGES 500

struct _TideRunPage
{
  AdwBin          parent_instance;

  GtkWidget      *header;
  GtkWidget      *again_button;
  GtkWidget      *action_bar;
  GtkWidget      *bar_button;
  GtkWidget      *stack;
  GtkWidget      *failed;
  GtkWidget      *content;
  GtkWidget      *disc;
  GtkWidget      *title;
  GtkWidget      *line;
  GtkWidget      *scope;
  GtkWidget      *siblings_button;
  GtkWidget      *state;
  GtkWidget      *stop_button;
  GtkWidget      *progress_box;
  GtkWidget      *progress;
  GtkWidget      *progress_text;
  GtkWidget      *trouble_box;
  GtkWidget      *trouble;
  GtkWidget      *trouble_details;
  GtkWidget      *counts_box;
  GtkWidget      *read;
  GtkWidget      *expected;
  GtkWidget      *sum_bar;
  GtkWidget      *sum_legend;
  GtkWidget      *phases_box;
  GtkWidget      *phases_title;
  GtkWidget      *phases;
  GtkWidget      *changes_box;
  GtkWidget      *changes_title;
  GtkWidget      *changes;
  GtkWidget      *all_changes;
  GtkWidget      *failures_box;
  GtkWidget      *failures_title;
  GtkWidget      *failures;
  GtkWidget      *log_box;
  GtkWidget      *log_title;
  GtkWidget      *log_view;

  TideLive       *live;       /* (owned) */
  TideRunDetails *details;    /* (owned) (nullable): of the run shown, once loaded */
  GCancellable   *cancellable;/* (owned) (nullable) */
  char           *sync_id;    /* (owned) (nullable) */
  const char     *disc_style; /* (nullable): static */
  guint           n_changes;
  gboolean        narrow;
};

G_DEFINE_FINAL_TYPE (TideRunPage, tide_run_page, ADW_TYPE_BIN)

static void tide_run_page_load (TideRunPage *self);

static void
list_box_clear (GtkWidget *list)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (list)) != NULL)
    gtk_list_box_remove (GTK_LIST_BOX (list), row);
}

/* When narrow, the main action stands at the bottom. */
static void
tide_run_page_update_buttons (TideRunPage *self)
{
  const TideRun *run = self->details != NULL ? self->details->run : NULL;
  /* One that was given up has its own button for that. */
  gboolean again = run != NULL && tide_run_is_over (run) && run->status != TIDE_RUN_FAILED;

  gtk_widget_set_visible (self->stop_button, run != NULL && !tide_run_is_over (run)
                                             && run->status != TIDE_RUN_AWAITING_APPROVAL);
  gtk_widget_set_visible (self->again_button, again && !self->narrow);
  gtk_widget_set_visible (self->action_bar, again && self->narrow);
  if (run == NULL)
    return;
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->siblings_button), "(xsxb)", run->connection_id, run->stream,
                                    (gint64)0, FALSE);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->stop_button), "s", self->sync_id);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->again_button), "(xs)", self->details->run->connection_id,
                                    self->details->run->stream);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->bar_button), "(xs)", self->details->run->connection_id,
                                    self->details->run->stream);
}

static void
tide_run_page_update_head (TideRunPage *self)
{
  const TideRun *run = self->details->run;
  TideLook look = tide_look_for_run (run);
  gint64 now = tide_live_get_now (self->live);
  GTimeZone *zone = tide_live_get_zone (self->live);
  g_autofree char *what = tide_run_dup_what (self->live, run);
  g_autofree char *title = tide_run_words_headline (run, what);
  g_autofree char *line = tide_run_words_line (run, now, zone);
  g_autofree char *when = tide_format_moment (run->started_at > 0 ? run->started_at : run->requested_at, now, zone);
  /* Translators: what was synced; a run that only looked what would change */
  g_autofree char *rehearsal = g_strdup_printf (_("Rehearsal: %s"), what);
  g_autofree char *scope = tide_run_words_scope (run);

  tide_header_set_titles (TIDE_HEADER (self->header), run->dry_run ? rehearsal : what, when);
  gtk_label_set_label (GTK_LABEL (self->scope), scope != NULL ? scope : "");
  gtk_widget_set_visible (self->scope, scope != NULL);
  gtk_label_set_label (GTK_LABEL (self->title), title);
  gtk_label_set_label (GTK_LABEL (self->line), line);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->disc), look.icon);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->disc), GTK_ACCESSIBLE_PROPERTY_LABEL, look.word, -1);
  if (self->disc_style != NULL)
    gtk_widget_remove_css_class (self->disc, self->disc_style);
  gtk_widget_add_css_class (self->disc, look.style);
  self->disc_style = look.style;
  gtk_widget_set_visible (self->progress_box, run->status == TIDE_RUN_PROCESSING);
}

static void
tide_run_page_update_trouble (TideRunPage *self)
{
  const TideRun *run = self->details->run;
  gboolean troubled = run->status == TIDE_RUN_FAILED || (tide_run_is_retrying (run) && run->error_message != NULL);
  g_autofree char *sentence = NULL;

  gtk_widget_set_visible (self->trouble_box, troubled);
  if (!troubled)
    return;
  sentence = tide_trouble_dup_sentence (run->error_code, run->connection_name);
  gtk_label_set_label (GTK_LABEL (self->trouble), sentence);
  gtk_label_set_label (GTK_LABEL (self->trouble_details), run->error_message != NULL ? run->error_message : "");
}

/* A rehearsal has done nothing of it. */
static const char *
get_part_name (TidePart part,
               gboolean dry_run)
{
  if (dry_run && part == TIDE_PART_CREATED)
    return _("would be created");
  if (dry_run && part == TIDE_PART_UPDATED)
    return _("would be changed");
  return tide_sum_bar_get_part_name (part);
}

static GtkWidget *
legend_entry_new (const TideCounts *counts,
                  TidePart          part,
                  gboolean          dry_run)
{
  static const char * const classes[TIDE_N_PARTS] = {
    [TIDE_PART_CREATED] = "tide-swatch-new",
    [TIDE_PART_UPDATED] = "tide-swatch-changed",
    [TIDE_PART_UNCHANGED] = "tide-swatch-same",
    [TIDE_PART_SKIPPED] = "tide-swatch-skipped",
    [TIDE_PART_FAILED] = "tide-swatch-bad",
  };
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *swatch = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  g_autofree char *number = tide_format_number (tide_sum_bar_get_part (counts, part));
  GtkWidget *value = gtk_label_new (number);
  GtkWidget *name = gtk_label_new (get_part_name (part, dry_run));

  gtk_widget_add_css_class (swatch, "tide-swatch");
  gtk_widget_add_css_class (swatch, classes[part]);
  gtk_widget_set_valign (swatch, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (value, "heading");
  gtk_widget_add_css_class (value, "numeric");
  gtk_widget_add_css_class (name, "tide-secondary");
  gtk_box_append (GTK_BOX (box), swatch);
  gtk_box_append (GTK_BOX (box), value);
  gtk_box_append (GTK_BOX (box), name);
  return box;
}

static void
tide_run_page_show_counts (TideRunPage      *self,
                           const TideCounts *counts)
{
  GtkWidget *child;

  tide_sum_bar_set_counts (TIDE_SUM_BAR (self->sum_bar), counts);
  while ((child = gtk_widget_get_first_child (self->sum_legend)) != NULL)
    gtk_flow_box_remove (GTK_FLOW_BOX (self->sum_legend), child);
  for (TidePart part = 0; part < TIDE_N_PARTS; part++)
    if (tide_sum_bar_get_part (counts, part) > 0 || part <= TIDE_PART_UNCHANGED)
      gtk_flow_box_append (GTK_FLOW_BOX (self->sum_legend), legend_entry_new (counts, part,
                                             self->details->run->dry_run));
}

static void
tide_run_page_update_counts (TideRunPage *self)
{
  const TideRun *run = self->details->run;
  gboolean equal = FALSE;
  g_autofree char *read = tide_run_words_read (run);
  g_autofree char *expected = tide_run_words_expected (run, &equal);

  gtk_widget_set_visible (self->counts_box, run->status != TIDE_RUN_PENDING);
  gtk_label_set_label (GTK_LABEL (self->read), read);
  gtk_label_set_label (GTK_LABEL (self->expected), expected != NULL ? expected : "");
  if (equal)
    gtk_widget_add_css_class (self->expected, "tide-ok");
  else
    gtk_widget_remove_css_class (self->expected, "tide-ok");
  tide_run_page_show_counts (self, &run->counts);
}

static void
tide_run_page_update_phases (TideRunPage *self)
{
  const TideRun *run = self->details->run;
  gboolean any = tide_phase_chart_set_phases (TIDE_PHASE_CHART (self->phases), run->phases);
  g_autofree char *duration = tide_format_duration_long (run->ended_at - run->started_at);
  g_autofree char *text = g_strdup_printf (_("How the Time Passed: %s"), duration);

  gtk_widget_set_visible (self->phases_box, any && tide_run_is_over (run));
  gtk_label_set_label (GTK_LABEL (self->phases_title), text);
}

static void
tide_run_page_update_changes (TideRunPage *self)
{
  GPtrArray *changes = self->details->changes;

  gtk_label_set_label (GTK_LABEL (self->changes_title),
                       self->details->run->dry_run ? _("What Would Change") : _("What Changed"));
  list_box_clear (self->changes);
  for (guint i = 0; i < changes->len; i++)
    gtk_list_box_append (GTK_LIST_BOX (self->changes), tide_change_row_new (g_ptr_array_index (changes, i)));
  gtk_widget_set_visible (self->changes_box, changes->len > 0);
  gtk_widget_set_visible (self->all_changes, self->n_changes == FIRST_CHANGES && changes->len == FIRST_CHANGES);
}

static void
tide_run_page_update_failures (TideRunPage *self)
{
  GPtrArray *failures = self->details->failures;
  g_autofree char *number = tide_format_number (failures->len);
  g_autofree char *title = g_strdup_printf (ngettext ("%s Could Not Be Read", "%s Could Not Be Read", failures->len),
                                            number);

  list_box_clear (self->failures);
  for (guint i = 0; i < failures->len; i++)
    gtk_list_box_append (GTK_LIST_BOX (self->failures), tide_failure_row_new (g_ptr_array_index (failures, i)));
  gtk_label_set_label (GTK_LABEL (self->failures_title), title);
  gtk_widget_set_visible (self->failures_box, failures->len > 0);
}

static void
tide_run_page_update_log (TideRunPage *self)
{
  GPtrArray *log = self->details->log;
  g_autoptr(GString) text = g_string_new (NULL);
  g_autofree char *title = g_strdup_printf (ngettext ("Log, %d line", "Log, %d lines", log->len), (int)log->len);

  for (guint i = 0; i < log->len; i++)
    {
      const TideLogLine *line = g_ptr_array_index (log, i);
      g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (line->at / G_USEC_PER_SEC);
      g_autoptr(GDateTime) time = g_date_time_to_timezone (utc, tide_live_get_zone (self->live));
      g_autofree char *clock = g_date_time_format (time, "%H:%M:%S");

      g_string_append_printf (text, "%s%s.%03d  %s", i > 0 ? "\n" : "", clock,
                              (int)(line->at % G_USEC_PER_SEC / 1000), line->message);
    }
  gtk_widget_set_visible (self->log_box, log->len > 0);
  gtk_expander_set_label (GTK_EXPANDER (self->log_title), title);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->log_view)), text->str, -1);
}

static void
tide_run_page_show_progress (TideRunPage     *self,
                             TideRunProgress *progress)
{
  g_autofree char *text = tide_run_words_progress (progress);

  gtk_label_set_label (GTK_LABEL (self->progress_text), text);
  if (progress->expected > 0)
    gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->progress),
                                   MIN ((double)progress->counts.read / (double)progress->expected, 1));
  else
    gtk_progress_bar_pulse (GTK_PROGRESS_BAR (self->progress));
  tide_run_page_show_counts (self, &progress->counts);
}

static void
tide_run_page_update (TideRunPage *self)
{
  TideRunProgress *progress = tide_live_find_progress (self->live, self->sync_id);

  tide_run_page_update_head (self);
  tide_run_state_set_details (TIDE_RUN_STATE (self->state), self->live, self->details);
  tide_run_page_update_trouble (self);
  tide_run_page_update_counts (self);
  tide_run_page_update_phases (self);
  tide_run_page_update_changes (self);
  tide_run_page_update_failures (self);
  tide_run_page_update_log (self);
  tide_run_page_update_buttons (self);
  if (progress != NULL && self->details->run->status == TIDE_RUN_PROCESSING)
    tide_run_page_show_progress (self, progress);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "run");
}

static void
tide_run_page_loaded_cb (GObject      *object,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  g_autoptr(TideRunPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRunDetails) details = tide_run_details_load_finish (result, &error);
  g_autofree char *text = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (details != NULL)
    {
      g_clear_pointer (&self->details, tide_run_details_free);
      self->details = g_steal_pointer (&details);
      tide_run_page_update (self);
      return;
    }
  text = tide_trouble_describe (error, _("The run"));
  adw_status_page_set_description (ADW_STATUS_PAGE (self->failed), text);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "failed");
}

static void
tide_run_page_load (TideRunPage *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->sync_id == NULL)
    return;
  self->cancellable = g_cancellable_new ();
  tide_run_details_load_async (tide_live_get_engine (self->live), self->sync_id, self->n_changes,
                               self->cancellable, tide_run_page_loaded_cb, g_object_ref (self));
}

static void
tide_run_page_progress_cb (TideRunPage     *self,
                           TideRunProgress *progress)
{
  if (g_strcmp0 (progress->sync_id, self->sync_id) != 0 || self->details == NULL)
    return;
  if (self->details->run->status == TIDE_RUN_PROCESSING)
    tide_run_page_show_progress (self, progress);
}

/* It began to go, or ended. */
static void
tide_run_page_runs_changed_cb (TideRunPage *self)
{
  if (self->details == NULL || !tide_run_is_over (self->details->run))
    tide_run_page_load (self);
}

static void
tide_run_page_all_changes_cb (TideRunPage *self)
{
  self->n_changes = ALL_CHANGES;
  tide_run_page_load (self);
}

static void
tide_run_page_retry_cb (TideRunPage *self)
{
  tide_run_page_load (self);
}

static void
tide_run_page_copy_cb (TideRunPage *self)
{
  g_autofree char *what = NULL;
  g_autofree char *report = NULL;
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (self->details == NULL)
    return;
  what = tide_run_dup_what (self->live, self->details->run);
  report = tide_run_details_dup_report (self->details, what);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), report);
  tide_window_add_toast (TIDE_WINDOW (root), adw_toast_new (_("The report is on the clipboard")));
}

static void
tide_run_page_narrow_cb (TideRunPage *self,
                         GParamSpec  *pspec,
                         TideBreak   *widget)
{
  self->narrow = tide_break_get_narrow (widget);
  gtk_widget_set_margin_start (self->content, self->narrow ? 12 : 32);
  gtk_widget_set_margin_end (self->content, self->narrow ? 12 : 32);
  tide_run_page_update_buttons (self);
}

static void
tide_run_page_dispose (GObject *object)
{
  TideRunPage *self = TIDE_RUN_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->live);
  G_OBJECT_CLASS (tide_run_page_parent_class)->dispose (object);
}

static void
tide_run_page_finalize (GObject *object)
{
  TideRunPage *self = TIDE_RUN_PAGE (object);

  g_clear_pointer (&self->details, tide_run_details_free);
  g_free (self->sync_id);
  G_OBJECT_CLASS (tide_run_page_parent_class)->finalize (object);
}

static void
tide_run_page_class_init (TideRunPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_run_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = tide_run_page_finalize;

  g_type_ensure (TIDE_TYPE_BREAK);
  g_type_ensure (TIDE_TYPE_HEADER);
  g_type_ensure (TIDE_TYPE_PHASE_CHART);
  g_type_ensure (TIDE_TYPE_RUN_STATE);
  g_type_ensure (TIDE_TYPE_SUM_BAR);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/tide-run-page.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, TideRunPage, name)
  BIND (header);
  BIND (again_button);
  BIND (action_bar);
  BIND (bar_button);
  BIND (stack);
  BIND (failed);
  BIND (content);
  BIND (disc);
  BIND (title);
  BIND (line);
  BIND (scope);
  BIND (siblings_button);
  BIND (state);
  BIND (stop_button);
  BIND (progress_box);
  BIND (progress);
  BIND (progress_text);
  BIND (trouble_box);
  BIND (trouble);
  BIND (trouble_details);
  BIND (counts_box);
  BIND (read);
  BIND (expected);
  BIND (sum_bar);
  BIND (sum_legend);
  BIND (phases_box);
  BIND (phases_title);
  BIND (phases);
  BIND (changes_box);
  BIND (changes_title);
  BIND (changes);
  BIND (all_changes);
  BIND (failures_box);
  BIND (failures_title);
  BIND (failures);
  BIND (log_box);
  BIND (log_title);
  BIND (log_view);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, tide_run_page_all_changes_cb);
  gtk_widget_class_bind_template_callback (widget_class, tide_run_page_copy_cb);
  gtk_widget_class_bind_template_callback (widget_class, tide_run_page_narrow_cb);
  gtk_widget_class_bind_template_callback (widget_class, tide_run_page_retry_cb);
}

static void
tide_run_page_init (TideRunPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * tide_run_page_new:
 * @live: for what is going on
 */
GtkWidget *
tide_run_page_new (TideLive *live)
{
  TideRunPage *self = g_object_new (TIDE_TYPE_RUN_PAGE, NULL);

  self->live = g_object_ref (live);
  g_signal_connect_object (live, "progress", G_CALLBACK (tide_run_page_progress_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (live, "runs-changed", G_CALLBACK (tide_run_page_runs_changed_cb), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

/**
 * tide_run_page_show_run:
 * @sync_id: which run
 */
void
tide_run_page_show_run (TideRunPage *self,
                        const char  *sync_id)
{
  if (g_strcmp0 (sync_id, self->sync_id) != 0)
    {
      g_free (self->sync_id);
      self->sync_id = g_strdup (sync_id);
      g_clear_pointer (&self->details, tide_run_details_free);
      tide_header_set_titles (TIDE_HEADER (self->header), "", NULL);
      gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "loading");
    }
  self->n_changes = FIRST_CHANGES;
  tide_run_page_load (self);
}

/**
 * tide_run_page_get_run:
 *
 * Returns: (transfer none) (nullable): the run shown
 */
TideRun *
tide_run_page_get_run (TideRunPage *self)
{
  return self->details != NULL ? self->details->run : NULL;
}
