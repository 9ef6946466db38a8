// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/Kernel.h"

namespace shardlens::facts {

KernelChange changeOf(const std::optional<Kernel> &before, const Kernel &now, const std::optional<base::UtcTime> &marked)
{
    if (before && before->release != now.release)
        return KernelChange::Renewed;
    if (before)
        return before->bootId == now.bootId ? KernelChange::NotRestarted : KernelChange::Restarted;
    // Clocks of two machines: one that booted long before the mark was not restarted since, whatever they differ by.
    constexpr base::seconds clocks{60};
    return marked && now.bootedAt + clocks < *marked ? KernelChange::NotRestarted : KernelChange::NotCompared;
}

std::string_view name(KernelChange change)
{
    switch (change) {
    case KernelChange::Renewed: return "renewed";
    case KernelChange::Restarted: return "restarted";
    case KernelChange::NotRestarted: return "not_restarted";
    case KernelChange::NotCompared: return "not_compared";
    }
    return "";
}

} // namespace shardlens::facts
