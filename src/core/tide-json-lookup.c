/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-core"

#include "tide-json-reader.h"

#include "tide-json-scan-private.h"
#include "tide-json-trie-private.h"

#include <string.h>

#define BLOCK 64

typedef struct
{
  const guint8  *end;
  TideJsonValue *values;
} Lookup;

static const guint8 *lookup_value (Lookup             *self,
                                   const guint8       *p,
                                   const TideJsonTrie *wanted);

/* Without the instruction for it, which not every x86-64 has. */
static int
count_bits (guint64 bits)
{
  const guint64 ones = G_MAXUINT64 / 0xff; /* 0x0101… */

  bits -= (bits >> 1) & (ones * 0x55);
  bits = (bits & (ones * 0x33)) + ((bits >> 2) & (ones * 0x33));
  bits = (bits + (bits >> 4)) & (ones * 0x0f);

  return (bits * ones) >> 56;
}

/* The bytes that a backslash stands before. @carry says whether the first is one, on return whether the
 * next block's first is. */
static guint64
find_escaped (guint64  backslashes,
              guint64 *carry)
{
  guint64 escaped = *carry;

  backslashes &= ~escaped;
  *carry = 0;
  while (backslashes != 0)
    {
      guint64 backslash = backslashes & (~backslashes + 1);

      escaped |= backslash << 1;
      *carry = backslash >> 63;
      backslashes &= ~(backslash | backslash << 1);
    }

  return escaped;
}

/* Makes of each pair of quotes a run of ones, from the opening one to before the closing one. */
static inline guint64
fill_between (guint64 quotes)
{
  for (int shift = 1; shift < 64; shift *= 2)
    quotes ^= quotes << shift;

  return quotes;
}

/* Finds the bracket in a block with which @depth comes down to nothing. */
static int
find_last_bracket (guint64 opening,
                   guint64 closing,
                   gint64  depth)
{
  guint64 brackets = opening | closing;

  for (; brackets != 0; brackets &= brackets - 1)
    {
      int i = __builtin_ctzll (brackets);

      depth += (opening >> i & 1) != 0 ? 1 : -1;
      if (depth == 0)
        return i;
    }

  return -1;
}

/* @p is on the opening bracket. Returns what follows the closing one. Which of the two kinds a bracket is
 * does not matter here: the text is validated later. */
static const guint8 *
skip_container (Lookup       *self,
                const guint8 *p)
{
  guint64 in_string = 0;
  guint64 carry = 0;
  gint64 depth = 0;

  for (; p < self->end; p += BLOCK)
    {
      guint8 last[BLOCK];
      const guint8 *text = p;
      TideJsonBlock block;
      guint64 quoted;
      int n_closing;

      if (self->end - p < BLOCK)
        {
          memset (last, ' ', BLOCK);
          memcpy (last, p, self->end - p);
          text = last;
        }

      block = tide_json_classify (text);
      if (G_UNLIKELY ((block.backslashes | carry) != 0))
        block.quotes &= ~find_escaped (block.backslashes, &carry);
      quoted = fill_between (block.quotes) ^ in_string;
      in_string = (guint64) -(gint64) (quoted >> 63);
      block.opening &= ~quoted;
      block.closing &= ~quoted;

      n_closing = count_bits (block.closing);
      if (n_closing >= depth)
        {
          int i = find_last_bracket (block.opening, block.closing, depth);

          if (i >= 0)
            return p + i + 1;
        }
      depth += count_bits (block.opening) - n_closing;
    }

  return NULL;
}

/* @p is on the opening quote. Returns what follows the closing one. */
static const guint8 *
skip_string (Lookup       *self,
             const guint8 *p)
{
  for (p++; (p = tide_json_skip_to_quote (p, self->end)) < self->end; p += 2)
    {
      if (*p == '"')
        return p + 1;
      if (self->end - p < 2)
        break;
    }

  return NULL;
}

static gboolean
ends_scalar (guint8 c)
{
  return c == ',' || c == '}' || c == ']' || tide_json_is_space (c);
}

/* A number or a word. Returns %NULL if there is not one character of it. */
static const guint8 *
skip_word (Lookup       *self,
           const guint8 *p)
{
  const guint8 *start = p;

  while (p < self->end && !ends_scalar (*p))
    p++;

  return p > start ? p : NULL;
}

static const guint8 *
skip_value (Lookup       *self,
            const guint8 *p)
{
  if (p == self->end)
    return NULL;
  if (*p == '{' || *p == '[')
    return skip_container (self, p);
  if (*p == '"')
    return skip_string (self, p);

  return skip_word (self, p);
}

static const guint8 *
skip_space (Lookup       *self,
            const guint8 *p)
{
  return tide_json_skip_space (p, self->end);
}

/* Behind a member or an element: goes on to the next, or sets @done and goes out. */
static const guint8 *
skip_separator (Lookup       *self,
                const guint8 *p,
                guint8        closing,
                gboolean     *done)
{
  p = skip_space (self, p);
  if (p == self->end || (*p != ',' && *p != closing))
    return NULL;
  *done = *p == closing;

  return *done ? p + 1 : skip_space (self, p + 1);
}

static const guint8 *
skip_opening (Lookup       *self,
              const guint8 *p,
              guint8        closing,
              gboolean     *done)
{
  p = skip_space (self, p + 1);
  *done = p < self->end && *p == closing;

  return *done ? p + 1 : p;
}

