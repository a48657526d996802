/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TideRunQuery:
 *
 * Which runs. Zero and NULL mean "any". Those asked for last come first; keyset paging by @before_id.
 * With @by_start those started last come first, where runs that were asked for together change places
 * while they wait: for one page, without @before_id.
 */
typedef struct
{
  gint64      connection_id;
  const char *venue;
  const char *provider;
  const char *entity;
  const char *outcome;        /* "problems", "retried", "done" (disjoint), "processing", or a status name */
  const char *requested_by;
  const char *search;
  gint64      since;
  gint64      until;
  gint64      before_id;
  guint       limit;
  gboolean    by_start;
} TideRunQuery;

/* One stream's runs in one hour, for strips and heat maps. */
typedef struct
{
  gint64 hour;                /* instant at which the hour begins */
  gint64 connection_id;
  char  *stream;
  gint64 runs;
  gint64 records;             /* created + updated + deleted */
  gint64 retried;
  gint64 failed;
} TideRunHour;

/* One line of a run's log; one record it changed; one it could not read. */
typedef struct
{
  gint64  at;
  char   *level;
  char   *message;
} TideLogLine;

typedef struct
{
  char   *record_id;
  char   *kind;               /* created, updated, deleted, restored */
  char   *before;             /* (nullable): payload before */
  char   *after;              /* (nullable): payload now */
  gint64  at;
} TideRecordChange;

typedef struct
{
  gint64  id;
  gint64  connection_id;
  char   *stream;
  char   *record_id;
  char   *sync_id;            /* the run that met it last */
  char   *reason;
  char   *payload;
  gint64  attempts;
  gint64  first_seen;
  gint64  last_seen;
  gint64  dismissed_at;       /* 0 while it is open */
  char   *dismissed_by;       /* (nullable) */
} TideFailure;

/**
 * TideFailureQuery:
 * @ids: (nullable) (element-type gint64): just these failures
 * @cause: (nullable): of just this cause, as TideFailureGroup has it
 * @search: (nullable): in the record's id or the reason
 * @dismissed: those that were dismissed, instead of those that are open
 *
 * Which failures. Zero and NULL mean "any". Those last seen come first; keyset paging by @before_seen and @before_id.
 */
typedef struct
{
  const GArray *ids;
  gint64        connection_id;
  const char   *stream;
  const char   *sync_id;
  const char   *cause;
  const char   *search;
  gboolean      dismissed;
  gint64        before_seen;
  gint64        before_id;
  guint         limit;
} TideFailureQuery;

/**
 * TideFailureGroup:
 * @cause: what their reasons have in common: the text up to the first ": ", which is the field that is wrong, or all of it
 * @n_failures: how many there are
 * @first_seen: of the first of them
 * @last_seen: of the last of them
 *
 * The open failures of a stream that are alike.
 */
typedef struct
{
  gint64  connection_id;
  char   *stream;
  char   *cause;
  gint64  n_failures;
  gint64  first_seen;
  gint64  last_seen;
} TideFailureGroup;

void tide_run_hour_clear     (TideRunHour      *self);
void tide_log_line_free      (TideLogLine      *self);
void tide_record_change_free (TideRecordChange *self);
void tide_failure_free       (TideFailure      *self);
void tide_failure_group_free (TideFailureGroup *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideLogLine, tide_log_line_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRecordChange, tide_record_change_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideFailure, tide_failure_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideFailureGroup, tide_failure_group_free)

G_END_DECLS
