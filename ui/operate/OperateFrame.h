// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/operate/OutlineView.h"
#include "ui/theme/Shapes.h"

#include <QWidget>

#include <functional>
#include <vector>

namespace shardlens::ui::theme {
class FlatButton;
class Paragraph;
class SegmentedControl;
class ShapeMark;
class Text;
} // namespace shardlens::ui::theme

namespace shardlens::ui::operate {

/// What a plan and a running operation look alike in: title row, checks | steps | effect, a bar under them. Where there is no room
/// for three columns they are three tabs. GUI thread.
class OperateFrame : public QWidget
{
    Q_OBJECT

public:
    explicit OperateFrame(QWidget *parent = nullptr);

    [[nodiscard]] OutlinePanel *checks() const { return m_checks; }
    [[nodiscard]] OutlinePanel *steps() const { return m_steps; }
    [[nodiscard]] OutlinePanel *effect() const { return m_effect; }
    [[nodiscard]] theme::SegmentedControl *tabs() const { return m_tabs; }
    [[nodiscard]] QString title() const;
    [[nodiscard]] QString status() const;
    [[nodiscard]] QString bannerText() const;
    [[nodiscard]] theme::FlatButton *bannerButton() const { return m_bannerButton; }
    [[nodiscard]] bool isInTabs() const { return m_isInTabs; }

Q_SIGNALS:
    void backRequested();
    void bannerPressed();

protected:
    void setTitle(const QString &title, const QString &note);
    void setStatus(theme::Shape shape, const QString &words); ///< phrases between commas: the last go where there is no room
    void addButton(theme::FlatButton *button);
    void setBanner(const QString &strong, const QString &rest, const QString &button); ///< empty: none
    /// The bar that is shown; the others are hidden. `height` tells how high it must be.
    void setBar(QWidget *bar, std::function<int(int width)> height);
    void arrange();

    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void makeTitleRow();
    void makeBanner();
    int arrangeTitle(int width);
    void showTab();

    theme::FlatButton *m_back;
    theme::Text *m_title;
    theme::Text *m_note;
    theme::ShapeMark *m_statusMark;
    theme::Text *m_status;
    std::vector<theme::FlatButton *> m_buttons;
    QWidget *m_banner;
    theme::Paragraph *m_bannerText;
    theme::FlatButton *m_bannerButton;
    theme::SegmentedControl *m_tabs;
    OutlinePanel *m_checks;
    OutlinePanel *m_steps;
    OutlinePanel *m_effect;
    QWidget *m_bar = nullptr;
    std::function<int(int)> m_barHeight;
    bool m_isInTabs = false;
};

} // namespace shardlens::ui::operate
