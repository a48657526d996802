/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ctl-json.h"
#include "ctl.h"

G_BEGIN_DECLS

void        ctl_approval_add_json  (CtlJson             *json,
                                    const TideApproval  *approval);
const char *ctl_approval_get_state (const TideApproval  *approval);

G_END_DECLS
