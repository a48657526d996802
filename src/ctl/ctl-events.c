/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemarkctl"

#include "config.h"

#include <stdio.h>

#include <glib/gi18n.h>

#include "ctl-json.h"
#include "ctl-output.h"
#include "ctl.h"
#include "tide-error.h"

#define SHOWN 50
#define PAGE 500
#define FROM_END -1

/* Without a program that could tell of them, events are looked for so often: milliseconds. */
#define LOOK_AGAIN 1000

static gint64 option_after = FROM_END;
static gboolean option_follow;
static int option_limit = SHOWN;

static const GOptionEntry events_entries[] = {
  { "after", 0, 0, G_OPTION_ARG_INT64, &option_after, N_("Those behind this one, from the first on (default: the last)"), "ID" },
  { "follow", 'f', 0, G_OPTION_ARG_NONE, &option_follow, N_("Then tell what happens, until Ctrl+C"), NULL },
  { "limit", 0, 0, G_OPTION_ARG_INT, &option_limit, N_("At most so many (default 50)"), "N" },
  { NULL }
};

static const GOptionEntry audit_entries[] = {
  { "limit", 0, 0, G_OPTION_ARG_INT, &option_limit, N_("At most so many (default 50)"), "N" },
  { NULL }
};

/* Events as they are printed, each once and in their order. */
typedef struct
{
  Ctl        *ctl;
  TideEngine *engine;
  GMainLoop  *loop;
  CtlJson    *json;           /* (owned) */
  gint64      last;           /* id of the last one printed */
} Events;

static void
events_print (Events          *self,
              const TideEvent *event)
{
  /* What passes (sync-progress) is not stored, but has a number too. */
  if (event->id <= self->last)
    return;
  self->last = event->id;
  if (!self->ctl->json)
    {
      g_autofree char *time = ctl_format_time (event->at);

      ctl_note (self->ctl, "%s  %" G_GINT64_FORMAT "  %-18s  %s", time, event->id, event->name, event->data);
      fflush (stdout);
      return;
    }
  ctl_json_begin_object (self->json, NULL);
  ctl_json_add_int (self->json, "id", event->id);
  ctl_json_add_time (self->json, "at", event->at);
  ctl_json_add_string (self->json, "name", event->name);
  ctl_json_add_raw (self->json, "data", event->data);
  ctl_json_end_object (self->json);
  ctl_json_print (self->json);
}

/* @limit: 0 for all there are */
static gboolean
events_print_stored (Events   *self,
                     guint     limit,
                     GError  **error)
{
  guint n_printed = 0;
  guint n_page;

  do
    {
      guint wanted = limit > 0 ? MIN (PAGE, limit - n_printed) : PAGE;
      g_autoptr(GPtrArray) events = tide_engine_list_events (self->engine, self->last, wanted, error);

      if (events == NULL || g_cancellable_set_error_if_cancelled (self->ctl->cancellable, error))
        return FALSE;
      for (guint i = 0; i < events->len; i++)
        events_print (self, g_ptr_array_index (events, i));
      n_page = events->len;
      n_printed += n_page;
    }
  while (n_page == PAGE && (limit == 0 || n_printed < limit));
  return TRUE;
}

static void
event_cb (TideEngine *engine,
          TideEvent  *event,
          Events     *self)
{
  events_print (self, event);
}

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

/* On the thread that hears of signals. */
static void
interrupted_cb (GCancellable *cancellable,
                Events       *self)
{
  g_idle_add (quit_cb, self->loop);
}

/* Beside a program that tells; one that comes is found, one that goes is waited for. */
static gboolean
look_cb (gpointer user_data)
{
  Events *self = user_data;

  /* What cannot be read now is asked for again. */
  if (!tide_engine_is_following (self->engine))
    {
      tide_engine_follow (self->engine, NULL);
      events_print_stored (self, 0, NULL);
    }
  return G_SOURCE_CONTINUE;
}

static void
events_follow (Events *self)
{
  gulong interrupted = g_cancellable_connect (self->ctl->cancellable, G_CALLBACK (interrupted_cb), self, NULL);
  gulong told = g_signal_connect (self->engine, "event", G_CALLBACK (event_cb), self);
  guint timer = g_timeout_add (LOOK_AGAIN, look_cb, self);

  look_cb (self);
  g_main_loop_run (self->loop);
  g_source_remove (timer);
  g_signal_handler_disconnect (self->engine, told);
  g_cancellable_disconnect (self->ctl->cancellable, interrupted);
  while (g_idle_remove_by_data (self->loop))
    ;
}

