/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-attention.h"

G_BEGIN_DECLS

/**
 * TideNeedKind:
 * @TIDE_NEED_SIGN_IN: the provider refuses the login
 * @TIDE_NEED_APPROVAL: a run waits for a decision
 * @TIDE_NEED_FAILED: streams failed and will not mend by themselves
 * @TIDE_NEED_RECORDS: records were put aside
 */
typedef enum
{
  TIDE_NEED_SIGN_IN,
  TIDE_NEED_APPROVAL,
  TIDE_NEED_FAILED,
  TIDE_NEED_RECORDS,
} TideNeedKind;

/**
 * TideNeed:
 * @key: stays the same as long as it is the same thing
 * @connection: where
 * @streams: (element-type TideStreamStatus): which of its streams
 * @since: since when, 0 if unknown
 * @records: how many records were put aside
 * @attention: (nullable): owns @approval and @group
 * @approval: (unowned) (nullable): what is to be decided
 * @group: (unowned) (nullable): which records
 *
 * One thing that only the owner can mend: a connection and what is wrong there, however many
 * streams a refused sign-in or a failure shows in. The badge, the sentence, the lists on Overview and on
 * Attention all count these.
 */
typedef struct
{
  TideNeedKind            kind;
  char                   *key;
  TideConnection         *connection;
  GPtrArray              *streams;
  gint64                  since;
  gint64                  records;
  TideAttention          *attention;
  const TideApproval     *approval;
  const TideFailureGroup *group;
} TideNeed;

GPtrArray  *tide_need_list          (GPtrArray       *statuses,
                                     TideAttention   *attention,
                                     gint64           venue_id);
void        tide_need_free          (TideNeed        *self);
char       *tide_need_dup_names     (const TideNeed  *self);
char       *tide_need_dup_title     (const TideNeed  *self);
char       *tide_need_dup_text      (const TideNeed  *self,
                                     gint64           now,
                                     GTimeZone       *zone);
const char *tide_need_get_button    (const TideNeed  *self);
const char *tide_need_get_icon      (const TideNeed  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideNeed, tide_need_free)

G_END_DECLS
