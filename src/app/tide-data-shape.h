/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-engine.h"

G_BEGIN_DECLS

/**
 * TideDataColumn:
 * @name: as in the entity's view
 * @type: what it holds
 *
 * A column of the Data page.
 */
typedef struct
{
  char          *name;
  TideFieldType  type;
} TideDataColumn;

/**
 * TideDataShape:
 *
 * What an entity's records look like, and where in the store they lie: what is needed to ask for them by pages. Like
 * the entity's view, but with the store's own keys, so that any place in a million records is reached at once.
 * Immutable value, reference counted atomically: may cross threads.
 */
typedef struct _TideDataShape TideDataShape;

/**
 * TideDataQuery:
 * @search: (nullable): what a text of the record contains
 * @venue: (nullable): name of the venue
 * @sort: (nullable): by which column, %NULL = by time, the newest first
 * @descending: from the last value on
 *
 * Which records, in which order. Owns its strings.
 */
typedef struct
{
  char     *search;
  char     *venue;
  char     *sort;
  gboolean  descending;
} TideDataQuery;

TideDataShape  *tide_data_shape_load       (TideEngine           *engine,
                                            const char           *entity,
                                            GCancellable         *cancellable,
                                            GError              **error);
TideDataShape  *tide_data_shape_ref        (TideDataShape        *self);
void            tide_data_shape_unref      (TideDataShape        *self);
const char     *tide_data_shape_get_entity (TideDataShape        *self);
GPtrArray      *tide_data_shape_get_columns (TideDataShape       *self);
const char     *tide_data_shape_get_time   (TideDataShape        *self);
gboolean        tide_data_shape_is_empty   (TideDataShape        *self);
char           *tide_data_shape_make_keys  (TideDataShape        *self,
                                            const TideDataQuery  *query,
                                            guint                 limit) G_GNUC_WARN_UNUSED_RESULT;
char           *tide_data_shape_make_rows  (TideDataShape        *self,
                                            const gint64         *keys,
                                            guint                 n_keys) G_GNUC_WARN_UNUSED_RESULT;
char           *tide_data_shape_make_raw   (TideDataShape        *self,
                                            gint64                key) G_GNUC_WARN_UNUSED_RESULT;
char           *tide_data_shape_make_where (TideDataShape        *self,
                                            const TideDataQuery  *query) G_GNUC_WARN_UNUSED_RESULT;
TideDataQuery  *tide_data_query_copy       (const TideDataQuery  *self);
void            tide_data_query_free       (TideDataQuery        *self);

/* The first columns of tide_data_shape_make_rows(); then come the shape's own. */
typedef enum
{
  TIDE_DATA_KEY,
  TIDE_DATA_ID,
  TIDE_DATA_VENUE,
  TIDE_DATA_PROVIDER,
  TIDE_DATA_CONNECTION,
  TIDE_DATA_N_COMMON,
} TideDataCommon;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideDataShape, tide_data_shape_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideDataQuery, tide_data_query_free)

G_END_DECLS
