/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-sync-pages"

#include "tide-page-queue.h"

/* The bounded queue between the stages of a run. Items are counted by who frees them. */

#define N_ITEMS 20000

static int n_freed; /* (atomic) */

static void
free_item (gpointer item)
{
  g_atomic_int_inc (&n_freed);
}

static gpointer
push_thread (gpointer user_data)
{
  TidePageQueue *queue = user_data;
  gsize i;

  for (i = 1; i <= N_ITEMS && tide_page_queue_push (queue, GSIZE_TO_POINTER (i)); i++)
    ;
  tide_page_queue_finish (queue);
  return GSIZE_TO_POINTER (i - 1);
}

static void
test_order (void)
{
  g_autoptr(TidePageQueue) queue = tide_page_queue_new (2, free_item);
  GThread *thread = g_thread_new ("push", push_thread, queue);
  gpointer item;

  for (gsize i = 1; i <= N_ITEMS; i++)
    {
      g_assert_cmpint (tide_page_queue_pop (queue, -1, &item), ==, TIDE_PAGE_QUEUE_ITEM);
      g_assert_cmpuint (GPOINTER_TO_SIZE (item), ==, i);
    }
  g_assert_cmpint (tide_page_queue_pop (queue, -1, &item), ==, TIDE_PAGE_QUEUE_END);
  g_assert_cmpuint (GPOINTER_TO_SIZE (g_thread_join (thread)), ==, N_ITEMS);
}

static void
test_timeout (void)
{
  g_autoptr(TidePageQueue) queue = tide_page_queue_new (2, free_item);
  gpointer item = NULL;

  g_assert_cmpint (tide_page_queue_pop (queue, 0, &item), ==, TIDE_PAGE_QUEUE_NOT_YET);
  g_assert_cmpint (tide_page_queue_pop (queue, 1000, &item), ==, TIDE_PAGE_QUEUE_NOT_YET);
  g_assert_null (item);
}

/* What was pushed before the end is still handed out; after an abort it is freed instead. */
static void
test_ends (void)
{
  gpointer item;
  TidePageQueue *queue = tide_page_queue_new (2, free_item);

  g_atomic_int_set (&n_freed, 0);
  g_assert_true (tide_page_queue_push (queue, GSIZE_TO_POINTER (1)));
  tide_page_queue_finish (queue);
  g_assert_false (tide_page_queue_push (queue, GSIZE_TO_POINTER (2)));
  g_assert_cmpint (g_atomic_int_get (&n_freed), ==, 1);
  g_assert_cmpint (tide_page_queue_pop (queue, -1, &item), ==, TIDE_PAGE_QUEUE_ITEM);
  g_assert_cmpint (tide_page_queue_pop (queue, -1, &item), ==, TIDE_PAGE_QUEUE_END);
  tide_page_queue_free (queue);

  queue = tide_page_queue_new (2, free_item);
  g_assert_true (tide_page_queue_push (queue, GSIZE_TO_POINTER (1)));
  tide_page_queue_abort (queue);
  g_assert_cmpint (g_atomic_int_get (&n_freed), ==, 2);
  g_assert_cmpint (tide_page_queue_pop (queue, -1, &item), ==, TIDE_PAGE_QUEUE_END);
  tide_page_queue_free (queue);
}

/* An abort wakes a producer that waits for room, and nothing is lost or freed twice. */
static void
test_abort_wakes (void)
{
  for (guint i = 0; i < 200; i++)
    {
      TidePageQueue *queue = tide_page_queue_new (2, free_item);
      GThread *thread;
      gpointer item;
      guint n_taken = 0;
      gsize n_pushed;

      g_atomic_int_set (&n_freed, 0);
      thread = g_thread_new ("push", push_thread, queue);
      while (n_taken < i && tide_page_queue_pop (queue, -1, &item) == TIDE_PAGE_QUEUE_ITEM)
        n_taken++;
      tide_page_queue_abort (queue);
      n_pushed = GPOINTER_TO_SIZE (g_thread_join (thread));
      tide_page_queue_free (queue);
      /* The one that was refused was freed too. */
      g_assert_cmpuint (n_taken + (guint)g_atomic_int_get (&n_freed), ==, n_pushed + 1);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pages/order", test_order);
  g_test_add_func ("/pages/timeout", test_timeout);
  g_test_add_func ("/pages/ends", test_ends);
  g_test_add_func ("/pages/abort-wakes", test_abort_wakes);

  return g_test_run ();
}
