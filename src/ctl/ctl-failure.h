/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ctl-json.h"
#include "ctl.h"

G_BEGIN_DECLS

GArray   *ctl_failure_parse_ids (const char * const  *words,
                                 gsize                n_words,
                                 const char         **wrong) G_GNUC_WARN_UNUSED_RESULT;
gboolean  ctl_failure_check     (TideEngine          *engine,
                                 const GArray        *ids,
                                 GError             **error);

G_END_DECLS
