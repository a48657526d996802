/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sync"

#include "config.h"

#include "tide-run-pipeline.h"

#include "tide-page-queue.h"

/* Enough that no stage waits for another one's hiccup, and little enough to keep a run small. */
#define PAGES_AHEAD 2

struct _TideRunPipeline
{
  TideStreamReader *reader;
  TideRunJournal   *journal;
  TideClock        *clock;        /* (owned) */
  GCancellable     *owner;        /* (owned): whoever asked for the run may cancel it */
  gulong            owner_handler;
  GCancellable     *interrupt;    /* (owned): or only the fetching: what was fetched is still handed out */
  gulong            interrupt_handler;
  GCancellable     *cancellable;  /* (owned): and so may a later stage, when it cannot go on */
  TidePageQueue    *fetched;      /* (owned): TidePage */
  TidePageQueue    *parsed;       /* (owned): TideParsedPage */
  GThread          *fetcher;      /* (owned) (nullable): none in line */
  GThread          *parser;       /* (owned) (nullable): likewise */

  GMutex            lock;
  GError           *error;        /* (owned) (nullable) (mutex lock): why there are no more pages */
};

/**
 * tide_parsed_page_free:
 * @self: (transfer full): a page with its records
 */
void
tide_parsed_page_free (TideParsedPage *self)
{
  tide_record_batch_free (self->batch);
  tide_page_free (self->page);
  g_free (self);
}

/* Only the first error is a cause; those after it are consequences. */
static void
tide_run_pipeline_take_error (TideRunPipeline *self,
                              GError          *error)
{
  g_mutex_lock (&self->lock);
  if (self->error == NULL)
    self->error = g_steal_pointer (&error);
  g_mutex_unlock (&self->lock);
  g_clear_error (&error);
}

/* Wakes all threads, wherever they wait. */
static void
tide_run_pipeline_stop (TideRunPipeline *self)
{
  g_cancellable_cancel (self->cancellable);
  tide_page_queue_abort (self->fetched);
  tide_page_queue_abort (self->parsed);
}

static TidePage *
tide_run_pipeline_fetch (TideRunPipeline *self)
{
  gint64 since = tide_clock_monotonic (self->clock);
  GError *error = NULL;
  TidePage *page = NULL;

  if (!g_cancellable_set_error_if_cancelled (self->cancellable, &error))
    page = tide_stream_reader_fetch (self->reader, self->cancellable, &error);
  tide_run_journal_measure (self->journal, TIDE_RUN_PHASE_READ, since);
  if (error != NULL)
    tide_run_pipeline_take_error (self, error);
  return page;
}

static gpointer
fetch_thread (gpointer user_data)
{
  TideRunPipeline *self = user_data;
  TidePage *page;

  do
    page = tide_run_pipeline_fetch (self);
  while (page != NULL && tide_page_queue_push (self->fetched, page));

  /* Not an abort: the pages before a failure are good, and are stored. */
  tide_page_queue_finish (self->fetched);
  return NULL;
}

/* Takes the page. */
static TideParsedPage *
tide_run_pipeline_parse (TideRunPipeline *self,
                         TidePage        *page)
{
  gint64 since = tide_clock_monotonic (self->clock);
  TideParsedPage *parsed = g_new0 (TideParsedPage, 1);
  GError *error = NULL;

  parsed->page = page;
  parsed->batch = tide_stream_reader_parse (self->reader, page, &error);
  tide_run_journal_measure (self->journal, TIDE_RUN_PHASE_PARSED, since);
  if (parsed->batch != NULL)
    return parsed;

  tide_run_pipeline_take_error (self, error);
  tide_page_free (page);
  g_free (parsed);
  return NULL;
}

static gpointer
parse_thread (gpointer user_data)
{
  TideRunPipeline *self = user_data;
  gpointer page = NULL;
  gboolean going = TRUE;

  while (going && tide_page_queue_pop (self->fetched, -1, &page) == TIDE_PAGE_QUEUE_ITEM)
    {
      TideParsedPage *parsed = tide_run_pipeline_parse (self, page);

      going = parsed != NULL && tide_page_queue_push (self->parsed, parsed);
    }

  if (!going)
    {
      g_cancellable_cancel (self->cancellable);
      tide_page_queue_abort (self->fetched);
    }
  tide_page_queue_finish (self->parsed);
  return NULL;
}

static void
owner_cancelled_cb (GCancellable *cancellable,
                    gpointer      user_data)
{
  tide_run_pipeline_stop (user_data);
}

static void
interrupted_cb (GCancellable *cancellable,
                gpointer      user_data)
{
  TideRunPipeline *self = user_data;

  g_cancellable_cancel (self->cancellable);
}

