// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlens/FleetOpener.h"

#include "ui/shell/MessageView.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QMainWindow>

#include <cstdio>

namespace shardlens::app {

using ui::shell::MessageView;

FleetOpener::FleetOpener(Options options, ui::theme::Theme &theme, QSettings &settings, QObject *parent)
    : QObject(parent), m_options(std::move(options)), m_theme(theme), m_settings(settings)
{
}

FleetOpener::~FleetOpener() = default;

void FleetOpener::begin()
{
    if (!m_options.fleetFile.isEmpty()) {
        openFile(m_options.fleetFile);
        return;
    }
    MessageView *view = MessageView::start();
    showMessage(view, tr("Shardlens"));
}

void FleetOpener::openFile(const QString &path)
{
    m_path = path;
    fleet::FleetReading reading = fleet::readFleetFile(path.toStdString());
    if (!reading) {
        std::fputs(qPrintable(complaintsText(reading.error(), path)), stderr);
        showMessage(MessageView::complaints(reading.error(), path), ui::shell::complaintsTitle(reading.error(), path));
        return;
    }
    const bool first = m_consoles.empty();
    auto console = std::make_unique<Console>(std::make_shared<const fleet::Fleet>(std::move(*reading)), m_options.from, m_theme, &m_settings);
    ui::shell::MainWindow &window = console->window();
    if (first && !m_options.page.isEmpty() && !window.goTo(m_options.page))
        std::fprintf(stderr, "shardlens: there is no page '%s'\n", qPrintable(m_options.page));
    window.restoreSession();
    if (first && m_options.sizeGiven)
        window.resize(m_options.size);
    window.show();
    console->start();
    m_consoles.push_back(std::move(console));
    // Only now: the application ends with its last window.
    m_message.reset();
}

void FleetOpener::showMessage(QWidget *view, const QString &title)
{
    if (!m_message) {
        m_message = std::make_unique<QMainWindow>();
        m_message->resize(m_options.sizeGiven ? m_options.size : QSize(960, 640));
    }
    auto *message = static_cast<MessageView *>(view);
    // Queued: the button that was pressed belongs to the view that is about to be replaced.
    connect(message, &MessageView::openRequested, this, &FleetOpener::chooseFile, Qt::QueuedConnection);
    connect(message, &MessageView::retryRequested, this, [this] { openFile(m_path); }, Qt::QueuedConnection);
    m_message->setCentralWidget(view);
    m_message->setWindowTitle(title);
    m_message->show();
}

void FleetOpener::chooseFile()
{
    const QString path = QFileDialog::getOpenFileName(m_message.get(), tr("Open fleet file"), QFileInfo(m_path).path(), tr("Fleet files (*.toml)"));
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
