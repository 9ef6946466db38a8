// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/operate/ActingFleet.h"

#include "app/localfleet/Owner.h"
#include "app/localfleet/Postgres.h"
#include "app/localfleet/Up.h"
#include "app/localfleet/relay/Relay.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QProcessEnvironment>
#include <QThread>

#include <csignal>

#include <unistd.h>

namespace shardlens::live {

ActingFleet::~ActingFleet()
{
    localfleet::Progress silent;
    if (m_home)
        (void)localfleet::down(*m_home, true, silent);
    const localfleet::AsRoot asRoot;
    for (const QString &state : m_states)
        QDir(state).removeRecursively();
}

std::string ActingFleet::begin(const std::string &name, localfleet::Shape shape)
{
    auto home = localfleet::Home::at("/tmp/shardlens-" + name + "-" + std::to_string(::getpid()));
    if (!home)
        return home.error().message;
    m_home = *home;
    m_state = QString::fromStdString("/tmp/shardlens-" + name + "-state-" + std::to_string(::getpid()));
    m_states = QStringList{m_state};
    {
        const localfleet::AsRoot again; // a program's next fleet: it is somebody else already
        if (const auto owner = localfleet::Owner::become(m_home->root()); !owner)
            return owner.error().message;
    }
    localfleet::Progress silent;
    auto ground = localfleet::up(*m_home, &shape, silent);
    if (!ground)
        return ground.error().message;
    m_ground = *ground;
    return {};
}

void ActingFleet::sitAt(const std::string &machine)
{
    m_state = m_states.front() + QLatin1Char('-') + QString::fromStdString(machine);
    if (!m_states.contains(m_state))
        m_states << m_state;
}

/// As one who owns itself wholly: Qt refuses to start as somebody else in part, and a build may lie where only root reaches it.
std::unique_ptr<QProcess> ActingFleet::beside(const QString &program, const QStringList &arguments, const QString &heldAt) const
{
    auto process = std::make_unique<QProcess>();
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("XDG_STATE_HOME"), m_state);
    if (!heldAt.isEmpty())
        environment.insert(QStringLiteral("SHARDLENS_HOLD_AT"), heldAt);
    process->setProcessEnvironment(environment);
    process->setChildProcessModifier([] {
        if (::getuid() == 0 && (::seteuid(0) != 0 || ::setegid(0) != 0 || ::setresgid(0, 0, 0) != 0 || ::setresuid(0, 0, 0) != 0))
            ::_exit(127);
    });
    process->start(program, QStringList{QStringLiteral("--fleet"), QString::fromStdString(m_home->fleetFile().string())} + arguments);
    return process;
}

std::unique_ptr<QProcess> ActingFleet::ctlBeside(const QStringList &arguments) const
{
    return beside(QStringLiteral(SHARDLENSCTL), arguments);
}

std::unique_ptr<QProcess> ActingFleet::ctlHeldAt(const QString &step, const QStringList &arguments) const
{
    return beside(QStringLiteral(SHARDLENSCTL), arguments, step);
}

std::unique_ptr<QProcess> ActingFleet::executorBeside(const QStringList &arguments) const
{
    return beside(QFileInfo(QStringLiteral(SHARDLENSCTL)).dir().filePath(QStringLiteral("shardlens-executor")), arguments);
}

Ran ActingFleet::ctl(const QStringList &arguments, int patienceMs) const
{
    const auto process = ctlBeside(arguments);
    if (!process->waitForFinished(patienceMs))
        return {};
    return {process->exitStatus() == QProcess::NormalExit ? process->exitCode() : -2, process->readAllStandardOutput(), process->readAllStandardError()};
}

QJsonObject ActingFleet::json(const QStringList &arguments) const
{
    return QJsonDocument::fromJson(ctl(arguments).out.split('\n').value(0)).object();
}

bool ActingFleet::isReady(const QJsonObject &readiness)
{
    const QJsonArray blocking = readiness.value(QStringLiteral("blocking")).toArray();
    const bool isRecentAlone = blocking.size() == 1 && blocking.first().toObject().value(QStringLiteral("id")).toString() == QLatin1String("recent_move");
    return readiness.value(QStringLiteral("readiness")).toString() != QLatin1String("not_ready") || isRecentAlone;
}

bool ActingFleet::becomesReady(const QString &cluster, int patienceMs) const
{
    return waitFor([&] { return isReady(json({QStringLiteral("readiness"), cluster, QStringLiteral("--json")})); }, patienceMs, 200);
}

std::string ActingFleet::ask(const std::string &server, const std::string &sql) const
{
    const localfleet::Instance *instance = m_ground->server(server);
    const auto answer = localfleet::postgres::query(*m_ground, *instance, m_ground->database(*instance), sql, base::seconds(3));
    return answer ? *answer : "error: " + answer.error().message;
}

std::string ActingFleet::primaries(const std::string &cluster) const
{
    std::string out;
    for (const localfleet::Instance &member : m_ground->members(cluster)) {
        if (ask(member.id, "SELECT pg_is_in_recovery()") == "f")
            out += (out.empty() ? "" : " ") + member.id;
    }
    return out;
}

bool ActingFleet::leads(const std::string &region, const std::string &database, const std::string &server) const
{
    const std::string file = (m_ground->home.etc("router-" + region) / "databases.ini").string();
    const std::string line = database + " = host=127.0.0.1 port=" + std::to_string(m_ground->portFrom(region, *m_ground->server(server)));
    return read(QString::fromStdString(file)).contains(QByteArray::fromStdString(line));
}

