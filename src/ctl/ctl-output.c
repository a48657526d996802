/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemarkctl"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "ctl-output.h"
#include "tide-time.h"

/* So that the values of facts stand below each other. */
#define FACT_WIDTH 14

typedef struct
{
  char     *text;             /* (owned) */
  CtlStyle  style;
} Cell;

struct _CtlTable
{
  char  **headings;           /* (owned) */
  char   *alignment;          /* (owned): "l" or "r" a column */
  guint   n_columns;
  GArray *cells;              /* (owned) (element-type Cell): row after row */
};

static const char * const style_codes[] = {
  [CTL_PLAIN] = NULL,
  [CTL_BOLD] = "1",
  [CTL_DIM] = "2",
  [CTL_GOOD] = "32",
  [CTL_WARNING] = "33",
  [CTL_BAD] = "31",
};

static void
cell_clear (Cell *cell)
{
  g_free (cell->text);
}

/**
 * ctl_clean_text:
 * @text: text from anywhere
 *
 * Returns: (transfer full): the text without what a terminal would obey; line breaks become spaces
 */
char *
ctl_clean_text (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *clean = g_string_new (NULL);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '\n' || c == '\t' || c == '\r')
        g_string_append_c (clean, ' ');
      else if (g_unichar_iscntrl (c) || g_unichar_type (c) == G_UNICODE_FORMAT)
        g_string_append (clean, "\xef\xbf\xbd");
      else
        g_string_append_unichar (clean, c);
    }
  return g_string_free (clean, FALSE);
}

/**
 * ctl_text_width:
 *
 * Returns: how many columns of a terminal the text takes
 */
int
ctl_text_width (const char *text)
{
  int width = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (!g_unichar_iszerowidth (c))
        width += g_unichar_iswide (c) ? 2 : 1;
    }
  return width;
}

/**
 * ctl_table_new:
 * @headings: NULL-terminated
 * @alignment: a letter a column: "l" or "r"
 *
 * Returns: (transfer full): a table without rows
 */
CtlTable *
ctl_table_new (const char * const *headings,
               const char         *alignment)
{
  CtlTable *self = g_new0 (CtlTable, 1);

  self->headings = g_strdupv ((char **)headings);
  self->alignment = g_strdup (alignment);
  self->n_columns = g_strv_length (self->headings);
  g_assert (strlen (alignment) == self->n_columns);
  self->cells = g_array_new (FALSE, FALSE, sizeof (Cell));
  g_array_set_clear_func (self->cells, (GDestroyNotify)cell_clear);
  return self;
}

void
ctl_table_free (CtlTable *self)
{
  g_strfreev (self->headings);
  g_free (self->alignment);
  g_array_unref (self->cells);
  g_free (self);
}

/**
 * ctl_table_add:
 * @text: (nullable): the next cell, from left to right and row after row
 */
void
ctl_table_add (CtlTable   *self,
               CtlStyle    style,
               const char *text)
{
  Cell cell = { ctl_clean_text (text != NULL ? text : ""), style };

  g_array_append_val (self->cells, cell);
}

/**
 * ctl_table_take:
 * @text: (transfer full) (nullable): like ctl_table_add()
 */
void
ctl_table_take (CtlTable *self,
                CtlStyle  style,
                char     *text)
{
  ctl_table_add (self, style, text);
  g_free (text);
}

static int *
ctl_table_measure (CtlTable *self)
{
  int *widths = g_new0 (int, self->n_columns);

  for (guint i = 0; i < self->n_columns; i++)
    widths[i] = ctl_text_width (self->headings[i]);
  for (guint i = 0; i < self->cells->len; i++)
    {
      const Cell *cell = &g_array_index (self->cells, Cell, i);

      widths[i % self->n_columns] = MAX (widths[i % self->n_columns], ctl_text_width (cell->text));
    }
  return widths;
}

