// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/lookup/LookupSheet.h"

#include "core/ids/Shortcode.h"
#include "ui/format/Fact.h"
#include "ui/format/LookupText.h"
#include "ui/format/Numbers.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/pages/lookup/CardPanel.h"
#include "ui/pages/lookup/Cards.h"
#include "ui/pages/lookup/LookupWords.h"
#include "ui/pages/lookup/Regions.h"

#include <set>

namespace shardlens::ui::pages {

using namespace inspect::lookup;
using format::text;
using operate::OutlineRow;
using operate::OutlineRows;
using Tr = LookupPageWords;
using SheetState = LookupSheet::State;

namespace {

theme::Shape shapeOf(format::LookupTone tone)
{
    switch (tone) {
    case format::LookupTone::Well: return theme::Shape::Dot;
    case format::LookupTone::Warning: return theme::Shape::Triangle;
    case format::LookupTone::Critical: return theme::Shape::Diamond;
    case format::LookupTone::Unknown: break;
    }
    return theme::Shape::DashedRing;
}

OutlineRows readingRows(const Recognised &recognised)
{
    constexpr std::size_t most = 9; // each has a key
    OutlineRows rows;
    for (std::size_t at = 0; at < recognised.finds.size() && at < most; ++at) {
        const auto words = format::findWords(recognised.finds[at]);
        OutlineRow row;
        row.id = std::to_string(at);
        row.number = QString::number(at + 1);
        row.title = words.what;
        row.second = words.how;
        row.isQuiet = !recognised.finds[at].isPlausible;
        rows.push_back(std::move(row));
    }
    if (recognised.finds.size() > most || recognised.wasCut)
        rows.push_back(cardNote("more", Tr::tr("More was found in the text than is listed here.")));
    return rows;
}

QString checkText(const Answer &answer, const ids::IdLayout &layout)
{
    const IdCheck &check = *answer.id;
    QStringList parts{check.isFuture ? Tr::tr("minted in the future") : Tr::tr("minted in the past")};
    if (!check.isShardInRange)
        parts << Tr::tr("no such shard is declared");
    else
        parts << (check.isShardThere ? (*check.isShardThere ? Tr::tr("its shard exists") : Tr::tr("its shard is not where it is declared"))
                                     : Tr::tr("its shard: %1").arg(format::reason(check.isShardThere.error())));
    if (!check.anatomy.fitsBigint())
        parts << Tr::tr("too great for a bigint");
    if (const QString sequence = format::sequenceText(answer, layout); !sequence.isEmpty())
        parts << sequence;
    return parts.join(QStringLiteral("; "));
}

OutlineRows idRows(const Answer &answer, const ids::IdLayout &layout)
{
    const IdCheck &check = *answer.id;
    const ids::Shortcode code(check.anatomy.id);
    OutlineRows rows;
    rows.push_back(cardFact("id", Tr::tr("ID"), QString::number(check.anatomy.id)));
    rows.push_back(
        cardFact("code", Tr::tr("Short code"), QString::fromLatin1(code.text().data(), static_cast<qsizetype>(code.text().size()))));
    QStringList places;
    for (const auto &[partition, cluster] : check.clusters)
        places << (cluster.isEmpty() ? Tr::tr("%1 nowhere").arg(text(partition.text()))
                                     : Tr::tr("%1 on %2").arg(text(partition.text()), text(cluster.text())));
    if (!places.isEmpty())
        rows.push_back(cardFact("lives", Tr::tr("Lives in shard %1").arg(check.anatomy.shard.value), places.join(QStringLiteral(", "))));
    rows.push_back(cardFact("checks", Tr::tr("Checks"), checkText(answer, layout)));
    return rows;
}

QString timingText(const Answer &answer)
{
    std::set<std::string> servers;
    for (const StageTiming &stage : answer.stages)
        for (const ServerTiming &server : stage.servers)
            servers.insert(server.server.text());
    return Tr::tr("read in %1, %2 servers").arg(format::duration(answer.took)).arg(servers.size());
}

void fillCards(LookupSheet &sheet, const Answer &answer, base::UtcTime now)
{
    if (answer.media) {
        sheet.cardTitle = Tr::tr("Photo");
        sheet.card = mediaCard(*answer.media, answer.user.has_value(), now);
        if (answer.user) {
            sheet.ownerTitle = Tr::tr("Owner");
            sheet.owner = userCard(*answer.user, true, now);
        }
    } else if (answer.user) {
        sheet.cardTitle = Tr::tr("Account");
        sheet.card = userCard(*answer.user, false, now);
    } else if (!answer.shards.empty()) {
        sheet.cardTitle = Tr::tr("Shard");
        sheet.card = shardCards(answer.shards);
    }
    sheet.hasMasked = hasMasked(answer);
    if (answer.recording.state == Recording::State::NoDirectory)
        sheet.whyMasked = Tr::tr("Masked fields cannot be shown: the fleet has no directory that would record it.");
    else if (answer.recording.state == Recording::State::Failed)
        sheet.whyMasked = Tr::tr("Masked fields cannot be shown: the directory does not record it now.");
}

void fillAnswer(LookupSheet &sheet, const Lookup &lookup, const fleet::Fleet &fleet, base::UtcTime now)
{
    const Answer &answer = *lookup.answer;
    const auto words = format::lookupWords(answer, fleet);
    sheet.state = SheetState::Answered;
    sheet.shape = shapeOf(words.tone);
    sheet.sentence = words.sentence;
    sheet.second = words.second;
    sheet.reply = format::lookupReply(answer, fleet, text(lookup.caseNumber));
    sheet.evidence = format::lookupEvidence(answer, fleet);
    sheet.regions = seenRegions(answer.regions, now);
    if (answer.id) {
        sheet.id = answer.id->anatomy;
        sheet.idFacts = idRows(answer, fleet.idLayout);
        const auto kept = keptRows(answer.media ? answer.media->from : answer.user ? answer.user->from : ReadFrom());
        sheet.idFacts.insert(sheet.idFacts.end(), kept.begin(), kept.end());
    }
    fillCards(sheet, answer, now);
    sheet.lists = listsOf(lookup, now);
    for (const NotRecorded what : answer.verdict.notRecorded)
        sheet.notRecorded.push_back(cardNote(std::string(name(what)), format::notRecordedText(what)));
    sheet.timing = timingText(answer);
    sheet.recording = format::recordingText(answer.recording);
}

void fillRefused(LookupSheet &sheet, const base::Error &error)
{
    sheet.state = SheetState::Refused;
    sheet.shape = theme::Shape::DashedRing;
    if (error.code == base::ErrorCode::NoRights) {
        sheet.sentence = Tr::tr("You may not look this up.");
        sheet.second = Tr::tr("It needs the role support, on-call or ops: %1.").arg(text(error.message));
    } else {
        sheet.sentence = Tr::tr("It could not be looked up.");
        sheet.second = text(error.message) + QLatin1Char('.');
    }
}

} // namespace

LookupSheet sheetOf(const Lookup &lookup, const fleet::Fleet &fleet, base::UtcTime now)
{
    LookupSheet sheet;
    if (!lookup.isAsked) {
        sheet.sentence = Tr::tr("Paste anything: a link, an ID, a short code, a user name, a key, or the whole message.");
        sheet.second = Tr::tr("What is meant is found in it. Nothing that is looked at is changed, and each look is recorded.");
        return sheet;
    }
    sheet.readings = readingRows(lookup.recognised);
    sheet.reading = static_cast<int>(lookup.chosen);
    if (lookup.recognised.finds.empty()) {
        sheet.state = SheetState::NothingReads;
        sheet.shape = theme::Shape::DashedRing;
        sheet.sentence = Tr::tr("Nothing in this text is an ID, a link, a name or a key.");
        sheet.second = Tr::tr(
            "Links hold a short code behind /p/ or /reel/; an ID is a long number; a name’s beginning is searched with a star: ann*.");
        return sheet;
    }
    sheet.subject = format::findText(lookup.recognised.finds[std::min(lookup.chosen, lookup.recognised.finds.size() - 1)]);
    if (lookup.answer) {
        fillAnswer(sheet, lookup, fleet, now);
    } else if (lookup.error) {
        fillRefused(sheet, *lookup.error);
    } else {
        sheet.state = SheetState::Asking;
        sheet.shape = theme::Shape::Ellipsis;
        sheet.sentence = Tr::tr("Asking…");
    }
    return sheet;
}

} // namespace shardlens::ui::pages
