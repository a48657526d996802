/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemarkctl"

#include "config.h"

#include <glib/gi18n.h>

#include "ctl-export.h"
#include "ctl-json.h"
#include "ctl-output.h"
#include "ctl.h"
#include "tide-error.h"
#include "tide-text.h"

/* What a table holds unless --limit says otherwise: it is put together in memory. */
#define ROWS_SHOWN 50
#define SQL_ROWS_SHOWN 1000

static char *option_where;
static char *option_format;
static char *option_output;
static gint64 option_limit = -1;

static const GOptionEntry data_entries[] = {
  { "where", 0, 0, G_OPTION_ARG_STRING, &option_where, N_("A condition on its columns, in SQL"), "SQL" },
  { "limit", 0, 0, G_OPTION_ARG_INT64, &option_limit, N_("At most so many records (default 50, with --json all; 0 = all)"), "N" },
  { NULL }
};

static const GOptionEntry sql_entries[] = {
  { "limit", 0, 0, G_OPTION_ARG_INT64, &option_limit, N_("At most so many rows (default 1000, with --json all; 0 = all)"), "N" },
  { NULL }
};

static const GOptionEntry export_entries[] = {
  { "format", 0, 0, G_OPTION_ARG_STRING, &option_format, N_("csv, jsonl or sqlite"), N_("FORMAT") },
  { "output", 'o', 0, G_OPTION_ARG_FILENAME, &option_output, N_("The file; - for standard output"), N_("PATH") },
  { "where", 0, 0, G_OPTION_ARG_STRING, &option_where, N_("A condition on its columns, in SQL"), "SQL" },
  { NULL }
};

/* Rows on their way to the terminal. */
typedef struct
{
  Ctl      *ctl;
  CtlJson  *json;             /* (owned) */
  CtlTable *table;            /* (owned) (nullable): made with the first row */
  gint64    n_rows;
} Printer;

static void
printer_clear (Printer *printer)
{
  g_clear_pointer (&printer->json, ctl_json_free);
  g_clear_pointer (&printer->table, ctl_table_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Printer, printer_clear)

static void
add_value_json (CtlJson         *json,
                const char      *name,
                const TideValue *value)
{
  /* An engine may hand on kinds that only SQLite has. */
  if (value->kind == TIDE_VALUE_INTEGER)
    ctl_json_add_int (json, name, value->integer);
  else if (value->kind == TIDE_VALUE_REAL)
    ctl_json_add_double (json, name, value->real);
  else if (value->kind == TIDE_VALUE_TEXT)
    ctl_json_add_text (json, name, value->text, value->length);
  else
    ctl_json_add_null (json, name);
}

static void
add_value_cell (CtlTable        *table,
                const TideValue *value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  if (value->kind == TIDE_VALUE_INTEGER)
    ctl_table_take (table, CTL_PLAIN, g_strdup_printf ("%" G_GINT64_FORMAT, value->integer));
  else if (value->kind == TIDE_VALUE_REAL)
    ctl_table_add (table, CTL_PLAIN, g_ascii_dtostr (buffer, sizeof buffer, value->real));
  else if (value->kind == TIDE_VALUE_TEXT)
    ctl_table_take (table, CTL_PLAIN, g_strndup (value->text, value->length));
  else
    ctl_table_add (table, CTL_DIM, "–");
}

/* Numbers stand to the right, as far as the first row shows which columns are numbers. */
static CtlTable *
new_table (const char * const *names,
           const TideValue    *values,
           gsize               n_columns)
{
  g_autofree char *alignment = g_malloc0 (n_columns + 1);

  for (gsize i = 0; i < n_columns; i++)
    alignment[i] = values[i].kind == TIDE_VALUE_INTEGER || values[i].kind == TIDE_VALUE_REAL ? 'r' : 'l';
  return ctl_table_new (names, alignment);
}

static gboolean
print_row_cb (const char * const  *names,
              const TideValue     *values,
              gsize                n_columns,
              gpointer             user_data,
              GError             **error)
{
  Printer *printer = user_data;

  printer->n_rows++;
  if (printer->ctl->json)
    {
      ctl_json_begin_object (printer->json, NULL);
      for (gsize i = 0; i < n_columns; i++)
        add_value_json (printer->json, names[i], &values[i]);
      ctl_json_end_object (printer->json);
      ctl_json_print (printer->json);
      return TRUE;
    }

  if (printer->table == NULL)
    printer->table = new_table (names, values, n_columns);
  for (gsize i = 0; i < n_columns; i++)
    add_value_cell (printer->table, &values[i]);
  return TRUE;
}

static int
print_query (Ctl        *ctl,
             TideEngine *engine,
             const char *sql,
             gint64      rows_shown)
{
  g_auto(Printer) printer = { ctl, ctl_json_new (), NULL, 0 };
  g_autoptr(GError) error = NULL;
  gint64 limit = option_limit >= 0 ? option_limit : ctl->json ? 0 : rows_shown;
  gboolean truncated = FALSE;

  if (!tide_engine_query_sql (engine, sql, (guint64)limit, print_row_cb, &printer, &truncated,
                              ctl->cancellable, &error))
    return ctl_fail (ctl, error);
  if (ctl->json)
    return CTL_DONE;
  if (printer.table != NULL)
    ctl_table_print (printer.table, ctl);
  else
    ctl_note (ctl, "%s", _("There are no rows."));
  if (truncated)
    g_printerr ("%s\n", _("There are more rows; --limit shows more, “export” writes all."));
  return CTL_DONE;
}

static gboolean
found_cb (const char * const  *names,
          const TideValue     *values,
          gsize                n_columns,
          gpointer             user_data,
          GError             **error)
{
  *(gboolean *)user_data = TRUE;
  return TRUE;
}

/* SQLite would say "no such table". */
static gboolean
check_entity (TideEngine  *engine,
              const char  *entity,
              GError     **error)
{
  g_autofree char *sql = NULL;
  gboolean found = FALSE;

  if (tide_text_is_name (entity))
    {
      sql = g_strdup_printf ("SELECT 1 FROM streams s JOIN sqlite_schema t ON t.name = s.entity AND t.type = 'view'"
                             " WHERE s.entity = '%s' LIMIT 1", entity);
      if (!tide_engine_query_sql (engine, sql, 1, found_cb, &found, NULL, NULL, error))
        return FALSE;
    }
  if (!found)
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND,
                 _("there is no entity “%s” here"), entity);
  return found;
}

