/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-run.h"
#include "tide-stream-status.h"

G_BEGIN_DECLS

/**
 * TideLook:
 * @icon: name of a symbolic icon
 * @word: the state in a word or two, translated
 * @style: CSS class that brings the colour
 *
 * How a state is shown: always icon, word and colour, all three. Static data but for @word,
 * which belongs to the catalogue.
 */
typedef struct
{
  const char *icon;
  const char *word;
  const char *style;
} TideLook;

TideLook    tide_look_for_health   (TideHealth      health);
TideLook    tide_look_for_run      (const TideRun  *run);
TideLook    tide_look_for_waiting  (void);
const char *tide_look_get_asker    (const char     *requested_by);
gboolean    tide_run_has_problem   (const TideRun  *run);
gboolean    tide_run_is_retrying   (const TideRun  *run);

G_END_DECLS
