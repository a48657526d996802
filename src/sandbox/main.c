/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemark-sandbox"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "sandbox-server.h"
#include "sandbox-time.h"

/* Plays Square over HTTP on loopback. src/sandbox/README.md says all about it. */

static int opt_port = 0;
static gint64 opt_seed = 1;
static int opt_orders = 20000;
static int opt_months = 18;
static int opt_customers = 0;
static char *opt_token = NULL;
static char *opt_token_file = NULL;
static char *opt_now = NULL;
static double opt_speed = 1;
static int opt_latency = 0;
static gboolean opt_gzip = FALSE;
static int opt_rate = 0;
static char *opt_faults = NULL;
static gint64 opt_fault_seed = 1;
static double opt_fault_rate = 0;
static char *opt_fault_kinds = NULL;
static int opt_fault_limit = 3;
static char *opt_pid_file = NULL;
static char *opt_port_file = NULL;
static gboolean opt_exit_with_parent = FALSE;

static const GOptionEntry entries[] = {
  { "port", 0, 0, G_OPTION_ARG_INT, &opt_port, "Listen on this port of 127.0.0.1 (0, the default: any)", "N" },
  { "seed", 0, 0, G_OPTION_ARG_INT64, &opt_seed, "Which business to make up (1)", "N" },
  { "orders", 0, 0, G_OPTION_ARG_INT, &opt_orders, "How many orders its history has, up to 1000000 (20000)", "N" },
  { "months", 0, 0, G_OPTION_ARG_INT, &opt_months, "How long its history is (18)", "N" },
  { "customers", 0, 0, G_OPTION_ARG_INT, &opt_customers, "How many customers (a tenth of the orders, 40 to 20000)", "N" },
  { "token", 0, 0, G_OPTION_ARG_STRING, &opt_token, "The access token to accept (sandbox-token)", "TEXT" },
  { "token-file", 0, 0, G_OPTION_ARG_FILENAME, &opt_token_file, "Read the access token from a file", "PATH" },
  { "now", 0, 0, G_OPTION_ARG_STRING, &opt_now, "Where its time begins (now)", "TIME" },
  { "speed", 0, 0, G_OPTION_ARG_DOUBLE, &opt_speed, "How fast its time goes (1; 0: stands still)", "X" },
  { "latency", 0, 0, G_OPTION_ARG_INT, &opt_latency, "Wait this long before each answer", "MS" },
  { "gzip", 0, 0, G_OPTION_ARG_NONE, &opt_gzip, "Compress answers where the client accepts that", NULL },
  { "rate", 0, 0, G_OPTION_ARG_INT, &opt_rate, "Requests a second before a 429 (any)", "N" },
  { "faults", 0, 0, G_OPTION_ARG_STRING, &opt_faults, "What goes wrong, see below", "SPEC" },
  { "fault-rate", 0, 0, G_OPTION_ARG_DOUBLE, &opt_fault_rate, "Chance that a request goes wrong, 0 to 1 (0)", "P" },
  { "fault-seed", 0, 0, G_OPTION_ARG_INT64, &opt_fault_seed, "Which requests those are (1)", "N" },
  { "fault-kinds", 0, 0, G_OPTION_ARG_STRING, &opt_fault_kinds, "What may go wrong with them, or \"all\"", "LIST" },
  { "fault-limit", 0, 0, G_OPTION_ARG_INT, &opt_fault_limit, "How often each kind at most (3)", "N" },
  { "pid-file", 0, 0, G_OPTION_ARG_FILENAME, &opt_pid_file, "Write the process id there", "PATH" },
  { "port-file", 0, 0, G_OPTION_ARG_FILENAME, &opt_port_file, "Write the port there, once it listens", "PATH" },
  { "exit-with-parent", 0, 0, G_OPTION_ARG_NONE, &opt_exit_with_parent, "End when the parent process ends", NULL },
  { NULL }
};

static const char description[] =
  "SPEC is kind[@path][#nth][*times][,name=value...], with \";\" between several:\n"
  "  rate_limit@/v2/orders/search#2,retry_after=1;truncated#5\n"
  "path is how the request's path begins (any), nth the first matching request that\n"
  "goes wrong (1), times how many do (1; -1: all from there on).\n"
  "\n"
  "Kinds: rate_limit (retry_after=1), rate_limit_bare, server_error, unavailable,\n"
  "reset_before, reset_middle, slow_drip (pieces=20, delay_ms=20), truncated,\n"
  "wrong_type, duplicate_page, shifting_page, empty_page; and, at random only if\n"
  "--fault-kinds names them: cursor_loop, expired_token, bad_record\n"
  "(field=created_at), bad_utf8, huge_body (bytes=67108864), hang (seconds=120),\n"
  "forbidden.";

