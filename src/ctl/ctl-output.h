/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ctl.h"

G_BEGIN_DECLS

typedef enum
{
  CTL_PLAIN,
  CTL_BOLD,
  CTL_DIM,
  CTL_GOOD,
  CTL_WARNING,
  CTL_BAD,
} CtlStyle;

/**
 * CtlTable:
 *
 * A table on its way to the terminal: columns as wide as their widest cell, numbers to the right.
 */
typedef struct _CtlTable CtlTable;

CtlTable *ctl_table_new         (const char * const  *headings,
                                 const char          *alignment);
void      ctl_table_free        (CtlTable            *self);
void      ctl_table_add         (CtlTable            *self,
                                 CtlStyle             style,
                                 const char          *text);
void      ctl_table_take        (CtlTable            *self,
                                 CtlStyle             style,
                                 char                *text);
void      ctl_table_print       (CtlTable            *self,
                                 Ctl                 *ctl);

void      ctl_print_fact        (Ctl                 *ctl,
                                 const char          *name,
                                 const char          *value);

char     *ctl_clean_text        (const char          *text) G_GNUC_WARN_UNUSED_RESULT;
int       ctl_text_width        (const char          *text);
char     *ctl_format_number     (gint64               number) G_GNUC_WARN_UNUSED_RESULT;
char     *ctl_format_time       (gint64               instant) G_GNUC_WARN_UNUSED_RESULT;
char     *ctl_format_duration   (gint64               usec) G_GNUC_WARN_UNUSED_RESULT;
char     *ctl_format_size       (gint64               bytes) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CtlTable, ctl_table_free)

G_END_DECLS
