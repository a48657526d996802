/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-engine.h"
#include "tide-error.h"

G_BEGIN_DECLS

/* How the program ends. */
enum
{
  CTL_DONE = 0,
  CTL_FAILED = 1,
  CTL_USAGE = 2,
  CTL_PARTLY = 3,
  CTL_INTERRUPTED = 130,
};

/**
 * Ctl:
 * @workspace: (nullable): the folder, %NULL for the owner's own
 * @json: answers in JSON
 * @interactive: somebody sits at a terminal and can answer
 * @terminal: standard output is a terminal
 * @error_terminal: standard error is one
 * @color: standard output may have colours
 * @cancellable: cancelled by Ctrl+C
 * @advice: (nullable): what to do about what fails now, where the advice for such errors does not fit
 *
 * What every command is given. Belongs to the main thread, but for @cancellable.
 */
typedef struct
{
  char         *workspace;
  gboolean      json;
  gboolean      interactive;
  gboolean      terminal;
  gboolean      error_terminal;
  gboolean      color;
  GCancellable *cancellable;
  const char   *advice;
} Ctl;

/* @args: what is left after the options, NULL-terminated; as many as the command says. Returns an exit status. */
typedef int (*CtlFunc) (Ctl   *ctl,
                        char **args);

/**
 * CtlCommand:
 * @name: one word, or two ("venue add")
 * @arguments: (nullable): what follows, for the help
 * @summary: one sentence
 * @entries: (nullable): its own options
 * @min_args: at least so many arguments
 * @max_args: at most, -1 for any
 */
typedef struct
{
  const char         *name;
  const char         *arguments;
  const char         *summary;
  const GOptionEntry *entries;
  int                 min_args;
  int                 max_args;
  CtlFunc             func;
} CtlCommand;

/* Each ends with a NULL name. */
extern const CtlCommand ctl_venue_commands[];
extern const CtlCommand ctl_provider_commands[];
extern const CtlCommand ctl_connect_commands[];
extern const CtlCommand ctl_sync_commands[];
extern const CtlCommand ctl_status_commands[];
extern const CtlCommand ctl_runs_commands[];
extern const CtlCommand ctl_queue_commands[];
extern const CtlCommand ctl_steer_commands[];
extern const CtlCommand ctl_retry_commands[];
extern const CtlCommand ctl_failures_commands[];
extern const CtlCommand ctl_approvals_commands[];
extern const CtlCommand ctl_smart_commands[];
extern const CtlCommand ctl_events_commands[];
extern const CtlCommand ctl_settings_commands[];
extern const CtlCommand ctl_data_commands[];
extern const CtlCommand ctl_snapshot_commands[];
extern const CtlCommand ctl_doctor_commands[];

TideEngine *ctl_open            (Ctl              *ctl,
                                 TideEngineFlags   flags,
                                 GError          **error);
TideEngine *ctl_open_for_change (Ctl              *ctl,
                                 GError          **error);
gboolean    ctl_pause           (Ctl              *ctl,
                                 guint             milliseconds,
                                 GError          **error);
int         ctl_fail            (Ctl              *ctl,
                                 const GError     *error);
void        ctl_advise          (Ctl              *ctl,
                                 const GError     *error,
                                 TideError         code,
                                 const char       *advice);
int         ctl_usage           (Ctl              *ctl,
                                 const char       *format,
                                 ...) G_GNUC_PRINTF (2, 3);
void        ctl_note            (Ctl              *ctl,
                                 const char       *format,
                                 ...) G_GNUC_PRINTF (2, 3);
gboolean    ctl_parse_number    (const char       *word,
                                 gint64           *number);
void        ctl_note_waiting    (Ctl              *ctl,
                                 TideEngine       *engine);

G_END_DECLS
