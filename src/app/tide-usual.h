/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-engine.h"

G_BEGIN_DECLS

/* Days of history from which on what is usual is known. */
#define TIDE_USUAL_DAYS 14

typedef enum
{
  TIDE_USUAL_UNKNOWN,
  TIDE_USUAL_FEWER,
  TIDE_USUAL_EXPECTED,
  TIDE_USUAL_MORE,
} TideUsualVerdict;

/**
 * TideUsual:
 *
 * What is usual for each stream at each hour of its venue's day, to judge runs by. Reference counted; main thread.
 */
typedef struct _TideUsual TideUsual;

TideUsual         *tide_usual_new       (GPtrArray        *bands);
TideUsual         *tide_usual_ref       (TideUsual        *self);
void               tide_usual_unref     (TideUsual        *self);
void               tide_usual_set_zone  (TideUsual        *self,
                                         gint64            connection_id,
                                         const char       *timezone);
const TideRunBand *tide_usual_find      (TideUsual        *self,
                                         gint64            connection_id,
                                         const char       *stream,
                                         gint64            instant);
gboolean           tide_usual_is_known  (TideUsual        *self,
                                         gint64            connection_id,
                                         const char       *stream);
TideUsualVerdict   tide_usual_judge     (TideUsual        *self,
                                         const TideRun    *run);
char              *tide_usual_dup_range (const TideRunBand *band) G_GNUC_WARN_UNUSED_RESULT;
char              *tide_usual_dup_note  (TideUsual        *self,
                                         const TideRun    *run) G_GNUC_WARN_UNUSED_RESULT;
char              *tide_usual_dup_hint  (guint             n_days) G_GNUC_WARN_UNUSED_RESULT;
gint64             tide_usual_get_count (const TideRun    *run);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideUsual, tide_usual_unref)

G_END_DECLS
