/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A field of a record, before and after; all in words. */
typedef struct
{
  char *label;
  char *before;               /* (nullable): was not there */
  char *after;                /* (nullable): is not there any more */
} TideFieldChange;

GPtrArray *tide_record_diff      (const char       *before,
                                  const char       *after);
char      *tide_record_dup_title (const char       *payload,
                                  const char       *record_id);
char      *tide_record_dup_brief (const char       *payload);
char      *tide_record_dup_fault (const char       *reason);
void       tide_field_change_free (TideFieldChange *self);

G_END_DECLS
