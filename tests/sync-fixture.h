/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "provider-toy.h"
#include "tide-run-rows.h"
#include "tide-store.h"
#include "tide-sync-run.h"

G_BEGIN_DECLS

/**
 * SyncFixture:
 * @run: the run as its last attempt has left it
 *
 * Attempts of runs by themselves: a real store, the toy provider over real sockets, and no engine. Time stands still but
 * for waits, which take none.
 */
typedef struct
{
  ProviderFixture  provider;
  Toy             *toy;
  char            *folder;
  TideStore       *store;
  gint64           connection_id;
  TideSyncJob      job;
  GCancellable    *cancellable;
  TideRun         *run;
} SyncFixture;

void     sync_fixture_set_up    (SyncFixture    *self,
                                 gconstpointer   n_records);
void     sync_fixture_tear_down (SyncFixture    *self,
                                 gconstpointer   n_records);
void     sync_fixture_load      (SyncFixture    *self,
                                 const char     *more);
void     sync_fixture_ask       (SyncFixture    *self,
                                 TideRunMode     mode);
void     sync_fixture_ask_full  (SyncFixture    *self,
                                 const TideRun  *wanted);
TideRun *sync_fixture_go        (SyncFixture    *self);
TideRun *sync_fixture_sync      (SyncFixture    *self,
                                 TideRunMode     mode);
void     sync_fixture_put_back  (SyncFixture    *self,
                                 TideRunAllow    allowed);
char    *sync_fixture_query     (SyncFixture    *self,
                                 const char     *sql);
void     sync_fixture_execute   (SyncFixture    *self,
                                 const char     *sql);

#define sync_fixture_assert(self, sql, text) \
  G_STMT_START { \
    g_autofree char *found_ = sync_fixture_query (self, sql); \
    g_assert_cmpstr (found_, ==, text); \
  } G_STMT_END

G_END_DECLS
