/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "engine-owner"

#include <signal.h>

#include <glib-unix.h>

#include "tide-engine.h"

/* engine-owner FOLDER: has a workspace and syncs it, with schedules and retries, as the window does; until SIGTERM.
 * For tests of programs that ask it. */

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(GError) error = NULL;
  g_autoptr(TideEngine) engine = NULL;

  if (argc != 2)
    {
      g_printerr ("usage: engine-owner FOLDER\n");
      return 2;
    }
  engine = tide_engine_open (argv[1], TIDE_ENGINE_SCHEDULES, NULL, NULL, &error);
  if (engine == NULL)
    {
      g_printerr ("engine-owner: %s\n", error->message);
      return 1;
    }
  g_unix_signal_add (SIGTERM, quit_cb, loop);
  g_main_loop_run (loop);
  tide_engine_close (engine);
  return 0;
}
