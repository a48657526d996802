/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "sim"

#include "sim-disk.h"

#include <sqlite3.h>
#include <string.h>

/* A file of ours; the real one lies behind it in the same block of memory. */
typedef struct
{
  sqlite3_file  base;
  sqlite3_file *real;
  gboolean      watched;
  gboolean      closing;      /* the next write ends a transaction */
} DiskFile;

static sqlite3_vfs disk;
static sqlite3_vfs *real_disk;
static GThread *thread;

static struct
{
  SimDiskMood mood;
  guint       after;        /* writes that still go well */
  guint       times;        /* and then so many that do not */
  SimDiskFunc func;
  gpointer    user_data;
} plan;

static sqlite3_file *
get_real (sqlite3_file *file)
{
  return ((DiskFile *)file)->real;
}

static int
disk_close (sqlite3_file *file)
{
  sqlite3_file *real = get_real (file);

  return real->pMethods != NULL ? real->pMethods->xClose (real) : SQLITE_OK;
}

static int
disk_read (sqlite3_file  *file,
           void          *data,
           int            length,
           sqlite3_int64  offset)
{
  return get_real (file)->pMethods->xRead (get_real (file), data, length, offset);
}

/* A page comes into the log behind a header of 24 bytes, which says after a transaction's last page how many pages the
 * database has now, and 0 after the others. */
static gboolean
ends_transaction (DiskFile   *self,
                  const void *data,
                  int         length)
{
  const guint8 *bytes = data;
  gboolean ends = self->closing;

  self->closing = length == 24 && (bytes[4] | bytes[5] | bytes[6] | bytes[7]) != 0;
  return ends;
}

static int
disk_write_commit (DiskFile      *self,
                   const void    *data,
                   int            length,
                   sqlite3_int64  offset)
{
  int rc = self->real->pMethods->xWrite (self->real, data, length, offset);

  if (ends_transaction (self, data, length) && rc == SQLITE_OK)
    {
      if (plan.after > 0)
        plan.after--;
      else
        {
          plan.mood = SIM_DISK_WELL;
          plan.func (plan.user_data);
        }
    }
  return rc;
}

static int
disk_write (sqlite3_file  *file,
            const void    *data,
            int            length,
            sqlite3_int64  offset)
{
  sqlite3_file *real = get_real (file);
  SimDiskMood mood = plan.mood;

  if (mood == SIM_DISK_WELL || !((DiskFile *)file)->watched || g_thread_self () != thread)
    return real->pMethods->xWrite (real, data, length, offset);
  if (mood == SIM_DISK_COMMIT)
    return disk_write_commit ((DiskFile *)file, data, length, offset);
  if (plan.after > 0)
    {
      plan.after--;
      return real->pMethods->xWrite (real, data, length, offset);
    }

  if (--plan.times == 0)
    plan.mood = SIM_DISK_WELL;
  /* Half of the write is there when whoever is told looks at the disk. */
  if (mood == SIM_DISK_CRASH)
    real->pMethods->xWrite (real, data, length / 2, offset);
  plan.func (plan.user_data);
  if (mood == SIM_DISK_FULL)
    return SQLITE_FULL;
  return mood == SIM_DISK_BROKEN ? SQLITE_IOERR_WRITE : real->pMethods->xWrite (real, data, length, offset);
}

static int
disk_truncate (sqlite3_file  *file,
               sqlite3_int64  size)
{
  return get_real (file)->pMethods->xTruncate (get_real (file), size);
}

static int
disk_sync (sqlite3_file *file,
           int           flags)
{
  return SQLITE_OK;
}

static int
disk_size (sqlite3_file  *file,
           sqlite3_int64 *size)
{
  return get_real (file)->pMethods->xFileSize (get_real (file), size);
}

static int
disk_lock (sqlite3_file *file,
           int           kind)
{
  return get_real (file)->pMethods->xLock (get_real (file), kind);
}

static int
disk_unlock (sqlite3_file *file,
             int           kind)
{
  return get_real (file)->pMethods->xUnlock (get_real (file), kind);
}

