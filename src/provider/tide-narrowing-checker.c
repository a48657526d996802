/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-provider"

#include "tide-narrowing-checker.h"

#include <string.h>

#include "tide-manifest-private.h"
#include "tide-schema-validator.h"
#include "tide-template-checker.h"

/* What the schema cannot say of lookups, filters, page sizes and windows side by side. */

static void G_GNUC_PRINTF (4, 5)
report (GPtrArray  *problems,
        const char *pointer,
        const char *member,
        const char *format,
        ...)
{
  TideSchemaProblem *problem = g_new0 (TideSchemaProblem, 1);
  va_list args;

  va_start (args, format);
  problem->reason = g_strdup_vprintf (format, args);
  va_end (args);
  problem->pointer = g_strconcat (pointer, "/", member, NULL);
  g_ptr_array_add (problems, problem);
}

static gboolean
find_partition_cb (const char  *name,
                   const char  *format,
                   gpointer     user_data,
                   GError     **error)
{
  return !g_str_has_prefix (name, "partition");
}

static void
check_lookup (TideStream *stream,
              const char *pointer,
              GPtrArray  *problems)
{
  const TideLookup *lookup = stream->lookup;
  gboolean one;
  gboolean many;

  if (lookup == NULL)
    return;
  one = tide_template_checker_uses (lookup->request, "id");
  many = tide_template_checker_uses (lookup->request, "ids");
  if (one == many)
    report (problems, pointer, "lookup", "the request must say what is looked up: either {{ id }} or {{ ids }}");
  else if (one && lookup->batch > 1)
    report (problems, pointer, "lookup", "a batch of %u needs {{ ids }} in the request", lookup->batch);
  if (stream->id_pointers[1] != NULL)
    report (problems, pointer, "lookup", "a record whose id is made of several cannot be looked up");
  for (guint i = 0; i < stream->fields->len; i++)
    {
      const TideFieldSpec *field = &g_array_index (stream->fields, TideFieldSpec, i);

      if (field->value != NULL && !tide_template_visit (field->value, find_partition_cb, NULL, NULL))
        report (problems, pointer, "lookup", "the field \"%s\" is made of the {{ partition }}, which a lookup does not know",
                field->name);
    }
}

static gboolean
is_missing (const TideRequestSpec *request,
            const char            *name)
{
  g_autofree char *variable = g_strconcat ("filters.", name, NULL);

  return request != NULL && !tide_template_checker_uses (request, variable);
}

static gboolean
are_of_type (const TideFilter *filter)
{
  for (guint i = 0; filter->values != NULL && filter->values[i] != NULL; i++)
    {
      g_autoptr(TideTemplateValue) value = tide_filter_read (filter, filter->values[i], NULL);

      if (value == NULL)
        return FALSE;
    }
  return TRUE;
}

static void
check_filters (TideStream *stream,
               const char *pointer,
               GPtrArray  *problems)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  gboolean parted = stream->partition.parent != NULL || stream->partition.values != NULL;

  for (guint i = 0; i < stream->filters->len; i++)
    {
      const TideFilter *filter = g_ptr_array_index (stream->filters, i);
      g_autofree char *at = g_strdup_printf ("filters/%u", i);

      if (!g_hash_table_add (seen, filter->name))
        report (problems, pointer, at, "there are two filters \"%s\"", filter->name);
      if (!are_of_type (filter))
        report (problems, pointer, at, "a value of \"%s\" is not of its type", filter->name);
      if (filter->partition && (!parted || filter->type != TIDE_FIELD_TEXT))
        report (problems, pointer, at, "\"%s\" can only choose among partitions, by their text", filter->name);
      if (!filter->partition && is_missing (stream->request, filter->name))
        report (problems, pointer, at, "nothing in the request heeds it: {{ filters.%s }} is missing", filter->name);
      else if (!filter->partition && is_missing (stream->full_request, filter->name))
        report (problems, pointer, at, "nothing in the full_request heeds it: {{ filters.%s }} is missing", filter->name);
    }
}

static void
check_parallel (TideStream *stream,
                const char *pointer,
                GPtrArray  *problems)
{
  const TideIncrementalSpec *incremental = &stream->incremental;
  const TideRateLimitSpec *limit = &stream->manifest->rate_limit;

  if (incremental->parallel <= 1)
    return;
  if (incremental->kind != TIDE_INCREMENTAL_FILTER || !tide_template_checker_uses (stream->request, "until"))
    report (problems, pointer, "incremental", "to be read side by side, slices need {{ until }} in the request");
  if (limit->requests > 0 && limit->burst < incremental->parallel)
    report (problems, pointer, "incremental", "the rate limit does not admit %u requests at once", incremental->parallel);
}

/**
 * tide_narrowing_checker_run:
 * @stream: no child
 * @pointer: of the stream in its manifest
 * @problems: (element-type TideSchemaProblem): gets what is wrong
 */
void
tide_narrowing_checker_run (TideStream *stream,
                            const char *pointer,
                            GPtrArray  *problems)
{
  check_lookup (stream, pointer, problems);
  check_filters (stream, pointer, problems);
  check_parallel (stream, pointer, problems);
}
