/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sandbox-arena.h"
#include "sandbox-text.h"

G_BEGIN_DECLS

/* By what records can be ordered and limited. */
typedef enum
{
  SANDBOX_KEY_UPDATED,
  SANDBOX_KEY_CREATED,
  SANDBOX_KEY_STARTED,
  SANDBOX_KEY_ENDED,
  SANDBOX_KEY_NAME,
  SANDBOX_N_KEYS
} SandboxKey;

/* What a table must know of a record to find it; the rest belongs to whoever renders it. */
typedef struct
{
  gint64      times[SANDBOX_KEY_NAME];   /* 0: has none */
  SandboxSpan span;
  guint32     ref;                       /* its number at its owner */
  guint32     party;                     /* customer or team member */
  guint32     place;                     /* its current entry in the log */
  guint8      location;
  guint8      state;
  guint8      kind;
  guint8      gone : 1;                  /* vanished: never served again */
  guint8      deleted : 1;               /* served as a tombstone only */
} SandboxRecord;

/* Whether it is there, not deleted, and of one of @kinds (a bit each; 0: any). */
static inline gboolean
sandbox_record_is_live (const SandboxRecord *record,
                        guint                kinds)
{
  return !record->gone && !record->deleted && (kinds == 0 || (kinds & 1u << record->kind) != 0);
}

typedef struct
{
  gint64  time;
  guint32 record;
} SandboxLogEntry;

typedef struct _SandboxTable SandboxTable;

typedef void (*SandboxRenderFunc)  (gpointer             owner,
                                    const SandboxRecord *record,
                                    SandboxText         *text);
typedef int  (*SandboxCompareFunc) (gpointer             owner,
                                    const SandboxRecord *a,
                                    const SandboxRecord *b);

SandboxTable          *sandbox_table_new          (gpointer             owner,
                                                   SandboxRenderFunc    render,
                                                   SandboxCompareFunc   compare_names,
                                                   gboolean             keep_texts);
void                   sandbox_table_free         (SandboxTable        *self);
guint32                sandbox_table_add          (SandboxTable        *self,
                                                   guint32              ref,
                                                   gint64               created);
SandboxRecord         *sandbox_table_get          (SandboxTable        *self,
                                                   guint32              id);
guint                  sandbox_table_get_size     (SandboxTable        *self);
guint                  sandbox_table_count        (SandboxTable        *self,
                                                   guint                kinds);
void                   sandbox_table_touch        (SandboxTable        *self,
                                                   guint32              id,
                                                   gint64               now);
void                   sandbox_table_remove       (SandboxTable        *self,
                                                   guint32              id);
void                   sandbox_table_bury         (SandboxTable        *self,
                                                   guint32              id,
                                                   gint64               now);
void                   sandbox_table_settle       (SandboxTable        *self);
const SandboxLogEntry *sandbox_table_get_log      (SandboxTable        *self,
                                                   guint               *out_length);
guint                  sandbox_table_find_log     (SandboxTable        *self,
                                                   gint64               time);
gboolean               sandbox_table_is_current   (SandboxTable        *self,
                                                   guint                place);
const guint32         *sandbox_table_get_sorted   (SandboxTable        *self,
                                                   SandboxKey           key,
                                                   guint               *out_length);
int                    sandbox_table_compare      (SandboxTable        *self,
                                                   SandboxKey           key,
                                                   guint32              a,
                                                   guint32              b);
void                   sandbox_table_render       (SandboxTable        *self,
                                                   guint32              id,
                                                   SandboxText         *text);
gboolean               sandbox_table_find         (SandboxTable        *self,
                                                   const char          *text,
                                                   guint32             *out_id);
SandboxArena          *sandbox_table_get_arena    (SandboxTable        *self);

G_END_DECLS
