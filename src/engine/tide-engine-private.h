/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-connector.h"
#include "tide-engine.h"
#include "tide-keyring.h"
#include "tide-logins.h"
#include "tide-owner-socket.h"
#include "tide-providers.h"
#include "tide-run-planner.h"
#include "tide-run-queue.h"
#include "tide-status-builder.h"
#include "tide-store.h"

G_BEGIN_DECLS

struct _TideEngine
{
  GObject            parent_instance;

  TideEngineFlags    flags;
  TideClock         *clock;       /* (owned) */
  TideStore         *store;       /* (owned) */
  TideProviders     *providers;   /* (owned) */
  TideLogins        *logins;      /* (owned) */
  TideConnector     *connector;   /* (owned) */
  TideRunQueue      *queue;       /* (owned) */
  TideRunPlanner    *planner;     /* (owned) */
  TideStatusBuilder *status;      /* (owned) */
  TideOwnerSocket   *socket;      /* (owned) (nullable): where it listens while it has the workspace */
  GMainContext      *context;     /* (owned) */
  gboolean           closed;

  GMutex             lock;
  GSource           *changed;     /* (owned) (nullable) (mutex lock): set while there is to be told that
                                   * connections have changed */
  GArray            *unblocked;   /* (owned) (mutex lock): ids of connections with a new login */
};

gboolean tide_engine_check_writable      (TideEngine   *self,
                                          GError      **error);
void     tide_engine_connections_changed (TideEngine   *self,
                                          gint64        unblocked);
void     tide_engine_run_planned         (gint64        connection_id,
                                          const char   *stream,
                                          TideRunMode   mode,
                                          gpointer      user_data);

G_END_DECLS
