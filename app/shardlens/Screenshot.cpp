// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlens/Screenshot.h"

#include "ui/format/Headline.h"

#include <QCoreApplication>
#include <QImage>

#include <cstdio>

namespace shardlens::app {

Screenshot::Screenshot(Console &console, QString file, QObject *parent) : QObject(parent), m_console(console), m_file(std::move(file))
{
    m_patience.setSingleShot(true);
    m_patience.setInterval(kPatienceMs);
    connect(&m_patience, &QTimer::timeout, this, &Screenshot::giveUp);
    connect(&console, &Console::snapshotShown, this, &Screenshot::look);
    m_patience.start();
}

void Screenshot::look(const facts::SnapshotPtr &snapshot)
{
    const auto answers = facts::countAnswers(*snapshot);
    m_answered = int(answers.answering);
    m_servers = int(answers.declared);
    const ui::pages::Page *page = m_console.window().currentPage();
    // What was found a moment ago is told a few readings later.
    const bool isPending = snapshot->undecided > 0 && snapshot->takenAt - snapshot->observingSince < std::chrono::milliseconds(kRulesMs);
    if (m_taking || !page || !page->hasLiveData() || !ui::format::allAnsweredOrTimedOut(*snapshot) || isPending)
        return;
    m_taking = true;
    // One turn later, so that queued paints of this snapshot are in the picture.
    QTimer::singleShot(50, this, &Screenshot::take);
}

void Screenshot::take()
{
    m_patience.stop();
    // Nobody is at the keyboard of a picture.
    if (QWidget *focused = m_console.window().focusWidget())
        focused->clearFocus();
    // A snapshot that came a moment ago has queued what its charts need.
    QCoreApplication::processEvents(QEventLoop::ExcludeUserInputEvents);
    const QImage image = m_console.window().grab().toImage();
    if (image.save(m_file)) {
        Q_EMIT finished(0);
        return;
    }
    std::fprintf(stderr, "shardlens: %s cannot be written\n", qPrintable(m_file));
    Q_EMIT finished(3);
}

void Screenshot::giveUp()
{
    std::fprintf(stderr, "shardlens: no picture: after %d s %d of %d servers have answered and the page %s has no live data\n", kPatienceMs / 1000,
                 m_answered, m_servers, qPrintable(m_console.window().currentPageId()));
    Q_EMIT finished(3);
}

} // namespace shardlens::app

#include "moc_Screenshot.cpp"
