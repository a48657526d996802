/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-attention-item.h"
#include "tide-attention-words.h"
#include "tide-format.h"
#include "tide-trouble.h"

static TideAttentionItem *
tide_attention_item_new (TideItemGroup   group,
                         TideConnection *connection,
                         char           *key)
{
  TideAttentionItem *self = g_rc_box_new0 (TideAttentionItem);

  self->group = group;
  self->connection = tide_connection_ref (connection);
  self->key = key;
  return self;
}

TideAttentionItem *
tide_attention_item_ref (TideAttentionItem *self)
{
  return g_rc_box_acquire (self);
}

static void
tide_attention_item_clear (TideAttentionItem *self)
{
  g_free (self->key);
  g_free (self->title);
  g_free (self->line);
  g_free (self->label);
  g_clear_pointer (&self->connection, tide_connection_unref);
  g_clear_pointer (&self->need, tide_need_free);
  g_clear_pointer (&self->run, tide_run_unref);
  g_clear_pointer (&self->streams, g_ptr_array_unref);
}

/**
 * tide_attention_item_unref:
 * @self: (transfer full): what to let go of
 */
void
tide_attention_item_unref (TideAttentionItem *self)
{
  g_rc_box_release_full (self, (GDestroyNotify)tide_attention_item_clear);
}

/**
 * tide_attention_fact_free:
 * @self: (transfer full) (nullable): what to free
 */
void
tide_attention_fact_free (TideAttentionFact *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->value);
  g_free (self);
}

static void
add_fact (GPtrArray  *facts,
          const char *name,
          char       *value)
{
  TideAttentionFact *fact = g_new0 (TideAttentionFact, 1);

  fact->name = g_strdup (name);
  fact->value = value;
  g_ptr_array_add (facts, fact);
}

static void
tide_attention_item_say_sign_in (TideAttentionItem *self)
{
  int n = (int)self->need->streams->len;

  self->title = g_strdup_printf (_("%s: sign in again"), self->connection->name);
  self->line = n == 1 ? g_strdup_printf (_("%s waits"), self->label)
                      : g_strdup_printf (ngettext ("%d kind of data waits", "%d kinds of data wait", n), n);
}

static void
tide_attention_item_say_failed (TideAttentionItem *self)
{
  const TideRun *run = tide_attention_item_get_run (self);

  /* Translators: a connection, then what it brings: "Square: Orders" */
  self->title = g_strdup_printf (_("%s: %s"), self->connection->name, self->label);
  self->line = tide_trouble_dup_brief (run != NULL ? run->error_code : NULL, self->connection->name);
}

static void
tide_attention_item_say_records (TideAttentionItem *self)
{
  g_autofree char *number = tide_format_number (self->need->records);

  /* Translators: what they are ("Orders"), then a number */
  self->title = g_strdup_printf (ngettext ("%s: %s put aside", "%s: %s put aside", (gulong)self->need->records),
                                 self->label, number);
  self->line = self->need->group != NULL ? tide_attention_words_cause (self->need->group->cause)
                                         : g_strdup (self->connection->name);
}

/* @need: (transfer full) */
static TideAttentionItem *
tide_attention_item_new_for_need (TideNeed *need)
{
  TideAttentionItem *self = tide_attention_item_new (TIDE_ITEM_NEED, need->connection, g_strdup (need->key));

  self->need = need;
  self->label = tide_need_dup_names (need);
  self->when = need->since;
  self->look = (TideLook){ tide_need_get_icon (need), NULL, "tide-bad" };
  switch (need->kind)
    {
    case TIDE_NEED_SIGN_IN:
      tide_attention_item_say_sign_in (self);
      break;
    case TIDE_NEED_APPROVAL:
      self->title = g_strdup_printf (_("%s: your decision"), self->label);
      self->line = need->approval != NULL ? tide_attention_words_effect (need->approval)
                                          : g_strdup (need->connection->name);
      break;
    case TIDE_NEED_RECORDS:
      tide_attention_item_say_records (self);
      break;
    case TIDE_NEED_FAILED:
    default:
      tide_attention_item_say_failed (self);
      break;
    }
  return self;
}

