// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlens/FleetOpener.h"

#include "app/shardlens/AddressDraft.h"
#include "app/shardlens/CrashReport.h"
#include "app/shardlens/LocalFleet.h"
#include "app/shardlens/StartTimes.h"
#include "ui/format/Words.h"
#include "ui/shell/DraftView.h"
#include "ui/shell/MessageView.h"
#include "ui/shell/StartView.h"

#include <QApplication>
#include <QClipboard>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QMainWindow>
#include <QMessageBox>
#include <QSaveFile>

#include <algorithm>
#include <cstdio>

namespace shardlens::app {

using ui::shell::MainWindow;
using ui::shell::MessageView;
using ui::shell::Session;
using ui::shell::StartView;
using ui::shell::StripKind;
using ui::shell::StripText;

FleetOpener::FleetOpener(Options options, ui::theme::Theme &theme, QSettings &settings, QObject *parent)
    : QObject(parent), m_options(std::move(options)), m_theme(theme), m_settings(settings)
{
}

FleetOpener::~FleetOpener() = default;

void FleetOpener::begin()
{
    if (!m_options.fleetFile.isEmpty()) {
        openFile(m_options.fleetFile, m_options.link);
        return;
    }
    if (m_options.link.isEmpty()) {
        showStart();
        return;
    }
    // The link names its fleet; where that lies is known if it was ever opened here.
    const QString fleet = ui::shell::readLink(m_options.link).link.fleet;
    if (const QString file = Session::fileOf(m_settings, fleet); !file.isEmpty()) {
        openFile(file, m_options.link);
        return;
    }
    m_pendingLink = m_options.link;
    showStart(tr("The link leads to the fleet %1, which was not opened on this machine yet. Open its fleet file, and the view follows.").arg(fleet));
}

void FleetOpener::openFile(const QString &path, const QString &link)
{
    m_path = path;
    const QString name = OneWindow::socketName(path);
    const auto here = std::find_if(m_consoles.begin(), m_consoles.end(), [&](const auto &console) { return OneWindow::socketName(console->file()) == name; });
    if (here != m_consoles.end()) {
        (*here)->comeToFront(link);
        return;
    }
    if (OneWindow::handOver(path, link)) {
        m_message.reset();
        if (m_consoles.empty())
            QMetaObject::invokeMethod(qApp, &QCoreApplication::quit, Qt::QueuedConnection);
        return;
    }
    fleet::FleetReading reading = fleet::readFleetFile(path.toStdString(), m_options.from.toStdString());
    if (!reading) {
        std::fputs(qPrintable(complaintsText(reading.error(), path)), stderr);
        showComplaints(reading.error());
        return;
    }
    Session::remember(m_settings, ui::format::text(reading->name), QFileInfo(path).absoluteFilePath());
    Console::Source source{std::make_shared<const fleet::Fleet>(std::move(*reading)), QFileInfo(path).absoluteFilePath(), m_options.from, m_options.user};
    showConsole(std::make_unique<Console>(std::move(source), m_theme, &m_settings), link);
}

void FleetOpener::showConsole(std::unique_ptr<Console> console, const QString &link)
{
    const bool first = m_consoles.empty();
    if (StartTimes::areAsked())
        new StartTimes(*console); // the console's
    MainWindow &window = console->window();
    if (first && !m_options.page.isEmpty() && !window.goTo(m_options.page))
        std::fprintf(stderr, "shardlens: there is no page '%s'\n", qPrintable(m_options.page));
    window.restoreSession();
    if (first && m_options.sizeGiven)
        window.resize(m_options.size);
    connect(&window, &MainWindow::openFleetRequested, this, [this, &window] { chooseFile(&window); });
    connect(&window, &MainWindow::foreignLinkOpened, this, [this, &window](const ui::shell::ViewLink &foreign) { openForeign(window, foreign); });
    connect(&window, &MainWindow::preferencesChosen, this, [this, &window](const ui::shell::Preferences &preferences) {
        for (const auto &other : m_consoles) {
            if (&other->window() != &window)
                other->window().setPreferences(preferences);
        }
    });
    connect(&window, &MainWindow::closed, this, [this, gone = console.get()] { forget(gone); }, Qt::QueuedConnection);
    window.show();
    console->start();
    m_consoles.push_back(std::move(console));
    sayWhatThereIsToSay(window);
    const QString view = link.isEmpty() ? m_pendingLink : link;
    m_pendingLink.clear();
    if (!view.isEmpty())
        window.openLink(view);
    // Only now: the application ends with its last window.
    m_message.reset();
}

void FleetOpener::tell(const QString &message) { m_tell = message; }

void FleetOpener::tellOfCrashes(const QStringList &reports, const QString &folder)
{
    m_crashes = reports;
    m_crashFolder = folder;
}

void FleetOpener::sayWhatThereIsToSay(MainWindow &window)
{
    if (!m_tell.isEmpty())
        window.setStrip(StripKind::Message, {StripText::Tone::Warning, m_tell, {}, tr("Close"), {}});
    m_tell.clear();
    if (m_crashes.isEmpty())
        return;
    const QString newest = m_crashes.first();
    window.setStrip(StripKind::Crashed, {StripText::Tone::Warning, tr("Shardlens crashed the last time. The report is kept in %1.").arg(newest), tr("Shardlens crashed the last time."),
                                         tr("Close"), tr("Copy the report")});
    m_crashes.clear();
    const auto told = [this, &window] {
        CrashReport::markRead(m_crashFolder);
        window.setStrip(StripKind::Crashed, {});
    };
    connect(&window, &MainWindow::stripPressed, this, [told](StripKind kind) {
        if (kind == StripKind::Crashed)
            told();
    });
    connect(&window, &MainWindow::stripSecondPressed, this, [told, newest](StripKind kind) {
        QFile report(newest);
        if (kind != StripKind::Crashed || !report.open(QIODevice::ReadOnly))
            return;
        QApplication::clipboard()->setText(QString::fromUtf8(report.readAll()));
        told();
    });
}

void FleetOpener::openForeign(MainWindow &window, const ui::shell::ViewLink &link)
{
    if (const QString file = Session::fileOf(m_settings, link.fleet); QFileInfo::exists(file)) {
        window.setStrip(StripKind::Message, {});
        openFile(file, link.toText());
        return;
    }
    const QString words = tr("The link is for another fleet, %1, which was not opened on this machine yet: open its fleet file first. What is open here is %2.").arg(link.fleet, window.fleetName());
    window.setStrip(StripKind::Message, {StripText::Tone::Warning, words, tr("The link is for another fleet, %1.").arg(link.fleet), tr("Close"), {}});
}

void FleetOpener::forget(Console *console)
{
    m_consoles.erase(std::remove_if(m_consoles.begin(), m_consoles.end(), [console](const auto &each) { return each.get() == console; }), m_consoles.end());
}

void FleetOpener::closeAll()
{
    for (const auto &console : m_consoles)
        console->window().saveSession();
    QCoreApplication::quit();
}

void FleetOpener::showStart(const QString &note)
{
    auto *view = new StartView(Session::knownFiles(m_settings), note, !LocalFleet::program().isEmpty());
    connect(view, &StartView::openRequested, this, [this] { chooseFile(m_message.get()); }, Qt::QueuedConnection);
    // Queued: the button that was pressed belongs to the view that is about to be replaced.
    connect(view, &StartView::fileChosen, this, [this](const QString &path) { openFile(path); }, Qt::QueuedConnection);
    connect(view, &StartView::localFleetRequested, this, &FleetOpener::startLocalFleet);
    connect(view, &StartView::discoveryRequested, this, &FleetOpener::askAddresses);
    connect(view, &StartView::discoveryCancelled, this, [this] {
        if (m_draft)
            m_draft->cancel();
    });
    showMessage(view, tr("Shardlens"));
}

void FleetOpener::startLocalFleet()
{
    QPointer<StartView> view = qobject_cast<StartView *>(m_message->centralWidget());
    if (!view)
        return;
    m_localFleet = std::make_unique<LocalFleet>();
    connect(m_localFleet.get(), &LocalFleet::said, view, [view](const QString &line) { view->showLocalFleet(line, true); });
    connect(m_localFleet.get(), &LocalFleet::failed, view, [view](const QString &why) { view->showLocalFleet(tr("The local fleet did not start: %1").arg(why), false); });
    connect(m_localFleet.get(), &LocalFleet::ready, this, [this](const QString &file) { openFile(file); }, Qt::QueuedConnection);
    view->showLocalFleet(tr("Starting real servers…"), true);
    m_localFleet->start();
}

void FleetOpener::askAddresses(const QStringList &addresses, const QString &user, bool follows)
{
    QPointer<StartView> view = qobject_cast<StartView *>(m_message->centralWidget());
    if (!view)
        return;
    m_draft = std::make_unique<AddressDraft>();
    connect(m_draft.get(), &AddressDraft::progressed, view, [view](const QString &line) { view->showDiscovery(line, true); });
    connect(m_draft.get(), &AddressDraft::failed, view, [view](const QString &why) { view->showDiscovery(why, false); });
    connect(m_draft.get(), &AddressDraft::ready, this, &FleetOpener::showDraft, Qt::QueuedConnection);
    view->showDiscovery(tr("Asking…"), true);
    m_draft->start(addresses, user, follows);
}

void FleetOpener::showDraft()
{
    auto *view = new ui::shell::DraftView(m_draft->content());
    connect(view, &ui::shell::DraftView::saveRequested, this, &FleetOpener::saveDraft, Qt::QueuedConnection);
    connect(view, &ui::shell::DraftView::backRequested, this, [this] { showStart(); }, Qt::QueuedConnection);
    showMessage(view, tr("A drafted fleet file"));
}

void FleetOpener::saveDraft()
{
    const QString path = QFileDialog::getSaveFileName(m_message.get(), tr("Save fleet file"), QStringLiteral("fleet.toml"), tr("Fleet files (*.toml)"));
    if (path.isEmpty())
        return;
    QSaveFile file(path);
    const QByteArray text = m_draft->toml();
    if (file.open(QIODevice::WriteOnly) && file.write(text) == text.size() && file.commit())
        openFile(path);
    else
        QMessageBox::warning(m_message.get(), tr("Shardlens"), tr("%1 cannot be written: %2").arg(path, file.errorString()));
}

void FleetOpener::showComplaints(const fleet::BadFleetFile &bad)
{
    auto *view = MessageView::complaints(bad, m_path);
    connect(view, &MessageView::openRequested, this, [this] { chooseFile(m_message.get()); }, Qt::QueuedConnection);
    connect(view, &MessageView::retryRequested, this, [this] { openFile(m_path); }, Qt::QueuedConnection);
    showMessage(view, ui::shell::complaintsTitle(bad, m_path));
}

void FleetOpener::showMessage(QWidget *view, const QString &title)
{
    if (!m_message) {
        m_message = std::make_unique<QMainWindow>();
        m_message->resize(m_options.sizeGiven ? m_options.size : QSize(960, 640));
    }
    m_message->setCentralWidget(view);
    m_message->setWindowTitle(title);
    m_message->show();
}

void FleetOpener::chooseFile(QWidget *parent)
{
    const QString path = QFileDialog::getOpenFileName(parent, tr("Open fleet file"), QFileInfo(m_path).path(), tr("Fleet files (*.toml)"));
    if (!path.isEmpty())
        openFile(path);
}

QString complaintsText(const fleet::BadFleetFile &bad, const QString &path)
{
    QString text = QStringLiteral("shardlens: ") + ui::shell::complaintsTitle(bad, path) + QLatin1Char('\n');
    for (const fleet::Complaint &complaint : bad.complaints)
        text += QString::fromStdString(fleet::sentence(complaint, QFileInfo(path).fileName().toStdString())) + QLatin1Char('\n');
    return text;
}

} // namespace shardlens::app

#include "moc_FleetOpener.cpp"
