/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "tide-attention-words.h"
#include "tide-format.h"
#include "tide-need.h"
#include "tide-trouble.h"

static TideNeed *
tide_need_new (TideNeedKind    kind,
               TideConnection *connection,
               char           *key)
{
  TideNeed *self = g_new0 (TideNeed, 1);

  self->kind = kind;
  self->key = key;
  self->connection = tide_connection_ref (connection);
  self->streams = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_stream_status_unref);
  return self;
}

static TideNeed *
find_or_add (GPtrArray      *needs,
             TideNeedKind    kind,
             TideConnection *connection)
{
  static const char * const names[] = {
    [TIDE_NEED_SIGN_IN] = "sign-in",
    [TIDE_NEED_APPROVAL] = "approval",
    [TIDE_NEED_FAILED] = "failed",
    [TIDE_NEED_RECORDS] = "records",
  };
  TideNeed *need;

  for (guint i = 0; i < needs->len; i++)
    {
      need = g_ptr_array_index (needs, i);
      if (need->kind == kind && need->group == NULL && need->approval == NULL
          && need->connection->id == connection->id)
        return need;
    }
  need = tide_need_new (kind, connection, g_strdup_printf ("%s/%" G_GINT64_FORMAT, names[kind], connection->id));
  g_ptr_array_add (needs, need);
  return need;
}

static TideStreamStatus *
find_status (GPtrArray  *statuses,
             gint64      connection_id,
             const char *stream)
{
  TideStreamStatus *any = NULL;

  for (guint i = 0; i < statuses->len; i++)
    {
      TideStreamStatus *status = g_ptr_array_index (statuses, i);

      if (status->connection->id != connection_id)
        continue;
      if (g_strcmp0 (status->stream, stream) == 0)
        return status;
      any = status;
    }
  return any;
}

