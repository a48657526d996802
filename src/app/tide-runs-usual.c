/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-band-chart.h"
#include "tide-job.h"
#include "tide-runs-usual.h"
#include "tide-time.h"
#include "tide-window.h"

/* Four weeks of a run every ten minutes. */
#define MAX_RUNS 4500

struct _TideRunsUsual
{
  AdwBin        parent_instance;

  GtkWidget    *head;
  GtkWidget    *title;
  GtkWidget    *summary;
  GtkWidget    *legend;
  GtkWidget    *chart;

  TideUsual    *usual;        /* (owned) (nullable) */
  GCancellable *cancellable;  /* (owned) (nullable) */
  char         *what;         /* (owned) (nullable) */
  gboolean      known;        /* what is usual for the stream */
  guint         n_days;
  gint64        since;
  gint64        until;
};

G_DEFINE_FINAL_TYPE (TideRunsUsual, tide_runs_usual, ADW_TYPE_BIN)

typedef struct
{
  gint64  connection_id;
  char   *stream;
  char   *entity;
  gint64  since;
  gint64  until;
} Question;

static void
question_free (Question *question)
{
  g_free (question->stream);
  g_free (question->entity);
  g_free (question);
}

typedef struct
{
  GPtrArray *runs;            /* (element-type TideRun): newest first */
  guint      n_days;          /* of the last four weeks, with a run */
} Answer;

static void
answer_free (Answer *answer)
{
  g_clear_pointer (&answer->runs, g_ptr_array_unref);
  g_free (answer);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Answer, answer_free)

/* Days of history, from which what is usual is being learned. */
static gboolean
count_days (TideEngine      *engine,
            const Question  *question,
            guint           *n_days,
            GError         **error)
{
  g_autoptr(GArray) hours = tide_engine_get_run_hours (engine, question->until - 28 * TIDE_DAY, question->until, error);
  gint64 last = -1;

  for (guint i = 0; hours != NULL && i < hours->len; i++)
    {
      const TideRunHour *hour = &g_array_index (hours, TideRunHour, i);

      if (hour->connection_id != question->connection_id || g_strcmp0 (hour->stream, question->stream) != 0
          || hour->hour / TIDE_DAY == last)
        continue;
      last = hour->hour / TIDE_DAY;
      (*n_days)++;
    }
  return hours != NULL;
}

/* Runs are asked for by what they bring; of a connection with two streams of that, the others are left out. */
static gpointer
runs_job (TideEngine    *engine,
          gpointer       data,
          GCancellable  *cancellable,
          GError       **error)
{
  const Question *question = data;
  const TideRunQuery query = {
    .connection_id = question->connection_id,
    .entity = question->entity,
    .outcome = "completed",
    .since = question->since,
    .until = question->until,
    .limit = MAX_RUNS,
  };
  g_autoptr(Answer) answer = g_new0 (Answer, 1);

  answer->runs = tide_engine_query_runs (engine, &query, error);
  if (answer->runs == NULL || !count_days (engine, question, &answer->n_days, error))
    return NULL;
  for (guint i = answer->runs->len; i > 0; i--)
    if (g_strcmp0 (((TideRun *)g_ptr_array_index (answer->runs, i - 1))->stream, question->stream) != 0)
      g_ptr_array_remove_index (answer->runs, i - 1);
  return g_steal_pointer (&answer);
}

static void
tide_runs_usual_update_words (TideRunsUsual *self)
{
  guint outside = tide_band_chart_get_outside (TIDE_BAND_CHART (self->chart));
  g_autofree char *text = self->known ? NULL : tide_usual_dup_hint (self->n_days);

  gtk_widget_set_visible (self->legend, text == NULL);
  if (text == NULL && outside == 0)
    text = g_strdup (_("All as usual"));
  else if (text == NULL)
    text = g_strdup_printf (ngettext ("%d run was not as usual", "%d runs were not as usual", outside), (int)outside);
  gtk_label_set_label (GTK_LABEL (self->title), self->what);
  gtk_label_set_label (GTK_LABEL (self->summary), text);
}

