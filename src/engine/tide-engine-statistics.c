/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include "tide-engine-private.h"

#include "tide-connection-rows.h"
#include "tide-read.h"
#include "tide-remote.h"
#include "tide-run-bands.h"
#include "tide-time.h"

/* What is usual, and how much of a budget is used. The functions belong to tide-engine.h. */

#define LEARNED_DAYS 28
#define LEARNED_DAYS_MIN 14

/**
 * tide_run_band_free:
 * @self: (transfer full): a band
 */
void
tide_run_band_free (TideRunBand *self)
{
  g_free (self->stream);
  g_free (self);
}

static TideRunBand *
band_from_row (TideBandRow *row)
{
  TideRunBand *band = g_new0 (TideRunBand, 1);

  band->connection_id = row->connection_id;
  band->stream = g_steal_pointer (&row->stream);
  band->hour = row->hour;
  band->usual = row->usual;
  band->low = row->low;
  band->high = row->high;
  band->n_days = row->n_days;
  return band;
}

/**
 * tide_engine_list_bands:
 *
 * What runs usually bring at each hour of the venue's day, learned from the last 28 days. Blocks; any thread.
 *
 * Returns: (transfer full) (element-type TideRunBand): bands; none for hours known from less than 14 days
 */
GPtrArray *
tide_engine_list_bands (TideEngine  *self,
                        GError     **error)
{
  g_autoptr(TideRead) read = NULL;
  g_autoptr(GPtrArray) rows = NULL;
  GPtrArray *bands;

  g_return_val_if_fail (TIDE_IS_ENGINE (self), NULL);

  read = tide_store_begin_read (self->store, NULL, error);
  rows = read != NULL ? tide_run_bands_learn (tide_read_get_database (read),
                                              tide_clock_now (self->clock) - LEARNED_DAYS * TIDE_DAY,
                                              LEARNED_DAYS_MIN, error)
                      : NULL;
  if (rows == NULL)
    return NULL;

  bands = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_run_band_free);
  for (guint i = 0; i < rows->len; i++)
    g_ptr_array_add (bands, band_from_row (g_ptr_array_index (rows, i)));
  return bands;
}

/**
 * tide_engine_get_rate_use:
 * @use: (out): filled in; untouched on failure
 *
 * How much of a connection's rate budget is used, which only the process that sends its requests knows: an engine
 * that only looks asks it. Blocks; any thread.
 *
 * Returns: %FALSE with TIDE_ERROR_NOT_FOUND (connection, provider), or of an engine that only looks TIDE_ERROR_BUSY
 */
gboolean
tide_engine_get_rate_use (TideEngine   *self,
                          gint64        connection_id,
                          TideRateUse  *use,
                          GError      **error)
{
  g_autoptr(TideRead) read = NULL;
  g_autoptr(TideConnection) connection = NULL;
  g_autoptr(TideManifest) manifest = NULL;
  g_autoptr(TideRequester) requester = NULL;

  g_return_val_if_fail (TIDE_IS_ENGINE (self) && use != NULL, FALSE);

  if (tide_engine_is_remote (self))
    return tide_remote_get_rate_use (tide_engine_get_folder (self), connection_id, use, error);

  read = tide_store_begin_read (self->store, NULL, error);
  connection = read != NULL ? tide_connection_rows_get (tide_read_get_database (read), connection_id, error) : NULL;
  if (connection == NULL)
    return FALSE;
  manifest = tide_providers_lookup (self->providers, connection->provider, error);
  if (manifest == NULL)
    return FALSE;

  requester = tide_logins_get_requester (self->logins, manifest, connection);
  tide_requester_get_rate (requester, &use->limit, &use->per, &use->used, &use->remaining, &use->held_until);
  return TRUE;
}
