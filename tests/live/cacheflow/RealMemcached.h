// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/memcached/Session.h"

#include <QProcess>

#include <memory>

/// One real memcached on a free port of the loopback address, ended with the object. One thread.
class RealMemcached
{
public:
    explicit RealMemcached(int megabytes = 64);
    ~RealMemcached();

    [[nodiscard]] bool start(); ///< on the same port each time; false when it does not answer within 5 s
    void kill();
    void freeze();
    void thaw();
    [[nodiscard]] shardlens::memcached::Member member() const { return {"cache-1", {"127.0.0.1", m_port}}; }

private:
    void signal(int number);

    int m_megabytes;
    std::uint16_t m_port = 0;
    std::unique_ptr<QProcess> m_process;
};
