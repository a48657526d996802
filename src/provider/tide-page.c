/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-provider"

#include "tide-page-private.h"

TidePage *
tide_page_new (const TidePartition *partition,
               GBytes              *body)
{
  TidePage *self = g_new0 (TidePage, 1);

  self->partition = partition;
  self->body = g_bytes_ref (body);
  self->expected = -1;
  tide_stream_state_init (&self->after);
  return self;
}

/* The key under which tide_page_get_state() is to be saved. */
const char *
tide_page_get_partition (TidePage *self)
{
  return self->partition->key;
}

/**
 * tide_page_get_state:
 *
 * Returns: (nullable): the partition's state to be saved in the transaction that stores the page; %NULL
 *    until the page has been parsed, and always where the reading is a part (see #TideReadPlan)
 */
const char *
tide_page_get_state (TidePage *self)
{
  return self->state;
}

/* Bytes received, decoded. */
gsize
tide_page_get_size (TidePage *self)
{
  return g_bytes_get_size (self->body);
}

/**
 * tide_page_get_expected:
 *
 * Returns: how many records the provider has announced up to here in this reading, over all partitions; -1
 *    if it does not tell, or the reading goes on with an interrupted one. Final with the last page
 */
gint64
tide_page_get_expected (TidePage *self)
{
  return self->expected;
}

void
tide_page_free (TidePage *self)
{
  if (self == NULL)
    return;
  g_bytes_unref (self->body);
  tide_stream_state_clear (&self->after);
  g_free (self->state);
  g_free (self);
}