std::string ActingFleet::whyNotWell(const std::string &cluster, const std::string &primary, int patienceMs) const
{
    const std::string others = std::to_string(m_ground->members(cluster).size() - 1);
    std::string amiss;
    const auto isWell = [&] {
        amiss.clear();
        if (const std::string found = primaries(cluster); found != primary)
            amiss = "out of recovery: " + found;
        for (const std::string &region : m_ground->shape.regions) {
            if (amiss.empty() && !leads(region, cluster, primary))
                amiss = "the router of " + region + " leads elsewhere";
        }
        if (amiss.empty() && ask(primary, "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'") != others)
            amiss = "followers: " + ask(primary, "SELECT string_agg(application_name || ' ' || state, ', ') FROM pg_stat_replication");
        return amiss.empty();
    };
    return waitFor(isWell, patienceMs, 50) ? std::string() : amiss;
}

std::int64_t ActingFleet::term(const std::string &server) const
{
    return std::strtoll(ask(server, "SELECT term FROM shardlens.term").c_str(), nullptr, 10);
}

std::string ActingFleet::inflict(const std::string &kind, const std::string &server) const
{
    localfleet::FaultRequest request;
    request.kind = kind;
    request.target = server;
    const auto done = localfleet::inflict(*m_ground, request);
    return done ? std::string() : done.error().message;
}

std::string ActingFleet::heal(const std::string &kind, const std::string &server) const
{
    localfleet::FaultRequest request;
    request.kind = kind;
    request.target = server;
    localfleet::Progress silent;
    const auto done = localfleet::heal(*m_ground, request, silent);
    return done ? std::string() : done.error().message;
}

QString ActingFleet::newestIn(const QString &kind) const
{
    const localfleet::AsRoot asRoot; // they are their writer's alone
    const QDir folder(m_state + QStringLiteral("/shardlens/%1/local@%2").arg(kind, QString::fromStdString(m_ground->id)));
    const QStringList names = folder.entryList({QStringLiteral("*.jsonl")}, QDir::Files, QDir::Time);
    return names.isEmpty() ? QString() : folder.filePath(names.front());
}

void ActingFleet::slowLinks(base::milliseconds oneWay) const
{
    const auto &regions = m_ground->shape.regions;
    for (const std::string &from : regions) {
        for (const std::string &to : regions) {
            if (from != to)
                (void)localfleet::askRelay(m_ground->home.relaySocket(), "link " + from + " " + to + " " + std::to_string(base::microseconds(oneWay).count()) + " 0 none");
        }
    }
}

QString ActingFleet::newestJournal() const
{
    return newestIn(QStringLiteral("operations"));
}

QString ActingFleet::newestCampaign() const
{
    return newestIn(QStringLiteral("campaigns"));
}

QByteArray ActingFleet::read(const QString &path)
{
    const localfleet::AsRoot asRoot;
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QString ActingFleet::UnderWay::id() const
{
    return QFileInfo(journal).completeBaseName();
}

std::optional<ActingFleet::UnderWay> ActingFleet::waitForStep(const QString &before, const QString &kind, int patienceMs) const
{
    UnderWay found;
    if (!waitFor([&] { found.journal = newestJournal(); return found.journal != before && read(found.journal).contains('\n'); }, patienceMs, 1))
        return std::nullopt;
    int number = 0;
    for (const auto &step : QJsonDocument::fromJson(read(found.journal).split('\n').value(0)).object().value("steps").toArray()) {
        if (step.toObject().value("kind").toString() == kind)
            number = step.toObject().value("number").toInt();
    }
    const auto isBegun = [&] { // its newest entry alone is read: the first holds the whole plan
        const QByteArray text = read(found.journal).trimmed();
        const QJsonObject entry = QJsonDocument::fromJson(text.mid(text.lastIndexOf('\n') + 1)).object();
        return entry.value("entry").toString() == QLatin1String("step") && entry.value("step").toInt() >= number;
    };
    if (number == 0 || !waitFor(isBegun, patienceMs, 1))
        return std::nullopt;
    found.executor = read(QString(found.journal).replace(".jsonl", ".lock")).trimmed().toInt();
    return found.executor > 0 ? std::optional(found) : std::nullopt;
}

std::optional<ActingFleet::UnderWay> ActingFleet::waitUntilHeld(const QString &before, int patienceMs) const
{
    UnderWay found;
    const auto isHeld = [&] {
        found.journal = newestJournal();
        if (found.journal == before || !read(found.journal).contains("held here by"))
            return false;
        found.executor = read(QString(found.journal).replace(".jsonl", ".lock")).trimmed().toInt();
        const QByteArray stat = read(QStringLiteral("/proc/%1/stat").arg(found.executor)); // "PID (NAME) STATE ..."
        return found.executor > 0 && stat.mid(stat.lastIndexOf(')') + 2, 1) == "T";
    };
    return waitFor(isHeld, patienceMs, 2) ? std::optional(found) : std::nullopt;
}

bool ActingFleet::signal(pid_t process, int signal)
{
    const localfleet::AsRoot asRoot;
    return ::kill(process, signal) == 0;
}

bool waitFor(const std::function<bool()> &holds, int patienceMs, int stepMs)
{
    QElapsedTimer timer;
    timer.start();
    while (!holds()) {
        if (timer.elapsed() > patienceMs)
            return false;
        QThread::msleep(static_cast<unsigned long>(stepMs));
    }
    return true;
}

} // namespace shardlens::live
