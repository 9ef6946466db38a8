// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/DecodedLine.h"

#include "app/shardlensctl/JsonWriter.h"
#include "core/base/Iso8601.h"
#include "core/ids/Anatomy.h"
#include "core/ids/Reading.h"
#include "core/ids/Shortcode.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <vector>

#include <unistd.h>

namespace shardlens::ctl {

namespace {

constexpr std::size_t chunk = 1 << 18;
constexpr std::size_t longestLine = 1 << 20;

/// Room for all that follows the input in a line: five fields, keys and quotes.
struct Tail {
    char letters[192];
    char *end = letters;

    void add(std::string_view text)
    {
        std::memcpy(end, text.data(), text.size());
        end += text.size();
    }
    void add(std::uint64_t number) { end = std::to_chars(end, letters + sizeof letters, number).ptr; }
    void addTime(std::int64_t ms) { end = base::writeIso(end, ms); }
    [[nodiscard]] std::string_view text() const { return {letters, static_cast<std::size_t>(end - letters)}; }
};

std::string_view withoutLineEnd(std::string_view line)
{
    if (!line.empty() && line.back() == '\r')
        line.remove_suffix(1);
    return line;
}

/// The input as a field: a tab in it would read as the next field's beginning.
void appendField(std::string &out, std::string_view input)
{
    const std::size_t begin = out.size();
    out += input;
    if (input.find('\t') != std::string_view::npos)
        std::replace(out.begin() + std::ptrdiff_t(begin), out.end(), '\t', ' ');
}

bool writeAll(int out, std::string &text)
{
    std::size_t written = 0;
    while (written < text.size()) {
        const ssize_t count = ::write(out, text.data() + written, text.size() - written);
        if (count < 0 && errno != EINTR)
            return false;
        written += count > 0 ? static_cast<std::size_t>(count) : 0;
    }
    text.clear();
    return true;
}

} // namespace

bool appendDecodedText(std::string &out, std::string_view input, const ids::IdLayout &layout)
{
    const auto reading = ids::classify(input, layout);
    appendField(out, input);
    if (!reading) {
        out += "\terror: ";
        out += ids::sentence(reading.error());
        out += '\n';
        return false;
    }
    const ids::Anatomy parts = ids::anatomy(reading->id, layout);
    Tail tail;
    tail.add("\t");
    tail.add(parts.id);
    tail.add("\t");
    tail.add(ids::Shortcode(parts.id).text());
    tail.add("\t");
    tail.addTime(parts.mintedMs);
    tail.add("\t");
    tail.add(parts.shard.value);
    tail.add("\t");
    tail.add(parts.sequence);
    tail.add("\n");
    out += tail.text();
    return true;
}

bool appendDecodedJson(std::string &out, std::string_view input, const ids::IdLayout &layout)
{
    const auto reading = ids::classify(input, layout);
    out += "{\"input\":";
    appendJsonString(out, input);
    if (!reading) {
        out += ",\"error\":";
        appendJsonString(out, ids::sentence(reading.error()));
        out += "}\n";
        return false;
    }
    const ids::Anatomy parts = ids::anatomy(reading->id, layout);
    Tail tail;
    tail.add(",\"id\":\"");
    tail.add(parts.id);
    tail.add("\",\"shortcode\":\"");
    tail.add(ids::Shortcode(parts.id).text());
    tail.add("\",\"minted_at\":\"");
    tail.addTime(parts.mintedMs);
    tail.add("\",\"shard\":");
    tail.add(parts.shard.value);
    tail.add(",\"sequence\":");
    tail.add(parts.sequence);
    tail.add("}\n");
    out += tail.text();
    return true;
}

BulkOutcome decodeLines(int in, int out, const ids::IdLayout &layout, bool json)
{
    BulkOutcome outcome;
    const auto append = json ? appendDecodedJson : appendDecodedText;
    std::vector<char> buffer(chunk + longestLine);
    std::size_t kept = 0; // of a line whose end has not come yet
    std::string answer;
    answer.reserve(8 * chunk);
    const auto answerLine = [&](std::string_view line) { outcome.allDecoded &= append(answer, withoutLineEnd(line), layout); };
    for (;;) {
        const ssize_t count = ::read(in, buffer.data() + kept, chunk);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            outcome.failed = errno;
        if (count <= 0)
            break;
        const char *at = buffer.data();
        const char *end = at + kept + count;
        const char *searchFrom = at + kept;
        while (const void *lineEnd = std::memchr(searchFrom, '\n', static_cast<std::size_t>(end - searchFrom))) {
            const char *stop = static_cast<const char *>(lineEnd);
            answerLine({at, static_cast<std::size_t>(stop - at)});
            at = searchFrom = stop + 1;
        }
        kept = static_cast<std::size_t>(end - at);
        std::memmove(buffer.data(), at, kept);
        // Nothing that long is an ID: what came so far is answered as a line, so that memory stays bounded.
        if (kept > longestLine - 1) {
            answerLine({buffer.data(), kept});
            kept = 0;
        }
        if (!writeAll(out, answer)) {
            outcome.failed = errno;
            return outcome;
        }
    }
    if (kept > 0)
        answerLine({buffer.data(), kept});
    if (!writeAll(out, answer))
        outcome.failed = errno;
    return outcome;
}

} // namespace shardlens::ctl
