/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-provider"

#include "tide-json-position.h"

#include <string.h>

#include "tide-json-reader.h"

/**
 * tide_json_position_of_offset:
 *
 * Returns: the 1-based line that byte @offset is on
 */
guint
tide_json_position_of_offset (const char *text,
                              gsize       length,
                              gsize       offset)
{
  guint line = 1;

  for (gsize i = 0; i < MIN (offset, length); i++)
    line += text[i] == '\n';
  return line;
}

/**
 * tide_json_position_of_pointer:
 * @text: a valid JSON text
 *
 * Returns: the 1-based line of the value at @pointer, or of the nearest parent that is there
 */
guint
tide_json_position_of_pointer (const char *text,
                               gsize       length,
                               const char *pointer)
{
  g_autofree char *parent = g_strdup (pointer);

  for (;;)
    {
      const char *pointers[1] = { parent };
      TideJsonValue value = { TIDE_JSON_ABSENT };
      char *slash;

      if (tide_json_lookup (text, length, pointers, 1, &value) && value.type != TIDE_JSON_ABSENT)
        return tide_json_position_of_offset (text, length, value.text - text);
      slash = strrchr (parent, '/');
      if (slash == NULL)
        return 1;
      *slash = '\0';
    }
}
