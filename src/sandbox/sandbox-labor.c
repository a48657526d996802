/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemark-sandbox"

#include "sandbox-labor.h"
#include "sandbox-time.h"

enum { TIMECARD_OPEN, TIMECARD_CLOSED };

/* Planned for a day; there is a record only from clocking in on. */
typedef struct
{
  gint64  start;
  gint64  end;
  gint64  break_start;    /* 0: none */
  guint32 record;
  gint16  offset;         /* of local time, in minutes */
  guint16 edits;
  guint8  person;
  guint8  break_minutes;
} Shift;

struct _SandboxLabor
{
  SandboxBusiness *business;   /* (not owned) */
  SandboxAgenda   *agenda;     /* (not owned) */
  SandboxTable    *table;      /* (owned) */
  GArray          *shifts;     /* (owned) (element-type Shift) */
};

static void
labor_render_break (SandboxLabor *self,
                    const Shift  *shift,
                    guint         number,
                    SandboxText  *text)
{
  guint64 seed = self->business->seed;
  SandboxId id = sandbox_id_make ("", 13, TRUE, seed, SANDBOX_STREAM_TIMECARD, G_GUINT64_CONSTANT (1) << 40 | number);
  SandboxId type = sandbox_id_make ("", 13, TRUE, seed, SANDBOX_STREAM_JOB, 100u + shift->break_minutes);

  sandbox_text_open (text, "breaks", '[');
  sandbox_text_char (text, '{');
  sandbox_text_plain (text, "id", id.text);
  sandbox_text_key (text, "start_at");
  sandbox_text_local (text, shift->break_start, shift->offset);
  sandbox_text_key (text, "end_at");
  sandbox_text_local (text, shift->break_start + shift->break_minutes * SANDBOX_MINUTE, shift->offset);
  sandbox_text_plain (text, "break_type_id", type.text);
  sandbox_text_plain (text, "name", shift->break_minutes == 30 ? "Lunch" : "Tea Break");
  sandbox_text_plain (text, "expected_duration", shift->break_minutes == 30 ? "PT30M" : "PT15M");
  sandbox_text_member_bool (text, "is_paid", shift->break_minutes == 15);
  sandbox_text_raw (text, "}]", 2);
}

static void
labor_render_wage (SandboxLabor *self,
                   const Shift  *shift,
                   SandboxText  *text)
{
  guint number = sandbox_business_get_person (shift->person)->job;
  const SandboxJob *job = sandbox_business_get_job (number);

  sandbox_text_open (text, "wage", '{');
  sandbox_text_plain (text, "title", job->title);
  sandbox_text_member_money (text, "hourly_rate", job->hourly_rate + (shift->person * 7) % 40);
  sandbox_text_plain (text, "job_id", self->business->jobs[number].text);
  sandbox_text_member_bool (text, "tip_eligible", job->tip_eligible);
  sandbox_text_char (text, '}');
}

static void
labor_render (gpointer             owner,
              const SandboxRecord *record,
              SandboxText         *text)
{
  SandboxLabor *self = owner;
  const Shift *shift = &g_array_index (self->shifts, Shift, record->ref);
  gboolean closed = record->state == TIMECARD_CLOSED;
  SandboxId id = sandbox_id_make ("T", 12, TRUE, self->business->seed, SANDBOX_STREAM_TIMECARD, record->ref);

  sandbox_text_char (text, '{');
  sandbox_text_plain (text, "id", id.text);
  sandbox_text_plain (text, "team_member_id", self->business->staff[shift->person].text);
  sandbox_text_plain (text, "location_id", self->business->locations[record->location].text);
  sandbox_text_plain (text, "timezone", SANDBOX_ZONE);
  sandbox_text_key (text, "start_at");
  sandbox_text_local (text, shift->start, shift->offset);
  if (closed)
    {
      sandbox_text_key (text, "end_at");
      sandbox_text_local (text, shift->end, shift->offset);
    }
  labor_render_wage (self, shift, text);
  if (closed && shift->break_start > 0)
    labor_render_break (self, shift, record->ref, text);
  sandbox_text_plain (text, "status", closed ? "CLOSED" : "OPEN");
  sandbox_text_member_int (text, "version", 1 + closed + shift->edits);
  sandbox_text_member_second (text, "created_at", record->times[SANDBOX_KEY_CREATED]);
  sandbox_text_member_second (text, "updated_at", record->times[SANDBOX_KEY_UPDATED]);
  sandbox_text_member_money (text, "declared_cash_tip_money", closed ? (record->ref * 37) % 900 : 0);
  sandbox_text_char (text, '}');
}

/** sandbox_labor_new: (transfer full): nobody has worked yet; keeps its arguments, which must live longer. */
SandboxLabor *
sandbox_labor_new (SandboxBusiness *business,
                   SandboxAgenda   *agenda)
{
  SandboxLabor *self = g_new0 (SandboxLabor, 1);

  self->business = business;
  self->agenda = agenda;
  self->table = sandbox_table_new (self, labor_render, NULL, FALSE);
  self->shifts = g_array_new (FALSE, TRUE, sizeof (Shift));
  return self;
}

/** sandbox_labor_free: frees all timecards. */
void
sandbox_labor_free (SandboxLabor *self)
{
  sandbox_table_free (self->table);
  g_array_unref (self->shifts);
  g_free (self);
}

/** sandbox_labor_get_table: (transfer none): the timecards. */
SandboxTable *
sandbox_labor_get_table (SandboxLabor *self)
{
  return self->table;
}

