/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "tide-field.h"

G_BEGIN_DECLS

/**
 * TideTemplateValue:
 * @text: as it is sent; an instant has its own format where it stands
 * @instant: of an instant, else TIDE_TIME_INVALID
 *
 * What a filter is set to.
 */
typedef struct
{
  TideFieldType  type;
  char          *text;
  gint64         instant;
} TideTemplateValue;

/**
 * TideTemplateScope:
 * @partition: (nullable): the partition's value
 * @partition_list: (nullable): its values, where it is a chunk
 * @since: instant, or TIDE_TIME_INVALID
 * @until: instant, or TIDE_TIME_INVALID
 * @page_size: records asked for, 0 = not paged
 * @cursor: (nullable): where the page begins, for paginators that go by text
 * @offset: -1 = none
 * @page: -1 = none
 * @settings: (nullable): the connection's settings, name → text
 * @secrets: (nullable): name → text; given to authenticators only
 * @id: (nullable): the one record that is looked up
 * @ids: (nullable): the records that are looked up
 * @filters: (nullable): name → #TideTemplateValue; those that are not set are not in it
 *
 * What the variables of a manifest's templates stand for in one request. Borrowed.
 */
typedef struct
{
  const char         *partition;
  const char * const *partition_list;
  gint64              since;
  gint64              until;
  gint64              page_size;
  const char         *cursor;
  gint64              offset;
  gint64              page;
  GHashTable         *settings;
  GHashTable         *secrets;
  const char         *id;
  const char * const *ids;
  GHashTable         *filters;
} TideTemplateScope;

typedef enum
{
  TIDE_TEMPLATE_SETTINGS = 1 << 0,
  TIDE_TEMPLATE_SECRETS = 1 << 1,
  TIDE_TEMPLATE_PARTITION = 1 << 2,
  TIDE_TEMPLATE_PAGING = 1 << 3,
  TIDE_TEMPLATE_TIME = 1 << 4,
  TIDE_TEMPLATE_LOOKUP = 1 << 5,
  TIDE_TEMPLATE_FILTERS = 1 << 6,
} TideTemplateVariables;

/**
 * TideTemplateVisitor:
 * @name: "since", "settings.currency"
 * @format: (nullable): "rfc3339"
 *
 * Returns: %FALSE with @error set to stop
 */
typedef gboolean (*TideTemplateVisitor) (const char  *name,
                                         const char  *format,
                                         gpointer     user_data,
                                         GError     **error);

#define TIDE_TEMPLATE_SCOPE_INIT \
  { NULL, NULL, G_MININT64, G_MININT64, 0, NULL, -1, -1, NULL, NULL, NULL, NULL, NULL }

gboolean  tide_template_visit      (const char              *text,
                                    TideTemplateVisitor      visitor,
                                    gpointer                 user_data,
                                    GError                 **error);
gboolean  tide_template_check      (const char              *text,
                                    TideTemplateVariables    allowed,
                                    GError                 **error);
char     *tide_template_expand     (const char              *text,
                                    const TideTemplateScope *scope);
JsonNode *tide_template_expand_json (JsonNode                *node,
                                     const TideTemplateScope *scope);
char     *tide_template_expand_pieces (JsonNode                *node,
                                       const TideTemplateScope *scope);
gint64    tide_template_resolution (const char              *format);

G_END_DECLS
