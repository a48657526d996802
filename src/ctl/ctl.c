/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemarkctl"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "ctl-json.h"
#include "ctl-output.h"
#include "ctl.h"
#include "tide-error.h"

/* How long a program that has the workspace may take to answer or to let go of it, and how often it is tried:
 * microseconds and milliseconds. */
#define OWNER_PATIENCE (2 * G_USEC_PER_SEC)
#define TRY_AGAIN 50

/* What to do about it, by what a caller would do differently. */
static const struct
{
  TideError   code;
  const char *advice;
} advices[] = {
  { TIDE_ERROR_INVALID, N_("Correct it and try again; --help shows what is expected.") },
  { TIDE_ERROR_NOT_FOUND, N_("Look at what there is: “tidemarkctl connections”, “venue list”, “provider list”, “runs”.") },
  { TIDE_ERROR_CONFLICT, N_("Nothing was changed. Look at the present state with “tidemarkctl status” first.") },
  { TIDE_ERROR_AUTH, N_("Get a valid login from the provider and connect with it; if it is connected already: “tidemarkctl sign-in CONNECTION”.") },
  { TIDE_ERROR_PERMISSION, N_("Allow it at the provider, or use a login that may: “tidemarkctl sign-in CONNECTION”.") },
  { TIDE_ERROR_PROVIDER, N_("Look at the network and the address, and try again later; what was read so far is kept.") },
  { TIDE_ERROR_BUSY, N_("Do it there, or close that program and try again. Looking (status, runs, data) works beside it.") },
  { TIDE_ERROR_NO_SPACE, N_("Make room on the disk and try again; nothing is half written.") },
  { TIDE_ERROR_CORRUPT, N_("The file was left as it is. Put it aside and restore a snapshot or a backup in its place.") },
  { TIDE_ERROR_STORAGE, N_("Look at the folder's permissions and at the disk.") },
  { TIDE_ERROR_NO_KEYRING, N_("Secrets are kept there and nowhere else, so this has to be put right first.") },
};

static const char *
get_advice (Ctl          *ctl,
            const GError *error)
{
  if (ctl->advice != NULL && error->domain == TIDE_ERROR)
    return ctl->advice;
  for (gsize i = 0; i < G_N_ELEMENTS (advices); i++)
    if (g_error_matches (error, TIDE_ERROR, (int)advices[i].code))
      return _(advices[i].advice);
  return NULL;
}

/* A layer's fragment as a sentence of its own. */
static char *
make_sentence (const char *fragment)
{
  g_autofree char *clean = ctl_clean_text (fragment);
  const char *end = clean;
  gsize length = strlen (clean);
  GString *sentence = g_string_new (clean);

  /* Only a word is written large at its beginning: a file's or a command's name stays what it is. */
  while (g_unichar_isalpha (g_utf8_get_char (end)))
    end = g_utf8_next_char (end);
  if (end > clean && (*end == ' ' || *end == ',') && g_ascii_islower (clean[0]))
    sentence->str[0] = g_ascii_toupper (clean[0]);
  if (length > 0 && strchr (".!?", clean[length - 1]) == NULL && !g_str_has_suffix (clean, ".)"))
    g_string_append_c (sentence, '.');
  return g_string_free (sentence, FALSE);
}

static void
print_error_json (const char *code,
                  const char *message,
                  const char *advice)
{
  g_autoptr(CtlJson) json = ctl_json_new ();

  ctl_json_begin_object (json, NULL);
  ctl_json_begin_object (json, "error");
  ctl_json_add_string (json, "code", code);
  ctl_json_add_string (json, "message", message);
  ctl_json_add_string (json, "advice", advice);
  ctl_json_end_object (json);
  ctl_json_end_object (json);
  ctl_json_print (json);
}

/**
 * ctl_fail:
 *
 * Says what went wrong and what to do: on standard error, or with --json on standard output.
 *
 * Returns: the exit status for it
 */
int
ctl_fail (Ctl          *ctl,
          const GError *error)
{
  gboolean cancelled = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  const char *advice = get_advice (ctl, error);

  if (ctl->json)
    print_error_json (cancelled ? "cancelled" : tide_error_to_name (error), error->message, advice);
  else if (cancelled)
    g_printerr ("%s\n", _("Stopped."));
  else
    {
      g_autofree char *sentence = make_sentence (error->message);

      g_printerr ("tidemarkctl: %s\n", sentence);
      if (advice != NULL)
        g_printerr ("%s\n", advice);
    }
  return cancelled ? CTL_INTERRUPTED : CTL_FAILED;
}

/**
 * ctl_advise:
 * @error: (nullable): what ctl_fail() is going to be given
 * @code: which errors it is for
 * @advice: (transfer none): a sentence, which has to stay
 *
 * Puts a command's own advice in the place of the usual one, unless something nearer to the failure did so.
 */
void
ctl_advise (Ctl          *ctl,
            const GError *error,
            TideError     code,
            const char   *advice)
{
  if (ctl->advice == NULL && g_error_matches (error, TIDE_ERROR, (int)code))
    ctl->advice = advice;
}

/**
 * ctl_usage:
 * @format: what is wrong with the command line, without a full stop
 *
 * Returns: the exit status for it
 */
int
ctl_usage (Ctl        *ctl,
           const char *format,
           ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);

  if (ctl->json)
    print_error_json ("usage", message, NULL);
  else
    {
      g_autofree char *sentence = make_sentence (message);

      g_printerr ("tidemarkctl: %s\n", sentence);
    }
  return CTL_USAGE;
}

