/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TIDE_CHART_NO_CELL G_MAXUINT

#define TIDE_TYPE_CHART (tide_chart_get_type ())
G_DECLARE_DERIVABLE_TYPE (TideChart, tide_chart, TIDE, CHART, GtkWidget)

/**
 * TideChartClass:
 * @get_n_cells: how many cells there are
 * @get_stride: how many cells lie in a row, for the keys Up and Down; 0 = all in one
 * @get_first_cell: where the cursor begins
 * @get_cell: where a cell is
 * @describe_cell: (transfer full): a cell in words: time span, counts, outcome
 * @describe: (transfer full): the chart as one sentence, for a screen reader
 * @draw: draws it all but the cursor
 *
 * What drawn widgets have in common: a cell cursor moved by the arrow keys, one tooltip for the cell
 * under the pointer or the cursor, and a sentence for those who cannot see it.
 */
struct _TideChartClass
{
  GtkWidgetClass parent_class;

  guint   (*get_n_cells)    (TideChart       *self);
  guint   (*get_stride)     (TideChart       *self);
  guint   (*get_first_cell) (TideChart       *self);
  void    (*get_cell)       (TideChart       *self,
                             guint            cell,
                             graphene_rect_t *area);
  char *  (*describe_cell)  (TideChart       *self,
                             guint            cell);
  char *  (*describe)       (TideChart       *self);
  void    (*draw)           (TideChart       *self,
                             GtkSnapshot     *snapshot);
};

void     tide_chart_changed     (TideChart             *self);

/* For the subclasses' drawing. */
GdkRGBA  tide_chart_get_color   (TideChart             *self,
                                 const char            *name);
void     tide_chart_fill        (GtkSnapshot           *snapshot,
                                 const graphene_rect_t *area,
                                 float                  radius,
                                 const GdkRGBA         *color);
void     tide_chart_outline     (GtkSnapshot           *snapshot,
                                 const graphene_rect_t *area,
                                 float                  radius,
                                 float                  width,
                                 const GdkRGBA         *color);
void     tide_chart_hatch       (GtkSnapshot           *snapshot,
                                 const graphene_rect_t *area,
                                 const GdkRGBA         *color);
void     tide_chart_mark        (GtkSnapshot           *snapshot,
                                 float                  x,
                                 float                  y,
                                 float                  size,
                                 gboolean               cross,
                                 const GdkRGBA         *color);
int      tide_chart_text        (TideChart             *self,
                                 GtkSnapshot           *snapshot,
                                 const char            *text,
                                 const char            *style,
                                 float                  x,
                                 float                  y,
                                 float                  align,
                                 int                    max_width);
int      tide_chart_text_height (TideChart             *self);
gint64   tide_chart_get_scale   (const gint64          *values,
                                 guint                  n);

G_END_DECLS
