/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "provider-fixture.h"

G_BEGIN_DECLS

/**
 * ToyRecord:
 *
 * A record of the toy provider; its instants count minutes from TOY_EPOCH.
 */
typedef struct
{
  guint   id;
  char   *place;
  int     created;
  int     updated;
} ToyRecord;

/* 2026-01-01T00:00:00.000Z */
#define TOY_EPOCH G_GINT64_CONSTANT (1767225600000000)

/**
 * Toy:
 * @records: of ToyRecord
 * @fault: (nullable): has the last word on each answer
 *
 * A small stateful provider that pages, filters and sorts as its parameters say: size, and one of cursor,
 * page, offset, after, next; since and until (and exclusive); place (several with commas); order (created,
 * updated, newest). /items/r7 is one record, or a 404; a POST to /lookup with a list of "ids" gives those there are.
 */
typedef struct
{
  ProviderFixture *fixture;
  GArray          *records;
  ProviderServe    fault;
  gpointer         fault_data;
} Toy;

Toy        *toy_new       (ProviderFixture *fixture,
                           guint            n_records);
void        toy_free      (Toy             *self);
void        toy_touch     (Toy             *self,
                           guint            id,
                           int              updated);
void        toy_remove    (Toy             *self,
                           guint            id);
void        toy_set_fault (Toy             *self,
                           ProviderServe    fault,
                           gpointer         user_data);
void        toy_load      (Toy             *self,
                           const char      *stream);

/**
 * ToyReading:
 * @seen: id → how often, over all readings since it was cleared
 * @states: as a store would keep them
 * @payloads: id → what was stored last
 * @ids: (nullable): only these
 * @filters: (nullable): only what passes
 * @gone: (nullable): which ids the last reading found to be gone
 */
typedef struct
{
  Toy         *toy;
  GHashTable  *seen;
  GHashTable  *states;
  GHashTable  *payloads;
  GPtrArray   *places;
  const char * const *ids;
  GHashTable  *filters;
  char       **gone;
  gboolean     latency;
  gboolean     in_line;
  gint64       started_at;
  gboolean     partial;
  guint        n_pages;
  guint        n_bad;
  guint        n_skipped;
  gboolean     resumed;
  gboolean     full;
  gint64       expected;
} ToyReading;

void        toy_reading_init     (ToyReading   *self,
                                  Toy          *toy);
void        toy_reading_clear    (ToyReading   *self);
gboolean    toy_reading_run      (ToyReading   *self,
                                  TideRunMode   mode,
                                  int           max_pages,
                                  GError      **error);
void        toy_reading_forget   (ToyReading   *self);
gboolean    toy_reading_has      (ToyReading   *self,
                                  guint         id);
guint       toy_reading_count    (ToyReading   *self);
char       *toy_watermark        (ToyReading   *self,
                                  const char   *partition);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Toy, toy_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ToyReading, toy_reading_clear)

G_END_DECLS
