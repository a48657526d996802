/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-look.h"
#include "tide-need.h"

G_BEGIN_DECLS

typedef enum
{
  TIDE_ITEM_NEED,
  TIDE_ITEM_RETRYING,
  TIDE_ITEM_MENDED,
  TIDE_N_ITEM_GROUPS
} TideItemGroup;

/* A line of what is known about an item. */
typedef struct
{
  char *name;
  char *value;
} TideAttentionFact;

/**
 * TideAttentionItem:
 * @group: where it stands
 * @key: stays the same as long as it is the same thing
 * @look: its icon and colour; the word is not used
 * @title: what it is, short
 * @line: what about it, short
 * @when: instant to stand beside it, 0 for none
 * @connection: where
 * @label: what of it: "Orders"
 * @need: (nullable): of what needs the owner
 * @run: (nullable): of the others
 * @streams: (nullable) (element-type TideAttentionFact): of several that mended together, what each of them is
 *
 * A row of Attention. Immutable value, reference counted; for one thread.
 */
typedef struct
{
  TideItemGroup   group;
  char           *key;
  TideLook        look;
  char           *title;
  char           *line;
  gint64          when;
  TideConnection *connection;
  char           *label;
  TideNeed       *need;
  TideRun        *run;
  GPtrArray      *streams;
} TideAttentionItem;

GPtrArray         *tide_attention_item_list        (GPtrArray                *statuses,
                                                    TideAttention            *attention,
                                                    gint64                    venue_id,
                                                    gint64                    now,
                                                    GTimeZone                *zone);
TideAttentionItem *tide_attention_item_ref         (TideAttentionItem        *self);
void               tide_attention_item_unref       (TideAttentionItem        *self);
char              *tide_attention_item_dup_heading (const TideAttentionItem  *self);
char              *tide_attention_item_dup_text    (const TideAttentionItem  *self,
                                                    gint64                    now,
                                                    GTimeZone                *zone);
char              *tide_attention_item_dup_advice  (const TideAttentionItem  *self);
char              *tide_attention_item_dup_exact   (const TideAttentionItem  *self);
GPtrArray         *tide_attention_item_list_facts  (const TideAttentionItem  *self,
                                                    gint64                    now,
                                                    GTimeZone                *zone);
const TideRun     *tide_attention_item_get_run     (const TideAttentionItem  *self);
void               tide_attention_fact_free        (TideAttentionFact        *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideAttentionItem, tide_attention_item_unref)

G_END_DECLS
