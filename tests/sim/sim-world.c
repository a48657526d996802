/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "sim"

#include "sim-world.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim-check.h"
#include "sim-disk.h"
#include "sim-people.h"
#include "tide-time.h"

#define LINES_KEPT 40

/* A Monday. */
#define BEGINNING "2026-03-02T06:00:00.000Z"

/* How deep requests nest before people leave it alone: each level is a run that waits for the inner ones. */
#define MAX_DEPTH 12

const char * const sim_venues[SIM_N_VENUES] = { "Harbour", "Hill" };

static const struct
{
  const char *host;
  guint       venue;
} accounts[SIM_N_ACCOUNTS] = {
  { "north.sim.example", 0 },
  { "south.sim.example", 0 },
  { "west.sim.example", 1 },
};

static char *data_folder;
static SimWorld *current;

static void
remove_folder (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        remove_folder (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

/* In memory where there is such a folder: the campaign is long, and its databases are of no worth. */
static char *
make_folder (const char *name)
{
  const char *parent = g_access ("/dev/shm", W_OK) == 0 ? "/dev/shm" : g_get_tmp_dir ();
  char *path = g_build_filename (parent, name, NULL);

  if (g_mkdtemp (path) == NULL)
    g_error ("%s: %s", path, g_strerror (errno));
  return path;
}

/**
 * sim_world_init_process:
 *
 * Makes a data folder of the process's own, in which the pretend provider is, and puts the pretend disk below SQLite.
 */
void
sim_world_init_process (void)
{
  g_autofree char *folder = NULL;
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;

  data_folder = make_folder ("tidemark-sim-data-XXXXXX");
  g_setenv ("XDG_DATA_HOME", data_folder, TRUE);
  g_setenv ("SQLITE_TMPDIR", data_folder, TRUE);
  folder = g_build_filename (data_folder, "tidemark", "providers", NULL);
  path = g_build_filename (folder, "sim.json", NULL);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_file_get_contents (SIM_MANIFEST, &text, NULL, &error);
  g_assert_no_error (error);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  sim_disk_install ();
}

void
sim_world_end_process (void)
{
  remove_folder (data_folder);
  g_clear_pointer (&data_folder, g_free);
}

/** sim_world_get_current: (nullable): the one world there is, for whoever has to tell of a sudden end. */
SimWorld *
sim_world_get_current (void)
{
  return current;
}

guint
sim_world_roll (SimWorld *self,
                guint     n)
{
  return g_rand_int_range (self->rand, 0, n);
}

gboolean
sim_world_chance (SimWorld *self,
                  guint     percent)
{
  return sim_world_roll (self, 100) < percent;
}

/** sim_world_now: what the computer's clock shows. */
gint64
sim_world_now (SimWorld *self)
{
  return tide_clock_now (TIDE_CLOCK (self->clock));
}

/** sim_world_find_account: the index of the account that a connection is for. */
int
sim_world_find_account (SimWorld *self,
                        gint64    connection_id)
{
  for (int i = 0; i < SIM_N_ACCOUNTS; i++)
    if (self->connections[i] == connection_id)
      return i;
  sim_world_fail (self, "there is no connection %" G_GINT64_FORMAT, connection_id);
}

static void
sim_world_take_line (SimWorld *self,
                     char     *line)
{
  for (const char *c = line; *c != '\0'; c++)
    self->hash = (self->hash ^ (guchar)*c) * G_GUINT64_CONSTANT (1099511628211);
  self->n_lines++;
  if (self->verbose)
    g_printerr ("%s\n", line);
  g_queue_push_tail (&self->trace, line);
  if (g_queue_get_length (&self->trace) > LINES_KEPT)
    g_free (g_queue_pop_head (&self->trace));
}

/** sim_world_note: a line for the trace, with the true time; indented where requests are under way. */
void
sim_world_note (SimWorld   *self,
                const char *format,
                ...)
{
  g_autofree char *time = tide_time_to_string (sim_clock_get_truth (self->clock));
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  sim_world_take_line (self, g_strdup_printf ("%s %*s%s", time, (int)self->depth * 2, "", text));
}

void
sim_world_print_trace (SimWorld *self)
{
  g_printerr ("# the last lines of seed %u:\n", self->seed);
  for (GList *l = self->trace.head; l != NULL && !self->verbose; l = l->next)
    g_printerr ("#   %s\n", (char *)l->data);
  g_printerr ("# to see it again: simulator --seed %u --verbose\n", self->seed);
}

/** sim_world_fail: tells what is wrong, and in which seed, and ends the process. */
void
sim_world_fail (SimWorld   *self,
                const char *format,
                ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  sim_world_note (self, "WRONG: %s", text);
  g_error ("seed %u: %s", self->seed, text);
}

static SimFault
meet_cb (const char *what,
         gpointer    user_data)
{
  SimWorld *self = user_data;
  SimFault fault = SIM_FAULT_NONE;

  sim_check_look (self->check);
  if (self->calm || self->dying != SIM_FAULT_NONE)
    return SIM_FAULT_NONE;

  self->depth++;
  if (self->depth < MAX_DEPTH && sim_world_chance (self, 8))
    sim_people_act (self->people, TRUE);
  if (self->dying == SIM_FAULT_NONE && sim_world_roll (self, 1000) < 6)
    sim_world_crash (self, SIM_FAULT_CRASH_REQUEST);
  else if (self->dying == SIM_FAULT_NONE && sim_world_chance (self, self->fault_percent))
    {
      fault = sim_fault_choose (self->rand);
      sim_fault_count (fault);
    }
  self->depth--;
  return fault;
}

static void
note_cb (const char *line,
         gpointer    user_data)
{
  SimWorld *self = user_data;

  if (self->dying == SIM_FAULT_NONE)
    sim_world_note (self, "%s", line);
}

/* All that the account has from the beginning. */
static void
fill_account (SimWorld   *self,
              SimAccount *account)
{
  static const guint most[SIM_N_STREAMS] = { 3, 28, 30, 20, 14 };
  gint64 now = sim_clock_get_truth (self->clock);

  for (SimStream stream = 0; stream < SIM_N_STREAMS; stream++)
    {
      guint n_records = stream == SIM_LOCATIONS ? 2 : most[stream] / 3 + sim_world_roll (self, most[stream]);

      for (guint i = 0; i < n_records; i++)
        sim_account_add (account, stream, now - (n_records - i) * TIDE_HOUR, 0,
                         stream == SIM_ORDERS ? 1 + i % account->books[SIM_LOCATIONS]->len : 0);
    }
}

static void
sim_world_listen (SimWorld *self)
{
  sim_check_watch (self->check, self->engine);
}

/**
 * sim_world_open:
 *
 * Opens the engine on the world's folder. What it does at once it does at the next step.
 */
void
sim_world_open (SimWorld *self)
{
  g_autoptr(GError) error = NULL;

  self->engine = tide_engine_open_full (self->folder, TIDE_ENGINE_SCHEDULES | TIDE_ENGINE_IN_LINE,
                                        TIDE_CLOCK (self->clock), TIDE_TRANSPORT (self->transport),
                                        TIDE_KEYRING (self->keyring), &error);
  if (self->engine == NULL)
    sim_world_fail (self, "the engine does not open: %s", error->message);
  sim_world_listen (self);
}

/* The engine is put out of the way, whatever state it is in. */
static void
sim_world_bury (SimWorld *self)
{
  sim_check_unwatch (self->check);
  tide_engine_close (self->engine);
  g_assert_finalize_object (g_steal_pointer (&self->engine));
}

/** sim_world_restart: closes the engine as its owner does, and opens it again. Not while a request is under way. */
void
sim_world_restart (SimWorld *self)
{
  g_assert_cmpuint (self->depth, ==, 0);
  sim_world_note (self, "the program is closed and opened again");
  sim_fault_count (SIM_FAULT_RESTART);
  tide_engine_close (self->engine);
  sim_world_bury (self);
  sim_disk_disarm ();
  /* It may have been killed at its very last write. */
  if (self->dying != SIM_FAULT_NONE)
    return;
  sim_people_forget (self->people);
  self->trouble = FALSE;
  sim_world_open (self);
  if (self->checked)
    sim_check_opened (self->check);
}

/* Byte by byte as it is on the disk; but not what the dead program only had in memory. */
static void
copy_file (const char *from,
           const char *to,
           const char *name)
{
  g_autofree char *source = g_build_filename (from, name, NULL);
  g_autofree char *target = g_build_filename (to, name, NULL);
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  gsize length;

  g_file_get_contents (source, &text, &length, &error);
  g_assert_no_error (error);
  g_file_set_contents_full (target, text, length, G_FILE_SET_CONTENTS_NONE, 0600, &error);
  g_assert_no_error (error);
}

static gboolean
survives_crash (const char *path,
                const char *name)
{
  g_autofree char *full = g_build_filename (path, name, NULL);

  return g_file_test (full, G_FILE_TEST_IS_REGULAR) && !g_str_has_suffix (name, "-shm") &&
         !g_str_has_suffix (name, ".lock");
}

/**
 * sim_world_crash:
 *
 * The program is killed at this instant. What it goes on doing until it is out of the way does not count: the world
 * goes on with what was on the disk.
 */
void
sim_world_crash (SimWorld *self,
                 SimFault  kind)
{
  g_autoptr(GDir) dir = NULL;
  const char *name;

  if (self->dying != SIM_FAULT_NONE)
    return;

  sim_world_note (self, "the program is killed: %s", sim_fault_to_name (kind));
  sim_fault_count (kind);
  self->dying = kind;
  self->copy = g_strdup_printf ("%s/%u", self->base, ++self->generation);
  g_assert_cmpint (g_mkdir (self->copy, 0700), ==, 0);
  dir = g_dir_open (self->folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    if (survives_crash (self->folder, name))
      copy_file (self->folder, self->copy, name);
  sim_check_unwatch (self->check);
  sim_clock_freeze (self->clock, TRUE);
}

/** sim_world_revive: if the program was killed, it is started again. Not while a request is under way. */
void
sim_world_revive (SimWorld *self)
{
  if (self->dying == SIM_FAULT_NONE)
    return;

  g_assert_cmpuint (self->depth, ==, 0);
  sim_disk_disarm ();
  if (self->engine != NULL)
    sim_world_bury (self);
  remove_folder (self->folder);
  g_free (self->folder);
  self->folder = g_steal_pointer (&self->copy);
  sim_people_forget (self->people);
  sim_clock_freeze (self->clock, FALSE);
  self->dying = SIM_FAULT_NONE;
  self->trouble = FALSE;
  sim_world_note (self, "the program is started again");
  sim_world_open (self);
  sim_check_opened (self->check);
}

static void
sim_world_connect (SimWorld *self,
                   guint     i)
{
  g_autoptr(GHashTable) secrets = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *url = g_strdup_printf ("https://%s", accounts[i].host);
  g_autoptr(GError) error = NULL;
  g_autoptr(TideVenue) venue = tide_engine_find_venue (self->engine, sim_venues[accounts[i].venue], &error);
  g_autoptr(TideConnection) added = NULL;
  TideConnection connection = { .provider = (char *)"sim", .name = (char *)accounts[i].host,
                                .environment = (char *)"sandbox", .base_url = url };

  g_assert_no_error (error);
  connection.venue_id = venue->id;
  g_hash_table_insert (secrets, (gpointer)"token", self->accounts[i]->token);
  added = tide_engine_connect (self->engine, &connection, secrets, NULL, &error);
  g_assert_no_error (error);
  self->connections[i] = added->id;
}

static void
sim_world_set_up (SimWorld *self)
{
  for (guint i = 0; i < SIM_N_VENUES; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(TideVenue) venue = tide_engine_add_venue (self->engine, sim_venues[i], "Europe/Rome", &error);

      g_assert_no_error (error);
    }
  for (guint i = 0; i < SIM_N_ACCOUNTS; i++)
    sim_world_connect (self, i);
}

/**
 * sim_world_new:
 * @verbose: whether to print the trace as it grows
 *
 * Returns: (transfer full): a world on its first morning, calm, with its connections made, and with nobody who checks
 *    anything before sim_world_watch()
 */
SimWorld *
sim_world_new (guint    seed,
               gboolean verbose)
{
  static const SimTransportFuncs funcs = { .meet = meet_cb, .note = note_cb };
  SimWorld *self = g_new0 (SimWorld, 1);

  g_assert_null (current);
  current = self;
  g_random_set_seed (seed);
  self->seed = seed;
  self->verbose = verbose;
  self->calm = TRUE;
  self->hash = G_GUINT64_CONSTANT (14695981039346656037);
  self->rand = g_rand_new_with_seed (seed);
  self->clock = sim_clock_new (tide_time_parse (BEGINNING, -1));
  self->keyring = tide_memory_keyring_new ();
  self->transport = sim_transport_new (self->clock, self->rand, &funcs, self);
  for (guint i = 0; i < SIM_N_ACCOUNTS; i++)
    {
      self->accounts[i] = sim_account_new (accounts[i].host, "token-0");
      fill_account (self, self->accounts[i]);
      sim_transport_add_account (self->transport, self->accounts[i]);
    }
  self->base = make_folder ("tidemark-sim-XXXXXX");
  self->folder = g_strdup_printf ("%s/0", self->base);
  self->check = sim_check_new (self);
  self->people = sim_people_new (self);
  sim_world_open (self);
  sim_world_set_up (self);
  return self;
}

/** sim_world_watch: from now on it is checked what must always hold. */
void
sim_world_watch (SimWorld *self)
{
  self->checked = TRUE;
  sim_check_opened (self->check);
}

void
sim_world_free (SimWorld *self)
{
  sim_world_revive (self);
  sim_world_bury (self);
  sim_people_free (self->people);
  sim_check_free (self->check);
  g_object_unref (self->transport);
  for (guint i = 0; i < SIM_N_ACCOUNTS; i++)
    sim_account_free (self->accounts[i]);
  g_object_unref (self->keyring);
  g_assert_finalize_object (self->clock);
  g_rand_free (self->rand);
  remove_folder (self->base);
  g_free (self->base);
  g_free (self->folder);
  g_queue_clear_full (&self->trace, g_free);
  current = NULL;
  g_free (self);
}
