/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-statement.h"

G_BEGIN_DECLS

void  tide_export_text_append_csv_header  (GString             *text,
                                           const char * const  *columns);
void  tide_export_text_append_csv_row     (GString             *text,
                                           TideStatement       *row);
void  tide_export_text_append_json_row    (GString             *text,
                                           TideStatement       *row);

G_END_DECLS
