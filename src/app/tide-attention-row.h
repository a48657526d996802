/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "tide-attention-item.h"

G_BEGIN_DECLS

/* A row of Attention's list: what it is, a line about it, and when. */
#define TIDE_TYPE_ATTENTION_ROW (tide_attention_row_get_type ())
G_DECLARE_FINAL_TYPE (TideAttentionRow, tide_attention_row, TIDE, ATTENTION_ROW, GtkListBoxRow)

GtkWidget         *tide_attention_row_new      (void);
void               tide_attention_row_set_item (TideAttentionRow   *self,
                                                TideAttentionItem  *item,
                                                gint64              now,
                                                GTimeZone          *zone);
TideAttentionItem *tide_attention_row_get_item (TideAttentionRow   *self);

G_END_DECLS
