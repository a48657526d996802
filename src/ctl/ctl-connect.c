/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemarkctl"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "ctl-json.h"
#include "ctl-output.h"
#include "ctl-secret.h"
#include "ctl.h"
#include "tide-error.h"

static char *option_venue;
static char *option_name;
static char *option_environment;
static char *option_base_url;
static char **option_settings;
static char **option_secrets;
static gboolean option_no_test;
static gboolean option_delete_data;
static gboolean option_yes;

static const GOptionEntry connect_entries[] = {
  { "venue", 0, 0, G_OPTION_ARG_STRING, &option_venue, N_("Whose account it is"), N_("VENUE") },
  { "name", 0, 0, G_OPTION_ARG_STRING, &option_name, N_("What to call it (default: provider and venue)"), N_("NAME") },
  { "environment", 0, 0, G_OPTION_ARG_STRING, &option_environment, N_("production (default) or sandbox"), N_("ENVIRONMENT") },
  { "base-url", 0, 0, G_OPTION_ARG_STRING, &option_base_url, N_("Where it is, instead of the provider's own address"), N_("URL") },
  { "set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &option_settings, N_("A setting that the provider asks for"), N_("KEY=VALUE") },
  { "secret", 0, 0, G_OPTION_ARG_STRING_ARRAY, &option_secrets, N_("A secret, read from standard input, a line each"), N_("KEY=-") },
  { "no-test", 0, 0, G_OPTION_ARG_NONE, &option_no_test, N_("Connect without asking the provider whether the login works"), NULL },
  { NULL }
};

static const GOptionEntry sign_in_entries[] = {
  { "secret", 0, 0, G_OPTION_ARG_STRING_ARRAY, &option_secrets, N_("A secret, read from standard input, a line each"), N_("KEY=-") },
  { "no-test", 0, 0, G_OPTION_ARG_NONE, &option_no_test, N_("Keep it without asking the provider whether it works"), NULL },
  { NULL }
};

static const GOptionEntry disconnect_entries[] = {
  { "delete-data", 0, 0, G_OPTION_ARG_NONE, &option_delete_data, N_("Delete the records it brought, too"), NULL },
  { "yes", 'y', 0, G_OPTION_ARG_NONE, &option_yes, N_("Do not ask"), NULL },
  { NULL }
};

static void
add_connection_json (CtlJson              *json,
                     const char           *name,
                     const TideConnection *connection,
                     const char           *venue)
{
  ctl_json_begin_object (json, name);
  ctl_json_add_int (json, "id", connection->id);
  ctl_json_add_string (json, "name", connection->name);
  ctl_json_add_string (json, "provider", connection->provider);
  ctl_json_add_string (json, "venue", venue);
  ctl_json_add_string (json, "environment", connection->environment);
  ctl_json_add_string (json, "baseUrl", connection->base_url);
  ctl_json_add_raw (json, "settings", connection->settings);
  ctl_json_add_string (json, "account", connection->account);
  ctl_json_add_time (json, "createdAt", connection->created_at);
  ctl_json_end_object (json);
}

/* Returns: (transfer full) (nullable): the settings as a JSON object, %NULL without any or with @error set */
static char *
make_settings (GError **error)
{
  g_autoptr(CtlJson) json = ctl_json_new ();

  if (option_settings == NULL)
    return NULL;
  ctl_json_begin_object (json, NULL);
  for (gsize i = 0; option_settings[i] != NULL; i++)
    {
      const char *equals = strchr (option_settings[i], '=');
      g_autofree char *key = equals != NULL ? g_strndup (option_settings[i], (gsize)(equals - option_settings[i])) : NULL;

      if (key == NULL || *key == '\0')
        {
          g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, _("--set %s: wants KEY=VALUE"), option_settings[i]);
          return NULL;
        }
      ctl_json_add_string (json, key, equals + 1);
    }
  ctl_json_end_object (json);
  return g_strdup (ctl_json_get_text (json));
}

static const char *
find_label (const TideProviderInfo *info,
            const char             *name)
{
  for (guint i = 0; i < info->secrets->len; i++)
    {
      const TideSecretInfo *secret = g_ptr_array_index (info->secrets, i);

      if (g_str_equal (secret->name, name))
        return secret->label;
    }
  return NULL;
}

