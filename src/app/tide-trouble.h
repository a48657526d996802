/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a failure means for the owner, as a sentence chosen by the error's code. What exactly
 * happened stands in the error's message and is shown only behind "Details". */

char *tide_trouble_dup_sentence  (const char    *error_code,
                                  const char    *who) G_GNUC_WARN_UNUSED_RESULT;
char *tide_trouble_dup_brief     (const char    *error_code,
                                  const char    *who) G_GNUC_WARN_UNUSED_RESULT;
char *tide_trouble_describe      (const GError  *error,
                                  const char    *who) G_GNUC_WARN_UNUSED_RESULT;
char *tide_trouble_describe_open (const GError  *error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
