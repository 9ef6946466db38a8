// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/FaultRecord.h"

#include <algorithm>
#include <array>
#include <ctime>

namespace shardlens::localfleet::faults
{

namespace
{

constexpr const char *detail = "detail.";

std::filesystem::path fileOf(const Home &home, const std::string &kind, const std::string &target)
{
    return home.faults() / (kind + "." + target);
}

std::string utcNow()
{
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    std::array<char, 32> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

} // namespace

std::vector<Record> all(const Home &home)
{
    std::vector<Record> records;
    std::error_code error;
    for (const auto &entry : std::filesystem::directory_iterator(home.faults(), error)) {
        if (entry.path().extension() == ".new")
            continue; // a writer that died half-way
        Settings settings = parseSettings(readFile(entry.path()).value_or(std::string()));
        Record record{settings["kind"], settings["target"], settings["since"], {}};
        for (const auto &[key, value] : settings) {
            if (key.rfind(detail, 0) == 0)
                record.details[key.substr(std::string(detail).size())] = value;
        }
        if (!record.kind.empty())
            records.push_back(std::move(record));
    }
    std::sort(records.begin(), records.end(),
              [](const Record &a, const Record &b) { return std::tie(a.since, a.kind, a.target) < std::tie(b.since, b.kind, b.target); });
    return records;
}

std::optional<Record> find(const Home &home, const std::string &kind, const std::string &target)
{
    for (const Record &record : all(home)) {
        if (record.kind == kind && record.target == target)
            return record;
    }
    return std::nullopt;
}

base::Result<void> keep(const Home &home, Record record)
{
    const auto before = find(home, record.kind, record.target);
    Settings settings{{"kind", record.kind}, {"target", record.target}, {"since", before ? before->since : utcNow()}};
    for (const auto &[key, value] : record.details)
        settings[detail + key] = value;
    return writeFile(fileOf(home, record.kind, record.target), printSettings(settings));
}

void forget(const Home &home, const std::string &kind, const std::string &target)
{
    std::error_code error;
    std::filesystem::remove(fileOf(home, kind, target), error);
}

std::optional<std::vector<std::pair<std::string, std::string>>> clockEnvironment(const Home &home, const std::string &server)
{
    const auto fault = find(home, "clock-off", server);
    if (!fault)
        return std::nullopt;
    const auto library = fault->details.find("library");
    const auto offset = fault->details.find("offset");
    if (library == fault->details.end() || offset == fault->details.end())
        return std::nullopt;
    // The monotonic clock stays true: time-outs and waits must go on as they are; only the time of day is off.
    return std::vector<std::pair<std::string, std::string>>{
        {"LD_PRELOAD", library->second}, {"FAKETIME", offset->second}, {"FAKETIME_DONT_FAKE_MONOTONIC", "1"}, {"FAKETIME_NO_CACHE", "1"}};
}

} // namespace shardlens::localfleet::faults
