// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/Changes.h"
#include "app/shardlensctl/JsonFacts.h"
#include "app/shardlensctl/Live.h"
#include "app/shardlensctl/LiveCommands.h"
#include "app/shardlensctl/Text.h"
#include "ui/format/Headline.h"

#include <cstdio>

namespace shardlens::ctl {

namespace {

void printChange(const Change &change, base::UtcTime at, bool asJson)
{
    if (!asJson) {
        printLine(text(base::isoUtc(at)) + QStringLiteral("  ") + change.words);
        return;
    }
    std::string out;
    JsonWriter json(out);
    json.beginObject().member("at", base::isoUtc(at)).member("kind", change.kind).member("subject", change.subject);
    json.member("before", change.before).member("after", change.after).member("text", plain(change.words).toStdString()).endObject();
    printLine(out);
}

/// The line everything after it is compared with.
void printBeginning(const facts::Snapshot &snapshot, bool asJson)
{
    const QString words = ui::format::headlineFor(snapshot).sentence + QStringLiteral(" (") + ui::format::answersText(snapshot) + QLatin1Char(')');
    printChange({"watching", snapshot.fleet->name, {}, {}, words}, snapshot.takenUtc, asJson);
}

} // namespace

Exit watchFleet(const Options &options)
{
    facts::SnapshotPtr last;
    return observeOn(options, [&](const facts::SnapshotPtr &snapshot) {
        if (!last && !ui::format::allAnsweredOrTimedOut(*snapshot))
            return; // the first answers are the beginning, not changes
        if (!last)
            printBeginning(*snapshot, options.json);
        for (const Change &change : changesBetween(last.get(), *snapshot))
            printChange(change, snapshot->takenUtc, options.json);
        std::fflush(stdout);
        last = snapshot;
    });
}

} // namespace shardlens::ctl
