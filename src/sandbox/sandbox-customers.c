/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemark-sandbox"

#include "sandbox-business.h"
#include "sandbox-customers.h"
#include "sandbox-time.h"

typedef struct
{
  gint64  created;
  guint32 edits;
} Customer;

/* A customer's number is its record in the table too: none is ever added but here. */
struct _SandboxCustomers
{
  guint64       seed;
  SandboxTable *table;       /* (owned) */
  GArray       *customers;   /* (owned) (element-type Customer), by creation */
  GHashTable   *numbers;     /* (owned): id to number + 1 */
};

static const char *const given_names[] = {
  "Rosa", "Amelia", "Oscar", "Leila", "J\303\274rgen", "Beatrice", "Samir", "Chlo\303\251", "Felix", "Nadia", "Theo", "Marta",
  "Finlay", "Isla", "Dara", "Bj\303\266rn", "Camille", "Ewan", "Harriet", "Anya", "Louis", "Mira", "Niall", "Orla",
  "Petra", "Quentin", "Ren\303\251e", "Stefan", "Tamsin", "Umar", "Verity", "Wilfred", "Xanthe", "Yara", "Zachary", "\303\205sa"
};

static const char *const family_names[] = {
  "Lindt", "Ashworth", "Okafor", "Pemberton", "Gr\303\274n", "Castellano", "Hussain", "Dubois", "Whitaker", "Kowalska",
  "O\342\200\231Neill", "Fairbairn", "Mac\303\215ntyre", "Thorne", "Alvarez", "Novak", "Blackwood", "Sato", "Ellery", "Brandt",
  "Hollis", "Iqbal", "Jardine", "Kettle", "Larkspur", "Mbeki", "Nightingale", "Olsen", "Penrose", "R\303\266ssler",
  "Silva", "Tremblay", "Underhill", "van der Meer", "Wainwright", "Young"
};

static const char *const notes[] = {
  "Oat milk, extra hot", "Allergic to nuts!", "Says \"the usual\" \342\200\223 flat white", "M\303\266chte Sojamilch",
  "Birthday cake 12\" ordered\nCollects Saturdays", "Regular \342\230\225 since the opening", "C:\\loyalty\\gold", "\360\237\220\266 brings Biscuit the dog"
};

static const char *const streets[] = { "Quay Street", "Oyster Row", "Castle Road", "Chapel Hill", "Tower Parade", "Nelson Road" };

static void
customer_random (SandboxCustomers *self,
                 guint32           number,
                 SandboxRandom    *random)
{
  sandbox_random_init (random, self->seed, SANDBOX_STREAM_CUSTOMER, number);
}

/** sandbox_customers_get_name: (transfer none): first and last name of a customer. */
void
sandbox_customers_get_name (SandboxCustomers *self,
                            guint32           number,
                            const char      **out_given,
                            const char      **out_family)
{
  SandboxRandom random;

  customer_random (self, number, &random);
  *out_given = given_names[sandbox_random_below (&random, G_N_ELEMENTS (given_names))];
  *out_family = family_names[sandbox_random_below (&random, G_N_ELEMENTS (family_names))];
}

static int
customers_compare_names (gpointer             owner,
                         const SandboxRecord *a,
                         const SandboxRecord *b)
{
  const char *given[2];
  const char *family[2];
  int order;

  sandbox_customers_get_name (owner, a->ref, &given[0], &family[0]);
  sandbox_customers_get_name (owner, b->ref, &given[1], &family[1]);
  order = strcmp (given[0], given[1]);
  return order != 0 ? order : strcmp (family[0], family[1]);
}

static void
render_contact (SandboxText    *text,
                SandboxRandom  *random,
                const Customer *customer,
                guint32         number)
{
  char line[96];

  if (sandbox_random_chance (random, 8200))
    {
      g_snprintf (line, sizeof line, "customer%05u@mail.example", number);
      sandbox_text_plain (text, "email_address", line);
    }
  if (sandbox_random_chance (random, 7000))
    {
      g_snprintf (line, sizeof line, "+4477009%05u", (number * 7 + customer->edits * 13) % 100000);
      sandbox_text_plain (text, "phone_number", line);
    }
  if (sandbox_random_chance (random, 3500))
    {
      sandbox_text_open (text, "address", '{');
      g_snprintf (line, sizeof line, "%u %s", sandbox_random_span (random, 1, 180),
                  streets[sandbox_random_below (random, G_N_ELEMENTS (streets))]);
      sandbox_text_plain (text, "address_line_1", line);
      sandbox_text_plain (text, "locality", "Canterbury");
      g_snprintf (line, sizeof line, "CT%u %uAB", sandbox_random_span (random, 1, 9), sandbox_random_span (random, 1, 9));
      sandbox_text_plain (text, "postal_code", line);
      sandbox_text_plain (text, "country", SANDBOX_COUNTRY);
      sandbox_text_char (text, '}');
    }
}

