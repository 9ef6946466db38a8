// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/FleetCommands.h"
#include "app/shardlensctl/Interrupt.h"
#include "app/shardlensctl/JsonWriter.h"
#include "core/clients/keychain/Keychain.h"
#include "core/inspect/discover/Discovery.h"

#include <QEventLoop>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>

namespace shardlens::ctl {

namespace {

using namespace inspect::discover;

base::Result<Login> loginOf(const DiscoverOptions &wishes)
{
    auto login = findLogin(
        {wishes.user, wishes.database, wishes.service, wishes.secret, wishes.redisUser, wishes.redisSecret, wishes.tls, wishes.tlsCa});
    if (!login)
        return login;
    // The keychain may have to ask the person, which needs this thread: it is read before anything is dialled.
    auto entries = std::make_shared<std::map<std::string, base::Result<std::string>>>();
    for (const fleet::SecretSource &source : {login->secret, login->redisSecret}) {
        if (source.kind == fleet::SecretSource::Kind::Keychain)
            entries->insert_or_assign(source.where, keychain::read(source.where));
    }
    login->keychain = [entries](const std::string &entry) { return entries->at(entry); };
    return login;
}

/// What was found, to standard error: the draft itself may go to standard output.
void report(const Draft &draft, const DiscoverOptions &wishes)
{
    for (const Remark &remark : draft.unanswered)
        std::fprintf(stderr, "Not in the draft: %s: %s.\n", remark.what.c_str(), remark.why.c_str());
    for (const Address &address : draft.wouldDial) {
        std::fprintf(stderr, "%s: %s (%s%s).\n", wishes.follow ? "Not asked" : "Would ask with --follow", inspect::discover::text(address.endpoint).c_str(),
                     address.source.c_str(), address.isPortGuessed ? "; its port is a guess" : "");
    }
    for (const std::string &complaint : draft.complaints)
        std::fprintf(stderr, "%s\n", complaint.c_str());
    std::fprintf(stderr, "%zu server%s drafted; %zu line%s: look at %s first. Nothing was changed on any server.\n", draft.servers,
                 draft.servers == 1 ? "" : "s", draft.guesses, draft.guesses == 1 ? " is a guess" : "s are guesses", draft.guesses == 1 ? "it" : "those");
}

const char *word(DraftLine::Sureness sureness)
{
    switch (sureness) {
    case DraftLine::Sureness::Told: return "told";
    case DraftLine::Sureness::Guess: return "guess";
    case DraftLine::Sureness::Proposal: return "proposal";
    case DraftLine::Sureness::Structure: return "structure";
    }
    return "structure";
}

void printJson(const Draft &draft)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().member("servers", draft.servers).member("guesses", draft.guesses).member("loads", draft.complaints.empty());
    json.key("lines").beginArray();
    for (const DraftLine &line : draft.lines)
        json.beginObject().member("sureness", word(line.sureness)).member("text", line.text).member("evidence", line.evidence).endObject();
    json.endArray().key("not_in_draft").beginArray();
    for (const Remark &remark : draft.unanswered)
        json.beginObject().member("address", remark.what).member("why", remark.why).endObject();
    json.endArray().key("not_asked").beginArray();
    for (const Address &address : draft.wouldDial)
        json.beginObject()
            .member("address", inspect::discover::text(address.endpoint))
            .member("source", address.source)
            .member("port_is_guess", address.isPortGuessed)
            .endObject();
    json.endArray().key("complaints").beginArray();
    for (const std::string &complaint : draft.complaints)
        json.text(complaint);
    json.endArray().endObject();
    std::puts(out.c_str());
}

bool write(const Draft &draft, const DiscoverOptions &wishes)
{
    std::error_code ignored;
    if (!wishes.force && std::filesystem::exists(wishes.output, ignored)) {
        std::fprintf(stderr, "%s is there already: nothing was written. --force replaces it.\n", wishes.output.c_str());
        return false;
    }
    std::ofstream file(wishes.output, std::ios::trunc);
    file << draft.toml();
    file.close();
    if (!file)
        std::fprintf(stderr, "%s cannot be written.\n", wishes.output.c_str());
    else
        std::fprintf(stderr, "Written: %s. Next: shardlensctl fleet check %s\n", wishes.output.c_str(), wishes.output.c_str());
    return bool(file);
}

} // namespace

Exit discoverFleet(const Options &options)
{
    const DiscoverOptions &wishes = options.discover;
    auto addresses = readAddresses(options.texts);
    auto login = loginOf(wishes);
    if (!addresses || !login) {
        std::fprintf(stderr, "fleet discover: %s.\n", (addresses ? login.error() : addresses.error()).message.c_str());
        return Exit::Usage;
    }
    Question question;
    question.addresses = std::move(*addresses);
    question.login = std::move(*login);
    question.wishes = {wishes.name, wishes.environment, base::SystemClock().utcNow(), wishes.follow};
    question.follows = wishes.follow;
    question.patience = base::milliseconds(static_cast<std::int64_t>(wishes.patience * 1000));
    Discovery discovery(std::move(question));
    const Interrupt interrupt([&] { discovery.cancel(); });
    QEventLoop waiting;
    Draft draft;
    QObject::connect(&discovery, &Discovery::progressed, &waiting, [](const Progress &progress) {
        std::fprintf(stderr, "%zu of %zu  %s\n", progress.asked, progress.known, progress.newest.c_str());
    });
    QObject::connect(&discovery, &Discovery::finished, &waiting, [&](const Draft &made) {
        draft = made;
        QMetaObject::invokeMethod(&waiting, &QEventLoop::quit, Qt::QueuedConnection);
    });
    discovery.start();
    waiting.exec();
    report(draft, wishes);
    if (draft.servers == 0) {
        std::fputs("No server answered: there is nothing to draft.\n", stderr);
        return Exit::Failed;
    }
    if (options.json)
        printJson(draft);
    if (!wishes.output.empty() && !write(draft, wishes))
        return Exit::Failed;
    if (wishes.output.empty() && !options.json)
        std::fputs(draft.toml().c_str(), stdout);
    return draft.unanswered.empty() && draft.complaints.empty() ? Exit::Well : Exit::Problem;
}

} // namespace shardlens::ctl
