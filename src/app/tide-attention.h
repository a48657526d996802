/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-engine.h"

G_BEGIN_DECLS

/**
 * TideAttention:
 * @groups: (element-type TideFailureGroup): records put aside
 * @approvals: (element-type TideApproval): runs that wait for a decision
 * @going: (element-type TideRun): runs that go
 * @retrying: (element-type TideRun): runs that wait for their next try
 * @mended: (element-type TideRun): today's runs that came through after all, newest first
 *
 * What there is to look at or to decide, beside how the streams are doing. Immutable value, reference counted
 * atomically: may cross threads.
 */
typedef struct
{
  GPtrArray *groups;
  GPtrArray *approvals;
  GPtrArray *going;
  GPtrArray *retrying;
  GPtrArray *mended;
} TideAttention;

TideAttention *tide_attention_new         (void);
TideAttention *tide_attention_load        (TideEngine     *engine,
                                           gint64          today,
                                           GError        **error);
TideAttention *tide_attention_ref         (TideAttention  *self);
void           tide_attention_unref       (TideAttention  *self);
GPtrArray     *tide_attention_find_mended (GPtrArray      *runs);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideAttention, tide_attention_unref)

G_END_DECLS
