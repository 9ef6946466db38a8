// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/postgres/PostgresPoll.h"

#include "core/clients/postgres/PostgresPollParse.h"
#include "core/facts/ClusterParts.h"

namespace shardlens::clients {

namespace {

// A grant or a table may come at any time, as when a fleet is still being made; what is missing is looked for more often.
constexpr base::seconds probeEvery{60};
constexpr base::seconds probeMissingEvery{5};
constexpr base::seconds settingsEvery{60};
constexpr base::seconds moveEvery{15};

bool complete(const PollAbilities &abilities)
{
    const auto well = [](TableState state) { return state == TableState::NotDeclared || state == TableState::Readable; };
    return abilities.monitor && abilities.control && well(abilities.heartbeat) && well(abilities.term);
}

} // namespace

PostgresPoll::PostgresPoll(std::shared_ptr<EventLoop> loop, std::shared_ptr<Resolver> resolver, Options options,
                           std::shared_ptr<const base::Clock> clock)
    : m_heartbeat(PollTable::named(options.heartbeatTable)), m_term(PollTable::named(options.termTable)), m_clock(std::move(clock)),
      m_partsFor(std::move(options.partsFor)), m_seldom(options.seldom), m_link(std::move(loop), std::move(resolver), std::move(options.target),
             {[this] { begin(); }, [this](base::Error error) { fail(std::move(error)); }})
{
}

void PostgresPoll::open()
{
    close();
    m_link.open();
}

void PostgresPoll::close()
{
    m_link.close();
    m_announced = m_waiting = m_mustAsk = m_busy = false;
    m_rejections = 0;
    m_settings.clear();
    m_settingsError.clear();
    m_settingsAt = {};
    m_move = facts::notAsked<facts::MoveReading>();
    m_moveAt = {};
}

void PostgresPoll::fail(base::Error error)
{
    close();
    m_hooks.failed(std::move(error));
}

void PostgresPoll::begin()
{
    if (m_link.serverVersion() < 130000)
        return fail({base::ErrorCode::Rejected, "server version " + std::to_string(m_link.serverVersion()) + " is older than 13", {}, {}, base::Effect::None});
    probe();
}

void PostgresPoll::probe()
{
    m_busy = true;
    m_probedAt = m_clock->now();
    // The first time the session is set up in the same round trip.
    const std::string setUp = m_announced ? std::string() : std::string(sessionSettings) + "; ";
    m_link.query(setUp + abilitiesQuery(m_heartbeat, m_term), [this](const auto &results) {
        if (!results || results->empty())
            return fail(results ? base::Error{base::ErrorCode::Protocol, "no answer to what this user may read", {}, {}, base::Effect::None} : results.error());
        const auto found = parseAbilities(results->back(), m_link.serverVersion(), !m_heartbeat.table.empty(), !m_term.table.empty());
        const bool changed = found != m_abilities || !m_announced || m_rejections > 0;
        m_abilities = found;
        if (changed)
            return prepare();
        idle();
    });
}

void PostgresPoll::prepare()
{
    const std::string name = "shardlens_poll_" + std::to_string(++m_statement);
    m_link.prepare(name, pollStatement(m_abilities, m_heartbeat, m_term), [this](const auto &results) {
        if (!results)
            return fail(results.error());
        if (!m_announced) {
            m_announced = true;
            m_busy = false;
            return m_hooks.opened();
        }
        idle();
    });
}

void PostgresPoll::poll()
{
    m_waiting = true;
    if (m_busy)
        m_mustAsk = true;
    else
        ask();
}

void PostgresPoll::ask()
{
    m_mustAsk = false;
    m_busy = true;
    m_askedAt = m_clock->now();
    m_link.execute("shardlens_poll_" + std::to_string(m_statement), [this](const auto &results) {
        if (results)
            return tookAnswer(*results);
        // A right was taken or a table dropped: look again what may be read, then ask anew. Anything else, or the same
        // again, is the connection's failure.
        const auto &state = results.error().sqlState;
        if (++m_rejections > 1 || (state != "42501" && state != "42P01" && state != "42703" && state != "26000" && state != "0A000"))
            return fail(results.error());
        m_mustAsk = true;
        probe();
    });
}

void PostgresPoll::tookAnswer(const PqPollLink::Results &results)
{
    m_rejections = 0;
    auto sample = parsePoll(results.empty() ? PqRows() : results.front(), m_abilities);
    if (!sample)
        return fail(sample.error());
    const auto roundTrip = std::chrono::duration_cast<base::microseconds>(m_clock->now() - m_askedAt);
    sample->clockOffset = std::chrono::duration_cast<base::microseconds>(sample->serverTime - (m_clock->utcNow() - roundTrip / 2));
    if (!m_settings.empty())
        sample->settings = m_settings;
    else if (!m_settingsError.empty())
        sample->settings = facts::unknown(facts::WhyUnknown::NoRights, m_settingsError);
    sample->move = m_move;
    // Settings change with a reload: what was read before it may not hold any more.
    if (sample->configLoadedAt && m_configLoadedAt != *sample->configLoadedAt) {
        m_configLoadedAt = *sample->configLoadedAt;
        m_settingsAt = m_moveAt = {};
    }
    m_waiting = false;
    m_busy = false;
    lookAround();
    m_hooks.answered(std::move(*sample));
}

// What is read now and then goes between two polls, so that it delays none.
void PostgresPoll::lookAround()
{
    const auto now = m_clock->now();
    if (m_settingsAt == base::Instant() || now - m_settingsAt > m_seldom.value_or(settingsEvery))
        readSettings();
    else if (isMoveDue())
        readMove();
    else if (now - m_probedAt > (complete(m_abilities) ? probeEvery : probeMissingEvery))
        probe();
}

bool PostgresPoll::isMoveDue() const
{
    return m_moveAt == base::Instant() || m_clock->now() - m_moveAt > m_seldom.value_or(moveEvery);
}

void PostgresPoll::readSettings()
{
    m_busy = true;
    m_settingsAt = m_clock->now();
    m_link.query(settingsQuery, [this](const auto &results) {
        if (results && !results->empty()) {
            m_settings.clear();
            const auto &rows = results->front();
            for (int row = 0; row < rows.rowCount(); ++row) {
                if (const auto value = rows.at(row, 1))
                    m_settings[std::string(rows.at(row, 0).value_or(""))] = *value;
            }
        } else {
            m_settingsError = results ? "" : results.error().message;
        }
        if (isMoveDue()) // so that the second sample is whole
            return readMove();
        idle();
    });
}

void PostgresPoll::readMove()
{
    m_busy = true;
    m_moveAt = m_clock->now();
    if (m_partsFor && m_partsVersion != m_abilities.version) {
        m_partsVersion = m_abilities.version;
        m_parts = facts::partsQuery(*m_partsFor, m_partsVersion);
    }
    m_link.query(moveQuery(m_abilities, m_term, m_parts), [this](const auto &results) {
        if (results && !results->empty())
            m_move = parseMove(results->front(), m_abilities, m_clock->now());
        else if (!results)
            m_move = facts::unknown(results.error().sqlState == "42501" ? facts::WhyUnknown::NoRights : facts::WhyUnknown::Unreadable, results.error().message);
        idle();
    });
}

void PostgresPoll::idle()
{
    m_busy = false;
    if (m_mustAsk)
        ask();
}

} // namespace shardlens::clients
