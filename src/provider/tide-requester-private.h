/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-error-rule.h"
#include "tide-manifest-private.h"
#include "tide-rate-limiter.h"
#include "tide-requester.h"
#include "tide-secret-cache.h"

G_BEGIN_DECLS

struct _TideRequester
{
  GObject           parent_instance;

  TideManifest     *manifest;     /* (owned) */
  TideTransport    *transport;    /* (owned) */
  TideClock        *clock;        /* (owned) */
  TideSecretCache  *secrets;      /* (owned) */
  TideRateLimiter  *limiter;      /* (owned) */
  GHashTable       *settings;     /* (owned) name → text */
  char             *base_url;     /* (nullable) what is wrong is said at the first request */
};

/**
 * TideResponseCheck:
 *
 * A quick look at an answer with a good status. What it refuses is asked for again as if the connection had
 * failed.
 *
 * Returns: %FALSE with @error set to refuse
 */
typedef gboolean (*TideResponseCheck) (const TideResponse  *response,
                                       gpointer             user_data,
                                       GError             **error);

/**
 * TideExchange:
 * @spec: what to send
 * @url: (nullable): instead of the spec's address
 * @scope: its variables; the requester adds the settings
 * @errors: (nullable): rules that go before the requester's own
 * @check: (nullable): see #TideResponseCheck
 * @note_func: (nullable): is told of waits and repetitions
 * @attempts: 0 = as the manifest says
 * @may_be_gone: a 404 or 410 is a good answer too
 */
typedef struct
{
  const TideRequestSpec    *spec;
  const char               *url;
  const TideTemplateScope  *scope;
  GPtrArray                *errors;
  TideResponseCheck         check;
  gpointer                  check_data;
  TideRequestNoteFunc       note_func;
  gpointer                  note_data;
  guint                     attempts;
  gboolean                  may_be_gone;
} TideExchange;

TideManifest *tide_requester_get_manifest  (TideRequester       *self);
const char   *tide_requester_get_base_url  (TideRequester       *self);
GHashTable   *tide_requester_get_settings  (TideRequester       *self);
char         *tide_requester_check_url     (TideRequester       *self,
                                            const char          *url,
                                            GError             **error);
TideResponse *tide_requester_exchange      (TideRequester       *self,
                                            const TideExchange  *exchange,
                                            TideErrorAction     *action,
                                            GCancellable        *cancellable,
                                            GError             **error);

G_END_DECLS
