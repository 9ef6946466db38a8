// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlens/Console.h"

#include "app/shardlens/Pages.h"

namespace shardlens::app {

Console::Console(std::shared_ptr<const fleet::Fleet> fleet, const QString &from, ui::theme::Theme &theme, QSettings *settings, QObject *parent)
    : QObject(parent), m_theme(theme), m_clock(std::make_shared<base::SystemClock>())
{
    observe::Engine::Options options;
    options.from = base::RegionName(from.toStdString());
    m_engine = std::make_unique<observe::Engine>(fleet, options, m_clock);
    if (settings)
        m_session = std::make_unique<ui::shell::Session>(*settings, QString::fromStdString(fleet->name));

    ui::shell::WindowParts parts;
    parts.context = {fleet, &m_history, m_clock};
    parts.pages = pages(*fleet);
    parts.theme = &theme;
    parts.session = m_session.get();
    parts.seenFrom = options.from;
    m_window = std::make_unique<ui::shell::MainWindow>(std::move(parts));

    connect(m_engine.get(), &observe::Engine::snapshotTaken, this, &Console::show);
    connect(m_window.get(), &ui::shell::MainWindow::readAgainRequested, m_engine.get(), &observe::Engine::readAgainNow);
    connect(m_window.get(), &ui::shell::MainWindow::themeChosen, this, [this](ui::theme::Theme::Mode mode) {
        m_theme.setMode(mode);
        if (m_session)
            m_session->setThemeMode(mode);
    });
}

Console::~Console()
{
    m_engine->stop();
}

void Console::start()
{
    show(m_engine->latest()); // every server in its place, asking
    m_engine->start();
}

void Console::show(const facts::SnapshotPtr &snapshot)
{
    m_history.record(*snapshot);
    m_window->showSnapshot(snapshot);
    Q_EMIT snapshotShown(snapshot);
}

} // namespace shardlens::app
