/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-data-shape.h"

G_BEGIN_DECLS

/**
 * TideDataKeys:
 * @shape: of the entity
 * @keys: (element-type gint64): keys of the records, in their order
 *
 * Which records there are.
 */
typedef struct
{
  TideDataShape *shape;
  GArray        *keys;
} TideDataKeys;

void          tide_data_fetch_keys_async  (TideEngine           *engine,
                                           const char           *entity,
                                           const TideDataQuery  *query,
                                           guint                 limit,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
TideDataKeys *tide_data_fetch_keys_finish (GAsyncResult         *result,
                                           GError              **error);
void          tide_data_fetch_rows_async  (TideEngine           *engine,
                                           TideDataShape        *shape,
                                           const gint64         *keys,
                                           guint                 n_keys,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
GHashTable   *tide_data_fetch_rows_finish (GAsyncResult         *result,
                                           GError              **error);
void          tide_data_fetch_raw_async   (TideEngine           *engine,
                                           TideDataShape        *shape,
                                           gint64                key,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
char         *tide_data_fetch_raw_finish  (GAsyncResult         *result,
                                           GError              **error);
void          tide_data_keys_free         (TideDataKeys         *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideDataKeys, tide_data_keys_free)

G_END_DECLS
