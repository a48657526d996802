/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-clock.h"
#include "tide-connection.h"
#include "tide-manifest.h"
#include "tide-transport.h"

G_BEGIN_DECLS

/**
 * TideSecretFunc:
 * @name: which secret of the connection ("access_token")
 *
 * Called on any thread that sends requests.
 *
 * Returns: (transfer full): the secret, or %NULL with @error set
 */
typedef char *(*TideSecretFunc) (const char    *name,
                                 gpointer       user_data,
                                 GError       **error);

/**
 * TideRequestNote:
 * @level: "debug" (short waits for the rate limit, too many for a log), "info" or "warning"
 * @text: one line for the run's log, without secrets
 * @retry: a request will be repeated
 * @wait: microseconds that it will wait now; @wait_reason says in words for what
 */
typedef struct
{
  const char *level;
  const char *text;
  gboolean    retry;
  gint64      wait;
  const char *wait_reason;
} TideRequestNote;

typedef void (*TideRequestNoteFunc) (const TideRequestNote *note,
                                     gpointer               user_data);

#define TIDE_TYPE_REQUESTER (tide_requester_get_type ())
G_DECLARE_FINAL_TYPE (TideRequester, tide_requester, TIDE, REQUESTER, GObject)

/* Sends a connection's requests: login, rate limit, retries with backoff, error rules. One for a
 * connection, shared by its runs; thread-safe. */
TideRequester *tide_requester_new           (TideManifest         *manifest,
                                             const TideConnection *connection,
                                             TideTransport        *transport,
                                             TideClock            *clock,
                                             TideSecretFunc        secret_func,
                                             gpointer              user_data,
                                             GDestroyNotify        destroy);
gint64         tide_requester_get_hold      (TideRequester        *self);
void           tide_requester_get_rate      (TideRequester        *self,
                                             guint                *limit,
                                             gint64               *per,
                                             guint                *used,
                                             gint64               *remaining,
                                             gint64               *held_until);

/**
 * TideProbe:
 * @account: who the login belongs to
 * @details: further lines in words (locations, ...)
 * @missing: permissions or streams that are refused, in words
 */
typedef struct
{
  char   *account;
  char  **details;
  char  **missing;
} TideProbe;

TideProbe     *tide_requester_probe         (TideRequester        *self,
                                             GCancellable         *cancellable,
                                             GError              **error);
void           tide_probe_free              (TideProbe            *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideProbe, tide_probe_free)

G_END_DECLS
