/* SPDX-License-Identifier: GPL-3.0-or-later */

/* RFC 8259 written down once more, as plainly as it goes and byte by byte: the judge where the reader
 * and json-glib disagree. Shares nothing with the reader. */

#include "core-json-strict.h"

#include <string.h>

#define DEPTH_MAX 512

typedef struct
{
  const char *text;
  gsize       length;
  gsize       at;
} Strict;

static gboolean check_value (Strict *self,
                             int     depth);

/* The next byte, or -1 at the end. */
static int
peek (Strict *self)
{
  return self->at < self->length ? (guchar) self->text[self->at] : -1;
}

static gboolean
take (Strict *self,
      char    c)
{
  if (peek (self) != (guchar) c)
    return FALSE;
  self->at++;

  return TRUE;
}

static void
take_spaces (Strict *self)
{
  while (take (self, ' ') || take (self, '\n') || take (self, '\r') || take (self, '\t'))
    ;
}

static gboolean
take_word (Strict     *self,
           const char *word)
{
  for (; *word != '\0'; word++)
    {
      if (!take (self, *word))
        return FALSE;
    }

  return TRUE;
}

static gboolean
take_digits (Strict *self)
{
  gsize start = self->at;

  while (g_ascii_isdigit (peek (self)))
    self->at++;

  return self->at > start;
}

static gboolean
check_number (Strict *self)
{
  take (self, '-');
  if (!take (self, '0') && !take_digits (self))
    return FALSE;
  if (take (self, '.') && !take_digits (self))
    return FALSE;
  if (take (self, 'e') || take (self, 'E'))
    {
      if (!take (self, '-'))
        take (self, '+');
      return take_digits (self);
    }

  return TRUE;
}

static gboolean
check_escape (Strict *self)
{
  int c = peek (self);

  if (c <= 0 || strchr ("\"\\/bfnrtu", c) == NULL)
    return FALSE;
  self->at++;
  for (int i = 0; c == 'u' && i < 4; i++)
    {
      if (peek (self) < 0 || !g_ascii_isxdigit (peek (self)))
        return FALSE;
      self->at++;
    }

  return TRUE;
}

static gboolean
check_string (Strict *self)
{
  if (!take (self, '"'))
    return FALSE;

  while (!take (self, '"'))
    {
      if (peek (self) < 0x20)
        return FALSE;
      if (take (self, '\\'))
        {
          if (!check_escape (self))
            return FALSE;
        }
      else
        self->at++;
    }

  return TRUE;
}

static gboolean
check_members (Strict *self,
               int     depth,
               char    closing)
{
  take_spaces (self);
  if (take (self, closing))
    return TRUE;

  while (TRUE)
    {
      take_spaces (self);
      if (closing == '}')
        {
          if (!check_string (self))
            return FALSE;
          take_spaces (self);
          if (!take (self, ':'))
            return FALSE;
          take_spaces (self);
        }
      if (!check_value (self, depth))
        return FALSE;
      take_spaces (self);
      if (take (self, closing))
        return TRUE;
      if (!take (self, ','))
        return FALSE;
    }
}

static gboolean
check_value (Strict *self,
             int     depth)
{
  switch (peek (self))
    {
    case '{':
      self->at++;
      return depth < DEPTH_MAX && check_members (self, depth + 1, '}');
    case '[':
      self->at++;
      return depth < DEPTH_MAX && check_members (self, depth + 1, ']');
    case '"':
      return check_string (self);
    case 't':
      return take_word (self, "true");
    case 'f':
      return take_word (self, "false");
    case 'n':
      return take_word (self, "null");
    default:
      return check_number (self);
    }
}

/**
 * json_strict_check:
 * @text: (array length=length): some text
 * @length: its bytes
 * @fault: (out): where it stops being JSON
 *
 * Tells whether a text is JSON. GLib judges its UTF-8.
 *
 * Returns: whether it is
 */
gboolean
json_strict_check (const char *text,
                   gsize       length,
                   gsize      *fault)
{
  Strict self = { text, length, 0 };
  const char *bad;
  gboolean ok;

  take_spaces (&self);
  ok = check_value (&self, 0);
  if (ok)
    take_spaces (&self);
  *fault = self.at;

  if (!g_utf8_validate_len (text, length, &bad))
    {
      *fault = MIN (*fault, (gsize) (bad - text));
      return FALSE;
    }

  return ok && self.at == length;
}
