/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemarkctl"

#include "config.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <glib-unix.h>
#include <glib/gi18n.h>

#include "ctl-json.h"
#include "ctl-output.h"
#include "ctl.h"

#define HELP_COLUMN 44

static int help_run    (Ctl   *ctl,
                        char **args);
static int version_run (Ctl   *ctl,
                        char **args);

static const CtlCommand main_commands[] = {
  { "version", NULL, N_("Say which version this is"), NULL, 0, 0, version_run },
  { "help", N_("[COMMAND]"), N_("List the commands, or explain one"), NULL, 0, 2, help_run },
  { NULL }
};

/* In the order of the help. */
static const CtlCommand * const groups[] = {
  ctl_venue_commands, ctl_provider_commands, ctl_connect_commands, ctl_sync_commands, ctl_status_commands,
  ctl_runs_commands, ctl_queue_commands, ctl_steer_commands, ctl_retry_commands, ctl_failures_commands,
  ctl_approvals_commands, ctl_smart_commands, ctl_events_commands, ctl_settings_commands, ctl_data_commands,
  ctl_snapshot_commands, ctl_doctor_commands, main_commands,
};

/* What --workspace and --json store, wherever they stand on the command line. */
static char *option_workspace;
static gboolean option_json;

static const GOptionEntry common_entries[] = {
  { "workspace", 'w', 0, G_OPTION_ARG_FILENAME, &option_workspace, N_("The folder with the store (default: the user's own)"), N_("DIR") },
  { "json", 0, 0, G_OPTION_ARG_NONE, &option_json, N_("Answer in JSON"), NULL },
  { NULL }
};

static const CtlCommand *
find_command (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (groups); i++)
    for (const CtlCommand *command = groups[i]; command->name != NULL; command++)
      if (g_str_equal (command->name, name))
        return command;
  return NULL;
}

/* @n_words: (out): how many arguments the name takes */
static const CtlCommand *
find_command_at (char **argv,
                 int   *n_words)
{
  const CtlCommand *command = NULL;

  *n_words = 2;
  if (argv[0] != NULL && argv[1] != NULL)
    {
      g_autofree char *name = g_strjoin (" ", argv[0], argv[1], NULL);

      command = find_command (name);
    }
  if (command != NULL || argv[0] == NULL)
    return command;
  *n_words = 1;
  return find_command (argv[0]);
}

/* Whether there are commands of two words that begin with this one. */
static char *
list_continuations (const char *word)
{
  g_autofree char *prefix = g_strconcat (word, " ", NULL);
  GString *list = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (groups); i++)
    for (const CtlCommand *command = groups[i]; command->name != NULL; command++)
      if (g_str_has_prefix (command->name, prefix))
        g_string_append_printf (list, "%s%s", list->len > 0 ? ", " : "", command->name + strlen (prefix));
  return g_string_free (list, FALSE);
}

static int
refuse_command (Ctl        *ctl,
                const char *word)
{
  g_autofree char *continuations = list_continuations (word);

  if (*continuations != '\0')
    return ctl_usage (ctl, _("“%s” needs one of these behind it: %s"), word, continuations);
  return ctl_usage (ctl, _("there is no command “%s”; “tidemarkctl help” lists them"), word);
}

static GOptionContext *
new_context (const CtlCommand *command)
{
  g_autofree char *parameters = command->arguments != NULL
                                ? g_strdup_printf ("%s %s", command->name, _(command->arguments))
                                : g_strdup (command->name);
  GOptionContext *context = g_option_context_new (parameters);

  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_set_summary (context, _(command->summary));
  if (command->entries != NULL)
    g_option_context_add_main_entries (context, command->entries, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, common_entries, GETTEXT_PACKAGE);
  return context;
}

static void
print_help (void)
{
  g_autoptr(GString) text = g_string_new (NULL);

  g_string_append_printf (text, "%s\n\n%s\n",
                          _("Usage: tidemarkctl [--workspace DIR] [--json] COMMAND …"),
                          _("Commands:"));
  for (gsize i = 0; i < G_N_ELEMENTS (groups); i++)
    for (const CtlCommand *command = groups[i]; command->name != NULL; command++)
      {
        g_autofree char *call = g_strjoin (" ", command->name,
                                           command->arguments != NULL ? _(command->arguments) : NULL, NULL);

        g_string_append_printf (text, "  %s%*s  %s\n", call, MAX (0, HELP_COLUMN - ctl_text_width (call)), "",
                                _(command->summary));
      }
  g_string_append_printf (text, "\n%s\n",
                          _("“tidemarkctl COMMAND --help” explains one. Exit status: 0 done, 1 failed, 2 wrong usage, "
                            "3 partly (some records failed), 130 interrupted."));
  g_print ("%s", text->str);
}

static int
help_run (Ctl   *ctl,
          char **args)
{
  g_autoptr(GOptionContext) context = NULL;
  g_autofree char *help = NULL;
  const CtlCommand *command;
  int n_words;

  if (args[0] == NULL)
    {
      print_help ();
      return CTL_DONE;
    }
  command = find_command_at (args, &n_words);
  if (command == NULL)
    return refuse_command (ctl, args[0]);
  context = new_context (command);
  help = g_option_context_get_help (context, TRUE, NULL);
  g_print ("%s", help);
  return CTL_DONE;
}

