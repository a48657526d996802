/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-provider"

#include "tide-stream-reader.h"

#include "tide-page-private.h"
#include "tide-record-parser.h"
#include "tide-time.h"
#include "tide-window-set.h"

struct _TideStreamReader
{
  TideStream           *stream;        /* (unowned) belongs to @manifest */
  TideManifest         *manifest;      /* (owned) */
  TideRequester        *requester;     /* (owned) */
  GMutex                note_lock;
  TideRequestNoteFunc   note_func;
  gpointer              note_data;
  TideSelection         selection;     /* immutable */
  TideReading           reading;       /* plan; after it was made only the fetching thread changes states */
  gboolean              partial;       /* there may be records in partitions that the plan leaves out */
  gboolean              in_line;
  int                   skipped;       /* (atomic) a partition was refused */
  GMutex                gone_lock;
  GPtrArray            *gone;          /* (owned) (mutex gone_lock) of ids */

  /* The fetching thread's. */
  guint                 index;         /* of the partition being read */
  gboolean              entered;       /* its first page of this reading has come */
  gboolean              walking;       /* the walker is in it */
  TideWalker            walker;
  TideWindowSet        *windows;       /* (owned) (nullable) instead of the walker */

  /* The parsing thread's. */
  TideRecordParser     *parser;        /* (owned) */
  TideCursorRange       range;         /* of the partition being parsed */
};

/* Windows are read on several threads; nobody is told two things at once. */
static void
note_cb (const TideRequestNote *what,
         gpointer               user_data)
{
  TideStreamReader *self = user_data;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->note_lock);

  self->note_func (what, self->note_data);
}

static TideRecordParser *
make_parser (TideStreamReader  *self,
             GError           **error)
{
  const TideLookup *lookup = self->stream->lookup;

  if (self->selection.by_lookup)
    return tide_record_parser_new (self->stream, "", self->selection.wanted, lookup->only, error);
  return tide_record_parser_new (self->stream, self->stream->records_pointer, self->selection.wanted, NULL, error);
}

/**
 * tide_stream_reader_new:
 * @stream: what to read; no child
 * @requester: of the connection
 * @plan: what is asked for; not needed any more afterwards
 * @note_func: (nullable): is told of waits and repetitions, one at a time: on the fetching thread, and on those of windows
 *    that are read side by side (@latency without @in_line), and of ids that are gone also on the parsing one
 * @user_data: for @note_func
 *
 * Returns: (transfer full): a reader, or %NULL with TIDE_ERROR_INVALID, which names the filters there are if it is one of those
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

  g_mutex_init (&self->note_lock);
  g_mutex_init (&self->gone_lock);
  self->gone = g_ptr_array_new_with_free_func (g_free);
  self->stream = stream;
  self->manifest = tide_manifest_ref (stream->manifest);
  self->requester = g_object_ref (requester);
  self->note_func = note_func;
  self->note_data = user_data;
  self->partial = plan->partial;
  self->in_line = plan->in_line;
  tide_walker_init (&self->walker, stream, requester, &self->selection, note_func != NULL ? note_cb : NULL, self);
  if (!tide_selection_init (&self->selection, stream, plan, error) ||
      !tide_reading_init (&self->reading, stream, plan, &self->selection, error))
    return NULL;
  self->walker.expected = self->reading.resumes || self->selection.ids != NULL ? -1 : 0;
  self->parser = make_parser (self, error);
  return self->parser != NULL ? g_steal_pointer (&self) : NULL;
}

void
tide_stream_reader_free (TideStreamReader *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->windows, tide_window_set_free);
  tide_walker_clear (&self->walker);
  g_clear_pointer (&self->parser, tide_record_parser_free);
  tide_reading_clear (&self->reading);
  tide_selection_clear (&self->selection);
  g_clear_pointer (&self->gone, g_ptr_array_unref);
  g_clear_object (&self->requester);
  g_clear_pointer (&self->manifest, tide_manifest_unref);
  g_mutex_clear (&self->gone_lock);
  g_mutex_clear (&self->note_lock);
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

/**
 * tide_stream_reader_is_part:
 *
 * Returns: whether it reads some records only, by ids or filters, so that its pages have no state
 */
gboolean
tide_stream_reader_is_part (TideStreamReader *self)
{
  return self->reading.is_part;
}

/**
 * tide_stream_reader_list_gone:
 *
 * Thread-safe. Grows page by page; final once the last page has been parsed.
 *
 * Returns: (transfer full) (array zero-terminated=1): those of the plan's ids that the provider does not have (any
 *    more): it said so, or they were not in its whole listing. Empty where that cannot be told: with filters, and
 *    where a partition was left out
 */
