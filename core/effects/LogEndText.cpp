// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/effects/LogEndText.h"

#include <algorithm>
#include <charconv>

namespace shardlens::effects {

namespace {

constexpr std::uint64_t pageSize = 8192;
constexpr std::uint64_t headerOfPage = 24;
constexpr std::uint64_t headerOfSegment = 40; ///< of a segment's first page

std::optional<std::uint64_t> numberAfter(std::string_view line, std::string_view words)
{
    std::size_t at = line.find(words);
    if (at == std::string_view::npos)
        return std::nullopt;
    at = line.find_first_not_of(' ', at + words.size());
    std::uint64_t number = 0;
    if (at == std::string_view::npos || std::from_chars(line.data() + at, line.data() + line.size(), number).ec != std::errc())
        return std::nullopt;
    return number;
}

} // namespace

std::optional<base::Lsn> endOfRecord(std::string_view line, std::uint64_t segmentSize)
{
    constexpr std::string_view position = ", lsn: ", length = "len (rec/tot):";
    const std::size_t at = line.find(position), of = line.find(length);
    if (!line.starts_with("rmgr: ") || at == std::string_view::npos || of == std::string_view::npos || segmentSize < pageSize)
        return std::nullopt;
    const std::string_view from = line.substr(at + position.size());
    const auto begin = base::Lsn::parse(from.substr(0, from.find(',')));
    const std::size_t slash = line.find('/', of + length.size());
    const auto size = slash == std::string_view::npos ? std::nullopt : numberAfter(line.substr(slash), "/");
    if (!begin || !size || *size == 0)
        return std::nullopt;
    std::uint64_t end = begin->value;
    for (std::uint64_t left = *size; left > 0;) {
        if (end % pageSize == 0)
            end += end % segmentSize == 0 ? headerOfSegment : headerOfPage;
        const std::uint64_t here = std::min(left, pageSize - end % pageSize);
        end += here;
        left -= here;
    }
    return base::Lsn{(end + 7) / 8 * 8};
}

} // namespace shardlens::effects
