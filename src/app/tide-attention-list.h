/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "tide-attention-item.h"

G_BEGIN_DECLS

/* One group of Attention: a heading with its count, and its rows. Rows stay who they are when their text changes,
 * so that the focus stays where it is.
 *
 * Signals: selected (), activated (): a row was chosen; it was pressed */
#define TIDE_TYPE_ATTENTION_LIST (tide_attention_list_get_type ())
G_DECLARE_FINAL_TYPE (TideAttentionList, tide_attention_list, TIDE, ATTENTION_LIST, AdwBin)

void               tide_attention_list_set_items    (TideAttentionList  *self,
                                                     GPtrArray          *items,
                                                     gint64              now,
                                                     GTimeZone          *zone);
TideAttentionItem *tide_attention_list_get_selected (TideAttentionList  *self);
gboolean           tide_attention_list_select       (TideAttentionList  *self,
                                                     const char         *key);
void               tide_attention_list_select_near  (TideAttentionList  *self,
                                                     int                 index);
int                tide_attention_list_get_index    (TideAttentionList  *self);
guint              tide_attention_list_get_length   (TideAttentionList  *self);
void               tide_attention_list_unselect     (TideAttentionList  *self);
void               tide_attention_list_grab_focus   (TideAttentionList  *self);

G_END_DECLS