char **
tide_stream_reader_list_gone (TideStreamReader *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->gone_lock);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < self->gone->len; i++)
    g_strv_builder_add (builder, g_ptr_array_index (self->gone, i));
  return g_strv_builder_end (builder);
}

static void
take_gone (TideStreamReader *self,
           const char       *id)
{
  g_autofree char *text = g_strdup_printf ("\"%s\" of %s is not there any more", id, self->stream->name);

  g_mutex_lock (&self->gone_lock);
  g_ptr_array_add (self->gone, g_strdup (id));
  g_mutex_unlock (&self->gone_lock);
  tide_walker_note (&self->walker, "info", FALSE, text);
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

static void
leave_partition (TideStreamReader *self,
                 TidePartition    *partition,
                 TidePage         *page)
{
  partition->state.walking = FALSE;
  partition->state.closed = self->reading.listing != TIDE_TIME_INVALID &&
                            (!self->reading.is_listing || is_last_partition (self));
  page->finished = TRUE;
  page->end = is_last_partition (self);
  self->index++;
  self->entered = FALSE;
  self->walking = FALSE;
}

static TidePage *
new_page (TideStreamReader    *self,
          const TidePartition *partition,
          GBytes              *body)
{
  TidePage *page = tide_page_new (partition, body);

  page->part = self->reading.is_part;
  page->first = !self->entered;
  self->entered = TRUE;
  return page;
}

/* An empty page for a partition that was refused, so that its state is saved and a listing ends. */
static TidePage *
skip_partition (TideStreamReader *self,
                TidePartition    *partition,
                const GError     *failure)
{
  g_autoptr(GBytes) nothing = g_bytes_new_static ("", 0);
  g_autofree char *text = g_strdup_printf ("%s; left out", failure->message);
  TidePage *page = new_page (self, partition, nothing);

  tide_walker_note (&self->walker, "warning", FALSE, text);
  g_atomic_int_set (&self->skipped, TRUE);
  self->walker.expected = -1;
  leave_partition (self, partition, page);
  /* Should the listing be interrupted, it must not go on as if this partition had been listed: it ends here, and the
   * next one begins anew. */
  partition->state.closed = self->reading.listing != TIDE_TIME_INVALID;
  page->finished = FALSE;
  tide_stream_state_copy (&page->after, &partition->state);
  return page;
}

/* The next page of a partition that is read page by page. */
static TidePage *
fetch_page (TideStreamReader  *self,
            TidePartition     *partition,
            TideErrorAction   *action,
            GCancellable      *cancellable,
            GError           **error)
{
  TideWalk *walk = &partition->state.walk;
  g_autoptr(GBytes) body = NULL;
  TidePage *page;

  if (!self->walking)
    tide_walker_enter (&self->walker, partition, walk);
  self->walking = TRUE;
  body = tide_walker_next (&self->walker, action, cancellable, error);
  if (body == NULL)
    return NULL;
  page = new_page (self, partition, body);
  page->expected = self->walker.expected;
  if (walk->at == NULL && walk->until == TIDE_TIME_INVALID)
    leave_partition (self, partition, page);
  else if (walk->at == NULL)
    {
      tide_walk_enter_window (walk, &self->stream->incremental, walk->until);
      tide_walker_go_on (&self->walker);
    }
  tide_stream_state_copy (&page->after, &partition->state);
  return page;
}

/* The next page of a partition that is read in windows side by side. Until the last one nothing is certain but what was
 * before: should this end early, all of it is read again. */
static TidePage *
fetch_window_page (TideStreamReader  *self,
                   TidePartition     *partition,
                   TideErrorAction   *action,
                   GCancellable      *cancellable,
                   GError           **error)
{
  g_autoptr(GBytes) body = NULL;
  gboolean last = FALSE;
  TidePage *page;

  if (self->windows == NULL)
    self->windows = tide_window_set_new (self->stream, self->requester, &self->selection, partition, self->in_line,
                                         self->walker.note_func, self->walker.note_data);
  body = tide_window_set_next (self->windows, &last, action, cancellable, error);
  if (body == NULL || last)
    g_clear_pointer (&self->windows, tide_window_set_free);
  if (body == NULL)
    return NULL;
  page = new_page (self, partition, body);
  self->walker.expected = -1;
  page->aside = !last;
  if (last)
    leave_partition (self, partition, page);
  tide_stream_state_copy (&page->after, &partition->state);
  return page;
}

/* What one answer to a lookup is made into. */
typedef struct
{
  TideStreamReader    *reader;
  const TidePartition *partition;
  GBytes              *body;        /* (owned) */
  GPtrArray           *gone;        /* (owned) of ids */
} LookupAnswer;

static gboolean
check_lookup_cb (const TideResponse  *response,
                 gpointer             user_data,
                 GError             **error)
{
  LookupAnswer *answer = user_data;
  TideStream *stream = answer->reader->stream;

  answer->body = tide_lookup_read (stream->lookup, response, stream->id_pointers[0],
                                   (const char * const *)answer->partition->ids, answer->gone, error);
  return answer->body != NULL;
}

/* The records that one request can ask for by their ids. */
static TidePage *
fetch_lookup (TideStreamReader  *self,
              TidePartition     *partition,
              TideErrorAction   *action,
              GCancellable      *cancellable,
              GError           **error)
{
  g_autoptr(GPtrArray) gone = g_ptr_array_new_with_free_func (g_free);
  LookupAnswer answer = { self, partition, NULL, gone };
  TideTemplateScope scope = TIDE_TEMPLATE_SCOPE_INIT;
  TideExchange exchange = { .spec = self->stream->lookup->request, .scope = &scope, .errors = self->stream->errors,
                            .check = check_lookup_cb, .check_data = &answer, .note_func = self->walker.note_func,
                            .note_data = self->walker.note_data, .may_be_gone = TRUE };
  g_autoptr(TideResponse) response = NULL;
  g_autoptr(GBytes) body = NULL;
  TidePage *page;

  scope.ids = (const char * const *)partition->ids;
  scope.id = partition->ids[0];
  response = tide_requester_exchange (self->requester, &exchange, action, cancellable, error);
  body = answer.body;
  if (response == NULL)
    return NULL;
  for (guint i = 0; i < gone->len; i++)
    take_gone (self, g_ptr_array_index (gone, i));
  page = new_page (self, partition, body);
  leave_partition (self, partition, page);
  return page;
}

static TidePage *
fetch_from (TideStreamReader  *self,
            TidePartition     *partition,
            TideErrorAction   *action,
            GCancellable      *cancellable,
            GError           **error)
{
  if (partition->ids != NULL)
    return fetch_lookup (self, partition, action, cancellable, error);
  if (partition->n_windows > 1)
    return fetch_window_page (self, partition, action, cancellable, error);
  return fetch_page (self, partition, action, cancellable, error);
}

/**
 * tide_stream_reader_has_more:
 *
 * Returns: whether tide_stream_reader_fetch() will ask the provider for something. The fetching thread
 */
gboolean
tide_stream_reader_has_more (TideStreamReader *self)
{
  return get_partition (self) != NULL;
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
  TidePartition *partition = get_partition (self);
  TideErrorAction action = TIDE_ERROR_ACTION_FAIL;
  g_autoptr(GError) failure = NULL;
  TidePage *page;

  if (partition == NULL)
    return NULL;
  page = fetch_from (self, partition, &action, cancellable, &failure);
  if (page == NULL && action == TIDE_ERROR_ACTION_SKIP_PARTITION)
    return skip_partition (self, partition, failure);
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  return page;
}

/* The cursor's range so far goes into the state; at the end of the walk it becomes the watermark, which
 * never moves back, and never beyond what was asked at. */
static void
settle_state (TideStreamReader *self,
              TidePage         *page)
{
  TideStreamState *state = &page->after;
  const TideCursorRange *range = &self->range;

  if (page->part)
    return;
  if (page->aside)
    {
      page->state = tide_stream_state_to_string (state);
      return;
    }
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

/* Of records that were picked out of a listing: those that were not in it. */
static void
find_missing (TideStreamReader *self)
{
  const TideSelection *selection = &self->selection;

  if (selection->ids == NULL || selection->by_lookup || selection->values != NULL || self->partial ||
      g_atomic_int_get (&self->skipped) || self->stream->incremental.bounded)
    return;
  for (guint i = 0; selection->ids[i] != NULL; i++)
    if (!tide_record_parser_has_seen (self->parser, selection->ids[i]))
      take_gone (self, selection->ids[i]);
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
  tide_walker_fill_scope (&self->walker, page->partition, &scope);
  batch = tide_record_parser_parse (self->parser, page->body, &scope, &self->range, error);
  if (batch == NULL)
    {
      g_prefix_error (error, "the page is not valid: ");
      if (*page->partition->key != '\0')
        g_prefix_error (error, "partition %s: ", page->partition->key);
      return NULL;
    }
  settle_state (self, page);
  if (page->end)
    find_missing (self);
  return batch;
}
