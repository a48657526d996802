/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-engine.h"

G_BEGIN_DECLS

/* What is said about decisions, records put aside and runs that wait. Pure. */

char *tide_attention_words_approval (const TideApproval   *approval,
                                     const char           *what,
                                     const char           *who) G_GNUC_WARN_UNUSED_RESULT;
char *tide_attention_words_effect   (const TideApproval   *approval) G_GNUC_WARN_UNUSED_RESULT;
char *tide_attention_words_doubt    (const TideApproval   *approval,
                                     const char           *who) G_GNUC_WARN_UNUSED_RESULT;
char *tide_attention_words_choice   (const TideApproval   *approval) G_GNUC_WARN_UNUSED_RESULT;
char *tide_attention_words_cause    (const char           *cause) G_GNUC_WARN_UNUSED_RESULT;
char *tide_attention_words_retry    (const TideRun        *run,
                                     gint64                now,
                                     GTimeZone            *zone) G_GNUC_WARN_UNUSED_RESULT;
char *tide_attention_words_mended   (const TideRun        *run) G_GNUC_WARN_UNUSED_RESULT;
char *tide_attention_words_hold     (const TideQueueEntry *entry,
                                     gint64                now,
                                     GTimeZone            *zone) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
