/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-credentials"

#include "config.h"

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "tide-error.h"
#include "tide-memory-keyring.h"
#include "tide-secret-keyring.h"

#define WORKSPACE "0195-workspace"
#define VALUE "s3cret-ü-☕"
#define DEADLINE (20 * G_USEC_PER_SEC)

/* Each situation is a session of its own, and GDBus knows only one a process: so the keyring
 * is used in a process started for the test ("--situation NAME"), which answers by its exit. */
typedef struct
{
  GTestDBus   *bus;
  GSubprocess *daemon;        /* (nullable) */
  char        *home;
} Session;

static void
remove_tree (const char *path)
{
  const char *argv[] = { "rm", "-rf", path, NULL };

  g_assert_true (g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL));
}

static gboolean
have_daemon (void)
{
  g_autofree char *path = g_find_program_in_path ("gnome-keyring-daemon");

  if (path == NULL)
    g_test_skip ("gnome-keyring-daemon is not installed");
  return path != NULL;
}

/* On the private bus, from a connection of its own. */
static gboolean
has_owner (const char *address)
{
  g_autoptr(GDBusConnection) connection =
    g_dbus_connection_new_for_address_sync (address,
                                            G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                            G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                            NULL, NULL, NULL);
  g_autoptr(GVariant) answer = NULL;
  gboolean owned = FALSE;

  g_assert_nonnull (connection);
  answer = g_dbus_connection_call_sync (connection, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                        "org.freedesktop.DBus", "NameHasOwner",
                                        g_variant_new ("(s)", "org.freedesktop.secrets"),
                                        G_VARIANT_TYPE ("(b)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
  g_assert_nonnull (answer);
  g_variant_get (answer, "(b)", &owned);
  return owned;
}

/* @password: what the keyring is unlocked with, or %NULL to leave it as it is */
static GSubprocess *
start_daemon (const char *home,
              const char *address,
              const char *password)
{
  g_autoptr(GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE |
                               G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  gint64 deadline = g_get_monotonic_time () + DEADLINE;
  g_autoptr(GError) error = NULL;
  GSubprocess *daemon;

  g_subprocess_launcher_setenv (launcher, "HOME", home, TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_DATA_HOME", home, TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_RUNTIME_DIR", home, TRUE);
  g_subprocess_launcher_setenv (launcher, "DBUS_SESSION_BUS_ADDRESS", address, TRUE);
  g_subprocess_launcher_unsetenv (launcher, "GNOME_KEYRING_CONTROL");
  /* It warns about trifles, and those are not ours to die of. */
  g_subprocess_launcher_unsetenv (launcher, "G_DEBUG");
  daemon = g_subprocess_launcher_spawn (launcher, &error, "gnome-keyring-daemon", "--foreground",
                                        "--components=secrets", password != NULL ? "--unlock" : NULL, NULL);
  g_assert_no_error (error);

  if (password != NULL)
    {
      GOutputStream *input = g_subprocess_get_stdin_pipe (daemon);

      g_assert_true (g_output_stream_write_all (input, password, strlen (password), NULL, NULL, NULL));
      g_assert_true (g_output_stream_close (input, NULL, NULL));
    }

  while (!has_owner (address))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_usleep (5000);
    }
  return daemon;
}

static void
stop_daemon (GSubprocess *daemon)
{
  g_subprocess_send_signal (daemon, SIGTERM);
  g_assert_true (g_subprocess_wait (daemon, NULL, NULL));
  g_object_unref (daemon);
}

static Session *
session_new (void)
{
  Session *session = g_new0 (Session, 1);

  session->home = g_dir_make_tmp ("tidemark-credentials-XXXXXX", NULL);
  g_assert_nonnull (session->home);
  session->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (session->bus);
  return session;
}

static void
session_start (Session    *session,
               const char *password)
{
  session->daemon = start_daemon (session->home, g_test_dbus_get_bus_address (session->bus), password);
}

static void
session_stop (Session *session)
{
  stop_daemon (g_steal_pointer (&session->daemon));
}

static void
session_free (Session *session)
{
  if (session->daemon != NULL)
    session_stop (session);
  g_test_dbus_down (session->bus);
  g_object_unref (session->bus);
  remove_tree (session->home);
  g_free (session->home);
  g_free (session);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Session, session_free)

/* @session: %NULL for a process without a session bus */
static void
run_situation (Session    *session,
               const char *situation)
{
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GError) error = NULL;

  g_subprocess_launcher_unsetenv (launcher, "DISPLAY");
  if (session != NULL)
    {
      g_subprocess_launcher_setenv (launcher, "DBUS_SESSION_BUS_ADDRESS",
                                    g_test_dbus_get_bus_address (session->bus), TRUE);
      g_subprocess_launcher_setenv (launcher, "XDG_RUNTIME_DIR", session->home, TRUE);
    }
  else
    {
      g_subprocess_launcher_unsetenv (launcher, "DBUS_SESSION_BUS_ADDRESS");
      g_subprocess_launcher_setenv (launcher, "XDG_RUNTIME_DIR", "/nonexistent", TRUE);
    }

  process = g_subprocess_launcher_spawn (launcher, &error, "/proc/self/exe", "--situation", situation, NULL);
  g_assert_no_error (error);
  g_subprocess_wait_check (process, NULL, &error);
  g_assert_no_error (error);
}

static TideKeyring *
new_keyring (void)
{
  return TIDE_KEYRING (tide_secret_keyring_new ());
}

static void
assert_stored (TideKeyring *keyring,
               const char  *connection,
               const char  *name,
               const char  *value)
{
  g_autoptr(GError) error = NULL;

  tide_keyring_store (keyring, WORKSPACE, connection, name, "Tidemark: café", value, NULL, &error);
  g_assert_no_error (error);
}

static void
assert_secret (TideKeyring *keyring,
               const char  *connection,
               const char  *name,
               const char  *value)
{
  g_autoptr(GError) error = NULL;
  char *found = tide_keyring_lookup (keyring, WORKSPACE, connection, name, NULL, &error);

  if (value != NULL)
    g_assert_no_error (error);
  else
    g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND);
  g_assert_cmpstr (found, ==, value);
  tide_secret_free (found);
}

