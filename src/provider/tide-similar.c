/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-provider"

#include <string.h>

#include "tide-schema-validator.h"

/* Names longer than this are not typing mistakes of one another. */
#define LONGEST 63

/* Edits (insert, drop, change, swap of neighbours) that make @b out of @a. */
static gsize
get_distance (const char *a,
              const char *b)
{
  gsize n_a = strlen (a);
  gsize n_b = strlen (b);
  guint8 rows[3][LONGEST + 1];
  guint8 *last2 = rows[0], *last = rows[1], *now = rows[2];

  if (n_a > LONGEST || n_b > LONGEST)
    return G_MAXSIZE;
  for (gsize j = 0; j <= n_b; j++)
    last[j] = j;
  for (gsize i = 1; i <= n_a; i++)
    {
      guint8 *spare = last2;

      now[0] = i;
      for (gsize j = 1; j <= n_b; j++)
        {
          guint8 cost = last[j - 1] + (a[i - 1] != b[j - 1]);

          cost = MIN (cost, MIN (last[j], now[j - 1]) + 1);
          if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
            cost = MIN (cost, last2[j - 2] + 1);
          now[j] = cost;
        }
      last2 = last;
      last = now;
      now = spare;
    }
  return last[n_b];
}

/**
 * tide_schema_find_similar:
 * @candidates: (element-type utf8): what would be right
 *
 * Returns: (nullable) (transfer none): the candidate that @name is most likely a misspelling of
 */
const char *
tide_schema_find_similar (const char *name,
                          GList      *candidates)
{
  const char *best = NULL;
  gsize limit = strlen (name) < 4 ? 1 : 2;

  for (GList *l = candidates; l != NULL; l = l->next)
    {
      gsize distance = get_distance (name, l->data);

      if (distance <= limit)
        {
          best = l->data;
          limit = distance - (distance > 0);
        }
    }
  return best;
}
