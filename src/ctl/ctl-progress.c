/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemarkctl"

#include "config.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <glib/gi18n.h>

#include "ctl-progress.h"
#include "ctl-run.h"

#define BAR_WIDTH 24

/* So that the lines of one sync stand below each other; longer names push to the right. */
#define NAME_WIDTH 16

struct _CtlProgress
{
  Ctl      *ctl;
  CtlJson  *json;             /* (owned) */
  gboolean  drawn;            /* the line that the cursor stands in is a bar */
};

CtlProgress *
ctl_progress_new (Ctl *ctl)
{
  CtlProgress *self = g_new0 (CtlProgress, 1);

  self->ctl = ctl;
  self->json = ctl_json_new ();
  return self;
}

static void
ctl_progress_clear_line (CtlProgress *self)
{
  if (self->drawn)
    g_print ("\r\033[K");
  self->drawn = FALSE;
}

void
ctl_progress_free (CtlProgress *self)
{
  ctl_progress_clear_line (self);
  ctl_json_free (self->json);
  g_free (self);
}

static void
ctl_progress_print_event (CtlProgress   *self,
                          const char    *event,
                          const TideRun *run)
{
  ctl_json_begin_object (self->json, NULL);
  ctl_json_add_string (self->json, "event", event);
  ctl_run_add_json (self->json, "run", run);
  ctl_json_end_object (self->json);
  ctl_json_print (self->json);
}

/**
 * ctl_progress_start:
 *
 * Tells that a run goes now.
 */
void
ctl_progress_start (CtlProgress   *self,
                    const TideRun *run)
{
  if (self->ctl->json)
    ctl_progress_print_event (self, "sync-started", run);
}

static void
ctl_progress_print_json (CtlProgress           *self,
                         const TideRunProgress *progress)
{
  CtlJson *json = self->json;

  ctl_json_begin_object (json, NULL);
  ctl_json_add_string (json, "event", "sync-progress");
  ctl_json_add_string (json, "syncId", progress->sync_id);
  ctl_json_add_string (json, "stream", progress->stream);
  ctl_counts_add_json (json, &progress->counts);
  ctl_json_add_int (json, "pages", progress->pages);
  ctl_json_add_int (json, "bytes", progress->bytes);
  if (progress->expected >= 0)
    ctl_json_add_int (json, "expected", progress->expected);
  else
    ctl_json_add_null (json, "expected");
  ctl_json_add_double (json, "recordsPerSecond", progress->rate);
  ctl_json_add_string (json, "waiting", progress->waiting);
  ctl_json_end_object (json);
  ctl_json_print (json);
}

static void
append_bar (GString *line,
            gint64   done,
            gint64   total)
{
  int filled = total > 0 ? (int)(MIN (done, total) * BAR_WIDTH / total) : 0;

  g_string_append_c (line, ' ');
  for (int i = 0; i < BAR_WIDTH; i++)
    g_string_append (line, i < filled ? "█" : "░");
  g_string_append_printf (line, " %3d %%", total > 0 ? (int)(MIN (done, total) * 100 / total) : 0);
}

static void
append_numbers (GString               *line,
                const TideRunProgress *progress)
{
  g_autofree char *read = ctl_format_number (progress->counts.read);
  g_autofree char *rate = ctl_format_number ((gint64)progress->rate);

  if (progress->expected > 0)
    {
      g_autofree char *expected = ctl_format_number (progress->expected);

      append_bar (line, progress->counts.read, progress->expected);
      g_string_append_printf (line, _("  %s of %s"), read, expected);
    }
  else
    g_string_append_printf (line, _(" %s read"), read);
  g_string_append_printf (line, _(", %s a second"), rate);
  if (progress->remaining >= 0)
    {
      g_autofree char *left = ctl_format_duration (progress->remaining);

      g_string_append_printf (line, _(", %s left"), left);
    }
}

