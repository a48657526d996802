/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-engine"

#include "config.h"

#include "tide-chronicle.h"

#include "tide-audit-rows.h"
#include "tide-event-rows.h"
#include "tide-read.h"
#include "tide-setting-rows.h"
#include "tide-write.h"

/* Numbers up to this one may have been given away, so a later process begins above it. */
#define RESERVED_NAME "event-numbers"

/* So many are reserved at a time, early enough that nobody has to wait for it. What is left over is lost: there are
 * enough of them. */
#define BLOCK 1000
#define BLOCKS_AHEAD 4

/* What comes close together is written together: a commit waits for the disk, and a sync would wait for it too. */
#define GATHERING (200 * G_TIME_SPAN_MILLISECOND)

/* What somebody did is in effect at once, so a crash must not leave it without its entry for long. */
#define GATHERING_ENTRIES (10 * G_TIME_SPAN_MILLISECOND)

/* After a failure (a full disk): when to try again. */
#define PATIENCE (10 * G_TIME_SPAN_SECOND)

/* While nothing can be written, events beyond these are dropped, the oldest first. Audit entries never are. */
#define MAX_UNWRITTEN 10000

struct _TideChronicle
{
  TideStore *store;       /* (owned) */
  gboolean   in_line;
  GMainContext *context;  /* (owned) */
  GSource   *planned;     /* (owned) (nullable): set while, in line, a write is planned */
  GThread   *thread;      /* (owned) (nullable) (mutex lock) */
  GMutex     lock;
  GCond      changed;
  GPtrArray *events;      /* (owned) (mutex lock) (element-type TideEvent): not written yet, oldest first */
  GPtrArray *entries;     /* (owned) (mutex lock) (element-type TideAuditEntry): the same */
  guint      n_events;    /* (mutex lock): of them, being written now */
  guint      n_entries;   /* (mutex lock): of them, being written now */
  gint64     last;        /* (mutex lock): the last number given away */
  gint64     reserved;    /* (mutex lock): the last one that may be */
  guint      n_waiting;   /* (mutex lock): who wait until all is written */
  guint      n_tries;     /* (mutex lock): to write, so far */
  gboolean   writing;     /* (mutex lock) */
  gboolean   failed;      /* (mutex lock): the last try */
  gboolean   stopping;    /* (mutex lock) */
};

static gboolean
tide_chronicle_reserve (TideChronicle  *self,
                        TideWrite      *write,
                        gint64          wanted,
                        GError        **error)
{
  return tide_setting_rows_set_number (write, RESERVED_NAME, wanted, error);
}

static gboolean
tide_chronicle_is_idle (TideChronicle *self)
{
  return self->events->len == 0 && self->entries->len == 0 &&
         self->reserved - self->last >= BLOCK * BLOCKS_AHEAD / 2;
}

/* What there is to write, while others may add to it. References to events, as the list may lose some. */
typedef struct
{
  GPtrArray *events;      /* (owned) */
  GPtrArray *entries;     /* (owned container): only this batch takes entries away */
  gint64     reserve;     /* up to which number, 0 for none */
} Batch;

static void
batch_clear (Batch *self)
{
  g_clear_pointer (&self->events, g_ptr_array_unref);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Batch, batch_clear)

/* Called with the lock held. */
static void
tide_chronicle_take (TideChronicle *self,
                     Batch         *batch)
{
  batch->events = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_event_unref);
  batch->entries = g_ptr_array_new ();
  for (guint i = 0; i < self->events->len; i++)
    g_ptr_array_add (batch->events, tide_event_ref (g_ptr_array_index (self->events, i)));
  for (guint i = 0; i < self->entries->len; i++)
    g_ptr_array_add (batch->entries, g_ptr_array_index (self->entries, i));
  self->n_events = self->events->len;
  self->n_entries = self->entries->len;
  if (self->reserved - self->last < BLOCK * BLOCKS_AHEAD / 2)
    batch->reserve = self->last + BLOCK * BLOCKS_AHEAD;
  self->writing = TRUE;
}

