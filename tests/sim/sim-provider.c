/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "sim"

#include "sim-provider.h"

#include <stdlib.h>
#include <string.h>

#include "tide-time.h"

static const struct
{
  const char *name;
  char        letter;         /* its records' ids begin with it */
  gboolean    filtered;       /* read by what changed since */
} streams[SIM_N_STREAMS] = {
  [SIM_LOCATIONS] = { "locations", 'l', FALSE },
  [SIM_CUSTOMERS] = { "customers", 'c', TRUE },
  [SIM_ORDERS] = { "orders", 'o', TRUE },
  [SIM_PRODUCTS] = { "products", 'p', FALSE },
  [SIM_TIMESHEETS] = { "timesheets", 't', TRUE },
};

const char *
sim_stream_to_name (SimStream self)
{
  return streams[self].name;
}

gboolean
sim_stream_from_name (const char *name,
                      SimStream  *stream)
{
  for (gsize i = 0; i < SIM_N_STREAMS; i++)
    if (g_strcmp0 (streams[i].name, name) == 0)
      {
        *stream = (SimStream)i;
        return TRUE;
      }
  return FALSE;
}

/** sim_stream_is_filtered: whether it can be read by what changed, and so has a watermark. */
gboolean
sim_stream_is_filtered (SimStream self)
{
  return streams[self].filtered;
}

/* Instants are told by the millisecond. */
static gint64
to_millisecond (gint64 instant)
{
  return instant / 1000 * 1000;
}

char *
sim_record_dup_id (const SimRecord *self)
{
  return g_strdup_printf ("%c%u", streams[self->stream].letter, self->number);
}

/**
 * sim_record_render:
 *
 * Returns: (transfer full): the record as the provider tells it, JSON
 */
char *
sim_record_render (const SimRecord *self)
{
  g_autofree char *id = sim_record_dup_id (self);
  g_autofree char *created = tide_time_to_string (self->created);
  g_autofree char *updated = tide_time_to_string (self->updated);

  return g_strdup_printf ("{\"id\":\"%s\",\"name\":\"%s v%u\",\"state\":\"%s\",\"place\":\"l%u\",\"total\":%u,"
                          "\"created_at\":\"%s\",\"updated_at\":\"%s\"}",
                          id, streams[self->stream].name, self->version, self->removed ? "removed" : "open",
                          self->place, self->number * 100 + self->version, created, updated);
}

gboolean
sim_record_is_live (const SimRecord *self)
{
  return !self->removed && !self->gone;
}

/**
 * sim_record_edit:
 * @now: the true time
 * @late: so long ago it is told to have happened
 */
void
sim_record_edit (SimRecord *self,
                 gint64     now,
                 gint64     late)
{
  self->version++;
  self->updated = MAX (self->updated, to_millisecond (now - late));
  self->touched = now;
}

/** sim_record_spoil: an answer left it out, or told it wrongly. */
void
sim_record_spoil (SimRecord *self,
                  gint64     now)
{
  self->touched = now;
  self->spoilt = now;
}

SimAccount *
sim_account_new (const char *host,
                 const char *token)
{
  SimAccount *self = g_new0 (SimAccount, 1);

  self->host = g_strdup (host);
  self->token = g_strdup (token);
  for (gsize i = 0; i < SIM_N_STREAMS; i++)
    self->books[i] = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
sim_account_free (SimAccount *self)
{
  for (gsize i = 0; i < SIM_N_STREAMS; i++)
    g_ptr_array_unref (self->books[i]);
  g_free (self->token);
  g_free (self->host);
  g_free (self);
}

/**
 * sim_account_add:
 * @late: so long ago it is told to have happened
 * @place: of an order, its location's number
 *
 * Returns: (transfer none): the new record
 */
SimRecord *
sim_account_add (SimAccount *self,
                 SimStream   stream,
                 gint64      now,
                 gint64      late,
                 guint       place)
{
  SimRecord *record = g_new0 (SimRecord, 1);

  record->stream = stream;
  record->number = self->books[stream]->len + 1;
  record->version = 1;
  record->place = place;
  record->created = record->updated = to_millisecond (now - late);
  record->touched = now;
  g_ptr_array_add (self->books[stream], record);
  return record;
}

/**
 * sim_account_delete:
 *
 * Deletes a record: of a customer that is told, of all others it is not.
 */
void
sim_account_delete (SimAccount *self,
                    SimRecord  *record,
                    gint64      now)
{
  GPtrArray *book = self->books[record->stream];

  sim_record_edit (record, now, 0);
  if (record->stream == SIM_CUSTOMERS)
    record->removed = TRUE;
  else
    record->gone = TRUE;

  /* Numbered pages move up by one: whoever is reading them just now misses a record. */
  for (guint i = 0; i < book->len && record->stream == SIM_PRODUCTS; i++)
    sim_record_spoil (g_ptr_array_index (book, i), now);
}

/** sim_account_pick: (nullable) (transfer none): a live record, by chance. */
SimRecord *
sim_account_pick (SimAccount *self,
                  SimStream   stream,
                  GRand      *rand)
{
  GPtrArray *book = self->books[stream];
  guint first = book->len > 0 ? g_rand_int_range (rand, 0, book->len) : 0;

  for (guint i = 0; i < book->len; i++)
    {
      SimRecord *record = g_ptr_array_index (book, (first + i) % book->len);

      if (sim_record_is_live (record))
        return record;
    }
  return NULL;
}

/** sim_account_find: (nullable) (transfer none): the record of that id, also one that is gone. */
SimRecord *
sim_account_find (SimAccount *self,
                  SimStream   stream,
                  const char *id)
{
  guint number = id[0] == streams[stream].letter ? (guint)atoi (id + 1) : 0;

  return number > 0 && number <= self->books[stream]->len ? g_ptr_array_index (self->books[stream], number - 1) : NULL;
}

/** sim_account_count: how many records are live. */
guint
sim_account_count (SimAccount *self,
                   SimStream   stream)
{
  guint count = 0;

  for (guint i = 0; i < self->books[stream]->len; i++)
    count += sim_record_is_live (g_ptr_array_index (self->books[stream], i));
  return count;
}
