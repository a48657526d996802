/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TideInstantFormat:
 * @name: as templates call it
 * @resolution: microseconds; what is finer gets lost
 * @number: it is a JSON number
 *
 * One way in which a provider wants to be told an instant.
 */
typedef struct
{
  const char *name;
  gint64      resolution;
  gboolean    number;
  const char *pattern;
} TideInstantFormat;

const TideInstantFormat *tide_instant_format_lookup (const char              *name);
const TideInstantFormat *tide_instant_format_all    (gsize                   *n_formats);
char                    *tide_instant_format_print  (const TideInstantFormat *self,
                                                     gint64                   instant);

G_END_DECLS
