/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-attention-record.h"
#include "tide-format.h"
#include "tide-record-diff.h"

struct _TideAttentionRecord
{
  AdwExpanderRow  parent_instance;

  GtkWidget      *check;
  GtkWidget      *suffix;     /* the buttons where there is room for them */
  GtkWidget      *below;      /* the same, in the opened part */
  GtkWidget      *exact;

  gint64          id;
  gint64          last_seen;
  char           *payload;    /* (owned) (nullable): as received */
  gboolean        choosing;
};

G_DEFINE_FINAL_TYPE (TideAttentionRecord, tide_attention_record, ADW_TYPE_EXPANDER_ROW)

enum
{
  CHECKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
tide_attention_record_toggled_cb (TideAttentionRecord *self)
{
  g_signal_emit (self, signals[CHECKED], 0);
}

static void
tide_attention_record_copy_cb (TideAttentionRecord *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), self->payload != NULL ? self->payload : "");
}

static GtkWidget *
button_new (const char *label,
            const char *action)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_widget_add_css_class (button, "tide-small");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  return button;
}

static GtkWidget *
buttons_new (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  gtk_box_append (GTK_BOX (box), button_new (_("Fetch Again"), "records.retry"));
  gtk_box_append (GTK_BOX (box), button_new (_("Dismiss"), "records.dismiss"));
  return box;
}

static GtkWidget *
exact_new (TideAttentionRecord *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->exact = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->exact), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (self->exact), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (self->exact), 0);
  gtk_label_set_selectable (GTK_LABEL (self->exact), TRUE);
  gtk_widget_set_valign (self->exact, GTK_ALIGN_START);
  gtk_widget_add_css_class (self->exact, "monospace");
  gtk_widget_add_css_class (self->exact, "caption");
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scroller), 120);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), 220);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), self->exact);
  return scroller;
}

/* The opened part: the buttons where the row has no room for them, and what exactly. */
static GtkWidget *
details_new (TideAttentionRecord *self)
{
  GtkWidget *row = adw_preferences_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 10);
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *title = gtk_label_new (_("What exactly, and the record as received"));
  GtkWidget *copy = gtk_button_new_with_label (_("Copy"));

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_label_set_wrap (GTK_LABEL (title), TRUE);
  gtk_widget_set_hexpand (title, TRUE);
  gtk_widget_add_css_class (title, "caption");
  gtk_widget_add_css_class (title, "tide-secondary");
  gtk_widget_add_css_class (copy, "tide-small");
  gtk_widget_set_valign (copy, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (copy, "clicked", G_CALLBACK (tide_attention_record_copy_cb), self);
  gtk_box_append (GTK_BOX (head), title);
  gtk_box_append (GTK_BOX (head), copy);
  self->below = buttons_new ();
  gtk_widget_set_visible (self->below, FALSE);
  gtk_box_append (GTK_BOX (box), self->below);
  gtk_box_append (GTK_BOX (box), head);
  gtk_box_append (GTK_BOX (box), exact_new (self));
  gtk_widget_add_css_class (box, "tide-line");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  return row;
}

static void
tide_attention_record_finalize (GObject *object)
{
  g_free (TIDE_ATTENTION_RECORD (object)->payload);
  G_OBJECT_CLASS (tide_attention_record_parent_class)->finalize (object);
}

static void
tide_attention_record_class_init (TideAttentionRecordClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tide_attention_record_finalize;

  signals[CHECKED] = g_signal_new ("checked", TIDE_TYPE_ATTENTION_RECORD, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
tide_attention_record_init (TideAttentionRecord *self)
{
  self->check = gtk_check_button_new ();
  gtk_widget_set_valign (self->check, GTK_ALIGN_CENTER);
  gtk_widget_set_visible (self->check, FALSE);
  g_signal_connect_swapped (self->check, "toggled", G_CALLBACK (tide_attention_record_toggled_cb), self);
  self->suffix = buttons_new ();
  adw_expander_row_add_prefix (ADW_EXPANDER_ROW (self), self->check);
  adw_expander_row_add_action (ADW_EXPANDER_ROW (self), self->suffix);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), details_new (self));
}

static void
buttons_set_id (GtkWidget *box,
                gint64     id)
{
  for (GtkWidget *button = gtk_widget_get_first_child (box); button != NULL; button = gtk_widget_get_next_sibling (button))
    gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "x", id);
}