static int
disk_check_reserved (sqlite3_file *file,
                     int          *reserved)
{
  return get_real (file)->pMethods->xCheckReservedLock (get_real (file), reserved);
}

static int
disk_control (sqlite3_file *file,
              int           operation,
              void         *argument)
{
  return get_real (file)->pMethods->xFileControl (get_real (file), operation, argument);
}

static int
disk_sector_size (sqlite3_file *file)
{
  return get_real (file)->pMethods->xSectorSize (get_real (file));
}

static int
disk_characteristics (sqlite3_file *file)
{
  return get_real (file)->pMethods->xDeviceCharacteristics (get_real (file));
}

static int
disk_shm_map (sqlite3_file   *file,
              int             page,
              int             size,
              int             extend,
              void volatile **memory)
{
  return get_real (file)->pMethods->xShmMap (get_real (file), page, size, extend, memory);
}

static int
disk_shm_lock (sqlite3_file *file,
               int           offset,
               int           n,
               int           flags)
{
  return get_real (file)->pMethods->xShmLock (get_real (file), offset, n, flags);
}

static void
disk_shm_barrier (sqlite3_file *file)
{
  get_real (file)->pMethods->xShmBarrier (get_real (file));
}

static int
disk_shm_unmap (sqlite3_file *file,
                int           remove)
{
  return get_real (file)->pMethods->xShmUnmap (get_real (file), remove);
}

/* Version 2: without memory maps of the database, so that each write comes by here. */
static const sqlite3_io_methods methods =
{
  .iVersion = 2,
  .xClose = disk_close,
  .xRead = disk_read,
  .xWrite = disk_write,
  .xTruncate = disk_truncate,
  .xSync = disk_sync,
  .xFileSize = disk_size,
  .xLock = disk_lock,
  .xUnlock = disk_unlock,
  .xCheckReservedLock = disk_check_reserved,
  .xFileControl = disk_control,
  .xSectorSize = disk_sector_size,
  .xDeviceCharacteristics = disk_characteristics,
  .xShmMap = disk_shm_map,
  .xShmLock = disk_shm_lock,
  .xShmBarrier = disk_shm_barrier,
  .xShmUnmap = disk_shm_unmap,
};

static int
disk_open (sqlite3_vfs  *vfs,
           const char   *name,
           sqlite3_file *file,
           int           flags,
           int          *out_flags)
{
  DiskFile *self = (DiskFile *)file;
  int rc;

  memset (self, 0, sizeof *self);
  self->real = (sqlite3_file *)(self + 1);
  rc = real_disk->xOpen (real_disk, name, self->real, flags, out_flags);
  if (rc != SQLITE_OK)
    return rc;
  self->watched = (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) != 0;
  self->base.pMethods = &methods;
  return rc;
}

/**
 * sim_disk_install:
 *
 * Makes the disk the one that SQLite uses from now on. Its other functions belong to the same thread.
 */
void
sim_disk_install (void)
{
  if (real_disk != NULL)
    return;

  thread = g_thread_self ();
  real_disk = sqlite3_vfs_find (NULL);
  disk = *real_disk;
  disk.zName = "sim";
  disk.pNext = NULL;
  disk.szOsFile = (int)sizeof (DiskFile) + real_disk->szOsFile;
  disk.xOpen = disk_open;
  g_assert_cmpint (sqlite3_vfs_register (&disk, 1), ==, SQLITE_OK);
}

/**
 * sim_disk_arm:
 * @mood: what is to happen
 * @after: so many writes, or for %SIM_DISK_COMMIT transactions, go well before
 * @times: how many do not, at least 1
 * @func: called each time
 */
void
sim_disk_arm (SimDiskMood  mood,
              guint        after,
              guint        times,
              SimDiskFunc  func,
              gpointer     user_data)
{
  plan.mood = mood;
  plan.after = after;
  plan.times = times;
  plan.func = func;
  plan.user_data = user_data;
}

/** sim_disk_disarm: all goes well from now on. */
void
sim_disk_disarm (void)
{
  plan.mood = SIM_DISK_WELL;
}
