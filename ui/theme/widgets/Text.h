// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/ColourRole.h"
#include "ui/theme/Type.h"

#include <QWidget>

namespace shardlens::ui::theme {

/// One line of text in a font and colour role. Names may be elided in the middle, the whole name then being the tooltip;
/// numbers never are: set Elide::None (the default) and the widget is as wide as its text.
/// Text that changes each second does not relayout its neighbours: give it the widest text it can have.
class Text : public QWidget
{
    Q_OBJECT

public:
    enum class Elide : std::uint8_t {
        None,
        Middle,  ///< a name
        End,     ///< words without numbers
        Phrases, ///< whole phrases go, from the last, so that no number is cut: "3 groups, 9 servers, all linked"
    };

    explicit Text(FontRole font, ColourRole colour = ColourRole::Text, QWidget *parent = nullptr);

    void setText(const QString &text);
    [[nodiscard]] QString text() const { return m_text; }
    void setColour(ColourRole colour);
    void setFontRole(FontRole font);
    void setElide(Elide elide);
    void setAlignment(Qt::Alignment alignment);
    void setStale(bool stale);               ///< muted, with a dotted underline
    void setWidest(const QString &widest);   ///< room is kept for it

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;
    [[nodiscard]] bool isElided() const;
    [[nodiscard]] QString shownText() const; ///< what there is room for

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void updateToolTip();
    [[nodiscard]] int naturalWidth() const;

    QString m_text;
    QString m_widest;
    FontRole m_font;
    ColourRole m_colour;
    Elide m_elide = Elide::None;
    Qt::Alignment m_alignment = Qt::AlignLeft | Qt::AlignVCenter;
    bool m_stale = false;
};

} // namespace shardlens::ui::theme
