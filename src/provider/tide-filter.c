/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-provider"

#include "tide-filter.h"

#include <string.h>

#include "tide-error.h"
#include "tide-time.h"

static void
tide_filter_free (gpointer data)
{
  TideFilter *self = data;

  g_free (self->name);
  g_strfreev (self->values);
  g_free (self);
}

static char **
read_values (JsonArray *array)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < json_array_get_length (array); i++)
    g_strv_builder_add (builder, json_array_get_string_element (array, i));
  return g_strv_builder_end (builder);
}

static TideFilter *
tide_filter_new (JsonObject *object)
{
  TideFilter *self = g_new0 (TideFilter, 1);

  self->name = g_strdup (json_object_get_string_member (object, "name"));
  tide_field_type_from_name (json_object_get_string_member_with_default (object, "type", "text"), &self->type);
  if (json_object_has_member (object, "values"))
    self->values = read_values (json_object_get_array_member (object, "values"));
  self->partition = json_object_get_boolean_member_with_default (object, "partition", FALSE);
  return self;
}

/**
 * tide_filters_new:
 * @array: (nullable): "filters" of a stream, valid by the schema
 *
 * Returns: (transfer full) (element-type TideFilter): the filters, in their order
 */
GPtrArray *
tide_filters_new (JsonArray *array)
{
  GPtrArray *filters = g_ptr_array_new_with_free_func (tide_filter_free);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    g_ptr_array_add (filters, tide_filter_new (json_array_get_object_element (array, i)));
  return filters;
}

/**
 * tide_filters_find:
 *
 * Returns: (transfer none) (nullable): the filter of that name
 */
const TideFilter *
tide_filters_find (GPtrArray  *filters,
                   const char *name)
{
  for (guint i = 0; i < filters->len; i++)
    {
      const TideFilter *filter = g_ptr_array_index (filters, i);

      if (g_str_equal (filter->name, name))
        return filter;
    }
  return NULL;
}

/**
 * tide_filters_list:
 *
 * Returns: (transfer full) (array zero-terminated=1): their names
 */
char **
tide_filters_list (GPtrArray *filters)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < filters->len; i++)
    g_strv_builder_add (builder, ((TideFilter *)g_ptr_array_index (filters, i))->name);
  return g_strv_builder_end (builder);
}

static gboolean
is_date (const char *text)
{
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr(GDateTime) day = NULL;
  g_autofree char *noon = g_strconcat (text, "T12:00:00Z", NULL);

  day = g_date_time_new_from_iso8601 (noon, utc);
  return day != NULL && strlen (text) == strlen ("2026-03-02") && text[4] == '-' && text[7] == '-';
}

static gboolean
is_of_type (TideFieldType  type,
            const char    *text,
            gint64        *instant)
{
  gint64 number;

  switch ((int)type)
    {
    case TIDE_FIELD_INTEGER:
      return g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &number, NULL);

    case TIDE_FIELD_BOOLEAN:
      return g_str_equal (text, "true") || g_str_equal (text, "false");

    case TIDE_FIELD_INSTANT:
      *instant = tide_time_parse (text, -1);
      return *instant != TIDE_TIME_INVALID;

    case TIDE_FIELD_DATE:
      return is_date (text);

    default:
      return *text != '\0' && g_utf8_validate (text, -1, NULL);
    }
}

static const char *
describe_type (TideFieldType type)
{
  switch ((int)type)
    {
    case TIDE_FIELD_INTEGER:
      return "a whole number";

    case TIDE_FIELD_BOOLEAN:
      return "true or false";

    case TIDE_FIELD_INSTANT:
      return "an instant (2026-03-02T18:11:09Z)";

    case TIDE_FIELD_DATE:
      return "a date (2026-03-02)";

    default:
      return "a text that is not empty";
    }
}

/**
 * tide_filter_read:
 * @text: what somebody wants it to be set to
 *
 * Returns: (transfer full): the value, or %NULL with TIDE_ERROR_INVALID, saying what there may be
 */
TideTemplateValue *
tide_filter_read (const TideFilter  *self,
                  const char        *text,
                  GError           **error)
{
  TideTemplateValue *value;
  gint64 instant = TIDE_TIME_INVALID;

  if (self->values != NULL && !g_strv_contains ((const char * const *)self->values, text))
    {
      g_autofree char *values = g_strjoinv (", ", self->values);

      g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "the filter \"%s\" must be one of: %s", self->name, values);
      return NULL;
    }
  if (!is_of_type (self->type, text, &instant))
    {
      g_set_error (error, TIDE_ERROR, TIDE_ERROR_INVALID, "the filter \"%s\" must be %s", self->name,
                   describe_type (self->type));
      return NULL;
    }
  value = g_new0 (TideTemplateValue, 1);
  value->type = self->type;
  value->text = g_strdup (text);
  value->instant = instant;
  return value;
}

void
tide_template_value_free (TideTemplateValue *self)
{
  if (self == NULL)
    return;
  g_free (self->text);
  g_free (self);
}
