/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-manifest-private.h"

G_BEGIN_DECLS

/* Whether the templates of a manifest can be expanded where they stand. */
void      tide_template_checker_run  (TideManifest          *manifest,
                                      JsonObject            *object,
                                      GPtrArray             *problems);
gboolean  tide_template_checker_uses (const TideRequestSpec *request,
                                      const char            *variable);

G_END_DECLS
