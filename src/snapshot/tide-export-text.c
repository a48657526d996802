/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-snapshot"

#include "config.h"

#include <math.h>
#include <string.h>

#include "tide-export-text.h"

/* What tide_statement_get_kind() answers: SQLite's own numbers, which its file format fixes. */
enum
{
  KIND_INTEGER = 1,
  KIND_REAL = 2,
  KIND_TEXT = 3,
  KIND_BLOB = 4,
  KIND_NULL = 5,
};

/* Quoted when it has to be, and when it is empty: an empty cell without quotes is NULL. */
static void
append_csv_text (GString    *text,
                 const char *value,
                 gsize       length)
{
  gboolean plain = length > 0;

  for (gsize i = 0; i < length && plain; i++)
    plain = value[i] != '"' && value[i] != ',' && value[i] != '\r' && value[i] != '\n';
  /* A space at an end is taken away by many readers. */
  plain = plain && value[0] != ' ' && value[length - 1] != ' ';
  if (plain)
    {
      g_string_append_len (text, value, (gssize)length);
      return;
    }

  g_string_append_c (text, '"');
  for (gsize i = 0; i < length; i++)
    {
      if (value[i] == '"')
        g_string_append_c (text, '"');
      g_string_append_c (text, value[i]);
    }
  g_string_append_c (text, '"');
}

static void
append_base64 (GString       *text,
               TideStatement *row,
               int            column)
{
  gsize length;
  const void *data = tide_statement_get_blob (row, column, &length);
  g_autofree char *encoded = g_base64_encode (data, length);

  g_string_append (text, encoded);
}

static void
append_real (GString *text,
             double   value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (text, g_ascii_dtostr (buffer, sizeof buffer, value));
}

static void
append_csv_cell (GString       *text,
                 TideStatement *row,
                 int            column)
{
  switch (tide_statement_get_kind (row, column))
    {
    case KIND_INTEGER:
      g_string_append_printf (text, "%" G_GINT64_FORMAT, tide_statement_get_int (row, column));
      break;
    case KIND_REAL:
      append_real (text, tide_statement_get_double (row, column));
      break;
    case KIND_BLOB:
      append_base64 (text, row, column);
      break;
    case KIND_TEXT:
      append_csv_text (text, tide_statement_get_text (row, column), tide_statement_get_length (row, column));
      break;
    case KIND_NULL:
    default:
      break;
    }
}

/**
 * tide_export_text_append_csv_header:
 *
 * Appends the first line of a CSV file (RFC 4180): the columns' names.
 */
void
tide_export_text_append_csv_header (GString            *text,
                                    const char * const *columns)
{
  for (gsize i = 0; columns[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append_c (text, ',');
      append_csv_text (text, columns[i], strlen (columns[i]));
    }
  g_string_append (text, "\r\n");
}

/**
 * tide_export_text_append_csv_row:
 *
 * Appends a line of a CSV file. NULL is an empty cell, empty text is "".
 */
void
tide_export_text_append_csv_row (GString       *text,
                                 TideStatement *row)
{
  int n_columns = tide_statement_get_n_columns (row);

  for (int i = 0; i < n_columns; i++)
    {
      if (i > 0)
        g_string_append_c (text, ',');
      append_csv_cell (text, row, i);
    }
  g_string_append (text, "\r\n");
}

static void
append_json_text (GString    *text,
                  const char *value,
                  gsize       length)
{
  g_string_append_c (text, '"');
  for (gsize i = 0; i < length; i++)
    {
      guchar c = (guchar)value[i];

      if (c == '"' || c == '\\')
        g_string_append_printf (text, "\\%c", c);
      else if (c < 0x20)
        g_string_append_printf (text, "\\u%04x", c);
      else
        g_string_append_c (text, (char)c);
    }
  g_string_append_c (text, '"');
}

static void
append_json_cell (GString       *text,
                  TideStatement *row,
                  int            column)
{
  switch (tide_statement_get_kind (row, column))
    {
    case KIND_INTEGER:
      g_string_append_printf (text, "%" G_GINT64_FORMAT, tide_statement_get_int (row, column));
      break;
    case KIND_REAL:
      /* JSON has no infinity. */
      if (isfinite (tide_statement_get_double (row, column)))
        append_real (text, tide_statement_get_double (row, column));
      else
        g_string_append (text, "null");
      break;
    case KIND_BLOB:
      g_string_append_c (text, '"');
      append_base64 (text, row, column);
      g_string_append_c (text, '"');
      break;
    case KIND_TEXT:
      append_json_text (text, tide_statement_get_text (row, column), tide_statement_get_length (row, column));
      break;
    case KIND_NULL:
    default:
      g_string_append (text, "null");
      break;
    }
}

/**
 * tide_export_text_append_json_row:
 *
 * Appends a line of a JSON Lines file: an object with a member a column.
 */
void
tide_export_text_append_json_row (GString       *text,
                                  TideStatement *row)
{
  int n_columns = tide_statement_get_n_columns (row);

  g_string_append_c (text, '{');
  for (int i = 0; i < n_columns; i++)
    {
      const char *name = tide_statement_get_name (row, i);

      if (i > 0)
        g_string_append_c (text, ',');
      append_json_text (text, name, strlen (name));
      g_string_append_c (text, ':');
      append_json_cell (text, row, i);
    }
  g_string_append (text, "}\n");
}