/* Returns: (transfer full) (nullable): what is wrong with a --set, if the provider knows no such setting */
static char *
refuse_setting (const TideProviderInfo *info,
                const char             *option)
{
  g_autofree char *key = g_strndup (option, strcspn (option, "="));
  g_autoptr(GString) known = g_string_new (NULL);

  for (guint i = 0; i < info->settings->len; i++)
    {
      const TideSettingInfo *setting = g_ptr_array_index (info->settings, i);

      if (g_str_equal (setting->name, key))
        return NULL;
      g_string_append_printf (known, "%s%s", i > 0 ? ", " : "", setting->name);
    }
  if (known->len == 0)
    return g_strdup_printf (_("--set %s: %s has no settings"), key, info->name);
  return g_strdup_printf (_("--set %s: %s has no setting of that name; it has %s"), key, info->name, known->str);
}

/* Returns: (transfer full) (nullable): what is wrong with the options, for this provider */
static char *
refuse_options (Ctl                    *ctl,
                const TideProviderInfo *info,
                GPtrArray              *names)
{
  const TideSecretInfo *first = info->secrets->len > 0 ? g_ptr_array_index (info->secrets, 0) : NULL;

  for (gsize i = 0; option_settings != NULL && option_settings[i] != NULL; i++)
    {
      char *refusal = refuse_setting (info, option_settings[i]);

      if (refusal != NULL)
        return refusal;
    }
  for (guint i = 0; i < names->len; i++)
    if (find_label (info, g_ptr_array_index (names, i)) == NULL)
      return g_strdup_printf (_("%s knows no secret “%s”"), info->name, (char *)g_ptr_array_index (names, i));
  if (names->len == 0 && first != NULL && !ctl->interactive)
    return g_strdup_printf (_("%s needs a secret: --secret %s=- and the %s on standard input"),
                            info->name, first->name, first->label);
  return NULL;
}

/* @names: those that --secret named; without any, all that the provider wants are asked for */
static gboolean
read_secrets (Ctl                     *ctl,
              const TideProviderInfo  *info,
              GPtrArray               *names,
              GHashTable              *secrets,
              GError                 **error)
{
  for (guint i = 0; names->len == 0 && i < info->secrets->len; i++)
    {
      const TideSecretInfo *secret = g_ptr_array_index (info->secrets, i);

      if (!ctl_secrets_read (ctl, secrets, secret->name, secret->label, error))
        return FALSE;
    }

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);

      if (!ctl_secrets_read (ctl, secrets, name, find_label (info, name), error))
        return FALSE;
    }
  return TRUE;
}

static void
print_test (Ctl                  *ctl,
            const TideTestResult *result)
{
  ctl_note (ctl, _("The login works: %s."), result->account != NULL ? result->account : _("the account has no name"));
  for (gsize i = 0; result->details != NULL && result->details[i] != NULL; i++)
    ctl_note (ctl, "  %s", result->details[i]);
  for (gsize i = 0; result->missing != NULL && result->missing[i] != NULL; i++)
    ctl_note (ctl, _("  Not permitted: %s"), result->missing[i]);
}

/* A wrong login is found out before anything is kept. */
static TideConnection *
test_and_connect (Ctl             *ctl,
                  TideEngine      *engine,
                  TideConnection  *wanted,
                  GHashTable      *secrets,
                  GError         **error)
{
  g_autoptr(TideTestResult) result = NULL;

  if (!option_no_test)
    {
      result = tide_engine_test (engine, wanted, secrets, ctl->cancellable, error);
      if (result == NULL)
        return NULL;
      print_test (ctl, result);
      wanted->account = result->account;
    }
  return tide_engine_connect (engine, wanted, secrets, ctl->cancellable, error);
}

static TideConnection *
connect_with_secrets (Ctl                     *ctl,
                      TideEngine              *engine,
                      const TideProviderInfo  *info,
                      GHashTable              *secrets,
                      const char              *settings,
                      GError                 **error)
{
  g_autoptr(TideVenue) venue = tide_engine_find_venue (engine, option_venue, error);
  g_autofree char *name = NULL;
  TideConnection wanted = { 0 };

  if (venue == NULL)
    return NULL;
  name = option_name != NULL ? g_strdup (option_name) : g_strdup_printf ("%s %s", info->name, venue->name);
  wanted.venue_id = venue->id;
  wanted.provider = info->id;
  wanted.name = name;
  wanted.environment = (char *)(option_environment != NULL ? option_environment : "production");
  wanted.base_url = option_base_url;
  wanted.settings = (char *)settings;
  return test_and_connect (ctl, engine, &wanted, secrets, error);
}