/* What every keyring must do. */
static void
exercise (TideKeyring *keyring)
{
  g_autoptr(GError) error = NULL;

  assert_secret (keyring, "1", "access_token", NULL);
  assert_stored (keyring, "1", "access_token", VALUE);
  assert_secret (keyring, "1", "access_token", VALUE);
  assert_stored (keyring, "1", "access_token", "another");
  assert_secret (keyring, "1", "access_token", "another");
  assert_stored (keyring, "1", "refresh_token", "r");
  assert_stored (keyring, "10", "access_token", "ten");

  g_assert_true (tide_keyring_remove (keyring, WORKSPACE, "1", "refresh_token", NULL, &error));
  g_assert_no_error (error);
  g_assert_false (tide_keyring_remove (keyring, WORKSPACE, "1", "refresh_token", NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (tide_keyring_lookup (keyring, "another workspace", "1", "access_token", NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND);
  g_clear_error (&error);

  assert_stored (keyring, "1", "refresh_token", "r");
  g_assert_true (tide_keyring_remove_all (keyring, WORKSPACE, "1", NULL, &error));
  g_assert_no_error (error);
  assert_secret (keyring, "1", "access_token", NULL);
  assert_secret (keyring, "1", "refresh_token", NULL);
  assert_secret (keyring, "10", "access_token", "ten");
  g_assert_true (tide_keyring_remove_all (keyring, WORKSPACE, "1", NULL, &error));
  g_assert_no_error (error);
}

static void
exercise_refusals (TideKeyring *keyring)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  g_assert_false (tide_keyring_store (keyring, WORKSPACE, "2", "token", "label", "", NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (tide_keyring_store (keyring, WORKSPACE, "2", "token", "label", "\xff", NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
  g_assert_null (strstr (error->message, "\xff"));
  g_clear_error (&error);

  g_cancellable_cancel (cancellable);
  g_assert_null (tide_keyring_lookup (keyring, WORKSPACE, "2", "token", cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_memory (void)
{
  g_autoptr(TideMemoryKeyring) keyring = tide_memory_keyring_new ();
  g_autoptr(GError) error = NULL;

  exercise (TIDE_KEYRING (keyring));
  exercise_refusals (TIDE_KEYRING (keyring));
  g_assert_cmpuint (tide_memory_keyring_get_size (keyring), ==, 1);

  tide_memory_keyring_set_broken (keyring, TRUE);
  g_assert_null (tide_keyring_lookup (TIDE_KEYRING (keyring), WORKSPACE, "10", "access_token", NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NO_KEYRING);
}

static gpointer
worker (gpointer data)
{
  g_autofree char *connection = g_strdup_printf ("thread %p", (void *)g_thread_self ());

  assert_stored (data, connection, "access_token", connection);
  assert_secret (data, connection, "access_token", connection);
  return NULL;
}

static void
situation_works (void)
{
  g_autoptr(TideKeyring) keyring = new_keyring ();
  g_autoptr(GError) error = NULL;
  GThread *threads[4];

  g_assert_true (tide_secret_keyring_probe (TIDE_SECRET_KEYRING (keyring), NULL, &error));
  g_assert_no_error (error);
  exercise (keyring);
  exercise_refusals (keyring);

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("worker", worker, keyring);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_finalize_object (g_steal_pointer (&keyring));
}

static void
situation_store (void)
{
  g_autoptr(TideKeyring) keyring = new_keyring ();

  assert_stored (keyring, "1", "access_token", VALUE);
}

static void
situation_stored (void)
{
  g_autoptr(TideKeyring) keyring = new_keyring ();

  assert_secret (keyring, "1", "access_token", VALUE);
}

/* The service goes and comes back while a program has a session with it. */
static void
situation_restart (void)
{
  g_autofree char *home = g_dir_make_tmp ("tidemark-credentials-XXXXXX", NULL);
  const char *address = g_getenv ("DBUS_SESSION_BUS_ADDRESS");
  g_autoptr(TideKeyring) keyring = new_keyring ();
  g_autoptr(GError) error = NULL;
  GSubprocess *daemon = start_daemon (home, address, "password");

  assert_stored (keyring, "1", "access_token", VALUE);
  assert_secret (keyring, "1", "access_token", VALUE);
  stop_daemon (daemon);
  g_assert_null (tide_keyring_lookup (keyring, WORKSPACE, "1", "access_token", NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NO_KEYRING);

  daemon = start_daemon (home, address, "password");
  assert_secret (keyring, "1", "access_token", VALUE);
  stop_daemon (daemon);
  daemon = start_daemon (home, address, "password");
  assert_secret (keyring, "1", "access_token", VALUE);
  assert_stored (keyring, "1", "access_token", "new");
  stop_daemon (daemon);
  remove_tree (home);
}

static void
assert_no_keyring (GError     *error,
                   const char *hint)
{
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NO_KEYRING);
  g_assert_nonnull (strstr (error->message, hint));
  g_assert_null (strstr (error->message, VALUE));
  g_error_free (error);
}

/* Nothing works, and each call says @hint. */
static void
assert_all_fail (const char *hint)
{
  g_autoptr(TideKeyring) keyring = new_keyring ();
  GError *error = NULL;

  g_assert_false (tide_secret_keyring_probe (TIDE_SECRET_KEYRING (keyring), NULL, &error));
  assert_no_keyring (g_steal_pointer (&error), hint);
  g_assert_false (tide_keyring_store (keyring, WORKSPACE, "1", "access_token", "label", VALUE, NULL, &error));
  assert_no_keyring (g_steal_pointer (&error), hint);
  g_assert_null (tide_keyring_lookup (keyring, WORKSPACE, "1", "access_token", NULL, &error));
  assert_no_keyring (g_steal_pointer (&error), hint);
  g_assert_false (tide_keyring_remove (keyring, WORKSPACE, "1", "access_token", NULL, &error));
  assert_no_keyring (g_steal_pointer (&error), hint);
  g_assert_false (tide_keyring_remove_all (keyring, WORKSPACE, "1", NULL, &error));
  assert_no_keyring (g_steal_pointer (&error), hint);
}

static void
situation_no_bus (void)
{
  assert_all_fail ("dbus-run-session");
}

static void
situation_no_service (void)
{
  assert_all_fail ("install and start gnome-keyring");
}

static void
situation_locked (void)
{
  assert_all_fail ("unlock it");
}

/* Nobody has ever kept anything here, so nothing can be found; and without a display nobody can be
 * asked for a new keyring's password. */
static void
situation_fresh (void)
{
  g_autoptr(TideKeyring) keyring = new_keyring ();
  GError *error = NULL;

  g_assert_false (tide_secret_keyring_probe (TIDE_SECRET_KEYRING (keyring), NULL, &error));
  assert_no_keyring (g_steal_pointer (&error), "log in to the desktop once");
  assert_secret (keyring, "1", "access_token", NULL);
  g_assert_false (tide_keyring_store (keyring, WORKSPACE, "1", "access_token", "label", VALUE, NULL, &error));
  assert_no_keyring (g_steal_pointer (&error), "log in to the desktop once");
  g_assert_true (tide_keyring_remove_all (keyring, WORKSPACE, "1", NULL, &error));
  g_assert_no_error (error);
}

static void
test_no_bus (void)
{
  run_situation (NULL, "no-bus");
}

static void
test_no_service (void)
{
  g_autoptr(Session) session = session_new ();

  run_situation (session, "no-service");
}

static void
test_works (void)
{
  g_autoptr(Session) session = NULL;

  if (!have_daemon ())
    return;
  session = session_new ();
  session_start (session, "password");
  run_situation (session, "works");
}

static void
test_restart (void)
{
  g_autoptr(Session) session = NULL;

  if (!have_daemon ())
    return;
  session = session_new ();
  run_situation (session, "restart");
}

/* @password: with which the keyring is (not) opened the second time */
static void
test_locked (gconstpointer password)
{
  g_autoptr(Session) session = NULL;

  if (!have_daemon ())
    return;
  session = session_new ();
  session_start (session, "password");
  run_situation (session, "store");
  session_stop (session);

  session_start (session, password);
  run_situation (session, "locked");
  session_stop (session);

  session_start (session, "password");
  run_situation (session, "stored");
}

static void
test_fresh (void)
{
  g_autoptr(Session) session = NULL;

  if (!have_daemon ())
    return;
  session = session_new ();
  session_start (session, NULL);
  run_situation (session, "fresh");
}

static const struct
{
  const char  *name;
  void       (*func) (void);
} situations[] = {
  { "works", situation_works },
  { "store", situation_store },
  { "stored", situation_stored },
  { "restart", situation_restart },
  { "no-bus", situation_no_bus },
  { "no-service", situation_no_service },
  { "locked", situation_locked },
  { "fresh", situation_fresh },
};

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; argc == 3 && i < G_N_ELEMENTS (situations); i++)
    if (g_str_equal (argv[2], situations[i].name))
      {
        situations[i].func ();
        return 0;
      }

  g_test_add_func ("/credentials/memory", test_memory);
  g_test_add_func ("/credentials/works", test_works);
  g_test_add_func ("/credentials/restart", test_restart);
  g_test_add_func ("/credentials/no-bus", test_no_bus);
  g_test_add_func ("/credentials/no-service", test_no_service);
  g_test_add_data_func ("/credentials/locked", NULL, test_locked);
  g_test_add_data_func ("/credentials/wrong-password", "wrong", test_locked);
  g_test_add_func ("/credentials/fresh", test_fresh);

  return g_test_run ();
}
