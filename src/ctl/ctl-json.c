/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemarkctl"

#include "config.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ctl-json.h"
#include "tide-time.h"

struct _CtlJson
{
  GString  *text;             /* (owned) */
  gboolean  comma;            /* one is due before the next value */
};

CtlJson *
ctl_json_new (void)
{
  CtlJson *self = g_new0 (CtlJson, 1);

  self->text = g_string_new (NULL);
  return self;
}

void
ctl_json_free (CtlJson *self)
{
  g_string_free (self->text, TRUE);
  g_free (self);
}

/* What is not UTF-8 (only an owner's own SQL can make it) becomes U+FFFD. */
static void
append_string (GString    *text,
               const char *value,
               gsize       length)
{
  g_autofree char *valid = g_utf8_make_valid (value, (gssize)length);

  g_string_append_c (text, '"');
  for (const char *p = valid; *p != '\0'; p++)
    {
      guchar c = (guchar)*p;

      if (c == '"' || c == '\\')
        g_string_append_printf (text, "\\%c", c);
      else if (c == '\n')
        g_string_append (text, "\\n");
      else if (c < 0x20)
        g_string_append_printf (text, "\\u%04x", c);
      else
        g_string_append_c (text, (char)c);
    }
  g_string_append_c (text, '"');
}

static void
ctl_json_next (CtlJson    *self,
               const char *name)
{
  if (self->comma)
    g_string_append_c (self->text, ',');
  self->comma = TRUE;
  if (name == NULL)
    return;
  append_string (self->text, name, strlen (name));
  g_string_append_c (self->text, ':');
}

static void
ctl_json_begin (CtlJson    *self,
                const char *name,
                char        bracket)
{
  ctl_json_next (self, name);
  g_string_append_c (self->text, bracket);
  self->comma = FALSE;
}

static void
ctl_json_end (CtlJson *self,
              char     bracket)
{
  g_string_append_c (self->text, bracket);
  self->comma = TRUE;
}

void
ctl_json_begin_object (CtlJson    *self,
                       const char *name)
{
  ctl_json_begin (self, name, '{');
}

void
ctl_json_end_object (CtlJson *self)
{
  ctl_json_end (self, '}');
}

void
ctl_json_begin_array (CtlJson    *self,
                      const char *name)
{
  ctl_json_begin (self, name, '[');
}

void
ctl_json_end_array (CtlJson *self)
{
  ctl_json_end (self, ']');
}

/**
 * ctl_json_add_string:
 * @value: (nullable): text; %NULL is null
 */
void
ctl_json_add_string (CtlJson    *self,
                     const char *name,
                     const char *value)
{
  if (value != NULL)
    ctl_json_add_text (self, name, value, strlen (value));
  else
    ctl_json_add_null (self, name);
}

void
ctl_json_add_text (CtlJson    *self,
                   const char *name,
                   const char *value,
                   gsize       length)
{
  ctl_json_next (self, name);
  append_string (self->text, value, length);
}

void
ctl_json_add_int (CtlJson    *self,
                  const char *name,
                  gint64      value)
{
  ctl_json_next (self, name);
  g_string_append_printf (self->text, "%" G_GINT64_FORMAT, value);
}

void
ctl_json_add_double (CtlJson    *self,
                     const char *name,
                     double      value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  ctl_json_next (self, name);
  /* JSON has no infinity. */
  g_string_append (self->text, isfinite (value) ? g_ascii_dtostr (buffer, sizeof buffer, value) : "null");
}

void
ctl_json_add_boolean (CtlJson    *self,
                      const char *name,
                      gboolean    value)
{
  ctl_json_next (self, name);
  g_string_append (self->text, value ? "true" : "false");
}

void
ctl_json_add_null (CtlJson    *self,
                   const char *name)
{
  ctl_json_next (self, name);
  g_string_append (self->text, "null");
}

/**
 * ctl_json_add_time:
 * @instant: RFC 3339 in UTC; 0 (never) is null
 */
void
ctl_json_add_time (CtlJson    *self,
                   const char *name,
                   gint64      instant)
{
  char text[TIDE_TIME_TEXT_LENGTH + 1];

  if (instant == 0 || instant == TIDE_TIME_INVALID)
    {
      ctl_json_add_null (self, name);
      return;
    }
  tide_time_format (instant, text);
  ctl_json_add_string (self, name, text);
}

/**
 * ctl_json_add_raw:
 * @json: (nullable): a JSON value as it is; %NULL is null
 */
void
ctl_json_add_raw (CtlJson    *self,
                  const char *name,
                  const char *json)
{
  ctl_json_next (self, name);
  if (json == NULL)
    json = "null";
  /* A document is one line; in valid JSON a line break only ever stands between two tokens. */
  for (const char *p = json; *p != '\0'; p++)
    g_string_append_c (self->text, *p == '\n' || *p == '\r' ? ' ' : *p);
}

const char *
ctl_json_get_text (CtlJson *self)
{
  return self->text->str;
}

/**
 * ctl_json_print:
 *
 * Prints the document as one line, at once, and begins another.
 */
void
ctl_json_print (CtlJson *self)
{
  g_string_append_c (self->text, '\n');
  fwrite (self->text->str, 1, self->text->len, stdout);
  fflush (stdout);
  g_string_truncate (self->text, 0);
  self->comma = FALSE;
}