static TideStreamStatus *
find_status (GPtrArray     *statuses,
             const TideRun *run)
{
  for (guint i = 0; i < statuses->len; i++)
    {
      TideStreamStatus *status = g_ptr_array_index (statuses, i);

      if (status->connection->id == run->connection_id && g_strcmp0 (status->stream, run->stream) == 0)
        return status;
    }
  return NULL;
}

/* @line: (transfer full) */
static TideAttentionItem *
tide_attention_item_new_for_run (TideItemGroup     group,
                                 TideStreamStatus *status,
                                 TideRun          *run,
                                 char             *line)
{
  char *key = group == TIDE_ITEM_MENDED ? g_strdup_printf ("mended/%" G_GINT64_FORMAT, run->connection_id)
                                        : g_strdup_printf ("retrying/%s", run->sync_id);
  TideAttentionItem *self = tide_attention_item_new (group, status->connection, key);

  self->run = tide_run_ref (run);
  self->label = g_strdup (status->label);
  self->title = g_strdup_printf (_("%s: %s"), status->connection->name, status->label);
  self->line = line;
  /* Of what is tried again, the line says when. */
  self->when = group == TIDE_ITEM_MENDED ? run->ended_at : 0;
  if (group == TIDE_ITEM_MENDED)
    self->look = (TideLook){ "emblem-default-symbolic", NULL, "tide-ok" };
  else
    self->look = (TideLook){ "dialog-warning-symbolic", NULL, "tide-late" };
  return self;
}

typedef struct
{
  GPtrArray *items;
  GPtrArray *statuses;
  gint64     venue_id;
  gint64     now;
  GTimeZone *zone;
} Listing;

static gboolean
listing_wants (const Listing          *self,
               const TideStreamStatus *status)
{
  return status != NULL && (self->venue_id == 0 || status->connection->venue_id == self->venue_id);
}

static void
listing_add_retrying (Listing   *self,
                      GPtrArray *runs)
{
  for (guint i = 0; i < runs->len; i++)
    {
      TideRun *run = g_ptr_array_index (runs, i);
      TideStreamStatus *status = find_status (self->statuses, run);

      /* Where the sign-in is refused, that is what is to be said, and said already. */
      if (listing_wants (self, status) && status->health != TIDE_HEALTH_SIGN_IN)
        g_ptr_array_add (self->items, tide_attention_item_new_for_run (TIDE_ITEM_RETRYING, status, run,
                                                                       tide_attention_words_retry (run, self->now,
                                                                                                   self->zone)));
    }
}

static TideAttentionItem *
listing_find_mended (const Listing *self,
                     gint64         connection_id)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      TideAttentionItem *item = g_ptr_array_index (self->items, i);

      if (item->group == TIDE_ITEM_MENDED && item->connection->id == connection_id)
        return item;
    }
  return NULL;
}

/* What was mended together, as after a sign-in, is one thing. */
static void
tide_attention_item_join_mended (TideAttentionItem *self)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < self->streams->len; i++)
    g_ptr_array_add (names, ((TideAttentionFact *)g_ptr_array_index (self->streams, i))->name);
  g_free (self->label);
  self->label = tide_format_list (names, 2);
  g_free (self->title);
  self->title = g_strdup_printf (_("%s: %s"), self->connection->name, self->label);
  g_free (self->line);
  self->line = g_strdup (_("Had failed before, then came through"));
}

static void
listing_add_mended (Listing   *self,
                    GPtrArray *runs)
{
  for (guint i = 0; i < runs->len; i++)
    {
      TideRun *run = g_ptr_array_index (runs, i);
      TideStreamStatus *status = find_status (self->statuses, run);
      TideAttentionItem *item;
      g_autofree char *when = tide_format_moment (run->ended_at, self->now, self->zone);

      if (!listing_wants (self, status))
        continue;
      item = listing_find_mended (self, run->connection_id);
      if (item == NULL)
        {
          item = tide_attention_item_new_for_run (TIDE_ITEM_MENDED, status, run, tide_attention_words_mended (run));
          item->streams = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_attention_fact_free);
          g_ptr_array_add (self->items, item);
        }
      add_fact (item->streams, status->label, g_strdup_printf (_("came through %s"), when));
      if (item->streams->len > 1)
        tide_attention_item_join_mended (item);
    }
}

static gboolean
listing_has_retry (const Listing          *self,
                   const TideStreamStatus *status)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      const TideAttentionItem *item = g_ptr_array_index (self->items, i);

      if (item->group == TIDE_ITEM_RETRYING && item->connection->id == status->connection->id
          && g_strcmp0 (item->run->stream, status->stream) == 0)
        return TRUE;
    }
  return FALSE;
}

