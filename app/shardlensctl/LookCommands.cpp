// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/LookCommands.h"

#include "app/shardlensctl/LoadFleet.h"
#include "app/shardlensctl/LookJson.h"
#include "app/shardlensctl/LookMend.h"
#include "app/shardlensctl/LookText.h"
#include "core/clients/keychain/Keychain.h"
#include "core/inspect/lookup/Looker.h"
#include "ui/format/FeedText.h"
#include "ui/format/LookupText.h"

#include <QByteArray>

#include <algorithm>
#include <cstdio>
#include <iostream>

namespace shardlens::ctl {

using namespace inspect::lookup;

namespace {

/// Lines of a bulk look-up that are asked for together.
constexpr std::size_t linesAtOnce = 10'000;

/// One command's means.
struct LookRun {
    const Options &options;
    std::shared_ptr<const fleet::Fleet> fleet;
    Looker looker;

    LookRun(const Options &wanted, std::shared_ptr<const fleet::Fleet> read)
        : options(wanted), fleet(std::move(read)), looker(fleet, lookerOptions(wanted, *fleet), std::make_shared<base::SystemClock>())
    {
    }

    static LookerOptions lookerOptions(const Options &wanted, const fleet::Fleet &fleet)
    {
        LookerOptions out;
        out.from = fleet.ownRegion;
        out.user = wanted.user;
        out.keychain = [](const std::string &entry) { return keychain::read(entry); };
        return out;
    }
};

void say(const QString &text)
{
    const QByteArray bytes = text.toUtf8();
    std::fwrite(bytes.constData(), 1, static_cast<std::size_t>(bytes.size()), stdout);
}

template <class Out, class... Rest>
void sayJson(const Out &out, const Rest &...rest)
{
    std::string line;
    JsonWriter json(line);
    writeJson(json, out, rest...);
    std::puts(line.c_str());
}

Exit refuse(const base::Error &error)
{
    std::fprintf(stderr, "%s%s%s.\n", error.server.c_str(), error.server.empty() ? "" : ": ", error.message.c_str());
    if (error.code == base::ErrorCode::BadInput)
        return Exit::Usage;
    return error.code == base::ErrorCode::NoRights || error.code == base::ErrorCode::NotFound ? Exit::Problem : Exit::Failed;
}

/// The worse of two ends.
Exit worse(Exit a, Exit b)
{
    return static_cast<int>(a) > static_cast<int>(b) ? a : b;
}

/// Of what is listed: something is there, nothing is, or what would tell does not answer.
Exit exitOfList(const Answer &answer)
{
    const auto isThere = [](const KeyCopy &copy) { return copy.exists && *copy.exists; };
    const bool isFound = !answer.names.empty() || std::any_of(answer.keys.begin(), answer.keys.end(), isThere) ||
                         std::any_of(answer.shards.begin(), answer.shards.end(), [](const ShardCard &card) {
                             return std::any_of(card.places.begin(), card.places.end(), [](const ShardCard::Place &place) { return place.hasIt.value_or(false); });
                         });
    const bool isSilent = std::any_of(answer.keys.begin(), answer.keys.end(), [](const KeyCopy &copy) { return !copy.exists; }) ||
                          std::any_of(answer.shards.begin(), answer.shards.end(), [](const ShardCard &card) {
                              return std::any_of(card.places.begin(), card.places.end(), [](const ShardCard::Place &place) { return !place.hasIt; });
                          });
    return isFound ? Exit::Well : isSilent ? Exit::Failed : Exit::Problem;
}

Exit exitOf(const Answer &answer)
{
    switch (answer.verdict.outcome) {
    case inspect::lookup::Outcome::Exists:
    case inspect::lookup::Outcome::Deleted: return answer.verdict.isAmiss() ? Exit::Problem : Exit::Well;
    case inspect::lookup::Outcome::Listed: return exitOfList(answer);
    case inspect::lookup::Outcome::NotKnown: return Exit::Failed;
    default: return Exit::Problem;
    }
}

Question questionOf(const LookRun &run, const Find &find, bool isTrace)
{
    Question question;
    question.find = find;
    question.caseNumber = run.options.look.caseNumber;
    if (run.options.look.unmask)
        question.unmask = Unmask{run.options.reason, run.options.look.caseNumber};
    question.withLists = !isTrace;
    question.withSessions = run.options.look.sessions;
    for (Span *span : {&question.followers, &question.following, &question.media, &question.likes, &question.comments})
        span->limit = run.options.look.limit;
    return question;
}

bool isNothing(const Answer &answer)
{
    switch (answer.verdict.outcome) {
    case inspect::lookup::Outcome::NoTrace:
    case inspect::lookup::Outcome::NotMinted:
    case inspect::lookup::Outcome::NoSuchShard:
    case inspect::lookup::Outcome::NobodyHasName: return true;
    default: return false;
    }
}

/// One piece of the text: as what it is likeliest, and where nothing is there, as the next.
base::Result<Answer> firstThere(LookRun &run, const Recognised &found, std::size_t from, bool isTrace)
{
    const Find &piece = found.finds[from];
    const std::size_t end = piece.at + std::max<std::size_t>(piece.length, 1);
    auto likeliest = run.looker.answer(questionOf(run, piece, isTrace));
    for (std::size_t i = from + 1; i < found.finds.size() && likeliest && isNothing(*likeliest); ++i) {
        if (found.finds[i].at >= end)
            break;
        const auto other = run.looker.answer(questionOf(run, found.finds[i], isTrace));
        if (other && !isNothing(*other))
            return other;
    }
    return likeliest;
}

Exit lookUp(LookRun &run, const std::string &text, bool isTrace)
{
    const Recognised found = recognise(text, *run.fleet, base::SystemClock().utcNow());
    if (found.finds.empty()) {
        std::fprintf(stderr, "Nothing in it could be looked up: no ID, short code, link, name, shard or key.\n");
        return Exit::Problem;
    }
    Exit exit = Exit::Well;
    std::size_t readUpTo = 0; // bytes of the text that have an answer
    for (std::size_t i = 0; i < found.finds.size(); ++i) {
        const Find &find = found.finds[i];
        if (i > 0 && find.at < readUpTo)
            continue;
        readUpTo = std::max(readUpTo, find.at + std::max<std::size_t>(find.length, 1));
        const auto answer = firstThere(run, found, i, isTrace);
        if (!answer) {
            exit = worse(exit, refuse(answer.error()));
            continue;
        }
        if (run.options.json)
            sayJson(*answer, ui::format::lookupWords(*answer, *run.fleet).sentence.toStdString());
        else
            say((isTrace ? traceText(*answer, *run.fleet) : lookText(*answer, *run.fleet)) + QLatin1Char('\n'));
        exit = worse(exit, exitOf(*answer));
    }
    return exit;
}

Exit lookUpBlock(LookRun &run, const std::vector<std::string> &lines, std::size_t &done)
{
    std::vector<Find> finds;
    std::vector<std::string> unread;
    for (const std::string &line : lines) {
        const Recognised found = recognise(line, *run.fleet, base::SystemClock().utcNow());
        const auto usable =
            std::find_if(found.finds.begin(), found.finds.end(), [](const Find &find) { return find.kind <= Kind::UserName; });
        if (usable != found.finds.end())
            finds.push_back(*usable);
        else if (!line.empty())
            unread.push_back(line);
    }
    const auto look = run.looker.bulk(finds, run.options.look.caseNumber);
    if (!look)
        return refuse(look.error());
    Exit exit = unread.empty() ? Exit::Well : Exit::Problem;
    for (const BulkLine &line : look->lines) {
        if (run.options.json)
            sayJson(line);
        else
            say(bulkText(line) + QLatin1Char('\n'));
        const bool isFound = line.outcome == inspect::lookup::Outcome::Exists || line.outcome == inspect::lookup::Outcome::Deleted;
        exit = worse(exit, isFound ? Exit::Well : line.outcome == inspect::lookup::Outcome::NotKnown ? Exit::Failed : Exit::Problem);
    }
    for (const std::string &line : unread)
        std::fprintf(stderr, "%s: nothing that could be looked up\n", line.substr(0, 80).c_str());
    for (const Trouble &trouble : look->troubles)
        std::fprintf(stderr, "%s did not answer: %s\n", trouble.server.text().c_str(), trouble.error.message.c_str());
    if (!look->troubles.empty())
        std::fprintf(stderr, "What lies there is told as another member of its cluster has it, as of its replay; where none answers, it is not known.\n");
    done += lines.size();
    return exit;
}

Exit lookUpLines(LookRun &run)
{
    Exit exit = Exit::Well;
    std::vector<std::string> lines;
    std::size_t done = 0;
    std::string line;
    for (bool isMore = true; isMore;) {
        isMore = bool(std::getline(std::cin, line));
        if (isMore)
            lines.push_back(line);
        if (lines.size() < linesAtOnce && isMore)
            continue;
        if (!lines.empty())
            exit = worse(exit, lookUpBlock(run, lines, done));
        if (isMore)
            std::fprintf(stderr, "%zu lines looked up\n", done);
        lines.clear();
    }
    return exit;
}

/// An ID, a short code or a name as an ID.
base::Result<std::uint64_t> idOf(LookRun &run, const std::string &text)
{
    const Recognised found = recognise(text, *run.fleet, base::SystemClock().utcNow());
    for (const Find &find : found.finds) {
        if (find.kind == Kind::Id || find.kind == Kind::User || find.kind == Kind::Media)
            return find.id;
        if (find.kind != Kind::UserName)
            continue;
        const auto look = run.looker.bulk({find}, run.options.look.caseNumber);
        if (!look)
            return base::fail(look.error());
        if (look->lines.front().id != 0)
            return look->lines.front().id;
        return base::fail(base::ErrorCode::NotFound, "nobody has the name '" + find.text + "'");
    }
    return base::fail(base::ErrorCode::BadInput, "'" + text + "' is no ID and no name");
}

Exit showFeed(LookRun &run, std::uint64_t user)
{
    FeedQuestion question;
    question.user = user;
    question.kind = run.options.look.activity ? FeedKind::Activity : FeedKind::Main;
    question.region = RegionName(run.options.look.region);
    question.offset = run.options.look.offset;
    question.limit = run.options.look.limit;
    question.caseNumber = run.options.look.caseNumber;
    const auto page = run.looker.feed(question);
    if (!page)
        return refuse(page.error());
    if (run.options.json)
        sayJson(*page);
    else
        say(feedText(*page));
    const bool isAmiss =
        std::any_of(page->entries.begin(), page->entries.end(), [](const FeedEntry &entry) { return !entry.marks.empty(); });
    return isAmiss ? Exit::Problem : Exit::Well;
}

Exit explainFeed(LookRun &run, std::uint64_t user)
{
    const auto media = idOf(run, run.options.look.media);
    if (!media)
        return refuse(media.error());
    const auto explanation = run.looker.explain(user, *media, run.options.look.caseNumber);
    if (!explanation)
        return refuse(explanation.error());
    if (run.options.json)
        sayJson(*explanation, ui::format::explanationSentence(*explanation).toStdString());
    else
        say(explanationText(*explanation));
    return explanation->cause ? Exit::Problem : Exit::Well;
}

Exit verifyFeed(LookRun &run, std::uint64_t user)
{
    const auto comparison = run.looker.compare(user, RegionName(run.options.look.region), run.options.look.caseNumber);
    if (!comparison)
        return refuse(comparison.error());
    if (run.options.json)
        sayJson(*comparison);
    else
        say(comparisonText(*comparison));
    return !comparison->agrees() ? Exit::Problem : comparison->isComplete ? Exit::Well : Exit::Failed;
}

Exit showGraph(LookRun &run, std::uint64_t id)
{
    GraphQuestion question;
    question.id = id;
    question.assoc = assocNamed(run.options.look.assoc).value_or(Assoc::Follows);
    question.span = {run.options.look.limit, run.options.look.after};
    question.caseNumber = run.options.look.caseNumber;
    const auto page = run.looker.graph(question);
    if (!page)
        return refuse(page.error());
    if (run.options.json)
        sayJson(*page);
    else
        say(graphText(*page));
    const auto &edges = page->edges.items;
    const bool isAmiss = std::any_of(edges.begin(), edges.end(), [](const Edge &edge) { return edge.hasInverse && !*edge.hasInverse; });
    return !page->count ? Exit::Failed : isAmiss ? Exit::Problem : Exit::Well;
}

Exit verifyBucket(LookRun &run)
{
    const auto check = run.looker.verifyBucket(run.options.look.bucket.value_or(0));
    if (!check)
        return refuse(check.error());
    if (run.options.json)
        sayJson(*check);
    else
        say(bucketText(*check));
    return bucketExit(*check);
}

Exit mendMap(LookRun &run)
{
    mend::Intent intent{mend::What::MapBucket, 0, run.options.look.bucket.value_or(0), 0, run.options.look.caseNumber};
    if (run.options.look.media.empty() && !run.options.look.bucket)
        return refuse({base::ErrorCode::BadInput, "Say which: a bucket's number, or --media MEDIA", {}, {}, base::Effect::None});
    if (!run.options.look.media.empty()) {
        const auto media = idOf(run, run.options.look.media);
        if (!media)
            return refuse(media.error());
        intent.what = mend::What::MapEntry;
        intent.media = *media;
    }
    return runMend(run.options, run.fleet, intent);
}

Exit lookUpAll(LookRun &run)
{
    if (run.options.texts.empty())
        return lookUpLines(run);
    Exit exit = Exit::Well;
    for (const std::string &text : run.options.texts)
        exit = worse(exit, lookUp(run, text, run.options.command == Command::Trace));
    return exit;
}

} // namespace

Exit runLook(const Options &options)
{
    const auto fleet = loadFleet(options);
    if (!fleet)
        return fleet.error();
    LookRun run(options, *fleet);
    if (options.command == Command::Lookup || options.command == Command::Trace)
        return lookUpAll(run);
    if (options.command == Command::MediaMapVerify)
        return verifyBucket(run);
    if (options.command == Command::MediaMapMend)
        return mendMap(run);
    const auto id = idOf(run, options.look.user);
    if (!id)
        return refuse(id.error());
    switch (options.command) {
    case Command::FeedShow: return showFeed(run, *id);
    case Command::FeedExplain: return explainFeed(run, *id);
    case Command::FeedVerify: return verifyFeed(run, *id);
    case Command::FeedRebuild: return runMend(options, *fleet, {mend::What::Feed, *id, 0, 0, options.look.caseNumber});
    default: return showGraph(run, *id);
    }
}

} // namespace shardlens::ctl