static gboolean
has_group (TideAttention          *attention,
           const TideStreamStatus *status)
{
  for (guint i = 0; attention != NULL && i < attention->groups->len; i++)
    {
      const TideFailureGroup *group = g_ptr_array_index (attention->groups, i);

      if (group->connection_id == status->connection->id && g_strcmp0 (group->stream, status->stream) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
has_approval (TideAttention          *attention,
              const TideStreamStatus *status)
{
  for (guint i = 0; attention != NULL && i < attention->approvals->len; i++)
    {
      const TideRun *run = ((const TideApproval *)g_ptr_array_index (attention->approvals, i))->run;

      if (run->connection_id == status->connection->id && g_strcmp0 (run->stream, status->stream) == 0)
        return TRUE;
    }
  return FALSE;
}

static TideNeedKind
kind_of (TideHealth health)
{
  if (health == TIDE_HEALTH_SIGN_IN)
    return TIDE_NEED_SIGN_IN;
  if (health == TIDE_HEALTH_APPROVAL)
    return TIDE_NEED_APPROVAL;
  return health == TIDE_HEALTH_PARTLY ? TIDE_NEED_RECORDS : TIDE_NEED_FAILED;
}

/* Decisions and records put aside come with what is known of them; from the stream itself only where that is not
 * known yet. */
static void
add_status (GPtrArray        *needs,
            TideStreamStatus *status,
            TideAttention    *attention)
{
  TideNeedKind kind = kind_of (status->health);
  TideNeed *need;

  if ((kind == TIDE_NEED_RECORDS && has_group (attention, status))
      || (kind == TIDE_NEED_APPROVAL && has_approval (attention, status)))
    return;
  need = find_or_add (needs, kind, status->connection);
  g_ptr_array_add (need->streams, tide_stream_status_ref (status));
  need->records += status->open_failures;
  if (status->since != 0 && (need->since == 0 || status->since < need->since))
    need->since = status->since;
}

static void
add_approval (GPtrArray          *needs,
              TideStreamStatus   *status,
              TideAttention      *attention,
              const TideApproval *approval)
{
  char *key = g_strdup_printf ("approval/%" G_GINT64_FORMAT, approval->id);
  TideNeed *need = tide_need_new (TIDE_NEED_APPROVAL, status->connection, key);

  g_ptr_array_add (need->streams, tide_stream_status_ref (status));
  need->since = approval->asked_at;
  need->attention = tide_attention_ref (attention);
  need->approval = approval;
  g_ptr_array_add (needs, need);
}

static void
add_group (GPtrArray              *needs,
           TideStreamStatus       *status,
           TideAttention          *attention,
           const TideFailureGroup *group)
{
  char *key = g_strdup_printf ("records/%" G_GINT64_FORMAT "/%s/%s", group->connection_id, group->stream, group->cause);
  TideNeed *need = tide_need_new (TIDE_NEED_RECORDS, status->connection, key);

  g_ptr_array_add (need->streams, tide_stream_status_ref (status));
  need->since = group->last_seen;
  need->records = group->n_failures;
  need->attention = tide_attention_ref (attention);
  need->group = group;
  g_ptr_array_add (needs, need);
}

static void
add_attention (GPtrArray     *needs,
               GPtrArray     *statuses,
               TideAttention *attention,
               gint64         venue_id)
{
  for (guint i = 0; i < attention->approvals->len; i++)
    {
      const TideApproval *approval = g_ptr_array_index (attention->approvals, i);
      TideStreamStatus *status = find_status (statuses, approval->run->connection_id, approval->run->stream);

      if (status != NULL && (venue_id == 0 || status->connection->venue_id == venue_id))
        add_approval (needs, status, attention, approval);
    }
  for (guint i = 0; i < attention->groups->len; i++)
    {
      const TideFailureGroup *group = g_ptr_array_index (attention->groups, i);
      TideStreamStatus *status = find_status (statuses, group->connection_id, group->stream);

      if (status != NULL && (venue_id == 0 || status->connection->venue_id == venue_id))
        add_group (needs, status, attention, group);
    }
}

static int
compare_needs (gconstpointer a,
               gconstpointer b)
{
  const TideNeed *left = *(const TideNeed **)a;
  const TideNeed *right = *(const TideNeed **)b;

  if (left->kind != right->kind)
    return (int)left->kind - (int)right->kind;
  if (left->connection->id != right->connection->id)
    return left->connection->id < right->connection->id ? -1 : 1;
  /* Not by time: what is read must not change places with each sync. */
  return strcmp (left->key, right->key);
}

/**
 * tide_need_list:
 * @statuses: (element-type TideStreamStatus): all streams
 * @attention: (nullable): what else there is to decide
 * @venue_id: only of this venue, 0 = of every one
 *
 * Returns: (transfer full) (element-type TideNeed): what needs the owner, the most pressing first
 */
GPtrArray *
tide_need_list (GPtrArray     *statuses,
                TideAttention *attention,
                gint64         venue_id)
{
  GPtrArray *needs = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_need_free);

  for (guint i = 0; i < statuses->len; i++)
    {
      TideStreamStatus *status = g_ptr_array_index (statuses, i);

      if (tide_health_needs_owner (status->health)
          && (venue_id == 0 || status->connection->venue_id == venue_id))
        add_status (needs, status, attention);
    }
  if (attention != NULL)
    add_attention (needs, statuses, attention, venue_id);
  g_ptr_array_sort (needs, compare_needs);
  return needs;
}

/**
 * tide_need_free:
 * @self: (transfer full) (nullable): what to free
 */
void
tide_need_free (TideNeed *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->connection, tide_connection_unref);
  g_clear_pointer (&self->streams, g_ptr_array_unref);
  g_clear_pointer (&self->attention, tide_attention_unref);
  g_free (self->key);
  g_free (self);
}

/**
 * tide_need_dup_names:
 *
 * Returns: (transfer full): which of the connection's streams it is about: "Orders and Payments"
 */
char *
tide_need_dup_names (const TideNeed *self)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < self->streams->len; i++)
    g_ptr_array_add (names, ((TideStreamStatus *)g_ptr_array_index (self->streams, i))->label);
  return tide_format_list (names, 3);
}

