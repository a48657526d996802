/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-provider"

#include "tide-stream-reader.h"

#include "tide-page-private.h"
#include "tide-paginator.h"
#include "tide-record-parser.h"
#include "tide-time.h"
#include "tide-walk-guard.h"

/* A provider that refuses its own cursors more often than this in one partition has another problem. */
#define MAX_RESTARTS 3

struct _TideStreamReader
{
  TideStream           *stream;        /* (unowned) belongs to @manifest */
  TideManifest         *manifest;      /* (owned) */
  TideRequester        *requester;     /* (owned) */
  TideRequestNoteFunc   note_func;
  gpointer              note_data;
  TideReading           reading;       /* plan; after it was made only the fetching thread changes states */
  gboolean              partial;       /* there may be records in partitions that the plan leaves out */
  int                   skipped;       /* (atomic) a partition was refused */

  /* The fetching thread's. */
  guint                 index;         /* of the partition being read */
  gboolean              entered;       /* its first page of this reading has been asked for */
  TideWalkGuard        *guard;         /* (owned) */
  guint                 restarts;
  gint64                expected;

  /* The parsing thread's. */
  TideRecordParser     *parser;        /* (owned) */
  TideCursorRange       range;         /* of the partition being parsed */
};

/**
 * tide_stream_reader_new:
 * @stream: what to read; no child
 * @requester: of the connection
 * @plan: what is asked for; not needed any more afterwards
 * @note_func: (nullable): is told of waits and repetitions, on the fetching thread
 * @user_data: for @note_func
 *
 * Returns: (transfer full): a reader, or %NULL with TIDE_ERROR_INVALID
 */
TideStreamReader *
tide_stream_reader_new (TideStream           *stream,
                        TideRequester        *requester,
                        const TideReadPlan   *plan,
                        TideRequestNoteFunc   note_func,
                        gpointer              user_data,
                        GError              **error)
{
  g_autoptr(TideStreamReader) self = g_new0 (TideStreamReader, 1);

  g_return_val_if_fail (!tide_stream_is_child (stream), NULL);

  self->stream = stream;
  self->manifest = tide_manifest_ref (stream->manifest);
  self->requester = g_object_ref (requester);
  self->note_func = note_func;
  self->note_data = user_data;
  self->partial = plan->partial;
  tide_reading_init (&self->reading, stream, plan);
  self->guard = tide_walk_guard_new (&stream->paginator);
  self->expected = self->reading.resumes ? -1 : 0;
  self->parser = tide_record_parser_new (stream, error);
  return self->parser != NULL ? g_steal_pointer (&self) : NULL;
}

void
tide_stream_reader_free (TideStreamReader *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->parser, tide_record_parser_free);
  g_clear_pointer (&self->guard, tide_walk_guard_free);
  tide_reading_clear (&self->reading);
  g_clear_object (&self->requester);
  g_clear_pointer (&self->manifest, tide_manifest_unref);
  g_free (self);
}

/* Whether a full listing that an earlier run began is gone on with. */
gboolean
tide_stream_reader_resumes (TideStreamReader *self)
{
  return self->reading.resumes;
}

/**
 * tide_stream_reader_is_listing:
 *
 * Returns: whether every partition of the plan is read from beginning to end. What comes by has to be remembered
 *    then even if this reading turns out to be no full listing: a later one that goes on with it may be
 */
gboolean
tide_stream_reader_is_listing (TideStreamReader *self)
{
  return self->reading.is_listing && self->reading.partitions->len > 0 && !self->stream->incremental.bounded;
}

/**
 * tide_stream_reader_is_full_listing:
 *
 * Asked before the first page, it says whether the reading means to be one; asked after the last, whether
 * it was.
 *
 * Returns: whether every partition is read from beginning to end, so that a record which was not seen is
 *    gone. Never where there are no partitions, where one was refused, where the plan is partial, and where
 *    the requests are bounded in time, so that what was changed meanwhile was not asked for
 */
gboolean
tide_stream_reader_is_full_listing (TideStreamReader *self)
{
  return tide_stream_reader_is_listing (self) && !self->partial && !g_atomic_int_get (&self->skipped);
}

static void
note (TideStreamReader *self,
      const char       *level,
      gboolean          retry,
      const char       *text)
{
  TideRequestNote what = { level, text, retry, 0, NULL };

  if (self->note_func != NULL)
    self->note_func (&what, self->note_data);
}

