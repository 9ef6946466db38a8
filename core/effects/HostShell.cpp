// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/effects/HostShell.h"

#include "core/clients/shell/Remote.h"
#include "core/effects/HostScript.h"
#include "core/effects/LogEndText.h"
#include "core/effects/Login.h"
#include "core/effects/StandbySettings.h"

#include <algorithm>
#include <cstdint>
#include <sstream>

namespace shardlens::effects {

using base::Effect;
using base::ErrorCode;
using base::Instant;
using base::Result;
using base::ServerId;
using operate::HostAct;
using operate::HostDeed;

namespace {

constexpr std::string_view mark = "shardlens: ";
constexpr base::milliseconds forTheWay{1500}; ///< of a deadline: there and back, and the look at /proc

/// What a shell would take apart: pg_ctl hands its options to one.
bool isPlainFile(const std::string &path)
{
    return !path.empty() && path.front() == '/' && path.find_first_of("'\"\\`$\n") == std::string::npos;
}

std::string tenthsUntil(Instant deadline)
{
    const auto left = std::max<base::milliseconds>(leftUntil(deadline) - forTheWay, base::milliseconds(500));
    return std::to_string(left.count() / 100);
}

/// Before it there may be what a login says.
Result<std::string> lastWordOf(const std::string &text, const ServerId &on)
{
    const std::size_t at = text.rfind(std::string("\n") + std::string(mark));
    if (at == std::string::npos)
        return base::fail({ErrorCode::Protocol, "what the host answers cannot be read: " + text.substr(0, 200), {}, on.text(), Effect::InDoubt});
    const std::size_t begin = at + 1 + mark.size();
    return text.substr(begin, text.find('\n', begin) - begin);
}

} // namespace

Result<std::string> HostShell::ask(const ServerId &on, const std::vector<std::string> &parameters, Instant deadline) const
{
    const fleet::Host *host = m_fleet->hostOf(on);
    if (!host)
        return base::fail(ErrorCode::NotFound, "the fleet has no server " + on.text());
    return shell::runScript(*host, shell::RunBy::Owner, hostScript, parameters, deadline);
}

Result<std::string> HostShell::read(const ServerId &on, const std::string &file, Instant deadline) const
{
    auto text = ask(on, {"read", file}, deadline);
    if (!text) {
        text.error().effect = Effect::None;
        return text;
    }
    const std::string begin = "\n" + std::string(mark) + "begin\n", end = std::string(mark) + "end\n";
    const std::size_t from = text->find(begin), to = text->rfind(end);
    if (from == std::string::npos || to == std::string::npos || to < from + begin.size())
        return base::fail(ErrorCode::Protocol, file + " could not be read whole", on.text());
    return text->substr(from + begin.size(), to - from - begin.size());
}

RouterFiles HostShell::filesOn(const ServerId &on, Instant deadline) const
{
    return {[this, on, deadline](const std::filesystem::path &path) { return read(on, path.string(), deadline); },
            [this, on, deadline](const std::filesystem::path &path, const std::string &text) -> Result<void> {
                const auto done = ask(on, {"replace", path.string(), text}, deadline);
                return done ? Result<void>() : base::fail(done.error());
            }};
}

/// What the fleet file names, by who logs in there.
Result<std::string> HostShell::declared(const ServerId &on, const std::vector<std::string> &command, Instant deadline) const
{
    return shell::runScript(*m_fleet->hostOf(on), shell::RunBy::Login, "exec \"$@\" </dev/null\n", command, deadline);
}

/// A service manager is told first, so that it starts nothing again; what then still runs is stopped by its processes.
Result<std::string> HostShell::stop(const ServerId &on, const HostDeed &deed, Instant deadline) const
{
    const auto &command = m_fleet->server(on)->stopCommand;
    if (!command.empty())
        (void)declared(on, command, deadline - leftUntil(deadline) / 2); // that it stopped is seen, whatever this says
    const auto said = ask(on, {"stop", deed.directory, tenthsUntil(deadline)}, deadline);
    return said ? lastWordOf(*said, on) : said;
}

Result<std::string> HostShell::start(const ServerId &on, const HostDeed &deed, Instant deadline) const
{
    const auto &command = m_fleet->server(on)->startCommand;
    if (command.empty() && !isPlainFile(deed.config))
        return base::fail(ErrorCode::BadInput, "the configuration file of " + on.text() + " is not known, or holds letters that a shell would take apart");
    if (!command.empty()) {
        if (const auto started = declared(on, command, deadline); !started)
            return started;
    }
    const auto said = command.empty() ? ask(on, {"start", deed.directory, tenthsUntil(deadline), deed.config}, deadline)
                                      : ask(on, {"await", deed.directory, tenthsUntil(deadline)}, deadline);
    return said ? lastWordOf(*said, on) : said;
}

Result<std::string> HostShell::makeStandby(const ServerId &on, const HostDeed &deed, Instant deadline) const
{
    const auto settings = read(on, deed.directory + "/postgresql.auto.conf", deadline);
    if (!settings)
        return settings;
    const auto said = ask(on, {"standby", deed.directory, withStandbySettings(*settings, deed.connection, deed.slot)}, deadline);
    return said ? lastWordOf(*said, on) : said;
}

/// What changes nothing there, whatever becomes of it.
Result<std::string> HostShell::look(const ServerId &on, const std::vector<std::string> &parameters, Instant deadline) const
{
    const auto said = ask(on, parameters, deadline);
    auto word = said ? lastWordOf(*said, on) : said;
    if (!word)
        word.error().effect = Effect::None;
    return word;
}

Result<facts::LogEnd> HostShell::logEndOf(const ServerId &on, const std::string &directory, Instant deadline) const
{
    const auto word = look(on, {"end", directory}, deadline);
    if (!word)
        return base::fail(word.error());
    std::istringstream text(*word);
    std::int32_t timeline = 0;
    std::uint64_t segment = 0;
    std::string record;
    const bool isWhole = text >> timeline >> segment && std::getline(text >> std::ws, record);
    const auto end = isWhole ? endOfRecord(record, segment) : std::nullopt;
    if (!end)
        return base::fail({ErrorCode::Protocol, "what the host says of the end of the log cannot be read: " + *word, {}, on.text(), Effect::None});
    return facts::LogEnd{*end, timeline, std::chrono::steady_clock::now()};
}

Result<facts::DiskSpace> HostShell::spaceOf(const ServerId &on, const std::string &directory, Instant deadline) const
{
    const auto word = look(on, {"space", directory}, deadline);
    if (!word)
        return base::fail(word.error());
    std::istringstream text(*word);
    std::int64_t free = 0, total = 0;
    if (!(text >> free >> total) || total <= 0)
        return base::fail({ErrorCode::Protocol, "what the host says of its free space cannot be read: " + *word, {}, on.text(), Effect::None});
    return facts::DiskSpace{{std::max<std::int64_t>(free, 0) * 1024}, {total * 1024}, std::chrono::steady_clock::now()};
}

Result<std::string> HostShell::carryOut(const ServerId &on, const HostDeed &deed, Instant deadline) const
{
    if (deed.directory.empty())
        return base::fail(ErrorCode::NotFound, "where " + on.text() + " keeps its data is not known here: it does not answer, and the fleet file does not say (data_directory)", on.text());
    switch (deed.act) {
    case HostAct::Stop: return stop(on, deed, deadline);
    case HostAct::Start: return start(on, deed, deadline);
    case HostAct::MakeStandby: return makeStandby(on, deed, deadline);
    case HostAct::AskStopped: {
        auto said = ask(on, {"ask", deed.directory}, deadline);
        if (!said)
            said.error().effect = Effect::None;
        return said ? lastWordOf(*said, on) : said;
    }
    case HostAct::Rewind: {
        const fleet::Cluster *cluster = m_fleet->clusterOf(on);
        const bool namesDatabase = (" " + deed.connection).find(" dbname=") != std::string::npos || deed.connection.find("://") != std::string::npos;
        // A replication connection names no database; pg_rewind asks by SQL and needs one.
        const std::string source = namesDatabase ? deed.connection : deed.connection + " dbname=" + (cluster ? cluster->database : std::string("postgres"));
        const auto said = ask(on, {"rewind", deed.directory, deed.config, source}, deadline);
        return said ? lastWordOf(*said, on) : said;
    }
    default: return base::fail({ErrorCode::Unavailable, "only a guard on the host of " + on.text() + " does that", {}, on.text(), Effect::None});
    }
}

} // namespace shardlens::effects
