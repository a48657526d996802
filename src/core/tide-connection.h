/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define TIDE_TYPE_CONNECTION (tide_connection_get_type ())

/**
 * TideConnection:
 * @id: its row
 * @venue_id: whose it is
 * @provider: id of its manifest ("square")
 * @name: as the owner calls it; unique
 * @environment: "production" or "sandbox"
 * @base_url: (nullable): instead of the manifest's host
 * @settings: (nullable): JSON object of further settings the manifest asks for
 * @account: (nullable): the account's name as the last test found it
 * @created_at: instant
 *
 * A venue's account at a provider, without its secrets. Immutable value, reference counted
 * atomically: may cross threads.
 */
typedef struct
{
  gint64  id;
  gint64  venue_id;
  char   *provider;
  char   *name;
  char   *environment;
  char   *base_url;
  char   *settings;
  char   *account;
  gint64  created_at;
} TideConnection;

GType           tide_connection_get_type (void);
TideConnection *tide_connection_copy     (const TideConnection *self);
TideConnection *tide_connection_ref      (TideConnection       *self);
void            tide_connection_unref    (TideConnection       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideConnection, tide_connection_unref)

G_END_DECLS
