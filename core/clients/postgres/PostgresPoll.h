// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/loop/PollClient.h"
#include "core/clients/postgres/PostgresPollStatement.h"
#include "core/clients/postgres/PqPollLink.h"
#include "core/fleet/Access.h"

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace shardlens::clients {

/// Polls one Postgres server: a kept connection, read-only at the server, one prepared statement, one round trip.
/// What a missing right or table hides is Unknown with its reason; the rest still comes. PostgreSQL 13 or newer.
class PostgresPoll final : public PollClient
{
public:
    struct Options {
        PqTarget target;
        std::string heartbeatTable; ///< "schema.table"; empty = none is declared
        std::string termTable;      ///< likewise
        std::optional<fleet::Access> partsFor = {}; ///< whose parts of the database are looked for; nothing: none are
        std::optional<base::milliseconds> seldom = {}; ///< settings and what a move must know are read again once they are so old; nothing: after a minute, 15 s
    };

    PostgresPoll(std::shared_ptr<EventLoop> loop, std::shared_ptr<Resolver> resolver, Options options, std::shared_ptr<const base::Clock> clock);

    void open() override;
    void poll() override;
    void close() override;

private:
    void begin();
    void probe();
    void prepare();
    void ask();
    void tookAnswer(const PqPollLink::Results &results);
    void lookAround();
    [[nodiscard]] bool isMoveDue() const;
    void readSettings();
    void readMove();
    void idle();
    void fail(base::Error error);

    PollTable m_heartbeat;
    PollTable m_term;
    std::shared_ptr<const base::Clock> m_clock;
    PollAbilities m_abilities;
    std::optional<fleet::Access> m_partsFor;
    std::string m_parts;      ///< facts::partsQuery() for that version
    int m_partsVersion = 0;
    std::map<std::string, std::string> m_settings;
    std::string m_settingsError;
    base::Instant m_askedAt;
    base::Instant m_probedAt;
    std::optional<base::milliseconds> m_seldom;
    base::Instant m_settingsAt;
    base::Instant m_moveAt;
    facts::Known<facts::MoveReading> m_move = facts::notAsked<facts::MoveReading>();
    base::UtcTime m_configLoadedAt; ///< of the newest answer
    bool m_announced = false;  ///< opened() was said
    bool m_waiting = false;    ///< a poll is unanswered
    bool m_mustAsk = false;    ///< it could not be sent yet: something else is under way
    bool m_busy = false;
    int m_rejections = 0;      ///< in a row, of the poll itself
    unsigned m_statement = 0;  ///< number of the prepared statement
    PqPollLink m_link;
};

} // namespace shardlens::clients
