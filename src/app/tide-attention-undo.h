/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-window.h"

G_BEGIN_DECLS

/* Offers to bring back records that were dismissed. What is dismissed while that is still offered is brought back
 * together with what was before: one message, not a row of them that wait for each other. */
typedef struct _TideAttentionUndo TideAttentionUndo;

TideAttentionUndo *tide_attention_undo_new   (void);
void               tide_attention_undo_free  (TideAttentionUndo  *self);
void               tide_attention_undo_offer (TideAttentionUndo  *self,
                                              TideWindow         *window,
                                              const GArray       *ids);

G_END_DECLS
