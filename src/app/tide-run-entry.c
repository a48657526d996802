/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include "tide-run-entry.h"

struct _TideRunEntry
{
  GObject           parent_instance;

  TideRun          *run;      /* (owned) (nullable): until its page has come */
  TideRunProgress  *progress; /* (owned) (nullable): while it goes */
  TideUsualVerdict  verdict;
  char             *note;     /* (owned) (nullable): what is unusual about it */
};

G_DEFINE_FINAL_TYPE (TideRunEntry, tide_run_entry, G_TYPE_OBJECT)

enum
{
  PROP_RUN = 1,
  PROP_PROGRESS,
  PROP_NOTE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
tide_run_entry_finalize (GObject *object)
{
  TideRunEntry *self = TIDE_RUN_ENTRY (object);

  g_clear_pointer (&self->run, tide_run_unref);
  g_clear_pointer (&self->progress, tide_run_progress_unref);
  g_free (self->note);
  G_OBJECT_CLASS (tide_run_entry_parent_class)->finalize (object);
}

static void
tide_run_entry_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  TideRunEntry *self = TIDE_RUN_ENTRY (object);

  switch (prop_id)
    {
    case PROP_RUN:
      g_value_set_boxed (value, self->run);
      break;
    case PROP_PROGRESS:
      g_value_set_boxed (value, self->progress);
      break;
    case PROP_NOTE:
      g_value_set_string (value, self->note);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_run_entry_class_init (TideRunEntryClass *klass)
{
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  G_OBJECT_CLASS (klass)->finalize = tide_run_entry_finalize;
  G_OBJECT_CLASS (klass)->get_property = tide_run_entry_get_property;

  properties[PROP_RUN] = g_param_spec_boxed ("run", NULL, NULL, TIDE_TYPE_RUN, flags);
  properties[PROP_PROGRESS] = g_param_spec_boxed ("progress", NULL, NULL, TIDE_TYPE_RUN_PROGRESS, flags);
  properties[PROP_NOTE] = g_param_spec_string ("note", NULL, NULL, NULL, flags);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, properties);
}

static void
tide_run_entry_init (TideRunEntry *self)
{
}

/**
 * tide_run_entry_new:
 * @run: (nullable): %NULL = not known yet
 */
TideRunEntry *
tide_run_entry_new (TideRun *run)
{
  TideRunEntry *self = g_object_new (TIDE_TYPE_RUN_ENTRY, NULL);

  self->run = run != NULL ? tide_run_ref (run) : NULL;
  return self;
}

TideRun *
tide_run_entry_get_run (TideRunEntry *self)
{
  return self->run;
}

/**
 * tide_run_entry_set_run:
 * @run: what the store has now, or another run that has come to stand in its place
 */
void
tide_run_entry_set_run (TideRunEntry *self,
                        TideRun      *run)
{
  TideRunProgress *progress = g_steal_pointer (&self->progress);

  if (progress != NULL && !tide_run_is_over (run) && self->run != NULL && self->run->id == run->id)
    self->progress = g_steal_pointer (&progress);
  tide_run_ref (run);
  g_clear_pointer (&self->run, tide_run_unref);
  self->run = run;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUN]);
  if (progress != NULL)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROGRESS]);
  g_clear_pointer (&progress, tide_run_progress_unref);
}

TideRunProgress *
tide_run_entry_get_progress (TideRunEntry *self)
{
  return self->progress;
}

void
tide_run_entry_set_progress (TideRunEntry    *self,
                             TideRunProgress *progress)
{
  tide_run_progress_ref (progress);
  g_clear_pointer (&self->progress, tide_run_progress_unref);
  self->progress = progress;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROGRESS]);
}

/**
 * tide_run_entry_judge:
 * @usual: (nullable): what its run is compared with
 *
 * Notes what is unusual about its run, if anything is.
 */
void
tide_run_entry_judge (TideRunEntry *self,
                      TideUsual    *usual)
{
  g_autofree char *old = self->note;

  self->note = self->run != NULL ? tide_usual_dup_note (usual, self->run) : NULL;
  self->verdict = self->run != NULL ? tide_usual_judge (usual, self->run) : TIDE_USUAL_UNKNOWN;
  if (g_strcmp0 (old, self->note) != 0)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NOTE]);
}

TideUsualVerdict
tide_run_entry_get_verdict (TideRunEntry *self)
{
  return self->verdict;
}

/**
 * tide_run_entry_touch:
 *
 * Has what is shown of it made anew: the minute has changed, and with it "4 minutes ago".
 */
void
tide_run_entry_touch (TideRunEntry *self)
{
  if (self->run != NULL)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUN]);
}
