/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-approval.h"
#include "tide-run-progress.h"
#include "tide-run.h"

G_BEGIN_DECLS

/* What is said about one run. Pure. */

char *tide_run_words_headline  (const TideRun          *run,
                                const char             *what) G_GNUC_WARN_UNUSED_RESULT;
char *tide_run_words_line      (const TideRun          *run,
                                gint64                  now,
                                GTimeZone              *zone) G_GNUC_WARN_UNUSED_RESULT;
char *tide_run_words_wait      (const TideRun          *run,
                                gint64                  now,
                                GTimeZone              *zone) G_GNUC_WARN_UNUSED_RESULT;
char *tide_run_words_approval  (const TideRun          *run,
                                const TideApproval     *approval) G_GNUC_WARN_UNUSED_RESULT;
char *tide_run_words_scope     (const TideRun          *run) G_GNUC_WARN_UNUSED_RESULT;
char *tide_run_words_read      (const TideRun          *run) G_GNUC_WARN_UNUSED_RESULT;
char *tide_run_words_expected  (const TideRun          *run,
                                gboolean               *equal) G_GNUC_WARN_UNUSED_RESULT;
char *tide_run_words_progress  (const TideRunProgress  *progress) G_GNUC_WARN_UNUSED_RESULT;
char *tide_run_words_rate      (guint                   used,
                                guint                   limit,
                                gint64                  per) G_GNUC_WARN_UNUSED_RESULT;
char *tide_run_words_held      (gint64                  until,
                                gint64                  now,
                                GTimeZone              *zone) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
