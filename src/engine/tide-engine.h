/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "tide-approval.h"
#include "tide-audit-entry.h"
#include "tide-clock.h"
#include "tide-connection.h"
#include "tide-event.h"
#include "tide-field.h"
#include "tide-provider-info.h"
#include "tide-queue-entry.h"
#include "tide-run-progress.h"
#include "tide-run-query.h"
#include "tide-run.h"
#include "tide-setting.h"
#include "tide-snapshot-info.h"
#include "tide-stream-status.h"
#include "tide-venue.h"

G_BEGIN_DECLS

/**
 * TideEngine:
 *
 * The one door: owns the store, the runs, the schedules and the logins of a workspace. Made and used on
 * the thread whose main context was the default then; its signals come there. Functions marked "any thread" may
 * be called from anywhere; those that block say so.
 *
 * An engine that only looks cannot change anything by itself. What changes runs, failures, approvals and settings it
 * asks of the process that has the workspace, and waits for its answer, a few seconds at most; where none has it, that
 * is TIDE_ERROR_BUSY. Once tide_engine_follow() was called it also repeats that process's signals.
 *
 * Signals (all with the run or the connection they are about):
 *  - sync-started (TideRun), sync-progress (TideRunProgress, at most ten a second and run), sync-completed (TideRun),
 *    sync-error (TideRun), sync-cancelled (TideRun): each run ends with exactly one of the last three
 *  - queue-updated (): a run began to wait or to go, or ended
 *  - connections-changed (): a venue or connection was added, changed or removed
 *  - connection-health-changed (gint64 connection_id)
 *  - schedule-changed ()
 *  - smart-sync-started (), smart-sync-ended (), smart-sync-timeout (): the first session began; the last one was
 *    ended; the last one's owner has not been heard of for ten minutes
 *  - attention-changed (): failures, approvals or blocked connections have changed
 *  - event (TideEvent): each of the above, numbered, as programs follow them
 */
#define TIDE_TYPE_ENGINE (tide_engine_get_type ())
G_DECLARE_FINAL_TYPE (TideEngine, tide_engine, TIDE, ENGINE, GObject)

/* These lie below the engine; whoever hands one in (a test) includes its header. */
typedef struct _TideKeyring TideKeyring;
typedef struct _TideTransport TideTransport;

typedef enum
{
  TIDE_ENGINE_NONE = 0,
  TIDE_ENGINE_READ_ONLY = 1 << 0,     /* look only; works beside the owner of the workspace */
  TIDE_ENGINE_SCHEDULES = 1 << 1,     /* fire schedules and retries by itself (the window, later the service) */
  TIDE_ENGINE_IN_LINE = 1 << 2,       /* no threads: runs are executed on the engine's own (simulations) */
} TideEngineFlags;

char        *tide_engine_get_default_folder   (void);
TideEngine  *tide_engine_open                 (const char            *folder,
                                               TideEngineFlags        flags,
                                               TideClock             *clock,
                                               TideTransport         *transport,
                                               GError               **error);
TideEngine  *tide_engine_open_full            (const char            *folder,
                                               TideEngineFlags        flags,
                                               TideClock             *clock,
                                               TideTransport         *transport,
                                               TideKeyring           *keyring,
                                               GError               **error);
void         tide_engine_close                (TideEngine            *self);
const char  *tide_engine_get_folder           (TideEngine            *self);
TideClock   *tide_engine_get_clock            (TideEngine            *self);

/* Venues. Any thread; short. */
TideVenue   *tide_engine_add_venue            (TideEngine            *self,
                                               const char            *name,
                                               const char            *timezone,
                                               GError               **error);
GPtrArray   *tide_engine_list_venues          (TideEngine            *self,
                                               GError               **error);
TideVenue   *tide_engine_find_venue           (TideEngine            *self,
                                               const char            *name,
                                               GError               **error);

/* Providers. Any thread. */
GPtrArray        *tide_engine_list_providers  (TideEngine            *self);
TideProviderInfo *tide_engine_find_provider   (TideEngine            *self,
                                               const char            *id,
                                               GError               **error);
TideProviderInfo *tide_engine_check_provider  (const char            *path,
                                               GPtrArray             *problems,
                                               GError               **error);
TideProviderInfo *tide_engine_add_provider    (TideEngine            *self,
                                               const char            *path,
                                               GPtrArray             *problems,
                                               GError               **error);

/* Connections. connect() stores the secrets in the Secret Service, then the connection; the
 * test functions ask the provider. Blocking, any thread; the _async ones from the engine's thread. */
TideConnection *tide_engine_connect           (TideEngine            *self,
                                               const TideConnection  *connection,
                                               GHashTable            *secrets,
                                               GCancellable          *cancellable,
                                               GError               **error);
