/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-core"

#include "tide-text.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#define NAME_LENGTH_MAX 63
#define ID_BITS_PER_CHARACTER 5

/**
 * tide_set_str:
 * @field: a string that the caller owns
 * @value: (nullable): what it shall be
 *
 * Replaces a string by a copy of another. Both may be the same.
 *
 * Returns: whether that changed anything
 */
gboolean
tide_set_str (char       **field,
              const char  *value)
{
  char *copy;

  g_return_val_if_fail (field != NULL, FALSE);

  if (g_strcmp0 (*field, value) == 0)
    return FALSE;

  copy = g_strdup (value);
  g_free (*field);
  *field = copy;

  return TRUE;
}

/**
 * tide_text_is_name:
 * @text: (nullable): some text
 *
 * Tells whether a text may name a table, column, stream or provider: a lower-case letter, then
 * lower-case letters, digits and underscores, 63 bytes at most. What passes needs no quoting
 * anywhere.
 *
 * Returns: whether it is a name
 */
gboolean
tide_text_is_name (const char *text)
{
  gsize length;

  if (text == NULL || !g_ascii_islower (text[0]))
    return FALSE;

  for (length = 1; text[length] != '\0'; length++)
    {
      if (!g_ascii_islower (text[length]) && !g_ascii_isdigit (text[length]) && text[length] != '_')
        return FALSE;
    }

  return length <= NAME_LENGTH_MAX;
}

static void
fill_random (guint8 *bytes,
             gsize   length)
{
  gssize got;

  /* Requests of up to 256 bytes are never cut short once the kernel's pool is ready. */
  do
    got = getrandom (bytes, length, 0);
  while (got < 0 && errno == EINTR);

  if (got != (gssize) length)
    g_error ("no random bytes from the system: %s", g_strerror (errno));
}

/**
 * tide_id_new:
 *
 * Makes a public id such as "7Q2M-04XK": 40 random bits in Crockford's base 32, which has no
 * letters that look like digits, so that it can be read out on the telephone. Whoever keeps ids
 * must still have a unique index: at a million ids, a collision has come up with odds of about 1 in 3.
 *
 * Returns: (transfer full): the id, 9 characters
 */
char *
tide_id_new (void)
{
  static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  guint8 bytes[5];
  guint64 bits = 0;
  char id[10];

  fill_random (bytes, sizeof bytes);
  for (gsize i = 0; i < sizeof bytes; i++)
    bits = bits << 8 | bytes[i];

  for (int i = 0; i < 9; i++)
    {
      if (i == 4)
        {
          id[i] = '-';
          continue;
        }
      id[i] = alphabet[bits & 31];
      bits >>= ID_BITS_PER_CHARACTER;
    }
  id[9] = '\0';

  return g_strdup (id);
}

/**
 * tide_uuid_new:
 *
 * Makes a random UUID (version 4) in lower case, as idempotency keys of providers want it.
 *
 * Returns: (transfer full): the UUID, 36 characters
 */
char *
tide_uuid_new (void)
{
  return g_uuid_string_random ();
}