static int
report_connect (Ctl                  *ctl,
                const TideConnection *connection)
{
  g_autoptr(CtlJson) json = ctl_json_new ();

  ctl_note (ctl, _("Connected as “%s”. Bring its records here: tidemarkctl sync \"%s\""),
            connection->name, connection->name);
  if (!ctl->json)
    return CTL_DONE;
  add_connection_json (json, NULL, connection, option_venue);
  ctl_json_print (json);
  return CTL_DONE;
}

static int
connect_provider (Ctl        *ctl,
                  TideEngine *engine,
                  const char *provider,
                  GPtrArray  *names,
                  const char *settings)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideProviderInfo) info = tide_engine_find_provider (engine, provider, &error);
  g_autoptr(GHashTable) secrets = ctl_secrets_new ();
  g_autofree char *refusal = info != NULL ? refuse_options (ctl, info, names) : NULL;
  g_autoptr(TideConnection) connection = NULL;

  if (refusal != NULL)
    return ctl_usage (ctl, "%s", refusal);
  if (info == NULL || !read_secrets (ctl, info, names, secrets, &error))
    return ctl_fail (ctl, error);
  connection = connect_with_secrets (ctl, engine, info, secrets, settings, &error);
  if (connection != NULL)
    return report_connect (ctl, connection);
  /* What makes no sense about a connection was an option: its name, its address. */
  if (g_error_matches (error, TIDE_ERROR, TIDE_ERROR_INVALID))
    return ctl_usage (ctl, "%s", error->message);
  ctl_advise (ctl, error, TIDE_ERROR_PROVIDER,
              _("Nothing was kept. Look at the network and the address (--base-url), and try again later."));
  return ctl_fail (ctl, error);
}

static int
connect_run (Ctl   *ctl,
             char **args)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GError) error = NULL;
  g_autofree char *settings = NULL;
  g_autoptr(TideEngine) engine = NULL;

  if (option_venue == NULL)
    return ctl_usage (ctl, _("a connection belongs to a venue: --venue NAME"));
  if (option_environment != NULL && !g_str_equal (option_environment, "production") &&
      !g_str_equal (option_environment, "sandbox"))
    return ctl_usage (ctl, _("--environment %s: is neither production nor sandbox"), option_environment);
  if (!ctl_secrets_parse (ctl, option_secrets, names, &error))
    return ctl_usage (ctl, "%s", error->message);
  settings = make_settings (&error);
  if (error != NULL)
    return ctl_usage (ctl, "%s", error->message);

  engine = ctl_open (ctl, TIDE_ENGINE_NONE, &error);
  if (engine == NULL)
    return ctl_fail (ctl, error);
  return connect_provider (ctl, engine, args[0], names, settings);
}

static gboolean
test_and_replace (Ctl                   *ctl,
                  TideEngine            *engine,
                  const TideConnection  *connection,
                  GHashTable            *secrets,
                  GError               **error)
{
  g_autoptr(TideTestResult) result = NULL;

  if (!option_no_test)
    {
      result = tide_engine_test (engine, connection, secrets, ctl->cancellable, error);
      if (result == NULL)
        return FALSE;
      print_test (ctl, result);
    }
  return tide_engine_replace_secrets (engine, connection->id, secrets, ctl->cancellable, error);
}

static int
print_signed_in (Ctl                  *ctl,
                 const TideConnection *connection)
{
  g_autoptr(CtlJson) json = ctl_json_new ();

  if (!ctl->json)
    return CTL_DONE;
  ctl_json_begin_object (json, NULL);
  ctl_json_add_int (json, "id", connection->id);
  ctl_json_add_string (json, "name", connection->name);
  ctl_json_add_string (json, "provider", connection->provider);
  ctl_json_end_object (json);
  ctl_json_print (json);
  return CTL_DONE;
}

