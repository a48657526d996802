/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemark-sandbox"

#include "sandbox-agenda.h"

struct _SandboxAgenda
{
  GArray *heap;   /* (owned) (element-type SandboxEvent) */
};

/** sandbox_agenda_new: an empty agenda. */
SandboxAgenda *
sandbox_agenda_new (void)
{
  SandboxAgenda *self = g_new0 (SandboxAgenda, 1);

  self->heap = g_array_new (FALSE, FALSE, sizeof (SandboxEvent));
  return self;
}

/** sandbox_agenda_free: forgets what was planned. */
void
sandbox_agenda_free (SandboxAgenda *self)
{
  g_array_unref (self->heap);
  g_free (self);
}

/* A total order, so that the same plan always comes out the same way. */
static inline gboolean
is_before (const SandboxEvent *a,
           const SandboxEvent *b)
{
  if (a->time != b->time)
    return a->time < b->time;
  if (a->kind != b->kind)
    return a->kind < b->kind;
  return a->ref < b->ref;
}

static void
agenda_sink (SandboxEvent *heap,
             guint         length,
             SandboxEvent  event)
{
  guint at = 0;
  guint child;

  while ((child = 2 * at + 1) < length)
    {
      if (child + 1 < length && is_before (&heap[child + 1], &heap[child]))
        child++;
      if (!is_before (&heap[child], &event))
        break;
      heap[at] = heap[child];
      at = child;
    }

  heap[at] = event;
}

/** sandbox_agenda_add: plans something. */
void
sandbox_agenda_add (SandboxAgenda   *self,
                    gint64           time,
                    SandboxEventKind kind,
                    guint32          ref)
{
  SandboxEvent event = { time, kind, ref };
  SandboxEvent *heap;
  guint at = self->heap->len;

  g_array_append_val (self->heap, event);
  heap = (SandboxEvent *)(gpointer)self->heap->data;
  while (at > 0 && is_before (&event, &heap[(at - 1) / 2]))
    {
      heap[at] = heap[(at - 1) / 2];
      at = (at - 1) / 2;
    }
  heap[at] = event;
}

/**
 * sandbox_agenda_pop:
 * @until: the last instant to look at
 * @out_event: (out): what happens next
 *
 * Returns: %FALSE if nothing happens up to @until
 */
gboolean
sandbox_agenda_pop (SandboxAgenda *self,
                    gint64         until,
                    SandboxEvent  *out_event)
{
  SandboxEvent *heap = (SandboxEvent *)(gpointer)self->heap->data;
  SandboxEvent last;

  if (self->heap->len == 0 || heap[0].time > until)
    return FALSE;

  *out_event = heap[0];
  last = heap[self->heap->len - 1];
  g_array_set_size (self->heap, self->heap->len - 1);
  if (self->heap->len > 0)
    agenda_sink (heap, self->heap->len, last);
  return TRUE;
}
