/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * CtlJson:
 *
 * A JSON document that is being written. Names are %NULL for the outermost value and in arrays.
 */
typedef struct _CtlJson CtlJson;

CtlJson    *ctl_json_new           (void);
void        ctl_json_free          (CtlJson     *self);
void        ctl_json_begin_object  (CtlJson     *self,
                                    const char  *name);
void        ctl_json_end_object    (CtlJson     *self);
void        ctl_json_begin_array   (CtlJson     *self,
                                    const char  *name);
void        ctl_json_end_array     (CtlJson     *self);
void        ctl_json_add_string    (CtlJson     *self,
                                    const char  *name,
                                    const char  *value);
void        ctl_json_add_text      (CtlJson     *self,
                                    const char  *name,
                                    const char  *value,
                                    gsize        length);
void        ctl_json_add_int       (CtlJson     *self,
                                    const char  *name,
                                    gint64       value);
void        ctl_json_add_double    (CtlJson     *self,
                                    const char  *name,
                                    double       value);
void        ctl_json_add_boolean   (CtlJson     *self,
                                    const char  *name,
                                    gboolean     value);
void        ctl_json_add_null      (CtlJson     *self,
                                    const char  *name);
void        ctl_json_add_time      (CtlJson     *self,
                                    const char  *name,
                                    gint64       instant);
void        ctl_json_add_raw       (CtlJson     *self,
                                    const char  *name,
                                    const char  *json);
const char *ctl_json_get_text      (CtlJson     *self);
void        ctl_json_print         (CtlJson     *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CtlJson, ctl_json_free)

G_END_DECLS