GPtrArray      *tide_engine_list_connections  (TideEngine            *self,
                                               GError               **error);
TideConnection *tide_engine_find_connection   (TideEngine            *self,
                                               const char            *name,
                                               GError               **error);
gboolean        tide_engine_replace_secrets   (TideEngine            *self,
                                               gint64                 connection_id,
                                               GHashTable            *secrets,
                                               GCancellable          *cancellable,
                                               GError               **error);
gboolean        tide_engine_disconnect        (TideEngine            *self,
                                               gint64                 connection_id,
                                               gboolean               delete_records,
                                               GCancellable          *cancellable,
                                               GError               **error);

/**
 * TideTestResult:
 * @account: whose login it is
 * @details: further lines in words
 * @missing: what is refused, in words; empty when all is permitted
 */
typedef struct
{
  char  *account;
  char **details;
  char **missing;
} TideTestResult;

TideTestResult *tide_engine_test              (TideEngine            *self,
                                               const TideConnection  *connection,
                                               GHashTable            *secrets,
                                               GCancellable          *cancellable,
                                               GError               **error);
void            tide_engine_test_async        (TideEngine            *self,
                                               const TideConnection  *connection,
                                               GHashTable            *secrets,
                                               GCancellable          *cancellable,
                                               GAsyncReadyCallback    callback,
                                               gpointer               user_data);
TideTestResult *tide_engine_test_finish       (TideEngine            *self,
                                               GAsyncResult          *result,
                                               GError               **error);
void            tide_test_result_free         (TideTestResult        *self);
void            tide_engine_connect_async     (TideEngine            *self,
                                               const TideConnection  *connection,
                                               GHashTable            *secrets,
                                               GCancellable          *cancellable,
                                               GAsyncReadyCallback    callback,
                                               gpointer               user_data);
TideConnection *tide_engine_connect_finish    (TideEngine            *self,
                                               GAsyncResult          *result,
                                               GError               **error);

/**
 * TideRunRequest:
 * @connection_id: which connection
 * @stream: (nullable): one stream or entity of it; %NULL = everything it brings, parents first
 * @mode: full or incremental
 * @dry_run: do all but the writing, and note what would change
 * @requested_by: (nullable): "owner", "schedule", a token's name; %NULL = "owner"
 * @ids: (nullable) (array zero-terminated=1): the provider's ids of just these records; needs @stream
 * @filters: (nullable) (array zero-terminated=1): "name=value", of the filters that the stream's manifest knows
 * @priority: its place in the queue, 1 to 10; 0 = as its entity's
 * @allowed: brakes let go of beforehand
 * @idempotency_key: (nullable): up to 200 bytes; the same request under the same key is the same runs, for 30 days
 */
typedef struct
{
  gint64               connection_id;
  const char          *stream;
  TideRunMode          mode;
  gboolean             dry_run;
  const char          *requested_by;
  const char * const  *ids;
  const char * const  *filters;
  int                  priority;
  TideRunAllow         allowed;
  const char          *idempotency_key;
} TideRunRequest;

/* Runs. The engine's thread. @by: who wants it, for the audit log. */
GPtrArray   *tide_engine_request_run          (TideEngine            *self,
                                               const TideRunRequest  *request,
                                               GError               **error);
GPtrArray   *tide_engine_request_run_full     (TideEngine            *self,
                                               const TideRunRequest  *request,
                                               gboolean              *replayed,
                                               GError               **error);
gboolean     tide_engine_cancel_run           (TideEngine            *self,
                                               const char            *sync_id,
                                               const char            *by,
                                               GError               **error);
gboolean     tide_engine_pause_run            (TideEngine            *self,
                                               const char            *sync_id,
                                               const char            *by,
                                               GError               **error);
gboolean     tide_engine_resume_run           (TideEngine            *self,
                                               const char            *sync_id,
                                               const char            *by,
                                               GError               **error);
gboolean     tide_engine_retry_run            (TideEngine            *self,
                                               const char            *sync_id,
                                               const char            *by,
                                               GError               **error);
gboolean     tide_engine_move_run             (TideEngine            *self,
                                               const char            *sync_id,
                                               const char            *before,
                                               const char            *by,
                                               GError               **error);
void         tide_engine_cancel_all           (TideEngine            *self);
gboolean     tide_engine_is_idle              (TideEngine            *self);
GPtrArray   *tide_engine_list_progress        (TideEngine            *self);
gboolean     tide_engine_get_paused           (TideEngine            *self);
gboolean     tide_engine_set_paused           (TideEngine            *self,
                                               gboolean               paused,
                                               const char            *by,
                                               GError               **error);

