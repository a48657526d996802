/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-store"

#include "config.h"

#include <string.h>

#include "tide-error.h"
#include "tide-json-path-private.h"

#define DEFAULT_EXPONENT 2
#define CURRENCY_LENGTH 3

/* How values inside a payload are read by plain SQL: in views, which any program shall be able to ask. */

/**
 * tide_json_path_quote:
 * @text: text
 *
 * Returns: (transfer full): @text as a literal in SQL
 */
char *
tide_json_path_quote (const char *text)
{
  GString *quoted = g_string_new ("'");

  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '\'')
        g_string_append_c (quoted, '\'');
      g_string_append_c (quoted, *p);
    }
  g_string_append_c (quoted, '\'');
  return g_string_free (quoted, FALSE);
}

static gboolean
is_index (const char *token)
{
  return *token != '\0' && strspn (token, "0123456789") == strlen (token);
}

/* "~1" is a slash and "~0" a tilde, replaced in one go: "~01" is "~1". */
static char *
unescape_token (const char *token)
{
  GString *text = g_string_new (NULL);

  for (const char *p = token; *p != '\0'; p++)
    {
      if (p[0] == '~' && (p[1] == '0' || p[1] == '1'))
        g_string_append_c (text, *++p == '0' ? '~' : '/');
      else
        g_string_append_c (text, *p);
    }
  return g_string_free (text, FALSE);
}

static char *
make_path (const char  *pointer,
           GError     **error)
{
  g_auto(GStrv) tokens = g_strsplit (pointer, "/", -1);
  g_autoptr(GString) path = g_string_new ("$");

  for (guint i = 1; tokens[0] != NULL && tokens[i] != NULL; i++)
    {
      g_autofree char *name = unescape_token (tokens[i]);

      /* SQLite's paths know no escape for it. */
      if (strchr (name, '"') != NULL)
        {
          g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "the pointer %s has a quotation mark", pointer);
          return NULL;
        }
      if (is_index (name))
        g_string_append_printf (path, "[%s]", name);
      else
        g_string_append_printf (path, ".\"%s\"", name);
    }
  return g_string_free (g_steal_pointer (&path), FALSE);
}

/**
 * tide_json_path_new:
 * @pointer: a JSON pointer, "" for the whole; a token of digits is a place in an array
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the same as a path of SQLite's, as a literal in SQL
 */
char *
tide_json_path_new (const char  *pointer,
                    GError     **error)
{
  g_autofree char *path = NULL;

  if (*pointer != '\0' && *pointer != '/')
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "“%s” is not a JSON pointer", pointer);
      return NULL;
    }
  path = make_path (pointer, error);
  return path != NULL ? tide_json_path_quote (path) : NULL;
}

static void
add_codes (GString *sql,
           int      exponent)
{
  char code[CURRENCY_LENGTH + 1] = "AAA";

  for (int i = 0; i < 26 * 26 * 26; i++)
    {
      code[0] = (char)('A' + i / (26 * 26));
      code[1] = (char)('A' + i / 26 % 26);
      code[2] = (char)('A' + i % 26);
      if (tide_currency_get_exponent (code, CURRENCY_LENGTH) == exponent)
        g_string_append_printf (sql, "%s'%s'", sql->str[sql->len - 1] == '(' ? "" : ", ", code);
    }
}

/* By what to multiply an amount of that currency to get minor units. */
static char *
make_factor (const char *currency)
{
  static const int factors[] = { 1, 10, 100, 1000, 10000 };
  GString *sql;

  if (currency == NULL)
    return g_strdup_printf ("%d", factors[DEFAULT_EXPONENT]);
  sql = g_string_new ("CASE");
  for (int exponent = 0; exponent < (int)G_N_ELEMENTS (factors); exponent++)
    {
      gsize length = sql->len;

      if (exponent == DEFAULT_EXPONENT)
        continue;
      g_string_append_printf (sql, " WHEN upper(%s) IN (", currency);
      add_codes (sql, exponent);
      if (sql->str[sql->len - 1] == '(')
        g_string_truncate (sql, length);
      else
        g_string_append_printf (sql, ") THEN %d", factors[exponent]);
    }
  g_string_append_printf (sql, " ELSE %d END", factors[DEFAULT_EXPONENT]);
  return g_string_free (sql, FALSE);
}

/**
 * tide_json_path_cell:
 * @value: an expression that is JSON
 * @pointer: JSON pointer within it
 * @type: what is there
 * @currency: (nullable): an expression that tells the currency of decimal amounts; NULL = hundredths
 * @error: return location
 *
 * Makes the expression that reads one value as tide_field_convert() would, as far as SQL can.
 *
 * Returns: (transfer full) (nullable): the expression
 */
char *
tide_json_path_cell (const char     *value,
                     const char     *pointer,
                     TideFieldType   type,
                     const char     *currency,
                     GError        **error)
{
  g_autofree char *path = tide_json_path_new (pointer, error);
  g_autofree char *factor = NULL;

  if (path == NULL)
    return NULL;
  switch (type)
    {
    case TIDE_FIELD_INTEGER:
    case TIDE_FIELD_BOOLEAN:
    case TIDE_FIELD_MONEY:
      return g_strdup_printf ("CAST(%s ->> %s AS INTEGER)", value, path);

    case TIDE_FIELD_MONEY_DECIMAL:
      /* Rounding a double gives the exact amount up to 90 million millions. */
      factor = make_factor (currency);
      return g_strdup_printf ("CAST(round(CAST(%s ->> %s AS REAL) * %s) AS INTEGER)", value, path, factor);

    case TIDE_FIELD_INSTANT:
      return g_strdup_printf ("strftime('%%Y-%%m-%%dT%%H:%%M:%%fZ', %s ->> %s)", value, path);

    case TIDE_FIELD_DATE:
      return g_strdup_printf ("substr(%s ->> %s, 1, 10)", value, path);

    case TIDE_FIELD_JSON:
      return g_strdup_printf ("%s -> %s", value, path);

    case TIDE_FIELD_TEXT:
    case TIDE_FIELD_DECIMAL:
    default:
      /* "->" keeps a number as it stands (1.10), "->>" would make a double of it. */
      return g_strdup_printf ("CASE json_type(%s, %s) WHEN 'text' THEN %s ->> %s WHEN 'null' THEN NULL"
                              " ELSE %s -> %s END", value, path, value, path, value, path);
    }
}
