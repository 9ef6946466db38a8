// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/ColourRole.h"

#include <QAbstractButton>

namespace shardlens::ui::theme {

/// A button: verb and object, "…" if a step follows. Raised (a 1 px edge), Link (accent text without an edge), or Accent (filled: the one
/// button that acts). 28 px high.
class FlatButton : public QAbstractButton
{
    Q_OBJECT

public:
    enum class Look : std::uint8_t { Raised, Link, Bare, Accent };

    explicit FlatButton(const QString &text, QWidget *parent = nullptr, Look look = Look::Raised);

    void setLook(Look look);
    void setMinimumTextWidth(int px); ///< so that buttons in a column are of one width

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    Look m_look;
    int m_minimumWidth = 0;
};

} // namespace shardlens::ui::theme
