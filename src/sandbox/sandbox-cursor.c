/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemark-sandbox"

#include <string.h>

#include "sandbox-cursor.h"
#include "sandbox-random.h"

#define PACKED_SIZE 40

/* Field by field: padding would make equal cursors differ. */
static void
cursor_pack (const SandboxCursor *self,
             guchar              *out)
{
  guint64 check;

  memcpy (out, &self->query, 8);
  memcpy (out + 8, &self->until, 8);
  memcpy (out + 16, &self->time, 8);
  memcpy (out + 24, &self->place, 4);
  memcpy (out + 28, &self->salt, 2);
  out[30] = self->started;
  out[31] = self->looping;
  check = sandbox_mix (self->query ^ (guint64)self->until, (guint64)self->time,
                       (guint64)self->place << 32 | (guint64)self->salt << 16 | (guint64)self->started << 8 | self->looping);
  memcpy (out + 32, &check, 8);
}

/** sandbox_cursor_to_text: (transfer full): the text that a client sends back. */
char *
sandbox_cursor_to_text (const SandboxCursor *self)
{
  guchar packed[PACKED_SIZE];
  char *text;

  cursor_pack (self, packed);
  text = g_base64_encode (packed, sizeof packed);
  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  return text;
}

/**
 * sandbox_cursor_from_text:
 * @self: (out caller-allocates): the cursor
 * @text: what a client sent
 *
 * Returns: %FALSE if no cursor of ours looks like that
 */
gboolean
sandbox_cursor_from_text (SandboxCursor *self,
                          const char    *text)
{
  g_autofree char *plain = g_strdup (text);
  g_autofree guchar *packed = NULL;
  guchar again[PACKED_SIZE];
  gsize length;

  g_strdelimit (plain, "-", '+');
  g_strdelimit (plain, "_", '/');
  packed = g_base64_decode (plain, &length);
  if (length != PACKED_SIZE)
    return FALSE;

  memcpy (&self->query, packed, 8);
  memcpy (&self->until, packed + 8, 8);
  memcpy (&self->time, packed + 16, 8);
  memcpy (&self->place, packed + 24, 4);
  memcpy (&self->salt, packed + 28, 2);
  self->started = packed[30];
  self->looping = packed[31];
  cursor_pack (self, again);
  return memcmp (packed, again, PACKED_SIZE) == 0;
}
