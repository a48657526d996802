/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sandbox-business.h"

G_BEGIN_DECLS

/* How busy a location is when. */

double sandbox_calendar_weigh (SandboxBusiness *business,
                               guint            location,
                               gint64           day,
                               gint64           from,
                               gint64           until);
gint64 sandbox_calendar_draw  (SandboxBusiness *business,
                               SandboxRandom   *random,
                               guint            location,
                               gint64           day,
                               gint64           from,
                               gint64           until);

G_END_DECLS
