// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/DeskCommands.h"

#include "app/owed/Owed.h"
#include "app/shardlensctl/Answer.h"
#include "app/shardlensctl/JsonFacts.h"
#include "app/shardlensctl/Live.h"
#include "app/shardlensctl/LoadFleet.h"
#include "core/clients/keychain/Keychain.h"
#include "core/desk/Errand.h"
#include "ui/format/ClaimText.h"
#include "ui/format/Numbers.h"
#include "ui/format/ProblemText.h"
#include "ui/format/Times.h"

#include <algorithm>

namespace shardlens::ctl {

namespace {

namespace format = ui::format;

desk::Deed deedOf(const Options &options, const std::string &problem)
{
    desk::Deed deed;
    const bool isQuiet = options.command == Command::ProblemsQuiet || options.command == Command::ProblemsUnquiet;
    const bool isSet = options.command == Command::ProblemsClaim || options.command == Command::ProblemsQuiet;
    deed.what = isSet ? desk::Deed::What::Set : desk::Deed::What::Release;
    deed.claim.kind = isQuiet ? facts::Claim::Kind::Quieted : facts::Claim::Kind::Claimed;
    deed.claim.problem = problem;
    deed.claim.reason = options.reason;
    deed.lasting = isQuiet ? base::seconds(desk::quietLasts) : base::seconds(desk::claimLasts);
    if (options.minutes > 0)
        deed.lasting = base::seconds(static_cast<std::int64_t>(options.minutes * 60));
    return deed;
}

QString doneText(const desk::Deed &deed, bool wasThere, const QString &what, const std::string &user)
{
    const bool isQuiet = deed.claim.kind == facts::Claim::Kind::Quieted;
    if (deed.what == desk::Deed::What::Set)
        return isQuiet ? QStringLiteral("Quiet for %1, by %2: %3").arg(format::age(deed.lasting), text(user), what) : QStringLiteral("%1 is on it: %2").arg(text(user), what);
    if (!wasThere)
        return isQuiet ? QStringLiteral("It was not quiet: %1").arg(what) : QStringLiteral("Nobody was on it: %1").arg(what);
    return isQuiet ? QStringLiteral("No longer quiet: %1").arg(what) : QStringLiteral("Nobody is on it any more: %1").arg(what);
}

} // namespace

desk::DeskOptions deskOptions(const fleet::Fleet &fleet, const Options &options)
{
    desk::DeskOptions out;
    out.from = fleet.ownRegion;
    out.user = options.user;
    out.keychain = [](const std::string &entry) { return keychain::read(entry); };
    return out;
}

Answer deskTrouble(const base::Error &error, const fleet::Fleet &fleet, const Options &options, bool isWrite)
{
    std::vector<std::string> whoMay;
    for (const fleet::DatabaseUser &user : fleet.access.users) {
        if (user.role == fleet::Role::OnCall || user.role == fleet::Role::Ops)
            whoMay.push_back(user.name);
    }
    const facts::ClaimRefusal refusal = format::refusalIn(error);
    Answer answer;
    const QString why = refusal == facts::ClaimRefusal::None ? format::directoryTrouble(error)
                                                             : format::refusalText(refusal, desk::actsAs(fleet, options.user), whoMay);
    answer.error = plain((isWrite ? QStringLiteral("Nothing was written. ") : QString()) + why).toStdString() + "\n";
    answer.exit = refusal == facts::ClaimRefusal::None ? Exit::Failed : Exit::Problem;
    if (options.json && isWrite) {
        std::string out;
        JsonWriter json(out);
        json.beginObject()
            .member("written", false)
            .member("refusal", facts::name(refusal))
            .member("text", plain(why).toStdString())
            .endObject();
        answer.line(out);
    }
    return answer;
}

base::Result<const facts::Problem *> problemNamed(const facts::Snapshot &snapshot, const std::string &words)
{
    std::vector<const facts::Problem *> found;
    for (const facts::Problem &problem : snapshot.problems) {
        if (problem.id() == words)
            return &problem;
        if (format::placeName(problem.place).toStdString() == words || problem.place.server.text() == words)
            found.push_back(&problem);
    }
    if (found.size() == 1)
        return found.front();
    std::string names;
    for (const facts::Problem *problem : found)
        names += "\n  " + problem->id();
    if (!found.empty())
        return base::fail(base::ErrorCode::BadInput, "There are several problems of '" + words + "'. Name one by its id:" + names);
    for (const facts::Problem &problem : snapshot.problems)
        names += "\n  " + problem.id();
    return base::fail(base::ErrorCode::NotFound, "There is no problem '" + words + "' now." + (names.empty() ? "" : " Those that there are:" + names));
}

facts::SharedPtr sharedNow(const std::shared_ptr<const fleet::Fleet> &fleet, const Options &options)
{
    auto shared = desk::readOnce(fleet, deskOptions(*fleet, options), base::SystemClock());
    if (!shared) {
        facts::Shared unread;
        unread.refusal = format::refusalIn(shared.error());
        unread.trouble = shared.error();
        return std::make_shared<const facts::Shared>(std::move(unread));
    }
    return std::make_shared<const facts::Shared>(std::move(*shared));
}

Exit changeClaim(const Options &options)
{
    const auto fleet = loadFleet(options);
    if (!fleet)
        return fleet.error();
    // What ended may still be claimed by somebody: a release needs no problem that runs.
    const bool isSet = options.command == Command::ProblemsClaim || options.command == Command::ProblemsQuiet;
    std::string id = options.problem;
    QString what = text(id);
    if (isSet || id.find('/') == std::string::npos) {
        const auto snapshot = observe(options, Need::Answers);
        if (!snapshot)
            return snapshot.error();
        const auto problem = problemNamed(**snapshot, options.problem);
        if (!problem) {
            Answer answer;
            answer.error = problem.error().message + "\n";
            answer.exit = problem.error().code == base::ErrorCode::BadInput ? Exit::Usage : Exit::Problem;
            return print(answer);
        }
        id = (*problem)->id();
        what = format::problemText(**problem, **snapshot).line1;
    }
    const desk::Deed deed = deedOf(options, id);
    const auto done = desk::actOnce(*fleet, deskOptions(**fleet, options), deed);
    if (!done)
        return print(deskTrouble(done.error(), **fleet, options, true));
    (void)owed::handOver(*fleet, deskOptions(**fleet, options)); // the directory answers: it gets what waits for it here
    Answer answer;
    const std::string user = desk::actsAs(**fleet, options.user);
    const QString words = doneText(deed, *done, what, user);
    if (options.json) {
        std::string out;
        JsonWriter json(out);
        json.beginObject().member("written", *done).member("problem", id).member("kind", facts::name(deed.claim.kind)).member("set", isSet).member("by", user);
        json.member("seconds", isSet ? std::int64_t(deed.lasting.count()) : std::int64_t(0)).member("reason", deed.claim.reason).member("text", plain(words).toStdString()).endObject();
        answer.line(out);
    } else {
        answer.line(words);
    }
    answer.exit = *done ? Exit::Well : Exit::Problem;
    return print(answer);
}

Exit showConsoles(const Options &options)
{
    const auto fleet = loadFleet(options);
    if (!fleet)
        return fleet.error();
    const auto shared = desk::readOnce(*fleet, deskOptions(**fleet, options), base::SystemClock());
    if (!shared)
        return print(deskTrouble(shared.error(), **fleet, options, false));
    Answer answer;
    TextTable table({{QStringLiteral("REGION")}, {QStringLiteral("WHO")}, {QStringLiteral("REACHES")}, {QStringLiteral("SEEN")}});
    for (const facts::ConsoleSeen &seen : shared->consoles) {
        if (!options.json) {
            table.add({text(seen.region), format::personText(seen.by), format::reachText(seen), format::age(seen.ago) + QStringLiteral(" ago")});
            continue;
        }
        std::string out;
        JsonWriter json(out);
        json.beginObject().member("console", seen.id).member("region", seen.region.text()).member("database_user", seen.by.databaseUser).member("os_user", seen.by.osUser);
        json.member("host", seen.by.host).member("answering", seen.answering).member("declared", seen.declared).member("seen_ms_ago", inMs(seen.ago));
        json.key("lost").beginArray();
        for (const base::ServerId &id : seen.lost)
            json.text(id.text());
        json.endArray().endObject();
        answer.line(out);
    }
    if (!options.json && shared->consoles.empty())
        answer.line(QStringLiteral("No console looks at the fleet now."));
    else if (!options.json)
        answer.add(table);
    return print(answer);
}

} // namespace shardlens::ctl
