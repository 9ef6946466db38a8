// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/operate/ActRequest.h"

#include <QObject>
#include <QString>

#include <string>
#include <vector>

namespace shardlens::ui::operate {

/// An operation as its journal tells it, or that one's copy in the directory, and whether whoever carries it out is alive.
struct OperationSeen {
    execute::Operation operation;
    bool runs = false;
    std::string host = {}; ///< whose machine has the journal; empty: this one's
    bool operator==(const OperationSeen &) const = default;
    /// Nobody carries it on, and it has no outcome: a person decides what becomes of it.
    [[nodiscard]] bool isUnfinished() const { return !runs && !operation.outcome; }
};

struct OperationList {
    std::vector<OperationSeen> operations; ///< in any order
    QString trouble;                       ///< why they, or some of them, cannot be read; empty if all can
    bool operator==(const OperationList &) const = default;
};

/// Where operations are shown and asked for. Who wires the console feeds it with what the journals tell, and answers its requests;
/// pages watch it. It reads no file and starts nothing itself. GUI thread.
class OperationBoard : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// On each change; while writes are held at most 100 ms after it.
    void show(OperationList list);
    [[nodiscard]] const OperationList &latest() const { return m_list; }
    [[nodiscard]] const OperationSeen *operation(const std::string &id) const; ///< null if there is none; until the next show()
    /// The operation that runs, else an unfinished one, of this cluster or of any; null if there is none.
    [[nodiscard]] const OperationSeen *open(const base::ClusterName &cluster = {}) const;

    /// Somebody answers when a start is asked for; else nothing here can begin.
    [[nodiscard]] bool isAnswered() const;

    /// What was asked for did not begin: a sentence, shown where it was asked.
    void refuse(const QString &why) { Q_EMIT refused(why); }

    /// The plan of such a move is open, and may be confirmed at any moment: somebody may stand ready for it. Said again with each snapshot while that
    /// is so.
    void expect(const Intent &intent) { Q_EMIT moveExpected(intent); }
    void expectNothing() { Q_EMIT nothingExpected(); } ///< none is open any more: who stood ready ends
    void start(const ActRequest &request) { Q_EMIT startRequested(request); }
    void cancel(const std::string &id) { Q_EMIT cancelRequested(id); }   ///< cancel and undo
    void resume(const std::string &id) { Q_EMIT resumeRequested(id); }   ///< of an unfinished one, also another machine's, as are the next two
    void undo(const std::string &id) { Q_EMIT undoRequested(id); }
    void abandon(const std::string &id, const std::string &reason) { Q_EMIT abandonRequested(id, reason); }

Q_SIGNALS:
    void changed();
    void refused(const QString &why);
    void moveExpected(const shardlens::operate::Intent &intent);
    void nothingExpected();
    void startRequested(const shardlens::ui::operate::ActRequest &request);
    void cancelRequested(const std::string &id);
    void resumeRequested(const std::string &id);
    void undoRequested(const std::string &id);
    void abandonRequested(const std::string &id, const std::string &reason);

private:
    OperationList m_list;
};

} // namespace shardlens::ui::operate
