/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-core"

#include "tide-json-trie-private.h"

#include "tide-error.h"
#include "tide-json-reader.h"

/* Deeper than any provider nests, and keeps the recursion over a pointer small. */
#define POINTER_DEPTH_MAX 64

/* More of them would only cost memory. */
#define SLOTS_PER_CHILD 4

/* An array index is 0 or has no zero in front (RFC 6901); one that no page can reach is none. */
static guint
parse_index (const char *name,
             gsize       length)
{
  guint index = 0;

  if (length == 0 || length > 9 || (name[0] == '0' && length > 1))
    return G_MAXUINT;

  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isdigit (name[i]))
        return G_MAXUINT;
      index = index * 10 + (name[i] - '0');
    }

  return index;
}

/* Takes ownership of @name. */
static TideJsonTrie *
tide_json_trie_new_named (char *name)
{
  TideJsonTrie *self = g_new0 (TideJsonTrie, 1);

  self->name = name;
  self->length = strlen (name);
  self->index = parse_index (name, self->length);
  self->children = g_ptr_array_new_with_free_func ((GDestroyNotify) tide_json_trie_free);
  self->fields = g_array_new (FALSE, FALSE, sizeof (guint));
  self->below = g_array_new (FALSE, FALSE, sizeof (guint));

  return self;
}

static TideJsonTrie *
tide_json_trie_add_child (TideJsonTrie *self,
                          char         *name)
{
  TideJsonTrie *child;

  for (guint i = 0; i < self->children->len; i++)
    {
      child = g_ptr_array_index (self->children, i);
      if (strcmp (child->name, name) == 0)
        {
          g_free (name);
          return child;
        }
    }

  child = tide_json_trie_new_named (name);
  g_ptr_array_add (self->children, child);
  if (child->index != G_MAXUINT)
    self->n_indices = MAX (self->n_indices, child->index + 1);

  return child;
}

/* Undoes the escapes of RFC 6901: ~1 is a slash, ~0 a tilde. */
static char *
decode_name (const char *escaped)
{
  g_autoptr(GString) name = g_string_new (NULL);

  for (const char *p = escaped; *p != '\0'; p++)
    {
      if (*p != '~')
        g_string_append_c (name, *p);
      else if (p[1] == '0' || p[1] == '1')
        g_string_append_c (name, *++p == '0' ? '~' : '/');
      else
        return NULL;
    }

  return name->len <= TIDE_JSON_NAME_MAX ? g_strdup (name->str) : NULL;
}

/* Makes the root of an empty trie. */
TideJsonTrie *
tide_json_trie_new (void)
{
  return tide_json_trie_new_named (g_strdup (""));
}

void
tide_json_trie_free (TideJsonTrie *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->children);
  g_array_unref (self->fields);
  g_array_unref (self->below);
  g_free (self->slots);
  g_free (self->name);
  g_free (self);
}

/* Adds a pointer under the number @field, or under none if that is G_MAXUINT. Returns where it ends, or
 * NULL with TIDE_ERROR_INVALID. */
TideJsonTrie *
tide_json_trie_add (TideJsonTrie *self,
                    const char   *pointer,
                    guint         field,
                    GError      **error)
{
  g_auto(GStrv) names = NULL;
  TideJsonTrie *node = self;
  guint n_names;

  if (!g_utf8_validate (pointer, -1, NULL) || (pointer[0] != '\0' && pointer[0] != '/'))
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID,
                   "JSON pointer \"%.40s\" does not begin with a slash", pointer);
      return NULL;
    }

  names = g_strsplit (pointer[0] == '/' ? pointer + 1 : pointer, "/", -1);
  n_names = pointer[0] == '/' ? MAX (g_strv_length (names), 1) : 0;
  for (guint i = 0; i < n_names; i++)
    {
      /* g_strsplit() makes nothing of "", which here is one empty name. */
      char *name = n_names > POINTER_DEPTH_MAX ? NULL : decode_name (names[i] != NULL ? names[i] : "");

      if (name == NULL)
        {
          g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID,
                       "JSON pointer \"%.40s\" has a bad escape or is too long", pointer);
          return NULL;
        }
      if (field != G_MAXUINT)
        g_array_append_val (node->below, field);
      node = tide_json_trie_add_child (node, name);
    }

  if (field != G_MAXUINT)
    g_array_append_val (node->fields, field);

  return node;
}

/* Makes the trie ready for look-ups, once all pointers are in. */
void
tide_json_trie_finish (TideJsonTrie *self)
{
  guint n_slots = 1;

  while (n_slots < self->children->len * SLOTS_PER_CHILD)
    n_slots *= 2;
  self->mask = n_slots - 1;
  self->slots = g_new0 (TideJsonTrie *, n_slots);

  for (guint i = 0; i < self->children->len; i++)
    {
      TideJsonTrie *child = g_ptr_array_index (self->children, i);
      guint slot = tide_json_trie_hash (child->name, child->length) & self->mask;

      child->next = self->slots[slot];
      self->slots[slot] = child;
      tide_json_trie_finish (child);
    }
}

/* Finds a child by a name as it stands in a page, with escapes, without its quotes. */
const TideJsonTrie *
tide_json_trie_find_escaped (const TideJsonTrie *self,
                             const char         *name,
                             gsize               length)
{
  char buffer[6 * TIDE_JSON_NAME_MAX + 2];
  TideJsonValue value = { TIDE_JSON_STRING, TRUE, length + 2, name - 1 };

  /* \uXXXX for each byte is the longest that a name can be written. */
  if (value.length > sizeof buffer)
    return NULL;

  return tide_json_trie_find (self, buffer, tide_json_unescape (&value, buffer));
}

/* Finds a child by its index in an array. */
const TideJsonTrie *
tide_json_trie_find_index (const TideJsonTrie *self,
                           guint               index)
{
  for (guint i = 0; i < self->children->len; i++)
    {
      const TideJsonTrie *child = g_ptr_array_index (self->children, i);

      if (child->index == index)
        return child;
    }

  return NULL;
}
