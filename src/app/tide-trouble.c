/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-error.h"
#include "tide-trouble.h"

static char *
sentence (TideError   code,
          const char *who)
{
  switch (code)
    {
    case TIDE_ERROR_AUTH:
      return g_strdup_printf (_("%s refuses the sign-in. Check the key, or make a new one there."), who);
    case TIDE_ERROR_PERMISSION:
      return g_strdup_printf (_("%s does not let this sign-in read these records. Allow it there, or use another key."), who);
    case TIDE_ERROR_PROVIDER:
      return g_strdup_printf (_("%s does not answer as it should. Check the internet connection, then try again."), who);
    case TIDE_ERROR_BUSY:
      return g_strdup (_("The data is in use by another program. Try again in a moment."));
    case TIDE_ERROR_NO_SPACE:
      return g_strdup (_("The disk is full. Free some space, then try again; nothing is lost."));
    case TIDE_ERROR_CORRUPT:
      return g_strdup_printf (_("What %s sent could not be understood. What was here before is unchanged."), who);
    case TIDE_ERROR_STORAGE:
      return g_strdup (_("The data could not be written. Check that the disk is there and may be written to."));
    case TIDE_ERROR_NO_KEYRING:
      return g_strdup (_("The keyring of this computer is locked or missing. Unlock it, or install GNOME Keyring, then try again."));
    case TIDE_ERROR_NOT_FOUND:
      return g_strdup_printf (_("%s has nothing at that place. Check the address and what the key may see."), who);
    case TIDE_ERROR_CONFLICT:
      return g_strdup (_("That does not fit what is here already. Look at the details, then choose again."));
    case TIDE_ERROR_INVALID:
    default:
      return g_strdup_printf (_("Something about %s is not as it should be. The details say what."), who);
    }
}

static char *
brief (TideError   code,
       const char *who)
{
  switch (code)
    {
    case TIDE_ERROR_AUTH:
      return g_strdup_printf (_("%s refuses the sign-in"), who);
    case TIDE_ERROR_PERMISSION:
      return g_strdup_printf (_("%s does not permit it"), who);
    case TIDE_ERROR_BUSY:
      return g_strdup (_("The data is in use by another program"));
    case TIDE_ERROR_NO_SPACE:
      return g_strdup (_("The disk is full"));
    case TIDE_ERROR_CORRUPT:
      return g_strdup_printf (_("What %s sent could not be understood"), who);
    case TIDE_ERROR_STORAGE:
      return g_strdup (_("The data could not be written"));
    case TIDE_ERROR_NO_KEYRING:
      return g_strdup (_("The keyring is locked or missing"));
    case TIDE_ERROR_NOT_FOUND:
      return g_strdup_printf (_("%s has nothing at that place"), who);
    case TIDE_ERROR_CONFLICT:
    case TIDE_ERROR_INVALID:
      return g_strdup (_("Something is not as it should be"));
    case TIDE_ERROR_PROVIDER:
    default:
      return g_strdup_printf (_("%s does not answer"), who);
    }
}

static TideError
code_from_name (const char *name)
{
  for (int code = TIDE_ERROR_INVALID; code <= TIDE_ERROR_PERMISSION; code++)
    {
      const GError error = { TIDE_ERROR, code, NULL };

      if (g_strcmp0 (name, tide_error_to_name (&error)) == 0)
        return (TideError)code;
    }
  return TIDE_ERROR_PROVIDER;
}

/**
 * tide_trouble_dup_sentence:
 * @error_code: (nullable): name of a TideError, as a run keeps it
 * @who: the connection's name, to stand in the sentence
 *
 * Returns: (transfer full): what it means and what to do
 */
char *
tide_trouble_dup_sentence (const char *error_code,
                           const char *who)
{
  return sentence (code_from_name (error_code), who);
}

/**
 * tide_trouble_dup_brief:
 * @error_code: (nullable): name of a TideError, as a run keeps it
 * @who: the connection's name, to stand in it
 *
 * Returns: (transfer full): what happened, in a few words without a full stop
 */
char *
tide_trouble_dup_brief (const char *error_code,
                        const char *who)
{
  return brief (code_from_name (error_code), who);
}

/**
 * tide_trouble_describe:
 * @error: what went wrong
 * @who: the provider's or connection's name
 *
 * Returns: (transfer full): what it means and what to do
 */
char *
tide_trouble_describe (const GError *error,
                       const char   *who)
{
  if (error->domain == TIDE_ERROR)
    return sentence ((TideError)error->code, who);
  return sentence (TIDE_ERROR_PROVIDER, who);
}

/**
 * tide_trouble_describe_open:
 * @error: why a folder could not be opened
 *
 * Returns: (transfer full): what it means and what to do
 */
char *
tide_trouble_describe_open (const GError *error)
{
  if (error->domain != TIDE_ERROR)
    return g_strdup (_("The folder could not be opened. Check that it is there and that you may write to it."));
  switch ((TideError)error->code)
    {
    case TIDE_ERROR_BUSY:
      return g_strdup (_("Another Tidemark is working in this folder. Close it there, then try again."));
    case TIDE_ERROR_CONFLICT:
      return g_strdup (_("The data in this folder was written by a newer Tidemark. Update Tidemark to open it; "
                         "nothing was changed."));
    case TIDE_ERROR_CORRUPT:
      return g_strdup (_("The data in this folder is damaged, or was not made by Tidemark. Nothing was changed. "
                         "Open another folder, or put a copy from before in its place."));
    case TIDE_ERROR_NO_SPACE:
      return g_strdup (_("The disk is full. Free some space, then try again; nothing is lost."));
    case TIDE_ERROR_INVALID:
    case TIDE_ERROR_NOT_FOUND:
    case TIDE_ERROR_AUTH:
    case TIDE_ERROR_PROVIDER:
    case TIDE_ERROR_STORAGE:
    case TIDE_ERROR_NO_KEYRING:
    case TIDE_ERROR_PERMISSION:
    default:
      return g_strdup (_("The folder could not be opened. Check that it is there and that you may write to it."));
    }
}
