/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-database.h"
#include "tide-field.h"

G_BEGIN_DECLS

typedef struct _TideStatement TideStatement;

TideStatement *tide_statement_new           (TideDatabase     *database,
                                             const char       *sql,
                                             GError          **error) G_GNUC_WARN_UNUSED_RESULT;
void           tide_statement_free          (TideStatement    *self);

void           tide_statement_bind_int      (TideStatement    *self,
                                             const char       *name,
                                             gint64            value);
void           tide_statement_bind_text     (TideStatement    *self,
                                             const char       *name,
                                             const char       *value);
void           tide_statement_bind_time     (TideStatement    *self,
                                             const char       *name,
                                             gint64            instant);
void           tide_statement_bind_blob     (TideStatement    *self,
                                             const char       *name,
                                             const void       *data,
                                             gsize             length);
void           tide_statement_bind_null     (TideStatement    *self,
                                             const char       *name);

gboolean       tide_statement_next          (TideStatement    *self,
                                             GError          **error);
gboolean       tide_statement_run           (TideStatement    *self,
                                             GError          **error);
void           tide_statement_reset         (TideStatement    *self);

int            tide_statement_get_n_columns (TideStatement    *self);
const char    *tide_statement_get_name      (TideStatement    *self,
                                             int               column);
gboolean       tide_statement_is_null       (TideStatement    *self,
                                             int               column);
gint64         tide_statement_get_int       (TideStatement    *self,
                                             int               column);
double         tide_statement_get_double    (TideStatement    *self,
                                             int               column);
const char    *tide_statement_get_text      (TideStatement    *self,
                                             int               column);
gsize          tide_statement_get_length    (TideStatement    *self,
                                             int               column);
const void    *tide_statement_get_blob      (TideStatement    *self,
                                             int               column,
                                             gsize            *length);
gint64         tide_statement_get_time      (TideStatement    *self,
                                             int               column);
int            tide_statement_get_kind      (TideStatement    *self,
                                             int               column);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideStatement, tide_statement_free)

G_END_DECLS
