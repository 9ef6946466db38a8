// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QBoxLayout;
class QHBoxLayout;
class QVBoxLayout;

namespace shardlens::ui::theme {

class Text;

/// A surface with a 1 px line and 4 px corners: a title row of 32 px with one title, at most one muted note and one button
/// (or a control in its place), and a body that the page fills.
class Panel : public QWidget
{
    Q_OBJECT

public:
    explicit Panel(const QString &title, QWidget *parent = nullptr);

    void setTitle(const QString &title);
    void setNote(const QString &note);        ///< muted, at the right of the title row
    [[nodiscard]] QString note() const;
    void setTitleWidget(QWidget *widget);     ///< the one button or control, at the right end; owned then
    [[nodiscard]] QHBoxLayout *titleRow() const { return m_titleRow; }
    /// The body's layout: no margins at top, 12 px at the other sides.
    [[nodiscard]] QVBoxLayout *body() const { return m_body; }

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void applyMetrics();

    Text *m_title;
    Text *m_note;
    QWidget *m_titleHolder;
    QHBoxLayout *m_titleRow;
    QVBoxLayout *m_body;
};

} // namespace shardlens::ui::theme
