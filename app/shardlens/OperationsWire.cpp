// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlens/OperationsWire.h"

#include "app/elsewhere/Leave.h"
#include "core/clients/keychain/Keychain.h"
#include "core/desk/JournalCopy.h"
#include "core/desk/Purse.h"
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
constexpr base::seconds betweenQuestions{5};
constexpr std::size_t mostElsewhere = 20;
constexpr base::seconds standsAgainAfter{10}; // where one ended by itself

/// Copies of the newest operations, whole. `known` are not asked for again where they have ended.
std::optional<std::vector<ui::operate::OperationSeen>> readCopies(const std::shared_ptr<const fleet::Fleet> &fleet, const desk::DeskOptions &options,
                                                                  std::vector<ui::operate::OperationSeen> known)
{
    const auto copies = desk::copiedOperations(fleet, options, int(mostElsewhere));
    if (!copies)
        return std::nullopt;
    std::vector<ui::operate::OperationSeen> found;
    for (const desk::CopiedJournal &copy : *copies) {
        const auto before = std::find_if(known.begin(), known.end(), [&](const auto &one) { return one.operation.id == copy.operation && one.operation.number == copy.number; });
        if (before != known.end() && before->operation.outcome) {
            found.push_back(*before);
            continue;
        }
        const auto whole = desk::copiedJournal(fleet, options, copy.operation);
        auto operation = whole ? execute::operationOf(whole->lines) : base::fail(whole.error());
        if (operation)
            found.push_back({std::move(*operation), whole->ago < desk::copyFallsSilentAfter, whole->by.host});
    }
    return found;
}

} // namespace

OperationsWire::~OperationsWire()
{
    m_interrupt->raise(); // the question ends, and its future waits for no more
}

OperationsWire::OperationsWire(Source source, OperationBoard &board, QObject *parent) : QObject(parent), m_source(std::move(source)), m_board(board)
{
    connect(&board, &OperationBoard::moveExpected, this, &OperationsWire::expect);
    connect(&board, &OperationBoard::nothingExpected, this, &OperationsWire::dismiss);
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
    dismiss(); // it has read the file as it was
    m_source.fleet = std::move(fleet);
    m_known.clear();
    m_elsewhere.clear();
    m_entries.reset();
    look();
}

void OperationsWire::look()
{
    listen();
    hearOfLeaving();
    ui::operate::OperationList list;
    const QString folder = record::operationsFolder(*m_source.fleet);
    if (const auto kept = record::operationsIn(folder)) {
        for (const record::KeptOperation &one : *kept)
            lookAt(one.id, one.isWritten, list);
    } else {
        list.trouble = QString::fromStdString(kept.error().message);
    }
    lookElsewhere();
    addElsewhere(list);
    const bool runs = !m_executors.empty() || m_leaving.valid() || std::any_of(list.operations.begin(), list.operations.end(), [](const auto &one) { return one.runs && one.host.empty(); });
    m_timer.setInterval(runs ? whileRunning : atRest);
    if (list != m_board.latest())
        m_board.show(std::move(list));
}

void OperationsWire::lookElsewhere()
{
    if (m_asking.valid() && m_asking.wait_for(std::chrono::seconds(0)) == std::future_status::ready) {
        if (auto copies = m_asking.get())
            m_elsewhere = std::move(*copies);
    }
    const base::Instant now = std::chrono::steady_clock::now();
    if (!m_source.fleet->directory || !m_source.fleet->acting || m_asking.valid() || now < m_askedAt + betweenQuestions)
        return;
    m_askedAt = now;
    m_asking = std::async(std::launch::async, readCopies, m_source.fleet, deskOptions(), m_elsewhere);
}

/// For a thread of its own: the keychain was asked here, and whoever ends the console ends the question.
desk::DeskOptions OperationsWire::deskOptions()
{
    desk::DeskOptions options;
    options.from = m_source.fleet->ownRegion;
    options.user = m_source.user.toStdString();
    if (!m_entries) {
        auto entries = std::make_shared<Entries>();
        const desk::Purse purse(*m_source.fleet, options.user, [&](const std::string &entry) { return entries->emplace(entry, keychain::read(entry)).first->second; });
        m_entries = entries;
    }
    options.keychain = [entries = m_entries](const std::string &entry) {
        const auto found = entries->find(entry);
        return found == entries->end() ? base::fail(base::ErrorCode::NotFound, "the keychain was not asked for '" + entry + "'") : found->second;
    };
    options.interrupt = m_interrupt;
    return options;
}