static void
tide_runs_usual_runs_cb (GObject      *object,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  g_autoptr(TideRunsUsual) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(Answer) answer = tide_job_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (answer == NULL)
    {
      g_warning ("reading a stream's runs: %s", error->message);
      return;
    }
  tide_band_chart_set_runs (TIDE_BAND_CHART (self->chart), self->what, answer->runs, self->usual, self->since,
                            self->until);
  self->n_days = answer->n_days;
  tide_runs_usual_update_words (self);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
}

static void
tide_runs_usual_dispose (GObject *object)
{
  TideRunsUsual *self = TIDE_RUNS_USUAL (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (tide_runs_usual_parent_class)->dispose (object);
}

static void
tide_runs_usual_finalize (GObject *object)
{
  TideRunsUsual *self = TIDE_RUNS_USUAL (object);

  g_clear_pointer (&self->usual, tide_usual_unref);
  g_free (self->what);
  G_OBJECT_CLASS (tide_runs_usual_parent_class)->finalize (object);
}

static void
tide_runs_usual_class_init (TideRunsUsualClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_runs_usual_dispose;
  G_OBJECT_CLASS (klass)->finalize = tide_runs_usual_finalize;

  g_type_ensure (TIDE_TYPE_BAND_CHART);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/tide-runs-usual.ui");
  gtk_widget_class_bind_template_child (widget_class, TideRunsUsual, head);
  gtk_widget_class_bind_template_child (widget_class, TideRunsUsual, title);
  gtk_widget_class_bind_template_child (widget_class, TideRunsUsual, summary);
  gtk_widget_class_bind_template_child (widget_class, TideRunsUsual, legend);
  gtk_widget_class_bind_template_child (widget_class, TideRunsUsual, chart);
}

static void
tide_runs_usual_init (TideRunsUsual *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * tide_runs_usual_show:
 * @connection_id: a connection
 * @stream: one of its streams
 * @usual: (nullable): what is usual
 * @since: the first instant to show
 * @until: the last
 *
 * Reads the stream's runs in the background, then shows them.
 */
void
tide_runs_usual_show (TideRunsUsual *self,
                      TideLive      *live,
                      gint64         connection_id,
                      const char    *stream,
                      TideUsual     *usual,
                      gint64         since,
                      gint64         until)
{
  TideConnection *connection = tide_live_find_connection (live, connection_id);
  TideProviderInfo *provider = connection != NULL ? tide_live_find_provider (live, connection->provider) : NULL;
  const TideStreamInfo *info = provider != NULL ? tide_provider_info_get_stream (provider, stream) : NULL;
  Question *question;

  if (info == NULL)
    {
      tide_runs_usual_clear (self);
      return;
    }
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->usual, tide_usual_unref);
  question = g_new0 (Question, 1);
  question->connection_id = connection_id;
  question->stream = g_strdup (stream);
  question->entity = g_strdup (info->entity);
  question->since = self->since = since;
  question->until = self->until = until;
  self->usual = usual != NULL ? tide_usual_ref (usual) : NULL;
  self->known = tide_usual_is_known (usual, connection_id, stream);
  g_free (self->what);
  /* Translators: what is synced, and the name of the connection */
  self->what = g_strdup_printf (_("Records in Each Run: %s, %s"), info->label, connection->name);
  self->cancellable = g_cancellable_new ();
  tide_job_run (tide_live_get_engine (live), runs_job, question, (GDestroyNotify)question_free,
                (GDestroyNotify)answer_free, self->cancellable, tide_runs_usual_runs_cb, g_object_ref (self));
}

/**
 * tide_runs_usual_clear:
 *
 * There is no stream to show any more: hides the card.
 */
void
tide_runs_usual_clear (TideRunsUsual *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->usual, tide_usual_unref);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/**
 * tide_runs_usual_set_narrow:
 * @narrow: whether words go below each other, as there is no room beside
 */
void
tide_runs_usual_set_narrow (TideRunsUsual *self,
                            gboolean       narrow)
{
  GtkOrientation orientation = narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL;

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->head), orientation);
  gtk_box_set_spacing (GTK_BOX (self->head), narrow ? 2 : 12);
  gtk_label_set_xalign (GTK_LABEL (self->summary), narrow ? 0 : 1);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->legend), orientation);
  gtk_widget_set_halign (self->legend, narrow ? GTK_ALIGN_START : GTK_ALIGN_END);
}
