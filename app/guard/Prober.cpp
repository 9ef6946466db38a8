// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/guard/Prober.h"

#include <algorithm>

#include <poll.h>

namespace shardlens::guard
{

Prober::Prober(const fleet::Fleet &fleet, const base::RegionName &region, Report &report, std::shared_ptr<wire::Interrupt> stop)
    : m_report(report), m_stop(std::move(stop))
{
    m_probes.reserve(fleet.servers.size());
    // Spread over the first second, and so over each that follows: asked all at once they would measure each other.
    const auto now = std::chrono::steady_clock::now();
    const auto step = base::microseconds(1'000'000) / std::max<std::size_t>(fleet.servers.size(), 1);
    for (const auto &server : fleet.servers) {
        if (server.kind != fleet::ServerKind::Postgres)
            m_probes.emplace_back(server, server.address.from(region), fleet.thresholds.deadline, now + m_probes.size() * step);
    }
}

void Prober::run()
{
    std::vector<pollfd> fds(m_probes.size() + 1);
    fds.back() = {m_stop->descriptor(), POLLIN, 0};
    for (;;) {
        const auto now = std::chrono::steady_clock::now();
        auto wakeAt = now + base::seconds(1);
        for (std::size_t i = 0; i < m_probes.size(); ++i) {
            note(m_probes[i], m_probes[i].turn(now));
            fds[i] = {m_probes[i].descriptor(), m_probes[i].events(), 0};
            wakeAt = std::min(wakeAt, m_probes[i].wakeAt());
        }
        const auto left = std::chrono::ceil<base::milliseconds>(wakeAt - std::chrono::steady_clock::now()).count();
        ::poll(fds.data(), fds.size(), static_cast<int>(std::clamp<std::int64_t>(left, 0, 1000)));
        if (fds.back().revents != 0)
            return;
        for (std::size_t i = 0; i < m_probes.size(); ++i) {
            if (fds[i].fd >= 0 && fds[i].revents != 0)
                note(m_probes[i], m_probes[i].handle(std::chrono::steady_clock::now()));
        }
    }
}

void Prober::note(const Probe &probe, const std::optional<ReachReport> &found)
{
    if (found)
        m_report.setReach(probe.server(), *found);
}

} // namespace shardlens::guard
