// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/LookLines.h"

#include "app/shardlensctl/LookJson.h"
#include "app/shardlensctl/LookText.h"
#include "core/base/Clock.h"
#include "ui/format/Numbers.h"

#include <QStringList>

#include <algorithm>
#include <chrono>
#include <istream>
#include <optional>

namespace shardlens::ctl {

using namespace inspect::lookup;

namespace {

using LookOutcome = inspect::lookup::Outcome;

/// Lines that are asked for together.
constexpr std::size_t linesAtOnce = 10'000;
constexpr std::size_t mostQuoted = 80; ///< bytes of a line in a message

const std::string nothingInIt = "nothing that could be looked up";

const Find *firstOf(const std::vector<Find> &finds, std::initializer_list<Kind> kinds)
{
    const auto found = std::find_if(finds.begin(), finds.end(), [&](const Find &find) { return std::find(kinds.begin(), kinds.end(), find.kind) != kinds.end(); });
    return found == finds.end() ? nullptr : &*found;
}

bool isOtherReading(const Find &find, const Find &of)
{
    return find.at < of.at + std::max<std::size_t>(of.length, 1) && of.at < find.at + std::max<std::size_t>(find.length, 1) && find.kind != of.kind;
}

std::string namesOf(const std::vector<Trouble> &troubles)
{
    std::string names;
    for (const Trouble &trouble : troubles)
        names += (names.empty() ? "" : ", ") + trouble.server.text();
    return names;
}

/// A line of the input, and what came of it.
struct InputLine {
    std::string text;
    std::size_t number = 0;     ///< from 1
    std::optional<Find> find;   ///< none: nothing in it could be looked up
    std::optional<Find> other;  ///< the short code that is a name perhaps, or the other way round
    std::optional<BulkLine> is; ///< what was found
    std::string error;          ///< why there is none, or who did not answer
};

struct LineSums {
    std::size_t lines = 0;
    std::size_t found = 0;
    std::size_t notThere = 0;
    std::size_t notKnown = 0;
    std::size_t unread = 0;
};

QString lineCount(std::size_t count)
{
    return ui::format::count(static_cast<std::int64_t>(count));
}

std::string sumsText(const LineSums &sums)
{
    QStringList phrases{QStringLiteral("%1 found").arg(lineCount(sums.found)), QStringLiteral("%1 not there").arg(lineCount(sums.notThere))};
    if (sums.notKnown > 0)
        phrases << QStringLiteral("%1 not known").arg(lineCount(sums.notKnown));
    if (sums.unread > 0)
        phrases << QStringLiteral("%1 with %2").arg(lineCount(sums.unread), QString::fromStdString(nothingInIt));
    const QString lines = sums.lines == 1 ? QStringLiteral("1 line") : QStringLiteral("%1 lines").arg(lineCount(sums.lines));
    return QStringLiteral("%1 looked up: %2.").arg(lines, phrases.join(QStringLiteral(", "))).toStdString();
}

InputLine inputLine(std::string text, std::size_t number, const fleet::Fleet &fleet)
{
    while (!text.empty() && text.back() == '\r')
        text.pop_back();
    InputLine line{std::move(text), number, {}, {}, {}, {}};
    const std::vector<Find> finds = recognise(line.text, fleet, base::SystemClock().utcNow()).finds;
    const Find *find = firstOf(finds, {Kind::Id, Kind::Media, Kind::User, Kind::UserName});
    if (!find) {
        line.error = nothingInIt;
        return line;
    }
    line.find = *find;
    for (const Find &one : finds) {
        const bool isPair = (find->kind == Kind::Media && one.kind == Kind::UserName) || (find->kind == Kind::UserName && one.kind == Kind::Media);
        if (isPair && !line.other && isOtherReading(one, *find))
            line.other = one;
    }
    return line;
}

bool leadsNowhere(const BulkLine &line)
{
    switch (line.outcome) {
    case LookOutcome::NoTrace:
    case LookOutcome::NotMinted:
    case LookOutcome::NoSuchShard:
    case LookOutcome::NobodyHasName: return true;
    default: return false;
    }
}

/// Many lines under way.
class Lines
{
public:
    Lines(bool asJson, const AskMany &ask, const LinesOut &out) : m_asJson(asJson), m_ask(ask), m_out(out) {}

