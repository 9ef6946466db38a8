// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/ids/Naive.h"

#include <cstdio>
#include <ctime>
#include <iostream>

namespace naive {

namespace {

const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

} // namespace

std::uint64_t idOfNumber(const std::string &text)
{
    return std::stoull(text);
}

std::uint64_t idOfShortcode(const std::string &text)
{
    std::uint64_t id = 0;
    for (const char letter : text)
        id = id * 64 + alphabet.find(letter);
    return id;
}

std::string shortcodeOf(std::uint64_t id)
{
    std::string code;
    do {
        code.insert(code.begin(), alphabet[id % 64]);
        id /= 64;
    } while (id > 0);
    return code;
}

Parts partsOf(std::uint64_t id)
{
    return {std::int64_t(id >> 23) + 1314220021721, std::uint32_t((id >> 10) % 8192), std::uint32_t(id % 1024)};
}

std::string isoOf(std::int64_t unixMs)
{
    const std::time_t whole = unixMs / 1000;
    std::tm parts{};
    gmtime_r(&whole, &parts);
    char date[32];
    std::strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &parts);
    char text[48];
    std::snprintf(text, sizeof text, "%s.%03dZ", date, int(unixMs % 1000));
    return text;
}

void decodeStandardInput()
{
    std::string line;
    while (std::getline(std::cin, line)) {
        const bool isNumber = line.find_first_not_of("0123456789") == std::string::npos;
        const std::uint64_t id = isNumber ? idOfNumber(line) : idOfShortcode(line);
        const Parts parts = partsOf(id);
        std::cout << line << '\t' << id << '\t' << shortcodeOf(id) << '\t' << isoOf(parts.mintedMs) << '\t' << parts.shard << '\t'
                  << parts.sequence << '\n';
    }
}

} // namespace naive
