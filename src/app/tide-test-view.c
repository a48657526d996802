/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-test-view.h"
#include "tide-trouble.h"

struct _TideTestView
{
  AdwBin     parent_instance;

  GtkWidget *stack;
  GtkWidget *waiting;
  GtkWidget *title;
  GtkWidget *text;
  GtkWidget *account;
  GtkWidget *missing;
  GtkWidget *trouble;
  GtkWidget *trouble_details;

  GPtrArray *rows;            /* (owned): those made for the last result */
};

G_DEFINE_FINAL_TYPE (TideTestView, tide_test_view, ADW_TYPE_BIN)

enum
{
  RETRY,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
tide_test_view_retry_cb (TideTestView *self)
{
  g_signal_emit (self, signals[RETRY], 0);
}

static void
tide_test_view_dispose (GObject *object)
{
  g_clear_pointer (&TIDE_TEST_VIEW (object)->rows, g_ptr_array_unref);
  G_OBJECT_CLASS (tide_test_view_parent_class)->dispose (object);
}

static void
tide_test_view_class_init (TideTestViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_test_view_dispose;

  /**
   * TideTestView::retry:
   *
   * The owner wants it to be asked again.
   */
  signals[RETRY] = g_signal_new ("retry", TIDE_TYPE_TEST_VIEW, G_SIGNAL_RUN_LAST, 0,
                                 NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/tide-test-view.ui");
  gtk_widget_class_bind_template_child (widget_class, TideTestView, stack);
  gtk_widget_class_bind_template_child (widget_class, TideTestView, waiting);
  gtk_widget_class_bind_template_child (widget_class, TideTestView, title);
  gtk_widget_class_bind_template_child (widget_class, TideTestView, text);
  gtk_widget_class_bind_template_child (widget_class, TideTestView, account);
  gtk_widget_class_bind_template_child (widget_class, TideTestView, missing);
  gtk_widget_class_bind_template_child (widget_class, TideTestView, trouble);
  gtk_widget_class_bind_template_child (widget_class, TideTestView, trouble_details);
  gtk_widget_class_bind_template_callback (widget_class, tide_test_view_retry_cb);
}

static void
tide_test_view_init (TideTestView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->rows = g_ptr_array_new ();
}

/**
 * tide_test_view_show_waiting:
 * @who: the service's name
 */
void
tide_test_view_show_waiting (TideTestView *self,
                             const char   *who)
{
  g_autofree char *text = g_strdup_printf (_("Asking %s…"), who);

  gtk_label_set_label (GTK_LABEL (self->waiting), text);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "waiting");
}

static void
tide_test_view_add_row (TideTestView *self,
                        GtkWidget    *group,
                        const char   *text,
                        const char   *icon_name,
                        const char   *style)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = gtk_image_new_from_icon_name (icon_name);
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), escaped);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  gtk_widget_add_css_class (icon, style);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  g_object_set_data (G_OBJECT (row), "group", group);
  g_ptr_array_add (self->rows, row);
}

static void
tide_test_view_clear (TideTestView *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      GtkWidget *row = g_ptr_array_index (self->rows, i);

      adw_preferences_group_remove (g_object_get_data (G_OBJECT (row), "group"), row);
    }
  g_ptr_array_set_size (self->rows, 0);
}

/**
 * tide_test_view_show_result:
 * @who: the service's name
 * @result: what it showed
 */
void
tide_test_view_show_result (TideTestView         *self,
                            const char           *who,
                            const TideTestResult *result)
{
  int n = result->missing != NULL ? (int)g_strv_length (result->missing) : 0;
  g_autofree char *title = g_strdup_printf (_("This Is What %s Shows"), who);
  g_autofree char *text = n == 0 ? g_strdup (_("The sign-in works, and nothing is missing."))
                                 : g_strdup_printf (ngettext ("%d thing is not allowed. You can allow it there now, "
                                                              "or go on without.",
                                                              "%d things are not allowed. You can allow them there "
                                                              "now, or go on without.", n), n);

  tide_test_view_clear (self);
  gtk_label_set_label (GTK_LABEL (self->title), title);
  gtk_label_set_label (GTK_LABEL (self->text), text);
  tide_test_view_add_row (self, self->account, result->account != NULL ? result->account : who,
                          "emblem-default-symbolic", "tide-ok");
  for (guint i = 0; result->details != NULL && result->details[i] != NULL; i++)
    tide_test_view_add_row (self, self->account, result->details[i], "object-select-symbolic", "tide-quiet");
  for (int i = 0; i < n; i++)
    tide_test_view_add_row (self, self->missing, result->missing[i], "dialog-warning-symbolic", "tide-late");
  gtk_widget_set_visible (self->missing, n > 0);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "result");
}

/**
 * tide_test_view_show_trouble:
 * @who: the service's name
 * @error: why it could not be asked
 */
void
tide_test_view_show_trouble (TideTestView *self,
                             const char   *who,
                             const GError *error)
{
  g_autofree char *text = tide_trouble_describe (error, who);

  adw_status_page_set_description (ADW_STATUS_PAGE (self->trouble), text);
  gtk_label_set_label (GTK_LABEL (self->trouble_details), error->message);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "trouble");
}
