/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-engine.h"

G_BEGIN_DECLS

/* Somebody looks at records that are to be fresh: a smart sync session, with a sign of life as long as it lasts. Main
 * thread. */
#define TIDE_TYPE_DATA_SESSION (tide_data_session_get_type ())
G_DECLARE_FINAL_TYPE (TideDataSession, tide_data_session, TIDE, DATA_SESSION, GObject)

TideDataSession *tide_data_session_new       (TideEngine       *engine);
gboolean         tide_data_session_begin     (TideDataSession  *self,
                                              const char       *venue,
                                              GError          **error);
void             tide_data_session_end       (TideDataSession  *self);
gboolean         tide_data_session_is_active (TideDataSession  *self);

G_END_DECLS
