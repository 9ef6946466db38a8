// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format/Terms.h"

#include "ui/format/Words.h"

#include <array>
#include <utility>

namespace shardlens::ui::format {

namespace {

using Entry = std::pair<std::string_view, const char *>;

template <std::size_t N>
QString find(const std::array<Entry, N> &entries, const std::string &term)
{
    for (const auto &[name, words] : entries) {
        if (name == term)
            return Words::tr(words);
    }
    return {};
}

constexpr std::array<Entry, 18> reasons{{
    {"gets", QT_TRANSLATE_NOOP("shardlens::ui::format", "no gets")},
    {"reads", QT_TRANSLATE_NOOP("shardlens::ui::format", "no reads")},
    {"heartbeat", QT_TRANSLATE_NOOP("shardlens::ui::format", "no heartbeat is seen there")},
    {"missing", QT_TRANSLATE_NOOP("shardlens::ui::format", "it is missing")},
    {"not_streaming", QT_TRANSLATE_NOOP("shardlens::ui::format", "it does not stream")},
    {"not_linked", QT_TRANSLATE_NOOP("shardlens::ui::format", "it is not linked")},
    {"not_filling", QT_TRANSLATE_NOOP("shardlens::ui::format", "it does not fill")},
    {"no_sender_row", QT_TRANSLATE_NOOP("shardlens::ui::format", "the primary sends it nothing")},
    {"no_receiver", QT_TRANSLATE_NOOP("shardlens::ui::format", "it has no receiver")},
    {"no_slot", QT_TRANSLATE_NOOP("shardlens::ui::format", "it has no slot")},
    {"no_past_run", QT_TRANSLATE_NOOP("shardlens::ui::format", "no past run")},
    {"no_other_vantage", QT_TRANSLATE_NOOP("shardlens::ui::format", "nobody else can tell")},
    {"replay_lag", QT_TRANSLATE_NOOP("shardlens::ui::format", "the primary tells no replay lag")},
    {"primary", QT_TRANSLATE_NOOP("shardlens::ui::format", "no primary is known")},
    {"unlimited", QT_TRANSLATE_NOOP("shardlens::ui::format", "there is no limit")},
    {"stable_address", QT_TRANSLATE_NOOP("shardlens::ui::format", "no stable address")},
    {"timeline", QT_TRANSLATE_NOOP("shardlens::ui::format", "it tells no timeline")},
    {"upstream", QT_TRANSLATE_NOOP("shardlens::ui::format", "it tells no upstream")},
}};

constexpr std::array<Entry, 3> things{{
    {"host_access", QT_TRANSLATE_NOOP("shardlens::ui::format", "host access")},
    {"media_map", QT_TRANSLATE_NOOP("shardlens::ui::format", "media map")},
    {"wal_rate", QT_TRANSLATE_NOOP("shardlens::ui::format", "rate of writing")},
}};

} // namespace

QString whyNoValue(const std::string &detail)
{
    const QString words = find(reasons, detail);
    return words.isEmpty() ? Words::tr("no value: %1").arg(text(detail)) : words;
}

QString thingWords(const std::string &thing)
{
    const QString words = find(things, thing);
    return words.isEmpty() ? text(thing) : words;
}

} // namespace shardlens::ui::format
