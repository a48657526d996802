/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemark-sandbox"

#include "sandbox-business.h"
#include "sandbox-time.h"

static const SandboxSite sites[SANDBOX_N_LOCATIONS] = {
  {
    "Harbour Street", "14 Harbour Street", "Whitstable", "CT5 1AJ", "+441632960101", 0.46,
    { [7] = 5, [8] = 10, [9] = 9, [10] = 8, [11] = 8, [12] = 11, [13] = 10, [14] = 7, [15] = 7, [16] = 5, [17] = 3 },
    { [7] = 4, [8] = 8, [9] = 14, [10] = 17, [11] = 17, [12] = 15, [13] = 14, [14] = 12, [15] = 10, [16] = 8, [17] = 4 },
    { [8] = 5, [9] = 11, [10] = 16, [11] = 16, [12] = 14, [13] = 12, [14] = 10, [15] = 8, [16] = 5 },
  },
  {
    "Mill Lane", "3 Mill Lane", "Canterbury", "CT1 2NR", "+441632960102", 0.34,
    { [8] = 8, [9] = 9, [10] = 8, [11] = 8, [12] = 12, [13] = 11, [14] = 7, [15] = 6, [16] = 4 },
    { [8] = 6, [9] = 11, [10] = 14, [11] = 15, [12] = 13, [13] = 12, [14] = 10, [15] = 8, [16] = 5 },
    { [9] = 8, [10] = 12, [11] = 13, [12] = 11, [13] = 9, [14] = 7, [15] = 5 },
  },
  {
    "Station Kiosk", "Platform 1, Station Road West", "Canterbury", "CT2 8AN", "+441632960103", 0.20,
    { [6] = 13, [7] = 18, [8] = 16, [9] = 8, [10] = 5, [11] = 5, [12] = 6, [13] = 5, [14] = 4, [15] = 3 },
    { [7] = 5, [8] = 7, [9] = 7, [10] = 6, [11] = 6, [12] = 5, [13] = 4 },
    { [8] = 4, [9] = 5, [10] = 5, [11] = 4, [12] = 3 },
  },
};

static const SandboxJob jobs[] = {
  { "Barista", 1221, TRUE },
  { "Shift Lead", 1385, TRUE },
  { "Kitchen", 1260, TRUE },
  { "Manager", 1640, FALSE },
};

static const SandboxPerson people[SANDBOX_N_STAFF] = {
  { "Maren", "Whitlock", 0, 3 },  { "Tom\303\241s", "Varela", 0, 1 },  { "Imogen", "Pryce", 0, 0 },
  { "Zo\303\253", "Lindqvist", 0, 0 }, { "Callum", "Strachan", 0, 0 }, { "Aisha", "Rahmani", 0, 1 },
  { "Jonas", "M\303\274ller", 0, 2 }, { "Freya", "Odell", 0, 0 },  { "Rhys", "Bevan", 0, 2 },
  { "Priya", "Nambiar", 0, 0 },   { "Oliver", "Tansley", 1, 3 },   { "Siobh\303\241n", "O\342\200\231Hara", 1, 1 },
  { "Mateusz", "Zieli\305\204ski", 1, 0 }, { "Grace", "Adeyemi", 1, 0 }, { "Henrik", "S\303\270rensen", 1, 2 },
  { "Bethan", "Lloyd", 1, 0 },    { "Ivo", "Marsh", 1, 0 },        { "Noor", "El-Sayed", 1, 1 },
  { "Lucia", "Ferrante", 1, 0 },  { "Declan", "Foyle", 2, 1 },     { "Hannah", "Birch", 2, 0 },
  { "Yusuf", "Demir", 2, 0 },     { "Elodie", "Garnier", 2, 0 },   { "Kit", "Ashdown", 2, 0 },
  { "Rosalind", "Teague", 2, 1 },
};

static void
render_address (SandboxText       *text,
                const SandboxSite *site)
{
  sandbox_text_open (text, "address", '{');
  sandbox_text_member_string (text, "address_line_1", site->address);
  sandbox_text_plain (text, "locality", site->locality);
  sandbox_text_plain (text, "administrative_district_level_1", "Kent");
  sandbox_text_plain (text, "postal_code", site->postcode);
  sandbox_text_plain (text, "country", SANDBOX_COUNTRY);
  sandbox_text_char (text, '}');
}

