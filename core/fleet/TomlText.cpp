// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fleet/TomlText.h"

#include <cstdio>

namespace shardlens::fleet {

std::string tomlQuoted(std::string_view text)
{
    std::string result = "\"";
    for (const char letter : text) {
        char escaped[8];
        if (letter == '"' || letter == '\\') {
            result += '\\';
            result += letter;
        } else if (static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f) {
            std::snprintf(escaped, sizeof escaped, "\\u%04X", unsigned(static_cast<unsigned char>(letter)));
            result += escaped;
        } else {
            result += letter;
        }
    }
    return result + "\"";
}

} // namespace shardlens::fleet
