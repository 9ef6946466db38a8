// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/Text.h"

#include <algorithm>

namespace shardlens::ctl {

QString plain(QString text)
{
    text.replace(QChar(0x202F), QLatin1Char(' '));
    text.replace(QChar(0x2212), QLatin1Char('-'));
    text.replace(QChar(0x2265), QLatin1String(">="));
    text.replace(QChar(0x2026), QLatin1String("..."));
    return text;
}

void TextTable::add(QStringList cells)
{
    for (QString &cell : cells)
        cell = plain(cell);
    m_rows.push_back(std::move(cells));
}

bool TextTable::hasBrackets() const
{
    return std::any_of(m_rows.begin(), m_rows.end(), [](const QStringList &row) {
        return std::any_of(row.begin(), row.end(), [](const QString &cell) { return cell.startsWith(QLatin1Char('(')); });
    });
}

QString TextTable::toString() const
{
    std::vector<qsizetype> widths;
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        qsizetype width = m_columns[i].heading.size();
        for (const QStringList &row : m_rows)
            width = std::max(width, row.value(qsizetype(i)).size());
        widths.push_back(width);
    }
    QString out;
    const auto addLine = [&](auto cellAt) {
        QString line;
        for (std::size_t i = 0; i < m_columns.size(); ++i) {
            const QString cell = cellAt(i);
            line += (i == 0 ? QString() : QStringLiteral("  ")) +
                    (m_columns[i].isNumber ? cell.rightJustified(widths[i]) : cell.leftJustified(widths[i]));
        }
        while (line.endsWith(QLatin1Char(' ')))
            line.chop(1);
        out += line + QLatin1Char('\n');
    };
    addLine([&](std::size_t i) { return m_columns[i].heading; });
    for (const QStringList &row : m_rows)
        addLine([&](std::size_t i) { return row.value(qsizetype(i)); });
    return out;
}

} // namespace shardlens::ctl