static TidePartition *
get_partition (TideStreamReader *self)
{
  while (self->index < self->reading.partitions->len)
    {
      TidePartition *partition = g_ptr_array_index (self->reading.partitions, self->index);

      if (!partition->done)
        return partition;
      self->index++;
    }
  return NULL;
}

static gboolean
is_last_partition (TideStreamReader *self)
{
  for (guint i = self->index + 1; i < self->reading.partitions->len; i++)
    if (!((TidePartition *)g_ptr_array_index (self->reading.partitions, i))->done)
      return FALSE;
  return TRUE;
}

static gboolean
check_response_cb (const TideResponse  *response,
                   gpointer             user_data,
                   GError             **error)
{
  TideStreamReader *self = user_data;
  g_auto(TidePageLook) look = { 0 };

  return tide_page_look_init (&look, self->stream, response, error);
}

static gint64
get_sent_since (const TideIncrementalSpec *spec,
                const TideWalk            *walk)
{
  if (walk->since == TIDE_TIME_INVALID || spec->kind != TIDE_INCREMENTAL_FILTER)
    return TIDE_TIME_INVALID;
  return walk->since - spec->tick;
}

static gint64
get_sent_until (const TideIncrementalSpec *spec,
                const TideWalk            *walk)
{
  if (walk->until != TIDE_TIME_INVALID)
    return walk->until;
  return spec->bounded ? walk->began : TIDE_TIME_INVALID;
}

static void
fill_scope (TideStreamReader    *self,
            const TidePartition *partition,
            TideTemplateScope   *scope)
{
  scope->partition_list = (const char * const *)partition->values;
  scope->partition = partition->values != NULL && partition->values[1] == NULL ? partition->values[0] : NULL;
  scope->settings = tide_requester_get_settings (self->requester);
}

static TideResponse *
ask (TideStreamReader  *self,
     TidePartition     *partition,
     TideErrorAction   *action,
     GCancellable      *cancellable,
     GError           **error)
{
  const TideIncrementalSpec *incremental = &self->stream->incremental;
  const TideWalk *walk = &partition->state.walk;
  TideTemplateScope scope = TIDE_TEMPLATE_SCOPE_INIT;
  TideExchange exchange = { .scope = &scope, .errors = self->stream->errors };

  fill_scope (self, partition, &scope);
  scope.since = get_sent_since (incremental, walk);
  scope.until = get_sent_until (incremental, walk);
  tide_paginator_fill (&self->stream->paginator, walk->at, &scope, &exchange.url);
  exchange.spec = self->stream->request;
  if (walk->mode == TIDE_RUN_MODE_FULL && self->stream->full_request != NULL)
    exchange.spec = self->stream->full_request;
  exchange.check = check_response_cb;
  exchange.check_data = self;
  exchange.note_func = self->note_func;
  exchange.note_data = self->note_data;
  return tide_requester_exchange (self->requester, &exchange, action, cancellable, error);
}

/* The provider no longer knows the page's position: from the start of the window again. */
static gboolean
restart (TideStreamReader *self,
         TidePartition    *partition,
         TideErrorAction   action,
         const GError     *failure)
{
  g_autofree char *text = NULL;

  if (action != TIDE_ERROR_ACTION_RESTART || partition->state.walk.at == NULL || self->restarts == MAX_RESTARTS)
    return FALSE;
  text = g_strdup_printf ("%s; beginning again", failure->message);
  note (self, "warning", TRUE, text);
  self->restarts++;
  self->expected = -1;
  g_clear_pointer (&partition->state.walk.at, g_free);
  tide_walk_guard_reset (self->guard, NULL);
  return TRUE;
}

/* A position that an earlier run left behind, and that leads nowhere, would do so for ever: from the start of
 * the window instead. If that goes round in circles too, the provider does. */
static gboolean
restart_resumed (TideStreamReader *self,
                 TidePartition    *partition,
                 const GError     *failure)
{
  g_autofree char *text = NULL;

  if (partition->state.walk.at == NULL || !tide_walk_guard_is_first (self->guard))
    return FALSE;
  text = g_strdup_printf ("%s; beginning again", failure->message);
  note (self, "warning", TRUE, text);
  self->expected = -1;
  self->entered = FALSE;
  g_clear_pointer (&partition->state.walk.at, g_free);
  return TRUE;
}

