/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-record-memory-private.h"
#include "tide-record-rehearsal-private.h"
#include "tide-record-rows-private.h"
#include "tide-record-writer.h"

G_BEGIN_DECLS

struct _TideRecordWriter
{
  TideStore             *store;      /* (owned) */
  gint64                 connection_id;
  gint64                 run_id;
  TideRecordWriterFlags  flags;
  GCancellable          *cancellable; /* (owned) (nullable) */
  TideRecordRows        *rows;       /* (owned) */
  TideRecordMemory      *memory;     /* (owned) */
  TideRecordRehearsal   *rehearsal;  /* (owned) (nullable): of a dry run */
  TideRecordTally        tally;

  TideWrite             *write;      /* (nullable): in which something was written, outcome unknown */
  TideDatabase          *database;   /* (nullable): of that write */
  gboolean               stale;      /* what is remembered may not be in the database */
  GArray                *unseen;     /* (owned) (nullable): rows that a sweep in @write would look at */
  gint64                 first_key;  /* of the rows created since the last flush */
  gint64                 last_key;
};

gboolean tide_record_writer_enter        (TideRecordWriter  *self,
                                          TideWrite         *write,
                                          GError           **error);
gboolean tide_record_writer_ensure_index (TideRecordWriter  *self,
                                          GError           **error);

G_END_DECLS
