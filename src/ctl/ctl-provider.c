/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemarkctl"

#include "config.h"

#include <glib/gi18n.h>

#include "ctl-json.h"
#include "ctl-output.h"
#include "ctl.h"
#include "tide-error.h"

static void
add_secrets_json (CtlJson                *json,
                  const TideProviderInfo *info)
{
  ctl_json_begin_array (json, "secrets");
  for (guint i = 0; i < info->secrets->len; i++)
    {
      const TideSecretInfo *secret = g_ptr_array_index (info->secrets, i);

      ctl_json_begin_object (json, NULL);
      ctl_json_add_string (json, "name", secret->name);
      ctl_json_add_string (json, "label", secret->label);
      ctl_json_add_string (json, "help", secret->help);
      ctl_json_end_object (json);
    }
  ctl_json_end_array (json);
}

static void
add_streams_json (CtlJson                *json,
                  const TideProviderInfo *info)
{
  ctl_json_begin_array (json, "streams");
  for (guint i = 0; i < info->streams->len; i++)
    {
      const TideStreamInfo *stream = g_ptr_array_index (info->streams, i);

      ctl_json_begin_object (json, NULL);
      ctl_json_add_string (json, "name", stream->name);
      ctl_json_add_string (json, "label", stream->label);
      ctl_json_add_string (json, "entity", stream->entity);
      ctl_json_add_string (json, "parent", stream->parent);
      ctl_json_add_boolean (json, "child", stream->child);
      ctl_json_add_boolean (json, "incremental", stream->incremental);
      ctl_json_end_object (json);
    }
  ctl_json_end_array (json);
}

static void
add_provider_json (CtlJson                *json,
                   const char             *name,
                   const TideProviderInfo *info)
{
  ctl_json_begin_object (json, name);
  ctl_json_add_string (json, "id", info->id);
  ctl_json_add_string (json, "name", info->name);
  ctl_json_add_string (json, "summary", info->summary);
  ctl_json_add_string (json, "origin", info->origin);
  ctl_json_add_string (json, "productionUrl", info->production_url);
  ctl_json_add_string (json, "sandboxUrl", info->sandbox_url);
  add_secrets_json (json, info);
  add_streams_json (json, info);
  ctl_json_end_object (json);
}

static void
print_providers_json (GPtrArray *providers)
{
  g_autoptr(CtlJson) json = ctl_json_new ();

  ctl_json_begin_object (json, NULL);
  ctl_json_begin_array (json, "providers");
  for (guint i = 0; i < providers->len; i++)
    add_provider_json (json, NULL, g_ptr_array_index (providers, i));
  ctl_json_end_array (json);
  ctl_json_end_object (json);
  ctl_json_print (json);
}

static void
print_providers (Ctl       *ctl,
                 GPtrArray *providers)
{
  const char * const headings[] = { _("Provider"), _("Name"), _("Brings"), _("From"), NULL };
  g_autoptr(CtlTable) table = ctl_table_new (headings, "llll");

  for (guint i = 0; i < providers->len; i++)
    {
      const TideProviderInfo *info = g_ptr_array_index (providers, i);

      ctl_table_add (table, CTL_PLAIN, info->id);
      ctl_table_add (table, CTL_PLAIN, info->name);
      ctl_table_add (table, CTL_PLAIN, info->summary);
      ctl_table_add (table, CTL_DIM, info->origin);
    }
  ctl_table_print (table, ctl);
}

/* Providers are there before any workspace is: then one is made, as for whatever comes next. */
static TideEngine *
open_for_providers (Ctl     *ctl,
                    GError **error)
{
  g_autoptr(GError) local_error = NULL;
  TideEngine *engine = ctl_open (ctl, TIDE_ENGINE_READ_ONLY, &local_error);

  if (engine == NULL && g_error_matches (local_error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND))
    return ctl_open (ctl, TIDE_ENGINE_NONE, error);
  if (engine == NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return engine;
}

static int
provider_list_run (Ctl   *ctl,
                   char **args)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideEngine) engine = open_for_providers (ctl, &error);
  g_autoptr(GPtrArray) providers = NULL;

  if (engine == NULL)
    return ctl_fail (ctl, error);
  providers = tide_engine_list_providers (engine);
  if (ctl->json)
    print_providers_json (providers);
  else
    print_providers (ctl, providers);
  return CTL_DONE;
}

static void
print_streams (Ctl                    *ctl,
               const TideProviderInfo *info)
{
  const char * const headings[] = { _("Stream"), _("Entity"), _("How"), NULL };
  g_autoptr(CtlTable) table = ctl_table_new (headings, "lll");

  for (guint i = 0; i < info->streams->len; i++)
    {
      const TideStreamInfo *stream = g_ptr_array_index (info->streams, i);

      ctl_table_add (table, CTL_PLAIN, stream->name);
      ctl_table_add (table, CTL_PLAIN, stream->entity);
      if (stream->child)
        ctl_table_take (table, CTL_DIM, g_strdup_printf (_("inside %s"), stream->parent));
      else
        ctl_table_add (table, CTL_DIM, stream->incremental ? _("full, incremental") : _("full"));
    }
  ctl_table_print (table, ctl);
}

