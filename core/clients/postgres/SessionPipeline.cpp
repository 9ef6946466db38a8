// SPDX-License-Identifier: GPL-3.0-or-later
// Several statements in one round trip.
#include "core/clients/postgres/SessionErrors.h"
#include "core/clients/postgres/SessionPrivate.h"

#include <algorithm>

namespace shardlens::postgres {

using base::Effect;
using base::Error;
using base::ErrorCode;
using base::Instant;

namespace {

/// Of one transaction: a lock a table and an index is held at the server until it ends.
constexpr std::size_t statementsAtOnce = 64;

} // namespace

Result<std::vector<Rows>> Session::Private::untilSynchronised(Instant deadline)
{
    std::vector<Rows> answers;
    std::optional<Error> failure;
    for (;;) {
        auto result = nextResult(deadline);
        if (!result)
            return base::fail(result.error());
        if (!*result) // between a command's results and the next one
            continue;
        const auto status = PQresultStatus(result->get());
        if (status == PGRES_PIPELINE_SYNC)
            break;
        if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_EMPTY_QUERY)
            answers.push_back(toRows(result->get()));
        else if (!failure)
            failure = serverError(result->get(), server, ifUnanswered);
    }
    if (failure)
        return base::fail(*failure);
    return answers;
}

bool Session::Private::sendPrepared(const Statement &statement, std::vector<bool> &isAnswer)
{
    const PreparedNames::Place place = names.place(statement.sql);
    if (!place.displaced.empty()) {
        if (!sendOne("deallocate " + place.displaced, {}))
            return false;
        isAnswer.push_back(false);
    }
    if (place.isNew) {
        if (PQsendPrepare(connection, place.name.c_str(), statement.sql.c_str(), 0, nullptr) == 0)
            return false;
        isAnswer.push_back(false);
    }
    isAnswer.push_back(true);
    if (place.name.empty())
        return sendOne(statement.sql, statement.parameters);
    const auto values = pointersTo(statement.parameters);
    return PQsendQueryPrepared(connection, place.name.c_str(), static_cast<int>(values.size()), values.data(), nullptr, nullptr, 0) == 1;
}

Result<std::vector<Rows>> Session::Private::runPrepared(const std::vector<Statement> &statements, Instant deadline)
{
    names.begin();
    std::vector<std::vector<bool>> isAnswer((statements.size() + statementsAtOnce - 1) / statementsAtOnce);
    bool sent = PQenterPipelineMode(connection) == 1;
    for (std::size_t i = 0; sent && i < statements.size(); ++i) {
        sent = sendPrepared(statements[i], isAnswer[i / statementsAtOnce]);
        if (sent && (i + 1 == statements.size() || (i + 1) % statementsAtOnce == 0))
            sent = PQpipelineSync(connection) == 1;
    }
    if (!sent)
        return base::fail(brokenLink());
    if (auto flushed = flush(deadline); !flushed)
        return base::fail(flushed.error());
    std::vector<Rows> all;
    std::optional<Error> failure;
    for (const std::vector<bool> &wanted : isAnswer) {
        auto answers = untilSynchronised(deadline);
        if (!connection)
            return base::fail(answers.error());
        for (std::size_t i = 0; answers && i < wanted.size(); ++i) {
            if (wanted[i])
                all.push_back(std::move(answers->at(i)));
        }
        if (!answers && !failure)
            failure = answers.error();
    }
    if (PQexitPipelineMode(connection) == 0)
        return base::fail(brokenLink());
    if (failure)
        return base::fail(*failure);
    return all;
}

std::vector<Result<Rows>> Session::pipeline(const std::vector<std::string> &statements, milliseconds timeout)
{
    const std::lock_guard asking(m_d->asking);
    const Instant deadline = std::chrono::steady_clock::now() + timeout;
    const auto all = [&](const Error &error) { return std::vector<Result<Rows>>(statements.size(), base::fail(error)); };
    bool mayTake = false;
    for (const std::string &sql : statements) {
        if (auto begun = m_d->begin(sql); !begun)
            return all(begun.error());
        mayTake = mayTake || m_d->ifUnanswered == Effect::InDoubt;
    }
    m_d->ifUnanswered = mayTake ? Effect::InDoubt : Effect::None;
    bool sent = PQenterPipelineMode(m_d->connection) == 1;
    for (const std::string &sql : statements)
        sent = sent && m_d->sendOne(sql, {}) && PQpipelineSync(m_d->connection) == 1;
    if (!sent)
        return all(m_d->brokenLink());
    if (auto flushed = m_d->flush(deadline); !flushed)
        return all(flushed.error());
    std::vector<Result<Rows>> answers;
    while (answers.size() < statements.size()) {
        auto one = m_d->untilSynchronised(deadline);
        answers.push_back(one ? Result<Rows>(std::move(one->back())) : base::fail(one.error()));
        if (!m_d->connection)
            break;
    }
    while (answers.size() < statements.size())
        answers.push_back(answers.back());
    if (m_d->connection && PQexitPipelineMode(m_d->connection) == 0)
        m_d->drop();
    return answers;
}

Result<std::vector<Rows>> Session::prepared(const std::vector<Statement> &statements, milliseconds timeout)
{
    const std::lock_guard asking(m_d->asking);
    const Instant deadline = std::chrono::steady_clock::now() + timeout;
    if (m_d->throughRouter)
        return base::fail(ErrorCode::BadInput, "nothing is prepared through a router", m_d->server);
    Effect effect = Effect::None;
    for (const Statement &statement : statements) {
        if (auto begun = m_d->begin(statement.sql); !begun)
            return base::fail(begun.error());
        effect = m_d->ifUnanswered == Effect::InDoubt ? Effect::InDoubt : effect;
    }
    m_d->ifUnanswered = effect;
    for (bool isSecond = false;; isSecond = true) {
        auto rows = m_d->runPrepared(statements, deadline);
        if (rows || !m_d->connection)
            return rows;
        // A pooler between answers with another session each time, which knows not the name, or has it already: nothing is kept then.
        const bool isPooled = rows.error().sqlState == "26000" || rows.error().sqlState == "42P05";
        m_d->names.forget();
        if (isPooled)
            m_d->names = PreparedNames(0);
        if (auto freed = m_d->run("deallocate all", {}, std::max(deadline, std::chrono::steady_clock::now() + milliseconds(1))); !freed)
            return base::fail(freed.error());
        // Or a table has other columns than when it was planned. Neither has read or written anything.
        const bool isOutdated = isPooled || rows.error().sqlState == "0A000";
        if (isSecond || !isOutdated || !m_d->readOnly)
            return rows;
    }
}

} // namespace shardlens::postgres