static void
render_hours_of (SandboxText  *text,
                 const char   *day,
                 const guint8 *custom)
{
  char clock[16];
  guint from = 0;
  guint until = 24;

  while (custom[from] == 0)
    from++;
  while (custom[until - 1] == 0)
    until--;

  sandbox_text_next (text);
  sandbox_text_char (text, '{');
  sandbox_text_plain (text, "day_of_week", day);
  g_snprintf (clock, sizeof clock, "%02u:00:00", from);
  sandbox_text_plain (text, "start_local_time", clock);
  g_snprintf (clock, sizeof clock, "%02u:00:00", until);
  sandbox_text_plain (text, "end_local_time", clock);
  sandbox_text_char (text, '}');
}

static void
render_hours (SandboxText       *text,
              const SandboxSite *site)
{
  static const char *const weekdays[] = { "MON", "TUE", "WED", "THU", "FRI" };

  sandbox_text_open (text, "business_hours", '{');
  sandbox_text_open (text, "periods", '[');
  for (guint i = 0; i < G_N_ELEMENTS (weekdays); i++)
    render_hours_of (text, weekdays[i], site->weekday);
  render_hours_of (text, "SAT", site->saturday);
  render_hours_of (text, "SUN", site->sunday);
  sandbox_text_raw (text, "]}", 2);
}

static void
business_render_location (gpointer             owner,
                          const SandboxRecord *record,
                          SandboxText         *text)
{
  SandboxBusiness *self = owner;
  const SandboxSite *site = &sites[record->ref];

  sandbox_text_char (text, '{');
  sandbox_text_plain (text, "id", self->locations[record->ref].text);
  sandbox_text_member_string (text, "name", site->name);
  render_address (text, site);
  sandbox_text_plain (text, "timezone", SANDBOX_ZONE);
  sandbox_text_key (text, "capabilities");
  sandbox_text_raw (text, "[\"CREDIT_CARD_PROCESSING\",\"AUTOMATIC_TRANSFERS\"]", 48);
  sandbox_text_plain (text, "status", "ACTIVE");
  sandbox_text_member_second (text, "created_at", record->times[SANDBOX_KEY_CREATED]);
  sandbox_text_plain (text, "merchant_id", self->merchant.text);
  sandbox_text_plain (text, "country", SANDBOX_COUNTRY);
  sandbox_text_plain (text, "language_code", "en-GB");
  sandbox_text_plain (text, "currency", SANDBOX_CURRENCY);
  sandbox_text_plain (text, "phone_number", site->phone);
  sandbox_text_plain (text, "business_name", "Harbour Coffee");
  sandbox_text_plain (text, "type", "PHYSICAL");
  render_hours (text, site);
  sandbox_text_plain (text, "mcc", "5814");
  sandbox_text_char (text, '}');
}

static void
business_render_wage (SandboxBusiness     *self,
                      const SandboxRecord *record,
                      SandboxText         *text)
{
  guint job = people[record->ref].job;

  sandbox_text_open (text, "wage_setting", '{');
  sandbox_text_plain (text, "team_member_id", self->staff[record->ref].text);
  sandbox_text_open (text, "job_assignments", '[');
  sandbox_text_char (text, '{');
  sandbox_text_plain (text, "job_title", jobs[job].title);
  sandbox_text_plain (text, "pay_type", "HOURLY");
  sandbox_text_member_money (text, "hourly_rate", sandbox_business_get_rate (self, record->ref));
  sandbox_text_plain (text, "job_id", self->jobs[job].text);
  sandbox_text_raw (text, "}]", 2);
  sandbox_text_member_bool (text, "is_overtime_exempt", jobs[job].tip_eligible == FALSE);
  sandbox_text_member_int (text, "version", 1 + self->wage_edits[record->ref]);
  sandbox_text_member_second (text, "created_at", record->times[SANDBOX_KEY_CREATED]);
  sandbox_text_member_second (text, "updated_at", record->times[SANDBOX_KEY_UPDATED]);
  sandbox_text_char (text, '}');
}

