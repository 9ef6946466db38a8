// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/guard/HostHands.h"

#include "app/guard/StandbyFiles.h"
#include "app/guard/StateFile.h"
#include "core/base/Json.h"
#include "core/clients/shell/Tool.h"
#include "core/effects/PointRouter.h"

#include <algorithm>
#include <csignal>
#include <thread>

#include <nlohmann/json.hpp>
#include <unistd.h>

namespace shardlens::guard
{

namespace fs = std::filesystem;
using base::Effect;
using base::Error;
using base::ErrorCode;
using base::Instant;
using base::milliseconds;
using base::Result;
using operate::HostAct;
using operate::HostDeed;

namespace
{

constexpr milliseconds askedEvery{5};
constexpr milliseconds proofWithin{2000};  // by ssh
constexpr milliseconds killPatience{5000}; // for the kernel to end what was killed

template <class Holds>
bool waitUntilIt(Holds &&holds, Instant deadline)
{
    while (!holds()) {
        if (std::chrono::steady_clock::now() >= deadline)
            return false;
        std::this_thread::sleep_for(askedEvery);
    }
    return true;
}

tl::unexpected<Error> failed(ErrorCode code, std::string message, Effect effect)
{
    return base::fail(Error{code, std::move(message), {}, {}, effect});
}

/// What a shell would take apart: pg_ctl hands its options to one.
bool isPlainPath(const std::string &path)
{
    return !path.empty() && path.front() == '/' && path.find_first_of("'\"\\`$\n") == std::string::npos;
}

} // namespace

effects::RouterFiles ownRouterFiles()
{
    return {[](const fs::path &path) -> Result<std::string> {
                auto text = readState(path);
                return text ? Result<std::string>(std::move(*text)) : base::fail(ErrorCode::Io, "cannot read " + path.string());
            },
            [](const fs::path &path, const std::string &text) { return writeState(path, text); }};
}

namespace
{

bool namesDatabase(const std::string &connection)
{
    return (" " + connection).find(" dbname=") != std::string::npos || connection.find("://") != std::string::npos;
}

} // namespace

HostHands::HostHands(std::shared_ptr<const fleet::Fleet> fleet, base::RegionName region, effects::RouterHands &router, fs::path state)
    : m_fleet(std::move(fleet)), m_region(std::move(region)), m_router(router), m_shell(m_fleet), m_state(std::move(state))
{
    const auto text = m_state.empty() ? std::nullopt : readState(m_state / "means.json");
    const auto document = base::readJson(text.value_or("{}"));
    if (!document.is_object())
        return;
    for (const auto &[server, from] : document.items()) {
        const auto pathAt = [&from = from](const char *key) {
            return from.is_object() && from.contains(key) && from[key].is_string() ? fs::path(from[key].get<std::string>()) : fs::path();
        };
        m_means[base::ServerId(server)] = {pathAt("programs"), pathAt("log"), pathAt("directory"), pathAt("config").string()};
    }
}

Result<const fleet::Server *> HostHands::reachable(const base::ServerId &on) const
{
    const fleet::Server *server = m_fleet->server(on);
    if (!server)
        return base::fail(ErrorCode::NotFound, "the fleet file of this guard declares no server " + on.text());
    if (server->region != m_region)
        return base::fail(ErrorCode::Rejected, on.text() + " stands in " + server->region.text() + ": this is the guard of " + m_region.text(), on.text());
    const fleet::Host *host = m_fleet->hostOf(on);
    if (!host || host->reach.way == fleet::HostReach::Way::None)
        return base::fail(ErrorCode::Unavailable, "no way to the host " + server->host.text() + " is declared", on.text());
    return server;
}

bool HostHands::isBySsh(const base::ServerId &on) const
{
    const fleet::Host *host = m_fleet->hostOf(on);
    return host && host->reach.way == fleet::HostReach::Way::Ssh;
}

/// What needs nobody who stays there: copies and repmgr go on between two orders, and are for a guard on that very host.
Result<std::string> HostHands::carryOutBySsh(const base::ServerId &on, const HostDeed &deed, Instant deadline)
{
    if (deed.act == HostAct::PointRouter) {
        const fleet::Server *router = m_router.server();
        return router && router->id == on ? effects::pointRouter(m_router, deed, m_shell.filesOn(on, deadline), deadline)
                                          : Result<std::string>(base::fail(ErrorCode::BadInput, on.text() + " is not this region's router"));
    }
    if (m_fleet->server(on)->kind != fleet::ServerKind::Postgres)
        return base::fail(ErrorCode::BadInput, on.text() + " is no Postgres server");
    return m_shell.carryOut(on, deed, deadline);
}

std::mutex &HostHands::lockOf(const base::ServerId &on)
{
    const std::scoped_lock lock(m_mutex);
    return m_locks[on];
}

void HostHands::learn(const base::ServerId &on, const std::string &directory, const std::string &config)
{
    if (!reachable(on))
        return;
    const auto process = isBySsh(on) ? Result<PostgresProcess>(base::fail(ErrorCode::Unavailable, "elsewhere")) : PostgresProcess::at(directory);
    if (process)
        remember(on, *process);
    else if (!isBySsh(on))
        return;
    const std::scoped_lock lock(m_mutex);
    Means &known = m_means[on];
    if (known.config == config && (process || known.directory == directory))
        return;
    known.config = config;
    if (!process)
        known.directory = directory;
    keepMeans();
}

HostDeed HostHands::completed(const base::ServerId &on, HostDeed deed)
{
    const std::scoped_lock lock(m_mutex);
    if (const auto found = m_means.find(on); found != m_means.end()) {
        if (deed.directory.empty())
            deed.directory = found->second.directory.string();
        if (deed.config.empty())
            deed.config = found->second.config;
    }
    return deed;
}

Result<std::string> HostHands::carryOut(const base::ServerId &on, const HostDeed &asked, Instant deadline)
{
    const auto server = reachable(on);
    if (!server)
        return base::fail(server.error());
    const std::scoped_lock lock(lockOf(on));
    const HostDeed deed = completed(on, asked);
    if (isBySsh(on))
        return carryOutBySsh(on, deed, deadline);
    if (deed.act == HostAct::PointRouter) {
        const fleet::Server *router = m_router.server();
        return router && router->id == on ? effects::pointRouter(m_router, deed, ownRouterFiles(), deadline) : Result<std::string>(base::fail(ErrorCode::BadInput, on.text() + " is not this region's router"));
    }
    if ((*server)->kind != fleet::ServerKind::Postgres)
        return base::fail(ErrorCode::BadInput, on.text() + " is no Postgres server");
    if (operate::isRepmgrs(deed.act))
        return carryOutRepmgr(**server, deed);
    if (deed.directory.empty())
        return base::fail(ErrorCode::NotFound, "where " + on.text() + " keeps its data is not known here: this guard has never seen it run", on.text());
    if (deed.act >= HostAct::BeginCopy)
        return carryOutCopy(on, deed);
    const auto process = PostgresProcess::at(deed.directory);
    if (!process)
        return base::fail(process.error());
    remember(on, *process);
    const auto mustBeStopped = [&] { return failed(ErrorCode::Rejected, on.text() + " runs; it has to be stopped first", Effect::None); };
    switch (deed.act) {
    case HostAct::Stop: return stop(on, *process, deadline);
    case HostAct::AskStopped: return process->all().empty() ? "stopped" : "runs";
    case HostAct::Start: return start(on, *process, deed.config, deadline);
    case HostAct::Rewind: return process->all().empty() ? rewind(on, *process, deed, deadline) : Result<std::string>(mustBeStopped());
    case HostAct::MakeStandby:
        if (!process->all().empty())
            return mustBeStopped();
        return makeStandby(process->directory(), deed.connection, deed.slot).map([] { return std::string("made"); });
    default: break;
    }
    return base::fail(ErrorCode::BadInput, "a deed that this guard does not know");
}

/// Between the two renames of an exchange there is no data directory: nothing runs there then.
Result<std::string> HostHands::carryOutCopy(const base::ServerId &on, const HostDeed &deed)
{
    const fs::path data(deed.directory);
    std::error_code ignored;
    const bool isThere = fs::exists(data, ignored);
    const auto process = isThere ? PostgresProcess::at(deed.directory) : Result<PostgresProcess>(base::fail(ErrorCode::NotFound, "no data directory " + deed.directory));
    const bool exchanges = deed.act == HostAct::TakeCopy || deed.act == HostAct::ReturnData;
    if (!process && (isThere || !exchanges))
        return base::fail(process.error());
    if (process && exchanges && !process->all().empty())
        return failed(ErrorCode::Rejected, on.text() + " runs; it has to be stopped first", Effect::None);
    BaseCopy *copy = nullptr;
    {
        const std::scoped_lock lock(m_mutex);
        auto &kept = m_copies[on];
        if (!kept)
            kept = std::make_unique<BaseCopy>(process ? process->directory() : data);
        copy = kept.get();
    }
    switch (deed.act) {
    case HostAct::BeginCopy: {
        const auto means = meansOf(on, *process);
        return means ? copy->begin(means->programs, deed.connection, deed.slot) : Result<std::string>(base::fail(means.error()));
    }
    case HostAct::AskCopied: return copy->state();
    case HostAct::EndCopy: return copy->end();
    case HostAct::TakeCopy: return copy->take();
    case HostAct::ReturnData: return copy->giveBack();
    default: return copy->dropReplaced();
    }
}

/// With the configuration that this guard's own fleet file names: an order tells none other.
Result<std::string> HostHands::carryOutRepmgr(const fleet::Server &server, const HostDeed &deed)
{
    if (server.repmgr.empty() || deed.config != server.repmgr)
        return failed(ErrorCode::Rejected,
                      "the fleet file of this guard names " + (server.repmgr.empty() ? std::string("no repmgr.conf") : server.repmgr) +
                          " for " + server.id.text(),
                      Effect::None);
    RepmgrRun *run = nullptr;
    fs::path programs;
    {
        const std::scoped_lock lock(m_mutex);
        auto &kept = m_repmgrs[server.id];
        if (!kept)
            kept = std::make_unique<RepmgrRun>(m_state.empty() ? fs::path("/dev/null") : m_state / (server.id.text() + ".repmgr.log"));
        run = kept.get();
        programs = m_means[server.id].programs;
    }
    const fs::path program = programs / "repmgr";
    switch (deed.act) {
    case HostAct::RepmgrRehearse: return run->begin(program, deed.config, {"standby", "switchover", "--siblings-follow", "--dry-run"});
    case HostAct::RepmgrSwitch: return run->begin(program, deed.config, {"standby", "switchover", "--siblings-follow"});
    case HostAct::RepmgrPromote: return run->begin(program, deed.config, {"standby", "promote", "--siblings-follow"});
    case HostAct::RepmgrRejoin:
        return run->begin(program, deed.config, {"node", "rejoin", "--dbname=" + deed.connection, "--force-rewind"});
    default: return run->state(deed.config);
    }
}

Result<std::string> HostHands::stop(const base::ServerId &on, const PostgresProcess &process, Instant deadline)
{
    const auto ended = [&] { return process.all().empty(); };
    const auto left = std::max(std::chrono::duration_cast<milliseconds>(deadline - std::chrono::steady_clock::now()), milliseconds(0));
    // A frozen server must not be thawed to be asked: it would acknowledge what it was about to.
    const auto main = process.postmaster();
    if (main && !process.isFrozen()) {
        ::kill(*main, SIGINT);
        if (waitUntilIt(ended, deadline - left / 2))
            return "stopped";
        ::kill(*main, SIGQUIT); // a fast stop may wait for standbys behind a cut link
        if (!process.isFrozen() && waitUntilIt(ended, deadline - left / 4))
            return "stopped";
    }
    process.killAll();
    // Children that were just being started are seen by a later look.
    const bool gone = waitUntilIt(
        [&] {
            if (ended())
                return true;
            process.killAll();
            return false;
        },
        std::max(deadline, std::chrono::steady_clock::now() + killPatience));
    if (gone)
        return "stopped";
    return failed(ErrorCode::Io, on.text() + " does not end, even by SIGKILL", Effect::InDoubt);
}

Result<std::string> HostHands::start(const base::ServerId &on, const PostgresProcess &process, const std::string &config, Instant deadline)
{
    if (process.isReady())
        return "runs";
    if (!isPlainPath(process.directory().string()) || !isPlainPath(config))
        return base::fail(ErrorCode::BadInput, "the paths of " + on.text() + " are missing, or hold letters that a shell would take apart");
    if (!process.postmaster()) {
        const auto means = meansOf(on, process);
        if (!means)
            return base::fail(means.error());
        if (!process.all().empty())
            process.killAll(); // children of a dead postmaster hold its shared memory
        if (!waitUntilIt([&] { return process.all().empty(); }, deadline))
            return failed(ErrorCode::TimedOut, "processes of the dead server " + on.text() + " do not end", Effect::None);
        process.removeForeignLocks();
        const auto before = readState(means->log).value_or(std::string()).size();
        const auto ran = shell::runTool({(means->programs / "pg_ctl").string(), "start", "-W", "-s", "-D", process.directory().string(),
                                         "-l", means->log.string(), "-o", "-c config_file='" + config + "'"},
                                        deadline);
        if (!ran || ran->exitCode != 0)
            return failed(ran ? ErrorCode::Io : ran.error().code, ran ? "pg_ctl start: " + shell::endOf(ran->text) : ran.error().message,
                          Effect::InDoubt);
        // pg_ctl has gone on before the server's process stands in its directory; after that, none means that it has ended.
        const Instant begun = std::chrono::steady_clock::now();
        bool wasSeen = false;
        const auto over = [&] {
            const bool runs = !process.all().empty();
            wasSeen = wasSeen || runs;
            return process.isReady() || (!runs && (wasSeen || std::chrono::steady_clock::now() - begun > base::seconds(2)));
        };
        if (waitUntilIt(over, deadline) && !process.isReady()) {
            const std::string log = readState(means->log).value_or(std::string());
            return failed(ErrorCode::Io,
                          on.text() + " ended right after its start: " + shell::endOf(log.substr(std::min(before, log.size()))),
                          Effect::None);
        }
    }
    if (!waitUntilIt([&] { return process.isReady(); }, deadline))
        return failed(ErrorCode::TimedOut, on.text() + " was started and takes no connections yet", Effect::InDoubt);
    remember(on, process);
    return "runs";
}

Result<std::string> HostHands::rewind(const base::ServerId &on, const PostgresProcess &process, const HostDeed &deed, Instant deadline)
{
    const auto means = meansOf(on, process);
    if (!means)
        return base::fail(means.error());
    // A replication connection names no database; pg_rewind asks by SQL and needs one.
    const fleet::Cluster *cluster = m_fleet->clusterOf(on);
    const std::string source = namesDatabase(deed.connection) ? deed.connection : deed.connection + " dbname=" + (cluster ? cluster->database : std::string("postgres"));
    process.removeForeignLocks();
    const auto ran = shell::runTool({(means->programs / "pg_rewind").string(), "--target-pgdata=" + process.directory().string(),
                                     "--source-server=" + source, "--config-file=" + deed.config},
                                    deadline);
    if (!ran)
        return failed(ran.error().code, ran.error().message + "; the data may be half rewound, and are not to be started", Effect::InDoubt);
    if (ran->exitCode != 0) {
        // A link that was cut for a moment says nothing of the data: it is tried again.
        const bool isUnreached = ran->text.find("connection to server") != std::string::npos || ran->text.find("could not connect") != std::string::npos;
        return failed(isUnreached ? ErrorCode::Unreachable : ErrorCode::Rejected, "pg_rewind: " + shell::endOf(ran->text), Effect::InDoubt);
    }
    return ran->text.find("no rewind required") != std::string::npos ? "no rewind required" : "rewound";
}

Result<fs::path> HostHands::directoryOf(const base::ServerId &on)
{
    const auto server = reachable(on);
    if (!server)
        return base::fail(server.error());
    const std::string known = completed(on, {}).directory;
    const fs::path directory = known.empty() ? (*server)->dataDirectory : known;
    if (directory.empty())
        return base::fail(ErrorCode::NotFound, "where " + on.text() + " keeps its data is not known here yet", on.text());
    return directory;
}

Result<facts::LogEnd> HostHands::logEndOf(const base::ServerId &on, Instant deadline)
{
    const auto directory = directoryOf(on);
    if (!directory)
        return base::fail(directory.error());
    if (!isBySsh(on)) { // asked again and again of a frozen one: no shell for that
        const auto process = PostgresProcess::at(directory->string());
        if (!process)
            return base::fail(process.error());
        if (!process->all().empty())
            return failed(ErrorCode::Rejected, on.text() + " runs: its log goes on", Effect::None);
    }
    return m_shell.logEndOf(on, directory->string(), deadline);
}

Result<facts::DiskSpace> HostHands::spaceOf(const base::ServerId &on, Instant deadline)
{
    const auto directory = directoryOf(on);
    if (!directory)
        return base::fail(directory.error());
    if (isBySsh(on))
        return m_shell.spaceOf(on, directory->string(), deadline);
    std::error_code error;
    fs::space_info room = fs::space(*directory, error);
    if (error)
        return base::fail(ErrorCode::Io, directory->string() + ": " + error.message(), on.text());
    std::error_code ignored;
    if (const fs::space_info log = fs::space(*directory / "pg_wal", ignored); !ignored && log.available < room.available)
        room = log;
    return facts::DiskSpace{{static_cast<std::int64_t>(room.available)}, {static_cast<std::int64_t>(room.capacity)}, std::chrono::steady_clock::now()};
}

bool HostHands::isProvenStopped(const base::ServerId &on)
{
    if (!reachable(on))
        return false;
    fs::path directory;
    {
        const std::scoped_lock lock(m_mutex);
        if (const auto found = m_means.find(on); found != m_means.end())
            directory = found->second.directory;
    }
    if (isBySsh(on) && !directory.empty()) {
        HostDeed ask;
        ask.directory = directory.string();
        return m_shell.carryOut(on, ask, std::chrono::steady_clock::now() + proofWithin).value_or(std::string()) == "stopped";
    }
    const auto process = directory.empty() ? Result<PostgresProcess>(base::fail(ErrorCode::NotFound, "not known")) : PostgresProcess::at(directory.string());
    return process && process->all().empty();
}

void HostHands::remember(const base::ServerId &on, const PostgresProcess &process)
{
    const auto main = process.postmaster();
    std::string program = main ? programOf(*main).value_or(fs::path()).string() : std::string();
    if (program.ends_with(" (deleted)")) // its package was renewed meanwhile: the new one lies there
        program.resize(program.size() - 10);
    const fs::path log = main ? errorFileOf(*main).value_or(fs::path()) : fs::path();
    const std::scoped_lock lock(m_mutex);
    Means &known = m_means[on];
    const Means before = known;
    known.directory = process.directory();
    if (!program.empty())
        known.programs = fs::path(program).parent_path();
    if (!log.empty())
        known.log = log;
    if (known.programs != before.programs || known.log != before.log || known.directory != before.directory)
        keepMeans();
}

/// Lost, they are found again as soon as the server runs.
void HostHands::keepMeans() const
{
    if (m_state.empty())
        return;
    nlohmann::json document = nlohmann::json::object();
    for (const auto &[server, one] : m_means)
        document[server.text()] = {{"programs", one.programs.string()}, {"log", one.log.string()}, {"directory", one.directory.string()}, {"config", one.config}};
    (void)writeState(m_state / "means.json", base::jsonText(document, 1) + "\n");
}

Result<HostHands::Means> HostHands::meansOf(const base::ServerId &on, const PostgresProcess &process)
{
    const std::scoped_lock lock(m_mutex);
    Means means;
    if (const auto found = m_means.find(on); found != m_means.end())
        means = found->second;
    if (means.programs.empty() || ::access((means.programs / "pg_ctl").c_str(), X_OK) != 0)
        means.programs = fs::path("/usr/lib/postgresql") / process.version() / "bin";
    if (::access((means.programs / "pg_ctl").c_str(), X_OK) != 0)
        return base::fail(ErrorCode::Unavailable, "the programs of PostgreSQL " + process.version() + " were not found; they are looked for where the server ran from, and in " + means.programs.string());
    if (means.log.empty())
        means.log = m_state.empty() ? fs::path("/dev/null") : m_state / (on.text() + ".log");
    return means;
}

} // namespace shardlens::guard
