// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/ActCommands.h"

#include "app/shardlensctl/Answer.h"
#include "app/shardlensctl/CampaignCommands.h"
#include "app/shardlensctl/DenialWords.h"
#include "app/shardlensctl/LoadFleet.h"
#include "app/shardlensctl/OperationCommands.h"
#include "app/shardlensctl/SmallActCommands.h"
#include "core/effects/ExecutorProcess.h"
#include "core/execute/ActRequest.h"
#include "core/record/OperationJournal.h"
#include "ui/format/Numbers.h"
#include "ui/format/OperateText.h"
#include "ui/format/OperationText.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <cstdio>
#include <optional>

#include <unistd.h>

namespace shardlens::ctl {

namespace {

namespace format = ui::format;
using effects::ExecutorProcess;
using execute::Operation;
using execute::StepState;

/// Tells an operation's progress as its journal grows.
class Follower
{
public:
    Follower(QString folder, bool isQuiet) : m_folder(std::move(folder)), m_isQuiet(isQuiet) {}

    void begin(const std::string &id)
    {
        m_id = id;
        if (!m_isQuiet)
            say(QStringLiteral("Operation ") + text(id));
    }

    void look()
    {
        const auto more = m_id.empty() ? base::fail(base::ErrorCode::NotFound, "") : record::readJournal(m_folder, m_id, m_next);
        if (!more || more->lines.empty())
            return;
        m_next = more->next;
        m_lines.insert(m_lines.end(), more->lines.begin(), more->lines.end());
        auto now = execute::operationOf(m_lines);
        if (!now)
            return;
        for (std::size_t i = 0; i < now->steps.size() && !m_isQuiet; ++i) {
            const bool isNews = !m_operation || m_operation->progress[i].state != now->progress[i].state;
            if (isNews && now->progress[i].state != StepState::Waiting && now->progress[i].state != StepState::Doing)
                tell(now->steps[i], now->progress[i]);
        }
        m_operation = std::move(*now);
    }

    [[nodiscard]] const std::optional<Operation> &operation() const { return m_operation; }

private:
    static void say(const QString &words)
    {
        std::printf("%s\n", qPrintable(plain(words)));
        std::fflush(stdout);
    }

    static void tell(const operate::Step &step, const execute::StepProgress &progress)
    {
        QString line = QStringLiteral("%1  ").arg(step.number, 4) + format::stepTitle(step) + QStringLiteral("  ") + text(std::string(name(progress.state)));
        if (progress.took)
            line += QStringLiteral(" ") + format::duration(*progress.took);
        if (!progress.said.empty())
            line += QStringLiteral(": ") + text(progress.said);
        say(line);
    }

