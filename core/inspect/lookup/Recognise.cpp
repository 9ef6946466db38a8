// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ids/Anatomy.h"
#include "core/ids/Shortcode.h"
#include "core/inspect/lookup/Question.h"

#include <QString>

#include <algorithm>
#include <charconv>

namespace shardlens::inspect::lookup {

namespace {

constexpr std::size_t mostSearched = 64 * 1024;
constexpr std::size_t mostFinds = 200;
constexpr std::size_t longestName = 60;    ///< bytes; a name of 30 letters that are no ASCII
constexpr std::size_t mostNameWords = 4;   ///< of a text that is nothing else
constexpr std::size_t fewestIdDigits = 15; ///< within a message: shorter numbers are prices, years and telephone numbers
constexpr std::size_t fewestCodeLetters = 9;

struct Piece {
    std::size_t at = 0;
    std::string_view text;
    bool endsLine = false; ///< a line break follows at once
};

/// Whether a database can have it as text: bytes that are no UTF-8 are nobody's name.
bool isText(std::string_view bytes)
{
    const QByteArray all(bytes.data(), static_cast<qsizetype>(bytes.size()));
    return QString::fromUtf8(all).toUtf8() == all && bytes.find('\0') == std::string_view::npos;
}

bool isBlank(char c)
{
    return static_cast<unsigned char>(c) <= ' ' || c == 127;
}

/// What stands round a word and does not belong to it.
bool isRound(char c)
{
    return std::string_view("\"'`<>()[]{},;:!?|").find(c) != std::string_view::npos;
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool allDigits(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), isDigit);
}

std::vector<Piece> piecesOf(std::string_view text)
{
    std::vector<Piece> pieces;
    for (std::size_t at = 0; at < text.size();) {
        while (at < text.size() && isBlank(text[at]))
            ++at;
        std::size_t end = at;
        while (end < text.size() && !isBlank(text[end]))
            ++end;
        Piece piece{at, text.substr(at, end - at), end < text.size() && (text[end] == '\n' || text[end] == '\r')};
        at = end;
        while (!piece.text.empty() && isRound(piece.text.front())) {
            piece.text.remove_prefix(1);
            ++piece.at;
        }
        while (!piece.text.empty() && (isRound(piece.text.back()) || piece.text.back() == '.'))
            piece.text.remove_suffix(1);
        if (!piece.text.empty())
            pieces.push_back(piece);
    }
    return pieces;
}

/// Looks through pieces of text, and keeps what it finds.
class Search
{
public:
    Search(const fleet::Fleet &fleet, base::UtcTime now)
        : m_fleet(fleet), m_nowMs(std::chrono::floor<base::milliseconds>(now.time_since_epoch()).count())
    {
    }

    void look(const Piece &piece, bool isAlone, const Piece *next)
    {
        if (lookForLink(piece, next) || lookForPrefixed(piece))
            return;
        lookForMediaAndOwner(piece);
        lookForNumber(piece, isAlone);
        lookForPatterns(piece);
        lookForNameMark(piece);
        if (isAlone)
            lookForWord(piece);
        else
            lookForCode(piece, true);
    }

    void add(Kind kind, const Piece &piece, std::string_view text, ids::Reading reading = {}, bool isPlausible = true)
    {
        if ((kind == Kind::UserName || kind == Kind::NamePrefix) && !isText(text))
            return;
        Find find;
        find.kind = kind;
        find.text = std::string(text);
        find.at =
            piece.at + static_cast<std::size_t>(text.data() >= piece.text.data() && text.data() <= piece.text.data() + piece.text.size()
                                                    ? text.data() - piece.text.data()
                                                    : 0);
        find.length = text.size();
        find.id = reading.id;
        find.owner = reading.owner;
        find.form = reading.form;
        find.hasAccessKey = reading.hasAccessKey;
        find.isPlausible = isPlausible;
        const bool isKnown = std::any_of(finds.begin(), finds.end(), [&](const Find &other) {
            const bool isSameId = find.kind <= Kind::User && other.id == find.id && other.owner == find.owner;
            return other.kind == find.kind && (other.text == find.text || isSameId);
        });
        if (!isKnown && finds.size() < mostFinds)
            finds.push_back(std::move(find));
        else if (!isKnown)
            wasCut = true;
    }

    std::vector<Find> finds;
    bool wasCut = false;

private:
    [[nodiscard]] bool isPlausible(std::uint64_t id) const
    {
        const ids::Anatomy parts = ids::anatomy(id, m_fleet.idLayout);
        return parts.fitsBigint() && ids::isPlausible(parts, m_nowMs);
    }