/* Streams that were given up for now, and are asked for anew at their next time. */
static void
listing_add_given_up (Listing *self)
{
  for (guint i = 0; i < self->statuses->len; i++)
    {
      TideStreamStatus *status = g_ptr_array_index (self->statuses, i);
      gint64 next = status->retry_at != 0 ? status->retry_at : status->next_run;
      g_autoptr(TideRun) run = NULL;

      if (status->health != TIDE_HEALTH_RETRYING || status->last_run == NULL || !listing_wants (self, status)
          || listing_has_retry (self, status))
        continue;
      run = tide_run_copy (status->last_run);
      run->due_at = next;
      g_ptr_array_add (self->items, tide_attention_item_new_for_run (TIDE_ITEM_RETRYING, status, run,
                                                                     tide_attention_words_retry (run, self->now,
                                                                                                 self->zone)));
    }
}

/**
 * tide_attention_item_list:
 * @statuses: (element-type TideStreamStatus): all streams
 * @attention: what else there is
 * @venue_id: only of this venue, 0 = of every one
 *
 * Returns: (transfer full) (element-type TideAttentionItem): what Attention shows, group by group
 */
GPtrArray *
tide_attention_item_list (GPtrArray     *statuses,
                          TideAttention *attention,
                          gint64         venue_id,
                          gint64         now,
                          GTimeZone     *zone)
{
  GPtrArray *items = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_attention_item_unref);
  g_autoptr(GPtrArray) needs = tide_need_list (statuses, attention, venue_id);
  Listing listing = { items, statuses, venue_id, now, zone };

  g_ptr_array_set_free_func (needs, NULL);
  for (guint i = 0; i < needs->len; i++)
    g_ptr_array_add (items, tide_attention_item_new_for_need (g_ptr_array_index (needs, i)));
  listing_add_retrying (&listing, attention->retrying);
  listing_add_given_up (&listing);
  listing_add_mended (&listing, attention->mended);
  return items;
}

/**
 * tide_attention_item_get_run:
 *
 * Returns: (transfer none) (nullable): the run that shows it best
 */
const TideRun *
tide_attention_item_get_run (const TideAttentionItem *self)
{
  const TideRun *newest = NULL;

  if (self->run != NULL)
    return self->run;
  if (self->need->approval != NULL)
    return self->need->approval->run;
  for (guint i = 0; i < self->need->streams->len; i++)
    {
      const TideStreamStatus *status = g_ptr_array_index (self->need->streams, i);

      if (status->last_run != NULL && (newest == NULL || status->last_run->ended_at > newest->ended_at))
        newest = status->last_run;
    }
  return newest;
}

/**
 * tide_attention_item_dup_heading:
 *
 * Returns: (transfer full): what happened, in a sentence
 */
char *
tide_attention_item_dup_heading (const TideAttentionItem *self)
{
  if (self->need != NULL)
    return tide_need_dup_title (self->need);
  if (self->group == TIDE_ITEM_MENDED)
    return g_strdup_printf (_("%s of %s came through after all"), self->label, self->connection->name);
  return g_strdup_printf (_("%s of %s is being tried again"), self->label, self->connection->name);
}

static char *
dup_retry_text (const TideAttentionItem *self,
                gint64                   now,
                GTimeZone               *zone)
{
  g_autofree char *line = tide_attention_words_retry (self->run, now, zone);

  return g_strdup_printf (_("%s. There is nothing for you to do: it mends by itself, and what you miss is fetched then."),
                          line);
}

/**
 * tide_attention_item_dup_text:
 *
 * Returns: (transfer full): what it means
 */
char *
tide_attention_item_dup_text (const TideAttentionItem *self,
                              gint64                   now,
                              GTimeZone               *zone)
{
  if (self->group == TIDE_ITEM_MENDED)
    return g_strdup (_("All that you had missed has come. There is nothing for you to do."));
  if (self->group == TIDE_ITEM_RETRYING)
    return dup_retry_text (self, now, zone);
  if (self->need->approval != NULL)
    return tide_attention_words_doubt (self->need->approval, self->connection->name);
  return tide_need_dup_text (self->need, now, zone);
}

