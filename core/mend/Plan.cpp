// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mend/Plan.h"

#include <algorithm>
#include <map>
#include <set>

namespace shardlens::mend {

namespace {

constexpr std::size_t shownEntries = 20;

/// Which of these are in order already, the longest such choice: indexes into `values`, which ascend.
std::vector<bool> longestAscending(const std::vector<std::size_t> &values)
{
    std::vector<std::size_t> tails; // index of the least last value of an ascending run of each length
    std::vector<std::optional<std::size_t>> before(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto at =
            std::lower_bound(tails.begin(), tails.end(), values[i], [&](std::size_t tail, std::size_t value) { return values[tail] < value; });
        if (at != tails.begin())
            before[i] = *std::prev(at);
        if (at == tails.end())
            tails.push_back(i);
        else
            *at = i;
    }
    std::vector<bool> stays(values.size(), false);
    for (std::optional<std::size_t> i = tails.empty() ? std::nullopt : std::optional(tails.back()); i; i = before[*i])
        stays[*i] = true;
    return stays;
}

std::string quotedFor(const std::string &word)
{
    const bool isPlain = !word.empty() && std::all_of(word.begin(), word.end(), [](unsigned char c) { return c > ' ' && c < 127 && c != '\'' && c != '"'; });
    if (isPlain)
        return word;
    std::string out = "'";
    for (const char c : word)
        out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

} // namespace

bool Plan::passes() const
{
    return std::all_of(checks.begin(), checks.end(), [](const Check &check) { return check.passed; });
}

std::vector<Change> listChanges(const std::vector<std::string> &before, const std::vector<std::string> &after)
{
    std::map<std::string, std::size_t> isAt;
    for (std::size_t i = 0; i < after.size(); ++i)
        isAt.emplace(after[i], i);
    std::vector<Change> changes;
    std::set<std::string> seen;
    std::vector<std::size_t> keptAt; // positions in `before` of what stays
    std::vector<std::size_t> targets;
    for (std::size_t i = 0; i < before.size(); ++i) {
        const auto target = isAt.find(before[i]);
        if (target == isAt.end() || !seen.insert(before[i]).second) {
            changes.push_back({Change::Kind::Removed, before[i], i, std::nullopt, {}, {}, {}});
            continue;
        }
        keptAt.push_back(i);
        targets.push_back(target->second);
    }
    const std::vector<bool> stays = longestAscending(targets);
    for (std::size_t i = 0; i < targets.size(); ++i) {
        if (!stays[i])
            changes.push_back({Change::Kind::Moved, before[keptAt[i]], keptAt[i], targets[i], {}, {}, {}});
    }
    for (std::size_t i = 0; i < after.size(); ++i) {
        if (!seen.contains(after[i]))
            changes.push_back({Change::Kind::Added, after[i], std::nullopt, i, {}, {}, {}});
    }
    // As the new list reads, from its top: what goes stands where it stood.
    std::stable_sort(changes.begin(), changes.end(), [](const Change &a, const Change &b) {
        return a.isAt.value_or(a.wasAt.value_or(0)) < b.isAt.value_or(b.wasAt.value_or(0));
    });
    return changes;
}

std::vector<Change> fieldChanges(const std::vector<FieldWrite> &fields)
{
    std::vector<Change> changes;
    for (const FieldWrite &one : fields) {
        const auto kind = !one.before ? Change::Kind::Added : !one.after ? Change::Kind::Removed : Change::Kind::Replaced;
        if (one.before != one.after)
            changes.push_back({kind, one.field, std::nullopt, std::nullopt, one.key, one.before.value_or(""), one.after.value_or("")});
    }
    return changes;
}

std::optional<std::vector<std::string>> carriedOn(const ListWrite &write, const std::vector<std::string> &now)
{
    const std::vector<std::string> &before = write.before;
    if (now == before)
        return write.after;
    // Pushed in front of the old first one, and perhaps cut at the end. The least push that explains it is the one that was.
    for (std::size_t pushed = 1; pushed <= now.size(); ++pushed) {
        const std::size_t left = now.size() - pushed;
        if (left == 0 && !before.empty())
            break; // nothing is left by which it could be known again
        const bool wasCut = left < before.size();
        const bool isAllowed = left <= before.size() && (!wasCut || (write.most != 0 && now.size() == write.most));
        if (!isAllowed || !std::equal(now.begin() + static_cast<std::ptrdiff_t>(pushed), now.end(), before.begin()))
            continue;
        std::vector<std::string> list(now.begin(), now.begin() + static_cast<std::ptrdiff_t>(pushed));
        std::copy_if(write.after.begin(), write.after.end(), std::back_inserter(list), [&](const std::string &entry) {
            return std::find(now.begin(), now.begin() + static_cast<std::ptrdiff_t>(pushed), entry) == now.begin() + static_cast<std::ptrdiff_t>(pushed);
        });
        if (write.most != 0 && list.size() > write.most)
            list.resize(write.most);
        return list;
    }
    return std::nullopt;
}

std::vector<std::string> commandsOf(const Plan &plan)
{
    std::vector<std::string> commands;
    if (!plan.isNeeded())
        return commands;
    commands.emplace_back("MULTI");
    if (plan.list) {
        commands.push_back("DEL " + quotedFor(plan.list->key));
        std::string push = "RPUSH " + quotedFor(plan.list->key);
        for (std::size_t i = 0; i < std::min(shownEntries, plan.list->after.size()); ++i)
            push += " " + quotedFor(plan.list->after[i]);
        if (plan.list->after.size() > shownEntries)
            push += " … " + std::to_string(plan.list->after.size() - shownEntries) + " more";
        if (!plan.list->after.empty())
            commands.push_back(push);
        if (plan.list->expiresInMs > 0)
            commands.push_back("PEXPIRE " + quotedFor(plan.list->key) + " " + std::to_string(plan.list->expiresInMs));
    }
    for (const FieldWrite &one : plan.fields)
        commands.push_back(one.after ? "HSET " + quotedFor(one.key) + " " + quotedFor(one.field) + " " + quotedFor(*one.after)
                                     : "HDEL " + quotedFor(one.key) + " " + quotedFor(one.field));
    commands.emplace_back("EXEC");
    return commands;
}

std::string confirmationOf(const Intent &intent)
{
    switch (intent.what) {
    case What::Feed: return std::to_string(intent.user);
    case What::MapBucket: return std::to_string(intent.bucket);
    case What::MapEntry: return std::to_string(intent.media);
    }
    return {};
}

std::string subjectOf(const Intent &intent)
{
    switch (intent.what) {
    case What::Feed: return "feed of user " + confirmationOf(intent);
    case What::MapBucket: return "media map bucket " + confirmationOf(intent);
    case What::MapEntry: return "media map entry of media " + confirmationOf(intent);
    }
    return {};
}

std::string_view name(What what)
{
    switch (what) {
    case What::Feed: return "feed";
    case What::MapBucket: return "map_bucket";
    case What::MapEntry: return "map_entry";
    }
    return "";
}

std::string_view name(CheckId id)
{
    switch (id) {
    case CheckId::OnePrimary: return "one_primary";
    case CheckId::TakesWrites: return "takes_writes";
    case CheckId::NoOperation: return "no_operation";
    case CheckId::NewestTerm: return "newest_term";
    case CheckId::ShardsAnswered: return "shards_answered";
    case CheckId::StillTheSame: return "still_the_same";
    }
    return "";
}

std::string_view name(Change::Kind kind)
{
    switch (kind) {
    case Change::Kind::Added: return "added";
    case Change::Kind::Removed: return "removed";
    case Change::Kind::Moved: return "moved";
    case Change::Kind::Replaced: return "replaced";
    }
    return "";
}

} // namespace shardlens::mend
