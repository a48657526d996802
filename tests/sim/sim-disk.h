/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a disk does at a write to a database or its log. */
typedef enum
{
  SIM_DISK_WELL,
  SIM_DISK_FULL,
  SIM_DISK_BROKEN,
  SIM_DISK_CRASH,         /* tells of it when half of the write is done, and does the rest */
  SIM_DISK_COMMIT,        /* goes well, and tells when a whole transaction is in the log */
} SimDiskMood;

typedef void (*SimDiskFunc) (gpointer user_data);

/* The disk below SQLite: a file system of SQLite's own that lets all through to the real one, except when it is told
 * not to. One for the process, and only what the installing thread writes counts. Nothing waits for the disk to have
 * it for good: what a power cut loses is not simulated, what a killed program loses is. */
void sim_disk_install (void);
void sim_disk_arm     (SimDiskMood  mood,
                       guint        after,
                       guint        times,
                       SimDiskFunc  func,
                       gpointer     user_data);
void sim_disk_disarm  (void);

G_END_DECLS
