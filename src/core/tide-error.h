/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TideError:
 * @TIDE_ERROR_INVALID: what was asked makes no sense (bad value, bad manifest, bad SQL)
 * @TIDE_ERROR_NOT_FOUND: there is no such thing
 * @TIDE_ERROR_CONFLICT: it does not fit the present state
 * @TIDE_ERROR_AUTH: the provider refuses the login; only the owner can mend it
 * @TIDE_ERROR_PROVIDER: the provider or the way to it failed; worth another try
 * @TIDE_ERROR_BUSY: somebody else holds it (workspace, database lock)
 * @TIDE_ERROR_NO_SPACE: the disk or a quota is full
 * @TIDE_ERROR_CORRUPT: a file is not what it should be
 * @TIDE_ERROR_STORAGE: any other failure of the disk or the database
 * @TIDE_ERROR_NO_KEYRING: there is no Secret Service, or it is locked
 * @TIDE_ERROR_PERMISSION: the login is good, but may not do this; only the owner can mend it
 *
 * A code for each thing a *caller* would do differently.
 */
typedef enum
{
  TIDE_ERROR_INVALID,
  TIDE_ERROR_NOT_FOUND,
  TIDE_ERROR_CONFLICT,
  TIDE_ERROR_AUTH,
  TIDE_ERROR_PROVIDER,
  TIDE_ERROR_BUSY,
  TIDE_ERROR_NO_SPACE,
  TIDE_ERROR_CORRUPT,
  TIDE_ERROR_STORAGE,
  TIDE_ERROR_NO_KEYRING,
  TIDE_ERROR_PERMISSION,
} TideError;

#define TIDE_ERROR (tide_error_quark ())

GQuark      tide_error_quark    (void);

const char *tide_error_to_name  (const GError *error);

G_END_DECLS
