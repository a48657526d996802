/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemark-sandbox"

#include "sandbox-control.h"
#include "sandbox-time.h"
#include "sandbox-truth.h"

static gint64
get_number (SandboxRequest *request,
            const char     *name,
            gint64          fallback)
{
  JsonNode *node = request->object != NULL ? json_object_get_member (request->object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_int (node) : fallback;
}

static void
control_refuse (SandboxReply *reply,
                const char   *detail)
{
  sandbox_reply_bad (reply, "BAD_REQUEST", NULL, detail);
}

/* Every order is answered by what was done and what time it is then. */
static void
control_answer_done (SandboxControl *self,
                     SandboxReply   *reply,
                     guint           done)
{
  g_auto(SandboxText) text = { 0 };

  sandbox_text_char (&text, '{');
  sandbox_text_member_int (&text, "count", done);
  sandbox_text_member_time (&text, "now", sandbox_world_get_now (self->world));
  sandbox_text_char (&text, '}');
  sandbox_reply_text (reply, text.data, text.length);
}

static void
control_advance (SandboxControl *self,
                 SandboxRequest *request,
                 SandboxReply   *reply)
{
  gint64 seconds = get_number (request, "seconds", -1);

  if (seconds < 0)
    {
      control_refuse (reply, "seconds must be a number that is not negative");
      return;
    }
  sandbox_clock_set (self->clock, sandbox_world_get_now (self->world) + seconds * SANDBOX_SECOND);
  sandbox_world_advance (self->world, sandbox_clock_get (self->clock));
  control_answer_done (self, reply, 0);
}

/* "count", or "percent" of what is there, at least one. */
static guint
control_get_count (SandboxControl *self,
                   SandboxRequest *request,
                   const char     *entity)
{
  gint64 percent = get_number (request, "percent", 0);
  guint kinds;
  SandboxTable *table = sandbox_world_get_table (self->world, entity, &kinds);

  if (percent <= 0 || table == NULL)
    return (guint)CLAMP (get_number (request, "count", 1), 0, G_MAXINT32);
  return (guint)MAX ((gint64)sandbox_table_count (table, kinds) * percent / 100, 1);
}

static void
control_change (SandboxControl *self,
                SandboxRequest *request,
                SandboxReply   *reply)
{
  const char *entity = sandbox_object_text (request->object, "entity");
  gboolean is_edit = g_str_has_suffix (request->path, "/edit");
  guint count = control_get_count (self, request, entity);
  guint done = 0;
  gboolean known = is_edit ? sandbox_world_edit (self->world, entity, count, &done)
                           : sandbox_world_delete (self->world, entity, count, &done);

  if (known)
    control_answer_done (self, reply, done);
  else
    control_refuse (reply, "this cannot be done to an entity of that name");
}

static void
control_late (SandboxControl *self,
              SandboxRequest *request,
              SandboxReply   *reply)
{
  guint count = (guint)CLAMP (get_number (request, "count", 1), 0, 100000);

  sandbox_world_arrive_late (self->world, count);
  control_answer_done (self, reply, count);
}

static void
control_faults (SandboxControl *self,
                SandboxRequest *request,
                SandboxReply   *reply)
{
  JsonArray *faults = sandbox_object_array (request->object, "faults");
  g_autoptr(GError) error = NULL;

  if (g_str_equal (request->method, "DELETE"))
    sandbox_faults_clear (self->faults);
  else if (faults == NULL)
    {
      control_refuse (reply, "faults must be an array");
      return;
    }
  else if (!sandbox_faults_add_json (self->faults, faults, &error))
    {
      control_refuse (reply, error->message);
      return;
    }
  control_answer_done (self, reply, faults != NULL ? json_array_get_length (faults) : 0);
}

static void
control_stats (SandboxControl *self,
               SandboxReply   *reply)
{
  g_auto(SandboxText) text = { 0 };

  sandbox_text_char (&text, '{');
  sandbox_stats_render (self->stats, &text);
  sandbox_faults_render (self->faults, &text);
  sandbox_text_member_time (&text, "now", sandbox_world_get_now (self->world));
  sandbox_text_char (&text, '}');
  sandbox_reply_text (reply, text.data, text.length);
}

/**
 * sandbox_control_answer:
 * @request: one whose path begins with %SANDBOX_CONTROL_PREFIX
 *
 * Returns: %TRUE if @reply is to be sent, %FALSE if the answer has been started on @message
 */
gboolean
sandbox_control_answer (SandboxControl    *self,
                        SandboxRequest    *request,
                        SandboxReply      *reply,
                        SoupServerMessage *message)
{
  const char *what = request->path + strlen (SANDBOX_CONTROL_PREFIX);
  gboolean is_get = g_str_equal (request->method, "GET");

  if (is_get && g_str_has_prefix (what, "truth/"))
    {
      guint kinds;
      SandboxTable *table = sandbox_world_get_table (self->world, what + strlen ("truth/"), &kinds);

      if (table != NULL)
        {
          sandbox_truth_send (table, kinds, message);
          return FALSE;
        }
      control_refuse (reply, "there is no entity of that name");
    }
  else if (is_get && g_str_equal (what, "stats"))
    control_stats (self, reply);
  else if (g_str_equal (what, "faults") && !is_get)
    control_faults (self, request, reply);
  else if (g_str_equal (what, "advance") && !is_get)
    control_advance (self, request, reply);
  else if ((g_str_equal (what, "edit") || g_str_equal (what, "delete")) && !is_get)
    control_change (self, request, reply);
  else if (g_str_equal (what, "late") && !is_get)
    control_late (self, request, reply);
  else
    sandbox_reply_error (reply, SOUP_STATUS_NOT_FOUND, "INVALID_REQUEST_ERROR", "NOT_FOUND", "no such control", NULL);

  return TRUE;
}