/* So many from the end: ids have gaps, so there may be fewer. */
static gint64
find_begin (TideEngine *engine)
{
  gint64 last = tide_engine_get_last_event (engine);

  if (option_after != FROM_END)
    return option_after;
  return option_follow ? last : MAX (last - option_limit, 0);
}

static int
events_run (Ctl   *ctl,
            char **args)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideEngine) engine = NULL;
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(CtlJson) json = ctl_json_new ();
  Events events = { .ctl = ctl, .loop = loop, .json = json };

  if (option_limit <= 0)
    return ctl_usage (ctl, _("--limit %d: has to be 1 or more"), option_limit);
  if (option_after < FROM_END)
    return ctl_usage (ctl, _("--after %" G_GINT64_FORMAT ": has to be 0 or more"), option_after);
  engine = ctl_open (ctl, TIDE_ENGINE_READ_ONLY, &error);
  if (engine == NULL)
    return ctl_fail (ctl, error);
  events.engine = engine;
  events.last = find_begin (engine);
  if (!events_print_stored (&events, option_follow ? 0 : (guint)option_limit, &error))
    return ctl_fail (ctl, error);
  if (!option_follow)
    return CTL_DONE;
  events_follow (&events);
  return CTL_INTERRUPTED;
}

static void
print_audit_json (GPtrArray *entries)
{
  g_autoptr(CtlJson) json = ctl_json_new ();

  ctl_json_begin_object (json, NULL);
  ctl_json_begin_array (json, "entries");
  for (guint i = 0; i < entries->len; i++)
    {
      const TideAuditEntry *entry = g_ptr_array_index (entries, i);

      ctl_json_begin_object (json, NULL);
      ctl_json_add_int (json, "id", entry->id);
      ctl_json_add_time (json, "at", entry->at);
      ctl_json_add_string (json, "actor", entry->actor);
      ctl_json_add_string (json, "action", entry->action);
      ctl_json_add_string (json, "object", entry->object);
      ctl_json_add_raw (json, "detail", entry->detail);
      ctl_json_end_object (json);
    }
  ctl_json_end_array (json);
  ctl_json_end_object (json);
  ctl_json_print (json);
}

static void
print_audit (Ctl       *ctl,
             GPtrArray *entries)
{
  const char * const headings[] = { _("Entry"), _("When"), _("Who"), _("What"), _("On what"), _("Detail"), NULL };
  g_autoptr(CtlTable) table = ctl_table_new (headings, "rlllll");

  for (guint i = 0; i < entries->len; i++)
    {
      const TideAuditEntry *entry = g_ptr_array_index (entries, i);

      ctl_table_take (table, CTL_PLAIN, g_strdup_printf ("%" G_GINT64_FORMAT, entry->id));
      ctl_table_take (table, CTL_PLAIN, ctl_format_time (entry->at));
      ctl_table_add (table, CTL_PLAIN, entry->actor);
      ctl_table_add (table, CTL_BOLD, entry->action);
      ctl_table_add (table, CTL_PLAIN, entry->object);
      ctl_table_add (table, CTL_DIM, entry->detail);
    }
  ctl_table_print (table, ctl);
}

static int
audit_run (Ctl   *ctl,
           char **args)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideEngine) engine = NULL;
  g_autoptr(GPtrArray) entries = NULL;

  if (option_limit <= 0)
    return ctl_usage (ctl, _("--limit %d: has to be 1 or more"), option_limit);
  engine = ctl_open (ctl, TIDE_ENGINE_READ_ONLY, &error);
  entries = engine != NULL ? tide_engine_list_audit (engine, 0, (guint)option_limit, &error) : NULL;
  if (entries == NULL)
    return ctl_fail (ctl, error);
  if (ctl->json)
    print_audit_json (entries);
  else if (entries->len == 0)
    ctl_note (ctl, "%s", _("Nobody has asked for or changed anything yet."));
  else
    print_audit (ctl, entries);
  return CTL_DONE;
}

const CtlCommand ctl_events_commands[] = {
  { "events", N_("[--after ID] [--follow]"), N_("List what happened, or tell it as it happens"), events_entries, 0, 0, events_run },
  { "audit", N_("[--limit N]"), N_("List who asked, changed and approved, newest first"), audit_entries, 0, 0, audit_run },
  { NULL }
};
