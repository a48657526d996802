/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-manifest.h"
#include "tide-provider-info.h"

G_BEGIN_DECLS

TideProviderInfo *tide_provider_info_new (TideManifest *manifest);

G_END_DECLS
