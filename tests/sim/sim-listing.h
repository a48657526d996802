/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim-faults.h"
#include "sim-provider.h"

G_BEGIN_DECLS

/**
 * SimAsk:
 * @query: name → value: "order" (created, updated, newest), "since", "place", "limit", "odd", "ids", and "cursor" or
 *    "page"
 * @fault: what goes wrong with the page
 * @now: the true time
 * @salt: another number for each request
 *
 * A request for a page of a listing.
 */
typedef struct
{
  SimAccount *account;
  SimStream   stream;
  GHashTable *query;
  SimFault    fault;
  gint64      now;
  guint       salt;
} SimAsk;

GString *sim_listing_answer (const SimAsk *ask);

G_END_DECLS
