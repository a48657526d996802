/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sandbox-random.h"
#include "sandbox-table.h"

G_BEGIN_DECLS

#define SANDBOX_CURRENCY    "GBP"
#define SANDBOX_COUNTRY     "GB"
#define SANDBOX_ZONE        "Europe/London"
#define SANDBOX_N_LOCATIONS 3
#define SANDBOX_N_STAFF     25

/* One stream of random numbers a kind of thing. */
enum
{
  SANDBOX_STREAM_LOCATION = 1,
  SANDBOX_STREAM_STAFF,
  SANDBOX_STREAM_JOB,
  SANDBOX_STREAM_CATALOG,
  SANDBOX_STREAM_CUSTOMER,
  SANDBOX_STREAM_SALE,
  SANDBOX_STREAM_ORDER,
  SANDBOX_STREAM_PAYMENT,
  SANDBOX_STREAM_REFUND,
  SANDBOX_STREAM_RETURN,
  SANDBOX_STREAM_PAYOUT,
  SANDBOX_STREAM_TIMECARD,
  SANDBOX_STREAM_DAY,
  SANDBOX_STREAM_LIFE,
  SANDBOX_STREAM_CONTROL,
  SANDBOX_STREAM_FAULT
};

typedef struct
{
  const char *name;
  const char *address;
  const char *locality;
  const char *postcode;
  const char *phone;
  double      share;             /* of the group's trade */
  guint8      weekday[24];       /* custom by hour of local time */
  guint8      saturday[24];
  guint8      sunday[24];
} SandboxSite;

typedef struct
{
  const char *given;
  const char *family;
  guint8      location;
  guint8      job;
} SandboxPerson;

typedef struct
{
  const char *title;
  gint64      hourly_rate;
  gboolean    tip_eligible;
} SandboxJob;

/* What hardly changes: the company, its places, its people. */
typedef struct
{
  guint64       seed;
  gint64        opened;                             /* when its history begins */
  gint64        latest;                             /* when it was made */
  GTimeZone    *zone;                               /* (owned) */
  SandboxId     merchant;
  SandboxId     locations[SANDBOX_N_LOCATIONS];
  SandboxId     staff[SANDBOX_N_STAFF];
  SandboxId     jobs[4];
  gint64        hired[SANDBOX_N_STAFF];
  gint64        left[SANDBOX_N_STAFF];              /* G_MAXINT64: is still there */
  guint         wage_edits[SANDBOX_N_STAFF];
  SandboxTable *location_table;                     /* (owned) */
  SandboxTable *staff_table;                        /* (owned) */
} SandboxBusiness;

SandboxBusiness     *sandbox_business_new          (guint64          seed,
                                                    gint64           opened,
                                                    gint64           latest);
void                 sandbox_business_free         (SandboxBusiness *self);
const SandboxSite   *sandbox_business_get_site     (guint            location);
const SandboxPerson *sandbox_business_get_person   (guint            number);
const SandboxJob    *sandbox_business_get_job      (guint            number);
gint64               sandbox_business_get_rate     (SandboxBusiness *self,
                                                    guint            person);
int                  sandbox_business_get_offset   (SandboxBusiness *self,
                                                    gint64           time);
guint                sandbox_business_pick_person  (SandboxBusiness *self,
                                                    SandboxRandom   *random,
                                                    guint            location,
                                                    gint64           time);
void                 sandbox_business_edit_person  (SandboxBusiness *self,
                                                    guint32          id,
                                                    gint64           now);
void                 sandbox_business_merchant     (SandboxBusiness *self,
                                                    SandboxText     *text);
int                  sandbox_business_find_location (SandboxBusiness *self,
                                                     const char      *id);

G_END_DECLS
