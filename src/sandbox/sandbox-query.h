/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sandbox-cursor.h"
#include "sandbox-table.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 from;      /* both ends belong to it */
  gint64 until;
} SandboxRange;

/* What a request asks for, after its words have been understood. */
typedef struct
{
  SandboxTable *table;                       /* (not owned) */
  SandboxKey    sort;
  gboolean      descending;
  SandboxRange  ranges[SANDBOX_KEY_NAME];    /* set by sandbox_query_init() to everything */
  guint         locations;                   /* a bit each; 0: all */
  guint         states;
  guint         kinds;
  GArray       *parties;                     /* (owned) (nullable) (element-type guint32): any of these */
  GPtrArray    *texts;                       /* (owned) (nullable) (element-type utf8): all of these are in the record */
  gboolean      with_deleted;
  gboolean      with_unended;                /* what has not ended yet is in any range of ends */
  gboolean      open_end;                    /* the sort range ends at the first request's time */
  guint         limit;
  guint64       identity;                    /* what a cursor must match */
} SandboxQuery;

/* A page: the records, and where the next one begins. */
typedef struct
{
  GArray        *records;                    /* (owned) (element-type guint32) */
  SandboxCursor  cursor;
  gboolean       more;
} SandboxPage;

void     sandbox_query_init  (SandboxQuery        *self,
                              SandboxTable        *table);
void     sandbox_query_clear (SandboxQuery        *self);
void     sandbox_query_want  (SandboxQuery        *self,
                              const char          *member,
                              const char          *value);
void     sandbox_query_run   (SandboxQuery        *self,
                              const SandboxCursor *cursor,
                              gint64               now,
                              SandboxPage         *page);
gboolean sandbox_query_match (const SandboxQuery  *self,
                              const SandboxRecord *record);
void     sandbox_page_clear  (SandboxPage         *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SandboxQuery, sandbox_query_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SandboxPage, sandbox_page_clear)

G_END_DECLS