/**
 * tide_attention_record_new:
 * @id: of the failure
 */
GtkWidget *
tide_attention_record_new (gint64 id)
{
  TideAttentionRecord *self = g_object_new (TIDE_TYPE_ATTENTION_RECORD, NULL);

  self->id = id;
  buttons_set_id (self->suffix, id);
  buttons_set_id (self->below, id);
  return GTK_WIDGET (self);
}

gint64
tide_attention_record_get_id (TideAttentionRecord *self)
{
  return self->id;
}

static char *
dup_history (const TideFailure *failure,
             gint64             now,
             GTimeZone         *zone)
{
  g_autofree char *first = tide_format_moment (failure->first_seen, now, zone);
  g_autofree char *last = tide_format_moment (failure->last_seen, now, zone);

  if (failure->attempts <= 1)
    return g_strdup_printf (_("Came %s, tried once"), first);
  return g_strdup_printf (ngettext ("Came %s, tried %d time, last %s", "Came %s, tried %d times, last %s",
                                    (gulong)failure->attempts), first, (int)failure->attempts, last);
}

static void
tide_attention_record_name_parts (TideAttentionRecord *self,
                                  const char          *title)
{
  g_autofree char *check = g_strdup_printf (_("Select %s"), title);
  g_autofree char *retry = g_strdup_printf (_("Fetch %s again"), title);
  g_autofree char *dismiss = g_strdup_printf (_("Dismiss %s"), title);
  GtkWidget *boxes[] = { self->suffix, self->below };

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->check), GTK_ACCESSIBLE_PROPERTY_LABEL, check, -1);
  for (gsize i = 0; i < G_N_ELEMENTS (boxes); i++)
    {
      gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_first_child (boxes[i])),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, retry, -1);
      gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_last_child (boxes[i])),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, dismiss, -1);
    }
}

/**
 * tide_attention_record_set_failure:
 * @failure: the record, of the id that this was made for
 */
void
tide_attention_record_set_failure (TideAttentionRecord *self,
                                   const TideFailure   *failure,
                                   gint64               now,
                                   GTimeZone           *zone)
{
  g_autofree char *title = tide_record_dup_title (failure->payload, failure->record_id);
  g_autofree char *fault = tide_record_dup_fault (failure->reason);
  g_autofree char *history = dup_history (failure, now, zone);
  g_autofree char *subtitle = g_markup_printf_escaped ("%s\n%s", fault, history);
  g_autofree char *escaped = g_markup_escape_text (title, -1);
  g_autofree char *exact = NULL;

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), escaped);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), subtitle);
  tide_attention_record_name_parts (self, title);
  if (self->payload != NULL && self->last_seen == failure->last_seen)
    return;
  self->last_seen = failure->last_seen;
  g_free (self->payload);
  self->payload = g_strdup (failure->payload);
  exact = g_strdup_printf ("%s\n%s\n%s", failure->record_id, failure->reason, failure->payload);
  gtk_label_set_label (GTK_LABEL (self->exact), exact);
}

/**
 * tide_attention_record_set_narrow:
 * @narrow: whether the row itself has no room for buttons
 */
void
tide_attention_record_set_narrow (TideAttentionRecord *self,
                                  gboolean             narrow)
{
  gtk_widget_set_visible (self->suffix, !narrow && !self->choosing);
  gtk_widget_set_visible (self->below, narrow && !self->choosing);
}

/**
 * tide_attention_record_set_choosing:
 * @choosing: whether several are being chosen, to do one thing with all
 */
void
tide_attention_record_set_choosing (TideAttentionRecord *self,
                                    gboolean             choosing)
{
  self->choosing = choosing;
  gtk_widget_set_visible (self->check, choosing);
  if (!choosing)
    gtk_check_button_set_active (GTK_CHECK_BUTTON (self->check), FALSE);
}

gboolean
tide_attention_record_get_checked (TideAttentionRecord *self)
{
  return gtk_check_button_get_active (GTK_CHECK_BUTTON (self->check));
}

void
tide_attention_record_set_checked (TideAttentionRecord *self,
                                   gboolean             checked)
{
  gtk_check_button_set_active (GTK_CHECK_BUTTON (self->check), checked);
}
