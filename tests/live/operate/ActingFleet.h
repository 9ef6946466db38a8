// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/localfleet/Faults.h"
#include "app/localfleet/Ground.h"

#include <QByteArray>
#include <QJsonObject>
#include <QProcess>
#include <QStringList>

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <sys/types.h>

namespace shardlens::live {

/// What a program said, and how it ended; exit -1: it did not end in time.
struct Ran {
    int exit = -1;
    QByteArray out;
    QByteArray err;
};

/// A small fleet of real servers of its own, acted on by the command line. Journals lie beside it. Stopped and removed with it.
class ActingFleet
{
public:
    ActingFleet() = default;
    ~ActingFleet();
    ActingFleet(const ActingFleet &) = delete;
    ActingFleet &operator=(const ActingFleet &) = delete;

    /// An error's sentence, or nothing.
    [[nodiscard]] std::string begin(const std::string &name, localfleet::Shape shape);

    /// From now on what is asked here is asked at a machine of that name, with journals of its own.
    void sitAt(const std::string &machine);

    [[nodiscard]] const localfleet::Ground &ground() const { return *m_ground; }
    [[nodiscard]] Ran ctl(const QStringList &arguments, int patienceMs = 60000) const;
    [[nodiscard]] std::unique_ptr<QProcess> ctlBeside(const QStringList &arguments) const; ///< started, not waited for
    /// Likewise, and the executor that it starts is held at its step of this kind: waitUntilHeld().
    [[nodiscard]] std::unique_ptr<QProcess> ctlHeldAt(const QString &step, const QStringList &arguments) const;
    [[nodiscard]] std::unique_ptr<QProcess> executorBeside(const QStringList &arguments) const; ///< likewise: the executor, as a console starts it
    [[nodiscard]] QJsonObject json(const QStringList &arguments) const;                    ///< its first line
    /// But for a move of just now: tests make one after the other.
    [[nodiscard]] static bool isReady(const QJsonObject &readiness);
    [[nodiscard]] bool becomesReady(const QString &cluster, int patienceMs = 60000) const;

    /// One value as the superuser; "error: …" where it could not be asked.
    [[nodiscard]] std::string ask(const std::string &server, const std::string &sql) const;
    /// Those that are out of recovery, "u1-us-east u1-us-west".
    [[nodiscard]] std::string primaries(const std::string &cluster) const;
    /// "address port" that a region's router leads the database to, from its file.
    [[nodiscard]] bool leads(const std::string &region, const std::string &database, const std::string &server) const;
    /// It alone is out of recovery, every region's router leads there, and all other members stream from it, within the patience; else what
    /// is amiss.
    [[nodiscard]] std::string whyNotWell(const std::string &cluster, const std::string &primary, int patienceMs = 30000) const;
    [[nodiscard]] std::int64_t term(const std::string &server) const;                            ///< that the cluster keeps
    [[nodiscard]] std::string inflict(const std::string &kind, const std::string &server) const; ///< an error, or nothing
    [[nodiscard]] std::string heal(const std::string &kind, const std::string &server) const;
    /// Each link between two regions takes so much longer one way; 0: none does.
    void slowLinks(base::milliseconds oneWay) const;
    /// Journals of this fleet, newest first; the operation's entries so far.
    [[nodiscard]] QString newestJournal() const;
    [[nodiscard]] QString newestCampaign() const; ///< the journal of the newest evacuation or the like
    [[nodiscard]] static QByteArray read(const QString &path);

    /// An operation that is under way: where its journal lies, and whose process carries it out.
    struct UnderWay {
        QString journal;
        pid_t executor = 0;
        [[nodiscard]] QString id() const;
    };
    /// Waits until an operation that is newer than the journal `before` has begun the step of this kind, which lasts long enough for what
    /// is done meanwhile; nothing where it does not come so far.
    [[nodiscard]] std::optional<UnderWay> waitForStep(const QString &before, const QString &kind, int patienceMs = 20000) const;
    /// Waits until the executor of an operation that is newer than the journal `before` is held, by ctlHeldAt(): it stands still, the step is
    /// written down as begun, and nothing of it is done. SIGCONT lets it go on; guards wait 2.5 s for it.
    [[nodiscard]] std::optional<UnderWay> waitUntilHeld(const QString &before, int patienceMs = 60000) const;
    [[nodiscard]] static bool signal(pid_t process, int signal);

private:
    [[nodiscard]] std::unique_ptr<QProcess> beside(const QString &program, const QStringList &arguments, const QString &heldAt = {}) const;
    [[nodiscard]] QString newestIn(const QString &kind) const;

    std::optional<localfleet::Home> m_home;
    std::optional<localfleet::Ground> m_ground;
    QString m_state;
    QStringList m_states; ///< of all machines
};

/// Waits until the condition holds, asking every few milliseconds.
[[nodiscard]] bool waitFor(const std::function<bool()> &holds, int patienceMs, int stepMs = 5);

} // namespace shardlens::live
