// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fakes/PgWire.h"

namespace shardlens::fakes::wire {

std::string int16(int value)
{
    return {static_cast<char>(value >> 8 & 0xff), static_cast<char>(value & 0xff)};
}

std::string int32(std::uint32_t value)
{
    return {static_cast<char>(value >> 24 & 0xff), static_cast<char>(value >> 16 & 0xff), static_cast<char>(value >> 8 & 0xff), static_cast<char>(value & 0xff)};
}

std::uint32_t readInt32(std::string_view bytes)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4 && i < bytes.size(); ++i)
        value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return value;
}

std::string message(char type, const std::string &body)
{
    return type + int32(static_cast<std::uint32_t>(body.size() + 4)) + body;
}

std::string rowDescription(const std::vector<std::string> &columns)
{
    std::string body = int16(static_cast<int>(columns.size()));
    for (const auto &column : columns) {
        body += column + '\0';
        body += int32(0) + int16(0) + int32(25) + int16(-1) + int32(0xffffffffU) + int16(0); // of type text
    }
    return message('T', body);
}

std::string dataRow(const Cells &cells)
{
    std::string body = int16(static_cast<int>(cells.size()));
    for (const auto &cell : cells)
        body += cell ? int32(static_cast<std::uint32_t>(cell->size())) + *cell : int32(0xffffffffU);
    return message('D', body);
}

std::string complete(const std::string &tag)
{
    return message('C', tag + '\0');
}

std::string ready()
{
    return message('Z', "I");
}

std::string error(const std::string &sqlState, const std::string &text, const std::string &severity)
{
    std::string body = "S" + severity + '\0' + "V" + severity + '\0' + "C" + sqlState + '\0' + "M" + text + '\0';
    body += '\0';
    return message('E', body);
}

std::string parameter(const std::string &name, const std::string &value)
{
    return message('S', name + '\0' + value + '\0');
}

std::optional<std::pair<char, std::string>> takeMessage(std::string &unread)
{
    if (unread.size() < 5)
        return std::nullopt;
    const std::size_t length = readInt32(std::string_view(unread).substr(1));
    if (unread.size() < length + 1)
        return std::nullopt;
    auto taken = std::pair(unread[0], unread.substr(5, length - 4));
    unread.erase(0, length + 1);
    return taken;
}

std::optional<std::string> takeStartup(std::string &unread)
{
    if (unread.size() < 8)
        return std::nullopt;
    const std::size_t length = readInt32(unread);
    if (unread.size() < length)
        return std::nullopt;
    std::string body = unread.substr(4, length - 4);
    unread.erase(0, length);
    return body;
}

} // namespace shardlens::fakes::wire
