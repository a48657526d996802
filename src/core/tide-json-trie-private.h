/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/* Longest name in a pointer. Whatever a name in a page unescapes from is at most six times that. */
#define TIDE_JSON_NAME_MAX 255

/* One name of one or more JSON pointers; its children are the names that may follow. The wanted
 * parts of a page are walked along with these, and the rest of it without. Immutable once built. */
typedef struct _TideJsonTrie TideJsonTrie;

struct _TideJsonTrie
{
  char           *name;         /* (owned) unescaped */
  gsize           length;
  guint           index;        /* the name as an index, G_MAXUINT if it is none */

  GPtrArray      *children;     /* (owned) */
  TideJsonTrie  **slots;        /* (owned) children by hash of their name */
  guint           mask;
  TideJsonTrie   *next;         /* with the same hash */
  guint           n_indices;    /* 1 + highest index among the children */

  GArray         *fields;       /* (owned) numbers of the pointers that end here */
  GArray         *below;        /* (owned) and of those that end further down */
};

TideJsonTrie       *tide_json_trie_new          (void);
void                tide_json_trie_free         (TideJsonTrie       *self);
TideJsonTrie       *tide_json_trie_add          (TideJsonTrie       *self,
                                                 const char         *pointer,
                                                 guint               field,
                                                 GError            **error);
void                tide_json_trie_finish       (TideJsonTrie       *self);
const TideJsonTrie *tide_json_trie_find_escaped (const TideJsonTrie *self,
                                                 const char         *name,
                                                 gsize               length);
const TideJsonTrie *tide_json_trie_find_index   (const TideJsonTrie *self,
                                                 guint               index);

/* Names that differ mostly do so in length or at their ends. */
static inline guint
tide_json_trie_hash (const char *name,
                     gsize       length)
{
  if (length == 0)
    return 0;

  return (guint) length * 5 + (guchar) name[0] + (guchar) name[length - 1] * 3 + (guchar) name[length / 2] * 7;
}

static inline const TideJsonTrie *
tide_json_trie_find (const TideJsonTrie *self,
                     const char         *name,
                     gsize               length)
{
  const TideJsonTrie *child = self->slots[tide_json_trie_hash (name, length) & self->mask];

  while (child != NULL && (child->length != length || memcmp (child->name, name, length) != 0))
    child = child->next;

  return child;
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideJsonTrie, tide_json_trie_free)

G_END_DECLS