static void
labor_plan_shift (SandboxLabor  *self,
                  SandboxRandom *random,
                  guint          person,
                  gint64         local_midnight,
                  int            offset,
                  gboolean       early)
{
  guint minutes = early ? sandbox_random_span (random, 375, 405) : sandbox_random_span (random, 585, 630);
  Shift shift = { .record = G_MAXUINT32, .offset = (gint16)offset, .person = (guint8)person };

  shift.start = local_midnight + minutes * SANDBOX_MINUTE;
  shift.end = shift.start + sandbox_random_span (random, early ? 380 : 430, early ? 500 : 510) * SANDBOX_MINUTE;
  if (sandbox_random_chance (random, 8500))
    {
      shift.break_minutes = sandbox_random_chance (random, 7500) ? 30 : 15;
      shift.break_start = shift.start + sandbox_random_span (random, 170, 250) * SANDBOX_MINUTE;
    }

  g_array_append_val (self->shifts, shift);
  sandbox_agenda_add (self->agenda, shift.start + (gint64)sandbox_random_below (random, 20000),
                      SANDBOX_EVENT_CLOCK_IN, self->shifts->len - 1);
}

/**
 * sandbox_labor_plan_day:
 * @day: midnight UTC
 *
 * Plans who works on that day: five days of seven each, an early or a late shift.
 */
void
sandbox_labor_plan_day (SandboxLabor *self,
                        gint64        day)
{
  int offset = sandbox_business_get_offset (self->business, day + 12 * SANDBOX_HOUR);
  gint64 number = day / SANDBOX_DAY;
  SandboxRandom random;

  sandbox_random_init (&random, self->business->seed, SANDBOX_STREAM_DAY, (guint64)number << 8 | 1);
  for (guint person = 0; person < SANDBOX_N_STAFF; person++)
    {
      gboolean off = (number + person * 3) % 7 < 2;

      if (off || day < self->business->hired[person] || day >= self->business->left[person])
        continue;
      if (sandbox_random_chance (&random, 700))
        continue;   /* ill or away */
      labor_plan_shift (self, &random, person, day - offset * SANDBOX_MINUTE, offset, (number / 7 + person) % 2 == 0);
    }
}

static void
labor_clock_in (SandboxLabor *self,
                guint32       number,
                gint64        now)
{
  Shift *shift = &g_array_index (self->shifts, Shift, number);
  SandboxRecord *record;
  SandboxRandom random;

  shift->record = sandbox_table_add (self->table, number, now);
  record = sandbox_table_get (self->table, shift->record);
  record->location = sandbox_business_get_person (shift->person)->location;
  record->party = shift->person;
  record->state = TIMECARD_OPEN;
  record->times[SANDBOX_KEY_STARTED] = shift->start;
  sandbox_table_touch (self->table, shift->record, now);

  sandbox_random_init (&random, self->business->seed, SANDBOX_STREAM_LIFE, (guint64)number << 8 | 1);
  sandbox_agenda_add (self->agenda, shift->end + (gint64)sandbox_random_below (&random, 25000),
                      SANDBOX_EVENT_CLOCK_OUT, number);
  if (sandbox_random_chance (&random, 500))
    sandbox_agenda_add (self->agenda, shift->end + sandbox_random_span (&random, 60, 4000) * SANDBOX_MINUTE,
                        SANDBOX_EVENT_TIMECARD_EDIT, number);
  if (sandbox_random_chance (&random, 40))
    sandbox_agenda_add (self->agenda, shift->end + sandbox_random_span (&random, 300, 9000) * SANDBOX_MINUTE,
                        SANDBOX_EVENT_TIMECARD_DELETE, number);
}

static void
labor_clock_out (SandboxLabor *self,
                 guint32       number,
                 gint64        now)
{
  const Shift *shift = &g_array_index (self->shifts, Shift, number);
  SandboxRecord *record = sandbox_table_get (self->table, shift->record);

  record->state = TIMECARD_CLOSED;
  record->times[SANDBOX_KEY_ENDED] = shift->end;
  if (!record->gone)
    sandbox_table_touch (self->table, shift->record, now);
}

/** sandbox_labor_happen: one of the events about timecards is due. */
void
sandbox_labor_happen (SandboxLabor       *self,
                      const SandboxEvent *event)
{
  if (event->kind == SANDBOX_EVENT_CLOCK_IN)
    labor_clock_in (self, event->ref, event->time);
  else if (event->kind == SANDBOX_EVENT_CLOCK_OUT)
    labor_clock_out (self, event->ref, event->time);
  else if (event->kind == SANDBOX_EVENT_TIMECARD_EDIT)
    sandbox_labor_edit (self, g_array_index (self->shifts, Shift, event->ref).record, event->time);
  else
    sandbox_labor_delete (self, g_array_index (self->shifts, Shift, event->ref).record);
}

/** sandbox_labor_edit: the manager corrects the start, of a closed card also the end. */
void
sandbox_labor_edit (SandboxLabor *self,
                    guint32       id,
                    gint64        now)
{
  SandboxRecord *record = sandbox_table_get (self->table, id);
  Shift *shift = &g_array_index (self->shifts, Shift, record->ref);

  if (record->gone)
    return;

  shift->edits++;
  shift->start -= SANDBOX_MINUTE;
  record->times[SANDBOX_KEY_STARTED] = shift->start;
  if (record->state == TIMECARD_CLOSED)
    {
      shift->end += 5 * SANDBOX_MINUTE;
      record->times[SANDBOX_KEY_ENDED] = shift->end;
    }
  sandbox_table_touch (self->table, id, now);
}

/** sandbox_labor_delete: the card vanishes. Returns: %FALSE if it had before. */
gboolean
sandbox_labor_delete (SandboxLabor *self,
                      guint32       id)
{
  if (sandbox_table_get (self->table, id)->gone)
    return FALSE;

  sandbox_table_remove (self->table, id);
  return TRUE;
}
