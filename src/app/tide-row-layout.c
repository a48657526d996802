/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-app"

#include "config.h"

#include "tide-break.h"
#include "tide-row-layout.h"
#include "tide-strip.h"

#define GAP 12
#define LINE_GAP 3
#define NAME_WIDTH 130

struct _TideRowLayout
{
  GtkLayoutManager  parent_instance;

  GtkWidget        *slots[TIDE_N_SLOTS];    /* (unowned) (nullable): children of the widget laid out */
  gboolean          narrow;
};

G_DEFINE_FINAL_TYPE (TideRowLayout, tide_row_layout, GTK_TYPE_LAYOUT_MANAGER)

/* Widths of the columns that do not give way, at the usual size of text. */
static const int widths[TIDE_N_SLOTS] = {
  [TIDE_SLOT_TILE] = 32,
  [TIDE_SLOT_STATUS] = 140,
  [TIDE_SLOT_TIME] = 98,
  [TIDE_SLOT_TODAY] = 62,
  [TIDE_SLOT_NEXT] = 80,
  [TIDE_SLOT_BUTTON] = 34,
  [TIDE_SLOT_EXPANDER] = 24,
};

static gboolean
tide_row_layout_has (TideRowLayout *self,
                     TideSlot       slot)
{
  return self->slots[slot] != NULL && gtk_widget_should_layout (self->slots[slot]);
}

static int
tide_row_layout_get_child_size (TideRowLayout  *self,
                                TideSlot        slot,
                                GtkOrientation  orientation,
                                int             for_size)
{
  int natural = 0;

  if (tide_row_layout_has (self, slot))
    gtk_widget_measure (self->slots[slot], orientation, for_size, NULL, &natural, NULL, NULL);
  return natural;
}

static int
max_height (TideRowLayout  *self,
            const TideSlot *slots,
            guint           n)
{
  int height = 0;

  for (guint i = 0; i < n; i++)
    height = MAX (height, tide_row_layout_get_child_size (self, slots[i], GTK_ORIENTATION_VERTICAL, -1));
  return height;
}

static int
first_line_height (TideRowLayout *self)
{
  return max_height (self, (const TideSlot[]){ TIDE_SLOT_NAME, TIDE_SLOT_STATUS }, 2);
}

static int
second_line_height (TideRowLayout *self)
{
  return max_height (self, (const TideSlot[]){ TIDE_SLOT_STRIP, TIDE_SLOT_TIME }, 2);
}

static GtkSizeRequestMode
tide_row_layout_get_request_mode (GtkLayoutManager *manager,
                                  GtkWidget        *widget)
{
  return GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

static void
tide_row_layout_measure (GtkLayoutManager *manager,
                         GtkWidget        *widget,
                         GtkOrientation    orientation,
                         int               for_size,
                         int              *minimum,
                         int              *natural,
                         int              *minimum_baseline,
                         int              *natural_baseline)
{
  static const TideSlot all[] = {
    TIDE_SLOT_TILE, TIDE_SLOT_NAME, TIDE_SLOT_STATUS, TIDE_SLOT_TIME, TIDE_SLOT_STRIP, TIDE_SLOT_TODAY,
    TIDE_SLOT_NEXT, TIDE_SLOT_BUTTON, TIDE_SLOT_EXPANDER,
  };
  TideRowLayout *self = TIDE_ROW_LAYOUT (manager);
  int second;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      /* Only what the narrow form needs: else a wide row would keep the window from becoming narrow. */
      *minimum = widths[TIDE_SLOT_TILE] + GAP + TIDE_STRIP_MIN_WIDTH + widths[TIDE_SLOT_EXPANDER] + GAP;
      *natural = 976;
      return;
    }
  if (!self->narrow)
    {
      *minimum = *natural = max_height (self, all, G_N_ELEMENTS (all));
      return;
    }
  second = second_line_height (self);
  *minimum = *natural = MAX (first_line_height (self) + (second > 0 ? second + LINE_GAP : 0),
                             tide_row_layout_get_child_size (self, TIDE_SLOT_TILE, GTK_ORIENTATION_VERTICAL, -1));
}

static void
tide_row_layout_place (TideRowLayout *self,
                       GtkWidget     *widget,
                       TideSlot       slot,
                       int            x,
                       int            y,
                       int            width,
                       int            height)
{
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int minimum_width = 0;
  int minimum_height = 0;

  if (!tide_row_layout_has (self, slot))
    return;
  gtk_widget_set_child_visible (self->slots[slot], TRUE);
  gtk_widget_measure (self->slots[slot], GTK_ORIENTATION_HORIZONTAL, -1, &minimum_width, NULL, NULL, NULL);
  width = MAX (width, minimum_width);
  gtk_widget_measure (self->slots[slot], GTK_ORIENTATION_VERTICAL, width, &minimum_height, NULL, NULL, NULL);
  height = MAX (height, minimum_height);
  if (mirrored)
    x = gtk_widget_get_width (widget) - x - width;
  gtk_widget_size_allocate (self->slots[slot], &(GtkAllocation){ x, y, width, height }, -1);
}

static void
tide_row_layout_hide (TideRowLayout *self,
                      TideSlot       slot)
{
  if (self->slots[slot] != NULL)
    gtk_widget_set_child_visible (self->slots[slot], FALSE);
}