static int
sign_in (Ctl        *ctl,
         TideEngine *engine,
         const char *name,
         GPtrArray  *names)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideConnection) connection = tide_engine_find_connection (engine, name, &error);
  g_autoptr(TideProviderInfo) info = connection != NULL
                                     ? tide_engine_find_provider (engine, connection->provider, &error) : NULL;
  g_autoptr(GHashTable) secrets = ctl_secrets_new ();
  g_autofree char *refusal = info != NULL ? refuse_options (ctl, info, names) : NULL;

  if (refusal != NULL)
    return ctl_usage (ctl, "%s", refusal);
  if (info == NULL || !read_secrets (ctl, info, names, secrets, &error) ||
      !test_and_replace (ctl, engine, connection, secrets, &error))
    {
      ctl_advise (ctl, error, TIDE_ERROR_AUTH, _("The login that was there is kept. Get a valid one from the provider, and try again."));
      return ctl_fail (ctl, error);
    }
  ctl_note (ctl, _("Signed in again. What the old login had stopped goes on by: tidemarkctl sync \"%s\""), connection->name);
  return print_signed_in (ctl, connection);
}

static int
sign_in_run (Ctl   *ctl,
             char **args)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GError) error = NULL;
  g_autoptr(TideEngine) engine = NULL;

  if (!ctl_secrets_parse (ctl, option_secrets, names, &error))
    return ctl_usage (ctl, "%s", error->message);
  engine = ctl_open (ctl, TIDE_ENGINE_NONE, &error);
  return engine != NULL ? sign_in (ctl, engine, args[0], names) : ctl_fail (ctl, error);
}

static const char *
find_venue_name (GPtrArray *venues,
                 gint64     id)
{
  for (guint i = 0; i < venues->len; i++)
    {
      const TideVenue *venue = g_ptr_array_index (venues, i);

      if (venue->id == id)
        return venue->name;
    }
  return NULL;
}

static void
print_connections_json (GPtrArray *connections,
                        GPtrArray *venues)
{
  g_autoptr(CtlJson) json = ctl_json_new ();

  ctl_json_begin_object (json, NULL);
  ctl_json_begin_array (json, "connections");
  for (guint i = 0; i < connections->len; i++)
    {
      const TideConnection *connection = g_ptr_array_index (connections, i);

      add_connection_json (json, NULL, connection, find_venue_name (venues, connection->venue_id));
    }
  ctl_json_end_array (json);
  ctl_json_end_object (json);
  ctl_json_print (json);
}

static void
print_connections (Ctl       *ctl,
                   GPtrArray *connections,
                   GPtrArray *venues)
{
  const char * const headings[] = { _("Connection"), _("Provider"), _("Venue"), _("Environment"), _("Account"), NULL };
  g_autoptr(CtlTable) table = ctl_table_new (headings, "lllll");

  for (guint i = 0; i < connections->len; i++)
    {
      const TideConnection *connection = g_ptr_array_index (connections, i);

      ctl_table_add (table, CTL_PLAIN, connection->name);
      ctl_table_add (table, CTL_PLAIN, connection->provider);
      ctl_table_add (table, CTL_PLAIN, find_venue_name (venues, connection->venue_id));
      ctl_table_add (table, CTL_PLAIN, connection->environment);
      ctl_table_add (table, CTL_PLAIN, connection->account);
    }
  ctl_table_print (table, ctl);
}

static int
connections_run (Ctl   *ctl,
                 char **args)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideEngine) engine = ctl_open (ctl, TIDE_ENGINE_READ_ONLY, &error);
  g_autoptr(GPtrArray) connections = engine != NULL ? tide_engine_list_connections (engine, &error) : NULL;
  g_autoptr(GPtrArray) venues = connections != NULL ? tide_engine_list_venues (engine, &error) : NULL;

  if (venues == NULL)
    return ctl_fail (ctl, error);
  if (ctl->json)
    print_connections_json (connections, venues);
  else if (connections->len == 0)
    ctl_note (ctl, _("Nothing is connected yet. Begin with: tidemarkctl connect PROVIDER --venue VENUE"));
  else
    print_connections (ctl, connections, venues);
  return CTL_DONE;
}

