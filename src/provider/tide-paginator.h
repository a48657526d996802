/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-requester-private.h"

G_BEGIN_DECLS

/**
 * TidePageLook:
 * @empty: there is no record on the page
 * @full: there are as many as were asked for
 * @next: (nullable): the cursor or address of the next page, as the provider wrote it
 * @total: how many records the provider says there are, -1 = it does not
 *
 * What can be seen of an answer at a glance, before it is parsed: enough to ask for the next page.
 */
typedef struct
{
  gboolean  empty;
  gboolean  full;
  char     *next;
  gint64    total;
} TidePageLook;

gboolean  tide_page_look_init   (TidePageLook            *self,
                                 TideStream              *stream,
                                 const TidePaginatorSpec *paginator,
                                 const TideResponse      *response,
                                 GError                 **error);
void      tide_page_look_clear  (TidePageLook            *self);

void      tide_paginator_fill   (const TidePaginatorSpec *self,
                                 const char              *at,
                                 TideTemplateScope       *scope,
                                 const char             **url);
gboolean  tide_paginator_next   (const TidePaginatorSpec *self,
                                 TideStream              *stream,
                                 TideRequester           *requester,
                                 const char              *at,
                                 const TidePageLook      *look,
                                 const TideResponse      *response,
                                 char                   **next,
                                 GError                 **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TidePageLook, tide_page_look_clear)

G_END_DECLS
