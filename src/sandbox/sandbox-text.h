/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <string.h>

#include <glib.h>

G_BEGIN_DECLS

/* A growing buffer that compact JSON is written into. Commas come by themselves: a
 * key or an element writes one unless it is the first in its object or array. */
typedef struct
{
  char *data;   /* (owned) */
  gsize length;
  gsize size;
} SandboxText;

void sandbox_text_grow         (SandboxText *self,
                                gsize        needed);
void sandbox_text_clear        (SandboxText *self);
void sandbox_text_int          (SandboxText *self,
                                gint64       value);
void sandbox_text_string       (SandboxText *self,
                                const char  *value);
void sandbox_text_time         (SandboxText *self,
                                gint64       time);
void sandbox_text_second       (SandboxText *self,
                                gint64       time);
void sandbox_text_local        (SandboxText *self,
                                gint64       time,
                                int          offset_minutes);
void sandbox_text_money        (SandboxText *self,
                                gint64       amount);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SandboxText, sandbox_text_clear)

static inline void
sandbox_text_raw (SandboxText *self,
                  const char  *bytes,
                  gsize        length)
{
  if (G_UNLIKELY (self->length + length > self->size))
    sandbox_text_grow (self, length);
  memcpy (self->data + self->length, bytes, length);
  self->length += length;
}

static inline void
sandbox_text_char (SandboxText *self,
                   char         character)
{
  sandbox_text_raw (self, &character, 1);
}

/* Begins an element of an array. */
static inline void
sandbox_text_next (SandboxText *self)
{
  if (self->length > 0 && self->data[self->length - 1] != '[')
    sandbox_text_char (self, ',');
}

static inline void
sandbox_text_key (SandboxText *self,
                  const char  *key)
{
  if (self->length > 0 && self->data[self->length - 1] != '{')
    sandbox_text_char (self, ',');
  sandbox_text_char (self, '"');
  sandbox_text_raw (self, key, strlen (key));
  sandbox_text_raw (self, "\":", 2);
}

static inline void
sandbox_text_open (SandboxText *self,
                   const char  *key,
                   char         bracket)
{
  sandbox_text_key (self, key);
  sandbox_text_char (self, bracket);
}

/* Text known to need no escaping: ids, enumeration values, decimals. */
static inline void
sandbox_text_plain (SandboxText *self,
                    const char  *key,
                    const char  *value)
{
  sandbox_text_key (self, key);
  sandbox_text_char (self, '"');
  sandbox_text_raw (self, value, strlen (value));
  sandbox_text_char (self, '"');
}

static inline void
sandbox_text_member_string (SandboxText *self,
                            const char  *key,
                            const char  *value)
{
  sandbox_text_key (self, key);
  sandbox_text_string (self, value);
}

static inline void
sandbox_text_member_int (SandboxText *self,
                         const char  *key,
                         gint64       value)
{
  sandbox_text_key (self, key);
  sandbox_text_int (self, value);
}

static inline void
sandbox_text_member_bool (SandboxText *self,
                          const char  *key,
                          gboolean     value)
{
  sandbox_text_key (self, key);
  sandbox_text_raw (self, value ? "true" : "false", value ? 4 : 5);
}

static inline void
sandbox_text_member_time (SandboxText *self,
                          const char  *key,
                          gint64       time)
{
  sandbox_text_key (self, key);
  sandbox_text_time (self, time);
}

static inline void
sandbox_text_member_second (SandboxText *self,
                            const char  *key,
                            gint64       time)
{
  sandbox_text_key (self, key);
  sandbox_text_second (self, time);
}

static inline void
sandbox_text_member_money (SandboxText *self,
                           const char  *key,
                           gint64       amount)
{
  sandbox_text_key (self, key);
  sandbox_text_money (self, amount);
}

G_END_DECLS