/* @name is what is between the quotes. */
static const TideJsonTrie *
find_member (const TideJsonTrie *wanted,
             const guint8       *name,
             gsize               length)
{
  if (memchr (name, '\\', length) != NULL)
    return tide_json_trie_find_escaped (wanted, (const char *) name, length);

  return tide_json_trie_find (wanted, (const char *) name, length);
}

static const guint8 *
lookup_object (Lookup             *self,
               const guint8       *p,
               const TideJsonTrie *wanted)
{
  gboolean done;

  p = skip_opening (self, p, '}', &done);
  while (p != NULL && !done)
    {
      const guint8 *name = p + 1;
      const TideJsonTrie *child;

      if (p == self->end || *p != '"')
        return NULL;
      p = skip_string (self, p);
      if (p == NULL)
        return NULL;
      child = find_member (wanted, name, p - 1 - name);

      p = skip_space (self, p);
      if (p == self->end || *p != ':')
        return NULL;
      p = skip_space (self, p + 1);

      p = child != NULL ? lookup_value (self, p, child) : skip_value (self, p);
      if (p != NULL)
        p = skip_separator (self, p, '}', &done);
    }

  return p;
}

static const guint8 *
lookup_array (Lookup             *self,
              const guint8       *p,
              const TideJsonTrie *wanted)
{
  gboolean done;

  p = skip_opening (self, p, ']', &done);
  for (guint i = 0; p != NULL && !done; i++)
    {
      const TideJsonTrie *child = i < wanted->n_indices ? tide_json_trie_find_index (wanted, i) : NULL;

      p = child != NULL ? lookup_value (self, p, child) : skip_value (self, p);
      if (p != NULL)
        p = skip_separator (self, p, ']', &done);
    }

  return p;
}

static TideJsonValue
make_value (const guint8 *start,
            const guint8 *end)
{
  TideJsonValue value = { TIDE_JSON_NUMBER, FALSE, end - start, (const char *) start };

  switch (*start)
    {
    case '{':
      value.type = TIDE_JSON_OBJECT;
      break;
    case '[':
      value.type = TIDE_JSON_ARRAY;
      break;
    case '"':
      value.type = TIDE_JSON_STRING;
      value.escaped = memchr (value.text, '\\', value.length) != NULL;
      break;
    case 't':
      value.type = TIDE_JSON_TRUE;
      break;
    case 'f':
      value.type = TIDE_JSON_FALSE;
      break;
    case 'n':
      value.type = TIDE_JSON_NULL;
      break;
    default:
      break;
    }

  return value;
}

static const guint8 *
lookup_value (Lookup             *self,
              const guint8       *p,
              const TideJsonTrie *wanted)
{
  const guint8 *start = p;

  for (guint i = 0; i < wanted->below->len; i++)
    self->values[g_array_index (wanted->below, guint, i)] = (TideJsonValue) { TIDE_JSON_ABSENT };

  if (p < self->end && *p == '{' && wanted->below->len > 0)
    p = lookup_object (self, p, wanted);
  else if (p < self->end && *p == '[' && wanted->n_indices > 0)
    p = lookup_array (self, p, wanted);
  else
    p = skip_value (self, p);
  if (p == NULL)
    return NULL;

  for (guint i = 0; i < wanted->fields->len; i++)
    self->values[g_array_index (wanted->fields, guint, i)] = make_value (start, p);

  return p;
}

/**
 * tide_json_lookup:
 * @text: (array length=length): JSON text, which needs no NUL at its end
 * @length: its bytes
 * @pointers: (array length=n_pointers): JSON pointers from the document's root; one that is no pointer
 *    leads nowhere
 * @n_pointers: how many there are
 * @values: (out caller-allocates) (array length=n_pointers): what is there, or %TIDE_JSON_ABSENT
 *
 * Finds single values of a document in a hurry, such as the cursor of the next page: it looks at strings
 * and brackets only, steps over whatever no pointer leads into, and validates nothing. So a value found
 * may be no JSON, and is to be trusted no further than the page it comes from, which
 * tide_json_reader_read() validates later. Safe with any bytes. Any thread.
 *
 * Returns: %FALSE if the text ends early or is plainly no JSON; @values then holds what was found until there
 */
gboolean
tide_json_lookup (const char         *text,
                  gsize               length,
                  const char * const *pointers,
                  gsize               n_pointers,
                  TideJsonValue      *values)
{
  g_autoptr(TideJsonTrie) wanted = NULL;
  Lookup lookup = { 0 };
  const guint8 *p;

  g_return_val_if_fail (text != NULL || length == 0, FALSE);
  g_return_val_if_fail ((pointers != NULL && values != NULL) || n_pointers == 0, FALSE);

  wanted = tide_json_trie_new ();
  for (gsize i = 0; i < n_pointers; i++)
    {
      values[i] = (TideJsonValue) { TIDE_JSON_ABSENT };
      tide_json_trie_add (wanted, pointers[i], i, NULL);
    }
  tide_json_trie_finish (wanted);

  p = (const guint8 *) (text != NULL ? text : "");
  lookup.end = p + length;
  lookup.values = values;
  p = skip_space (&lookup, p);
  p = lookup_value (&lookup, p, wanted);

  return p != NULL && skip_space (&lookup, p) == lookup.end;
}
