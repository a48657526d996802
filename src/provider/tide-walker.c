/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-provider"

#include "tide-walker.h"

#include "tide-time.h"

/* A provider that refuses its own cursors more often than this in one partition has another problem. */
#define MAX_RESTARTS 3

void
tide_walker_init (TideWalker           *self,
                  TideStream           *stream,
                  TideRequester        *requester,
                  const TideSelection  *selection,
                  TideRequestNoteFunc   note_func,
                  gpointer              note_data)
{
  *self = (TideWalker) {
    .stream = stream,
    .requester = requester,
    .selection = selection,
    .note_func = note_func,
    .note_data = note_data,
  };
  self->guard = tide_walk_guard_new (&stream->paginator);
}

void
tide_walker_clear (TideWalker *self)
{
  g_clear_pointer (&self->guard, tide_walk_guard_free);
}

void
tide_walker_note (TideWalker *self,
                  const char *level,
                  gboolean    retry,
                  const char *text)
{
  TideRequestNote what = { level, text, retry, 0, NULL };

  if (self->note_func != NULL)
    self->note_func (&what, self->note_data);
}

/**
 * tide_walker_enter:
 * @partition: what is walked through
 * @walk: from where to where; moved on with each page. Both must live as long as they are walked
 */
void
tide_walker_enter (TideWalker          *self,
                   const TidePartition *partition,
                   TideWalk            *walk)
{
  self->partition = partition;
  self->walk = walk;
  self->paginator = self->stream->paginator;
  if (walk->page_size > 0)
    self->paginator.page_size = walk->page_size;
  self->restarts = 0;
  tide_walk_guard_reset (self->guard, walk->at);
  if (walk->at != NULL)
    self->expected = -1;
}

/* The walk has been set to its next window. */
void
tide_walker_go_on (TideWalker *self)
{
  tide_walk_guard_reset (self->guard, NULL);
}