static void
render_remarks (SandboxText    *text,
                SandboxRandom  *random,
                const Customer *customer,
                guint32         number)
{
  static const char *const sources[] = { "DIRECTORY", "INSTANT_PROFILE", "LOYALTY", "ONLINE_STORE", "THIRD_PARTY" };
  char line[48];

  if (sandbox_random_chance (random, 2000) || customer->edits > 0)
    sandbox_text_member_string (text, "note",
                                notes[(sandbox_random_below (random, G_N_ELEMENTS (notes)) + customer->edits)
                                      % G_N_ELEMENTS (notes)]);
  if (sandbox_random_chance (random, 1000))
    {
      g_snprintf (line, sizeof line, "crm-%u", number + 100);
      sandbox_text_plain (text, "reference_id", line);
    }
  sandbox_text_open (text, "preferences", '{');
  sandbox_text_member_bool (text, "email_unsubscribed", sandbox_random_chance (random, 3000));
  sandbox_text_char (text, '}');
  sandbox_text_plain (text, "creation_source", sources[sandbox_random_below (random, G_N_ELEMENTS (sources))]);
}

static void
customers_render (gpointer             owner,
                  const SandboxRecord *record,
                  SandboxText         *text)
{
  SandboxCustomers *self = owner;
  const Customer *customer = &g_array_index (self->customers, Customer, record->ref);
  SandboxId id = sandbox_customers_get_id (self, record->ref);
  const char *given, *family;
  SandboxRandom random;

  sandbox_customers_get_name (self, record->ref, &given, &family);
  sandbox_random_init (&random, self->seed, SANDBOX_STREAM_CUSTOMER, G_GUINT64_CONSTANT (1) << 40 | record->ref);

  sandbox_text_char (text, '{');
  sandbox_text_plain (text, "id", id.text);
  sandbox_text_member_time (text, "created_at", customer->created);
  sandbox_text_member_time (text, "updated_at", record->times[SANDBOX_KEY_UPDATED]);
  sandbox_text_member_string (text, "given_name", given);
  sandbox_text_member_string (text, "family_name", family);
  render_contact (text, &random, customer, record->ref);
  render_remarks (text, &random, customer, record->ref);
  sandbox_text_member_int (text, "version", customer->edits);
  sandbox_text_char (text, '}');
}

/** sandbox_customers_new: (transfer full): nobody yet. */
SandboxCustomers *
sandbox_customers_new (guint64 seed)
{
  SandboxCustomers *self = g_new0 (SandboxCustomers, 1);

  self->seed = seed;
  self->table = sandbox_table_new (self, customers_render, customers_compare_names, FALSE);
  self->customers = g_array_new (FALSE, FALSE, sizeof (Customer));
  self->numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

/** sandbox_customers_free: frees them all. */
void
sandbox_customers_free (SandboxCustomers *self)
{
  sandbox_table_free (self->table);
  g_array_unref (self->customers);
  g_hash_table_unref (self->numbers);
  g_free (self);
}

/** sandbox_customers_get_table: (transfer none): their records. */
SandboxTable *
sandbox_customers_get_table (SandboxCustomers *self)
{
  return self->table;
}

/** sandbox_customers_add: one more; must come in the order of @created. */
void
sandbox_customers_add (SandboxCustomers *self,
                       gint64            created,
                       gint64            now)
{
  Customer customer = { .created = created };
  guint32 number = self->customers->len;

  g_array_append_val (self->customers, customer);
  sandbox_table_touch (self->table, sandbox_table_add (self->table, number, created), now);
  g_hash_table_insert (self->numbers, g_strdup (sandbox_customers_get_id (self, number).text),
                       GUINT_TO_POINTER (number + 1));
}

/** sandbox_customers_pick: somebody who was known at @time, or %SANDBOX_NO_CUSTOMER. */
guint32
sandbox_customers_pick (SandboxCustomers *self,
                        SandboxRandom    *random,
                        gint64            time)
{
  guint choice = (guint)(sandbox_random_next (random) >> 32);
  guint low = 0;
  guint high = self->customers->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->customers, Customer, middle).created <= time)
        low = middle + 1;
      else
        high = middle;
    }

  return low == 0 ? SANDBOX_NO_CUSTOMER : choice % low;
}

/** sandbox_customers_get_id: the id of a customer, also of a deleted one. */
SandboxId
sandbox_customers_get_id (SandboxCustomers *self,
                          guint32           number)
{
  return sandbox_id_make ("", 26, TRUE, self->seed, SANDBOX_STREAM_CUSTOMER, number);
}

/** sandbox_customers_edit: another telephone number and note. */
void
sandbox_customers_edit (SandboxCustomers *self,
                        guint32           number,
                        gint64            now)
{
  g_array_index (self->customers, Customer, number).edits++;
  sandbox_table_touch (self->table, number, now);
}

/** sandbox_customers_delete: the profile vanishes. Returns: %FALSE if it had before. */
gboolean
sandbox_customers_delete (SandboxCustomers *self,
                          guint32           number)
{
  if (sandbox_table_get (self->table, number)->gone)
    return FALSE;

  sandbox_table_remove (self->table, number);
  return TRUE;
}

/** sandbox_customers_find: the number of the customer with @id, or -1. */
int
sandbox_customers_find (SandboxCustomers *self,
                        const char       *id)
{
  return GPOINTER_TO_INT (g_hash_table_lookup (self->numbers, id)) - 1;
}
