/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-attention-words.h"
#include "tide-format.h"
#include "tide-record-diff.h"
#include "tide-trouble.h"

/**
 * tide_attention_words_approval:
 * @what: what is synced: "Customers"
 * @who: the connection's name
 *
 * Returns: (transfer full): what is to be decided, in a line
 */
char *
tide_attention_words_approval (const TideApproval *approval,
                               const char         *what,
                               const char         *who)
{
  g_autofree char *number = tide_format_number (approval->affected);

  if (approval->kind == TIDE_RUN_ALLOW_DELETES)
    /* Translators: a number, what they are ("Customers"), the connection's name */
    return g_strdup_printf (ngettext ("%s record of %s is gone from %s: mark it as deleted here?",
                                      "%s records of %s are gone from %s: mark them as deleted here?",
                                      (gulong)approval->affected), number, what, who);
  return g_strdup_printf (ngettext ("%s record of %s changed at %s: take the change over?",
                                    "%s records of %s changed at %s: take them over?",
                                    (gulong)approval->affected), number, what, who);
}

/**
 * tide_attention_words_effect:
 *
 * Returns: (transfer full): how much would change: "34 of 420 would be deleted"
 */
char *
tide_attention_words_effect (const TideApproval *approval)
{
  g_autofree char *affected = tide_format_number (approval->affected);
  g_autofree char *total = tide_format_number (approval->total);

  if (approval->kind == TIDE_RUN_ALLOW_DELETES)
    return g_strdup_printf (_("%s of %s would be deleted"), affected, total);
  return g_strdup_printf (_("%s of %s would change"), affected, total);
}

/**
 * tide_attention_words_doubt:
 * @who: the connection's name
 *
 * Returns: (transfer full): when that is right, and when it is not
 */
char *
tide_attention_words_doubt (const TideApproval *approval,
                            const char         *who)
{
  if (approval->kind == TIDE_RUN_ALLOW_DELETES)
    return g_strdup_printf (_("%s does not list them any more. That is right if you have removed them there, or had it "
                              "tidied up. It is not if they are still there when you look: then %s has left something "
                              "out."), who, who);
  return g_strdup_printf (_("So much does not change at once on most days. That is right after a large change at %s, such "
                            "as new prices for everything. It is not if nobody has changed anything there."), who);
}

/**
 * tide_attention_words_choice:
 *
 * Returns: (transfer full): what either choice does
 */
char *
tide_attention_words_choice (const TideApproval *approval)
{
  if (approval->kind == TIDE_RUN_ALLOW_DELETES)
    return g_strdup (_("Approve: the sync goes on and marks them as deleted; they can still be looked up. "
                       "Refuse: it ends here, all of them stay, and the next full check asks again."));
  return g_strdup (_("Approve: the sync goes on and takes the changes over; what was there before is kept for a while. "
                     "Refuse: it ends here and nothing is changed; the next sync asks again."));
}

/**
 * tide_attention_words_cause:
 * @cause: of a group of failures: the name of a field, or a sentence
 *
 * Returns: (transfer full): the same for the owner
 */
char *
tide_attention_words_cause (const char *cause)
{
  g_autofree char *reason = g_strconcat (cause, ":", NULL);

  return tide_record_dup_fault (reason);
}

/**
 * tide_attention_words_retry:
 * @run: a run that waits for its next try
 *
 * Returns: (transfer full): why, and when: "Square does not answer; next try 12:35"
 */
char *
tide_attention_words_retry (const TideRun *run,
                            gint64         now,
                            GTimeZone     *zone)
{
  g_autofree char *brief = tide_trouble_dup_brief (run->error_code, run->connection_name);
  g_autofree char *clock = NULL;

  if (run->due_at <= now)
    /* Translators: what went wrong: "Square does not answer" */
    return g_strdup_printf (_("%s; is tried again now"), brief);
  if (run->due_at - now < G_USEC_PER_SEC * 60)
    return g_strdup_printf (_("%s; next try soon"), brief);
  clock = tide_format_next (run->due_at, now, zone);
  return g_strdup_printf (_("%s; next try %s"), brief, clock);
}

/**
 * tide_attention_words_mended:
 * @run: a run that came through after all
 *
 * Returns: (transfer full): that it did, and how
 */
char *
tide_attention_words_mended (const TideRun *run)
{
  if (run->attempts > 1)
    return g_strdup_printf (ngettext ("Came through after %d more try", "Came through after %d more tries",
                                      run->attempts - 1), (int)run->attempts - 1);
  return g_strdup (_("Had failed before, then came through"));
}

/**
 * tide_attention_words_hold:
 * @entry: a run of the queue
 *
 * Returns: (transfer full): why it does not go just now
 */
char *
tide_attention_words_hold (const TideQueueEntry *entry,
                           gint64                now,
                           GTimeZone            *zone)
{
  g_autofree char *clock = NULL;

  switch (entry->hold)
    {
    case TIDE_HOLD_NONE:
      return g_strdup (_("Goes now"));
    case TIDE_HOLD_RETRY:
      if (entry->run->due_at - now < G_USEC_PER_SEC * 60)
        return g_strdup (_("Next try in a moment"));
      clock = tide_format_next (entry->run->due_at, now, zone);
      return g_strdup_printf (_("Next try %s"), clock);
    case TIDE_HOLD_SMART_SYNC:
      return g_strdup (_("Lets the customers that somebody waits for go first"));
    case TIDE_HOLD_PAUSED:
      return g_strdup (_("Paused"));
    case TIDE_HOLD_ALL_PAUSED:
      return g_strdup (_("Waits until syncing is resumed"));
    case TIDE_HOLD_APPROVAL:
      return g_strdup (_("Waits for your decision"));
    case TIDE_HOLD_TURN:
    default:
      return entry->position == 1 ? g_strdup (_("Is next")) : g_strdup (_("Waits its turn"));
    }
}
