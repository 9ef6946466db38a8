// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <vector>

namespace shardlens::ui::shell {

/// A drafted fleet file: line by line with where each comes from, guesses marked; what was left out and why. Nothing is written
/// until the person says where. GUI thread.
class DraftView : public QWidget
{
    Q_OBJECT

public:
    struct Line {
        enum class Sureness : std::uint8_t { Structure, Told, Guess, Proposal };
        Sureness sureness = Sureness::Structure;
        QString text;
        QString evidence;
    };
    struct Content {
        std::vector<Line> lines;
        QStringList leftOut; ///< "db9:5432: connection refused"
        int servers = 0;
        int guesses = 0;
    };
    explicit DraftView(const Content &content, QWidget *parent = nullptr);

Q_SIGNALS:
    void saveRequested(); ///< to a file, and open it
    void backRequested();
};

} // namespace shardlens::ui::shell
