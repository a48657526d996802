/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "tide-engine.h"

G_BEGIN_DECLS

/* What a service showed when it was asked, or what went wrong. */
#define TIDE_TYPE_TEST_VIEW (tide_test_view_get_type ())
G_DECLARE_FINAL_TYPE (TideTestView, tide_test_view, TIDE, TEST_VIEW, AdwBin)

void tide_test_view_show_waiting (TideTestView          *self,
                                  const char            *who);
void tide_test_view_show_result  (TideTestView          *self,
                                  const char            *who,
                                  const TideTestResult  *result);
void tide_test_view_show_trouble (TideTestView          *self,
                                  const char            *who,
                                  const GError          *error);

G_END_DECLS
