/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "tide-attention-item.h"
#include "tide-live.h"

G_BEGIN_DECLS

/* One thing of Attention but for records put aside: what happened, what it means, what is known, what to press. */
#define TIDE_TYPE_ATTENTION_DETAIL (tide_attention_detail_get_type ())
G_DECLARE_FINAL_TYPE (TideAttentionDetail, tide_attention_detail, TIDE, ATTENTION_DETAIL, AdwBin)

void tide_attention_detail_set_live   (TideAttentionDetail  *self,
                                       TideLive             *live);
void tide_attention_detail_set_item   (TideAttentionDetail  *self,
                                       TideAttentionItem    *item);
void tide_attention_detail_set_narrow (TideAttentionDetail  *self,
                                       gboolean              narrow);

G_END_DECLS