static void
business_render_person (gpointer             owner,
                        const SandboxRecord *record,
                        SandboxText         *text)
{
  SandboxBusiness *self = owner;
  const SandboxPerson *person = &people[record->ref];
  char line[96];

  sandbox_text_char (text, '{');
  sandbox_text_plain (text, "id", self->staff[record->ref].text);
  g_snprintf (line, sizeof line, "HC-%03u", record->ref + 1);
  sandbox_text_plain (text, "reference_id", line);
  sandbox_text_member_bool (text, "is_owner", record->ref == 0);
  sandbox_text_plain (text, "status", record->state == 0 ? "ACTIVE" : "INACTIVE");
  sandbox_text_member_string (text, "given_name", person->given);
  sandbox_text_member_string (text, "family_name", person->family);
  g_snprintf (line, sizeof line, "staff%02u@harbourcoffee.example", record->ref + 1);
  sandbox_text_plain (text, "email_address", line);
  g_snprintf (line, sizeof line, "+4477009001%02u", record->ref + 1);
  sandbox_text_plain (text, "phone_number", line);
  sandbox_text_member_second (text, "created_at", record->times[SANDBOX_KEY_CREATED]);
  sandbox_text_member_second (text, "updated_at", record->times[SANDBOX_KEY_UPDATED]);
  sandbox_text_open (text, "assigned_locations", '{');
  if (record->ref == 0)
    sandbox_text_plain (text, "assignment_type", "ALL_CURRENT_AND_FUTURE_LOCATIONS");
  else
    {
      sandbox_text_plain (text, "assignment_type", "EXPLICIT_LOCATIONS");
      sandbox_text_open (text, "location_ids", '[');
      sandbox_text_string (text, self->locations[person->location].text);
      sandbox_text_char (text, ']');
    }
  sandbox_text_char (text, '}');
  business_render_wage (self, record, text);
  sandbox_text_char (text, '}');
}

/* Most people are there from the beginning; some come later, some have left. */
static void
business_hire (SandboxBusiness *self,
               guint            number)
{
  gint64 length = self->latest - self->opened;
  SandboxRandom random;

  sandbox_random_init (&random, self->seed, SANDBOX_STREAM_STAFF, number);
  self->staff[number] = sandbox_id_make ("TM", 14, FALSE, self->seed, SANDBOX_STREAM_STAFF, number);
  self->hired[number] = self->opened - (gint64)sandbox_random_span (&random, 30, 700) * SANDBOX_DAY;
  self->left[number] = G_MAXINT64;

  if (number % 5 == 4)
    self->hired[number] = self->opened + (gint64)((double)length * (0.1 + 0.6 * sandbox_random_unit (&random)));
  if (number % 8 == 7)
    self->left[number] = self->latest - (gint64)((double)length * (0.05 + 0.3 * sandbox_random_unit (&random)));
  if (self->left[number] <= self->hired[number])
    self->left[number] = G_MAXINT64;
}

static int
compare_people (gconstpointer a,
                gconstpointer b,
                gpointer      data)
{
  SandboxBusiness *self = data;
  guint first = *(const guint *)a;
  guint second = *(const guint *)b;
  gint64 first_time = self->left[first] == G_MAXINT64 ? self->hired[first] : self->left[first];
  gint64 second_time = self->left[second] == G_MAXINT64 ? self->hired[second] : self->left[second];

  if (first_time != second_time)
    return first_time < second_time ? -1 : 1;
  return first < second ? -1 : first > second;
}

/* The table wants changes in the order of time: who left changed then, the others when hired. */
static void
business_fill_staff (SandboxBusiness *self)
{
  guint order[SANDBOX_N_STAFF];

  for (guint i = 0; i < SANDBOX_N_STAFF; i++)
    {
      guint32 id = sandbox_table_add (self->staff_table, i, self->hired[i]);
      SandboxRecord *record = sandbox_table_get (self->staff_table, id);

      record->location = people[i].location;
      record->state = self->left[i] != G_MAXINT64;
      order[i] = i;
    }

  g_qsort_with_data (order, SANDBOX_N_STAFF, sizeof order[0], compare_people, self);
  for (guint i = 0; i < SANDBOX_N_STAFF; i++)
    sandbox_table_touch (self->staff_table, order[i],
                         self->left[order[i]] == G_MAXINT64 ? self->hired[order[i]] : self->left[order[i]]);
}

/**
 * sandbox_business_new:
 * @seed: decides everything that is made up
 * @opened: when the history begins
 * @latest: when it ends and life begins
 *
 * Returns: (transfer full): the company with its locations and staff
 */
