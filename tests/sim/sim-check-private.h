/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim-check.h"
#include "sim-query.h"

G_BEGIN_DECLS

struct _SimCheck
{
  SimWorld   *world;
  SimQuery   *query;          /* (owned) (nullable) */
  GPtrArray  *handlers;       /* (owned): ids of handlers, as pointers */
  gint64      last_edge;      /* of those that were looked at */
  gint64      last_event;     /* ever */
  guint       n_steps;
  gint64      version;        /* of the database when it was looked at last */
  GHashTable *halted;         /* (owned): set of ids of runs that somebody has asked to pause while they went */
  GPtrArray  *known;          /* (owned): ids of runs that were told of, owned */
  gint64      blocked_at[SIM_N_ACCOUNTS]; /* when each was last seen blocked, by the wall clock */
};

gboolean   sim_check_is_listening     (SimCheck       *self);

/* Of sim-check-begin.c. */
GPtrArray *sim_check_list_queue       (SimCheck       *self);
void       sim_check_note_queue       (SimCheck       *self,
                                       GPtrArray      *entries);
gboolean   sim_check_waits_for_parent (GPtrArray      *entries,
                                       const TideRun  *run);
void       sim_check_begins_cb        (const char     *sync_id,
                                       const char     *was,
                                       gpointer        user_data);

G_END_DECLS
