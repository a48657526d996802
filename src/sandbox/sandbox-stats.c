/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemark-sandbox"

#include "sandbox-stats.h"

/** sandbox_stats_init: nothing counted yet. */
void
sandbox_stats_init (SandboxStats *self)
{
  self->requests = 0;
  self->bytes = 0;
  self->paths = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/** sandbox_stats_clear: frees the counters. */
void
sandbox_stats_clear (SandboxStats *self)
{
  g_clear_pointer (&self->paths, g_hash_table_unref);
}

/** sandbox_stats_count: one more request for @path. */
void
sandbox_stats_count (SandboxStats *self,
                     const char   *path)
{
  guint count = GPOINTER_TO_UINT (g_hash_table_lookup (self->paths, path));

  self->requests++;
  g_hash_table_replace (self->paths, g_strdup (path), GUINT_TO_POINTER (count + 1));
}

/** sandbox_stats_render: appends the members "requests", "bytes" and "by_path". */
void
sandbox_stats_render (SandboxStats *self,
                      SandboxText  *text)
{
  g_autoptr(GList) paths = g_list_sort (g_hash_table_get_keys (self->paths), (GCompareFunc)g_strcmp0);

  sandbox_text_member_int (text, "requests", (gint64)self->requests);
  sandbox_text_member_int (text, "bytes", (gint64)self->bytes);
  sandbox_text_open (text, "by_path", '{');
  for (GList *l = paths; l != NULL; l = l->next)
    sandbox_text_member_int (text, l->data, GPOINTER_TO_UINT (g_hash_table_lookup (self->paths, l->data)));
  sandbox_text_char (text, '}');
}
