/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Where the parts of a status row stand. */
typedef enum
{
  TIDE_SLOT_TILE,
  TIDE_SLOT_NAME,
  TIDE_SLOT_STATUS,
  TIDE_SLOT_TIME,
  TIDE_SLOT_STRIP,
  TIDE_SLOT_TODAY,
  TIDE_SLOT_NEXT,
  TIDE_SLOT_BUTTON,
  TIDE_SLOT_EXPANDER,
  TIDE_N_SLOTS,
} TideSlot;

/* Lays out a status row: columns that are the same in each row; when narrow, two lines without
 * what can be read elsewhere. */
#define TIDE_TYPE_ROW_LAYOUT (tide_row_layout_get_type ())
G_DECLARE_FINAL_TYPE (TideRowLayout, tide_row_layout, TIDE, ROW_LAYOUT, GtkLayoutManager)

TideRowLayout *tide_row_layout_new        (void);
void           tide_row_layout_set_slot   (TideRowLayout  *self,
                                           TideSlot        slot,
                                           GtkWidget      *child);
void           tide_row_layout_set_narrow (TideRowLayout  *self,
                                           gboolean        narrow);

G_END_DECLS
