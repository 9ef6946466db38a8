// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ids/Reading.h"

#include "core/ids/Shortcode.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace shardlens::ids {

namespace {

using Outcome = tl::expected<Reading, NotAnId>;

Outcome no(NotAnId why)
{
    return tl::unexpected(why);
}

constexpr bool isDigit(char letter)
{
    return letter >= '0' && letter <= '9';
}

bool areDigits(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), isDigit);
}

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view round = " \t\r\n\v\f\"'`<>()[]{},;";
    const auto first = text.find_first_not_of(round);
    if (first == std::string_view::npos)
        return {};
    text = text.substr(first, text.find_last_not_of(round) - first + 1);
    while (!text.empty() && text.back() == '.') // the end of a sentence; no form ends with one
        text.remove_suffix(1);
    return text;
}

/// A shortcode of any length: 11 letters at most, or a private one.
Outcome readLetters(std::string_view text)
{
    constexpr std::size_t longestPrivate = 64;
    if (!isOfAlphabet(text))
        return no(NotAnId::WrongLetters);
    if (text.size() > longestPrivate)
        return no(NotAnId::TooGreat);
    const bool isPrivate = text.size() > Shortcode::longest;
    const auto id = parseShortcode(text.substr(0, Shortcode::longest));
    if (!id)
        return no(NotAnId::TooGreat);
    return Reading{isPrivate ? Form::PrivateShortcode : Form::Shortcode, *id, 0, isPrivate};
}

/// "<media id>_<owner id>"; nothing if the text has another form.
std::optional<Outcome> readMediaAndOwner(std::string_view text)
{
    const auto line = text.find('_');
    if (line == std::string_view::npos || !areDigits(text.substr(0, line)) || !areDigits(text.substr(line + 1)))
        return std::nullopt;
    const auto media = parseDecimal(text.substr(0, line));
    const auto owner = parseDecimal(text.substr(line + 1));
    if (!media || !owner)
        return no(NotAnId::TooGreat);
    return Reading{Form::MediaAndOwner, *media, *owner, false};
}

/// "-9223372036854775808": twelve digits at least, as shorter ones are shortcodes that begin with a hyphen.
std::optional<Outcome> readNegative(std::string_view text)
{
    if (text.size() <= Shortcode::longest + 1 || text.front() != '-' || !areDigits(text.substr(1)))
        return std::nullopt;
    const auto magnitude = parseDecimal(text.substr(1));
    constexpr std::uint64_t greatest = std::uint64_t(1) << 63;
    if (!magnitude || *magnitude > greatest)
        return no(NotAnId::TooGreat);
    return Reading{Form::NegativeNumber, ~*magnitude + 1, 0, false};
}

/// The letters after /p/, /reel/, /reels/ or /tv/, up to the next slash, parameter or space.
std::optional<Outcome> readLink(std::string_view text)
{
    constexpr std::array<std::string_view, 4> marks{"/p/", "/reel/", "/reels/", "/tv/"};
    for (auto slash = text.find('/'); slash != std::string_view::npos; slash = text.find('/', slash + 1)) {
        const std::string_view rest = text.substr(slash);
        const auto mark = std::find_if(marks.begin(), marks.end(), [&](std::string_view m) { return rest.substr(0, m.size()) == m; });
        if (mark == marks.end())
            continue;
        const std::string_view after = rest.substr(mark->size());
        std::size_t length = 0;
        while (length < after.size() && isOfAlphabet(after.substr(length, 1)))
            ++length;
        if (length == 0)
            continue;
        Outcome outcome = readLetters(after.substr(0, length));
        if (outcome)
            outcome->form = Form::Link;
        return outcome;
    }
    return std::nullopt;
}

Outcome readSlowly(std::string_view text)
{
    text = trimmed(text);
    if (text.empty())
        return no(NotAnId::Empty);
    if (areDigits(text)) {
        const auto number = parseDecimal(text);
        return number ? Outcome(Reading{Form::Number, *number, 0, false}) : no(NotAnId::TooGreat);
    }
    if (const auto outcome = readMediaAndOwner(text))
        return *outcome;
    if (const auto outcome = readNegative(text))
        return *outcome;
    if (const auto outcome = readLink(text))
        return *outcome;
    return readLetters(text);
}

} // namespace

tl::expected<Reading, NotAnId> classify(std::string_view text, const IdLayout &layout) noexcept
{
    // The two plain forms first, as bulk input is made of them. A text that is neither takes the slow way, which also says why.
    const bool startsWithDigit = !text.empty() && isDigit(text.front());
    const auto id = startsWithDigit ? parseDecimal(text) : parseShortcode(text);
    const Outcome outcome = id ? Outcome(Reading{startsWithDigit ? Form::Number : Form::Shortcode, *id, 0, false}) : readSlowly(text);
    if (outcome && outcome->id > layout.lastId())
        return no(NotAnId::TooGreat);
    return outcome;
}

base::Result<Reading> parseAny(std::string_view text, const IdLayout &layout)
{
    const auto outcome = classify(text, layout);
    if (outcome)
        return *outcome;
    return base::fail(base::ErrorCode::BadInput, std::string(sentence(outcome.error())));
}

std::string_view name(Form form)
{
    switch (form) {
    case Form::Number: return "number";
    case Form::NegativeNumber: return "negative_number";
    case Form::MediaAndOwner: return "media_and_owner";
    case Form::Shortcode: return "shortcode";
    case Form::PrivateShortcode: return "private_shortcode";
    case Form::Link: return "link";
    }
    return "number";
}

std::string_view sentence(NotAnId why)
{
    switch (why) {
    case NotAnId::Empty: return "nothing to read";
    case NotAnId::TooGreat: return "the number is greater than any ID";
    case NotAnId::WrongLetters: return "neither an ID, a shortcode nor a link";
    }
    return "neither an ID, a shortcode nor a link";
}

} // namespace shardlens::ids
