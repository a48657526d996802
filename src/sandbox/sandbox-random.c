/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemark-sandbox"

#include <string.h>

#include "sandbox-random.h"

/* The finaliser of SplitMix64: every input bit reaches every output bit. */
static inline guint64
scramble (guint64 value)
{
  value = (value ^ (value >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  value = (value ^ (value >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return value ^ (value >> 31);
}

/**
 * sandbox_mix:
 * @seed: the business's seed
 * @stream: what kind of thing is numbered
 * @number: which one of that kind
 *
 * Returns: 64 well mixed bits that depend on nothing else
 */
guint64
sandbox_mix (guint64 seed,
             guint64 stream,
             guint64 number)
{
  guint64 value = scramble (seed + G_GUINT64_CONSTANT (0x9e3779b97f4a7c15));

  value = scramble (value ^ (stream * G_GUINT64_CONSTANT (0xd1342543de82ef95)));
  return scramble (value + number * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15));
}

/** sandbox_random_init: start the sequence that belongs to (@seed, @stream, @number). */
void
sandbox_random_init (SandboxRandom *self,
                     guint64        seed,
                     guint64        stream,
                     guint64        number)
{
  self->state = sandbox_mix (seed, stream, number);
}

/** sandbox_random_next: the next 64 bits (SplitMix64). */
guint64
sandbox_random_next (SandboxRandom *self)
{
  self->state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  return scramble (self->state);
}

/** sandbox_random_below: a number in [0, @bound); @bound must not be 0. */
guint
sandbox_random_below (SandboxRandom *self,
                      guint          bound)
{
  return (guint)(((sandbox_random_next (self) >> 32) * bound) >> 32);
}

/** sandbox_random_span: a number in [@low, @high], both included. */
guint
sandbox_random_span (SandboxRandom *self,
                     guint          low,
                     guint          high)
{
  return low + sandbox_random_below (self, high - low + 1);
}

/** sandbox_random_chance: %TRUE in @of_10000 cases out of ten thousand. */
gboolean
sandbox_random_chance (SandboxRandom *self,
                       guint          of_10000)
{
  return sandbox_random_below (self, 10000) < of_10000;
}

/** sandbox_random_unit: a number in [0, 1). */
double
sandbox_random_unit (SandboxRandom *self)
{
  return (double)(sandbox_random_next (self) >> 11) * 0x1.0p-53;
}

/**
 * sandbox_id_make:
 * @prefix: what the id begins with
 * @length: how many characters follow the prefix
 * @upper_case: only capitals and digits
 *
 * Makes an id that looks like one of Square's and is the same each time.
 *
 * Returns: the id, by value
 */
SandboxId
sandbox_id_make (const char *prefix,
                 guint       length,
                 gboolean    upper_case,
                 guint64     seed,
                 guint64     stream,
                 guint64     number)
{
  static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  guint base = upper_case ? 36 : 62;
  SandboxRandom random;
  SandboxId id;
  gsize used = strlen (prefix);
  guint64 bits = 0;

  g_assert (used + length < SANDBOX_ID_SIZE);
  sandbox_random_init (&random, seed, stream ^ 0x1d, number);
  memcpy (id.text, prefix, used);

  for (guint i = 0; i < length; i++)
    {
      if (i % 10 == 0)
        bits = sandbox_random_next (&random);
      id.text[used++] = alphabet[bits % base];
      bits /= base;
    }

  id.text[used] = '\0';
  return id;
}
