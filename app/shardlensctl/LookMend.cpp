// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/LookMend.h"

#include "app/shardlensctl/Answer.h"
#include "app/shardlensctl/LookJsonParts.h"
#include "app/shardlensctl/Text.h"
#include "core/clients/keychain/Keychain.h"
#include "core/desk/Standing.h"
#include "core/mend/Mender.h"
#include "ui/format/ClaimText.h"
#include "ui/format/MendText.h"

#include <algorithm>

namespace shardlens::ctl {

namespace format = ui::format;
using mend::Change;
using mend::Check;
using mend::Plan;

namespace {

/// Lines of a diff that a terminal shows; JSON has them all.
constexpr std::size_t mostLines = 200;

Exit nothingWritten(const QString &why, Exit exit)
{
    Answer answer;
    answer.error = plain(QStringLiteral("Nothing was written. ") + why).toStdString() + "\n";
    answer.exit = exit;
    return print(answer);
}

QString sentenceOf(const base::Error &error)
{
    QString text = ctl::text(error.message);
    if (!text.isEmpty())
        text[0] = text[0].toUpper();
    return (error.server.empty() ? QString() : ctl::text(error.server) + QStringLiteral(": ")) + text + QLatin1Char('.');
}

Exit exitFor(const base::Error &error)
{
    if (error.effect == base::Effect::InDoubt)
        return Exit::InDoubt;
    switch (error.code) {
    case base::ErrorCode::BadInput: return Exit::Usage;
    case base::ErrorCode::NoRights:
    case base::ErrorCode::NotFound:
    case base::ErrorCode::Rejected: return Exit::Problem;
    default: return Exit::Failed;
    }
}

/// Why this person may not begin it; empty if they may.
QString whyNot(const Options &options, const fleet::Fleet &fleet, const mend::Intent &intent)
{
    const desk::Standing standing = desk::standingOf(fleet, options.user);
    if (standing.refusal != facts::ClaimRefusal::None)
        return format::refusalText(standing.refusal, standing.user ? standing.user->name : options.user, standing.whoMay);
    if (fleet.environment == fleet::Environment::Local)
        return {};
    const QString environment = ctl::text(std::string(fleet::name(fleet.environment)));
    const std::string name = mend::confirmationOf(intent);
    if (options.confirm != name)
        return QStringLiteral("This fleet is %1: say --confirm %2.").arg(environment, ctl::text(name));
    return options.reason.empty() ? QStringLiteral("This fleet is %1: say why, with --reason.").arg(environment) : QString();
}

void tellDone(Answer &answer, const Plan &plan, const mend::Done &done, bool asJson)
{
    if (!asJson)
        return answer.line(format::doneSentence(plan, done));
    std::string out;
    JsonWriter(out)
        .beginObject()
        .member("mend", done.id)
        .member("undoes", plan.undoes)
        .member("audit", done.audit)
        .member("written", done.written)
        .member("carried", done.carried)
        .endObject();
    answer.line(out);
}

} // namespace

QString mendText(const Plan &plan)
{
    QString out = format::mendSentence(plan) + QLatin1Char('\n');
    for (const Check &check : plan.checks) {
        const format::MendCheckWords words = format::mendCheckWords(check, plan);
        out += QStringLiteral("  %1  %2: %3\n").arg(check.passed ? QStringLiteral("passed") : QStringLiteral("FAILED"), words.title, words.reading);
        if (!check.passed)
            out += QStringLiteral("          %1\n").arg(words.remedy);
    }
    for (std::size_t i = 0; i < std::min(mostLines, plan.changes.size()); ++i) {
        const Change &change = plan.changes[i];
        out += QStringLiteral("  %1 %2 %3\n").arg(format::changeKindText(change.kind), -12).arg(ctl::text(change.entry), -20).arg(format::changeEvidence(change));
    }
    if (plan.changes.size() > mostLines)
        out += QStringLiteral("  and %1 more; --json tells all\n").arg(plan.changes.size() - mostLines);
    const auto commands = mend::commandsOf(plan);
    if (!commands.empty())
        out += QStringLiteral("On %1:\n").arg(ctl::text(plan.primary));
    for (const std::string &command : commands)
        out += QStringLiteral("  %1\n").arg(ctl::text(command));
    return plain(out);
}

void writeJson(JsonWriter &json, const Plan &plan)
{
    json.beginObject()
        .member("what", mend::name(plan.intent.what))
        .member("user", idString(plan.intent.user))
        .member("bucket", plan.intent.bucket)
        .member("media", idString(plan.intent.media))
        .member("group", orNull(plan.group.text()))
        .member("primary", orNull(plan.primary.text()))
        .member("region", orNull(plan.region.text()))
        .member("term", plan.term)
        .member("undoes", plan.undoes)
        .member("passes", plan.passes())
        .member("needed", plan.isNeeded())
        .member("too_young", plan.tooYoung)
        .member("shards_unsearched", plan.unsearched)
        .member("shards_unsearched_why", orNull(plan.unsearchedWhy));
    json.key("checks").beginArray();
    for (const Check &check : plan.checks)
        json.beginObject().member("check", mend::name(check.id)).member("passed", check.passed).member("reading", check.reading).member("limit", check.limit).endObject();
    json.endArray().key("changes").beginArray();
    for (const Change &change : plan.changes) {
        json.beginObject().member("change", mend::name(change.kind)).member("entry", change.entry);
        const auto position = [&](const char *key, const std::optional<std::size_t> &at) {
            if (at)
                json.member(key, *at);
        };
        position("was_at", change.wasAt);
        position("is_at", change.isAt);
        if (!change.key.empty())
            json.member("key", change.key).member("was", change.was).member("becomes", change.becomes);
        json.endObject();
    }
    json.endArray().key("entries").beginObject();
    if (plan.list)
        json.member("key", plan.list->key).member("before", plan.list->before.size()).member("after", plan.list->after.size());
    json.endObject().key("commands").beginArray();
    for (const std::string &command : mend::commandsOf(plan))
        json.text(command);
    json.endArray();
    writeRecording(json, plan.recording);
    writeTime(json, "made_at", plan.madeAt);
    json.endObject();
}

Exit runMend(const Options &options, std::shared_ptr<const fleet::Fleet> fleet, const mend::Intent &intent)
{
    if (!options.planOnly) {
        if (const QString refusal = whyNot(options, *fleet, intent); !refusal.isEmpty())
            return nothingWritten(refusal, Exit::Problem);
    }
    inspect::lookup::LookerOptions wanted;
    wanted.from = fleet->ownRegion;
    wanted.user = options.user;
    wanted.keychain = [](const std::string &entry) { return keychain::read(entry); };
    mend::Mender mender(fleet, wanted, std::make_shared<base::SystemClock>());
    const auto plan = options.undoes ? mender.planUndo(intent) : mender.plan(intent);
    if (!plan)
        return nothingWritten(sentenceOf(plan.error()), exitFor(plan.error()));
    Answer answer;
    answer.exit = plan->passes() ? Exit::Well : Exit::Problem;
    if (options.json) {
        std::string line;
        JsonWriter json(line);
        writeJson(json, *plan);
        answer.line(line);
    } else {
        answer.out += mendText(*plan).toStdString();
    }
    if (options.planOnly || !plan->passes() || !plan->isNeeded())
        return print(answer);
    const auto done = mender.carryOut(*plan, options.reason);
    if (done) {
        tellDone(answer, *plan, *done, options.json);
        return print(answer);
    }
    (void)print(answer);
    if (done.error().effect == base::Effect::InDoubt) {
        Answer doubt;
        doubt.error = plain(QStringLiteral("Not known yet whether it was written: ") + sentenceOf(done.error())).toStdString() + "\n";
        doubt.exit = Exit::InDoubt;
        return print(doubt);
    }
    return nothingWritten(sentenceOf(done.error()), exitFor(done.error()));
}

} // namespace shardlens::ctl
