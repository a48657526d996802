/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "tide-authenticator.h"
#include "tide-stream-private.h"

G_BEGIN_DECLS

/**
 * TideOAuthSpec:
 *
 * Where the access token of an OAuth 2 code flow comes from.
 */
typedef struct
{
  char      *authorize_url;
  char      *token_url;
  char      *revoke_url;            /* (nullable) */
  char     **scopes;
  gboolean   pkce;
  gboolean   json;                  /* the token request is JSON, else a form */
  gboolean   basic;                 /* the client's secret goes into a header, else into the body */
} TideOAuthSpec;

/**
 * TideRateLimitSpec:
 * @requests: 0 = no limit
 */
typedef struct
{
  guint   requests;
  gint64  per;
  guint   burst;
  char   *limit_header;             /* (nullable) lower case */
  char   *remaining_header;         /* (nullable) lower case */
  char   *reset_header;             /* (nullable) lower case */
} TideRateLimitSpec;

typedef struct
{
  guint   attempts;
  gint64  base;
  gint64  cap;
  gint64  retry_after_cap;
} TideRetrySpec;

/* One request of the connection test. */
typedef struct
{
  TideRequestSpec  *request;        /* (owned) */
  char             *account;        /* (nullable) pointer */
  char             *records;        /* (nullable) pointer */
  char            **fields;         /* (nullable) pointers */
} TideCheckSpec;

struct _TideManifest
{
  gatomicrefcount     ref_count;

  char               *id;
  char               *name;
  char               *summary;
  char               *tile;
  char               *origin;
  GHashTable         *base_urls;    /* (owned) environment → template */
  GArray             *secrets;      /* (owned) of TideSecretSpec */
  GArray             *settings;     /* (owned) of TideSettingSpec */
  TideAuthenticator  *authenticator;/* (owned) */
  TideOAuthSpec      *oauth;        /* (owned) (nullable) */
  JsonObject         *headers;      /* (owned) (nullable) */
  TideRateLimitSpec   rate_limit;
  TideRetrySpec       retry;
  guint               idle_timeout;
  guint               total_timeout;
  gsize               max_page_bytes;
  GPtrArray          *errors;       /* (owned) of TideErrorRule */
  char               *error_message;/* (nullable) pointer */
  GPtrArray          *checks;       /* (owned) of TideCheckSpec */
  GPtrArray          *streams;      /* (owned) of TideStream */
};

TideManifest *tide_manifest_new_from_json (JsonObject *object,
                                           const char *origin);

G_END_DECLS