static int
version_run (Ctl   *ctl,
             char **args)
{
  g_autoptr(CtlJson) json = NULL;

  if (!ctl->json)
    {
      g_print ("tidemarkctl %s\n", TIDEMARK_VERSION);
      return CTL_DONE;
    }
  json = ctl_json_new ();
  ctl_json_begin_object (json, NULL);
  ctl_json_add_string (json, "version", TIDEMARK_VERSION);
  ctl_json_end_object (json);
  ctl_json_print (json);
  return CTL_DONE;
}

/* The options in front of the command. */
static gboolean
parse_common (int      *argc,
              char   ***argv,
              gboolean *help,
              GError  **error)
{
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);
  gboolean version = FALSE;
  const GOptionEntry entries[] = {
    { "help", 'h', 0, G_OPTION_ARG_NONE, help, NULL, NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &version, NULL, NULL },
    { NULL }
  };

  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_strict_posix (context, TRUE);
  g_option_context_add_main_entries (context, common_entries, NULL);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (version)
    {
      g_print ("tidemarkctl %s\n", TIDEMARK_VERSION);
      exit (CTL_DONE);
    }
  return TRUE;
}

static int
run_command (Ctl               *ctl,
             const CtlCommand  *command,
             char             **args)
{
  g_autoptr(GOptionContext) context = new_context (command);
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) arguments = NULL;
  int n_args;

  /* The parser takes the first one for the program's name, and takes away what it has understood. */
  arguments = g_strdupv (args);
  if (!g_option_context_parse_strv (context, &arguments, &error))
    return ctl_usage (ctl, "%s", error->message);
  ctl->workspace = option_workspace;
  ctl->json = option_json;

  n_args = (int)g_strv_length (arguments) - 1;
  if (n_args < command->min_args)
    return ctl_usage (ctl, _("“%s” needs %s; --help explains it"), command->name, _(command->arguments));
  if (command->max_args >= 0 && n_args > command->max_args)
    return ctl_usage (ctl, _("“%s” is too much for “%s”; --help explains it"),
                      arguments[1 + command->max_args], command->name);
  return command->func (ctl, arguments + 1);
}

/* Puts the command's words together as the program's name of what is parsed next. */
static int
dispatch (Ctl   *ctl,
          char **argv)
{
  const CtlCommand *command;
  int n_words;

  /* Each parser stops at the first mistake, which a program wants to read in JSON too. */
  ctl->json = option_json || g_strv_contains ((const char * const *)argv, "--json");
  command = find_command_at (argv, &n_words);
  if (command == NULL)
    return refuse_command (ctl, argv[0]);
  return run_command (ctl, command, argv + n_words - 1);
}

static gboolean
signal_cb (gpointer user_data)
{
  Ctl *ctl = user_data;

  if (g_cancellable_is_cancelled (ctl->cancellable))
    _exit (CTL_INTERRUPTED);
  g_cancellable_cancel (ctl->cancellable);
  return G_SOURCE_CONTINUE;
}

/* The main thread may be inside a call that blocks, so signals are heard on a thread of their own. */
static gpointer
signal_thread (gpointer data)
{
  static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
  g_autoptr(GMainContext) context = g_main_context_new ();
  g_autoptr(GMainLoop) loop = g_main_loop_new (context, FALSE);

  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    {
      g_autoptr(GSource) source = g_unix_signal_source_new (signals[i]);

      g_source_set_callback (source, signal_cb, data, NULL);
      g_source_attach (source, context);
    }
  g_main_loop_run (loop);
  return NULL;
}

static gboolean
wants_color (gboolean terminal)
{
  const char *no_color = g_getenv ("NO_COLOR");

  return terminal && (no_color == NULL || *no_color == '\0') && g_strcmp0 (g_getenv ("TERM"), "dumb") != 0;
}

/* Secrets pass through this program's memory: they shall not end in a core dump. */
static void
forbid_core_dumps (void)
{
#if !defined (__SANITIZE_ADDRESS__)
  prctl (PR_SET_DUMPABLE, 0);
#endif
}

static void
set_up (Ctl *ctl)
{
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_prgname ("tidemarkctl");
  forbid_core_dumps ();
  /* A reader that goes away (head) is a failed write, and no reason to leave a run half told. */
  signal (SIGPIPE, SIG_IGN);

  ctl->terminal = isatty (STDOUT_FILENO);
  ctl->error_terminal = isatty (STDERR_FILENO);
  ctl->interactive = isatty (STDIN_FILENO) && ctl->error_terminal;
  ctl->color = wants_color (ctl->terminal);
  ctl->cancellable = g_cancellable_new ();
  g_thread_unref (g_thread_new ("signals", signal_thread, ctl));
}

/* What could not be written was not done, whatever the command thinks. */
static int
finish_output (int status)
{
  if (fflush (stdout) == 0 && !ferror (stdout))
    return status;
  g_printerr ("tidemarkctl: %s\n", _("Not all of it could be written to standard output."));
  return status == CTL_DONE ? CTL_FAILED : status;
}

int
main (int    argc,
      char **argv)
{
  static Ctl ctl;
  g_autoptr(GError) error = NULL;
  gboolean help = FALSE;

  set_up (&ctl);
  if (!parse_common (&argc, &argv, &help, &error))
    {
      ctl.json = option_json;
      return ctl_usage (&ctl, "%s", error->message);
    }
  ctl.json = option_json;
  if (help)
    {
      print_help ();
      return finish_output (CTL_DONE);
    }
  if (argc < 2)
    return ctl_usage (&ctl, _("a command is missing; “tidemarkctl help” lists them"));
  return finish_output (dispatch (&ctl, argv + 1));
}
