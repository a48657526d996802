/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sqlite3.h>

#include "tide-error.h"

G_BEGIN_DECLS

TideError  tide_sqlite_code_to_error (int           rc,
                                      int           system_errno);
void       tide_sqlite_set_error     (sqlite3      *handle,
                                      int           rc,
                                      const char   *sql,
                                      GError      **error);
TideError  tide_errno_to_error       (int           system_errno);
void       tide_set_errno_error      (GError      **error,
                                      int           system_errno,
                                      const char   *format,
                                      ...) G_GNUC_PRINTF (3, 4);

G_END_DECLS
