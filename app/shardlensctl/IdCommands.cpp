// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/IdCommands.h"

#include "app/shardlensctl/DecodedLine.h"
#include "app/shardlensctl/JsonWriter.h"
#include "app/shardlensctl/LoadFleet.h"
#include "core/base/Iso8601.h"
#include "core/ids/Anatomy.h"
#include "core/ids/Moment.h"
#include "core/ids/Reading.h"
#include "core/ids/Shortcode.h"

#include <chrono>
#include <cstdio>
#include <cstring>

#include <unistd.h>

namespace shardlens::ctl {

namespace {

tl::expected<ids::IdLayout, Exit> layoutFor(const Options &options)
{
    if (options.fleetFile.empty())
        return ids::IdLayout{};
    return loadFleet(options).map([](const auto &fleet) { return fleet->idLayout; });
}

std::string row(const std::string &label, const std::string &value)
{
    return "  " + label + std::string(12 - label.size(), ' ') + value + "\n";
}

std::string rows(const ids::Anatomy &parts, const ids::IdLayout &layout)
{
    std::string text = row("id", std::to_string(parts.id));
    text += row("shortcode", std::string(ids::Shortcode(parts.id).text()));
    text += row("minted", base::isoUtc(parts.mintedAt()));
    text += row("shard", std::to_string(parts.shard.value));
    text += row("sequence", std::to_string(parts.sequence));
    const auto now = std::chrono::floor<base::milliseconds>(base::SystemClock().utcNow()).time_since_epoch().count();
    if (!parts.fitsBigint())
        text += row("note", "after " + base::isoUtc(base::UtcTime(base::milliseconds(layout.lastBigintMintedMs()))) +
                                ", where a signed bigint ends");
    else if (!ids::isPlausible(parts, now))
        text += row("note", "minted in the future: perhaps no ID");
    return text;
}

std::string wordsOf(const ids::Reading &reading)
{
    const char *key = reading.hasAccessKey ? " with an access key" : "";
    switch (reading.form) {
    case ids::Form::Number: return "a number";
    case ids::Form::NegativeNumber: return "a bigint below zero";
    case ids::Form::MediaAndOwner: return "a media and its owner " + std::to_string(reading.owner);
    case ids::Form::Shortcode: return "a shortcode";
    case ids::Form::PrivateShortcode: return "a private shortcode";
    case ids::Form::Link: return std::string("a link") + key;
    }
    return {};
}

/// For a person: a block of lines.
bool appendBlock(std::string &out, const std::string &input, const ids::IdLayout &layout)
{
    out += input + "\n";
    const auto reading = ids::parseAny(input, layout);
    if (!reading) {
        out += row("error", reading.error().message);
        return false;
    }
    out += row("taken for", wordsOf(*reading)) + rows(ids::anatomy(reading->id, layout), layout);
    return true;
}

} // namespace

Exit decodeIds(const Options &options)
{
    const auto layout = layoutFor(options);
    if (!layout)
        return layout.error();
    if (options.texts.empty()) {
        const BulkOutcome outcome = decodeLines(STDIN_FILENO, STDOUT_FILENO, *layout, options.json);
        if (outcome.failed != 0) {
            std::fprintf(stderr, "id decode: %s.\n", std::strerror(outcome.failed));
            return Exit::Failed;
        }
        return outcome.allDecoded ? Exit::Well : Exit::Problem;
    }
    bool allDecoded = true;
    std::string out;
    for (const std::string &text : options.texts)
        allDecoded &= options.json ? appendDecodedJson(out, text, *layout) : appendBlock(out, text, *layout);
    std::fputs(out.c_str(), stdout);
    return allDecoded ? Exit::Well : Exit::Problem;
}

Exit encodeId(const Options &options)
{
    const auto layout = layoutFor(options);
    if (!layout)
        return layout.error();
    const auto minted = ids::parseMoment(options.minted);
    if (!minted) {
        std::fprintf(stderr, "id encode: '%s' is no time. Expected 2022-01-29T21:35:41.033Z or Unix milliseconds.\n",
                     options.minted.c_str());
        return Exit::Usage;
    }
    const auto id = ids::compose(*minted, options.shard, options.sequence, *layout);
    std::string out;
    if (!id && !options.json) {
        std::fprintf(stderr, "id encode: %s.\n", id.error().message.c_str());
        return Exit::Problem;
    }
    JsonWriter json(out);
    if (options.json && !id) {
        json.beginObject().member("error", id.error().message).endObject();
    } else if (options.json) {
        const ids::Anatomy parts = ids::anatomy(*id, *layout);
        json.beginObject().member("id", std::to_string(*id)).member("shortcode", ids::Shortcode(*id).text());
        json.member("minted_at", base::isoUtc(parts.mintedAt()))
            .member("shard", parts.shard.value)
            .member("sequence", parts.sequence)
            .endObject();
    } else {
        out = rows(ids::anatomy(*id, *layout), *layout);
        out.pop_back();
    }
    std::puts(out.c_str());
    return id ? Exit::Well : Exit::Problem;
}

} // namespace shardlens::ctl
