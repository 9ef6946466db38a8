// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/widgets/Panel.h"

#include <string>
#include <vector>

namespace shardlens::ui::theme {
class Text;
class TickBox;
} // namespace shardlens::ui::theme

namespace shardlens::ui::pages {

/// What a person does, each step with a tick and who ticked it. GUI thread.
class ManualPanel : public theme::Panel
{
    Q_OBJECT

public:
    struct Step {
        std::string id;
        QString text;
        QString note;   ///< who ticked it, or when it is better done
        bool isTicked = false;
        bool mayTick = true; ///< by this console's person, now
        bool operator==(const Step &) const = default;
    };

    explicit ManualPanel(QWidget *parent = nullptr);

    void showSteps(const std::vector<Step> &steps);
    [[nodiscard]] int heightFor(int width) const;
    [[nodiscard]] std::size_t count() const { return m_lines.size(); }
    [[nodiscard]] theme::TickBox *tickOf(const std::string &id) const; ///< null if there is no such step

Q_SIGNALS:
    void ticked(const std::string &id, bool isTicked);

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    struct Line {
        Step step;
        theme::TickBox *tick;
        theme::Text *note;
    };
    void arrange();
    [[nodiscard]] bool isTwoLined(const Line &line, int width) const;

    std::vector<Line> m_lines;
};

} // namespace shardlens::ui::pages