static gboolean
check_response_cb (const TideResponse  *response,
                   gpointer             user_data,
                   GError             **error)
{
  TideWalker *self = user_data;
  g_auto(TidePageLook) look = { 0 };

  return tide_page_look_init (&look, self->stream, &self->paginator, response, error);
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

/**
 * tide_walker_fill_scope:
 * @scope: gets the variables that are the same on all pages of @partition
 */
void
tide_walker_fill_scope (TideWalker          *self,
                        const TidePartition *partition,
                        TideTemplateScope   *scope)
{
  scope->partition_list = (const char * const *)partition->values;
  scope->partition = partition->values != NULL && partition->values[1] == NULL ? partition->values[0] : NULL;
  scope->settings = tide_requester_get_settings (self->requester);
  scope->filters = self->selection->values;
}

static TideResponse *
ask (TideWalker        *self,
     TideErrorAction   *action,
     GCancellable      *cancellable,
     GError           **error)
{
  const TideIncrementalSpec *incremental = &self->stream->incremental;
  const TideWalk *walk = self->walk;
  TideTemplateScope scope = TIDE_TEMPLATE_SCOPE_INIT;
  TideExchange exchange = { .scope = &scope, .errors = self->stream->errors };

  tide_walker_fill_scope (self, self->partition, &scope);
  scope.since = get_sent_since (incremental, walk);
  scope.until = get_sent_until (incremental, walk);
  tide_paginator_fill (&self->paginator, walk->at, &scope, &exchange.url);
  exchange.spec = self->stream->request;
  if (walk->mode == TIDE_RUN_MODE_FULL && self->stream->full_request != NULL)
    exchange.spec = self->stream->full_request;
  exchange.check = check_response_cb;
  exchange.check_data = self;
  exchange.note_func = self->note_func;
  exchange.note_data = self->note_data;
  return tide_requester_exchange (self->requester, &exchange, action, cancellable, error);
}

static void
begin_again (TideWalker   *self,
             const GError *failure)
{
  g_autofree char *text = g_strdup_printf ("%s; beginning again", failure->message);

  tide_walker_note (self, "warning", TRUE, text);
  self->expected = -1;
  g_clear_pointer (&self->walk->at, g_free);
}

/* The provider no longer knows the page's position: from the start of the window again. */
static gboolean
restart (TideWalker      *self,
         TideErrorAction  action,
         const GError    *failure)
{
  if (action != TIDE_ERROR_ACTION_RESTART || self->walk->at == NULL || self->restarts == MAX_RESTARTS)
    return FALSE;
  begin_again (self, failure);
  self->restarts++;
  tide_walk_guard_reset (self->guard, NULL);
  return TRUE;
}

/* A position that an earlier run left behind, and that leads nowhere, would do so for ever: from the start of
 * the window instead. If that goes round in circles too, the provider does. */
static gboolean
restart_resumed (TideWalker   *self,
                 const GError *failure)
{
  if (self->walk->at == NULL || !tide_walk_guard_is_first (self->guard))
    return FALSE;
  begin_again (self, failure);
  self->restarts = 0;
  tide_walk_guard_reset (self->guard, NULL);
  return TRUE;
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
reaches_back (TideWalker         *self,
              const TideResponse *response)
{
  const TideIncrementalSpec *incremental = &self->stream->incremental;
  DescendingScan scan = { self->walk->since, FALSE };
  const char *pointer;
  g_autoptr(TideJsonReader) reader = NULL;
  gsize length;
  const char *text = g_bytes_get_data (response->body, &length);

  if (incremental->kind != TIDE_INCREMENTAL_SORTED_DESCENDING || self->walk->mode != TIDE_RUN_MODE_INCREMENTAL ||
      length == 0)
    return FALSE;
  pointer = g_array_index (self->stream->fields, TideFieldSpec, incremental->column).pointer;
  reader = tide_json_reader_new (self->stream->records_pointer, &pointer, 1, NULL);
  /* If the page is no JSON, parsing it will say so. */
  tide_json_reader_read (reader, text, length, scan_descending_cb, &scan, NULL);
  return scan.reached;
}

static void
count_expected (TideWalker         *self,
                const TidePageLook *look)
{
  if (self->expected < 0 || self->walk->at != NULL)
    return;
  self->expected = look->total >= 0 ? self->expected + look->total : -1;
}

/* Moves the walk on to the page after @response. */
static gboolean
advance (TideWalker          *self,
         const TideResponse  *response,
         GError             **error)
{
  TideWalk *walk = self->walk;
  g_auto(TidePageLook) look = { 0 };
  g_autofree char *next = NULL;

  if (!tide_page_look_init (&look, self->stream, &self->paginator, response, error) ||
      !tide_paginator_next (&self->paginator, self->stream, self->requester, walk->at, &look, response, &next, error))
    return FALSE;
  if (next != NULL && reaches_back (self, response))
    g_clear_pointer (&next, g_free);
  if (!tide_walk_guard_check (self->guard, response->body, look.empty, next, error))
    return FALSE;

  count_expected (self, &look);
  g_free (walk->at);
  walk->at = g_steal_pointer (&next);
  return TRUE;
}

/**
 * tide_walker_next:
 * @action: (out): after a failure, what the provider's rules say to do about it
 * @cancellable: (nullable): wakes it at once
 *
 * Asks for the walk's page and moves it on to the next one; without a position it is at the window's end then.
 *
 * Returns: (transfer full): the page, or %NULL with @error
 */
GBytes *
tide_walker_next (TideWalker       *self,
                  TideErrorAction  *action,
                  GCancellable     *cancellable,
                  GError          **error)
{
  for (;;)
    {
      g_autoptr(GError) failure = NULL;
      g_autoptr(TideResponse) response = ask (self, action, cancellable, &failure);

      if (response != NULL && advance (self, response, &failure))
        return g_bytes_ref (response->body);
      if (response == NULL ? restart (self, *action, failure) : restart_resumed (self, failure))
        continue;

      if (failure->domain != G_IO_ERROR && *self->partition->key != '\0')
        g_prefix_error (&failure, "partition %s: ", self->partition->key);
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
}
