/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-core"

#include "tide-decimal-private.h"

/* Beyond this an exponent makes no difference any more: nothing has that many digits. */
#define EXPONENT_MAX G_GINT64_CONSTANT (1000000000000000)

/* A decimal number, taken apart but not yet computed: its value is that of the digits, read without the
 * point, times ten to the exponent. */
typedef struct
{
  gboolean    negative;
  const char *digits;   /* may contain one point */
  const char *end;
  gint64      count;    /* of the digits */
  gint64      exponent;
} Decimal;

static const char *
skip_digits (const char *p,
             const char *end)
{
  while (p < end && g_ascii_isdigit (*p))
    p++;

  return p;
}

/* Reads what follows an e. */
static gboolean
parse_exponent (const char *p,
                const char *end,
                gint64     *exponent)
{
  gboolean negative = p < end && *p == '-';

  *exponent = 0;
  if (p < end && (*p == '-' || *p == '+'))
    p++;
  if (p == end || skip_digits (p, end) != end)
    return FALSE;

  for (; p < end; p++)
    *exponent = MIN (*exponent * 10 + (*p - '0'), EXPONENT_MAX);
  if (negative)
    *exponent = -*exponent;

  return TRUE;
}

static gboolean
parse_decimal (const char *p,
               const char *end,
               Decimal    *decimal)
{
  gint64 exponent = 0;
  gint64 decimals = 0;

  decimal->negative = p < end && *p == '-';
  if (decimal->negative)
    p++;

  decimal->digits = p;
  p = skip_digits (p, end);
  decimal->count = p - decimal->digits;
  if (decimal->count == 0)
    return FALSE;
  if (p < end && *p == '.')
    {
      const char *fraction = p + 1;

      p = skip_digits (fraction, end);
      decimals = p - fraction;
      if (decimals == 0)
        return FALSE;
    }
  decimal->end = p;

  if (p < end && ((*p != 'e' && *p != 'E') || !parse_exponent (p + 1, end, &exponent)))
    return FALSE;

  decimal->count += decimals;
  decimal->exponent = exponent - decimals;

  return TRUE;
}

static gboolean
append_digit (guint64 *magnitude,
              int      digit)
{
  if (*magnitude > (G_MAXUINT64 - digit) / 10)
    return FALSE;
  *magnitude = *magnitude * 10 + digit;

  return TRUE;
}

/* Computes the first @kept digits (zeros follow the last one there is) and says what the rest is: whether
 * any of it is not zero, and whether it makes a half or more. */
static gboolean
sum_digits (const Decimal *decimal,
            gint64         kept,
            guint64       *magnitude,
            gboolean      *inexact,
            gboolean      *half)
{
  gint64 i = 0;

  *magnitude = 0;
  *inexact = *half = FALSE;
  for (const char *p = decimal->digits; p < decimal->end; p++)
    {
      int digit = *p - '0';

      if (*p == '.')
        continue;
      if (i < kept && !append_digit (magnitude, digit))
        return FALSE;
      if (i >= kept && digit != 0)
        *inexact = TRUE;
      if (i == kept && digit >= 5)
        *half = TRUE;
      i++;
    }

  for (; i < kept && *magnitude != 0; i++)
    {
      if (!append_digit (magnitude, 0))
        return FALSE;
    }

  return TRUE;
}

/* Computes a decimal number times ten to @scale, without a double on the way. What is left behind
 * the point is rounded, a half away from zero. @number is set if that gave a number. */
TideDecimalResult
tide_decimal_to_integer (const char *text,
                         gsize       length,
                         int         scale,
                         gint64     *number)
{
  Decimal decimal;
  guint64 magnitude, limit;
  gboolean inexact, half;

  if (!parse_decimal (text, text + length, &decimal))
    return TIDE_DECIMAL_INVALID;
  if (!sum_digits (&decimal, decimal.count + decimal.exponent + scale, &magnitude, &inexact, &half))
    return TIDE_DECIMAL_OVERFLOW;

  limit = (guint64) G_MAXINT64 + decimal.negative;
  if (half && magnitude < limit)
    magnitude++;
  else if (half)
    return TIDE_DECIMAL_OVERFLOW;
  if (magnitude > limit)
    return TIDE_DECIMAL_OVERFLOW;

  *number = decimal.negative ? (gint64) (0 - magnitude) : (gint64) magnitude;

  return inexact ? TIDE_DECIMAL_ROUNDED : TIDE_DECIMAL_EXACT;
}
