// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/operate/Bar.h"
#include "ui/theme/Shapes.h"

#include <vector>

namespace shardlens::ui::theme {
class FlatButton;
class Paragraph;
class ShapeMark;
class Text;
} // namespace shardlens::ui::theme

namespace shardlens::ui::operate {

/// The bar under what runs or ran: its state in two lines, and buttons for what can still be done about it. GUI thread.
class StateBar : public Bar
{
    Q_OBJECT

public:
    explicit StateBar(QWidget *parent = nullptr);

    [[nodiscard]] int heightFor(int width) const;
    [[nodiscard]] QString text() const;

protected:
    void addButton(theme::FlatButton *button); ///< in the order in which they stand; hidden ones take no room
    void setWords(theme::Shape shape, const QString &first, const QString &second);
    void setUntil(const QString &until, const QString &keys);
    void arrange() override;

private:
    [[nodiscard]] std::vector<theme::FlatButton *> shown() const;
    [[nodiscard]] int buttonsWidth() const;
    [[nodiscard]] int untilWidth() const;
    [[nodiscard]] bool isStacked(int width) const;
    [[nodiscard]] int wordsWidth(int width) const;
    [[nodiscard]] int wordsHeight(int width) const;

    theme::ShapeMark *m_mark;
    theme::Paragraph *m_first;
    theme::Paragraph *m_second;
    theme::Text *m_until;
    theme::Text *m_keys;
    std::vector<theme::FlatButton *> m_all;
};

} // namespace shardlens::ui::operate
