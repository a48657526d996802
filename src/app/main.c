/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <fcntl.h>
#include <glib/gi18n.h>
#include <locale.h>
#include <unistd.h>

#include "tide-application.h"

/* Secrets are typed into this program and pass through its memory: a core dump shall hold none of that. To be
 * undumpable altogether, as tidemarkctl is, would hide it from the desktop's portals as well. */
static void
keep_memory_out_of_core_dumps (void)
{
  int fd = open ("/proc/self/coredump_filter", O_WRONLY | O_CLOEXEC);

  if (fd < 0 || write (fd, "0", 1) != 1)
    g_info ("a core dump of this program may hold secrets: /proc/self/coredump_filter cannot be written");
  if (fd >= 0)
    close (fd);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(TideApplication) application = NULL;

  keep_memory_out_of_core_dumps ();
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  application = tide_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
