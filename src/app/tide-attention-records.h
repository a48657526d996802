/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "tide-attention-item.h"
#include "tide-live.h"

G_BEGIN_DECLS

/* Records that were put aside for the same reason: each of them, page by page, and what can be done with one, with
 * several that were selected, with all. */
#define TIDE_TYPE_ATTENTION_RECORDS (tide_attention_records_get_type ())
G_DECLARE_FINAL_TYPE (TideAttentionRecords, tide_attention_records, TIDE, ATTENTION_RECORDS, AdwBin)

void tide_attention_records_set_live   (TideAttentionRecords  *self,
                                        TideLive              *live);
void tide_attention_records_set_item   (TideAttentionRecords  *self,
                                        TideAttentionItem     *item);
void tide_attention_records_set_narrow (TideAttentionRecords  *self,
                                        gboolean               narrow);

G_END_DECLS
