/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemark-sandbox"

#include <gio/gio.h>

#include "sandbox-faults.h"
#include "sandbox-business.h"

/* A script entry fires on the nth request that matches its path and "times" times from
 * there on. Random faults fire a bounded number of times each and never more than twice
 * in a row, so that a client which tries again always gets through in the end. */

#define MOST_IN_A_ROW 2

static const char *const kind_names[SANDBOX_N_FAULTS] = {
  "none", "rate_limit", "rate_limit_bare", "server_error", "unavailable", "reset_before", "reset_middle", "slow_drip",
  "truncated", "wrong_type", "duplicate_page", "shifting_page", "empty_page", "cursor_loop", "expired_token",
  "bad_record", "bad_utf8", "huge_body", "hang", "forbidden"
};

/* What is drawn from if no kinds are named: what a client can get over by itself. */
#define DEFAULT_KINDS "rate_limit,rate_limit_bare,server_error,unavailable,reset_before,reset_middle,slow_drip,truncated," \
                      "wrong_type,duplicate_page,shifting_page,empty_page"
#define OTHER_KINDS   "cursor_loop,expired_token,bad_record,bad_utf8,huge_body,hang,forbidden"

typedef struct
{
  SandboxFault fault;
  char        *path;     /* (owned) (nullable): a prefix */
  gint64       nth;      /* requests still to come, this one included */
  gint64       times;    /* how often still; -1: for ever */
} Entry;

struct _SandboxFaults
{
  GPtrArray     *script;                      /* (owned) (element-type Entry) */
  SandboxRandom  random;
  double         rate;
  guint          most;
  guint          left[SANDBOX_N_FAULTS];
  GArray        *kinds;                       /* (owned) (element-type SandboxFaultKind) */
  guint          in_a_row;
  guint          fired[SANDBOX_N_FAULTS];
  SandboxFault   drawn;
};

static const SandboxFault defaults = {
  .retry_after = 1, .pieces = 20, .delay_ms = 20, .bytes = 64 * 1024 * 1024, .seconds = 120
};

static Entry *
entry_new (void)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->fault = defaults;
  entry->nth = 1;
  entry->times = 1;
  return entry;
}

static void
entry_free (Entry *entry)
{
  g_free (entry->fault.field);
  g_free (entry->path);
  g_free (entry);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Entry, entry_free)

/** sandbox_faults_new: (transfer full): nothing goes wrong. */
SandboxFaults *
sandbox_faults_new (void)
{
  SandboxFaults *self = g_new0 (SandboxFaults, 1);

  self->script = g_ptr_array_new_with_free_func ((GDestroyNotify)entry_free);
  self->kinds = g_array_new (FALSE, FALSE, sizeof (SandboxFaultKind));
  self->drawn = defaults;
  return self;
}

/** sandbox_faults_free: frees the script. */
void
sandbox_faults_free (SandboxFaults *self)
{
  g_ptr_array_unref (self->script);
  g_array_unref (self->kinds);
  g_free (self);
}

/** sandbox_fault_get_name: (transfer none): what scripts call it. */
const char *
sandbox_fault_get_name (SandboxFaultKind kind)
{
  return kind_names[kind];
}

static gboolean
parse_kind (const char       *name,
            SandboxFaultKind *out_kind,
            GError          **error)
{
  for (guint kind = 1; kind < SANDBOX_N_FAULTS; kind++)
    if (g_strcmp0 (name, kind_names[kind]) == 0)
      {
        *out_kind = (SandboxFaultKind)kind;
        return TRUE;
      }

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "no fault is called “%s”", name != NULL ? name : "");
  return FALSE;
}

static gint64 *
entry_get_number (Entry      *entry,
                  const char *name)
{
  if (g_str_equal (name, "nth"))
    return &entry->nth;
  if (g_str_equal (name, "times"))
    return &entry->times;
  if (g_str_equal (name, "retry_after"))
    return &entry->fault.retry_after;
  if (g_str_equal (name, "pieces"))
    return &entry->fault.pieces;
  if (g_str_equal (name, "delay_ms"))
    return &entry->fault.delay_ms;
  if (g_str_equal (name, "bytes"))
    return &entry->fault.bytes;
  return g_str_equal (name, "seconds") ? &entry->fault.seconds : NULL;
}

