// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/EventCommands.h"

#include "app/shardlensctl/DeskCommands.h"
#include "app/shardlensctl/Live.h"
#include "app/shardlensctl/LiveAnswers.h"
#include "app/shardlensctl/Deeds.h"
#include "app/shardlensctl/LoadFleet.h"
#include "core/base/Iso8601.h"
#include "core/record/HistoryFile.h"
#include "core/record/HistoryPath.h"
#include "core/observe/Settled.h"
#include "ui/format/Timeline.h"

#include <QFile>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <set>

namespace shardlens::ctl {

namespace {

Exit notAMoment(const std::string &words)
{
    Answer answer;
    answer.error = "--since: '" + words + "' is no moment. Expected 2026-11-28T03:00:00Z, or 90s, 30min, 2h, 1d before now.\n";
    answer.exit = Exit::Usage;
    return print(answer);
}

/// What the console of this person kept; nothing, and the reason on standard error, where there is no such file.
std::optional<facts::EventList> keptEvents(const fleet::Fleet &fleet, base::UtcTime from, base::UtcTime to)
{
    const QString path = record::historyPath(fleet);
    if (!QFile::exists(path)) {
        std::fprintf(stderr, "No history of %s is kept at %s. The console keeps it while it runs.\n", fleet.name.c_str(), qUtf8Printable(path));
        return std::nullopt;
    }
    auto events = record::HistoryFile::readEvents(path, from, to);
    if (!events) {
        std::fprintf(stderr, "%s\n", events.error().message.c_str());
        return std::nullopt;
    }
    return std::move(*events);
}

/// The ids of problems that began and have not ended, by events that are newest first.
std::set<std::string> leftRunning(const facts::EventList &events)
{
    std::set<std::string> running;
    for (auto event = events.rbegin(); event != events.rend(); ++event) {
        if (event->problem && event->kind == facts::EventKind::ProblemBegan)
            running.insert(event->problem->id());
        else if (event->problem && event->kind == facts::EventKind::ProblemEnded)
            running.erase(event->problem->id());
    }
    return running;
}

} // namespace

std::optional<base::UtcTime> momentOf(const std::string &words, base::UtcTime now)
{
    if (const auto moment = base::parseIso(words))
        return moment;
    double number = 0;
    const auto [end, error] = std::from_chars(words.data(), words.data() + words.size(), number);
    const std::string unit(end, words.data() + words.size());
    if (error != std::errc() || number < 0 || number > 1e6)
        return std::nullopt;
    const double seconds = unit == "s" ? 1 : unit == "min" || unit == "m" ? 60 : unit == "h" ? 3600 : unit == "d" ? 86400 : 0;
    if (seconds == 0)
        return std::nullopt;
    return now - base::microseconds(static_cast<std::int64_t>(number * seconds * 1e6));
}

Exit tellEvents(const Options &options)
{
    const base::UtcTime now = base::SystemClock().utcNow();
    facts::EventListPtr last;
    facts::EventList kept;
    std::set<std::string> running; // told already: this program's first look is no beginning
    if (!options.since.empty()) {
        const auto from = momentOf(options.since, now);
        if (!from)
            return notAMoment(options.since);
        const auto fleet = loadFleet(options);
        if (!fleet)
            return fleet.error();
        kept = keptEvents(**fleet, *from, now).value_or(facts::EventList());
        running = leftRunning(kept);
        facts::Snapshot names;
        names.fleet = *fleet;
        names.shardMap = std::make_shared<const facts::ShardMap>();
        names.takenUtc = now;
        for (auto event = kept.rbegin(); event != kept.rend(); ++event)
            print(eventLine(*event, names, options.json));
        std::fflush(stdout);
    }
    return observeOn(options, [&](const facts::SnapshotPtr &snapshot) {
        if (!observe::hasSettled(*snapshot) || snapshot->events == last)
            return;
        const auto &events = *snapshot->events;
        for (auto event = events.rbegin(); event != events.rend(); ++event) {
            const bool isTold = (last && std::find(last->begin(), last->end(), *event) != last->end()) || std::find(kept.begin(), kept.end(), *event) != kept.end() ||
                                (event->kind == facts::EventKind::ProblemBegan && event->problem && running.erase(event->problem->id()) > 0);
            if (!isTold)
                print(eventLine(*event, *snapshot, options.json));
        }
        std::fflush(stdout);
        last = snapshot->events;
    });
}

Exit showTimeline(const Options &options)
{
    const base::UtcTime now = base::SystemClock().utcNow();
    const auto from = momentOf(options.since.empty() ? "2h" : options.since, now);
    if (!from)
        return notAMoment(options.since);
    const auto snapshot = observe(options, Need::ShardMap, Directory::Asked);
    if (!snapshot)
        return snapshot.error();
    // A console that runs writes what it sees at once; what this program saw in its few seconds would only repeat it.
    const facts::EventList events = keptEvents(*(*snapshot)->fleet, *from, now).value_or(*(*snapshot)->events);
    const std::vector<Deed> deeds = deedsBetween((*snapshot)->fleet, options, *from, (*snapshot)->takenUtc);
    Answer answer;
    if (options.json) {
        auto deed = deeds.begin();
        for (auto event = events.rbegin(); event != events.rend(); ++event) {
            for (; deed != deeds.end() && deed->words.at < event->when.at; ++deed)
                answer.line(jsonOf(*deed));
            answer.out += eventLine(*event, **snapshot, true).out;
        }
        for (; deed != deeds.end(); ++deed)
            answer.line(jsonOf(*deed));
    } else {
        std::vector<ui::format::Happening> done;
        for (const Deed &one : deeds)
            done.push_back(one.words);
        answer.out = plain(ui::format::timelineText(*from, events, **snapshot, done)).toStdString();
    }
    return print(answer);
}

} // namespace shardlens::ctl
