/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-manifest-private.h"

G_BEGIN_DECLS

/* What a schema cannot say: that names exist, templates can be expanded, parents are no circle. */
void tide_manifest_checker_run (TideManifest *manifest,
                                JsonObject   *object,
                                GPtrArray    *problems);

G_END_DECLS