static gboolean
entry_set (Entry      *entry,
           const char *name,
           const char *value,
           GError    **error)
{
  gint64 *number = entry_get_number (entry, name);

  if (number != NULL)
    return g_ascii_string_to_signed (value, 10, -1, G_MAXINT64, number, error);
  if (g_str_equal (name, "kind"))
    return parse_kind (value, &entry->fault.kind, error);
  if (g_str_equal (name, "path") || g_str_equal (name, "field"))
    {
      char **text = name[0] == 'p' ? &entry->path : &entry->fault.field;

      g_free (*text);
      *text = g_strdup (value);
      return TRUE;
    }

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "a fault has no parameter “%s”", name);
  return FALSE;
}

/* kind[@path][#nth][*times] */
static gboolean
entry_set_head (Entry      *entry,
                const char *head,
                GError    **error)
{
  g_autofree char *text = g_strdup (head);
  char *times = strrchr (text, '*');
  char *nth = strrchr (text, '#');
  char *path = strchr (text, '@');

  if (times != NULL)
    *times++ = '\0';
  if (nth != NULL)
    *nth++ = '\0';
  if (path != NULL)
    *path++ = '\0';

  return parse_kind (g_strstrip (text), &entry->fault.kind, error)
         && (path == NULL || entry_set (entry, "path", path, error))
         && (nth == NULL || entry_set (entry, "nth", nth, error))
         && (times == NULL || entry_set (entry, "times", times, error));
}

static Entry *
entry_parse (const char *spec,
             GError    **error)
{
  g_auto(GStrv) parts = g_strsplit (spec, ",", -1);
  g_autoptr(Entry) entry = entry_new ();

  if (parts[0] == NULL || !entry_set_head (entry, parts[0], error))
    return NULL;

  for (guint i = 1; parts[i] != NULL; i++)
    {
      g_auto(GStrv) pair = g_strsplit (parts[i], "=", 2);

      if (g_strv_length (pair) != 2)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "“%s” is not name=value", parts[i]);
          return NULL;
        }
      if (!entry_set (entry, g_strstrip (pair[0]), g_strstrip (pair[1]), error))
        return NULL;
    }

  return g_steal_pointer (&entry);
}

/**
 * sandbox_faults_add_spec:
 * @spec: kind[@path][#nth][*times][,name=value...] with ";" between several
 *
 * Returns: %FALSE with @error (G_IO_ERROR_INVALID_ARGUMENT) if it cannot be read; the ones before stay
 */
gboolean
sandbox_faults_add_spec (SandboxFaults *self,
                         const char    *spec,
                         GError       **error)
{
  g_auto(GStrv) entries = g_strsplit (spec, ";", -1);

  for (guint i = 0; entries[i] != NULL; i++)
    {
      Entry *entry;

      if (*g_strstrip (entries[i]) == '\0')
        continue;
      entry = entry_parse (entries[i], error);
      if (entry == NULL)
        return FALSE;
      g_ptr_array_add (self->script, entry);
    }

  return TRUE;
}

static Entry *
entry_from_json (JsonObject *object,
                 GError    **error)
{
  g_autoptr(Entry) entry = entry_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &value))
    {
      g_autofree char *text = NULL;

      if (JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_STRING)
        text = json_node_dup_string (value);
      else
        text = json_to_string (value, FALSE);
      if (!entry_set (entry, name, text, error))
        return NULL;
    }

  if (entry->fault.kind != SANDBOX_FAULT_NONE)
    return g_steal_pointer (&entry);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "a fault needs a kind");
  return NULL;
}

/** sandbox_faults_add_json: as sandbox_faults_add_spec(), of objects with the same names. */
gboolean
sandbox_faults_add_json (SandboxFaults *self,
                         JsonArray     *faults,
                         GError       **error)
{
  for (guint i = 0; i < json_array_get_length (faults); i++)
    {
      JsonNode *node = json_array_get_element (faults, i);
      Entry *entry;

      if (!JSON_NODE_HOLDS_OBJECT (node))
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "a fault is an object");
          return FALSE;
        }
      entry = entry_from_json (json_node_get_object (node), error);
      if (entry == NULL)
        return FALSE;
      g_ptr_array_add (self->script, entry);
    }

  return TRUE;
}

