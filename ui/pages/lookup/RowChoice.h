// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <string>

class QModelIndex;

namespace shardlens::ui::operate {
class OutlineList;
}

namespace shardlens::ui::pages {

/// Lets the rows of an outline be chosen: by a click (or a double click), by Enter or Space. Lives as long as the list. GUI thread.
class RowChoice : public QObject
{
    Q_OBJECT

public:
    enum class By : std::uint8_t { Click, DoubleClick };

    RowChoice(operate::OutlineList *list, By by);

Q_SIGNALS:
    void chosen(const std::string &id);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    bool choose(const QModelIndex &index);

    operate::OutlineList *m_list;
};

} // namespace shardlens::ui::pages
