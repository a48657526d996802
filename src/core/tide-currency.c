/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-core"

#include "tide-currency.h"

/* ISO 4217: the currencies in use whose minor unit is not a hundredth. */
static const struct
{
  char code[4];
  int  exponent;
} exponents[] =
{
  { "BHD", 3 }, { "BIF", 0 }, { "CLF", 4 }, { "CLP", 0 }, { "DJF", 0 }, { "GNF", 0 }, { "IQD", 3 },
  { "ISK", 0 }, { "JOD", 3 }, { "JPY", 0 }, { "KMF", 0 }, { "KRW", 0 }, { "KWD", 3 }, { "LYD", 3 },
  { "OMR", 3 }, { "PYG", 0 }, { "RWF", 0 }, { "TND", 3 }, { "UGX", 0 }, { "UYI", 0 }, { "UYW", 4 },
  { "VND", 0 }, { "VUV", 0 }, { "XAF", 0 }, { "XOF", 0 }, { "XPF", 0 },
};

/**
 * tide_currency_get_exponent:
 * @code: (nullable): an ISO 4217 code, in any case
 * @length: its bytes
 *
 * Tells how many decimals the minor unit of a currency is: 0 for yen, 3 for Kuwaiti dinars, 2 for most,
 * and so for those unknown too.
 *
 * Returns: the exponent, 0 to 4
 */
int
tide_currency_get_exponent (const char *code,
                            gsize       length)
{
  if (code == NULL || length != 3)
    return 2;

  for (gsize i = 0; i < G_N_ELEMENTS (exponents); i++)
    {
      if (g_ascii_strncasecmp (exponents[i].code, code, 3) == 0)
        return exponents[i].exponent;
    }

  return 2;
}