/**
 * sandbox_faults_set_random:
 * @rate: the chance that a request fails, from 0 to 1
 * @kinds: (nullable): names with commas between, or "all"; those a client can get over by itself if %NULL
 * @most: how often each kind may happen
 *
 * Returns: %FALSE with @error (G_IO_ERROR_INVALID_ARGUMENT) if a kind is unknown
 */
gboolean
sandbox_faults_set_random (SandboxFaults *self,
                           guint64        seed,
                           double         rate,
                           const char    *kinds,
                           guint          most,
                           GError       **error)
{
  g_auto(GStrv) names = NULL;

  if (kinds != NULL && g_str_equal (kinds, "all"))
    kinds = DEFAULT_KINDS "," OTHER_KINDS;
  names = g_strsplit (kinds != NULL ? kinds : DEFAULT_KINDS, ",", -1);

  g_array_set_size (self->kinds, 0);
  for (guint i = 0; names[i] != NULL; i++)
    {
      SandboxFaultKind kind;

      if (!parse_kind (g_strstrip (names[i]), &kind, error))
        return FALSE;
      g_array_append_val (self->kinds, kind);
      self->left[kind] = most;
    }

  sandbox_random_init (&self->random, seed, SANDBOX_STREAM_FAULT, 0);
  self->rate = rate;
  return TRUE;
}

/** sandbox_faults_clear: nothing goes wrong from now on; what has happened stays counted. */
void
sandbox_faults_clear (SandboxFaults *self)
{
  g_ptr_array_set_size (self->script, 0);
  self->rate = 0;
}

/* Counts the request; whether the entry fires, provided that no other does (@is_free). */
static gboolean
entry_count (Entry      *entry,
             const char *path,
             gboolean    is_free)
{
  if (entry->times == 0 || (entry->path != NULL && !g_str_has_prefix (path, entry->path)))
    return FALSE;
  if (entry->nth > 1)
    {
      entry->nth--;
      return FALSE;
    }

  if (is_free && entry->times > 0)
    entry->times--;
  return is_free;
}

static const SandboxFault *
faults_draw_random (SandboxFaults *self)
{
  SandboxFaultKind kind;

  if (self->rate <= 0 || self->kinds->len == 0)
    return NULL;
  if (sandbox_random_unit (&self->random) >= self->rate || self->in_a_row >= MOST_IN_A_ROW)
    return NULL;

  kind = g_array_index (self->kinds, SandboxFaultKind, sandbox_random_below (&self->random, self->kinds->len));
  if (self->left[kind] == 0)
    return NULL;

  self->left[kind]--;
  self->drawn.kind = kind;
  return &self->drawn;
}

/**
 * sandbox_faults_draw:
 * @path: what is asked for
 *
 * Every entry of the script counts the request; the first that is due wins, the others stay due.
 *
 * Returns: (transfer none) (nullable): what goes wrong with this request; valid until the faults change
 */
const SandboxFault *
sandbox_faults_draw (SandboxFaults *self,
                     const char    *path)
{
  const SandboxFault *fault = NULL;

  for (guint i = 0; i < self->script->len; i++)
    {
      Entry *entry = g_ptr_array_index (self->script, i);

      if (entry_count (entry, path, fault == NULL))
        fault = &entry->fault;
    }
  if (fault == NULL)
    fault = faults_draw_random (self);

  self->in_a_row = fault != NULL ? self->in_a_row + 1 : 0;
  if (fault != NULL)
    self->fired[fault->kind]++;
  return fault;
}

/** sandbox_faults_render: appends the member "faults_fired". */
void
sandbox_faults_render (SandboxFaults *self,
                       SandboxText   *text)
{
  sandbox_text_open (text, "faults_fired", '{');
  for (guint kind = 1; kind < SANDBOX_N_FAULTS; kind++)
    if (self->fired[kind] > 0)
      sandbox_text_member_int (text, kind_names[kind], self->fired[kind]);
  sandbox_text_char (text, '}');
}
