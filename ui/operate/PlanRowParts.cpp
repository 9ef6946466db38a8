// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operate/PlanRowParts.h"

namespace shardlens::ui::operate {

using Kind = OutlineRow::Kind;

OutlineRow headingRow(const char *id, const QString &title, const QString &note)
{
    OutlineRow row;
    row.id = id;
    row.kind = Kind::Heading;
    row.title = title;
    row.right = note;
    return row;
}

OutlineRow factRow(const char *id, const QString &name, const QString &value)
{
    OutlineRow row;
    row.id = id;
    row.kind = Kind::Fact;
    row.title = name;
    row.right = value;
    return row;
}

OutlineRow noteRow(const char *id, const QString &sentence)
{
    OutlineRow row;
    row.id = id;
    row.kind = Kind::Note;
    row.title = sentence;
    return row;
}

OutlineRow figureRow(const char *id, const QString &value, const QString &beside, const QString &under)
{
    OutlineRow row;
    row.id = id;
    row.kind = Kind::Figure;
    row.title = value;
    row.right = beside;
    row.second = under;
    return row;
}

} // namespace shardlens::ui::operate
