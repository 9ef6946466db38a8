// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"

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
    [[nodiscard]] QString sentence() const;

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void arrange();

    theme::ShapeMark *m_mark;
    theme::Text *m_sentence;
    theme::Text *m_note;
    theme::Text *m_aside;
};

} // namespace shardlens::ui::pages
