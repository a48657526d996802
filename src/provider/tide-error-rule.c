/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-provider"

#include "tide-error-rule.h"

#include "tide-duration.h"

typedef struct
{
  guint low;
  guint high;
} StatusRange;

static const struct
{
  const char      *name;
  TideErrorAction  action;
} actions[] = {
  { "retry", TIDE_ERROR_ACTION_RETRY },
  { "refresh_login", TIDE_ERROR_ACTION_REFRESH_LOGIN },
  { "restart", TIDE_ERROR_ACTION_RESTART },
  { "skip_partition", TIDE_ERROR_ACTION_SKIP_PARTITION },
  { "fail", TIDE_ERROR_ACTION_FAIL },
};

static const struct
{
  const char *name;
  TideError   code;
} codes[] = {
  { "auth", TIDE_ERROR_AUTH },
  { "permission", TIDE_ERROR_PERMISSION },
  { "provider", TIDE_ERROR_PROVIDER },
  { "invalid", TIDE_ERROR_INVALID },
  { "not_found", TIDE_ERROR_NOT_FOUND },
};

/* What holds where no rule of a manifest fits, from the top. */
static const struct
{
  StatusRange   range;
  TideErrorRule rule;
} defaults[] = {
  { { 200, 299 }, { NULL, NULL, TIDE_ERROR_ACTION_NONE, -1, 0, NULL } },
  { { 401, 401 }, { NULL, NULL, TIDE_ERROR_ACTION_REFRESH_LOGIN, TIDE_ERROR_AUTH, 0, NULL } },
  { { 403, 403 }, { NULL, NULL, TIDE_ERROR_ACTION_FAIL, TIDE_ERROR_PERMISSION, 0, NULL } },
  { { 404, 404 }, { NULL, NULL, TIDE_ERROR_ACTION_FAIL, TIDE_ERROR_NOT_FOUND, 0, NULL } },
  { { 408, 408 }, { NULL, NULL, TIDE_ERROR_ACTION_RETRY, TIDE_ERROR_PROVIDER, 0, NULL } },
  { { 425, 425 }, { NULL, NULL, TIDE_ERROR_ACTION_RETRY, TIDE_ERROR_PROVIDER, 0, NULL } },
  { { 429, 429 }, { NULL, NULL, TIDE_ERROR_ACTION_RETRY, TIDE_ERROR_PROVIDER, 0, NULL } },
  { { 400, 400 }, { NULL, NULL, TIDE_ERROR_ACTION_FAIL, TIDE_ERROR_INVALID, 0, NULL } },
  { { 422, 422 }, { NULL, NULL, TIDE_ERROR_ACTION_FAIL, TIDE_ERROR_INVALID, 0, NULL } },
  { { 500, 599 }, { NULL, NULL, TIDE_ERROR_ACTION_RETRY, TIDE_ERROR_PROVIDER, 0, NULL } },
  { { 0, G_MAXUINT }, { NULL, NULL, TIDE_ERROR_ACTION_FAIL, TIDE_ERROR_PROVIDER, 0, NULL } },
};

static void
tide_error_rule_free (gpointer data)
{
  TideErrorRule *self = data;

  g_clear_pointer (&self->statuses, g_array_unref);
  g_clear_pointer (&self->match, tide_match_free);
  g_free (self->say);
  g_free (self);
}

static void
add_status (GArray   *statuses,
            JsonNode *node)
{
  StatusRange range;

  if (json_node_get_value_type (node) == G_TYPE_STRING)
    {
      range.low = (json_node_get_string (node)[0] - '0') * 100;
      range.high = range.low + 99;
    }
  else
    range.low = range.high = json_node_get_int (node);
  g_array_append_val (statuses, range);
}

static GArray *
read_statuses (JsonNode *node)
{
  GArray *statuses = g_array_new (FALSE, FALSE, sizeof (StatusRange));
  JsonArray *array;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    {
      add_status (statuses, node);
      return statuses;
    }
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    add_status (statuses, json_array_get_element (array, i));
  return statuses;
}

static TideErrorRule *
tide_error_rule_new (JsonObject *object)
{
  TideErrorRule *self = g_new0 (TideErrorRule, 1);
  const char *action = json_object_get_string_member (object, "action");
  const char *code = json_object_get_string_member_with_default (object, "error", "");
  const char *wait = json_object_get_string_member_with_default (object, "wait", "0s");

  if (json_object_has_member (object, "status"))
    self->statuses = read_statuses (json_object_get_member (object, "status"));
  if (json_object_has_member (object, "pointer"))
    self->match = tide_match_new (object);
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    if (g_str_equal (actions[i].name, action))
      self->action = actions[i].action;
  self->code = -1;
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_str_equal (codes[i].name, code))
      self->code = codes[i].code;
  tide_duration_parse (wait, &self->wait);
  self->say = g_strdup (json_object_get_string_member_with_default (object, "say", NULL));
  return self;
}

/**
 * tide_error_rules_new:
 * @array: (nullable): "errors" of a manifest, valid by the schema
 *
 * Returns: (transfer full) (element-type TideErrorRule): its rules in their order
 */
GPtrArray *
tide_error_rules_new (JsonArray *array)
{
  GPtrArray *rules = g_ptr_array_new_with_free_func (tide_error_rule_free);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    g_ptr_array_add (rules, tide_error_rule_new (json_array_get_object_element (array, i)));
  return rules;
}

static gboolean
status_fits (const TideErrorRule *self,
             guint                status)
{
  if (self->statuses == NULL)
    return self->match != NULL || status < 200 || status > 299;
  for (guint i = 0; i < self->statuses->len; i++)
    {
      const StatusRange *range = &g_array_index (self->statuses, StatusRange, i);

      if (status >= range->low && status <= range->high)
        return TRUE;
    }
  return FALSE;
}

static gboolean
body_fits (const TideErrorRule *self,
           const TideResponse  *response)
{
  TideJsonValue value = { TIDE_JSON_ABSENT };
  const char *pointers[1];
  gsize length;
  const char *text;

  if (self->match == NULL)
    return TRUE;
  pointers[0] = self->match->pointer;
  text = g_bytes_get_data (response->body, &length);
  if (length == 0 || !tide_json_lookup (text, length, pointers, 1, &value))
    return FALSE;
  return tide_match_test (self->match, &value);
}

/**
 * tide_error_rules_find:
 * @rules: (element-type TideErrorRule): rules of a stream or of the requester
 *
 * Returns: (nullable): the first that fits
 */
const TideErrorRule *
tide_error_rules_find (GPtrArray          *rules,
                       const TideResponse *response)
{
  for (guint i = 0; rules != NULL && i < rules->len; i++)
    {
      const TideErrorRule *rule = g_ptr_array_index (rules, i);

      if (status_fits (rule, response->status) && body_fits (rule, response))
        return rule;
    }
  return NULL;
}

/**
 * tide_error_rules_default:
 *
 * Returns: (transfer none): what holds for @status where no rule fits
 */
const TideErrorRule *
tide_error_rules_default (guint status)
{
  gsize i = 0;

  while (status < defaults[i].range.low || status > defaults[i].range.high)
    i++;
  return &defaults[i].rule;
}
