/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-connection-rows.h"
#include "tide-error.h"
#include "tide-failure-rows.h"
#include "tide-record-query.h"
#include "tide-record-writer.h"
#include "tide-run-rows.h"
#include "tide-sim-clock.h"
#include "tide-store.h"
#include "tide-time.h"
#include "tide-venue-rows.h"

/* 2026-03-02T18:11:09.500Z */
#define STORE_START G_GINT64_CONSTANT (1772475069500000)

/* A store in a folder of its own, with a venue in New York, a connection to "shop" and a table for its
 * orders. */
typedef struct
{
  char         *folder;
  TideSimClock *clock;
  TideStore    *store;
  gint64        venue_id;
  gint64        connection_id;
} StoreFixture;

extern const TideTableSpec store_orders;

char            *store_fixture_make_folder    (void);
void             store_fixture_remove_folder  (const char       *folder);
void             store_fixture_open           (StoreFixture     *self);
void             store_fixture_set_up         (StoreFixture     *self,
                                               gconstpointer     data);
void             store_fixture_tear_down      (StoreFixture     *self,
                                               gconstpointer     data);
gint64           store_fixture_add_connection (StoreFixture     *self,
                                               const char       *name);
gint64           store_fixture_add_run        (StoreFixture     *self,
                                               gint64            connection_id,
                                               TideRunMode       mode);
void             store_fixture_execute        (StoreFixture     *self,
                                               const char       *sql);
gint64           store_fixture_query_int      (StoreFixture     *self,
                                               const char       *sql);
char            *store_fixture_query_text     (StoreFixture     *self,
                                               const char       *sql);
TideRecordBatch *store_batch_new              (void);
void             store_batch_add              (TideRecordBatch  *batch,
                                               const char       *id,
                                               gint64            total);
void             store_batch_add_deleted      (TideRecordBatch  *batch,
                                               const char       *id);
