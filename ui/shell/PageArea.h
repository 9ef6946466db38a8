// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QStackedWidget;

namespace shardlens::ui::shell {

class AllDownPanel;
class Inspector;
class StripStack;

/// The room beside the rail: strips over the page, the inspector at the right. The inspector pushes the page; in narrow windows it
/// is a drawer over it. When nothing answers, the panel that says so lies over the page.
class PageArea : public QWidget
{
    Q_OBJECT

public:
    PageArea(StripStack *strips, QStackedWidget *stack, Inspector *inspector, AllDownPanel *allDown, QWidget *parent = nullptr);

    enum class Room : std::uint8_t { Narrow, Usual, Wide }; ///< of the window, at the text's size
    void setRoom(Room room);
    void setInspectorShown(bool shown);
    [[nodiscard]] bool isInspectorShown() const { return m_inspectorShown; }
    [[nodiscard]] bool isDrawer() const { return m_room == Room::Narrow; }
    void arrange();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    StripStack *m_strips;
    QStackedWidget *m_stack;
    Inspector *m_inspector;
    AllDownPanel *m_allDown;
    Room m_room = Room::Usual;
    bool m_inspectorShown = false;
};

} // namespace shardlens::ui::shell
