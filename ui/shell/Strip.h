// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/Shapes.h"

#include <QWidget>

class QHBoxLayout;

namespace shardlens::ui::theme {
class FlatButton;
class ShapeMark;
class Text;
} // namespace shardlens::ui::theme

namespace shardlens::ui::shell {

/// What a strip says. Its shape and ground tell how grave it is.
struct StripText {
    enum class Tone : std::uint8_t { Critical, Warning, Running, Quiet };
    Tone tone = Tone::Warning;
    QString text;      ///< the whole sentence
    QString shortText; ///< where the whole one has no room; empty: the whole one, elided at its end
    QString button;    ///< verb and object; empty for none
    QString second;    ///< another button, before the first; empty for none
    bool operator==(const StripText &) const = default;
};

/// A 32 px strip over the page for what holds for the whole fleet: "Held at 03:14:07Z, 23 s", with the button that ends it.
class Strip : public QWidget
{
    Q_OBJECT

public:
    explicit Strip(QWidget *parent = nullptr);
    void setText(const StripText &text);
    [[nodiscard]] const StripText &text() const { return m_text; }
    void setMore(const QString &more); ///< "and 2 more", at the right end; empty for none

Q_SIGNALS:
    void pressed();
    void secondPressed();
    void morePressed();

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void fit();

    StripText m_text;
    theme::ShapeMark *m_mark;
    theme::Text *m_words;
    theme::FlatButton *m_second;
    theme::FlatButton *m_button;
    theme::FlatButton *m_more;
};

} // namespace shardlens::ui::shell
