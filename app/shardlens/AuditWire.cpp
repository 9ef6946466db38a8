// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlens/AuditWire.h"

#include "app/owed/Owed.h"
#include "core/desk/AuditReading.h"
#include "core/desk/AuditVerifying.h"
#include "core/record/AuditHeads.h"

namespace shardlens::app {

namespace {

constexpr base::milliseconds auditPatience{5000}; // a thousand rows of a long log
constexpr base::seconds outboxLookedAtEvery{5};
constexpr base::seconds triedAgainAfter{15}; // a directory that is down

} // namespace

AuditWire::AuditWire(std::shared_ptr<const fleet::Fleet> fleet, ui::pages::AuditBoard &board, desk::DeskOptions options, QObject *parent)
    : QObject(parent), m_fleet(std::move(fleet)), m_board(board), m_options(std::move(options))
{
    m_options.patience = auditPatience;
    connect(&board, &ui::pages::AuditBoard::readAsked, this, &AuditWire::read);
    connect(&board, &ui::pages::AuditBoard::verifyAsked, this, &AuditWire::verify);
    connect(&board, &ui::pages::AuditBoard::stopAsked, this, [this] { m_stops = true; });
    m_handing = std::thread([this] { handOverNowAndThen(); });
}

AuditWire::~AuditWire()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_ends = true;
    }
    m_stops = true;
    m_interrupt->raise();
    m_wake.notify_all();
    for (std::thread *thread : {&m_reading, &m_verifying, &m_handing}) {
        if (thread->joinable())
            thread->join();
    }
}

void AuditWire::read(const ui::pages::AuditAsk &ask)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_asked = ask;
    }
    m_wake.notify_all();
    if (!m_reading.joinable())
        m_reading = std::thread([this] { readAsked(); });
}

void AuditWire::readAsked()
{
    while (true) {
        ui::pages::AuditAsk ask;
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, [this] { return m_ends || m_asked; });
            if (m_ends)
                return;
            ask = *m_asked;
            m_asked.reset();
        }
        ui::pages::AuditRead told{ask, std::vector<facts::AuditRow>()};
        const auto take = [&](const facts::AuditRow &row) {
            told.rows->push_back(row);
            const std::scoped_lock lock(m_mutex);
            return !m_ends && !m_asked;
        };
        desk::AuditQuery query;
        query.since = ask.since;
        query.after = ask.after;
        query.limit = ask.limit;
        if (const auto done = desk::readAudit(m_fleet, m_options, query, take); !done)
            told.rows = base::fail(done.error());
        QMetaObject::invokeMethod(this, [this, told = std::move(told)] { m_board.tellRows(told); }, Qt::QueuedConnection);
    }
}

/// At the start, and every so often: executors and the command line add to what waits, and the directory may answer again.
void AuditWire::handOverNowAndThen()
{
    desk::DeskOptions options = m_options;
    options.patience = desk::DeskOptions().patience;
    options.interrupt = m_interrupt;
    facts::AuditWaiting told;
    for (bool ends = false; !ends;) {
        const facts::AuditWaiting waiting = owed::waitingOf(owed::handOver(m_fleet, options));
        if (!(waiting == told))
            QMetaObject::invokeMethod(this, [this, waiting] { m_board.tellWaiting(waiting); }, Qt::QueuedConnection);
        told = waiting;
        std::unique_lock lock(m_mutex);
        ends = m_wake.wait_for(lock, waiting.trouble ? triedAgainAfter : outboxLookedAtEvery, [this] { return m_ends; });
    }
}

void AuditWire::verify()
{
    if (m_isVerifying)
        return;
    if (m_verifying.joinable())
        m_verifying.join();
    m_isVerifying = true;
    m_stops = false;
    m_verifying = std::thread([this] { verifyNow(); });
}

void AuditWire::verifyNow()
{
    const auto goesOn = [this](std::int64_t rows) {
        QMetaObject::invokeMethod(this, [this, rows] { m_board.tellProgress(rows); }, Qt::QueuedConnection);
        return !m_stops;
    };
    const QString path = record::auditHeadsPath(*m_fleet);
    const auto kept = record::auditHeadsKept(path);
    auto verdict = kept ? desk::verifyAudit(m_fleet, m_options, *kept, goesOn) : base::Result<facts::AuditVerdict>(base::fail(kept.error()));
    const auto written = verdict && verdict->toKeep ? record::keepAuditHead(path, *verdict->toKeep) : base::Result<void>();
    if (!written)
        verdict->headTrouble = written.error().message;
    const ui::pages::AuditVerified verified{std::move(verdict), base::SystemClock().utcNow()};
    const auto last = [this, verified] {
        m_isVerifying = false;
        m_board.tellVerified(verified);
    };
    QMetaObject::invokeMethod(this, last, Qt::QueuedConnection);
}

} // namespace shardlens::app

#include "moc_AuditWire.cpp"