static gboolean
tide_chronicle_write (TideChronicle  *self,
                      const Batch    *batch,
                      GError        **error)
{
  g_autoptr(TideWrite) write = tide_store_begin_write (self->store, NULL, error);

  if (write == NULL)
    return FALSE;
  for (guint i = 0; i < batch->events->len; i++)
    if (!tide_event_rows_add (write, g_ptr_array_index (batch->events, i), error))
      return FALSE;
  for (guint i = 0; i < batch->entries->len; i++)
    if (!tide_audit_rows_add (write, g_ptr_array_index (batch->entries, i), error))
      return FALSE;
  if (batch->reserve != 0 && !tide_chronicle_reserve (self, write, batch->reserve, error))
    return FALSE;
  return tide_write_commit (write, error);
}

/* Called with the lock held. */
static void
tide_chronicle_settle (TideChronicle *self,
                       const Batch   *batch,
                       gboolean       written)
{
  if (written)
    {
      if (self->n_events > 0)
        g_ptr_array_remove_range (self->events, 0, self->n_events);
      if (self->n_entries > 0)
        g_ptr_array_remove_range (self->entries, 0, self->n_entries);
      self->reserved = MAX (self->reserved, batch->reserve);
    }
  else if (self->events->len > MAX_UNWRITTEN)
    g_ptr_array_remove_range (self->events, 0, self->events->len - MAX_UNWRITTEN);
  self->n_events = self->n_entries = 0;
  self->writing = FALSE;
  self->failed = !written;
  self->n_tries++;
  g_cond_broadcast (&self->changed);
}

/* Called with the lock held, which is given back while it writes. */
static void
tide_chronicle_write_all (TideChronicle *self)
{
  g_auto(Batch) batch = { NULL, NULL, 0 };
  g_autoptr(GError) error = NULL;
  gboolean written;

  tide_chronicle_take (self, &batch);
  g_mutex_unlock (&self->lock);
  written = tide_chronicle_write (self, &batch, &error);
  g_mutex_lock (&self->lock);

  if (!written)
    g_message ("events: could not be saved: %s", error->message);
  tide_chronicle_settle (self, &batch, written);
}

/* Called with the lock held. */
static gint64
tide_chronicle_get_patience (TideChronicle *self)
{
  if (self->failed)
    return PATIENCE;
  return self->entries->len > 0 ? GATHERING_ENTRIES : GATHERING;
}

/* Called with the lock held. Returns when it is time to write. */
static void
tide_chronicle_gather (TideChronicle *self)
{
  gint64 begin;

  while (tide_chronicle_is_idle (self) && !self->stopping)
    g_cond_wait (&self->changed, &self->lock);

  begin = g_get_monotonic_time ();
  while (!self->stopping && self->n_waiting == 0)
    if (!g_cond_wait_until (&self->changed, &self->lock, begin + tide_chronicle_get_patience (self)))
      break;
}

static gpointer
tide_chronicle_thread (gpointer data)
{
  TideChronicle *self = data;

  g_mutex_lock (&self->lock);
  while (!self->stopping)
    {
      tide_chronicle_gather (self);
      if (!tide_chronicle_is_idle (self))
        tide_chronicle_write_all (self);
    }
  g_mutex_unlock (&self->lock);
  return NULL;
}

/* Called with the lock held, and no #TideWrite of the caller's. */
static void
tide_chronicle_write_now (TideChronicle *self)
{
  /* What is told while it writes is written by whoever writes. */
  while (!self->writing && !tide_chronicle_is_idle (self))
    {
      tide_chronicle_write_all (self);
      if (self->failed)
        break;
    }
}

static gboolean
tide_chronicle_planned_cb (gpointer user_data)
{
  TideChronicle *self = user_data;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_clear_pointer (&self->planned, g_source_unref);
  tide_chronicle_write_now (self);
  return G_SOURCE_REMOVE;
}

