/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GString *json_sample_new    (GRand   *rand);
void     json_sample_mutate (GRand   *rand,
                             GString *text);

G_END_DECLS
