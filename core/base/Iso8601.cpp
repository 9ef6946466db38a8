// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Iso8601.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace shardlens::base {

namespace {

constexpr std::int64_t msPerDay = 86400000;
constexpr std::int64_t earliestMs = -62167219200000; // 0000-01-01T00:00:00.000Z
constexpr std::int64_t latestMs = 253402300799999;   // 9999-12-31T23:59:59.999Z

constexpr auto pairs = [] {
    std::array<char, 200> table{};
    for (std::size_t i = 0; i < 100; ++i) {
        table[2 * i] = static_cast<char>('0' + i / 10);
        table[2 * i + 1] = static_cast<char>('0' + i % 10);
    }
    return table;
}();

void twoDigits(char *to, unsigned number)
{
    std::memcpy(to, &pairs[2 * number], 2);
}

/// "2022-01-29T" of days since 1970.
void writeDate(char *to, std::int64_t days)
{
    const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days}}};
    const auto year = static_cast<unsigned>(int(date.year()));
    twoDigits(to, year / 100);
    twoDigits(to + 2, year % 100);
    to[4] = '-';
    twoDigits(to + 5, unsigned(date.month()));
    to[7] = '-';
    twoDigits(to + 8, unsigned(date.day()));
    to[10] = 'T';
}

/// Takes exactly `count` digits off the front.
std::optional<unsigned> takeDigits(std::string_view &text, std::size_t count)
{
    if (text.size() < count)
        return std::nullopt;
    unsigned value = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (text[i] < '0' || text[i] > '9')
            return std::nullopt;
        value = value * 10 + unsigned(text[i] - '0');
    }
    text.remove_prefix(count);
    return value;
}

bool take(std::string_view &text, char letter)
{
    if (text.empty() || text.front() != letter)
        return false;
    text.remove_prefix(1);
    return true;
}

/// ".033" as microseconds; nothing if a point stands without digits, or with more than 6.
std::optional<microseconds> takeFraction(std::string_view &text)
{
    if (!take(text, '.'))
        return microseconds(0);
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    if (digits == 0 || digits > 6)
        return std::nullopt;
    std::int64_t value = *takeDigits(text, digits);
    for (std::size_t i = digits; i < 6; ++i)
        value *= 10;
    return microseconds(value);
}

std::optional<microseconds> takeTimeOfDay(std::string_view &text)
{
    const auto hours = takeDigits(text, 2);
    if (!hours || *hours > 23 || !take(text, ':'))
        return std::nullopt;
    const auto minutes = takeDigits(text, 2);
    if (!minutes || *minutes > 59)
        return std::nullopt;
    microseconds time = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
    if (!take(text, ':'))
        return time;
    const auto secondsOfMinute = takeDigits(text, 2);
    if (!secondsOfMinute || *secondsOfMinute > 59)
        return std::nullopt;
    const auto fraction = takeFraction(text);
    if (!fraction)
        return std::nullopt;
    return time + seconds(*secondsOfMinute) + *fraction;
}

} // namespace

char *writeIso(char *to, std::int64_t unixMs) noexcept
{
    const std::int64_t ms = std::clamp(unixMs, earliestMs, latestMs);
    std::int64_t days = ms / msPerDay;
    std::int64_t ofDay = ms % msPerDay;
    if (ofDay < 0) {
        ofDay += msPerDay;
        --days;
    }
    writeDate(to, days);
    auto rest = static_cast<unsigned>(ofDay);
    const unsigned thousandths = rest % 1000;
    rest /= 1000;
    twoDigits(to + 11, rest / 3600);
    to[13] = ':';
    twoDigits(to + 14, rest / 60 % 60);
    to[16] = ':';
    twoDigits(to + 17, rest % 60);
    to[19] = '.';
    to[20] = static_cast<char>('0' + thousandths / 100);
    twoDigits(to + 21, thousandths % 100);
    to[23] = 'Z';
    return to + isoLength;
}

std::string isoUtc(UtcTime time)
{
    char text[isoLength];
    return {text, writeIso(text, std::chrono::floor<milliseconds>(time).time_since_epoch().count())};
}

std::string isoUtcMicros(UtcTime time)
{
    std::string text = isoUtc(time);
    text.pop_back();
    const auto micros = (time - std::chrono::floor<milliseconds>(time)).count();
    for (const auto divisor : {100, 10, 1})
        text += static_cast<char>('0' + micros / divisor % 10);
    return text + "Z";
}

std::optional<UtcTime> parseIso(std::string_view text)
{
    const auto year = takeDigits(text, 4);
    if (!year || !take(text, '-'))
        return std::nullopt;
    const auto month = takeDigits(text, 2);
    if (!month || !take(text, '-'))
        return std::nullopt;
    const auto day = takeDigits(text, 2);
    if (!day)
        return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(int(*year)), std::chrono::month(*month), std::chrono::day(*day)};
    if (!date.ok())
        return std::nullopt;
    UtcTime result{std::chrono::sys_days(date)};
    if (text.empty())
        return result;
    if (!take(text, 'T') && !take(text, ' '))
        return std::nullopt;
    const auto timeOfDay = takeTimeOfDay(text);
    if (!timeOfDay)
        return std::nullopt;
    take(text, 'Z');
    return text.empty() ? std::optional<UtcTime>(result + *timeOfDay) : std::nullopt;
}

} // namespace shardlens::base
