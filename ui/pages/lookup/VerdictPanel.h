// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/Shapes.h"
#include "ui/theme/widgets/Panel.h"

#include <vector>

namespace shardlens::ui::theme {
class FlatButton;
class Text;
} // namespace shardlens::ui::theme

namespace shardlens::ui::pages {

/// The answer: a shape, one sentence, a second line, and what can be done with it. GUI thread.
class VerdictPanel : public theme::Panel
{
    Q_OBJECT

public:
    explicit VerdictPanel(QWidget *parent = nullptr);

    void showVerdict(theme::Shape shape, const QString &sentence, const QString &second);
    void setCanSend(bool can, bool hasReply); ///< Hand to on-call and Pin; Copy reply where there is one
    void setAside(const QString &words);
    void addButton(theme::FlatButton *button); ///< after the others; whoever adds it shows it, and calls arrange()
    void arrange();
    [[nodiscard]] QString sentence() const { return m_sentence; }
    [[nodiscard]] QString aside() const;
    [[nodiscard]] theme::FlatButton *copyReply() const { return m_copy; }
    [[nodiscard]] theme::FlatButton *handOver() const { return m_hand; }
    [[nodiscard]] theme::FlatButton *pin() const { return m_pin; }

    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    /// The buttons in rows under the words. Nothing is moved unless `places`. The end of the last row: its right and bottom.
    QPoint flow(int width, bool places) const;
    [[nodiscard]] QRect sentenceBox(int width) const;
    [[nodiscard]] QRect secondBox(int width) const;

    theme::Shape m_shape = theme::Shape::None;
    QString m_sentence;
    QString m_second;
    theme::FlatButton *m_copy;
    theme::FlatButton *m_hand;
    theme::FlatButton *m_pin;
    std::vector<theme::FlatButton *> m_buttons;
    theme::Text *m_aside;
};

} // namespace shardlens::ui::pages
