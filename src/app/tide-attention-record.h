/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "tide-run-query.h"

G_BEGIN_DECLS

/* A record that was put aside: what is wrong with it in words, how often it was tried, and folded what exactly. Its
 * buttons press the actions "records.retry" and "records.dismiss" with its id.
 *
 * Signals: checked (): it was chosen, or is not any more */
#define TIDE_TYPE_ATTENTION_RECORD (tide_attention_record_get_type ())
G_DECLARE_FINAL_TYPE (TideAttentionRecord, tide_attention_record, TIDE, ATTENTION_RECORD, AdwExpanderRow)

GtkWidget *tide_attention_record_new         (gint64                id);
gint64     tide_attention_record_get_id      (TideAttentionRecord  *self);
void       tide_attention_record_set_failure (TideAttentionRecord  *self,
                                              const TideFailure    *failure,
                                              gint64                now,
                                              GTimeZone            *zone);
void       tide_attention_record_set_narrow  (TideAttentionRecord  *self,
                                              gboolean              narrow);
void       tide_attention_record_set_choosing (TideAttentionRecord *self,
                                               gboolean             choosing);
gboolean   tide_attention_record_get_checked (TideAttentionRecord  *self);
void       tide_attention_record_set_checked (TideAttentionRecord  *self,
                                              gboolean              checked);

G_END_DECLS
