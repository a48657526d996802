/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemark-sandbox"

#include "sandbox-business.h"
#include "sandbox-text.h"
#include "sandbox-time.h"

/** sandbox_text_grow: makes room for @needed more bytes. */
void
sandbox_text_grow (SandboxText *self,
                   gsize        needed)
{
  self->size = MAX (self->size * 2, self->length + needed + 1024);
  self->data = g_realloc (self->data, self->size);
}

/** sandbox_text_clear: frees the buffer; the text is empty and usable afterwards. */
void
sandbox_text_clear (SandboxText *self)
{
  g_clear_pointer (&self->data, g_free);
  self->length = 0;
  self->size = 0;
}

/** sandbox_text_int: appends a number. */
void
sandbox_text_int (SandboxText *self,
                  gint64       value)
{
  char digits[24];
  gsize at = sizeof digits;
  guint64 rest = value < 0 ? -(guint64)value : (guint64)value;

  do
    {
      digits[--at] = (char)('0' + rest % 10);
      rest /= 10;
    }
  while (rest > 0);

  if (value < 0)
    digits[--at] = '-';
  sandbox_text_raw (self, digits + at, sizeof digits - at);
}

static void
text_escape (SandboxText *self,
             guchar       character)
{
  static const char hex[] = "0123456789abcdef";
  char unicode[6] = { '\\', 'u', '0', '0', hex[character >> 4], hex[character & 15] };

  if (character == '"' || character == '\\')
    {
      char pair[2] = { '\\', (char)character };

      sandbox_text_raw (self, pair, 2);
    }
  else if (character == '\n')
    sandbox_text_raw (self, "\\n", 2);
  else if (character == '\t')
    sandbox_text_raw (self, "\\t", 2);
  else
    sandbox_text_raw (self, unicode, 6);
}

/** sandbox_text_string: appends @value, which is UTF-8, quoted and escaped. */
void
sandbox_text_string (SandboxText *self,
                     const char  *value)
{
  const char *from = value;
  const char *at;

  sandbox_text_char (self, '"');
  for (at = value; *at != '\0'; at++)
    {
      guchar character = (guchar)*at;

      if (G_LIKELY (character >= 0x20 && character != '"' && character != '\\'))
        continue;
      sandbox_text_raw (self, from, (gsize)(at - from));
      text_escape (self, character);
      from = at + 1;
    }
  sandbox_text_raw (self, from, (gsize)(at - from));
  sandbox_text_char (self, '"');
}

/** sandbox_text_time: appends a time with milliseconds, quoted. */
void
sandbox_text_time (SandboxText *self,
                   gint64       time)
{
  char text[SANDBOX_TIME_SIZE];
  gsize length = sandbox_time_format (text + 1, time);

  text[0] = '"';
  text[length + 1] = '"';
  sandbox_text_raw (self, text, length + 2);
}

/** sandbox_text_second: appends a time in whole seconds, quoted. */
void
sandbox_text_second (SandboxText *self,
                     gint64       time)
{
  char text[SANDBOX_TIME_SIZE];
  gsize length = sandbox_time_format_second (text + 1, time);

  text[0] = '"';
  text[length + 1] = '"';
  sandbox_text_raw (self, text, length + 2);
}

/** sandbox_text_local: appends a time with its offset, quoted. */
void
sandbox_text_local (SandboxText *self,
                    gint64       time,
                    int          offset_minutes)
{
  char text[SANDBOX_TIME_SIZE];
  gsize length = sandbox_time_format_local (text + 1, time, offset_minutes);

  text[0] = '"';
  text[length + 1] = '"';
  sandbox_text_raw (self, text, length + 2);
}

/** sandbox_text_money: appends a Money object in the business's currency. */
void
sandbox_text_money (SandboxText *self,
                    gint64       amount)
{
  sandbox_text_raw (self, "{\"amount\":", 10);
  sandbox_text_int (self, amount);
  sandbox_text_raw (self, ",\"currency\":\"" SANDBOX_CURRENCY "\"}", 13 + strlen (SANDBOX_CURRENCY) + 2);
}