/// What another machine went on with since it was written down here is told as it is there.
void OperationsWire::addElsewhere(ui::operate::OperationList &list) const
{
    for (const auto &copy : m_elsewhere) {
        const auto own = std::find_if(list.operations.begin(), list.operations.end(), [&](const auto &one) { return one.operation.id == copy.operation.id; });
        if (own == list.operations.end())
            list.operations.push_back(copy);
        else if (own->operation.number < copy.operation.number)
            *own = copy;
    }
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
    for (Started &executor : m_executors) {
        const auto ended = executor.process.ended(); // first: what it said last is then there
        for (const std::string &line : executor.process.takeLines()) {
            executor.hasSaid = executor.hasSaid || line.rfind(R"({"ready")", 0) != 0;
            hear(line);
        }
        if (ended && *ended == 2)
            m_board.refuse(tr("The executor did not understand what it was asked for."));
        else if (ended && !executor.hasSaid)
            m_board.refuse(tr("The executor ended before it began (%1).").arg(*ended));
    }
    std::erase_if(m_executors, [](Started &executor) { return executor.process.ended().has_value(); });
    std::erase_if(m_dismissed, [](effects::ExecutorProcess &executor) { return executor.ended().has_value(); });
    if (m_standing)
        (void)m_standing->process.takeLines(); // nobody has asked it for anything yet
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
    const std::string text = execute::toJson(request);
    const bool isExpected = m_standing && m_standing->subject == operate::nameOf(asked.intent) && !m_standing->process.ended();
    if (isExpected && m_standing->process.tell(text)) {
        listenTo(std::move(m_standing->process));
        m_standing.reset();
        return;
    }
    dismiss();
    launch({}, text);
}

void OperationsWire::expect(const operate::Intent &intent)
{
    const fleet::Fleet &fleet = *m_source.fleet;
    const fleet::DatabaseUser *actor = execute::actorOf(fleet, m_source.user.toStdString());
    if (m_source.file.isEmpty() || !fleet.acting || !actor || !execute::mayAct(actor->role))
        return dismiss();
    const std::string subject = operate::nameOf(intent);
    const base::Instant now = std::chrono::steady_clock::now();
    if (m_standing && m_standing->process.ended())
        m_standsAgainAt = now + standsAgainAfter;
    if (m_standing && (m_standing->subject != subject || m_standing->process.ended()))
        dismiss();
    if (m_standing || now < m_standsAgainAt)
        return;
    execute::ActRequest request;
    request.setIntent(intent);
    request.user = m_source.user.toStdString();
    if (auto process = startExecutor({"--waits"}, execute::toJson(request) + "\n", true)) // where it cannot be started the click says so
        m_standing = Standing{subject, std::move(*process)};
}

void OperationsWire::dismiss()
{
    if (!m_standing)
        return;
    m_standing->process.endInput();
    m_dismissed.push_back(std::move(m_standing->process));
    m_standing.reset();
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
    auto executor = startExecutor(std::move(arguments), input, false);
    if (executor)
        listenTo(std::move(*executor));
    else
        m_board.refuse(tr("The executor could not be started: %1").arg(QString::fromStdString(executor.error().message)));
}

base::Result<effects::ExecutorProcess> OperationsWire::startExecutor(std::vector<std::string> arguments, const std::string &input, bool mayBeTold)
{
    arguments.insert(arguments.begin(), {"--fleet", m_source.file.toStdString()});
    if (!m_source.fleet->ownRegion.isEmpty())
        arguments.insert(arguments.end(), {"--from", m_source.fleet->ownRegion.text()});
    return effects::ExecutorProcess::start(effects::executorProgram(), arguments, input, true, mayBeTold);
}

void OperationsWire::listenTo(effects::ExecutorProcess executor)
{
    m_executors.push_back({std::move(executor)});
    m_timer.start(whileRunning);
}

/// The directory may take its time: nobody waits for it here.
void OperationsWire::abandon(const std::string &id, const std::string &reason)
{
    if (m_leaving.valid()) {
        m_board.refuse(tr("Another one is being left as it is: ask again in a moment."));
        return;
    }
    const auto *seen = m_board.operation(id);
    const bool isOthers = seen && !seen->host.empty();
    m_leaving = std::async(std::launch::async, [what = elsewhere::Leaving{m_source.fleet, deskOptions(), id, reason}, isOthers]() -> base::Result<std::string> {
        if (!isOthers)
            return elsewhere::leaveOwn(what);
        auto copy = desk::copiedJournal(what.fleet, what.desk, what.operation);
        if (!copy)
            return base::fail(copy.error());
        const auto left = elsewhere::leaveOthers(what, std::move(*copy));
        return left ? base::Result<std::string>(std::string()) : base::fail(left.error());
    });
    m_timer.start(whileRunning);
}

void OperationsWire::hearOfLeaving()
{
    if (!m_leaving.valid() || m_leaving.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
        return;
    const auto left = m_leaving.get();
    m_askedAt = {}; // what the directory says has changed
    if (!left)
        m_board.refuse(QString::fromStdString(left.error().message));
    else if (!left->empty())
        m_board.refuse(tr("It is closed here, and other machines do not see it: %1").arg(QString::fromStdString(*left)));
}

} // namespace shardlens::app

#include "moc_OperationsWire.cpp"
