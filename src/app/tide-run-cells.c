/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-format.h"
#include "tide-live.h"
#include "tide-look.h"
#include "tide-run-cells.h"
#include "tide-run-entry.h"
#include "tide-time.h"
#include "tide-window.h"

/* Cells know only their item; what they need besides hangs on the window they are in. */
static TideLive *
find_live (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr(GtkWindow) window = g_list_model_get_item (windows, i);

      if (TIDE_IS_WINDOW (window))
        return tide_window_get_live (TIDE_WINDOW (window));
    }
  return NULL;
}

/**
 * tide_run_dup_what:
 *
 * Returns: (transfer full): what was read, for the owner: "Orders"
 */
char *
tide_run_dup_what (TideLive      *live,
                   const TideRun *run)
{
  TideProviderInfo *provider = live != NULL ? tide_live_find_provider (live, run->provider) : NULL;
  const TideStreamInfo *stream = provider != NULL ? tide_provider_info_get_stream (provider, run->stream) : NULL;

  return g_strdup (stream != NULL ? stream->label : run->stream);
}

static char *
format_what (GObject *item,
             TideRun *run)
{
  g_autofree char *what = run != NULL ? tide_run_dup_what (find_live (), run) : NULL;

  if (run == NULL)
    return g_strdup ("");
  /* Once it is over, its outcome says so. */
  if (run->dry_run && run->status != TIDE_RUN_COMPLETED)
    return g_strdup_printf (_("%s (rehearsal)"), what);
  if (run->mode == TIDE_RUN_MODE_FULL)
    return g_strdup_printf (_("%s (full check)"), what);
  return g_steal_pointer (&what);
}

static char *
format_tile (GObject *item,
             TideRun *run)
{
  TideLive *live = find_live ();
  TideProviderInfo *provider = live != NULL && run != NULL ? tide_live_find_provider (live, run->provider) : NULL;

  return g_strdup (provider != NULL ? provider->tile : "");
}

static char *
format_connection (GObject *item,
                   TideRun *run)
{
  return g_strdup (run != NULL ? run->connection_name : "");
}

static gint64
run_get_start (const TideRun *run)
{
  return run->started_at != 0 ? run->started_at : run->requested_at;
}

static char *
format_started (GObject *item,
                TideRun *run)
{
  return run != NULL ? tide_format_ago_short (run_get_start (run), g_get_real_time ()) : g_strdup ("");
}

static char *
format_exact (GObject *item,
              TideRun *run)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();

  return run != NULL ? tide_format_exact (run_get_start (run), zone) : NULL;
}

static char *
format_took (GObject *item,
             TideRun *run)
{
  if (run == NULL || run->ended_at == 0 || run->started_at == 0 || !tide_run_is_over (run))
    return g_strdup ("");
  return tide_format_duration (run->ended_at - run->started_at);
}

static char *
format_records (GObject         *item,
                TideRun         *run,
                TideRunProgress *progress)
{
  if (run == NULL || run->status == TIDE_RUN_PENDING)
    return g_strdup ("");
  return tide_format_number (progress != NULL ? progress->counts.read : run->counts.read);
}

/* The note begins with which of the two it is; the mark says it by its shape. */
static char *
format_note_mark (GObject    *item,
                  const char *note,
                  TideRun    *run)
{
  TideRunEntry *entry = item != NULL ? gtk_list_item_get_item (GTK_LIST_ITEM (item)) : NULL;

  if (note == NULL || entry == NULL)
    return g_strdup ("");
  return g_strdup (tide_run_entry_get_verdict (entry) == TIDE_USUAL_MORE ? "▲" : "▼");
}

static char *
format_asker (GObject *item,
              TideRun *run)
{
  return g_strdup (run != NULL ? tide_look_get_asker (run->requested_by) : "");
}

/**
 * tide_run_cells_bind:
 * @widget_class: of the page whose table it is
 */
void
tide_run_cells_bind (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, format_what);
  gtk_widget_class_bind_template_callback (widget_class, format_tile);
  gtk_widget_class_bind_template_callback (widget_class, format_connection);
  gtk_widget_class_bind_template_callback (widget_class, format_started);
  gtk_widget_class_bind_template_callback (widget_class, format_exact);
  gtk_widget_class_bind_template_callback (widget_class, format_took);
  gtk_widget_class_bind_template_callback (widget_class, format_records);
  gtk_widget_class_bind_template_callback (widget_class, format_note_mark);
  gtk_widget_class_bind_template_callback (widget_class, format_asker);
}