/**
 * tide_attention_item_dup_advice:
 *
 * Returns: (transfer full) (nullable): what the buttons do, where that is not plain
 */
char *
tide_attention_item_dup_advice (const TideAttentionItem *self)
{
  if (self->need != NULL && self->need->approval != NULL)
    return tide_attention_words_choice (self->need->approval);
  if (self->need != NULL && self->need->group != NULL)
    return g_strdup_printf (_("Fetch them again once they are put right at %s. Dismiss what you can do without; "
                              "it comes back when it changes there."), self->connection->name);
  return NULL;
}

/**
 * tide_attention_item_dup_exact:
 *
 * Returns: (transfer full) (nullable): what exactly happened, as the engine noted it
 */
char *
tide_attention_item_dup_exact (const TideAttentionItem *self)
{
  const TideRun *run = tide_attention_item_get_run (self);

  if (self->group == TIDE_ITEM_MENDED)
    return NULL;
  if (self->need != NULL && self->need->approval != NULL)
    return g_strdup (self->need->approval->reason);
  if (run == NULL || run->error_message == NULL)
    return NULL;
  return g_strdup_printf ("%s: %s", run->error_code != NULL ? run->error_code : "error", run->error_message);
}

static void
add_approval_facts (GPtrArray          *facts,
                    const TideApproval *approval,
                    gint64              now,
                    GTimeZone          *zone)
{
  gboolean deletes = approval->kind == TIDE_RUN_ALLOW_DELETES;

  add_fact (facts, deletes ? _("Would be marked as deleted") : _("Would change"),
            tide_format_number (approval->affected));
  add_fact (facts, deletes ? _("Would stay") : _("Would stay as they are"),
            tide_format_number (MAX (approval->total - approval->affected, 0)));
  add_fact (facts, _("Waits since"), tide_format_moment (approval->asked_at, now, zone));
  add_fact (facts, _("Asked for by"), g_strdup (tide_look_get_asker (approval->run->requested_by)));
}

/* What each stream still has: that nothing of it is lost. */
static void
add_stream_facts (GPtrArray *facts,
                  GPtrArray *streams,
                  gint64     now,
                  GTimeZone *zone)
{
  for (guint i = 0; i < streams->len; i++)
    {
      const TideStreamStatus *status = g_ptr_array_index (streams, i);
      g_autofree char *when = status->last_success > 0 ? tide_format_moment (status->last_success, now, zone) : NULL;

      add_fact (facts, status->label, when != NULL ? g_strdup_printf (_("complete up to %s"), when)
                                                   : g_strdup (_("not synced yet")));
    }
}

static void
add_run_facts (GPtrArray     *facts,
               const TideRun *run,
               TideItemGroup  group,
               gint64         now,
               GTimeZone     *zone)
{
  if (run->started_at > 0)
    add_fact (facts, _("First tried"), tide_format_moment (run->started_at, now, zone));
  add_fact (facts, _("Tries so far"), tide_format_number (run->attempts));
  if (group == TIDE_ITEM_MENDED)
    add_fact (facts, _("Came through"), tide_format_moment (run->ended_at, now, zone));
  else if (run->due_at > now)
    add_fact (facts, _("Next try"), tide_format_next (run->due_at, now, zone));
  add_fact (facts, _("Records that came so far"), tide_format_number (run->counts.read));
}

/**
 * tide_attention_item_list_facts:
 *
 * Returns: (transfer full) (element-type TideAttentionFact): what else is known
 */
GPtrArray *
tide_attention_item_list_facts (const TideAttentionItem *self,
                                gint64                   now,
                                GTimeZone               *zone)
{
  GPtrArray *facts = g_ptr_array_new_with_free_func ((GDestroyNotify)tide_attention_fact_free);

  if (self->streams != NULL && self->streams->len > 1)
    for (guint i = 0; i < self->streams->len; i++)
      {
        const TideAttentionFact *fact = g_ptr_array_index (self->streams, i);

        add_fact (facts, fact->name, g_strdup (fact->value));
      }
  else if (self->need == NULL)
    add_run_facts (facts, self->run, self->group, now, zone);
  else if (self->need->approval != NULL)
    add_approval_facts (facts, self->need->approval, now, zone);
  else
    add_stream_facts (facts, self->need->streams, now, zone);
  return facts;
}
