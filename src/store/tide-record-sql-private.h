/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-record-table.h"

G_BEGIN_DECLS

/* Names and SQL texts of record tables. The numbers of the parameters of an insert and an update
 * are the same. */
enum
{
  TIDE_RECORD_PARAM_OWNER = 1,  /* insert: the connection; otherwise: the row's key */
  TIDE_RECORD_PARAM_ID,
  TIDE_RECORD_PARAM_HASH,
  TIDE_RECORD_PARAM_RUN,
  TIDE_RECORD_PARAM_RAW,
  TIDE_RECORD_PARAM_FIRST_COLUMN,
};

char      *tide_record_sql_get_table    (const char           *provider,
                                         const char           *stream);
const char *tide_record_sql_get_type    (TideFieldType         type);
char      *tide_record_sql_make_table   (const char           *table,
                                         const TideTableSpec  *spec);
char      *tide_record_sql_make_insert  (const char           *table,
                                         const TideTableSpec  *spec);
char      *tide_record_sql_make_update  (const char           *table,
                                         const TideTableSpec  *spec,
                                         gboolean              refill);
GPtrArray *tide_record_sql_list_tables  (TideDatabase         *database,
                                         GError              **error);
gboolean   tide_record_sql_table_exists (TideDatabase         *database,
                                         const char           *table,
                                         gboolean             *exists,
                                         GError              **error);
gboolean   tide_record_sql_index_exists (TideDatabase         *database,
                                         const char           *table,
                                         gboolean             *exists,
                                         GError              **error);
gboolean   tide_record_sql_build_index  (TideDatabase         *database,
                                         const char           *table,
                                         GError              **error);

G_END_DECLS
