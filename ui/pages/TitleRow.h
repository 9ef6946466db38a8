// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <chrono>
#include <cstdint>

class QLineEdit;

namespace shardlens::ui::theme {
class SegmentedControl;
class Text;
} // namespace shardlens::ui::theme

namespace shardlens::ui::pages {

/// A page's first row: its title, the views it has if there are several, one muted note, a field that filters its rows, and the range
/// its charts share. GUI thread.
class TitleRow : public QWidget
{
    Q_OBJECT

public:
    enum class Field : std::uint8_t { None, Find };

    explicit TitleRow(const QString &title, Field field, QWidget *parent = nullptr);

    void setNote(const QString &note);
    void setViews(const QStringList &views); ///< of which one is shown; once
    [[nodiscard]] int view() const;
    void setView(int view); ///< brought into what there is
    void setHasField(bool has); ///< false: this view has no rows to find
    void setHasRange(bool has); ///< false: the page has no charts
    [[nodiscard]] QLineEdit *find() const { return m_find; } ///< null without a field
    [[nodiscard]] std::chrono::seconds range() const;
    [[nodiscard]] int rangeIndex() const;
    void setRangeIndex(int index); ///< brought into what there is

    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    void rangeChanged();
    void viewChanged(int view);
    void wordsChanged(const QString &words);

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void makeField();
    void arrange();

    theme::Text *m_title;
    theme::Text *m_note;
    theme::SegmentedControl *m_views = nullptr;
    QLineEdit *m_find = nullptr;
    theme::Text *m_rangeLabel;
    theme::SegmentedControl *m_range;
};

} // namespace shardlens::ui::pages
