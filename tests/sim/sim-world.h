/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim-clock.h"
#include "sim-faults.h"
#include "sim-provider.h"
#include "sim-transport.h"
#include "tide-engine.h"
#include "tide-memory-keyring.h"

G_BEGIN_DECLS

#define SIM_N_ACCOUNTS 3
#define SIM_N_VENUES 2

typedef struct _SimCheck SimCheck;
typedef struct _SimPeople SimPeople;

/**
 * SimWorld:
 * @rand: all that happens by chance, but for what the engine itself draws
 * @connections: the accounts' connections
 * @base: a folder that all workspaces lie in, the engine's after each crash in one of its own
 * @checked: what must always hold is looked at
 * @calm: nothing goes wrong, and nobody does anything in the middle of a request
 * @fault_percent: so many requests meet a fault
 * @depth: so many requests are under way, each within the one before
 * @dying: what the engine has died of; it is not listened to any more
 * @copy: (nullable): what the dead engine left on the disk
 * @trouble: the disk has failed the engine, so what it thinks and what is in the store may differ until it is opened
 *    again
 * @n_troubles: how many writes to the disk have failed
 * @clock_set: when the computer's clock was set last, by true time
 *
 * An engine on a computer and a network that are simulated, with people who use it. One thread; everything from one
 * seed.
 */
typedef struct
{
  guint              seed;
  gboolean           verbose;
  GRand             *rand;
  SimClock          *clock;
  SimTransport      *transport;
  TideMemoryKeyring *keyring;
  SimAccount        *accounts[SIM_N_ACCOUNTS];
  gint64             connections[SIM_N_ACCOUNTS];
  char              *base;
  char              *folder;
  guint              generation;
  TideEngine        *engine;
  SimCheck          *check;
  SimPeople         *people;

  gboolean           checked;
  gboolean           calm;
  int                fault_percent;
  guint              depth;
  SimFault           dying;
  char              *copy;
  gboolean           trouble;
  guint              n_troubles;
  gint64             clock_set;

  GQueue             trace;
  guint64            hash;
  guint              n_lines;
} SimWorld;

extern const char * const sim_venues[SIM_N_VENUES];

void       sim_world_init_process (void);
void       sim_world_end_process  (void);
SimWorld  *sim_world_new          (guint            seed,
                                   gboolean         verbose);
void       sim_world_free         (SimWorld        *self);
SimWorld  *sim_world_get_current  (void);
void       sim_world_watch        (SimWorld        *self);

void       sim_world_open         (SimWorld        *self);
void       sim_world_restart      (SimWorld        *self);
void       sim_world_crash        (SimWorld        *self,
                                   SimFault         kind);
void       sim_world_revive       (SimWorld        *self);

guint      sim_world_roll         (SimWorld        *self,
                                   guint            n);
gboolean   sim_world_chance       (SimWorld        *self,
                                   guint            percent);
gint64     sim_world_now          (SimWorld        *self);
int        sim_world_find_account (SimWorld        *self,
                                   gint64           connection_id);

void       sim_world_note         (SimWorld        *self,
                                   const char      *format,
                                   ...) G_GNUC_PRINTF (2, 3);
void       sim_world_print_trace  (SimWorld        *self);
G_NORETURN void sim_world_fail    (SimWorld        *self,
                                   const char      *format,
                                   ...) G_GNUC_PRINTF (2, 3);

G_END_DECLS
