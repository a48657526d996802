/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TideManifestProblem:
 * @line: 1-based line in the file, 0 if it cannot be told
 * @field: JSON pointer of the field, "" for the document
 * @reason: what is wrong and what would be right
 */
typedef struct
{
  guint  line;
  char  *field;
  char  *reason;
} TideManifestProblem;

void tide_manifest_problem_free (TideManifestProblem *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideManifestProblem, tide_manifest_problem_free)

G_END_DECLS
