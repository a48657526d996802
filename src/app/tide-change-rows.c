/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-change-rows.h"
#include "tide-record-diff.h"

#define SHOWN_FIELDS 3

static const struct
{
  const char *kind;
  const char *icon;
  const char *word;
} kinds[] = {
  { "created", "list-add-symbolic", N_("new") },
  { "updated", "document-edit-symbolic", N_("changed") },
  { "deleted", "list-remove-symbolic", N_("deleted") },
  { "restored", "edit-undo-symbolic", N_("there again") },
};

static GtkWidget *
label_new (const char *text,
           const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  if (style != NULL)
    gtk_widget_add_css_class (label, style);
  gtk_widget_set_tooltip_text (label, text);
  return label;
}

/* "Total   £24.00 → £21.60" */
static GtkWidget *
field_line_new (const TideFieldChange *field)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *name = label_new (field->label, "tide-secondary");
  g_autofree char *read = g_strdup_printf (_("%s: before %s, after %s"), field->label,
                                           field->before != NULL ? field->before : "–",
                                           field->after != NULL ? field->after : "–");

  gtk_box_append (GTK_BOX (box), name);
  if (field->before != NULL)
    {
      GtkWidget *before = label_new (field->before, "tide-before");

      gtk_box_append (GTK_BOX (box), before);
    }
  gtk_box_append (GTK_BOX (box), label_new ("→", "tide-secondary"));
  gtk_box_append (GTK_BOX (box), label_new (field->after != NULL ? field->after : "–", NULL));
  gtk_accessible_update_property (GTK_ACCESSIBLE (box), GTK_ACCESSIBLE_PROPERTY_LABEL, read, -1);
  return box;
}

static void
add_fields (GtkBox                 *box,
            const TideRecordChange *change)
{
  g_autoptr(GPtrArray) fields = tide_record_diff (change->before, change->after);
  guint shown = MIN (fields->len, SHOWN_FIELDS);
  int more = (int)(fields->len - shown);

  for (guint i = 0; i < shown; i++)
    gtk_box_append (box, field_line_new (g_ptr_array_index (fields, i)));
  if (more > 0)
    {
      g_autofree char *text = g_strdup_printf (ngettext ("and %d more field", "and %d more fields", more), more);

      gtk_box_append (box, label_new (text, "tide-secondary"));
    }
  if (fields->len == 0)
    gtk_box_append (box, label_new (_("Only the service’s own bookkeeping"), "tide-secondary"));
}

/**
 * tide_change_row_new:
 * @change: what became of a record
 */
GtkWidget *
tide_change_row_new (const TideRecordChange *change)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *outer = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *inner = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  const char *payload = change->after != NULL ? change->after : change->before;
  g_autofree char *title = tide_record_dup_title (payload, change->record_id);
  g_autofree char *brief = tide_record_dup_brief (payload);
  gsize kind = 1;

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (change->kind, kinds[i].kind) == 0)
      kind = i;
  gtk_box_append (GTK_BOX (head), label_new (title, NULL));
  gtk_box_append (GTK_BOX (head), label_new (_(kinds[kind].word), "tide-secondary"));
  if (kind != 1 && *brief != '\0')
    gtk_box_append (GTK_BOX (head), label_new (brief, "tide-secondary"));
  gtk_box_append (GTK_BOX (inner), head);
  if (kind == 1)
    add_fields (GTK_BOX (inner), change);
  gtk_widget_set_hexpand (inner, TRUE);
  gtk_widget_set_tooltip_text (outer, change->record_id);
  gtk_box_append (GTK_BOX (outer), gtk_image_new_from_icon_name (kinds[kind].icon));
  gtk_box_append (GTK_BOX (outer), inner);
  gtk_widget_add_css_class (outer, "tide-line");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), outer);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  return row;
}

static void
copy_payload_cb (GtkWidget *button)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (button), g_object_get_data (G_OBJECT (button), "payload"));
}

static GtkWidget *
payload_row_new (const TideFailure *failure)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *text = g_strdup_printf ("%s\n%s", failure->reason, failure->payload);
  GtkWidget *label = gtk_label_new (text);
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *copy = gtk_button_new_from_icon_name ("edit-copy-symbolic");

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "monospace");
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_set_margin_top (label, 8);
  gtk_widget_set_margin_bottom (label, 8);
  gtk_widget_set_hexpand (scroller, TRUE);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), 160);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), label);
  gtk_widget_set_valign (copy, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (copy, "flat");
  gtk_widget_set_tooltip_text (copy, _("Copy the record as received"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (copy), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Copy the record as received"), -1);
  g_object_set_data_full (G_OBJECT (copy), "payload", g_strdup (failure->payload), g_free);
  g_signal_connect (copy, "clicked", G_CALLBACK (copy_payload_cb), NULL);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), scroller);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), copy);
  return row;
}

/**
 * tide_failure_row_new:
 * @failure: a record that could not be read
 */
GtkWidget *
tide_failure_row_new (const TideFailure *failure)
{
  GtkWidget *row = adw_expander_row_new ();
  GtkWidget *icon = gtk_image_new_from_icon_name ("process-stop-symbolic");
  g_autofree char *title = tide_record_dup_title (failure->payload, failure->record_id);
  g_autofree char *fault = tide_record_dup_fault (failure->reason);
  g_autofree char *reason = g_markup_escape_text (fault, -1);
  g_autofree char *escaped = g_markup_escape_text (title, -1);

  gtk_widget_set_valign (icon, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (icon, "tide-disc-28");
  gtk_widget_add_css_class (icon, "tide-bad");
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), escaped);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (row), reason);
  gtk_widget_set_tooltip_text (row, failure->record_id);
  adw_expander_row_add_prefix (ADW_EXPANDER_ROW (row), icon);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (row), payload_row_new (failure));
  return row;
}