    /// A link to a photo; to a person: https://host/NAME.
    bool lookForLink(const Piece &piece, const Piece *next)
    {
        std::string_view text = piece.text;
        const auto scheme = text.find("://");
        const bool isAddress = scheme != std::string_view::npos || text.starts_with("www.");
        const auto reading = ids::classify(text, m_fleet.idLayout);
        if (reading && reading->form == ids::Form::Link) {
            addJoined(piece, *reading, next);
            add(Kind::Media, piece, codeIn(text), *reading, isPlausible(reading->id));
            return true;
        }
        if (!isAddress)
            return false;
        text = text.substr(0, std::min(text.find_first_of("?#"), text.size()));
        std::string_view path = text.substr(scheme == std::string_view::npos ? 0 : scheme + 3);
        const auto slash = path.find('/');
        path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
        while (path.ends_with('/'))
            path.remove_suffix(1);
        if (!path.empty() && path.find('/') == std::string_view::npos && path.size() <= longestName)
            add(Kind::UserName, piece, path);
        return true;
    }

    /// The letters after /p/ and its like.
    static std::string_view codeIn(std::string_view text)
    {
        for (const std::string_view mark : {"/p/", "/reel/", "/reels/", "/tv/"}) {
            const auto at = text.find(mark);
            if (at == std::string_view::npos)
                continue;
            const std::string_view code = text.substr(at + mark.size());
            std::size_t length = 0;
            while (length < code.size() && ids::isOfAlphabet(code.substr(length, 1)))
                ++length;
            return code.substr(0, length);
        }
        return text;
    }

    /// A mail program may have broken a link at the end of a line: then the code goes on in the next one.
    void addJoined(const Piece &piece, const ids::Reading &reading, const Piece *next)
    {
        const std::string_view code = codeIn(piece.text);
        const bool isBroken =
            piece.endsLine && next && !reading.hasAccessKey && piece.text.ends_with(code) && code.size() < ids::Shortcode::longest;
        if (!isBroken)
            return;
        std::size_t length = 0;
        while (length < next->text.size() && ids::isOfAlphabet(next->text.substr(length, 1)))
            ++length;
        const bool isEnd = length < next->text.size() && (next->text[length] == '/' || next->text[length] == '?');
        const std::string whole = std::string(code) + std::string(next->text.substr(0, length));
        const auto id = ids::parseShortcode(whole);
        if (length == 0 || !isEnd || !id || !isPlausible(*id))
            return;
        add(Kind::Media, piece, whole, {ids::Form::Link, *id, 0, false});
    }

    /// "redis:KEY" and "cache:KEY": said outright.
    bool lookForPrefixed(const Piece &piece)
    {
        for (const auto &[mark, kind] : {std::pair<std::string_view, Kind>{"redis:", Kind::RedisKey},
                                         {"cache:", Kind::CachedKey},
                                         {"user:", Kind::User},
                                         {"media:", Kind::Media}}) {
            if (!piece.text.starts_with(mark) || piece.text.size() == mark.size())
                continue;
            const std::string_view rest = piece.text.substr(mark.size());
            if (kind == Kind::RedisKey || kind == Kind::CachedKey) {
                add(kind, piece, rest);
                return true;
            }
            const auto reading = ids::classify(rest, m_fleet.idLayout);
            if (reading) {
                add(kind, piece, rest, *reading, isPlausible(reading->id));
                return true;
            }
        }
        return false;
    }

    void lookForMediaAndOwner(const Piece &piece)
    {
        const auto reading = ids::classify(piece.text, m_fleet.idLayout);
        if (reading && reading->form == ids::Form::MediaAndOwner)
            add(Kind::Media, piece, piece.text, *reading, isPlausible(reading->id));
    }

    void lookForNumber(const Piece &piece, bool isAlone)
    {
        const bool isNegative = piece.text.starts_with('-') && allDigits(piece.text.substr(1));
        if (!allDigits(piece.text) && !isNegative)
            return;
        const auto reading = ids::classify(piece.text, m_fleet.idLayout);
        const bool isNumber = reading && (reading->form == ids::Form::Number || reading->form == ids::Form::NegativeNumber);
        const bool isShard = isNumber && reading->form == ids::Form::Number && isAlone && reading->id < mostShards();
        if (isShard)
            add(Kind::Shard, piece, piece.text, *reading);
        if (isNumber && (isAlone || piece.text.size() >= fewestIdDigits))
            add(Kind::Id, piece, piece.text, *reading, isPlausible(reading->id));
    }

    [[nodiscard]] std::uint64_t mostShards() const
    {
        std::uint64_t most = 0;
        for (const fleet::Partition &partition : m_fleet.partitions)
            most = std::max<std::uint64_t>(most, partition.shardCount);
        return most;
    }

    /// A text of the pattern's form: the number in its hole.
    static std::optional<std::string_view> inHole(std::string_view text, std::string_view pattern, std::string_view word)
    {
        const auto hole = fleet::holeOf(pattern, word);
        if (!hole)
            return std::nullopt;
        const std::string_view before = pattern.substr(0, hole->at);
        const std::string_view after = pattern.substr(hole->at + hole->length);
        if (text.size() <= before.size() + after.size() || !text.starts_with(before) || !text.ends_with(after))
            return std::nullopt;
        return text.substr(before.size(), text.size() - before.size() - after.size());
    }

