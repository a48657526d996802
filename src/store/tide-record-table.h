/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-record-batch.h"
#include "tide-store.h"

G_BEGIN_DECLS

/**
 * TideColumn:
 * @name: column name, a plain identifier
 * @type: what it holds
 */
typedef struct
{
  const char    *name;
  TideFieldType  type;
} TideColumn;

/**
 * TideChildColumn:
 * @pointer: JSON pointer within the child's element; "" with @type INTEGER and name "position" is its index
 */
typedef struct
{
  const char    *name;
  TideFieldType  type;
  const char    *pointer;
} TideChildColumn;

/**
 * TideTableSpec:
 * @provider: manifest id
 * @stream: stream name; the table is PROVIDER_STREAM
 * @entity: what its records are
 * @columns: typed columns, in the order of the records' values
 *
 * What a record table looks like. Borrowed; copied by whoever keeps it.
 */
typedef struct
{
  const char       *provider;
  const char       *stream;
  const char       *entity;
  const TideColumn *columns;
  gsize             n_columns;
} TideTableSpec;

/**
 * TideChildSpec:
 * @parent: the stream whose payloads hold the rows
 * @pointer: JSON pointer to the array in the parent's payload
 *
 * Rows that live inside their parent's payload (order lines): a view, read out of the stored
 * payload when asked, so that they never disagree with their parent and cost nothing to sync.
 */
typedef struct
{
  const char            *provider;
  const char            *stream;
  const char            *entity;
  const char            *parent;
  const char            *parent_id_column;
  const char            *pointer;
  const TideChildColumn *columns;
  gsize                  n_columns;
} TideChildSpec;

gboolean tide_record_table_ensure       (TideStore            *store,
                                         const TideTableSpec  *tables,
                                         gsize                 n_tables,
                                         const TideChildSpec  *children,
                                         gsize                 n_children,
                                         GCancellable         *cancellable,
                                         GError              **error);

G_END_DECLS