static int
fail (Ctl          *ctl,
      const GError *error)
{
  ctl_advise (ctl, error, TIDE_ERROR_NOT_FOUND, _("“tidemarkctl status” lists the entities that are here."));
  return ctl_fail (ctl, error);
}

static int
data_run (Ctl   *ctl,
          char **args)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideEngine) engine = ctl_open (ctl, TIDE_ENGINE_READ_ONLY, &error);
  g_autofree char *sql = NULL;

  if (engine == NULL || !check_entity (engine, args[0], &error))
    return fail (ctl, error);
  /* The line breaks keep a comment in the condition from swallowing what follows. */
  sql = option_where != NULL ? g_strdup_printf ("SELECT * FROM \"%s\" WHERE (\n%s\n)", args[0], option_where)
                             : g_strdup_printf ("SELECT * FROM \"%s\"", args[0]);
  return print_query (ctl, engine, sql, ROWS_SHOWN);
}

static int
sql_run (Ctl   *ctl,
         char **args)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideEngine) engine = ctl_open (ctl, TIDE_ENGINE_READ_ONLY, &error);

  if (engine == NULL)
    return ctl_fail (ctl, error);
  return print_query (ctl, engine, args[0], SQL_ROWS_SHOWN);
}

static int
export_run (Ctl   *ctl,
            char **args)
{
  CtlExport export = { "entity", args[0], option_format, option_output, 0 };
  g_autoptr(GError) error = NULL;
  g_autoptr(TideEngine) engine = NULL;
  int status = ctl_export_check (ctl, &export);

  if (status != CTL_DONE)
    return status;
  engine = ctl_open (ctl, TIDE_ENGINE_READ_ONLY, &error);
  if (engine == NULL ||
      !tide_engine_export_entity (engine, args[0], option_where, option_format, option_output, &export.n_records,
                                  ctl->cancellable, &error))
    return fail (ctl, error);
  ctl_export_report (ctl, &export);
  return CTL_DONE;
}

const CtlCommand ctl_data_commands[] = {
  { "data", N_("ENTITY [--where SQL] [--limit N]"), N_("Show an entity's records"), data_entries, 1, 1, data_run },
  { "sql", N_("'SELECT …'"), N_("Ask the store; it can only be looked at"), sql_entries, 1, 1, sql_run },
  { "export", N_("ENTITY --format F --output PATH"), N_("Write an entity's records to a file"), export_entries, 1, 1, export_run },
  { NULL }
};
