// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/PageArea.h"

#include "ui/shell/AllDownPanel.h"
#include "ui/shell/StripStack.h"
#include "ui/shell/inspector/Inspector.h"
#include "ui/theme/Type.h"

#include <QStackedWidget>

#include <algorithm>

namespace shardlens::ui::shell {

namespace {
constexpr int kInspector = 360;
constexpr int kWideInspector = 420;
} // namespace

PageArea::PageArea(StripStack *strips, QStackedWidget *stack, Inspector *inspector, AllDownPanel *allDown, QWidget *parent)
    : QWidget(parent), m_strips(strips), m_stack(stack), m_inspector(inspector), m_allDown(allDown)
{
    for (QWidget *widget : std::initializer_list<QWidget *>{stack, strips, allDown, inspector})
        widget->setParent(this);
    allDown->hide();
    inspector->hide();
    connect(strips, &StripStack::changed, this, &PageArea::arrange);
}

void PageArea::setRoom(Room room)
{
    m_room = room;
    m_inspector->setDrawer(isDrawer());
    arrange();
}

void PageArea::setInspectorShown(bool shown)
{
    m_inspectorShown = shown;
    arrange();
    m_inspector->setVisible(shown);
    if (shown)
        m_inspector->raise();
}

void PageArea::arrange()
{
    const int inspector = std::min(theme::scaled(m_room == Room::Wide ? kWideInspector : kInspector), std::max(width() - theme::scaled(40), 100));
    const int page = m_inspectorShown && !isDrawer() ? width() - inspector : width();
    const int strips = m_strips->isHidden() ? 0 : m_strips->sizeHint().height();
    m_strips->setGeometry(0, 0, page, strips);
    m_stack->setGeometry(0, strips, page, height() - strips);
    // What it says must be read: a drawer does not cover it.
    m_allDown->setGeometry(0, strips, m_inspectorShown ? width() - inspector : width(), height() - strips);
    m_inspector->setGeometry(width() - inspector, isDrawer() ? strips : 0, inspector, height() - (isDrawer() ? strips : 0));
}

void PageArea::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange();
}

} // namespace shardlens::ui::shell

#include "moc_PageArea.cpp"
