/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What an account brings; as in sim-provider.json. */
typedef enum
{
  SIM_LOCATIONS,
  SIM_CUSTOMERS,
  SIM_ORDERS,
  SIM_PRODUCTS,
  SIM_TIMESHEETS,
} SimStream;

#define SIM_N_STREAMS (SIM_TIMESHEETS + 1)

/* How far a reading of what changed looks back, and how late a record may come at most: less, by more than a clock
 * may be wrong. */
#define SIM_LOOK_BACK (3 * G_TIME_SPAN_HOUR)
#define SIM_LATEST (2 * G_TIME_SPAN_HOUR)

/**
 * SimRecord:
 * @place: of an order, the number of its location; else 0
 * @created: instant
 * @updated: instant of the last change as the provider tells it
 * @touched: when it came, changed or was left out or spoilt in an answer last: only a reading that began later
 *    must have it as it is
 * @spoilt: when it was left out or spoilt in an answer last, 0 for never
 * @removed: it is told of as deleted
 * @gone: it is not told of any more
 *
 * A record as the provider has it. All times are true ones.
 */
typedef struct
{
  SimStream stream;
  guint     number;
  guint     version;
  guint     place;
  gint64    created;
  gint64    updated;
  gint64    touched;
  gint64    spoilt;
  gboolean  removed;
  gboolean  gone;
} SimRecord;

/**
 * SimAccount:
 * @host: where its requests go
 * @token: what lets in, and nothing else does
 * @forbidden: the token lets in nowhere just now
 * @books: (element-type SimRecord): what there is and was, a stream, oldest first
 *
 * An account at the pretend provider: the truth that a store is compared with.
 */
typedef struct
{
  char      *host;
  char      *token;
  gboolean   forbidden;
  GPtrArray *books[SIM_N_STREAMS];
} SimAccount;

const char *sim_stream_to_name    (SimStream         self);
gboolean    sim_stream_from_name  (const char       *name,
                                   SimStream        *stream);
gboolean    sim_stream_is_filtered (SimStream        self);

char       *sim_record_dup_id     (const SimRecord  *self);
char       *sim_record_render     (const SimRecord  *self);
gboolean    sim_record_is_live    (const SimRecord  *self);
void        sim_record_edit       (SimRecord        *self,
                                   gint64            now,
                                   gint64            late);
void        sim_record_spoil      (SimRecord        *self,
                                   gint64            now);

SimAccount *sim_account_new       (const char       *host,
                                   const char       *token);
void        sim_account_free      (SimAccount       *self);
SimRecord  *sim_account_add       (SimAccount       *self,
                                   SimStream         stream,
                                   gint64            now,
                                   gint64            late,
                                   guint             place);
void        sim_account_delete    (SimAccount       *self,
                                   SimRecord        *record,
                                   gint64            now);
SimRecord  *sim_account_pick      (SimAccount       *self,
                                   SimStream         stream,
                                   GRand            *rand);
SimRecord  *sim_account_find      (SimAccount       *self,
                                   SimStream         stream,
                                   const char       *id);
guint       sim_account_count     (SimAccount       *self,
                                   SimStream         stream);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SimAccount, sim_account_free)

G_END_DECLS
