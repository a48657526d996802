/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-json-scan-private.h"

#include <string.h>

G_BEGIN_DECLS

/* A text that is being validated. Each function begins at @p, which is not the end unless it says so, and
 * returns what follows its token; or NULL, once it has noted here where the text is wrong and how. */
typedef struct
{
  const guint8 *start;
  const guint8 *end;
  const guint8 *failed_at;
  const char   *failure;
} TideJsonSource;

static inline const guint8 *
tide_json_source_fail (TideJsonSource *self,
                       const guint8   *p,
                       const char     *failure)
{
  self->failed_at = p;
  self->failure = p < self->end ? failure : "unexpected end of text";

  return NULL;
}

/* @p is behind a backslash. */
static inline const guint8 *
tide_json_scan_escape (TideJsonSource *self,
                       const guint8   *p)
{
  if (p < self->end && memchr ("\"\\/bfnrt", *p, 8) != NULL)
    return p + 1;
  if (p == self->end || *p != 'u')
    return tide_json_source_fail (self, p, "bad escape in a string");

  p++;
  for (int i = 0; i < 4; i++, p++)
    {
      if (p == self->end || !g_ascii_isxdigit (*p))
        return tide_json_source_fail (self, p, "bad \\u escape in a string");
    }

  return p;
}

/* How many bytes that continue a character there are, up to the three that one can have. */
static inline int
tide_json_count_continuations (const guint8 *p,
                               const guint8 *end)
{
  int n = 0;

  while (n < 3 && p + n < end && (p[n] & 0xc0) == 0x80)
    n++;

  return n;
}

/* @p is on a byte of 0x80 or more. Goes over all characters that are not ASCII, as where there is one
 * there mostly are more. The limits are those of the Unicode standard's table 3-7. */
static inline const guint8 *
tide_json_scan_utf8 (TideJsonSource *self,
                     const guint8   *p)
{
  const guint8 *end = self->end;

  while (p < end && *p >= 0x80)
    {
      int n = tide_json_count_continuations (p + 1, end);
      guint8 c = *p;

      if (c >= 0xc2 && c <= 0xdf && n >= 1)
        p += 2;
      else if ((c & 0xf0) == 0xe0 && n >= 2 && (c != 0xe0 || p[1] >= 0xa0) && (c != 0xed || p[1] <= 0x9f))
        p += 3;
      else if (c >= 0xf0 && c <= 0xf4 && n >= 3 && (c != 0xf0 || p[1] >= 0x90) && (c != 0xf4 || p[1] <= 0x8f))
        p += 4;
      else
        return tide_json_source_fail (self, p, "not UTF-8");
    }

  return p;
}

/* @p is on the opening quote. Returns what follows the closing one. */
static inline const guint8 *
tide_json_scan_string (TideJsonSource *self,
                       const guint8   *p,
                       gboolean       *escaped)
{
  const guint8 *end = self->end;

  *escaped = FALSE;
  p++;
  while (TRUE)
    {
      p = tide_json_skip_plain (p, end);
      if (G_UNLIKELY (p == end))
        return tide_json_source_fail (self, p, NULL);
      if (G_LIKELY (*p == '"'))
        return p + 1;

      if (*p == '\\')
        {
          *escaped = TRUE;
          p = tide_json_scan_escape (self, p + 1);
        }
      else if (*p >= 0x80)
        p = tide_json_scan_utf8 (self, p);
      else
        return tide_json_source_fail (self, p, "control character in a string");

      if (p == NULL)
        return NULL;
    }
}

/* One digit at least. */
static inline const guint8 *
tide_json_scan_digits (TideJsonSource *self,
                       const guint8   *p)
{
  if (p == self->end || !tide_json_is_digit (*p))
    return tide_json_source_fail (self, p, "expected a digit");

  return tide_json_skip_digits (p + 1, self->end);
}

static inline const guint8 *
tide_json_scan_number (TideJsonSource *self,
                       const guint8   *p)
{
  const guint8 *end = self->end;

  if (*p == '-')
    p++;
  if (p < end && *p == '0')
    p++;
  else
    p = tide_json_scan_digits (self, p);

  if (p != NULL && p < end && *p == '.')
    p = tide_json_scan_digits (self, p + 1);
  if (p != NULL && p < end && (*p | 0x20) == 'e')
    {
      p++;
      if (p < end && (*p == '+' || *p == '-'))
        p++;
      p = tide_json_scan_digits (self, p);
    }

  return p;
}

static inline const guint8 *
tide_json_scan_word (TideJsonSource *self,
                     const guint8   *p,
                     const char     *word,
                     gsize           length)
{
  for (gsize i = 0; i < length; i++)
    {
      if (p + i == self->end || p[i] != (guint8) word[i])
        return tide_json_source_fail (self, p + i, "expected a value");
    }

  return p + length;
}

static inline const guint8 *
tide_json_scan_constant (TideJsonSource *self,
                         const guint8   *p)
{
  if (*p == 't')
    return tide_json_scan_word (self, p, "true", 4);
  if (*p == 'f')
    return tide_json_scan_word (self, p, "false", 5);
  if (*p == 'n')
    return tide_json_scan_word (self, p, "null", 4);

  return tide_json_source_fail (self, p, "expected a value");
}

/* Strings, numbers and words: all but objects and arrays. */
G_ALWAYS_INLINE static inline const guint8 *
tide_json_scan_scalar (TideJsonSource *self,
                       const guint8   *p,
                       gboolean       *escaped)
{
  if (*p == '"')
    return tide_json_scan_string (self, p, escaped);
  if (*p == '-' || tide_json_is_digit (*p))
    return tide_json_scan_number (self, p);

  return tide_json_scan_constant (self, p);
}

G_END_DECLS
