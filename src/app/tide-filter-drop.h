/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* A drop-down of choices that stand for values; the first stands for "any". */
#define TIDE_TYPE_FILTER_DROP (tide_filter_drop_get_type ())
G_DECLARE_FINAL_TYPE (TideFilterDrop, tide_filter_drop, TIDE, FILTER_DROP, AdwBin)

void        tide_filter_drop_begin     (TideFilterDrop  *self);
void        tide_filter_drop_add       (TideFilterDrop  *self,
                                        const char      *label,
                                        const char      *value);
void        tide_filter_drop_end       (TideFilterDrop  *self);
const char *tide_filter_drop_get_value (TideFilterDrop  *self);
void        tide_filter_drop_set_value (TideFilterDrop  *self,
                                        const char      *value);

G_END_DECLS
