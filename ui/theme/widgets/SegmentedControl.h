// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QWidget>

namespace shardlens::ui::theme {

/// A row of choices of which one holds: "5 min | 15 min | 1 h". One tab stop; Left and Right choose.
class SegmentedControl : public QWidget
{
    Q_OBJECT

public:
    explicit SegmentedControl(const QStringList &choices, QWidget *parent = nullptr);

    void setChoices(const QStringList &choices);
    [[nodiscard]] QStringList choices() const { return m_choices; }
    void setCurrent(int index); ///< emits currentChanged if it differs
    [[nodiscard]] int current() const { return m_current; }

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

Q_SIGNALS:
    void currentChanged(int index);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool event(QEvent *event) override;

private:
    [[nodiscard]] QRect cell(int index) const;
    [[nodiscard]] int at(const QPoint &point) const;
    [[nodiscard]] int cellWidth(int index) const;

    QStringList m_choices;
    int m_current = 0;
    int m_hovered = -1;
};

} // namespace shardlens::ui::theme
