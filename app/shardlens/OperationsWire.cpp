// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlens/OperationsWire.h"

#include "core/execute/ActRequest.h"
#include "core/record/OperationJournal.h"
#include "ui/format/DenialText.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace shardlens::app {

using ui::operate::OperationBoard;

namespace {

constexpr int whileRunning = 100; // ms
constexpr int atRest = 1000;

} // namespace

OperationsWire::OperationsWire(Source source, OperationBoard &board, QObject *parent) : QObject(parent), m_source(std::move(source)), m_board(board)
{
    connect(&board, &OperationBoard::startRequested, this, &OperationsWire::start);
    connect(&board, &OperationBoard::resumeRequested, this, [this](const std::string &id) { goOn("--resume", id); });
    connect(&board, &OperationBoard::undoRequested, this, [this](const std::string &id) { goOn("--undo", id); });
    connect(&board, &OperationBoard::abandonRequested, this, &OperationsWire::abandon);
    connect(&board, &OperationBoard::cancelRequested, this, [this](const std::string &id) {
        if (const auto asked = record::askToCancel(record::operationsFolder(*m_source.fleet), id); !asked)
            m_board.refuse(QString::fromStdString(asked.error().message));
    });
    connect(&m_timer, &QTimer::timeout, this, &OperationsWire::look);
    look();
    m_timer.start(atRest);
}

void OperationsWire::setFleet(std::shared_ptr<const fleet::Fleet> fleet)
{
    m_source.fleet = std::move(fleet);
    m_known.clear();
    look();
}

void OperationsWire::look()
{
    listen();
    ui::operate::OperationList list;
    const QString folder = record::operationsFolder(*m_source.fleet);
    if (const auto kept = record::operationsIn(folder)) {
        for (const record::KeptOperation &one : *kept)
            lookAt(one.id, one.isWritten, list);
    } else {
        list.trouble = QString::fromStdString(kept.error().message);
    }
    const bool runs = !m_executors.empty() || std::any_of(list.operations.begin(), list.operations.end(), [](const auto &one) { return one.runs; });
    m_timer.setInterval(runs ? whileRunning : atRest);
    if (list != m_board.latest())
        m_board.show(std::move(list));
}

void OperationsWire::lookAt(const std::string &id, bool runs, ui::operate::OperationList &list)
{
    Known &known = m_known[id];
    const auto more = record::readJournal(record::operationsFolder(*m_source.fleet), id, known.next);
    base::Result<execute::Operation> operation = base::fail(base::ErrorCode::NotFound, "");
    if (more && !more->lines.empty()) {
        known.lines.insert(known.lines.end(), more->lines.begin(), more->lines.end());
        known.next = more->next;
        operation = execute::operationOf(known.lines);
        if (operation)
            known.seen.operation = std::move(*operation);
    }
    if (!more || (!operation && !more->lines.empty()))
        list.trouble = QString::fromStdString(id + ": " + (more ? operation.error().message : more.error().message));
    known.seen.runs = runs;
    if (!known.seen.operation.id.empty()) // else its first line is still to come
        list.operations.push_back(known.seen);
}

void OperationsWire::listen()
{
    for (effects::ExecutorProcess &executor : m_executors) {
        const bool ended = executor.ended().has_value(); // first: what it said last is then there
        for (const std::string &line : executor.takeLines())
            hear(line);
        if (ended && *executor.ended() == 2)
            m_board.refuse(tr("The executor did not understand what it was asked for."));
    }
    std::erase_if(m_executors, [](effects::ExecutorProcess &executor) { return executor.ended().has_value(); });
}

void OperationsWire::hear(const std::string &line)
{
    const QJsonObject said = QJsonDocument::fromJson(QByteArray::fromStdString(line)).object();
    if (said.contains(QStringLiteral("refused")))
        m_board.refuse(said.value(QStringLiteral("refused")).toString());
    if (const auto denied = execute::deniedFrom(line))
        m_board.refuse(ui::format::denialText(*denied, *m_source.fleet));
}

void OperationsWire::start(const ui::operate::ActRequest &asked)
{
    execute::ActRequest request;
    request.setIntent(asked.intent);
    request.fingerprint = asked.fingerprint.digest();
    request.forced = asked.forced;
    request.reason = asked.reason;
    request.confirm = operate::subjectOf(asked.intent); // whoever asks has had it typed
    request.user = m_source.user.toStdString();
    launch({}, execute::toJson(request));
}

void OperationsWire::goOn(const char *way, const std::string &id)
{
    std::vector<std::string> arguments{way, id};
    if (!m_source.user.isEmpty())
        arguments.insert(arguments.end(), {"--as", m_source.user.toStdString()});
    launch(std::move(arguments), {});
}

void OperationsWire::launch(std::vector<std::string> arguments, const std::string &input)
{
    arguments.insert(arguments.begin(), {"--fleet", m_source.file.toStdString()});
    if (!m_source.from.isEmpty())
        arguments.insert(arguments.end(), {"--from", m_source.from.toStdString()});
    auto executor = effects::ExecutorProcess::start(effects::executorProgram(), arguments, input, true);
    if (!executor) {
        m_board.refuse(tr("The executor could not be started: %1").arg(QString::fromStdString(executor.error().message)));
        return;
    }
    m_executors.push_back(std::move(*executor));
    m_timer.start(whileRunning);
}

void OperationsWire::abandon(const std::string &id)
{
    const auto journal = record::OperationJournal::reopen(record::operationsFolder(*m_source.fleet), id);
    const auto written = journal ? (*journal)->append(execute::entryOutcome(execute::Outcome::Abandoned, {}, base::SystemClock().utcNow())) : base::fail(journal.error());
    if (!written)
        m_board.refuse(QString::fromStdString(written.error().message));
    look();
}

} // namespace shardlens::app

#include "moc_OperationsWire.cpp"
