/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ctl.h"

G_BEGIN_DECLS

/**
 * CtlExport:
 * @kind: what was written, for JSON: "entity", "name"
 * @name: its name
 * @format: (nullable): what --format said
 * @output: (nullable): what --output said
 * @n_records: how many records it has
 */
typedef struct
{
  const char *kind;
  const char *name;
  const char *format;
  const char *output;
  gint64      n_records;
} CtlExport;

int  ctl_export_check  (Ctl             *ctl,
                        const CtlExport *export);
void ctl_export_report (Ctl             *ctl,
                        const CtlExport *export);

G_END_DECLS
