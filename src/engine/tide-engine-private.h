/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "tide-chronicle.h"
#include "tide-connector.h"
#include "tide-engine.h"
#include "tide-follower.h"
#include "tide-keyring.h"
#include "tide-logins.h"
#include "tide-owner-socket.h"
#include "tide-providers.h"
#include "tide-retention.h"
#include "tide-run-planner.h"
#include "tide-run-queue.h"
#include "tide-smart-sessions.h"
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
  TideSmartSessions *sessions;    /* (owned) */
  TideStatusBuilder *status;      /* (owned) */
  TideOwnerSocket   *socket;      /* (owned) (nullable): where it listens while it has the workspace */
  TideFollower      *follower;    /* (owned) (nullable): whose signals it repeats, of an engine that only looks */
  TideChronicle     *chronicle;   /* (owned) (nullable): of who has the workspace */
  TideRetention     *retention;   /* (owned) (nullable): of who has the workspace */
  char              *attention;   /* (owned) (nullable): what there was to look after when it was last told */
  GMainContext      *context;     /* (owned) */
  gboolean           closed;

  GMutex             lock;
  GSource           *changed;     /* (owned) (nullable) (mutex lock): set while there is to be told that
                                   * connections have changed */
  GArray            *unblocked;   /* (owned) (mutex lock): ids of connections with a new login */
  gint64             settings[TIDE_N_SETTINGS]; /* (mutex lock): as in the store, of who has the workspace */
};

gboolean tide_engine_check_writable      (TideEngine   *self,
                                          GError      **error);
void     tide_engine_connections_changed (TideEngine   *self,
                                          gint64        unblocked);
void     tide_engine_run_planned         (gint64        connection_id,
                                          const char   *stream,
                                          TideRunMode   mode,
                                          gpointer      user_data);

/* The queue. */
GPtrArray *tide_engine_ask             (TideEngine            *self,
                                        const TideRunRequest  *request,
                                        gboolean              *replayed,
                                        GError               **error);
gboolean   tide_engine_has_completed   (TideDatabase          *database,
                                        gint64                 connection_id,
                                        TideStream            *stream,
                                        gboolean              *completed,
                                        GError               **error);
gboolean   tide_engine_revive_run      (TideEngine            *self,
                                        const TideRun         *run,
                                        GError               **error);
gboolean   tide_engine_restore_runs    (TideEngine            *self,
                                        GError               **error);
void       tide_engine_smart_timed_out (gpointer               user_data);

void        tide_engine_serve     (TideEngine   *self);
gboolean    tide_engine_is_remote (TideEngine   *self);
JsonObject *tide_engine_obey      (TideEngine   *self,
                                   JsonObject   *request,
                                   gboolean     *follow,
                                   GError      **error);

/* The ledger: events, audit log, settings, retention. */
gboolean tide_engine_open_ledger         (TideEngine   *self,
                                          GError      **error);
void     tide_engine_close_ledger        (TideEngine   *self);
void     tide_engine_connect_events      (TideEngine   *self);
void     tide_engine_audit               (TideEngine   *self,
                                          const char   *by,
                                          const char   *action,
                                          const char   *object,
                                          const char   *detail_json);
char    *tide_engine_make_detail         (const char   *first_name,
                                          ...) G_GNUC_NULL_TERMINATED G_GNUC_WARN_UNUSED_RESULT;
gboolean tide_engine_load_settings       (TideEngine   *self,
                                          GError      **error);
gboolean tide_engine_save_setting        (TideEngine   *self,
                                          TideSetting   setting,
                                          gint64        value,
                                          GError      **error);
void     tide_engine_attention_changed   (TideEngine   *self);
void     tide_engine_look_for_attention  (TideEngine   *self);
void     tide_engine_drop_moot_questions (TideEngine   *self,
                                          const TideRun *run);

G_END_DECLS