static void
leave_partition (TideStreamReader *self,
                 TidePartition    *partition,
                 TidePage         *page)
{
  partition->state.walking = FALSE;
  partition->state.closed = self->reading.listing != TIDE_TIME_INVALID &&
                            (!self->reading.is_listing || is_last_partition (self));
  page->finished = TRUE;
  self->index++;
  self->entered = FALSE;
}

/* An empty page for a partition that was refused, so that its state is saved and a listing ends. */
static TidePage *
skip_partition (TideStreamReader *self,
                TidePartition    *partition,
                const GError     *failure)
{
  g_autoptr(GBytes) nothing = g_bytes_new_static ("", 0);
  g_autofree char *text = g_strdup_printf ("%s; left out", failure->message);
  TidePage *page = tide_page_new (partition, nothing);

  note (self, "warning", FALSE, text);
  g_atomic_int_set (&self->skipped, TRUE);
  self->expected = -1;
  page->first = !self->entered;
  leave_partition (self, partition, page);
  /* Should the listing be interrupted, it must not go on as if this partition had been listed: it ends here, and the
   * next one begins anew. */
  partition->state.closed = self->reading.listing != TIDE_TIME_INVALID;
  page->finished = FALSE;
  tide_stream_state_copy (&page->after, &partition->state);
  return page;
}

typedef struct
{
  gint64    threshold;
  gboolean  reached;
} DescendingScan;

static gboolean
scan_descending_cb (const TideJsonValue  *record,
                    const TideJsonValue  *values,
                    gpointer              user_data,
                    GError              **error)
{
  DescendingScan *scan = user_data;

  if (values[0].type == TIDE_JSON_STRING && values[0].length > 2)
    {
      gint64 instant = tide_time_parse (values[0].text + 1, values[0].length - 2);

      scan->reached |= instant != TIDE_TIME_INVALID && instant < scan->threshold;
    }
  return TRUE;
}

/* Of a list that begins with the newest: whether the page goes back behind what is known. */
static gboolean
reaches_back (TideStreamReader   *self,
              const TideWalk     *walk,
              const TideResponse *response)
{
  const TideIncrementalSpec *incremental = &self->stream->incremental;
  DescendingScan scan = { walk->since, FALSE };
  const char *pointer;
  g_autoptr(TideJsonReader) reader = NULL;
  gsize length;
  const char *text = g_bytes_get_data (response->body, &length);

  if (incremental->kind != TIDE_INCREMENTAL_SORTED_DESCENDING || walk->mode != TIDE_RUN_MODE_INCREMENTAL ||
      length == 0)
    return FALSE;
  pointer = g_array_index (self->stream->fields, TideFieldSpec, incremental->column).pointer;
  reader = tide_json_reader_new (self->stream->records_pointer, &pointer, 1, NULL);
  /* If the page is no JSON, parsing it will say so. */
  tide_json_reader_read (reader, text, length, scan_descending_cb, &scan, NULL);
  return scan.reached;
}

static void
count_expected (TideStreamReader   *self,
                const TideWalk     *walk,
                const TidePageLook *look)
{
  if (self->expected < 0 || walk->at != NULL)
    return;
  self->expected = look->total >= 0 ? self->expected + look->total : -1;
}

/* Moves the walk on to the page after @response. */
static gboolean
advance (TideStreamReader    *self,
         TidePartition       *partition,
         const TideResponse  *response,
         TidePage            *page,
         GError             **error)
{
  TideWalk *walk = &partition->state.walk;
  g_auto(TidePageLook) look = { 0 };
  g_autofree char *next = NULL;

  if (!tide_page_look_init (&look, self->stream, response, error) ||
      !tide_paginator_next (self->stream, self->requester, walk->at, &look, response, &next, error))
    return FALSE;
  if (next != NULL && reaches_back (self, walk, response))
    g_clear_pointer (&next, g_free);
  if (!tide_walk_guard_check (self->guard, response->body, look.empty, next, error))
    return FALSE;

  count_expected (self, walk, &look);
  page->expected = self->expected;
  g_free (walk->at);
  walk->at = g_steal_pointer (&next);
  if (walk->at != NULL)
    return TRUE;
  if (walk->until == TIDE_TIME_INVALID)
    leave_partition (self, partition, page);
  else
    {
      tide_walk_enter_window (walk, &self->stream->incremental, walk->until);
      tide_walk_guard_reset (self->guard, NULL);
    }
  return TRUE;
}