static void
add_strings_json (CtlJson    *json,
                  const char *name,
                  char      **strings)
{
  ctl_json_begin_array (json, name);
  for (gsize i = 0; strings != NULL && strings[i] != NULL; i++)
    ctl_json_add_string (json, NULL, strings[i]);
  ctl_json_end_array (json);
}

static void
print_test_json (const TideConnection *connection,
                 const TideTestResult *result)
{
  g_autoptr(CtlJson) json = ctl_json_new ();

  ctl_json_begin_object (json, NULL);
  ctl_json_add_string (json, "connection", connection->name);
  ctl_json_add_string (json, "account", result->account);
  add_strings_json (json, "details", result->details);
  add_strings_json (json, "missing", result->missing);
  ctl_json_end_object (json);
  ctl_json_print (json);
}

static int
test_run (Ctl   *ctl,
          char **args)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideEngine) engine = ctl_open (ctl, TIDE_ENGINE_READ_ONLY, &error);
  g_autoptr(TideConnection) connection = NULL;
  g_autoptr(TideTestResult) result = NULL;

  if (engine != NULL)
    connection = tide_engine_find_connection (engine, args[0], &error);
  if (connection != NULL)
    result = tide_engine_test (engine, connection, NULL, ctl->cancellable, &error);
  if (result == NULL)
    {
      ctl_advise (ctl, error, TIDE_ERROR_PROVIDER,
                  _("Look at the network and the connection's address, and try again later; nothing was changed."));
      return ctl_fail (ctl, error);
    }

  if (ctl->json)
    print_test_json (connection, result);
  else
    print_test (ctl, result);
  return CTL_DONE;
}

static gboolean
confirm (Ctl        *ctl,
         const char *name)
{
  g_autofree char *question = NULL;

  if (option_yes || !ctl->interactive)
    return TRUE;
  question = option_delete_data
             ? g_strdup_printf (_("Disconnect “%s” and delete all records it brought?"), name)
             : g_strdup_printf (_("Disconnect “%s”? The records it brought stay."), name);
  return ctl_ask (ctl, question);
}

static void
report_disconnect (Ctl        *ctl,
                   const char *name)
{
  g_autoptr(CtlJson) json = ctl_json_new ();

  if (!ctl->json)
    {
      ctl_note (ctl, option_delete_data ? _("“%s” is disconnected, its records are deleted.")
                                        : _("“%s” is disconnected, its records stay."), name);
      return;
    }
  ctl_json_begin_object (json, NULL);
  ctl_json_add_string (json, "disconnected", name);
  ctl_json_add_boolean (json, "recordsDeleted", option_delete_data);
  ctl_json_end_object (json);
  ctl_json_print (json);
}

static int
disconnect_run (Ctl   *ctl,
                char **args)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideEngine) engine = NULL;
  g_autoptr(TideConnection) connection = NULL;

  if (option_delete_data && !option_yes && !ctl->interactive)
    return ctl_usage (ctl, _("--delete-data cannot be taken back: add --yes where nobody can be asked"));
  engine = ctl_open (ctl, TIDE_ENGINE_NONE, &error);
  if (engine != NULL)
    connection = tide_engine_find_connection (engine, args[0], &error);
  if (connection == NULL)
    return ctl_fail (ctl, error);
  if (!confirm (ctl, connection->name))
    {
      g_printerr ("%s\n", _("Nothing was changed."));
      return CTL_FAILED;
    }
  if (!tide_engine_disconnect (engine, connection->id, option_delete_data, ctl->cancellable, &error))
    return ctl_fail (ctl, error);
  report_disconnect (ctl, connection->name);
  return CTL_DONE;
}

const CtlCommand ctl_connect_commands[] = {
  { "connect", N_("PROVIDER --venue VENUE"), N_("Connect a venue's account at a provider"), connect_entries, 1, 1, connect_run },
  { "connections", NULL, N_("List the connections"), NULL, 0, 0, connections_run },
  { "test", N_("CONNECTION"), N_("Ask the provider whether the login works and what it permits"), NULL, 1, 1, test_run },
  { "sign-in", N_("CONNECTION"), N_("Give a connection a new login, in place of one that is refused"), sign_in_entries, 1, 1, sign_in_run },
  { "disconnect", N_("CONNECTION [--delete-data]"), N_("Remove a connection and its login"), disconnect_entries, 1, 1, disconnect_run },
  { NULL }
};
