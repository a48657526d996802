/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "tide-error.h"
#include "tide-manifest.h"
#include "tide-requester.h"
#include "tide-sim-clock.h"
#include "tide-stream-reader.h"
#include "tide-time.h"

G_BEGIN_DECLS

/* 2026-03-02T12:00:00.000Z: when readings begin, unless a test says otherwise. */
#define PROVIDER_NOW G_GINT64_CONSTANT (1772452800000000)

#define PROVIDER_SECRET "sq0-very-secret-token"

/**
 * ProviderCall:
 * @query: (nullable): name → value
 * @status: (out): 200 at first
 * @answer: (out): the body
 *
 * One request as a test's provider sees it, on the server's thread.
 */
typedef struct
{
  const char         *method;
  const char         *path;
  GHashTable         *query;
  const char         *body;
  SoupMessageHeaders *request_headers;
  guint               number;
  guint               status;
  GString            *answer;
  SoupMessageHeaders *headers;
} ProviderCall;

typedef void (*ProviderServe) (ProviderCall *call,
                               gpointer      user_data);

/**
 * ProviderFixture:
 * @calls: (mutex) "GET /path?query" or "POST /path BODY", in order
 * @notes: text of each note, with its wait
 *
 * A provider of the test's own: an HTTP server on a thread of its own, and a requester that talks to it with
 * the simulated clock.
 */
typedef struct
{
  SoupServer        *server;
  GMainContext      *context;
  GThread           *thread;
  int                stop;
  GMutex             mutex;
  char              *url;
  ProviderServe      serve;
  gpointer           serve_data;
  GPtrArray         *calls;

  TideSimClock      *clock;
  TideTransport     *transport;
  TideManifest      *manifest;
  TideRequester     *requester;
  char              *secret;
  GPtrArray         *notes;
  gint64             waited;
  guint              retries;
} ProviderFixture;

void           provider_fixture_set_up      (ProviderFixture  *self,
                                             gconstpointer     data);
void           provider_fixture_tear_down   (ProviderFixture  *self,
                                             gconstpointer     data);
void           provider_fixture_serve       (ProviderFixture  *self,
                                             ProviderServe     serve,
                                             gpointer          user_data);
void           provider_fixture_load        (ProviderFixture  *self,
                                             const char       *rest);
guint          provider_fixture_count_calls (ProviderFixture  *self);
char          *provider_fixture_get_call    (ProviderFixture  *self,
                                             guint             index);
void           provider_fixture_forget      (ProviderFixture  *self);
void           provider_fixture_assert_no_secret (ProviderFixture *self,
                                             const GError     *error);
void           provider_note_cb             (const TideRequestNote *note,
                                             gpointer          user_data);

TideManifest  *provider_manifest_load       (const char       *text);
const char    *provider_call_get            (ProviderCall     *call,
                                             const char       *name);

G_END_DECLS
