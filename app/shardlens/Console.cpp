// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlens/Console.h"

#include "app/shardlens/LookerSource.h"
#include "app/shardlens/Pages.h"
#include "core/clients/keychain/Keychain.h"
#include "core/record/FleetFolder.h"
#include "core/record/HistoryPath.h"
#include "ui/format/ClaimText.h"
#include "ui/format/Words.h"
#include "ui/shell/FleetStrips.h"
#include "ui/shell/MessageView.h"

#include <QDialog>
#include <QFileInfo>
#include <QVBoxLayout>

namespace shardlens::app {

using ui::shell::MainWindow;
using ui::shell::StripKind;

Console::Console(Source source, ui::theme::Theme &theme, QSettings *settings, QObject *parent)
    : QObject(parent), m_source(std::move(source)), m_clock(std::make_shared<base::SystemClock>()), m_readAt(m_clock->utcNow())
{
    if (settings)
        m_session = std::make_unique<ui::shell::Session>(*settings, record::fleetFileName(*m_source.fleet)); // the name alone may be another fleet's too

    desk::DeskOptions told;
    told.from = m_source.fleet->ownRegion;
    told.user = m_source.user.toStdString();
    told.keychain = [](const std::string &entry) { return keychain::read(entry); };
    m_desk = std::make_unique<desk::Desk>(m_source.fleet, std::move(told), m_clock);

    ui::shell::WindowParts parts;
    parts.context = {m_source.fleet, &m_history, m_clock, m_desk.get(), &m_series, &m_operations, &m_lookups, &m_caches, {}, &m_campaigns, &m_plans, &m_audit};
    parts.pages = pages(*m_source.fleet);
    parts.theme = &theme;
    parts.session = m_session.get();
    m_window = std::make_unique<MainWindow>(std::move(parts));
    observe();
    connect(m_desk.get(), &desk::Desk::changed, this, [this](const facts::SharedPtr &shared) { m_engine->setShared(shared); });
    connect(m_desk.get(), &desk::Desk::refused, this, &Console::tellRefused);
    connect(m_window.get(), &MainWindow::readAgainRequested, this, [this] { m_engine->readAgainNow(); });
    connect(m_window.get(), &MainWindow::stripPressed, this, &Console::pressStrip);

    m_wire = std::make_unique<OperationsWire>(OperationsWire::Source{m_source.fleet, m_source.file, m_source.user}, m_operations);
    m_campaignsWire = std::make_unique<CampaignsWire>(OperationsWire::Source{m_source.fleet, m_source.file, m_source.user}, m_campaigns);

    m_plansWire = std::make_unique<PlansWire>(m_source.fleet, m_source.user, m_plans);

    answerLookups();

    if (m_source.file.isEmpty() || !settings)
        return;
    m_kept = std::make_unique<KeptHistory>(m_history, record::historyPath(*m_source.fleet), m_clock);
    connect(m_kept.get(), &KeptHistory::eventsRestored, this, [this](const facts::EventListPtr &events) { m_engine->restoreEvents(events); });
    connect(m_kept.get(), &KeptHistory::opened, this, [this](std::optional<base::UtcTime> oldest) {
        m_series.setOldest(oldest);
        restoreLatencies();
        m_series.setReader([kept = m_kept.get()](const auto &keys, auto from, auto to, QObject *context, auto then) { kept->read(keys, from, to, context, std::move(then)); });
    });
    connect(m_kept.get(), &KeptHistory::troubled, this, [this](const QString &sentence) {
        m_window->setStrip(StripKind::Message, {ui::shell::StripText::Tone::Warning, sentence, {}, tr("Close"), {}});
    });
    m_watch = std::make_unique<FleetFileWatch>(m_source.file, m_source.from, m_source.fleet);
    connect(m_watch.get(), &FleetFileWatch::looked, this, &Console::showFileState);
    m_oneWindow = std::make_unique<OneWindow>(m_source.file);
    m_oneWindow->listen();
    connect(m_oneWindow.get(), &OneWindow::asked, this, &Console::comeToFront);
}

Console::~Console()
{
    m_engine->stop();
}

/// Secrets of the keychain are read, and connections opened, when something is looked up first.
void Console::answerLookups()
{
    m_lookupWire.reset();
    inspect::lookup::LookerOptions options;
    options.from = m_source.fleet->ownRegion;
    options.user = m_source.user.toStdString();
    options.keychain = [](const std::string &entry) { return keychain::read(entry); };
    m_lookupWire = std::make_unique<LookupWire>([fleet = m_source.fleet, options, clock = m_clock] { return lookerSource(fleet, options, clock); }, m_lookups);
    m_cacheWire.reset();
    desk::DeskOptions recording;
    recording.from = options.from;
    recording.user = options.user;
    recording.keychain = options.keychain;
    m_cacheWire = std::make_unique<CacheWire>(m_source.fleet, m_caches, recording);
    m_auditWire.reset();
    m_auditWire = std::make_unique<AuditWire>(m_source.fleet, m_audit, std::move(recording));
}

void Console::observe()
{
    observe::Engine::Options options;
    options.from = m_source.fleet->ownRegion;
    options.keychain = [](const std::string &entry) { return keychain::read(entry); };
    m_engine = std::make_unique<observe::Engine>(m_source.fleet, options, m_clock);
    connect(m_engine.get(), &observe::Engine::snapshotTaken, this, &Console::show);
}

/// One server at a time: a day of a series is some hundred kilobytes.
void Console::restoreLatencies()
{
    if (!m_kept)
        return;
    const base::UtcTime now = m_clock->utcNow();
    for (const fleet::Server &server : m_source.fleet->servers) {
        m_kept->read({{facts::Measure::LatencySeconds, server.id.text()}}, now - std::chrono::hours(24), now, this,
                     [this, id = server.id](const std::vector<facts::Series> &kept) {
                         const auto usual = kept.empty() ? std::nullopt : observe::usualLatency(kept.front());
                         if (usual)
                             m_engine->restoreUsualLatency(id, *usual);
                     });
    }
}

void Console::start()
{
    m_engine->setShared(m_desk->latest());
    show(m_engine->latest()); // every server in its place, asking
    m_engine->start();
    m_desk->start();
}

void Console::show(const facts::SnapshotPtr &snapshot)
{
    if (snapshot->fleet != m_source.fleet)
        return; // on its way when the fleet was changed
    m_history.record(*snapshot);
    if (m_kept)
        m_kept->follow(*snapshot);
    m_desk->see(*snapshot);
    m_window->showSnapshot(snapshot);
    Q_EMIT snapshotShown(snapshot);
}

void Console::tellRefused(const facts::Claim &, const base::Error &error)
{
    const facts::Shared &shared = *m_desk->latest();
    const QString why = shared.refusal == facts::ClaimRefusal::None ? QString::fromStdString(error.message) : ui::format::refusalText(shared.refusal, shared.you, shared.whoMay);
    m_window->setStrip(StripKind::Message, {ui::shell::StripText::Tone::Warning, tr("Not written into the directory: %1").arg(why), {}, tr("Close"), {}});
}

void Console::comeToFront(const QString &link)
{
    m_window->setWindowState(m_window->windowState() & ~Qt::WindowMinimized);
    m_window->show();
    m_window->raise();
    m_window->activateWindow();
    if (!link.isEmpty())
        m_window->openLink(link);
}

void Console::showFileState()
{
    const QString name = QFileInfo(m_source.file).fileName();
    ui::shell::StripText strip;
    if (m_watch->complaints())
        strip = ui::shell::brokenFileStrip(name, *m_watch->complaints(), m_readAt, m_clock->utcNow());
    else if (m_watch->changedFleet())
        strip = ui::shell::changedFileStrip(name, *m_source.fleet, *m_watch->changedFleet());
    m_window->setStrip(StripKind::FleetFile, strip);
}

void Console::pressStrip(StripKind kind)
{
    if (kind != StripKind::FleetFile || !m_watch)
        return;
    if (m_watch->complaints())
        showComplaints();
    else if (m_watch->changedFleet())
        load(m_watch->changedFleet());
}

void Console::showComplaints()
{
    QDialog dialog(m_window.get());
    dialog.setWindowTitle(ui::shell::complaintsTitle(*m_watch->complaints(), m_source.file));
    dialog.resize(m_window->size() * 2 / 3);
    auto *column = new QVBoxLayout(&dialog);
    column->setContentsMargins(0, 0, 0, 0);
    auto *view = ui::shell::MessageView::complaints(*m_watch->complaints(), m_source.file);
    view->setParent(&dialog);
    column->addWidget(view);
    connect(view, &ui::shell::MessageView::retryRequested, &dialog, &QDialog::accept);
    connect(view, &ui::shell::MessageView::retryRequested, m_watch.get(), &FleetFileWatch::lookAgain, Qt::QueuedConnection);
    connect(view, &ui::shell::MessageView::openRequested, &dialog, &QDialog::accept);
    connect(view, &ui::shell::MessageView::openRequested, m_window.get(), &MainWindow::openFleetRequested);
    dialog.exec();
}

/// The new fleet in the old one's place: the window stays, with its page and what is selected; reading begins anew.
void Console::load(std::shared_ptr<const fleet::Fleet> fleet) // a copy: who watches the file lets go of his
{
    m_engine->stop();
    const facts::EventListPtr events = m_engine->latest()->events;
    m_source.fleet = fleet;
    m_readAt = m_clock->utcNow();
    m_watch->setOpen(fleet);
    m_wire->setFleet(fleet);
    m_campaignsWire->setFleet(fleet);
    m_plansWire->setFleet(fleet);
    answerLookups();
    m_window->setStrip(StripKind::FleetFile, {});
    m_window->setFleet(fleet);
    observe();
    m_engine->restoreEvents(events);
    restoreLatencies();
    m_desk->setFleet(fleet);
    start();
}

} // namespace shardlens::app

#include "moc_Console.cpp"
