/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-template.h"
#include "tide-transport.h"

G_BEGIN_DECLS

/**
 * TideRequestSpec:
 * @query: (nullable): name → text template
 * @headers: (nullable): name → template
 * @body: (nullable): JSON template
 * @body_text: (nullable): text template, instead of @body
 *
 * A request as a manifest writes it, its variables still open. Immutable.
 */
typedef struct
{
  char       *method;
  char       *path;
  JsonObject *query;
  JsonObject *headers;
  JsonNode   *body;
  JsonNode   *body_text;
  char       *content_type;
} TideRequestSpec;

TideRequestSpec *tide_request_spec_new    (JsonObject              *object,
                                           const TideRequestSpec   *base);
void             tide_request_spec_free   (TideRequestSpec         *self);
gboolean         tide_request_spec_visit  (const TideRequestSpec   *self,
                                           TideTemplateVisitor      visitor,
                                           gpointer                 user_data);
TideRequest     *tide_request_spec_expand (const TideRequestSpec   *self,
                                           const char              *base_url,
                                           const char              *url,
                                           const TideTemplateScope *scope);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRequestSpec, tide_request_spec_free)

G_END_DECLS
