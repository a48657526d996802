/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-template.h"

G_BEGIN_DECLS

/**
 * TideFilter:
 * @type: text, integer, boolean, instant or date
 * @values: (nullable): what it may be set to
 * @partition: it chooses one of the stream's partitions; else it stands in the request as {{ filters.NAME }}
 *
 * By what a stream's records can be narrowed down, as its manifest says. Immutable.
 */
typedef struct
{
  char           *name;
  TideFieldType   type;
  char          **values;
  gboolean        partition;
} TideFilter;

GPtrArray         *tide_filters_new       (JsonArray         *array);
const TideFilter  *tide_filters_find      (GPtrArray         *filters,
                                           const char        *name);
char             **tide_filters_list      (GPtrArray         *filters);
TideTemplateValue *tide_filter_read       (const TideFilter  *self,
                                           const char        *text,
                                           GError           **error);
void               tide_template_value_free (TideTemplateValue *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideTemplateValue, tide_template_value_free)

G_END_DECLS
