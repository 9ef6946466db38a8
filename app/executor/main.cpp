// SPDX-License-Identifier: GPL-3.0-or-later
// shardlens-executor: carries one operation out and ends. It is nobody's child for long: whoever started it may end.
#include "app/executor/HeldJournal.h"
#include "app/executor/InputLines.h"
#include "app/executor/Perform.h"
#include "app/executor/PerformCampaign.h"
#include "core/fleet/FleetFile.h"
#include "core/record/OperationJournal.h"

#include <QCoreApplication>

#include <csignal>
#include <cstdio>
#include <iostream>
#include <iterator>

#include <CLI/CLI.hpp>
#include <unistd.h>

using namespace shardlens;
using executor::End;

namespace {

struct Options {
    std::string fleet;
    std::string from;
    std::string id;
    std::string resume;
    std::string undo;
    std::string user;
    std::string holdAt;
    bool waits = false;
};

/// The step to be held at, where somebody asked for it. Production is not for drills: a variable that was left there is told, and holds nothing up.
std::optional<operate::StepKind> holdOf(const Options &options, const fleet::Fleet &fleet)
{
    if (options.holdAt.empty())
        return std::nullopt;
    if (fleet.environment == fleet::Environment::Production) {
        std::fprintf(stderr, "shardlens-executor: %s is set, and not heeded: this fleet is production\n", executor::holdVariable);
        return std::nullopt;
    }
    return operate::stepKindNamed(options.holdAt);
}

std::shared_ptr<const fleet::Fleet> readFleet(const Options &options)
{
    auto fleet = fleet::readFleetFile(options.fleet, options.from);
    if (!fleet) {
        for (const auto &complaint : fleet.error().complaints)
            std::fprintf(stderr, "%s\n", fleet::sentence(complaint, options.fleet).c_str());
        return {};
    }
    return std::make_shared<const fleet::Fleet>(std::move(*fleet));
}

End perform(const Options &options)
{
    executor::Setting setting;
    setting.fleet = readFleet(options);
    if (!setting.fleet)
        return End::Usage;
    setting.folder = record::operationsFolder(*setting.fleet);
    setting.fleetFile = options.fleet;
    setting.holdAt = holdOf(options, *setting.fleet);
    if (!options.resume.empty() || !options.undo.empty()) {
        setting.id = options.resume.empty() ? options.undo : options.resume;
        if (!options.resume.empty() && executor::isCampaign(setting))
            return executor::goOnWithCampaign(setting, options.user);
        return executor::goOn(setting, options.resume.empty() ? executor::Way::Undo : executor::Way::Resume, options.user);
    }
    executor::InputLines input(STDIN_FILENO);
    const std::string text = options.waits ? input.next().value_or(std::string()) : std::string(std::istreambuf_iterator<char>(std::cin), {});
    if (campaign::isCampaignRequest(text)) {
        const auto wanted = campaign::campaignRequestFrom(text);
        if (!wanted) {
            std::fprintf(stderr, "shardlens-executor: %s\n", wanted.error().message.c_str());
            return End::Usage;
        }
        setting.id = options.id.empty() ? executor::campaignId(wanted->goal) : options.id;
        return executor::beginCampaign(setting, *wanted);
    }
    const auto request = execute::actRequestFrom(text);
    if (!request) {
        std::fprintf(stderr, "shardlens-executor: %s\n", request.error().message.c_str());
        return End::Usage;
    }
    setting.id = options.id;
    if (options.waits)
        return executor::standBy(std::move(setting), *request, input);
    if (setting.id.empty())
        setting.id = executor::freshId(operate::nameOf(request->intent()));
    return executor::begin(setting, *request);
}

} // namespace

int main(int argc, char **argv)
{
    // Blocked before any thread starts: whoever watches for a cancel takes them. A hang-up of the terminal ends nothing.
    sigset_t ending;
    sigemptyset(&ending);
    sigaddset(&ending, SIGTERM);
    sigaddset(&ending, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ending, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGHUP, SIG_IGN);
    ::setsid();

    const QCoreApplication application(argc, argv);
    CLI::App app("Carries one operation out: the request is a line of JSON on standard input. Console and shardlensctl start it.", "shardlens-executor");
    app.set_version_flag("--version", std::string("shardlens-executor ") + SHARDLENS_VERSION);
    Options options;
    app.add_option("--fleet", options.fleet, "The fleet file")->required()->envname("SHARDLENS_FLEET");
    app.add_option("--from", options.from, "The region that this program stands in");
    app.add_option("--id", options.id, "How the operation is to be called");
    auto *resume = app.add_option("--resume", options.resume, "Go on with this operation, whose executor is gone");
    app.add_option("--undo", options.undo, "Take back what this operation did before its point of no return")->excludes(resume);
    app.add_flag("--waits", options.waits, "Look all the time, hold nothing, and begin once a second line on standard input says 'go', or is the request as it was confirmed");
    app.add_option("--hold-at", options.holdAt, "For drills: stops itself (SIGSTOP) once its journal says that it is about to do this step, and says so; not in production")
        ->type_name("STEP")
        ->envname(executor::holdVariable)
        ->check([](const std::string &name) { return operate::stepKindNamed(name) ? std::string() : "there is no step '" + name + "'"; });
    app.add_option("--as", options.user, "With --resume and --undo: the database user to act as");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        return app.exit(error) == 0 ? 0 : static_cast<int>(End::Usage);
    }
    return static_cast<int>(perform(options));
}
