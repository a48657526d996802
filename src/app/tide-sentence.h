/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-attention.h"
#include "tide-look.h"

G_BEGIN_DECLS

/**
 * TideSentence:
 * @title: the one sentence
 * @text: a line of truth under it
 * @foot: the same for the foot of the side bar, shorter
 * @look: icon and colour; its word is not used
 *
 * How everything is doing, never rosier than the worst stream.
 */
typedef struct
{
  char     *title;
  char     *text;
  char     *foot;
  TideLook  look;
} TideSentence;

TideSentence *tide_sentence_new  (GPtrArray     *statuses,
                                  TideAttention *attention,
                                  gint64         venue_id,
                                  gint64         now,
                                  GTimeZone     *zone);
void          tide_sentence_free (TideSentence  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideSentence, tide_sentence_free)

G_END_DECLS