    QString m_folder;
    bool m_isQuiet;
    std::string m_id;
    std::int64_t m_next = 0;
    std::vector<std::string> m_lines;
    std::optional<Operation> m_operation;
};

Exit refuse(const Options &options, const QString &why, const QJsonObject &said)
{
    Answer answer;
    answer.error = plain(QStringLiteral("Not started: ") + why).toStdString() + "\n";
    if (options.json) {
        QJsonObject out = said;
        out.insert(QStringLiteral("started"), false);
        out.insert(QStringLiteral("text"), why);
        answer.line(QJsonDocument(out).toJson(QJsonDocument::Compact).toStdString());
    }
    answer.exit = Exit::Problem;
    return print(answer);
}

/// What the executor said before it began, if it did not begin.
std::optional<Exit> refusal(const Options &options, const fleet::Fleet &fleet, const std::string &line)
{
    const QJsonObject said = QJsonDocument::fromJson(QByteArray::fromStdString(line)).object();
    if (said.contains(QStringLiteral("refused")))
        return refuse(options, said.value(QStringLiteral("refused")).toString(), said);
    const QString denied = said.value(QStringLiteral("denied")).toString();
    if (denied.isEmpty())
        return std::nullopt;
    const auto why = execute::deniedFrom(line);
    return refuse(options, why ? denialWords(*why, fleet) : denied, said);
}

Exit follow(const Options &options, const fleet::Fleet &fleet, ExecutorProcess &process)
{
    Follower follower(record::operationsFolder(fleet), options.json);
    std::optional<Exit> refused;
    const auto take = [&] {
        for (const std::string &line : process.takeLines()) {
            const QJsonObject said = QJsonDocument::fromJson(QByteArray::fromStdString(line)).object();
            if (said.contains(QStringLiteral("begun")))
                follower.begin(said.value(QStringLiteral("begun")).toString().toStdString());
            else if (const auto no = refusal(options, fleet, line))
                refused = no;
        }
        follower.look();
    };
    std::optional<int> ended;
    while (!(ended = process.ended())) {
        take();
        ::usleep(30'000);
    }
    take();
    if (refused)
        return *refused;
    Answer answer;
    const auto &operation = follower.operation();
    if (!operation) {
        answer.error = "The executor ended with " + std::to_string(*ended) + " and began nothing.\n";
        answer.exit = *ended == 2 ? Exit::Usage : Exit::Failed;
        return print(answer);
    }
    if (options.json)
        answer.line(jsonOf(*operation, false));
    else if (const QString writes = format::writesSentence(*operation); !writes.isEmpty())
        answer.line(writes);
    if (!options.json)
        answer.line(outcomeText(*operation, false));
    if (const QString sentence = format::outcomeSentence(*operation, false);
        !options.json && !operate::isMove(operation->act) && operation->said.empty() && !sentence.isEmpty())
        answer.line(sentence);
    // Taken back is what was asked for.
    const bool isAsked = options.command == Command::OperationsUndo && operation->outcome == execute::Outcome::RolledBack;
    answer.exit = isAsked ? Exit::Well : exitOf(*operation);
    return print(answer);
}

Exit start(const Options &options, const fleet::Fleet &fleet, std::vector<std::string> arguments, const std::string &input)
{
    arguments.insert(arguments.begin(), {"--fleet", options.fleetFile, "--from", fleet.ownRegion.text()});
    auto process = ExecutorProcess::start(effects::executorProgram(), arguments, input, true);
    if (process)
        return follow(options, fleet, *process);
    Answer answer;
    answer.error = "The executor could not be started: " + process.error().message + "\n";
    answer.exit = Exit::Failed;
    return print(answer);
}

} // namespace

std::optional<execute::Forced> forcedFrom(const std::string &words)
{
    const auto parts = words.find('=');
    const auto check = operate::checkNamed(words.substr(0, parts));
    if (!check || parts == std::string::npos || parts + 1 == words.size())
        return std::nullopt;
    return execute::Forced{*check, words.substr(parts + 1)};
}

Exit startAct(const Options &options)
{
    const auto fleet = loadFleet(options);
    if (!fleet)
        return fleet.error();
    execute::ActRequest request;
    const auto intent = intentOf(options, **fleet);
    if (!intent) {
        std::fprintf(stderr, "%s\n", intent.error().message.c_str());
        return Exit::Usage;
    }
    request.setIntent(*intent);
    request.reason = options.reason;
    request.confirm = options.confirm;
    request.user = options.user;
    request.fingerprint = options.fingerprint;
    for (const std::string &words : options.forced) {
        const auto forced = forcedFrom(words);
        if (!forced) {
            std::fprintf(stderr, "--force takes CHECK=REASON, with a check that --plan names: '%s'\n", words.c_str());
            return Exit::Usage;
        }
        request.forced.push_back(*forced);
    }
    return start(options, **fleet, {}, execute::toJson(request));
}

Exit goOnWith(const Options &options)
{
    const auto fleet = loadFleet(options);
    if (!fleet)
        return fleet.error();
    const bool isCampaign = options.command == Command::OperationsResume && readCampaign(**fleet, options.operation).has_value();
    if (isCampaign)
        return resumeCampaign(options, options.operation);
    std::vector<std::string> arguments{options.command == Command::OperationsUndo ? "--undo" : "--resume", options.operation};
    if (!options.user.empty())
        arguments.insert(arguments.end(), {"--as", options.user});
    return start(options, **fleet, arguments, {});
}

} // namespace shardlens::ctl