    void look(std::vector<InputLine> &lines)
    {
        std::vector<Trouble> troubles;
        const bool isAsked = askAs(lines, troubles, [](const InputLine &line) { return line.find; });
        if (isAsked)
            (void)askAs(lines, troubles, [](const InputLine &line) { return line.is && leadsNowhere(*line.is) ? line.other : std::nullopt; });
        for (InputLine &line : lines) {
            if (line.is && line.is->outcome == LookOutcome::NotKnown && !troubles.empty())
                line.error = namesOf(troubles) + " did not answer";
            tell(line);
        }
        for (const Trouble &trouble : troubles)
            m_out.error(trouble.server.text() + " did not answer: " + trouble.error.message);
        if (!troubles.empty())
            m_out.error("What lies there is told as another member of its cluster has it, as of its replay; where none answers, it is not known.");
        tellProgress();
    }

    [[nodiscard]] Exit end() const
    {
        m_out.error(sumsText(m_sums));
        return m_exit;
    }

private:
    /// Asks about the lines that `reading` gives something of; what is found goes before what was. False: it could not be asked.
    bool askAs(std::vector<InputLine> &lines, std::vector<Trouble> &troubles, const std::function<std::optional<Find>(const InputLine &line)> &reading)
    {
        std::vector<Find> finds;
        std::vector<InputLine *> asked;
        for (InputLine &line : lines) {
            if (const auto find = reading(line)) {
                finds.push_back(*find);
                asked.push_back(&line);
            }
        }
        if (finds.empty())
            return true;
        const auto look = m_ask(finds);
        if (!look) {
            const base::Error &error = look.error();
            m_exit = worse(m_exit, exitForError(error));
            m_out.error((error.server.empty() ? std::string() : error.server + ": ") + error.message + ".");
            for (InputLine *line : asked)
                line->error = line->is ? std::string() : error.message;
            return false;
        }
        for (std::size_t i = 0; i < asked.size() && i < look->lines.size(); ++i) {
            if (!asked[i]->is || !leadsNowhere(look->lines[i]))
                asked[i]->is = look->lines[i];
        }
        for (const Trouble &trouble : look->troubles) {
            const bool isKnown = std::any_of(troubles.begin(), troubles.end(), [&](const Trouble &other) { return other.server == trouble.server; });
            if (!isKnown)
                troubles.push_back(trouble);
        }
        return true;
    }

    void tell(const InputLine &line)
    {
        ++m_sums.lines;
        if (m_asJson) {
            std::string out;
            JsonWriter json(out);
            writeJson(json, line.is ? &*line.is : nullptr, line.text, line.error);
            m_out.answer(out);
        } else {
            const std::string why = line.error.empty() ? std::string() : "\t" + line.error;
            m_out.answer(line.is ? bulkText(*line.is).toStdString() + why : inputField(line.text) + "\terror: " + line.error);
        }
        if (!line.find) {
            ++m_sums.unread;
            m_exit = worse(m_exit, Exit::Problem);
            m_out.error("line " + std::to_string(line.number) + ": " + nothingInIt + ": " + line.text.substr(0, mostQuoted));
        } else if (!line.is || line.is->outcome == LookOutcome::NotKnown) {
            ++m_sums.notKnown;
            m_exit = worse(m_exit, line.is ? Exit::Failed : Exit::Well); // why it could not be asked has told its own end
        } else {
            const bool isFound = line.is->outcome == LookOutcome::Exists || line.is->outcome == LookOutcome::Deleted;
            ++(isFound ? m_sums.found : m_sums.notThere);
            m_exit = worse(m_exit, isFound ? Exit::Well : Exit::Problem);
        }
    }

