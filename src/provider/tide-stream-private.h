/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-error-rule.h"
#include "tide-filter.h"
#include "tide-lookup.h"
#include "tide-manifest.h"
#include "tide-match.h"
#include "tide-request-spec.h"
#include "tide-stream.h"

G_BEGIN_DECLS

typedef enum
{
  TIDE_PAGINATOR_NONE,
  TIDE_PAGINATOR_CURSOR,
  TIDE_PAGINATOR_PAGE,
  TIDE_PAGINATOR_OFFSET,
  TIDE_PAGINATOR_LINK,
  TIDE_PAGINATOR_NEXT_URL,
  TIDE_PAGINATOR_KEYSET,
} TidePaginatorKind;

typedef enum
{
  TIDE_STOP_SHORT_PAGE,
  TIDE_STOP_EMPTY_PAGE,
  TIDE_STOP_TOTAL,
} TideStopRule;

/**
 * TidePaginatorSpec:
 * @pointer: (nullable): of the next cursor or address; of the key within a record
 * @first: number of the first page or record
 * @page_size: 0 = the provider's own
 * @largest_page: for who cannot wait, where that is more than @page_size, else 0
 * @max_pages: 0 = no limit
 */
typedef struct
{
  TidePaginatorKind  kind;
  char              *pointer;
  gint64             first;
  gint64             page_size;
  gint64             largest_page;
  TideStopRule       stop;
  guint              max_pages;
} TidePaginatorSpec;

/**
 * TidePartitionSpec:
 * @parent: (nullable): the parent stream's name
 * @column: (nullable): the parent's column
 * @values: (nullable): the list, where there is no parent
 * @chunk: values in one request
 */
typedef struct
{
  char   *parent;
  char   *column;
  char  **values;
  guint   chunk;
} TidePartitionSpec;

typedef enum
{
  TIDE_INCREMENTAL_NONE,
  TIDE_INCREMENTAL_FILTER,
  TIDE_INCREMENTAL_SORTED_DESCENDING,
} TideIncrementalKind;

/**
 * TideIncrementalSpec:
 * @column: index of the field that is the cursor
 * @look_back: microseconds before the watermark that are read again
 * @latency_look_back: the same for a reading that somebody waits for
 * @tick: microseconds taken off an exclusive boundary, else 0
 * @resolution: microseconds that {{ since }} can tell apart
 * @initial: {{ since }} of the first reading, or TIDE_TIME_INVALID
 * @window: length of a slice, 0 = none
 * @bounded: the last slice has an end
 * @parallel: in how many slices an increment that is waited for may be read side by side; 1 = not
 */
typedef struct
{
  TideIncrementalKind kind;
  gsize               column;
  gint64              look_back;
  gint64              latency_look_back;
  gint64              tick;
  gint64              resolution;
  gint64              initial;
  gint64              window;
  gboolean            bounded;
  guint               parallel;
} TideIncrementalSpec;

/**
 * TideFieldSpec:
 * @pointer: (nullable): within the record
 * @value: (nullable): instead of @pointer, a template
 * @currency: (nullable): pointer to the currency's code
 * @currency_code: (nullable): template of the code where the record has none
 */
typedef struct
{
  char          *name;
  TideFieldType  type;
  char          *pointer;
  char          *value;
  char          *currency;
  char          *currency_code;
} TideFieldSpec;

struct _TideStream
{
  TideManifest        *manifest;         /* (unowned) its owner */
  char                *name;
  char                *label;
  char                *entity;
  TideStream          *parent;           /* (unowned) (nullable) */
  gboolean             child;

  /* Of streams that are asked for. */
  TideRequestSpec     *request;          /* (owned) */
  TideRequestSpec     *full_request;     /* (owned) (nullable) */
  TidePaginatorSpec    paginator;
  TidePartitionSpec    partition;
  TideIncrementalSpec  incremental;
  char                *records_pointer;
  char               **id_pointers;
  TideLookup          *lookup;           /* (owned) (nullable) */
  GPtrArray           *filters;          /* (owned) of TideFilter */
  char               **filter_names;     /* (owned) */
  TideMatch           *deleted;          /* (owned) (nullable) */
  GPtrArray           *skips;            /* (owned) of TideMatch */
  GArray              *fields;           /* (owned) of TideFieldSpec */
  GPtrArray           *errors;           /* (owned) of TideErrorRule */
  char                *total_pointer;    /* (nullable) */
  char                *total_header;     /* (nullable) lower case */
  TideColumn          *columns;          /* (owned) */
  TideTableSpec        table;

  /* Of streams that live in another's payloads. */
  char                *parent_id_column;
  char                *child_pointer;
  TideChildColumn     *child_columns;    /* (owned) */
  TideChildSpec        child_spec;
};

TideStream *tide_stream_new       (TideManifest *manifest,
                                   JsonObject   *object);
TideStream *tide_stream_new_child (TideManifest *manifest,
                                   TideStream   *parent,
                                   JsonObject   *object);
void        tide_stream_free      (TideStream   *self);

G_END_DECLS