    void lookForPatterns(const Piece &piece)
    {
        for (const fleet::Partition &partition : m_fleet.partitions) {
            const auto number = inHole(piece.text, partition.schemaPattern, "shard");
            const auto shard = number && allDigits(*number) ? ids::parseDecimal(*number) : std::nullopt;
            if (shard && *shard <= m_fleet.idLayout.lastShard())
                add(Kind::Shard, piece, piece.text, {ids::Form::Number, *shard, 0, false});
        }
        for (const auto &[what, pattern] : m_fleet.keys.cached) {
            const auto number = inHole(piece.text, pattern, "id");
            if (number && allDigits(*number))
                addKey(Kind::CachedKey, piece, *number, what == "user" ? Kind::User : Kind::Media);
        }
        for (const auto &[what, pattern] : m_fleet.keys.redis) {
            for (const std::string_view word : {"user", "bucket", "token"}) {
                const auto number = inHole(piece.text, pattern, word);
                if (number && !number->empty())
                    addKey(Kind::RedisKey, piece, *number, word == "user" ? std::optional(Kind::User) : std::nullopt);
            }
        }
    }

    void addKey(Kind kind, const Piece &piece, std::string_view number, std::optional<Kind> ofWhom)
    {
        add(kind, piece, piece.text);
        const auto id = ofWhom ? ids::parseDecimal(number) : std::nullopt;
        if (id)
            add(*ofWhom, piece, number, {ids::Form::Number, *id, 0, false}, isPlausible(*id));
    }

    void lookForNameMark(const Piece &piece)
    {
        const bool isMarked = piece.text.starts_with('@') && piece.text.size() > 1 && piece.text.size() <= longestName;
        if (isMarked)
            add(Kind::UserName, piece, piece.text.substr(1));
        if (piece.text.ends_with('*') && piece.text.size() > 1 && piece.text.size() <= longestName)
            add(Kind::NamePrefix, piece, piece.text.substr(isMarked ? 1 : 0, piece.text.size() - (isMarked ? 2 : 1)));
    }

    /// `isInMessage`: an ordinary word is not to be taken for a code.
    bool lookForCode(const Piece &piece, bool isInMessage)
    {
        const auto reading = ids::classify(piece.text, m_fleet.idLayout);
        if (!reading || (reading->form != ids::Form::Shortcode && reading->form != ids::Form::PrivateShortcode))
            return false;
        const std::string_view rest = piece.text.substr(1);
        const bool isUnlikeAWord = std::any_of(rest.begin(), rest.end(), [](char c) { return isDigit(c) || (c >= 'A' && c <= 'Z'); });
        const bool isLikely = isPlausible(reading->id) && piece.text.size() >= fewestCodeLetters && isUnlikeAWord;
        if (isInMessage && (!isLikely || reading->form == ids::Form::PrivateShortcode))
            return false;
        add(Kind::Media, piece, piece.text, *reading, isPlausible(reading->id));
        return isLikely;
    }

    /// A word that stands alone: a name, or a code, in the order of likelihood.
    void lookForWord(const Piece &piece)
    {
        const bool isNameLong = piece.text.size() <= longestName && !piece.text.ends_with('*') && !piece.text.starts_with('@');
        Search codes(m_fleet, base::UtcTime(base::milliseconds(m_nowMs)));
        const bool isCode = !allDigits(piece.text) && codes.lookForCode(piece, false);
        if (isCode)
            (void)lookForCode(piece, false);
        if (isNameLong)
            add(Kind::UserName, piece, piece.text);
        if (!isCode && !codes.finds.empty())
            (void)lookForCode(piece, false);
    }

    const fleet::Fleet &m_fleet;
    std::int64_t m_nowMs;
};

} // namespace

Recognised recognise(std::string_view pasted, const fleet::Fleet &fleet, base::UtcTime now)
{
    Search search(fleet, now);
    search.wasCut = pasted.size() > mostSearched;
    const std::vector<Piece> pieces = piecesOf(pasted.substr(0, mostSearched));
    for (std::size_t i = 0; i < pieces.size(); ++i)
        search.look(pieces[i], pieces.size() == 1, i + 1 < pieces.size() ? &pieces[i + 1] : nullptr);
    // Words of which none is anything else: perhaps they are one name.
    if (search.finds.empty() && pieces.size() > 1 && pieces.size() <= mostNameWords) {
        const std::size_t begin = pieces.front().at;
        const std::size_t end = pieces.back().at + pieces.back().text.size();
        const std::string_view whole = pasted.substr(begin, end - begin);
        if (whole.size() <= longestName && whole.find_first_of("\r\n") == std::string_view::npos)
            search.add(Kind::UserName, {begin, whole, false}, whole);
    }
    return {std::move(search.finds), search.wasCut};
}

} // namespace shardlens::inspect::lookup