static void
tide_chronicle_unplan (TideChronicle *self)
{
  if (self->planned != NULL)
    g_source_destroy (self->planned);
  g_clear_pointer (&self->planned, g_source_unref);
}

/* In line what comes close together is what is told before the thread has nothing else to do. */
static void
tide_chronicle_plan (TideChronicle *self)
{
  if (self->planned != NULL)
    return;

  self->planned = g_idle_source_new ();
  g_source_set_static_name (self->planned, "tide-chronicle");
  g_source_set_callback (self->planned, tide_chronicle_planned_cb, self, NULL);
  g_source_attach (self->planned, self->context);
}

/* Called with the lock held, and no #TideWrite of the caller's. */
static void
tide_chronicle_wake (TideChronicle *self)
{
  if (self->in_line && self->stopping)
    tide_chronicle_write_now (self);
  else if (self->in_line)
    tide_chronicle_plan (self);
  if (self->in_line)
    return;

  if (self->thread == NULL && !self->stopping)
    self->thread = g_thread_new ("tide-chronicle", tide_chronicle_thread, self);
  g_cond_broadcast (&self->changed);
}

/* Before anything can be told: what the last process may have given away, and the first block. */
static gboolean
tide_chronicle_open (TideChronicle  *self,
                     GError        **error)
{
  g_autoptr(TideWrite) write = tide_store_begin_write (self->store, NULL, error);
  TideDatabase *database;
  gint64 newest;

  if (write == NULL)
    return FALSE;
  database = tide_write_get_database (write);
  newest = tide_event_rows_get_last (database, error);
  if (newest < 0 || !tide_setting_rows_get_number (database, RESERVED_NAME, &self->last, error))
    return FALSE;

  self->last = MAX (MAX (self->last, newest), 0);
  self->reserved = self->last + BLOCK * BLOCKS_AHEAD;
  return tide_chronicle_reserve (self, write, self->reserved, error) && tide_write_commit (write, error);
}

/**
 * tide_chronicle_new:
 * @store: where to
 * @in_line: use no thread, but write as soon as the caller's has nothing else to do
 *
 * Blocks for the store's writer.
 *
 * Returns: (transfer full) (nullable): a chronicle that gives no number that was ever given before
 */
TideChronicle *
tide_chronicle_new (TideStore  *store,
                    gboolean    in_line,
                    GError    **error)
{
  g_autoptr(TideChronicle) self = g_new0 (TideChronicle, 1);

  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->store = g_object_ref (store);
  self->in_line = in_line;
  self->context = g_main_context_ref_thread_default ();
  self->events = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_event_unref);
  self->entries = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_audit_entry_free);
  return tide_chronicle_open (self, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * tide_chronicle_close:
 *
 * Writes what there is, and ends the thread. Blocks for that. What is told later is written at once. May be called
 * twice.
 */
void
tide_chronicle_close (TideChronicle *self)
{
  g_mutex_lock (&self->lock);
  self->stopping = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&self->thread, g_thread_join);

  g_mutex_lock (&self->lock);
  self->in_line = TRUE;
  tide_chronicle_unplan (self);
  if (self->events->len > 0 || self->entries->len > 0)
    tide_chronicle_write_all (self);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

/**
 * tide_chronicle_free:
 * @self: (transfer full): a chronicle; closed first
 */
void
tide_chronicle_free (TideChronicle *self)
{
  tide_chronicle_close (self);
  if (self->entries->len > 0)
    g_message ("audit log: %u entries could not be saved", self->entries->len);
  g_ptr_array_unref (self->events);
  g_ptr_array_unref (self->entries);
  g_main_context_unref (self->context);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->lock);
  g_object_unref (self->store);
  g_free (self);
}

/* Called with the lock held. Waits for the thread to be through with all there is, or to fail once. */
static void
tide_chronicle_wait (TideChronicle *self)
{
  guint n_tries = self->n_tries + (self->writing ? 1 : 0);

  self->n_waiting++;
  tide_chronicle_wake (self);
  while (!self->in_line && (self->writing || !tide_chronicle_is_idle (self)) &&
         !(self->failed && self->n_tries > n_tries))
    g_cond_wait (&self->changed, &self->lock);
  self->n_waiting--;
}

