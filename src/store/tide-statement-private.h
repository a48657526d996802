/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sqlite3.h>

#include "tide-statement.h"

G_BEGIN_DECLS

TideStatement *tide_statement_wrap       (TideDatabase   *database,
                                          sqlite3_stmt   *handle);
void           tide_statement_finalize   (TideStatement  *self);
const char    *tide_statement_get_sql    (TideStatement  *self);
sqlite3_stmt  *tide_statement_get_handle (TideStatement  *self);
int            tide_statement_step       (TideStatement  *self);

G_END_DECLS
