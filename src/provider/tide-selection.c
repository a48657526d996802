/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-provider"

#include "tide-selection.h"

#include "tide-stream-private.h"

static void
read_ids (TideSelection      *self,
          const char * const *ids)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; ids[i] != NULL; i++)
    if (*ids[i] != '\0' && g_hash_table_add (seen, (gpointer)ids[i]))
      g_strv_builder_add (builder, ids[i]);
  self->ids = g_strv_builder_end (builder);
  self->wanted = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; self->ids[i] != NULL; i++)
    g_hash_table_add (self->wanted, self->ids[i]);
}

static gboolean
read_filters (TideSelection  *self,
              TideStream     *stream,
              GHashTable     *filters,
              GError        **error)
{
  GHashTableIter iter;
  gpointer name, text;

  if (!tide_stream_check_filters (stream, filters, error))
    return FALSE;
  self->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)tide_template_value_free);
  g_hash_table_iter_init (&iter, filters);
  while (g_hash_table_iter_next (&iter, &name, &text))
    {
      const TideFilter *filter = tide_filters_find (stream->filters, name);

      if (filter->partition)
        self->partition = g_strdup (text);
      else
        g_hash_table_insert (self->values, g_strdup (name), tide_filter_read (filter, text, NULL));
    }
  return TRUE;
}

/**
 * tide_selection_init:
 * @self: (out caller-allocates): what @plan narrows the reading down to; of a plan that does not, nothing
 *
 * Returns: %FALSE with TIDE_ERROR_INVALID if the stream has no such filter
 */
gboolean
tide_selection_init (TideSelection       *self,
                     TideStream          *stream,
                     const TideReadPlan  *plan,
                     GError             **error)
{
  *self = (TideSelection) { NULL };
  if (plan->filters != NULL && g_hash_table_size (plan->filters) > 0 &&
      !read_filters (self, stream, plan->filters, error))
    return FALSE;
  if (plan->ids != NULL)
    read_ids (self, plan->ids);
  /* Whether a record that is looked up would have passed the filters only the provider knows. */
  self->by_lookup = self->ids != NULL && stream->lookup != NULL && self->values == NULL;
  return TRUE;
}

void
tide_selection_clear (TideSelection *self)
{
  g_clear_pointer (&self->wanted, g_hash_table_unref);
  g_clear_pointer (&self->ids, g_strfreev);
  g_clear_pointer (&self->values, g_hash_table_unref);
  g_clear_pointer (&self->partition, g_free);
}

/* Whether the reading is of some records only. */
gboolean
tide_selection_is_part (const TideSelection *self)
{
  return self->ids != NULL || self->values != NULL;
}
