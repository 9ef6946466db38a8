// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"
#include "ui/format/Headline.h"

#include <QWidget>

namespace shardlens::ui::theme {
class ShapeMark;
class Text;
} // namespace shardlens::ui::theme

namespace shardlens::ui::pages {

/// The first sentence on the screen, with its shape; muted behind it what went before, at the right since when. GUI thread.
class HeadlineRow : public QWidget
{
    Q_OBJECT

public:
    explicit HeadlineRow(QWidget *parent = nullptr);

    void showSnapshot(const facts::Snapshot &snapshot);
    [[nodiscard]] QString sentence() const { return m_headline.sentence; } ///< the whole of it
    [[nodiscard]] QString shownSentence() const;                           ///< what of it there is room for

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void arrange();

    format::Headline m_headline;
    theme::ShapeMark *m_mark;
    theme::Text *m_sentence;
    theme::Text *m_note;
    theme::Text *m_aside;
};

} // namespace shardlens::ui::pages
