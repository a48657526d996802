/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include "tide-engine-private.h"

#include "tide-failure-groups.h"
#include "tide-read.h"

/**
 * tide_engine_list_failure_groups:
 *
 * Returns: (transfer full) (element-type TideFailureGroup): all open failures, those that are alike as one, the last
 *    seen first; %NULL with @error set on failure
 */
GPtrArray *
tide_engine_list_failure_groups (TideEngine  *self,
                                 GError     **error)
{
  g_autoptr(TideRead) read = NULL;

  g_return_val_if_fail (TIDE_IS_ENGINE (self), NULL);

  read = tide_store_begin_read (self->store, NULL, error);
  return read != NULL ? tide_failure_groups_list (tide_read_get_database (read), error) : NULL;
}