/**
 * tide_run_pipeline_new:
 * @reader: what to read; outlives the pipeline
 * @journal: takes the stages' times; outlives the pipeline
 * @clock: measures
 * @in_line: whether to do without threads
 * @interrupt: ends the fetching at once; what was fetched by then is still handed out, and then it has failed
 * @cancellable: wakes all threads at once, and nothing more is handed out
 *
 * Starts both threads, if there are to be any.
 *
 * Returns: (transfer full): a pipeline that is reading
 */
TideRunPipeline *
tide_run_pipeline_new (TideStreamReader *reader,
                       TideRunJournal   *journal,
                       TideClock        *clock,
                       gboolean          in_line,
                       GCancellable     *interrupt,
                       GCancellable     *cancellable)
{
  TideRunPipeline *self = g_new0 (TideRunPipeline, 1);

  g_mutex_init (&self->lock);
  self->reader = reader;
  self->journal = journal;
  self->clock = g_object_ref (clock);
  self->owner = g_object_ref (cancellable);
  self->interrupt = g_object_ref (interrupt);
  self->cancellable = g_cancellable_new ();
  self->fetched = tide_page_queue_new (PAGES_AHEAD, (GDestroyNotify)tide_page_free);
  self->parsed = tide_page_queue_new (PAGES_AHEAD, (GDestroyNotify)tide_parsed_page_free);
  self->owner_handler = g_cancellable_connect (cancellable, G_CALLBACK (owner_cancelled_cb), self, NULL);
  self->interrupt_handler = g_cancellable_connect (interrupt, G_CALLBACK (interrupted_cb), self, NULL);
  if (in_line)
    return self;

  self->fetcher = g_thread_new ("tide-fetch", fetch_thread, self);
  self->parser = g_thread_new ("tide-parse", parse_thread, self);
  return self;
}

/**
 * tide_run_pipeline_free:
 * @self: (transfer full): a pipeline
 *
 * Stops both threads, wherever they are, and waits for them.
 */
void
tide_run_pipeline_free (TideRunPipeline *self)
{
  g_cancellable_disconnect (self->interrupt, self->interrupt_handler);
  g_cancellable_disconnect (self->owner, self->owner_handler);
  tide_run_pipeline_stop (self);
  g_clear_pointer (&self->fetcher, g_thread_join);
  g_clear_pointer (&self->parser, g_thread_join);
  tide_page_queue_free (self->fetched);
  tide_page_queue_free (self->parsed);
  g_clear_error (&self->error);
  g_object_unref (self->cancellable);
  g_object_unref (self->interrupt);
  g_object_unref (self->owner);
  g_object_unref (self->clock);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static TideRunPipelineResult
tide_run_pipeline_end (TideRunPipeline  *self,
                       GError          **error)
{
  g_autoptr(GMutexLocker) locker = NULL;

  /* The threads' own error then only says that they were woken. */
  if (g_cancellable_set_error_if_cancelled (self->owner, error))
    return TIDE_RUN_PIPELINE_FAILED;

  locker = g_mutex_locker_new (&self->lock);
  if (self->error == NULL)
    return TIDE_RUN_PIPELINE_END;

  g_propagate_error (error, g_steal_pointer (&self->error));
  return TIDE_RUN_PIPELINE_FAILED;
}

static TideRunPipelineResult
tide_run_pipeline_next_in_line (TideRunPipeline  *self,
                                TideParsedPage  **page,
                                GError          **error)
{
  TidePage *fetched = tide_run_pipeline_fetch (self);
  TideParsedPage *parsed = fetched != NULL ? tide_run_pipeline_parse (self, fetched) : NULL;

  if (parsed == NULL)
    return tide_run_pipeline_end (self, error);

  *page = parsed;
  return TIDE_RUN_PIPELINE_PAGE;
}

/**
 * tide_run_pipeline_next:
 * @timeout: microseconds to wait for a page, negative for as long as it takes; in line it takes what it takes
 * @page: (out) (transfer full): the next page, in the order of reading; set only with %TIDE_RUN_PIPELINE_PAGE
 * @error: set only with %TIDE_RUN_PIPELINE_FAILED, after all pages before the failure were handed out
 *
 * Blocks. The storing thread. In line nothing may be open in the store meanwhile: who knows how long the answer takes,
 * and who else is at work while this thread waits for it.
 *
 * Returns: what came of it
 */
TideRunPipelineResult
tide_run_pipeline_next (TideRunPipeline  *self,
                        gint64            timeout,
                        TideParsedPage  **page,
                        GError          **error)
{
  gpointer item = NULL;

  if (self->fetcher == NULL)
    return tide_run_pipeline_next_in_line (self, page, error);

  switch (tide_page_queue_pop (self->parsed, timeout, &item))
    {
    case TIDE_PAGE_QUEUE_ITEM:
      *page = item;
      return TIDE_RUN_PIPELINE_PAGE;

    case TIDE_PAGE_QUEUE_NOT_YET:
      return TIDE_RUN_PIPELINE_NOT_YET;

    case TIDE_PAGE_QUEUE_END:
    default:
      return tide_run_pipeline_end (self, error);
    }
}
