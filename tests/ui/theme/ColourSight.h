// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>

#include <cstdint>

namespace shardlens::tests {

enum class Sight : std::uint8_t { Protan, Deutan, Tritan };

struct Lab {
    double lightness;
    double a;
    double b;
};

/// How far apart two colours look: CIEDE2000.
[[nodiscard]] double distance(const Lab &one, const Lab &other);
/// A colour as somebody sees it who lacks one sort of cone wholly (Machado, Oliveira and Fernandes, 2009).
[[nodiscard]] Lab seenBy(Sight sight, const QColor &colour);

} // namespace shardlens::tests