/* A line that wraps could not be drawn over. */
static void
cut_to_terminal (GString *line)
{
  struct winsize size = { 0 };
  int width = 0;

  if (ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return;
  for (const char *p = line->str; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      width += g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
      if (width >= size.ws_col)
        {
          g_string_truncate (line, (gsize)(p - line->str));
          return;
        }
    }
}

static void
append_name (GString    *line,
             const char *name)
{
  g_autofree char *clean = ctl_clean_text (name);

  g_string_append_printf (line, "%s%*s", clean, MAX (0, NAME_WIDTH - ctl_text_width (clean)), "");
}

/**
 * ctl_progress_update:
 *
 * Tells how far a run is.
 */
void
ctl_progress_update (CtlProgress           *self,
                     const TideRunProgress *progress)
{
  g_autoptr(GString) line = g_string_new ("  ");

  if (self->ctl->json)
    {
      ctl_progress_print_json (self, progress);
      return;
    }
  if (!self->ctl->terminal)
    return;

  append_name (line, progress->stream);
  append_numbers (line, progress);
  if (progress->waiting != NULL)
    {
      g_autofree char *waiting = ctl_clean_text (progress->waiting);

      g_string_append_printf (line, " (%s)", waiting);
    }
  cut_to_terminal (line);
  g_print ("\r%s\033[K", line->str);
  fflush (stdout);
  self->drawn = TRUE;
}

static const char *
get_mark (const TideRun *run)
{
  if (run->status == TIDE_RUN_COMPLETED)
    return run->counts.failed > 0 ? "▲" : "✓";
  return run->status == TIDE_RUN_FAILED ? "✕" : "–";
}

static void
append_outcome (GString       *line,
                const TideRun *run)
{
  g_autofree char *counts = ctl_counts_describe (&run->counts);
  CtlStyle style;

  if (run->status != TIDE_RUN_COMPLETED)
    g_string_append_printf (line, " %s", ctl_run_get_status (run, &style));
  if (run->error_message != NULL)
    {
      g_autofree char *message = ctl_clean_text (run->error_message);

      g_string_append_printf (line, ": %s", message);
    }
  if (run->status == TIDE_RUN_COMPLETED || run->counts.read > 0)
    g_string_append_printf (line, "%s %s", run->status == TIDE_RUN_COMPLETED ? "" : ";", counts);
  if (run->dry_run)
    g_string_append_printf (line, " %s", _("(dry run: nothing written)"));
}

/**
 * ctl_progress_retry:
 *
 * Tells that a run failed and is tried again by itself.
 */
void
ctl_progress_retry (CtlProgress   *self,
                    const TideRun *run)
{
  g_autoptr(GString) line = g_string_new ("▲ ");
  g_autofree char *due = ctl_format_time (run->due_at);

  if (self->ctl->json)
    {
      ctl_progress_print_event (self, "sync-retry", run);
      return;
    }
  append_name (line, run->stream);
  append_outcome (line, run);
  g_string_append_printf (line, _(" · tries again at %s"), due);
  ctl_progress_clear_line (self);
  g_print ("%s\n", line->str);
  fflush (stdout);
}

/**
 * ctl_progress_end:
 * @event: name of the engine's signal
 *
 * Tells how a run has ended.
 */
void
ctl_progress_end (CtlProgress   *self,
                  const TideRun *run,
                  const char    *event)
{
  g_autoptr(GString) line = g_string_new (NULL);

  if (self->ctl->json)
    {
      ctl_progress_print_event (self, event, run);
      return;
    }

  g_string_append_printf (line, "%s ", get_mark (run));
  append_name (line, run->stream);
  append_outcome (line, run);
  if (run->started_at != 0 && run->ended_at != 0)
    {
      g_autofree char *duration = ctl_format_duration (run->ended_at - run->started_at);

      g_string_append_printf (line, " · %s", duration);
    }
  ctl_progress_clear_line (self);
  g_print ("%s\n", line->str);
  /* Whoever reads a pipe wants to see it now. */
  fflush (stdout);
}

/**
 * ctl_progress_say:
 *
 * Tells a person something meanwhile.
 */
void
ctl_progress_say (CtlProgress *self,
                  const char  *sentence)
{
  ctl_progress_clear_line (self);
  if (!self->ctl->json)
    g_printerr ("%s\n", sentence);
}
