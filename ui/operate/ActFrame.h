// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/Shapes.h"

#include <QAbstractButton>
#include <QWidget>

#include <functional>
#include <vector>

namespace shardlens::ui::theme {
class FlatButton;
class Paragraph;
class ShapeMark;
class Text;
} // namespace shardlens::ui::theme

namespace shardlens::ui::operate {

/// What everything looks alike in that is read, confirmed and followed over a whole page: a title row with the way back, a banner for
/// what has changed, the body, a bar under it. GUI thread.
class ActFrame : public QWidget
{
    Q_OBJECT

public:
    explicit ActFrame(QWidget *parent = nullptr);

    [[nodiscard]] QString title() const;
    [[nodiscard]] QString status() const;
    [[nodiscard]] QString bannerText() const;
    [[nodiscard]] theme::FlatButton *bannerButton() const { return m_bannerButton; }

Q_SIGNALS:
    void backRequested();
    void bannerPressed();

protected:
    void setBackWords(const QString &words); ///< where the way back leads; "Back to the operations" if nothing is said
    void setTitle(const QString &title, const QString &note);
    void setStatus(theme::Shape shape, const QString &words); ///< phrases between commas: the last go where there is no room
    void addButton(QAbstractButton *button); ///< or a tick; in the order in which they came, from the right
    /// Empty: none. A dot says that it went well, on a quiet ground.
    void setBanner(const QString &strong, const QString &rest, const QString &button, theme::Shape shape = theme::Shape::Triangle);
    /// The bar that is shown; the others are hidden. `height` tells how high it must be.
    void setBar(QWidget *bar, std::function<int(int width)> height);
    void arrange();
    virtual void arrangeBody(const QRect &room) = 0; ///< between title row or banner, and bar
    [[nodiscard]] int gap() const;
    [[nodiscard]] int frameHeight(int width) const;

    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void makeTitleRow();
    void makeBanner();
    int arrangeTitle(int width);

    theme::FlatButton *m_back;
    theme::Text *m_title;
    theme::Text *m_note;
    theme::ShapeMark *m_statusMark;
    theme::Text *m_status;
    std::vector<QAbstractButton *> m_buttons;
    QWidget *m_banner;
    theme::Paragraph *m_bannerText;
    theme::FlatButton *m_bannerButton;
    QWidget *m_bar = nullptr;
    std::function<int(int)> m_barHeight;
};

} // namespace shardlens::ui::operate
