/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-provider"

#include "tide-backoff.h"

#include <libsoup/soup.h>

#include "tide-time.h"

/* A number above this is a point in time, not a length of it. */
#define FIRST_UNIX_SECONDS 1000000000

/**
 * tide_backoff_get_jittered:
 * @base: the first wait, at most
 * @cap: the longest
 * @attempt: how many have failed, from 1
 * @random: from 0 to 1
 *
 * Returns: microseconds; exponential with full jitter, so that many clients do not come back together
 */
gint64
tide_backoff_get_jittered (gint64 base,
                           gint64 cap,
                           guint  attempt,
                           double random)
{
  gint64 longest = MIN (base, cap);

  for (guint i = 1; i < attempt && longest < cap; i++)
    longest = MIN (longest * 2, cap);
  return longest * random;
}

static gint64
parse_seconds (const char *text)
{
  char *end;
  double seconds = g_ascii_strtod (text, &end);

  /* The cap keeps the product far from overflow; whoever asks for years is refused later anyway. */
  if (end == text || *end != '\0' || !(seconds >= 0))
    return -1;
  return MIN (seconds, 1e9) * TIDE_SECOND;
}

static gint64
parse_http_date (const char *text,
                 gint64      now)
{
  g_autoptr(GDateTime) date = soup_date_time_new_from_http_string (text);

  return date != NULL ? MAX (0, g_date_time_to_unix (date) * TIDE_SECOND - now) : -1;
}

/**
 * tide_backoff_get_retry_after:
 * @now: wall clock, microseconds
 *
 * Returns: how long the provider asks to wait, as seconds or as an HTTP date; -1 if it does not
 */
gint64
tide_backoff_get_retry_after (const TideResponse *response,
                              gint64              now)
{
  const char *text = tide_response_get_header (response, "retry-after");
  gint64 usec;

  if (text == NULL)
    return -1;
  usec = parse_seconds (text);
  return usec >= 0 ? usec : parse_http_date (text, now);
}

/**
 * tide_backoff_get_reset:
 * @text: a provider's own header: seconds from now, or seconds since 1970
 * @now: wall clock, microseconds
 *
 * Returns: how long until then, -1 if it cannot be told
 */
gint64
tide_backoff_get_reset (const char *text,
                        gint64      now)
{
  gint64 usec = parse_seconds (text);

  if (usec < FIRST_UNIX_SECONDS * TIDE_SECOND)
    return usec;
  return MAX (0, (gint64)g_ascii_strtoull (text, NULL, 10) * TIDE_SECOND - now);
}