static void
tide_row_layout_allocate_wide (TideRowLayout *self,
                               GtkWidget     *widget,
                               int            width,
                               int            height)
{
  static const TideSlot from_end[] = {
    TIDE_SLOT_EXPANDER, TIDE_SLOT_BUTTON, TIDE_SLOT_NEXT, TIDE_SLOT_TODAY,
    TIDE_SLOT_STRIP, TIDE_SLOT_TIME, TIDE_SLOT_STATUS,
  };
  double scale = tide_break_get_scale (widget);
  int name_x = widths[TIDE_SLOT_TILE] + GAP;
  int x = width;
  int fixed = name_x;
  int strip;

  for (guint i = 0; i < G_N_ELEMENTS (from_end); i++)
    fixed += (int)(widths[from_end[i]] * scale) + GAP;
  strip = CLAMP (width - fixed - (int)(NAME_WIDTH * scale), TIDE_STRIP_MIN_WIDTH, TIDE_STRIP_WIDTH);
  for (guint i = 0; i < G_N_ELEMENTS (from_end); i++)
    {
      int column = from_end[i] == TIDE_SLOT_STRIP ? strip : (int)(widths[from_end[i]] * scale);

      x -= column;
      tide_row_layout_place (self, widget, from_end[i], x, 0, column, height);
      x -= GAP;
    }
  tide_row_layout_place (self, widget, TIDE_SLOT_TILE, 0, 0, widths[TIDE_SLOT_TILE], height);
  tide_row_layout_place (self, widget, TIDE_SLOT_NAME, name_x, 0, x - name_x, height);
}

static void
tide_row_layout_allocate_narrow (TideRowLayout *self,
                                 GtkWidget     *widget,
                                 int            width,
                                 int            height)
{
  int left = widths[TIDE_SLOT_TILE] + GAP;
  int right = width - widths[TIDE_SLOT_EXPANDER] - GAP;
  int first = first_line_height (self);
  int second = second_line_height (self);
  int top = (height - first - (second > 0 ? second + LINE_GAP : 0)) / 2;
  int status = tide_row_layout_get_child_size (self, TIDE_SLOT_STATUS, GTK_ORIENTATION_HORIZONTAL, -1);
  int time = tide_row_layout_get_child_size (self, TIDE_SLOT_TIME, GTK_ORIENTATION_HORIZONTAL, -1);
  int strip;

  tide_row_layout_place (self, widget, TIDE_SLOT_TILE, 0, 0, widths[TIDE_SLOT_TILE], height);
  tide_row_layout_place (self, widget, TIDE_SLOT_EXPANDER, width - widths[TIDE_SLOT_EXPANDER], 0,
                         widths[TIDE_SLOT_EXPANDER], height);
  status = MIN (status, (right - left) * 3 / 5);
  tide_row_layout_place (self, widget, TIDE_SLOT_STATUS, right - status, top, status, first);
  tide_row_layout_place (self, widget, TIDE_SLOT_NAME, left, top, right - status - GAP / 2 - left, first);
  strip = CLAMP (right - left - time - GAP / 2, TIDE_STRIP_MIN_WIDTH, TIDE_STRIP_WIDTH);
  tide_row_layout_place (self, widget, TIDE_SLOT_STRIP, left, top + first + LINE_GAP, strip, second);
  time = MIN (time, right - left - strip);
  tide_row_layout_place (self, widget, TIDE_SLOT_TIME, right - time, top + first + LINE_GAP, time, second);
  tide_row_layout_hide (self, TIDE_SLOT_TODAY);
  tide_row_layout_hide (self, TIDE_SLOT_NEXT);
  tide_row_layout_hide (self, TIDE_SLOT_BUTTON);
}

static void
tide_row_layout_allocate (GtkLayoutManager *manager,
                          GtkWidget        *widget,
                          int               width,
                          int               height,
                          int               baseline)
{
  TideRowLayout *self = TIDE_ROW_LAYOUT (manager);

  if (self->narrow)
    tide_row_layout_allocate_narrow (self, widget, width, height);
  else
    tide_row_layout_allocate_wide (self, widget, width, height);
}

static void
tide_row_layout_class_init (TideRowLayoutClass *klass)
{
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  layout_class->get_request_mode = tide_row_layout_get_request_mode;
  layout_class->measure = tide_row_layout_measure;
  layout_class->allocate = tide_row_layout_allocate;
}

static void
tide_row_layout_init (TideRowLayout *self)
{
}

TideRowLayout *
tide_row_layout_new (void)
{
  return g_object_new (TIDE_TYPE_ROW_LAYOUT, NULL);
}

/**
 * tide_row_layout_set_slot:
 * @child: (transfer none): a child of the widget that is laid out; lives as long as that
 */
void
tide_row_layout_set_slot (TideRowLayout *self,
                          TideSlot       slot,
                          GtkWidget     *child)
{
  self->slots[slot] = child;
}

/**
 * tide_row_layout_set_narrow:
 * @narrow: two lines instead of columns
 */
void
tide_row_layout_set_narrow (TideRowLayout *self,
                            gboolean       narrow)
{
  if (self->narrow == narrow)
    return;
  self->narrow = narrow;
  gtk_layout_manager_layout_changed (GTK_LAYOUT_MANAGER (self));
}
