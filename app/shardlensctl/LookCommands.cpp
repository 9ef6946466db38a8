// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/LookCommands.h"

#include "app/shardlensctl/LoadFleet.h"
#include "app/shardlensctl/LookJson.h"
#include "app/shardlensctl/LookLines.h"
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

#include <unistd.h>

namespace shardlens::ctl {

using namespace inspect::lookup;

namespace {

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
    return exitForError(error);
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

Recognised recognised(const LookRun &run, const std::string &text)
{
    return recognise(text, *run.fleet, base::SystemClock().utcNow());
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

/// What else the piece could mean that is there as the likeliest: nothing else tells that it was chosen.
QString alsoPossibleText(const Recognised &found, const Answer &answer)
{
    const auto taken = std::find(found.finds.begin(), found.finds.end(), answer.find);
    if (isNothing(answer) || taken == found.finds.end())
        return {};
    QStringList ways;
    for (const std::string &spelled : alsoPossible(found, static_cast<std::size_t>(taken - found.finds.begin())))
        ways << QStringLiteral("shardlensctl lookup %1").arg(QString::fromStdString(spelled));
    return ways.isEmpty() ? QString() : QStringLiteral("Also possible: %1\n").arg(ways.join(QStringLiteral(", ")));
}

Exit lookUp(LookRun &run, const std::string &text, bool isTrace)
{
    const Recognised found = recognised(run, text);
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
            say((isTrace ? traceText(*answer, *run.fleet) : lookText(*answer, *run.fleet)) + alsoPossibleText(found, *answer) + QLatin1Char('\n'));
        exit = worse(exit, exitOf(*answer));
    }
    return exit;
}

AskMany askOf(LookRun &run)
{
    return [&run](const std::vector<Find> &finds) { return run.looker.bulk(finds, run.options.look.caseNumber); };
}

Exit lookUpInput(LookRun &run)
{
    const auto complain = [](const std::string &line) { std::fprintf(stderr, "%s\n", line.c_str()); };
    LinesOut out{[](const std::string &line) { std::puts(line.c_str()); }, complain, {}};
    if (isatty(STDERR_FILENO))
        out.progress = complain;
    return lookUpLines(std::cin, *run.fleet, run.options.json, askOf(run), out);
}

base::Result<std::uint64_t> userOf(LookRun &run, const std::string &text)
{
    return userMeant(recognised(run, text), text, askOf(run));
}

base::Result<std::uint64_t> mediaOf(const LookRun &run, const std::string &text)
{
    return mediaMeant(recognised(run, text), text);
}

/// Whose associations: those of liked_by and commented are a media's.
base::Result<std::uint64_t> graphSubject(LookRun &run)
{
    const Assoc assoc = assocNamed(run.options.look.assoc).value_or(Assoc::Follows);
    const bool isOfMedia = assoc == Assoc::LikedBy || assoc == Assoc::Commented;
    return isOfMedia ? mediaOf(run, run.options.look.user) : userOf(run, run.options.look.user);
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
    const auto media = mediaOf(run, run.options.look.media);
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
        const auto media = mediaOf(run, run.options.look.media);
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
        return lookUpInput(run);
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
    const auto id = options.command == Command::Graph ? graphSubject(run) : userOf(run, options.look.user);
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
