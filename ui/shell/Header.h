// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"

#include <QWidget>

class QHBoxLayout;

namespace shardlens::ui::theme {
class FlatButton;
class ShapeMark;
class Text;
} // namespace shardlens::ui::theme

namespace shardlens::ui::shell {

class EnvironmentChip;
class FindBox;
class Finder;

/// The 44 px under the band: menu, environment, fleet, search, counts by severity, how many servers answer and how old that is, the
/// clock, who one is. In narrow windows local time, then the role, then the fleet's name give way; a number never does.
class Header : public QWidget
{
    Q_OBJECT

public:
    Header(const fleet::Fleet &fleet, const Finder &finder, QWidget *parent = nullptr);

    void setFleet(const fleet::Fleet &fleet);
    void showSnapshot(const facts::Snapshot &snapshot);
    void showTime(base::UtcTime now);
    /// How long no reading has come, once that is too long; nothing otherwise.
    void showStall(std::optional<base::microseconds> silentFor);

    [[nodiscard]] FindBox *findBox() const { return m_findBox; }
    [[nodiscard]] theme::FlatButton *menuButton() const { return m_menu; }
    void fit(); ///< hides what does not fit the width

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void showWho(const fleet::Fleet &fleet, const std::string &you);
    struct Count {
        theme::ShapeMark *mark;
        theme::Text *number;
    };
    Count addCount(QHBoxLayout *row, facts::Severity severity);

    theme::FlatButton *m_menu;
    EnvironmentChip *m_chip;
    theme::Text *m_fleet;
    FindBox *m_findBox;
    Count m_counts[3];
    theme::Text *m_answers;
    theme::Text *m_clock;
    theme::Text *m_local;
    theme::Text *m_who;
    QString m_answersText;
    bool m_someSilent = false;
    bool m_showsLocal = true;
};

} // namespace shardlens::ui::shell