/* Called with the lock held. A number must not be given away before it is reserved: rather somebody waits, which takes
 * thousands of events within one transaction. Only where the disk takes nothing any more, it has to be. */
static gint64
tide_chronicle_allot (TideChronicle *self)
{
  if (self->last >= self->reserved && self->in_line)
    tide_chronicle_write_now (self);
  else if (self->last >= self->reserved && !self->failed)
    tide_chronicle_wait (self);
  return ++self->last;
}

/**
 * tide_chronicle_make_event:
 * @name: "sync-started"
 * @data: a JSON object
 * @keep: whether it is to be written down
 *
 * Returns: (transfer full): the event, with its number
 */
TideEvent *
tide_chronicle_make_event (TideChronicle *self,
                           const char    *name,
                           const char    *data,
                           gboolean       keep)
{
  gint64 now = tide_clock_now (tide_store_get_clock (self->store));
  TideEvent *event;

  g_mutex_lock (&self->lock);
  event = tide_event_new (tide_chronicle_allot (self), now, name, data);
  if (keep)
    g_ptr_array_add (self->events, tide_event_ref (event));
  if (!tide_chronicle_is_idle (self))
    tide_chronicle_wake (self);
  g_mutex_unlock (&self->lock);
  return event;
}

/**
 * tide_chronicle_add_entry:
 * @entry: (transfer full): what is to be noted
 */
void
tide_chronicle_add_entry (TideChronicle  *self,
                          TideAuditEntry *entry)
{
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->entries, entry);
  tide_chronicle_wake (self);
  g_mutex_unlock (&self->lock);
}

/**
 * tide_chronicle_get_last:
 *
 * Returns: the number of the last event
 */
gint64
tide_chronicle_get_last (TideChronicle *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->last;
}

/**
 * tide_chronicle_list_events:
 * @after: only those with a higher number
 * @limit: at most so many; 0 = 1000
 *
 * Also those that are not written yet: whoever reads on from here misses none.
 *
 * Returns: (transfer full) (nullable) (element-type TideEvent): events, oldest first
 */
GPtrArray *
tide_chronicle_list_events (TideChronicle  *self,
                            gint64          after,
                            guint           limit,
                            GError        **error)
{
  g_autoptr(GPtrArray) unwritten = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_event_unref);
  g_autoptr(TideRead) read = NULL;
  GPtrArray *events;

  if (limit == 0)
    limit = 1000;
  /* First these, then the store: what is written in between is in both, not in neither. */
  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->events->len; i++)
    g_ptr_array_add (unwritten, tide_event_ref (g_ptr_array_index (self->events, i)));
  g_mutex_unlock (&self->lock);

  read = tide_store_begin_read (self->store, NULL, error);
  events = read != NULL ? tide_event_rows_list (tide_read_get_database (read), after, limit, error) : NULL;
  if (events == NULL)
    return NULL;
  if (events->len > 0)
    after = ((TideEvent *)g_ptr_array_index (events, events->len - 1))->id;
  for (guint i = 0; i < unwritten->len && events->len < limit; i++)
    {
      TideEvent *event = g_ptr_array_index (unwritten, i);

      if (event->id > after)
        g_ptr_array_add (events, tide_event_ref (event));
    }
  return events;
}

/**
 * tide_chronicle_flush:
 *
 * Waits until all is written that was told before, or could not be. Blocks for the store's writer.
 */
void
tide_chronicle_flush (TideChronicle *self)
{
  g_mutex_lock (&self->lock);
  if (self->in_line)
    tide_chronicle_write_now (self);
  else if (self->writing || self->events->len > 0 || self->entries->len > 0)
    tide_chronicle_wait (self);
  g_mutex_unlock (&self->lock);
}