/* All runs of a provider at a venue (%NULL = at every venue). They return how many runs it was, -1 on failure. */
int          tide_engine_stop_provider        (TideEngine            *self,
                                               const char            *provider,
                                               const char            *venue,
                                               const char            *by,
                                               GError               **error);
int          tide_engine_resume_provider      (TideEngine            *self,
                                               const char            *provider,
                                               const char            *venue,
                                               const char            *by,
                                               GError               **error);
int          tide_engine_retry_provider       (TideEngine            *self,
                                               const char            *provider,
                                               const char            *venue,
                                               const char            *by,
                                               GError               **error);

/* Smart sync: a refresh that goes first while somebody fills in a form. The engine's thread. */
char        *tide_engine_begin_smart_sync     (TideEngine            *self,
                                               const char            *venue,
                                               const char            *session_id,
                                               const char            *by,
                                               GError               **error);
gboolean     tide_engine_end_smart_sync       (TideEngine            *self,
                                               const char            *session_id,
                                               const char            *by,
                                               GError               **error);
guint        tide_engine_count_smart_sessions (TideEngine            *self);

/* Failures and approvals. The engine's thread. */
GPtrArray   *tide_engine_retry_failures       (TideEngine              *self,
                                               const TideFailureQuery  *query,
                                               const char              *by,
                                               GError                 **error);
gint64       tide_engine_dismiss_failures     (TideEngine              *self,
                                               const TideFailureQuery  *query,
                                               const char              *by,
                                               GError                 **error);
gint64       tide_engine_reopen_failures      (TideEngine              *self,
                                               const TideFailureQuery  *query,
                                               const char              *by,
                                               GError                 **error);
gboolean     tide_engine_decide_approval      (TideEngine              *self,
                                               gint64                   approval_id,
                                               gboolean                 approve,
                                               gboolean                 always,
                                               const char              *by,
                                               GError                 **error);

gboolean     tide_engine_get_brakes           (TideEngine              *self,
                                               gint64                   connection_id,
                                               const char              *stream,
                                               gboolean                *brakes,
                                               GError                 **error);
gboolean     tide_engine_set_brakes           (TideEngine              *self,
                                               gint64                   connection_id,
                                               const char              *stream,
                                               gboolean                 brakes,
                                               const char              *by,
                                               GError                 **error);

/* Settings. Reading: any thread; writing: the engine's. */
gint64       tide_engine_get_setting          (TideEngine            *self,
                                               TideSetting            setting);
gboolean     tide_engine_set_setting          (TideEngine            *self,
                                               TideSetting            setting,
                                               gint64                 value,
                                               const char            *by,
                                               GError               **error);

/* For an engine that only looks: repeat the signals of the process that has the workspace. The engine's thread. */
gboolean     tide_engine_follow               (TideEngine            *self,
                                               GError               **error);
gboolean     tide_engine_is_following         (TideEngine            *self);

/* Looking. Blocking reads, any thread. */
TideRun     *tide_engine_get_run              (TideEngine            *self,
                                               const char            *sync_id,
                                               GError               **error);
GPtrArray   *tide_engine_query_runs           (TideEngine            *self,
                                               const TideRunQuery    *query,
                                               GError               **error);
gint64       tide_engine_count_runs           (TideEngine            *self,
                                               const TideRunQuery    *query,
                                               GError               **error);
GArray      *tide_engine_get_run_hours        (TideEngine            *self,
                                               gint64                 since,
                                               gint64                 until,
                                               GError               **error);
GPtrArray   *tide_engine_get_run_log          (TideEngine            *self,
                                               const char            *sync_id,
                                               GError               **error);
GPtrArray   *tide_engine_get_run_changes      (TideEngine            *self,
                                               const char            *sync_id,
                                               guint                  limit,
                                               guint                  offset,
                                               GError               **error);
GPtrArray   *tide_engine_get_failures         (TideEngine            *self,
                                               gint64                 connection_id,
                                               const char            *sync_id,
                                               guint                  limit,
                                               GError               **error);
GPtrArray   *tide_engine_query_failures       (TideEngine              *self,
                                               const TideFailureQuery  *query,
                                               GError                 **error);
gint64       tide_engine_count_failures       (TideEngine              *self,
                                               const TideFailureQuery  *query,
                                               GError                 **error);
GPtrArray   *tide_engine_list_failure_groups  (TideEngine            *self,
                                               GError               **error);
GPtrArray   *tide_engine_list_approvals       (TideEngine            *self,
                                               gboolean               open_only,
                                               GError               **error);
GPtrArray   *tide_engine_list_queue           (TideEngine            *self,
                                               guint                  limit,
                                               GError               **error);
