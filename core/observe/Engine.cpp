// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/Engine.h"

#include "core/observe/EngineParts.h"

#include <QMetaObject>

#include <algorithm>

namespace shardlens::observe {

struct Engine::Private {
    std::shared_ptr<EngineParts> parts;
    KeychainReader keychain;
};

Engine::Engine(std::shared_ptr<const fleet::Fleet> fleet, Options options, std::shared_ptr<const base::Clock> clock, QObject *parent)
    : QObject(parent), m_d(std::make_unique<Private>())
{
    m_d->keychain = options.keychain;
    m_d->parts = std::make_shared<EngineParts>(std::move(fleet), options.from, options.loops, options.readsShardMap, options.hurries, options.seldom, std::move(clock));
    m_d->parts->setTaken([this] {
        QMetaObject::invokeMethod(this, [this] {
            for (const auto &snapshot : m_d->parts->takeUndelivered())
                Q_EMIT snapshotTaken(snapshot);
        }, Qt::QueuedConnection);
    });
}

Engine::~Engine()
{
    stop();
}

void Engine::start()
{
    m_d->parts->start();
    if (m_d->parts->passwords().needKeychain())
        QMetaObject::invokeMethod(this, [this] { m_d->parts->passwords().readKeychain(m_d->keychain); }, Qt::QueuedConnection);
}

void Engine::stop()
{
    m_d->parts->stop();
}

facts::SnapshotPtr Engine::latest() const
{
    return m_d->parts->latest();
}

void Engine::readAgainNow()
{
    m_d->parts->readAgainNow(true);
}

void Engine::setShared(facts::SharedPtr shared)
{
    m_d->parts->setShared(std::move(shared));
}

void Engine::restoreEvents(facts::EventListPtr kept)
{
    m_d->parts->restoreEvents(std::move(kept));
}

void Engine::restoreUsualLatency(const base::ServerId &server, base::microseconds latency)
{
    m_d->parts->restoreUsualLatency(server, latency);
}

void Engine::readShardMapNow()
{
    m_d->parts->readAgainNow(false);
}

} // namespace shardlens::observe

#include "moc_Engine.cpp"