static gboolean
parse_arguments (int      *argc,
                 char   ***argv,
                 GError  **error)
{
  g_autoptr(GOptionContext) context = g_option_context_new ("- plays Square on loopback");

  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_description (context, description);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (*argc <= 1 && opt_port >= 0 && opt_port <= 65535 && opt_orders >= 0 && opt_orders <= 1000000
      && opt_months >= 1 && opt_months <= 120 && opt_customers >= 0 && opt_customers <= 1000000
      && opt_speed >= 0 && opt_latency >= 0 && opt_rate >= 0 && opt_fault_limit >= 0)
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "an argument is out of range, see --help");
  return FALSE;
}

static gboolean
fill_options (SandboxServerOptions  *options,
              GError               **error)
{
  options->world.seed = (guint64)opt_seed;
  options->world.orders = (guint)opt_orders;
  options->world.months = (guint)opt_months;
  options->world.customers = (guint)opt_customers;
  options->world.now = sandbox_time_now ();
  options->port = (guint)opt_port;
  options->speed = opt_speed;
  options->latency = (guint)opt_latency;
  options->gzip = opt_gzip;
  options->rate = (guint)opt_rate;

  if (opt_token_file != NULL && !g_file_get_contents (opt_token_file, &opt_token, NULL, error))
    return FALSE;
  options->token = opt_token != NULL ? g_strstrip (opt_token) : "sandbox-token";
  if (opt_now == NULL || sandbox_time_parse (opt_now, &options->world.now))
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--now: “%s” is not an RFC 3339 time", opt_now);
  return FALSE;
}

static gboolean
fill_faults (SandboxFaults  *faults,
             GError        **error)
{
  return (opt_faults == NULL || sandbox_faults_add_spec (faults, opt_faults, error))
         && sandbox_faults_set_random (faults, (guint64)opt_fault_seed, opt_fault_rate, opt_fault_kinds,
                                       (guint)opt_fault_limit, error);
}

static gboolean
write_number (const char *path,
              guint       number,
              GError    **error)
{
  g_autofree char *text = g_strdup_printf ("%u\n", number);

  return path == NULL || g_file_set_contents (path, text, -1, error);
}

static gboolean
announce (SandboxServer  *server,
          GError        **error)
{
  guint port = sandbox_server_get_port (server);

  if (!write_number (opt_pid_file, (guint)getpid (), error) || !write_number (opt_port_file, port, error))
    return FALSE;

  g_print ("tidemark-sandbox: listening on http://127.0.0.1:%u\n", port);
  fflush (stdout);
  return TRUE;
}

static gboolean
quit_cb (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_CONTINUE;
}

static gboolean
serve (const SandboxServerOptions *options,
       SandboxFaults              *faults,
       GError                    **error)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  SandboxServer *server = sandbox_server_new (options, faults);
  gboolean ok = sandbox_server_listen (server, error) && announce (server, error);

  if (ok)
    {
      guint sources[] = { g_unix_signal_add (SIGTERM, quit_cb, loop), g_unix_signal_add (SIGINT, quit_cb, loop) };

      g_main_loop_run (loop);
      g_source_remove (sources[0]);
      g_source_remove (sources[1]);
    }

  sandbox_server_free (server);
  return ok;
}

int
main (int    argc,
      char **argv)
{
  SandboxServerOptions options = { 0 };
  g_autoptr(SandboxFaults) faults = sandbox_faults_new ();
  g_autoptr(GError) error = NULL;
  pid_t parent = getppid ();

  setlocale (LC_ALL, "");
  if (!parse_arguments (&argc, &argv, &error)
      || !fill_options (&options, &error)
      || !fill_faults (faults, &error))
    {
      g_printerr ("tidemark-sandbox: %s\n", error->message);
      return 2;
    }

  /* The parent may have ended before we said so; then nobody would tell us any more. */
  if (opt_exit_with_parent && (prctl (PR_SET_PDEATHSIG, SIGTERM) != 0 || getppid () != parent))
    return 1;

  if (!serve (&options, faults, &error))
    {
      g_printerr ("tidemark-sandbox: %s\n", error->message);
      return 1;
    }
  return 0;
}
