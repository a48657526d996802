/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* The innermost loops over JSON text. Each starts at @p, looks at no byte at or after @end, and
 * returns where it stopped. Where 16 bytes are left, they are looked at together: SSE2 is part of every
 * x86-64. (TIDE_JSON_SCALAR is for testing what other computers run.) */
#if defined (__SSE2__) && !defined (TIDE_JSON_SCALAR)
#define TIDE_JSON_SSE2 1
#include <emmintrin.h>
#else
#define TIDE_JSON_SSE2 0
#endif

G_BEGIN_DECLS

static inline gboolean
tide_json_is_space (guint8 c)
{
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static inline gboolean
tide_json_is_digit (guint8 c)
{
  return (guint8) (c - '0') <= 9;
}

static inline const guint8 *
tide_json_skip_space (const guint8 *p,
                      const guint8 *end)
{
  if (G_LIKELY (p < end && *p > ' '))
    return p;

#if TIDE_JSON_SSE2
  for (; end - p >= 16; p += 16)
    {
      __m128i v = _mm_loadu_si128 ((const __m128i *) p);
      __m128i blank = _mm_cmpeq_epi8 (v, _mm_set1_epi8 (' '));
      __m128i line = _mm_or_si128 (_mm_cmpeq_epi8 (v, _mm_set1_epi8 ('\n')),
                                   _mm_cmpeq_epi8 (v, _mm_set1_epi8 ('\r')));
      __m128i tab = _mm_cmpeq_epi8 (v, _mm_set1_epi8 ('\t'));
      guint mask = _mm_movemask_epi8 (_mm_or_si128 (_mm_or_si128 (blank, line), tab));

      if (mask != 0xffff)
        return p + __builtin_ctz (~mask);
    }
#endif

  while (p < end && tide_json_is_space (*p))
    p++;

  return p;
}

static inline const guint8 *
tide_json_skip_digits (const guint8 *p,
                       const guint8 *end)
{
#if TIDE_JSON_SSE2
  for (; end - p >= 16; p += 16)
    {
      __m128i v = _mm_loadu_si128 ((const __m128i *) p);
      __m128i value = _mm_sub_epi8 (v, _mm_set1_epi8 ('0'));
      __m128i digit = _mm_cmpeq_epi8 (_mm_min_epu8 (value, _mm_set1_epi8 (9)), value);
      guint mask = _mm_movemask_epi8 (digit);

      if (mask != 0xffff)
        return p + __builtin_ctz (~mask);
    }
#endif

  while (p < end && tide_json_is_digit (*p))
    p++;

  return p;
}

/* Stops at a quote, a backslash, a control character and at anything that is not ASCII. */
static inline const guint8 *
tide_json_skip_plain (const guint8 *p,
                      const guint8 *end)
{
#if TIDE_JSON_SSE2
  for (; end - p >= 16; p += 16)
    {
      __m128i v = _mm_loadu_si128 ((const __m128i *) p);
      /* Signed, so that all from 0x80 on are less too. */
      __m128i low = _mm_cmplt_epi8 (v, _mm_set1_epi8 (' '));
      __m128i quote = _mm_cmpeq_epi8 (v, _mm_set1_epi8 ('"'));
      __m128i backslash = _mm_cmpeq_epi8 (v, _mm_set1_epi8 ('\\'));
      guint mask = _mm_movemask_epi8 (_mm_or_si128 (_mm_or_si128 (low, quote), backslash));

      if (mask != 0)
        return p + __builtin_ctz (mask);
    }
#endif

  while (p < end && *p >= ' ' && *p < 0x80 && *p != '"' && *p != '\\')
    p++;

  return p;
}

/* Stops at a quote or a backslash. */
static inline const guint8 *
tide_json_skip_to_quote (const guint8 *p,
                         const guint8 *end)
{
#if TIDE_JSON_SSE2
  for (; end - p >= 16; p += 16)
    {
      __m128i v = _mm_loadu_si128 ((const __m128i *) p);
      __m128i quote = _mm_cmpeq_epi8 (v, _mm_set1_epi8 ('"'));
      __m128i backslash = _mm_cmpeq_epi8 (v, _mm_set1_epi8 ('\\'));
      guint mask = _mm_movemask_epi8 (_mm_or_si128 (quote, backslash));

      if (mask != 0)
        return p + __builtin_ctz (mask);
    }
#endif

  while (p < end && *p != '"' && *p != '\\')
    p++;

  return p;
}

/* The characters that structure JSON, in 64 bytes of text: a bit a byte, the first byte lowest. */
typedef struct
{
  guint64 quotes;
  guint64 backslashes;
  guint64 opening;
  guint64 closing;
} TideJsonBlock;

static inline TideJsonBlock
tide_json_classify (const guint8 *p)
{
  TideJsonBlock block = { 0 };

#if TIDE_JSON_SSE2
  for (int i = 0; i < 4; i++)
    {
      __m128i v = _mm_loadu_si128 ((const __m128i *) (p + 16 * i));
      /* [ and { differ in one bit only, as do ] and }; with it set, nothing else becomes like them. */
      __m128i folded = _mm_or_si128 (v, _mm_set1_epi8 (0x20));

#define BITS(vector, c) \
  ((guint64) (guint) _mm_movemask_epi8 (_mm_cmpeq_epi8 (vector, _mm_set1_epi8 (c))) << (16 * i))
      block.quotes |= BITS (v, '"');
      block.backslashes |= BITS (v, '\\');
      block.opening |= BITS (folded, '{');
      block.closing |= BITS (folded, '}');
#undef BITS
    }
#else
  for (int i = 0; i < 64; i++)
    {
      block.quotes |= (guint64) (p[i] == '"') << i;
      block.backslashes |= (guint64) (p[i] == '\\') << i;
      block.opening |= (guint64) (p[i] == '{' || p[i] == '[') << i;
      block.closing |= (guint64) (p[i] == '}' || p[i] == ']') << i;
    }
#endif

  return block;
}

G_END_DECLS
