/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "bench-warm"

#include <json-glib/json-glib.h>
#include <stdlib.h>

#include "tide-engine.h"

/* bench-warm WORKSPACE CONNECTION STREAM ROUNDS: what an incremental run costs above the network in a program that is
 * already running: the median of its milliseconds, of all but the first round. */

typedef struct
{
  GMainLoop *loop;
  double     milliseconds;
} Round;

/* From being asked for to its end, less the time it spent asking and receiving. */
static double
get_milliseconds (const TideRun *run)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = json_from_string (run->phases, &error);
  double took = (double)(run->ended_at - run->requested_at) / 1000;
  JsonArray *phases;

  g_assert_no_error (error);
  phases = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (phases); i++)
    {
      JsonObject *phase = json_array_get_object_element (phases, i);

      if (g_str_equal (json_object_get_string_member (phase, "name"), "read"))
        took -= (double)json_object_get_int_member (phase, "duration");
    }
  return MAX (took, 0);
}

static void
ended_cb (TideEngine *engine,
          TideRun    *run,
          Round      *round)
{
  if (run->status != TIDE_RUN_COMPLETED)
    g_error ("%s", run->error_message);
  g_assert_cmpint (run->counts.created + run->counts.updated, ==, 0);
  round->milliseconds = get_milliseconds (run);
  g_main_loop_quit (round->loop);
}

static int
compare_doubles (gconstpointer a,
                 gconstpointer b)
{
  double difference = *(const double *)a - *(const double *)b;

  return difference < 0 ? -1 : difference > 0;
}

static double
measure (TideEngine     *engine,
         TideRunRequest *request,
         guint           n_rounds)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(GArray) figures = g_array_new (FALSE, FALSE, sizeof (double));
  Round round = { .loop = loop };

  g_signal_connect (engine, "sync-completed", G_CALLBACK (ended_cb), &round);
  g_signal_connect (engine, "sync-error", G_CALLBACK (ended_cb), &round);
  for (guint i = 0; i <= n_rounds; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GPtrArray) runs = tide_engine_request_run (engine, request, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (runs->len, ==, 1);
      g_main_loop_run (loop);
      if (i > 0)
        g_array_append_val (figures, round.milliseconds);
    }
  g_array_sort (figures, compare_doubles);
  return g_array_index (figures, double, figures->len / 2);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideEngine) engine = NULL;
  g_autoptr(TideConnection) connection = NULL;
  TideRunRequest request = { .mode = TIDE_RUN_MODE_INCREMENTAL, .requested_by = "bench" };

  if (argc != 5)
    return 2;
  engine = tide_engine_open (argv[1], TIDE_ENGINE_NONE, NULL, NULL, &error);
  g_assert_no_error (error);
  connection = tide_engine_find_connection (engine, argv[2], &error);
  g_assert_no_error (error);
  request.connection_id = connection->id;
  request.stream = argv[3];
  g_print ("%.2f\n", measure (engine, &request, MAX (atoi (argv[4]), 1)));
  tide_engine_close (engine);
  return 0;
}
