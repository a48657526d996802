/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * TideMemberType:
 * @TIDE_MEMBER_TEXT: char *; %NULL is left out
 * @TIDE_MEMBER_INT64: gint64
 * @TIDE_MEMBER_INT: int
 * @TIDE_MEMBER_UINT: guint, or an enum whose values are bits
 * @TIDE_MEMBER_BOOLEAN: gboolean
 * @TIDE_MEMBER_DOUBLE: double; one that is no number is left out
 * @TIDE_MEMBER_NAME: an enum, by name
 * @TIDE_MEMBER_TEXTS: char **; %NULL is left out
 * @TIDE_MEMBER_INTS: GArray * of gint64; %NULL is left out
 * @TIDE_MEMBER_OBJECT: JsonObject *; only ever read
 *
 * What a field of a struct is.
 */
typedef enum
{
  TIDE_MEMBER_TEXT,
  TIDE_MEMBER_INT64,
  TIDE_MEMBER_INT,
  TIDE_MEMBER_UINT,
  TIDE_MEMBER_BOOLEAN,
  TIDE_MEMBER_DOUBLE,
  TIDE_MEMBER_NAME,
  TIDE_MEMBER_TEXTS,
  TIDE_MEMBER_INTS,
  TIDE_MEMBER_OBJECT,
} TideMemberType;

/**
 * TideMember:
 * @name: in JSON; %NULL ends a table
 * @offset: where the field is in the struct
 * @get_name: of TIDE_MEMBER_NAME: how a value is called
 * @find_name: of TIDE_MEMBER_NAME: the value of a name
 *
 * A field of a struct that is a member of a JSON object. The same table is used for both ways, so
 * that they cannot differ.
 */
typedef struct
{
  const char      *name;
  TideMemberType   type;
  gsize            offset;
  const char    *(*get_name)  (int         value);
  gboolean       (*find_name) (const char *name,
                               int        *value);
} TideMember;

JsonObject *tide_members_to_json   (const TideMember  *members,
                                    gconstpointer      source);
gboolean    tide_members_from_json (const TideMember  *members,
                                    JsonObject        *object,
                                    gpointer           target,
                                    GError           **error);
void        tide_members_clear     (const TideMember  *members,
                                    gpointer           target);

G_END_DECLS
