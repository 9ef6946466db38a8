// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/mend/MendRows.h"

#include "ui/format/MendText.h"
#include "ui/format/Numbers.h"
#include "ui/format/Words.h"

#include <QCoreApplication>

#include <algorithm>

namespace shardlens::ui::pages {

using operate::OutlineRow;
using operate::OutlineRows;

namespace {

constexpr std::size_t mostShown = 500;

QString mendWord(const char *word)
{
    return QCoreApplication::translate("MendView", word);
}

void addCheck(OutlineRows &rows, const mend::Check &check, const mend::Plan &plan)
{
    const format::MendCheckWords words = format::mendCheckWords(check, plan);
    OutlineRow row;
    row.id = "check:" + std::string(mend::name(check.id));
    row.hasShape = true;
    row.shape = check.passed ? theme::Shape::Dot : theme::Shape::Stop;
    row.title = words.title;
    row.second = words.reading;
    row.isStrong = !check.passed;
    row.ground = check.passed ? OutlineRow::Ground::None : OutlineRow::Ground::Warning;
    rows.push_back(row);
    if (check.passed)
        return;
    OutlineRow remedy;
    remedy.id = row.id + ":remedy";
    remedy.kind = OutlineRow::Kind::Note;
    remedy.title = words.remedy;
    rows.push_back(std::move(remedy));
}

} // namespace

OutlineRows mendCheckRows(const mend::Plan &plan)
{
    OutlineRows rows;
    for (const bool passed : {false, true}) {
        for (const mend::Check &check : plan.checks) {
            if (check.passed == passed)
                addCheck(rows, check, plan);
        }
    }
    const auto commands = mend::commandsOf(plan);
    if (commands.empty())
        return rows;
    OutlineRow sent;
    sent.id = "commands";
    sent.title = mendWord("What is sent");
    sent.second = mendWord("in one transaction, once nothing was written in between");
    sent.canOpen = true;
    operate::OutlineDetail detail{mendWord("does"), mendWord("Redis on %1").arg(format::text(plan.primary.text())), {}};
    for (const std::string &command : commands)
        detail.text += (detail.text.isEmpty() ? QString() : QStringLiteral("\n")) + format::text(command);
    sent.details.push_back(std::move(detail));
    rows.push_back(std::move(sent));
    return rows;
}

OutlineRows mendChangeRows(const mend::Plan &plan)
{
    OutlineRows rows;
    for (std::size_t i = 0; i < std::min(mostShown, plan.changes.size()); ++i) {
        const mend::Change &change = plan.changes[i];
        OutlineRow row;
        row.id = "change:" + std::to_string(i);
        row.title = format::text(change.entry);
        row.second = format::changeEvidence(change);
        if (change.key.empty()) // of the map, both owners tell it
            row.second.prepend(format::changeKindText(change.kind) + QLatin1Char(' '));
        rows.push_back(std::move(row));
    }
    OutlineRow note;
    note.id = "note";
    note.kind = OutlineRow::Kind::Note;
    if (plan.changes.empty())
        note.title = plan.primary.isEmpty() ? mendWord("What would be written is not known.") : mendWord("Nothing would be written.");
    else if (plan.changes.size() > mostShown)
        note.title = mendWord("And %1 more; “Copy as text” has them all.").arg(format::count(static_cast<std::int64_t>(plan.changes.size() - mostShown)));
    if (!note.title.isEmpty())
        rows.push_back(std::move(note));
    return rows;
}

} // namespace shardlens::ui::pages
