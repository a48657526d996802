/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-data-export.h"
#include "tide-format.h"
#include "tide-job.h"
#include "tide-trouble.h"

/* How records can be written, and what for. */
static const struct
{
  const char *format;
  const char *suffix;
  const char *button;
} formats[] = {
  { "csv", "csv", N_("_Table (CSV)") },
  { "jsonl", "jsonl", N_("JSON _Lines") },
  { "sqlite", "db", N_("_SQLite") },
};

/* What is to be written where; handed from the dialog over the file chooser to the worker. */
typedef struct
{
  TideWindow *window;         /* (owned) */
  char       *entity;
  char       *label;
  char       *where;          /* (nullable) */
  char       *path;           /* (nullable): until it was chosen */
  const char *format;
} Export;

static void
export_free (Export *export)
{
  g_clear_object (&export->window);
  g_free (export->entity);
  g_free (export->label);
  g_free (export->where);
  g_free (export->path);
  g_free (export);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Export, export_free)

/* The worker gets plain memory only. */
static Export *
export_copy_plain (const Export *self)
{
  Export *copy = g_new0 (Export, 1);

  copy->entity = g_strdup (self->entity);
  copy->where = g_strdup (self->where);
  copy->path = g_strdup (self->path);
  copy->format = self->format;
  return copy;
}

static gpointer
export_job (TideEngine    *engine,
            gpointer       data,
            GCancellable  *cancellable,
            GError       **error)
{
  const Export *export = data;
  gint64 n = 0;

  if (!tide_engine_export_entity (engine, export->entity, export->where, export->format, export->path, &n,
                                  cancellable, error))
    return NULL;
  return g_memdup2 (&n, sizeof n);
}

static void
exported_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(Export) export = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree gint64 *n = tide_job_finish (result, &error);
  g_autofree char *name = g_path_get_basename (export->path);
  g_autofree char *number = n != NULL ? tide_format_number (*n) : NULL;
  g_autofree char *text = NULL;

  if (n != NULL)
    text = g_strdup_printf (ngettext ("%s record written to %s", "%s records written to %s", (gulong)*n), number, name);
  else
    text = tide_trouble_describe (error, name);
  if (n == NULL)
    g_warning ("exporting: %s", error->message);
  tide_window_add_toast (export->window, adw_toast_new (text));
}

static void
file_chosen_cb (GtkNativeDialog *chooser,
                int              response,
                gpointer         user_data)
{
  g_autoptr(Export) export = user_data;
  g_autoptr(GFile) file = NULL;
  TideLive *live = tide_window_get_live (export->window);

  if (response == GTK_RESPONSE_ACCEPT && live != NULL)
    {
      file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
      export->path = g_file_get_path (file);
      tide_job_run (tide_live_get_engine (live), export_job, export_copy_plain (export), (GDestroyNotify)export_free,
                    g_free, NULL, exported_cb, export);
      g_steal_pointer (&export);
    }
  g_object_unref (chooser);
}

static void
export_choose_file (Export     *export,
                    const char *suffix)
{
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (_("Export"), GTK_WINDOW (export->window),
                                                               GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), _("_Cancel"));
  g_autofree char *name = g_strdup_printf ("%s.%s", export->entity, suffix);

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
  /* A native dialog has no owner: it is let go of when it has answered. */
  g_signal_connect (chooser, "response", G_CALLBACK (file_chosen_cb), export);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
format_chosen_cb (AdwMessageDialog *dialog,
                  const char       *response,
                  gpointer          user_data)
{
  g_autoptr(Export) export = user_data;

  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    if (g_str_equal (response, formats[i].format))
      {
        export->format = formats[i].format;
        export_choose_file (g_steal_pointer (&export), formats[i].suffix);
        return;
      }
}

/**
 * tide_data_export_ask:
 * @entity: "orders"
 * @label: as the owner calls it
 * @where: (nullable): which of them, as a condition on the entity's view
 *
 * Asks in which form and where to, then writes the records; a toast says how it went.
 */
void
tide_data_export_ask (TideWindow *window,
                      const char *entity,
                      const char *label,
                      const char *where)
{
  Export *export = g_new0 (Export, 1);
  g_autofree char *heading = g_strdup_printf (_("Export %s?"), label);
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (window), heading,
                                              where != NULL ? _("What is shown is written to a file of your choice.")
                                                            : _("All of it is written to a file of your choice."));

  export->window = g_object_ref (window);
  export->entity = g_strdup (entity);
  export->label = g_strdup (label);
  export->where = g_strdup (where);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"));
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), formats[i].format, _(formats[i].button));
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "csv");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect (dialog, "response", G_CALLBACK (format_chosen_cb), export);
  gtk_window_present (GTK_WINDOW (dialog));
}
