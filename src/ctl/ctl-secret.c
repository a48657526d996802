/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemarkctl"

#include "config.h"

#include <errno.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <glib/gi18n.h>

#include "ctl-output.h"
#include "ctl-secret.h"
#include "tide-error.h"

/* Longer than any token there is. */
#define SECRET_BYTES_MAX (64 * 1024)

static void
secret_free (char *secret)
{
  explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

/**
 * ctl_secrets_new:
 *
 * Returns: (transfer full): an empty table, name to secret, that wipes what it frees
 */
GHashTable *
ctl_secrets_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)secret_free);
}

/**
 * ctl_secrets_parse:
 * @options: (nullable): what --secret was given
 * @names: (element-type utf8): gets the secrets' names
 * @error: return location, %TIDE_ERROR_INVALID
 *
 * Takes the names out of "NAME=-". A value is refused: others can read a command line.
 *
 * Returns: whether all of them were right
 */
gboolean
ctl_secrets_parse (Ctl        *ctl,
                   char      **options,
                   GPtrArray  *names,
                   GError    **error)
{
  for (gsize i = 0; options != NULL && options[i] != NULL; i++)
    {
      const char *equals = strchr (options[i], '=');
      g_autofree char *name = equals != NULL ? g_strndup (options[i], (gsize)(equals - options[i])) : NULL;

      if (equals == NULL || equals == options[i])
        g_set_error_literal (error, TIDE_ERROR, TIDE_ERROR_INVALID,
                             _("--secret wants NAME=-, and the secret itself on standard input"));
      else if (!g_str_equal (equals, "=-"))
        g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID,
                     _("a secret on a command line can be read by every program on this computer and stays in the "
                       "shell's history: renew it, then give the new one on standard input with --secret %s=-"), name);
      else
        {
          g_ptr_array_add (names, g_steal_pointer (&name));
          continue;
        }
      return FALSE;
    }
  return TRUE;
}

/* Waits until there is input, or Ctrl+C. */
static gboolean
wait_for_input (Ctl     *ctl,
                GError **error)
{
  GPollFD fds[2] = { { STDIN_FILENO, G_IO_IN, 0 } };
  gboolean has_second = g_cancellable_make_pollfd (ctl->cancellable, &fds[1]);
  int ready;

  do
    ready = g_poll (fds, has_second ? 2 : 1, -1);
  while (ready < 0 && errno == EINTR);
  if (has_second)
    g_cancellable_release_fd (ctl->cancellable);
  return !g_cancellable_set_error_if_cancelled (ctl->cancellable, error);
}

/* A byte at a time, so that nothing of the next line is taken. Returns: its length, -1 on failure */
static gssize
read_line (Ctl     *ctl,
           char    *buffer,
           gsize    size,
           GError **error)
{
  gsize length = 0;

  while (length < size - 1)
    {
      gssize got;

      if (!wait_for_input (ctl, error))
        return -1;
      got = read (STDIN_FILENO, buffer + length, 1);
      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0 || buffer[length] == '\n')
        break;
      length++;
    }
  if (length > 0 && buffer[length - 1] == '\r')
    length--;
  buffer[length] = '\0';
  return (gssize)length;
}

/* Sets or takes back the terminal's echo. Returns: whether it was on */
static gboolean
set_echo (gboolean on)
{
  struct termios settings;
  gboolean was_on;

  if (tcgetattr (STDIN_FILENO, &settings) != 0)
    return FALSE;
  was_on = (settings.c_lflag & ECHO) != 0;
  if (on)
    settings.c_lflag |= ECHO;
  else
    settings.c_lflag &= ~(tcflag_t)ECHO;
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &settings);
  return was_on;
}

static gssize
read_hidden (Ctl         *ctl,
             const char  *label,
             char        *buffer,
             GError     **error)
{
  gboolean had_echo;
  gssize length;

  if (!isatty (STDIN_FILENO))
    return read_line (ctl, buffer, SECRET_BYTES_MAX, error);

  /* Whoever answers at once (a program, a paste) must not be quicker than this. */
  had_echo = set_echo (FALSE);
  g_printerr ("%s: ", label);
  length = read_line (ctl, buffer, SECRET_BYTES_MAX, error);
  if (had_echo)
    set_echo (TRUE);
  g_printerr ("\n");
  return length;
}

/**
 * ctl_secrets_read:
 * @secrets: gets the secret
 * @name: its name
 * @label: what a person is asked for
 * @error: return location
 *
 * Reads a line of standard input; at a terminal it is not shown.
 *
 * Returns: whether there was one
 */
gboolean
ctl_secrets_read (Ctl         *ctl,
                  GHashTable  *secrets,
                  const char  *name,
                  const char  *label,
                  GError     **error)
{
  g_autofree char *buffer = g_malloc0 (SECRET_BYTES_MAX);
  gssize length = read_hidden (ctl, label, buffer, error);

  if (length > 0)
    g_hash_table_replace (secrets, g_strdup (name), g_strdup (buffer));
  else if (length == 0)
    g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, _("secret %s: nothing came on standard input"), name);
  explicit_bzero (buffer, SECRET_BYTES_MAX);
  return length > 0;
}

/**
 * ctl_ask:
 * @question: with what "yes" would do
 *
 * Asks a person at the terminal. Nothing but a y is a yes.
 *
 * Returns: whether the answer was yes
 */
gboolean
ctl_ask (Ctl        *ctl,
         const char *question)
{
  g_autoptr(GError) error = NULL;
  char answer[16] = "";

  g_printerr ("%s [y/N] ", question);
  if (read_line (ctl, answer, sizeof answer, &error) < 0)
    g_printerr ("\n");
  return answer[0] == 'y' || answer[0] == 'Y';
}
