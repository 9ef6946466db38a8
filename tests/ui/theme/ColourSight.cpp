// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/theme/ColourSight.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace shardlens::tests {

namespace {

using Triple = std::array<double, 3>;
using Matrix = std::array<Triple, 3>;

constexpr std::array<Matrix, 3> kSight{{
    {{{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}},
    {{{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}},
    {{{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}}},
}};
constexpr Matrix kToXyz{{{0.4124564, 0.3575761, 0.1804375}, {0.2126729, 0.7151522, 0.0721750}, {0.0193339, 0.1191920, 0.9503041}}};
constexpr Triple kWhite{0.95047, 1.0, 1.08883};

Triple times(const Matrix &matrix, const Triple &v)
{
    Triple out{};
    for (std::size_t i = 0; i < 3; ++i)
        out[i] = matrix[i][0] * v[0] + matrix[i][1] * v[1] + matrix[i][2] * v[2];
    return out;
}

double linear(double channel) { return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4); }

Lab labOf(const Triple &rgb)
{
    Triple f = times(kToXyz, rgb);
    for (std::size_t i = 0; i < 3; ++i) {
        const double t = f[i] / kWhite[i];
        f[i] = t > 216.0 / 24389 ? std::cbrt(t) : (24389.0 / 27 * t + 16) / 116;
    }
    return {116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])};
}

double radians(double degrees) { return degrees * std::numbers::pi / 180; }

double hueOf(double a, double b)
{
    const double degrees = std::atan2(b, a) * 180 / std::numbers::pi;
    return degrees < 0 ? degrees + 360 : degrees;
}

} // namespace

Lab seenBy(Sight sight, const QColor &colour)
{
    Triple seen = times(kSight[static_cast<std::size_t>(sight)], {linear(colour.redF()), linear(colour.greenF()), linear(colour.blueF())});
    for (double &channel : seen)
        channel = std::clamp(channel, 0.0, 1.0);
    return labOf(seen);
}

double distance(const Lab &one, const Lab &other)
{
    const auto seventh = [](double c) { return std::sqrt(std::pow(c, 7) / (std::pow(c, 7) + std::pow(25.0, 7))); };
    const double stretch = 1 + 0.5 * (1 - seventh((std::hypot(one.a, one.b) + std::hypot(other.a, other.b)) / 2));
    const double chroma1 = std::hypot(one.a * stretch, one.b);
    const double chroma2 = std::hypot(other.a * stretch, other.b);
    const double hue1 = hueOf(one.a * stretch, one.b);
    const double hue2 = hueOf(other.a * stretch, other.b);
    const bool isGrey = chroma1 * chroma2 == 0;
    double turn = isGrey ? 0 : hue2 - hue1;
    if (std::abs(turn) > 180)
        turn += turn > 0 ? -360 : 360;
    double hue = isGrey ? hue1 + hue2 : (hue1 + hue2) / 2;
    if (!isGrey && std::abs(hue1 - hue2) > 180)
        hue += hue1 + hue2 < 360 ? 180 : -180;
    const double lightness = (one.lightness + other.lightness) / 2 - 50;
    const double chroma = (chroma1 + chroma2) / 2;
    const double t = 1 - 0.17 * std::cos(radians(hue - 30)) + 0.24 * std::cos(radians(2 * hue)) + 0.32 * std::cos(radians(3 * hue + 6)) -
                     0.20 * std::cos(radians(4 * hue - 63));
    const double dl = (other.lightness - one.lightness) / (1 + 0.015 * lightness * lightness / std::sqrt(20 + lightness * lightness));
    const double dc = (chroma2 - chroma1) / (1 + 0.045 * chroma);
    const double dh = 2 * std::sqrt(chroma1 * chroma2) * std::sin(radians(turn / 2)) / (1 + 0.015 * chroma * t);
    const double blue = 60 * std::exp(-std::pow((hue - 275) / 25, 2));
    return std::sqrt(dl * dl + dc * dc + dh * dh - std::sin(radians(blue)) * 2 * seventh(chroma) * dc * dh);
}

} // namespace shardlens::tests
