/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  TIDE_DECIMAL_EXACT,
  TIDE_DECIMAL_ROUNDED,
  TIDE_DECIMAL_OVERFLOW,
  TIDE_DECIMAL_INVALID,
} TideDecimalResult;

TideDecimalResult tide_decimal_to_integer (const char *text,
                                           gsize       length,
                                           int         scale,
                                           gint64     *number);

G_END_DECLS