/**
 * ctl_note:
 * @format: a sentence
 *
 * Tells a person how it is going; a program that reads JSON hears nothing of it.
 */
void
ctl_note (Ctl        *ctl,
          const char *format,
          ...)
{
  g_autofree char *message = NULL;
  g_autofree char *clean = NULL;
  va_list args;

  if (ctl->json)
    return;
  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  clean = ctl_clean_text (message);
  g_print ("%s\n", clean);
}

/* What only looks cannot bring a workspace up to this version, but whoever uses a new version for the first time may look
 * first. Whether it could is told by trying again. */
static void
bring_up (const char *folder)
{
  g_autoptr(TideEngine) engine = tide_engine_open (folder, TIDE_ENGINE_NONE, NULL, NULL, NULL);

  if (engine != NULL)
    tide_engine_close (engine);
}

static TideEngine *
open_engine (const char       *folder,
             TideEngineFlags   flags,
             GError          **error)
{
  g_autoptr(GError) local_error = NULL;
  TideEngine *engine = tide_engine_open (folder, flags, NULL, NULL, &local_error);

  if (engine != NULL)
    return engine;
  if ((flags & TIDE_ENGINE_READ_ONLY) != 0 && g_error_matches (local_error, TIDE_ERROR, TIDE_ERROR_CONFLICT))
    {
      bring_up (folder);
      return tide_engine_open (folder, flags, NULL, NULL, error);
    }
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

/**
 * ctl_open:
 * @flags: how
 *
 * Opens the workspace that was asked for. One of an older version is brought up to this one, also by what only looks.
 * The main thread only.
 *
 * Returns: (transfer full) (nullable): the engine
 */
TideEngine *
ctl_open (Ctl              *ctl,
          TideEngineFlags   flags,
          GError          **error)
{
  g_autofree char *folder = ctl->workspace != NULL ? g_canonicalize_filename (ctl->workspace, NULL)
                                                   : tide_engine_get_default_folder ();
  g_autoptr(GError) local_error = NULL;
  TideEngine *engine = open_engine (folder, flags, &local_error);

  /* It may be a second try. */
  ctl->advice = NULL;
  if (engine != NULL)
    return engine;
  if (g_error_matches (local_error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND))
    {
      ctl->advice = _("“tidemarkctl venue add” makes one, --workspace looks elsewhere.");
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND, _("there is no workspace in %s yet"), folder);
    }
  else
    g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

/**
 * ctl_pause:
 *
 * Waits a moment, such as for another process.
 *
 * Returns: %FALSE with G_IO_ERROR_CANCELLED if Ctrl+C was pressed meanwhile
 */
gboolean
ctl_pause (Ctl     *ctl,
           guint    milliseconds,
           GError **error)
{
  GPollFD fd;

  if (g_cancellable_make_pollfd (ctl->cancellable, &fd))
    {
      g_poll (&fd, 1, (int)milliseconds);
      g_cancellable_release_fd (ctl->cancellable);
    }
  return !g_cancellable_set_error_if_cancelled (ctl->cancellable, error);
}

/* A program that is just ending listens no more before it lets go of the workspace; one that begins, not yet. */
static TideEngine *
open_or_follow (Ctl        *ctl,
                TideEngine *looker,
                GError    **error)
{
  gint64 deadline = g_get_monotonic_time () + OWNER_PATIENCE;

  for (;;)
    {
      g_autoptr(GError) local_error = NULL;
      TideEngine *engine = ctl_open (ctl, TIDE_ENGINE_NONE, &local_error);

      if (engine != NULL)
        return engine;
      if (g_error_matches (local_error, TIDE_ERROR, TIDE_ERROR_BUSY))
        {
          if (tide_engine_follow (looker, NULL))
            return g_object_ref (looker);
          if (g_get_monotonic_time () < deadline)
            {
              if (!ctl_pause (ctl, TRY_AGAIN, error))
                return NULL;
              continue;
            }
        }
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
}

/**
 * ctl_open_for_change:
 *
 * Opens the workspace that was asked for, which has to be there already, to change what concerns runs. Where another
 * program has it, the engine asks that one; tide_engine_is_following() tells. The main thread only.
 *
 * Returns: (transfer full) (nullable): the engine
 */
TideEngine *
ctl_open_for_change (Ctl     *ctl,
                     GError **error)
{
  g_autoptr(TideEngine) looker = ctl_open (ctl, TIDE_ENGINE_READ_ONLY, error);

  return looker != NULL ? open_or_follow (ctl, looker, error) : NULL;
}

/**
 * ctl_note_waiting:
 * @engine: by which runs were put in the queue
 *
 * Tells a person that what now waits does so until a program comes that syncs, if that is so.
 */
void
ctl_note_waiting (Ctl        *ctl,
                  TideEngine *engine)
{
  if (!tide_engine_is_following (engine))
    ctl_note (ctl, "%s", _("No program syncs this workspace just now: it is done by the next one that does "
                           "(the window, or “tidemarkctl sync” without a connection)."));
}

/**
 * ctl_parse_number:
 * @number: (out): untouched on failure
 *
 * Returns: whether the word is a whole number
 */
gboolean
ctl_parse_number (const char *word,
                  gint64     *number)
{
  const char *digits = word + (*word == '-' ? 1 : 0);
  gint64 value;

  if (*digits == '\0' || strspn (digits, "0123456789") != strlen (digits))
    return FALSE;
  value = g_ascii_strtoll (word, NULL, 10);
  if (value == G_MAXINT64 || value == G_MININT64)
    return FALSE;
  *number = value;
  return TRUE;
}
