/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim-clock.h"
#include "sim-faults.h"
#include "sim-provider.h"
#include "tide-transport.h"

G_BEGIN_DECLS

/**
 * SimTransportFuncs:
 * @meet: called in the middle of each request: lets things happen, and says what befalls it
 * @note: takes a line for the trace
 */
typedef struct
{
  SimFault (*meet) (const char *what,
                    gpointer    user_data);
  void     (*note) (const char *line,
                    gpointer    user_data);
} SimTransportFuncs;

#define SIM_TYPE_TRANSPORT (sim_transport_get_type ())
G_DECLARE_FINAL_TYPE (SimTransport, sim_transport, SIM, TRANSPORT, GObject)

/* The network of a simulated world, and the provider at its other end. A request takes time, in which others go on. */
SimTransport *sim_transport_new          (SimClock                *clock,
                                          GRand                   *rand,
                                          const SimTransportFuncs *funcs,
                                          gpointer                 user_data);
void          sim_transport_add_account  (SimTransport            *self,
                                          SimAccount              *account);
guint         sim_transport_get_requests (SimTransport            *self);

G_END_DECLS
