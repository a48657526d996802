/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  TIDE_JSON_ABSENT,
  TIDE_JSON_NULL,
  TIDE_JSON_FALSE,
  TIDE_JSON_TRUE,
  TIDE_JSON_NUMBER,
  TIDE_JSON_STRING,
  TIDE_JSON_ARRAY,
  TIDE_JSON_OBJECT,
} TideJsonType;

/**
 * TideJsonValue:
 * @type: what it is; TIDE_JSON_ABSENT where the pointer leads nowhere
 * @escaped: (of strings) contains at least one backslash
 * @length: bytes at @text
 * @text: the value as it stands in the page, strings with their quotes; borrowed from the page
 */
typedef struct
{
  TideJsonType type;
  gboolean     escaped;
  gsize        length;
  const char  *text;
} TideJsonValue;

/**
 * TideJsonReader:
 *
 * Finds the byte range of each record of a page, and in each record the values at a set of
 * JSON pointers, without building a tree: nothing is copied and nothing is lost (big integers,
 * decimals such as 1.10, key order). All of the text is validated (RFC 8259, UTF-8), also
 * what nobody asked for. Immutable once made: may be used from several threads.
 */
typedef struct _TideJsonReader TideJsonReader;

/**
 * TideJsonRecordFunc:
 * @record: the whole record
 * @values: one for each field pointer, in their order; valid during the call only, what their @text
 *    points to as long as the page
 *
 * Returns: %FALSE with @error set to stop reading
 */
typedef gboolean (*TideJsonRecordFunc) (const TideJsonValue  *record,
                                        const TideJsonValue  *values,
                                        gpointer              user_data,
                                        GError              **error);

TideJsonReader *tide_json_reader_new        (const char          *records_pointer,
                                             const char * const  *field_pointers,
                                             gsize                n_fields,
                                             GError             **error);
void            tide_json_reader_free       (TideJsonReader      *self);
gboolean        tide_json_reader_read       (const TideJsonReader *self,
                                             const char          *page,
                                             gsize                length,
                                             TideJsonRecordFunc   func,
                                             gpointer             user_data,
                                             GError             **error);

gboolean        tide_json_lookup            (const char          *text,
                                             gsize                length,
                                             const char * const  *pointers,
                                             gsize                n_pointers,
                                             TideJsonValue       *values);
char           *tide_json_value_dup_string  (const TideJsonValue *value);
gsize           tide_json_unescape          (const TideJsonValue *value,
                                             char                *buffer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideJsonReader, tide_json_reader_free)

G_END_DECLS
