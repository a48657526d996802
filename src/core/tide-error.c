/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-core"

#include "tide-error.h"

#include <gio/gio.h>

static const char * const names[] =
{
  [TIDE_ERROR_INVALID] = "invalid",
  [TIDE_ERROR_NOT_FOUND] = "not-found",
  [TIDE_ERROR_CONFLICT] = "conflict",
  [TIDE_ERROR_AUTH] = "auth",
  [TIDE_ERROR_PROVIDER] = "provider",
  [TIDE_ERROR_BUSY] = "busy",
  [TIDE_ERROR_NO_SPACE] = "no-space",
  [TIDE_ERROR_CORRUPT] = "corrupt",
  [TIDE_ERROR_STORAGE] = "storage",
  [TIDE_ERROR_NO_KEYRING] = "no-keyring",
  [TIDE_ERROR_PERMISSION] = "permission",
};

G_DEFINE_QUARK (tide-error-quark, tide_error)

/**
 * tide_error_to_name:
 * @error: an error of any domain
 *
 * Gives the word under which an error appears in JSON: stable, for programs. A cancelled
 * operation is "cancelled"; errors of foreign domains are "internal", as they should have
 * been converted where they came in.
 *
 * Returns: a static string
 */
const char *
tide_error_to_name (const GError *error)
{
  g_return_val_if_fail (error != NULL, "internal");

  if (error->domain == TIDE_ERROR && error->code >= 0 && error->code < (int) G_N_ELEMENTS (names))
    return names[error->code];
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return "cancelled";

  return "internal";
}
