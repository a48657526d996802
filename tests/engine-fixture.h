/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sandbox-peer.h"
#include "tide-engine.h"
#include "tide-memory-keyring.h"
#include "tide-sim-clock.h"

G_BEGIN_DECLS

/**
 * EngineFixture:
 * @ended: (element-type TideRun): each run's end as it was told
 *
 * An engine on a workspace of its own with one connection, "Café", to a sandbox of its own: real sockets and
 * a real database, secrets in memory. Time stands still but for waits, which take none; or it is real.
 */
typedef struct
{
  SandboxPeer       *peer;
  char              *folder;
  TideMemoryKeyring *keyring;
  TideClock         *clock;
  TideEngine        *engine;
  TideConnection    *connection;
  GPtrArray         *ended;
  guint              n_started;
  guint              n_progress;
  TideEngineFlags    flags;
} EngineFixture;

typedef gboolean (*EngineCondition) (EngineFixture *self,
                                     gpointer       user_data);

void           engine_fixture_init         (int             *argc,
                                            char          ***argv);
int            engine_fixture_run          (void);
EngineFixture *engine_fixture_new          (const char      *sandbox_arguments,
                                            TideEngineFlags  flags);
EngineFixture *engine_fixture_new_real     (const char      *sandbox_arguments);
void           engine_fixture_free         (EngineFixture   *self);
void           engine_fixture_open         (EngineFixture   *self);
void           engine_fixture_close        (EngineFixture   *self);
TideConnection *engine_fixture_connect     (EngineFixture   *self,
                                            const char      *name,
                                            const char      *token,
                                            GError         **error);
GPtrArray     *engine_fixture_request      (EngineFixture   *self,
                                            const char      *stream,
                                            TideRunMode      mode);
void           engine_fixture_wait         (EngineFixture   *self,
                                            EngineCondition  condition,
                                            gpointer         user_data);
void           engine_fixture_wait_idle    (EngineFixture   *self);
void           engine_fixture_sync         (EngineFixture   *self,
                                            const char      *stream,
                                            TideRunMode      mode);
TideRun       *engine_fixture_sync_one     (EngineFixture   *self,
                                            const char      *stream,
                                            TideRunMode      mode);
gint64         engine_fixture_query_int    (EngineFixture   *self,
                                            const char      *sql);
void           engine_fixture_order        (EngineFixture   *self,
                                            const char      *what,
                                            const char      *body);
void           engine_fixture_assert_truth (EngineFixture   *self,
                                            const char      *stream);
void           engine_fixture_assert_all   (EngineFixture   *self);
gint64         engine_fixture_get_requests (EngineFixture   *self);

extern const char * const engine_fixture_streams[];

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EngineFixture, engine_fixture_free)

G_END_DECLS
