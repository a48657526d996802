/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sandbox-random.h"
#include "sandbox-table.h"

G_BEGIN_DECLS

/* Object types, as the table's records carry them in "kind". */
typedef enum
{
  SANDBOX_OBJECT_ITEM,
  SANDBOX_OBJECT_VARIATION,
  SANDBOX_OBJECT_CATEGORY,
  SANDBOX_OBJECT_TAX
} SandboxObjectKind;

#define SANDBOX_MAX_VARIATIONS 4

typedef struct
{
  const char *name;
  guint       item;
  GArray     *prices;         /* (owned) (element-type PriceStep): from when on which price */
  SandboxId   id;
  guint32     record;
} SandboxVariation;

typedef struct
{
  const char *name;
  const char *description;
  guint       category;
  gboolean    taxed;
  gint64      withdrawn;      /* G_MAXINT64: still sold */
  guint       first;          /* of its variations */
  guint       count;
  SandboxId   id;
  guint32     record;
} SandboxItem;

/* The menu: categories, items, their variations with prices over time, the tax. */
typedef struct _SandboxCatalog SandboxCatalog;

SandboxCatalog         *sandbox_catalog_new           (guint64         seed,
                                                       gint64          opened);
void                    sandbox_catalog_free          (SandboxCatalog *self);
SandboxTable           *sandbox_catalog_get_table     (SandboxCatalog *self);
const SandboxVariation *sandbox_catalog_pick          (SandboxCatalog *self,
                                                       SandboxRandom  *random,
                                                       gint64          time);
const SandboxItem      *sandbox_catalog_get_item      (SandboxCatalog *self,
                                                       guint           number);
gint64                  sandbox_catalog_get_price     (const SandboxVariation *variation,
                                                       gint64          time);
const char             *sandbox_catalog_get_tax       (SandboxCatalog *self);
void                    sandbox_catalog_edit          (SandboxCatalog *self,
                                                       guint           item,
                                                       gint64          now);
gboolean                sandbox_catalog_withdraw      (SandboxCatalog *self,
                                                       guint           item,
                                                       gint64          now);
guint                   sandbox_catalog_get_n_items   (SandboxCatalog *self);

G_END_DECLS
