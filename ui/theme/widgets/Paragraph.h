// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/ColourRole.h"
#include "ui/theme/Type.h"

#include <QWidget>

namespace shardlens::ui::theme {

/// A text of several lines: it wraps, and is as high as its width makes it. Its beginning may be set in Medium.
class Paragraph : public QWidget
{
    Q_OBJECT

public:
    explicit Paragraph(QWidget *parent = nullptr, ColourRole strong = ColourRole::Text, ColourRole rest = ColourRole::Text);

    void setText(const QString &strong, const QString &rest);
    [[nodiscard]] QString text() const;

    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return {0, 0}; }

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    QString m_strong;
    QString m_rest;
    ColourRole m_strongColour;
    ColourRole m_restColour;
};

} // namespace shardlens::ui::theme
