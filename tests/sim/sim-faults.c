/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "sim"

#include "sim-faults.h"

typedef struct
{
  const char *name;
  guint       weight;      /* among those of a request */
} FaultSpec;

/* What only a person mends is rare, or nothing else would ever happen. */
static const FaultSpec specs[SIM_N_FAULTS] =
{
  [SIM_FAULT_NONE] = { "none", 0 },
  [SIM_FAULT_REFUSED] = { "refused", 6 },
  [SIM_FAULT_RESET_BEFORE] = { "reset_before", 6 },
  [SIM_FAULT_RESET_MIDDLE] = { "reset_middle", 6 },
  [SIM_FAULT_TIME_OUT] = { "time_out", 4 },
  [SIM_FAULT_SLOW] = { "slow", 10 },
  [SIM_FAULT_LIMIT_BARE] = { "limit_bare", 6 },
  [SIM_FAULT_LIMIT_AFTER] = { "limit_after", 6 },
  [SIM_FAULT_LIMIT_LONG] = { "limit_long", 2 },
  [SIM_FAULT_LIMIT_HEADERS] = { "limit_headers", 3 },
  [SIM_FAULT_ERROR_500] = { "error_500", 6 },
  [SIM_FAULT_ERROR_502] = { "error_502", 6 },
  [SIM_FAULT_ERROR_503] = { "error_503", 6 },
  [SIM_FAULT_UNAUTHORIZED] = { "unauthorized", 1 },
  [SIM_FAULT_FORBIDDEN] = { "forbidden", 1 },
  [SIM_FAULT_BAD_CURSOR] = { "bad_cursor", 6 },
  [SIM_FAULT_TRUNCATED] = { "truncated", 5 },
  [SIM_FAULT_WRONG_TYPE] = { "wrong_type", 4 },
  [SIM_FAULT_EMPTY_BODY] = { "empty_body", 4 },
  [SIM_FAULT_DUPLICATE_PAGE] = { "duplicate_page", 6 },
  [SIM_FAULT_SHIFTED_BACK] = { "shifted_back", 5 },
  [SIM_FAULT_SHIFTED_ON] = { "shifted_on", 5 },
  [SIM_FAULT_EMPTY_PAGE] = { "empty_page", 5 },
  [SIM_FAULT_CURSOR_LOOP] = { "cursor_loop", 4 },
  [SIM_FAULT_TOTAL_MORE] = { "total_more", 4 },
  [SIM_FAULT_TOTAL_LESS] = { "total_less", 4 },
  [SIM_FAULT_RECORD_NO_OBJECT] = { "record_no_object", 4 },
  [SIM_FAULT_RECORD_NO_ID] = { "record_no_id", 4 },
  [SIM_FAULT_RECORD_BAD_VALUE] = { "record_bad_value", 4 },
  [SIM_FAULT_RECORD_HUGE] = { "record_huge", 2 },
  [SIM_FAULT_BAD_UTF8] = { "bad_utf8", 3 },
  [SIM_FAULT_CLOCK_FORWARD] = { "clock_forward", 0 },
  [SIM_FAULT_CLOCK_BACK] = { "clock_back", 0 },
  [SIM_FAULT_LONG_SLEEP] = { "long_sleep", 0 },
  [SIM_FAULT_DISK_FULL] = { "disk_full", 0 },
  [SIM_FAULT_WRITE_ERROR] = { "write_error", 0 },
  [SIM_FAULT_CRASH_REQUEST] = { "crash_request", 0 },
  [SIM_FAULT_CRASH_WRITE] = { "crash_write", 0 },
  [SIM_FAULT_CRASH_COMMIT] = { "crash_commit", 0 },
  [SIM_FAULT_RESTART] = { "restart", 0 },
};

static guint counted[SIM_N_FAULTS];

const char *
sim_fault_to_name (SimFault self)
{
  return specs[self].name;
}

/** sim_fault_choose: one of those that befall a request, by weight. */
SimFault
sim_fault_choose (GRand *rand)
{
  guint sum = 0;
  guint at;

  for (gsize i = 0; i < SIM_N_FAULTS; i++)
    sum += specs[i].weight;
  at = g_rand_int_range (rand, 0, sum);
  for (gsize i = 0; i < SIM_N_FAULTS; i++)
    {
      if (at < specs[i].weight)
        return (SimFault)i;
      at -= specs[i].weight;
    }
  g_assert_not_reached ();
}

/** sim_fault_count: it has happened; over all seeds. */
void
sim_fault_count (SimFault self)
{
  counted[self]++;
}

guint
sim_fault_counted (SimFault self)
{
  return counted[self];
}