static void
append_cell (GString    *line,
             Ctl        *ctl,
             const char *text,
             CtlStyle    style,
             int         padding,
             gboolean    right,
             gboolean    last)
{
  const char *code = ctl->color ? style_codes[style] : NULL;

  if (right)
    g_string_append_printf (line, "%*s", padding, "");
  if (code != NULL && *text != '\0')
    g_string_append_printf (line, "\033[%sm%s\033[0m", code, text);
  else
    g_string_append (line, text);
  if (!right && !last)
    g_string_append_printf (line, "%*s", padding, "");
  g_string_append (line, last ? "\n" : "  ");
}

static void
ctl_table_append_line (CtlTable   *self,
                       Ctl        *ctl,
                       GString    *line,
                       const int  *widths,
                       const Cell *cells)
{
  for (guint i = 0; i < self->n_columns; i++)
    {
      const char *text = cells != NULL ? cells[i].text : self->headings[i];
      CtlStyle style = cells != NULL ? cells[i].style : CTL_BOLD;

      append_cell (line, ctl, text, style, widths[i] - ctl_text_width (text), self->alignment[i] == 'r',
                   i == self->n_columns - 1);
    }
}

void
ctl_table_print (CtlTable *self,
                 Ctl      *ctl)
{
  g_autofree int *widths = ctl_table_measure (self);
  g_autoptr(GString) text = g_string_new (NULL);

  ctl_table_append_line (self, ctl, text, widths, NULL);
  for (guint i = 0; i + self->n_columns <= self->cells->len; i += self->n_columns)
    ctl_table_append_line (self, ctl, text, widths, &g_array_index (self->cells, Cell, i));
  g_print ("%s", text->str);
}

/**
 * ctl_print_fact:
 *
 * Prints a name and its value, below others.
 */
void
ctl_print_fact (Ctl        *ctl,
                const char *name,
                const char *value)
{
  ctl_note (ctl, "%s%*s %s", name, MAX (0, FACT_WIDTH - ctl_text_width (name)), "", value);
}

/**
 * ctl_format_number:
 *
 * Returns: (transfer full): the number as the locale groups it
 */
char *
ctl_format_number (gint64 number)
{
  return g_strdup_printf ("%'" G_GINT64_FORMAT, number);
}

/**
 * ctl_format_time:
 * @instant: 0 = never
 *
 * Returns: (transfer full): local time with its zone
 */
char *
ctl_format_time (gint64 instant)
{
  g_autoptr(GDateTime) utc = NULL;
  g_autoptr(GDateTime) local = NULL;

  if (instant == 0 || instant == TIDE_TIME_INVALID)
    return g_strdup ("–");
  utc = g_date_time_new_from_unix_utc (instant / G_USEC_PER_SEC);
  local = utc != NULL ? g_date_time_to_local (utc) : NULL;
  return local != NULL ? g_date_time_format (local, "%Y-%m-%d %H:%M:%S %Z") : g_strdup ("–");
}

/**
 * ctl_format_duration:
 * @usec: microseconds
 *
 * Returns: (transfer full): such as 80 ms, 1.2 s, 12 s, 3 min 05 s, 2 h 10 min
 */
char *
ctl_format_duration (gint64 usec)
{
  gint64 seconds = (usec + TIDE_SECOND / 2) / TIDE_SECOND;

  if (usec < TIDE_SECOND)
    return g_strdup_printf (_("%d ms"), (int)(usec / 1000));
  if (usec < 10 * TIDE_SECOND)
    return g_strdup_printf (_("%.1f s"), (double)usec / (double)TIDE_SECOND);
  if (seconds < 60)
    return g_strdup_printf (_("%d s"), (int)seconds);
  if (seconds < 3600)
    return g_strdup_printf (_("%d min %02d s"), (int)(seconds / 60), (int)(seconds % 60));
  return g_strdup_printf (_("%d h %02d min"), (int)(seconds / 3600), (int)(seconds / 60 % 60));
}

char *
ctl_format_size (gint64 bytes)
{
  return g_format_size ((guint64)MAX (bytes, 0));
}