static TidePage *
make_page (TideStreamReader    *self,
           TidePartition       *partition,
           const TideResponse  *response,
           GError             **error)
{
  TidePage *page = tide_page_new (partition, response->body);

  page->first = !self->entered;
  self->entered = TRUE;
  if (!advance (self, partition, response, page, error))
    {
      tide_page_free (page);
      return NULL;
    }
  tide_stream_state_copy (&page->after, &partition->state);
  return page;
}

static void
prefix_partition (GError              **error,
                  const TidePartition  *partition)
{
  if (*partition->key != '\0')
    g_prefix_error (error, "partition %s: ", partition->key);
}

/**
 * tide_stream_reader_fetch:
 * @cancellable: (nullable): wakes it at once from whatever it waits for
 * @error: set if the reading cannot go on: what was parsed before stays good
 *
 * Asks for the next page; blocks. Pages are in order, and may be fetched before the last one has been parsed.
 *
 * Returns: (transfer full) (nullable): the page; %NULL at the end, or with @error
 */
TidePage *
tide_stream_reader_fetch (TideStreamReader  *self,
                          GCancellable      *cancellable,
                          GError           **error)
{
  TidePartition *partition;

  while ((partition = get_partition (self)) != NULL)
    {
      TideErrorAction action;
      g_autoptr(GError) failure = NULL;
      g_autoptr(TideResponse) response = NULL;
      TidePage *page = NULL;

      if (!self->entered)
        {
          self->restarts = 0;
          tide_walk_guard_reset (self->guard, partition->state.walk.at);
          if (partition->state.walk.at != NULL)
            self->expected = -1;
        }
      response = ask (self, partition, &action, cancellable, &failure);
      if (response != NULL)
        page = make_page (self, partition, response, &failure);
      else if (restart (self, partition, action, failure))
        continue;
      else if (action == TIDE_ERROR_ACTION_SKIP_PARTITION)
        page = skip_partition (self, partition, failure);
      if (page != NULL)
        return page;
      if (response != NULL && restart_resumed (self, partition, failure))
        continue;

      if (failure->domain != G_IO_ERROR)
        prefix_partition (&failure, partition);
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  return NULL;
}

/* The cursor's range so far goes into the state; at the end of the walk it becomes the watermark, which
 * never moves back, and never beyond what was asked at. */
static void
settle_state (TideStreamReader *self,
              TidePage         *page)
{
  TideStreamState *state = &page->after;
  const TideCursorRange *range = &self->range;

  state->walk.max = range->max;
  state->walk.future = range->future;
  if (page->finished && tide_stream_is_incremental (self->stream))
    {
      gint64 reached = range->max;

      if (reached == TIDE_TIME_INVALID && range->future)
        reached = range->began;
      if (state->watermark > range->began)
        state->watermark = range->began;
      state->watermark = MAX (state->watermark, reached);
    }
  page->state = tide_stream_state_to_string (state);
}

static void
enter_range (TideStreamReader *self,
             const TidePage   *page)
{
  const TideWalk *walk = &page->after.walk;

  if (!page->first)
    return;
  self->range.began = walk->began;
  self->range.max = walk->max;
  self->range.future = walk->future;
}

/**
 * tide_stream_reader_parse:
 * @page: the next of the pages that were fetched; its state is known afterwards
 * @error: TIDE_ERROR_PROVIDER if the page is not valid JSON; nothing of it may be stored then
 *
 * Reads a page's records. On any one thread, which may be another than the fetching one.
 *
 * Returns: (transfer full): the records, which keep the page's text alive; or %NULL
 */
TideRecordBatch *
tide_stream_reader_parse (TideStreamReader  *self,
                          TidePage          *page,
                          GError           **error)
{
  TideTemplateScope scope = TIDE_TEMPLATE_SCOPE_INIT;
  TideRecordBatch *batch;

  enter_range (self, page);
  fill_scope (self, page->partition, &scope);
  batch = tide_record_parser_parse (self->parser, page->body, &scope, &self->range, error);
  if (batch == NULL)
    {
      g_prefix_error (error, "the page is not valid: ");
      prefix_partition (error, page->partition);
      return NULL;
    }
  settle_state (self, page);
  return batch;
}