/**
 * tide_need_dup_title:
 *
 * Returns: (transfer full): what happened, in a line
 */
char *
tide_need_dup_title (const TideNeed *self)
{
  g_autofree char *names = tide_need_dup_names (self);
  g_autofree char *number = NULL;

  switch (self->kind)
    {
    case TIDE_NEED_SIGN_IN:
      return g_strdup_printf (_("%s needs you to sign in again"), self->connection->name);
    case TIDE_NEED_APPROVAL:
      if (self->approval == NULL)
        return g_strdup_printf (_("%s of %s waits for your decision"), names, self->connection->name);
      return tide_attention_words_approval (self->approval, names, self->connection->name);
    case TIDE_NEED_RECORDS:
      number = tide_format_number (self->records);
      /* Translators: a number, what they are ("Orders"), the connection's name */
      return g_strdup_printf (ngettext ("%s record of %s could not be read from %s",
                                        "%s records of %s could not be read from %s", (gulong)self->records),
                              number, names, self->connection->name);
    case TIDE_NEED_FAILED:
    default:
      /* Translators: "Orders and Payments", then the connection's name */
      return g_strdup_printf (_("%s could not be synced from %s"), names, self->connection->name);
    }
}

/**
 * tide_need_dup_text:
 *
 * Returns: (transfer full): what it means, in a line
 */
char *
tide_need_dup_text (const TideNeed *self,
                    gint64          now,
                    GTimeZone      *zone)
{
  TideStreamStatus *first = g_ptr_array_index (self->streams, 0);
  g_autofree char *when = self->since > 0 ? tide_format_moment (self->since, now, zone) : NULL;
  g_autofree char *cause = NULL;

  switch (self->kind)
    {
    case TIDE_NEED_SIGN_IN:
      if (when != NULL)
        return g_strdup_printf (_("The sign-in was refused %s. Nothing is lost: what you miss is fetched afterwards."), when);
      return g_strdup (_("The sign-in is refused. Nothing is lost: what you miss is fetched afterwards."));
    case TIDE_NEED_APPROVAL:
      return g_strdup (_("The sync has stopped before it and waits for you. Nothing is changed until you decide."));
    case TIDE_NEED_RECORDS:
      cause = self->group != NULL ? tide_attention_words_cause (self->group->cause) : NULL;
      if (cause != NULL)
        /* Translators: what is wrong with some records: "“Created at” is not as expected" */
        return g_strdup_printf (_("%s. They are kept as received; all the others are here."), cause);
      return g_strdup (_("They are kept as received. All the others are here."));
    case TIDE_NEED_FAILED:
    default:
      return tide_trouble_dup_sentence (first->last_run != NULL ? first->last_run->error_code : NULL,
                                        self->connection->name);
    }
}

/**
 * tide_need_get_button:
 *
 * Returns: what to press
 */
const char *
tide_need_get_button (const TideNeed *self)
{
  switch (self->kind)
    {
    case TIDE_NEED_SIGN_IN:
      return _("Sign In Again…");
    case TIDE_NEED_APPROVAL:
      return _("Decide…");
    case TIDE_NEED_RECORDS:
      return ngettext ("Show It", "Show Them", (gulong)self->records);
    case TIDE_NEED_FAILED:
    default:
      return _("Try Again");
    }
}

const char *
tide_need_get_icon (const TideNeed *self)
{
  switch (self->kind)
    {
    case TIDE_NEED_SIGN_IN:
      return "dialog-password-symbolic";
    case TIDE_NEED_APPROVAL:
      return "dialog-question-symbolic";
    case TIDE_NEED_RECORDS:
    case TIDE_NEED_FAILED:
    default:
      return "process-stop-symbolic";
    }
}