SandboxBusiness *
sandbox_business_new (guint64 seed,
                      gint64  opened,
                      gint64  latest)
{
  SandboxBusiness *self = g_new0 (SandboxBusiness, 1);

  self->seed = seed;
  self->opened = opened;
  self->latest = latest;
  self->zone = g_time_zone_new_identifier (SANDBOX_ZONE);
  if (self->zone == NULL)
    self->zone = g_time_zone_new_utc ();
  self->merchant = sandbox_id_make ("ML", 11, TRUE, seed, SANDBOX_STREAM_LOCATION, 1000);
  self->location_table = sandbox_table_new (self, business_render_location, NULL, FALSE);
  self->staff_table = sandbox_table_new (self, business_render_person, NULL, FALSE);

  for (guint i = 0; i < SANDBOX_N_LOCATIONS; i++)
    {
      gint64 created = opened - (gint64)(SANDBOX_N_LOCATIONS - i) * 200 * SANDBOX_DAY;

      self->locations[i] = sandbox_id_make ("L", 12, TRUE, seed, SANDBOX_STREAM_LOCATION, i);
      sandbox_table_touch (self->location_table, sandbox_table_add (self->location_table, i, created), created);
      sandbox_table_get (self->location_table, i)->location = (guint8)i;
    }
  for (guint i = 0; i < G_N_ELEMENTS (self->jobs); i++)
    self->jobs[i] = sandbox_id_make ("JB", 20, FALSE, seed, SANDBOX_STREAM_JOB, i);
  for (guint i = 0; i < SANDBOX_N_STAFF; i++)
    business_hire (self, i);
  business_fill_staff (self);
  return self;
}

/** sandbox_business_free: frees the company. */
void
sandbox_business_free (SandboxBusiness *self)
{
  sandbox_table_free (self->location_table);
  sandbox_table_free (self->staff_table);
  g_time_zone_unref (self->zone);
  g_free (self);
}

/** sandbox_business_get_site: (transfer none): what is fixed about a location. */
const SandboxSite *
sandbox_business_get_site (guint location)
{
  return &sites[location];
}

/** sandbox_business_get_person: (transfer none): what is fixed about a member of staff. */
const SandboxPerson *
sandbox_business_get_person (guint number)
{
  return &people[number];
}

/** sandbox_business_get_job: (transfer none): a job. */
const SandboxJob *
sandbox_business_get_job (guint number)
{
  return &jobs[number];
}

/** sandbox_business_get_rate: what the person earns an hour, in pence. */
gint64
sandbox_business_get_rate (SandboxBusiness *self,
                           guint            person)
{
  return jobs[people[person].job].hourly_rate + (person * 7) % 40 + self->wage_edits[person] * 15;
}

/** sandbox_business_get_offset: minutes that local time is ahead of UTC at @time. */
int
sandbox_business_get_offset (SandboxBusiness *self,
                             gint64           time)
{
  int interval = g_time_zone_find_interval (self->zone, G_TIME_TYPE_UNIVERSAL, time / SANDBOX_SECOND);

  return g_time_zone_get_offset (self->zone, interval) / 60;
}

/** sandbox_business_pick_person: somebody who worked at @location at @time. */
guint
sandbox_business_pick_person (SandboxBusiness *self,
                              SandboxRandom   *random,
                              guint            location,
                              gint64           time)
{
  static const guint first[SANDBOX_N_LOCATIONS + 1] = { 0, 10, 19, 25 };
  guint count = first[location + 1] - first[location];
  guint start = sandbox_random_below (random, count);

  for (guint i = 0; i < count; i++)
    {
      guint number = first[location] + (start + i) % count;

      if (self->hired[number] <= time && time < self->left[number])
        return number;
    }

  return first[location];
}

/** sandbox_business_edit_person: a pay rise. */
void
sandbox_business_edit_person (SandboxBusiness *self,
                              guint32          id,
                              gint64           now)
{
  self->wage_edits[sandbox_table_get (self->staff_table, id)->ref]++;
  sandbox_table_touch (self->staff_table, id, now);
}

/** sandbox_business_merchant: appends the company as a Merchant object. */
void
sandbox_business_merchant (SandboxBusiness *self,
                           SandboxText     *text)
{
  sandbox_text_char (text, '{');
  sandbox_text_plain (text, "id", self->merchant.text);
  sandbox_text_plain (text, "business_name", "Harbour Coffee");
  sandbox_text_plain (text, "country", SANDBOX_COUNTRY);
  sandbox_text_plain (text, "language_code", "en-GB");
  sandbox_text_plain (text, "currency", SANDBOX_CURRENCY);
  sandbox_text_plain (text, "status", "ACTIVE");
  sandbox_text_plain (text, "main_location_id", self->locations[0].text);
  sandbox_text_member_second (text, "created_at", self->opened - 900 * SANDBOX_DAY);
  sandbox_text_char (text, '}');
}

/** sandbox_business_find_location: the number of the location with @id, or -1. */
int
sandbox_business_find_location (SandboxBusiness *self,
                                const char      *id)
{
  for (int i = 0; i < SANDBOX_N_LOCATIONS; i++)
    if (g_strcmp0 (self->locations[i].text, id) == 0)
      return i;
  return -1;
}