static void
print_provider (Ctl                    *ctl,
                const TideProviderInfo *info)
{
  ctl_note (ctl, "%s (%s): %s", info->name, info->id, info->summary);
  ctl_note (ctl, _("Manifest: %s"), info->origin);
  if (info->production_url != NULL)
    ctl_note (ctl, _("Production: %s"), info->production_url);
  if (info->sandbox_url != NULL)
    ctl_note (ctl, _("Sandbox: %s"), info->sandbox_url);
  for (guint i = 0; i < info->secrets->len; i++)
    {
      const TideSecretInfo *secret = g_ptr_array_index (info->secrets, i);

      ctl_note (ctl, _("Secret %s: %s. %s"), secret->name, secret->label, secret->help != NULL ? secret->help : "");
    }
  ctl_note (ctl, "%s", "");
  print_streams (ctl, info);
}

static int
provider_show_run (Ctl   *ctl,
                   char **args)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideEngine) engine = open_for_providers (ctl, &error);
  g_autoptr(TideProviderInfo) info = engine != NULL ? tide_engine_find_provider (engine, args[0], &error) : NULL;
  g_autoptr(CtlJson) json = NULL;

  if (info == NULL)
    return ctl_fail (ctl, error);
  if (!ctl->json)
    {
      print_provider (ctl, info);
      return CTL_DONE;
    }
  json = ctl_json_new ();
  add_provider_json (json, NULL, info);
  ctl_json_print (json);
  return CTL_DONE;
}

static void
print_problems (const char *path,
                GPtrArray  *problems)
{
  g_autofree char *file = ctl_clean_text (path);

  for (guint i = 0; i < problems->len; i++)
    {
      const TideProviderProblem *problem = g_ptr_array_index (problems, i);
      g_autofree char *field = ctl_clean_text (problem->field != NULL ? problem->field : "");
      g_autofree char *reason = ctl_clean_text (problem->reason);

      if (problem->line > 0)
        g_print ("%s:%u: %s%s%s\n", file, problem->line, field, *field != '\0' ? ": " : "", reason);
      else
        g_print ("%s: %s%s%s\n", file, field, *field != '\0' ? ": " : "", reason);
    }
}

static void
print_check_json (const TideProviderInfo *info,
                  GPtrArray              *problems)
{
  g_autoptr(CtlJson) json = ctl_json_new ();

  ctl_json_begin_object (json, NULL);
  ctl_json_add_boolean (json, "valid", info != NULL);
  ctl_json_begin_array (json, "problems");
  for (guint i = 0; i < problems->len; i++)
    {
      const TideProviderProblem *problem = g_ptr_array_index (problems, i);

      ctl_json_begin_object (json, NULL);
      ctl_json_add_int (json, "line", problem->line);
      ctl_json_add_string (json, "field", problem->field);
      ctl_json_add_string (json, "reason", problem->reason);
      ctl_json_end_object (json);
    }
  ctl_json_end_array (json);
  if (info != NULL)
    add_provider_json (json, "provider", info);
  ctl_json_end_object (json);
  ctl_json_print (json);
}

/* What to say of a manifest that was read: each problem, or that it is good. */
static int
report_check (Ctl                    *ctl,
              const char             *path,
              const TideProviderInfo *info,
              GPtrArray              *problems,
              const GError           *error,
              gboolean                added)
{
  /* The file itself could not be read. */
  if (info == NULL && problems->len == 0)
    return ctl_fail (ctl, error);

  if (ctl->json)
    print_check_json (info, problems);
  else
    print_problems (path, problems);
  if (info != NULL)
    {
      ctl_note (ctl, added ? _("%s is added: %s, %d streams.") : _("%s is a good manifest: %s, %d streams."),
                path, info->name, (int)info->streams->len);
      return CTL_DONE;
    }
  if (!ctl->json)
    g_printerr (ngettext ("tidemarkctl: %s has %d error.\n", "tidemarkctl: %s has %d errors.\n", problems->len),
                path, (int)problems->len);
  return CTL_FAILED;
}

static int
provider_check_run (Ctl   *ctl,
                    char **args)
{
  g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_provider_problem_free);
  g_autoptr(GError) error = NULL;
  g_autoptr(TideProviderInfo) info = tide_engine_check_provider (args[0], problems, &error);

  return report_check (ctl, args[0], info, problems, error, FALSE);
}

static int
provider_add_run (Ctl   *ctl,
                  char **args)
{
  g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_provider_problem_free);
  g_autoptr(GError) error = NULL;
  g_autoptr(TideEngine) engine = ctl_open (ctl, TIDE_ENGINE_NONE, &error);
  g_autoptr(TideProviderInfo) info = NULL;

  if (engine != NULL)
    info = tide_engine_add_provider (engine, args[0], problems, &error);
  return report_check (ctl, args[0], info, problems, error, TRUE);
}

const CtlCommand ctl_provider_commands[] = {
  { "provider list", NULL, N_("List the kinds of services that can be connected"), NULL, 0, 0, provider_list_run },
  { "provider show", N_("PROVIDER"), N_("Show what a provider needs and brings"), NULL, 1, 1, provider_show_run },
  { "provider check", N_("FILE"), N_("Check a manifest: line, field and reason of each error"), NULL, 1, 1, provider_check_run },
  { "provider add", N_("FILE"), N_("Add a provider of your own by its manifest"), NULL, 1, 1, provider_add_run },
  { NULL }
};