    /// A tab in it would read as the next field's beginning.
    static std::string inputField(std::string text)
    {
        std::replace(text.begin(), text.end(), '\t', ' ');
        return text;
    }

    void tellProgress()
    {
        const auto now = std::chrono::steady_clock::now();
        if (!m_out.progress || now - m_toldAt < std::chrono::seconds(1))
            return;
        m_toldAt = now;
        m_out.progress(lineCount(m_sums.lines).toStdString() + " lines looked up");
    }

    bool m_asJson;
    const AskMany &m_ask;
    const LinesOut &m_out;
    LineSums m_sums;
    Exit m_exit = Exit::Well;
    std::chrono::steady_clock::time_point m_toldAt = std::chrono::steady_clock::now();
};

} // namespace

base::Result<std::uint64_t> userMeant(const Recognised &found, const std::string &text, const AskMany &ask)
{
    if (const Find *id = firstOf(found.finds, {Kind::Id, Kind::User}))
        return id->id;
    const Find *name = firstOf(found.finds, {Kind::UserName});
    const Find *code = firstOf(found.finds, {Kind::Media});
    if (!name && code)
        return code->id;
    if (!name)
        return base::fail(base::ErrorCode::BadInput, "'" + text + "' is no ID and no name");
    const auto look = ask({*name});
    if (!look)
        return base::fail(look.error());
    const BulkLine &line = look->lines.front();
    if (line.id != 0)
        return line.id;
    if (line.outcome != LookOutcome::NobodyHasName)
        return base::fail(base::ErrorCode::Unreachable, "whose the name '" + name->text + "' is, is not known" +
                                                            (look->troubles.empty() ? std::string() : ": " + namesOf(look->troubles) + " did not answer"));
    return base::fail(base::ErrorCode::NotFound, "nobody has the name '" + name->text + "'");
}

base::Result<std::uint64_t> mediaMeant(const Recognised &found, const std::string &text)
{
    if (const Find *media = firstOf(found.finds, {Kind::Id, Kind::Media, Kind::User}))
        return media->id;
    return base::fail(base::ErrorCode::BadInput, "'" + text + "' is no ID, short code or link");
}

std::vector<std::string> alsoPossible(const Recognised &found, std::size_t at)
{
    std::vector<std::string> spelled;
    const Find &taken = found.finds[at];
    for (std::size_t i = at + 1; i < found.finds.size(); ++i) {
        const Find &other = found.finds[i];
        if (!isOtherReading(other, taken))
            continue;
        if (other.kind == Kind::UserName && taken.kind == Kind::Media)
            spelled.push_back("@" + other.text);
        if (other.kind == Kind::Media && taken.kind == Kind::UserName)
            spelled.push_back("media:" + other.text);
        if (other.kind == Kind::Id && taken.kind == Kind::Shard)
            spelled.insert(spelled.end(), {"user:" + other.text, "media:" + other.text});
    }
    return spelled;
}

Exit lookUpLines(std::istream &in, const fleet::Fleet &fleet, bool asJson, const AskMany &ask, const LinesOut &out)
{
    Lines all(asJson, ask, out);
    std::vector<InputLine> lines;
    std::size_t number = 0;
    for (std::string text; std::getline(in, text);) {
        lines.push_back(inputLine(std::move(text), ++number, fleet));
        if (lines.size() < linesAtOnce)
            continue;
        all.look(lines);
        lines.clear();
    }
    if (!lines.empty())
        all.look(lines);
    return all.end();
}

Exit exitForError(const base::Error &error)
{
    if (error.code == base::ErrorCode::BadInput)
        return Exit::Usage;
    return error.code == base::ErrorCode::NoRights || error.code == base::ErrorCode::NotFound ? Exit::Problem : Exit::Failed;
}

} // namespace shardlens::ctl