gint64       tide_engine_get_last_event       (TideEngine            *self);
GPtrArray   *tide_engine_list_events          (TideEngine            *self,
                                               gint64                 after,
                                               guint                  limit,
                                               GError               **error);
GPtrArray   *tide_engine_list_audit           (TideEngine            *self,
                                               gint64                 before,
                                               guint                  limit,
                                               GError               **error);
gboolean     tide_engine_check_audit          (TideEngine            *self,
                                               gint64                *n_entries,
                                               GCancellable          *cancellable,
                                               GError               **error);

/**
 * TideRateUse:
 * @limit: requests that the provider allows in @per, 0 where none is known
 * @per: microseconds
 * @used: requests sent in the last @per
 * @remaining: what the provider's own headers said last is left, -1 where it does not say
 * @held_until: instant until which the provider has asked to be left alone, else 0
 *
 * How much of a connection's rate budget is used.
 */
typedef struct
{
  guint  limit;
  gint64 per;
  guint  used;
  gint64 remaining;
  gint64 held_until;
} TideRateUse;

gboolean     tide_engine_get_rate_use         (TideEngine            *self,
                                               gint64                 connection_id,
                                               TideRateUse           *use,
                                               GError               **error);

/**
 * TideRunBand:
 * @usual: the median of the records that came or changed in a run of the stream at this hour of the day
 * @low: of the expected band
 * @high: of the expected band
 * @n_days: from how many days that was learned; under 14 there is no band
 *
 * What is usual for a stream, learned from its last 28 days.
 */
typedef struct
{
  gint64 connection_id;
  char  *stream;
  int    hour;
  double usual;
  double low;
  double high;
  guint  n_days;
} TideRunBand;

GPtrArray   *tide_engine_list_bands           (TideEngine            *self,
                                               GError               **error);
void         tide_run_band_free               (TideRunBand           *self);

GPtrArray   *tide_engine_get_status           (TideEngine            *self,
                                               GError               **error);
void         tide_engine_get_status_async     (TideEngine            *self,
                                               GCancellable          *cancellable,
                                               GAsyncReadyCallback    callback,
                                               gpointer               user_data);
GPtrArray   *tide_engine_get_status_finish    (TideEngine            *self,
                                               GAsyncResult          *result,
                                               GError               **error);

/**
 * TidePlannedRun:
 *
 * A run that a schedule will ask for.
 */
typedef struct
{
  gint64  at;
  gint64  connection_id;
  char   *stream;
  gint64  duration;           /* microseconds, as such runs usually take */
} TidePlannedRun;

GPtrArray   *tide_engine_get_planned          (TideEngine            *self,
                                               gint64                 until,
                                               GError               **error);
void         tide_planned_run_free            (TidePlannedRun        *self);

/**
 * TideResultFunc:
 * @names: column names
 * @values: one a column; borrowed for the call
 *
 * Returns: %FALSE with @error set to stop
 */
typedef gboolean (*TideResultFunc) (const char * const  *names,
                                    const TideValue     *values,
                                    gsize                n_columns,
                                    gpointer             user_data,
                                    GError             **error);

/* Data. Blocking, any thread. */
gboolean     tide_engine_query_sql            (TideEngine            *self,
                                               const char            *sql,
                                               guint64                max_rows,
                                               TideResultFunc         func,
                                               gpointer               user_data,
                                               gboolean              *truncated,
                                               GCancellable          *cancellable,
                                               GError               **error);
gboolean     tide_engine_export_entity        (TideEngine            *self,
                                               const char            *entity,
                                               const char            *where,
                                               const char            *format,
                                               const char            *path,
                                               gint64                *n_records,
                                               GCancellable          *cancellable,
                                               GError               **error);

/* Snapshots. Blocking, any thread; also while a sync runs. */
TideSnapshotInfo *tide_engine_take_snapshot   (TideEngine            *self,
                                               const char            *name,
                                               GCancellable          *cancellable,
                                               GError               **error);
GPtrArray        *tide_engine_list_snapshots  (TideEngine            *self,
                                               GError               **error);
gboolean          tide_engine_verify_snapshot (TideEngine            *self,
                                               const char            *name,
                                               GCancellable          *cancellable,
                                               GError               **error);
gboolean          tide_engine_export_snapshot (TideEngine            *self,
                                               const char            *name,
                                               const char            *format,
                                               const char            *path,
                                               gint64                *n_records,
                                               GCancellable          *cancellable,
                                               GError               **error);

/* Doctor: findings as sentences; empty when all is well. Blocking, any thread. */
GPtrArray   *tide_engine_examine              (TideEngine            *self,
                                               GCancellable          *cancellable,
                                               GError               **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideTestResult, tide_test_result_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TidePlannedRun, tide_planned_run_free)

G_END_DECLS
