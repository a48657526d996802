/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "tide-live.h"

G_BEGIN_DECLS

/* What needs the owner, what is being tried again without them, what has mended; beside the list the one that is
 * chosen, where narrow in its place. */
#define TIDE_TYPE_ATTENTION_PAGE (tide_attention_page_get_type ())
G_DECLARE_FINAL_TYPE (TideAttentionPage, tide_attention_page, TIDE, ATTENTION_PAGE, AdwBin)

GtkWidget *tide_attention_page_new       (TideLive           *live);
void       tide_attention_page_show_item (TideAttentionPage  *self,
                                          const char         *key);
gboolean   tide_attention_page_go_back   (TideAttentionPage  *self);

G_END_DECLS
