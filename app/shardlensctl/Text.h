// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Known.h"
#include "ui/format/Fact.h"

#include <QString>
#include <QStringList>

#include <string>
#include <vector>

namespace shardlens::ctl {

/// For a terminal: narrow spaces, true minus, at-least and ellipsis become ASCII, so that columns line up and words can be searched for.
[[nodiscard]] QString plain(QString text);

[[nodiscard]] inline QString text(const std::string &word)
{
    return QString::fromStdString(word);
}

template <class Tag>
[[nodiscard]] QString text(const base::Name<Tag> &name)
{
    return QString::fromStdString(name.text());
}

/// The value in words, or "unknown: why"; `none` where the server says that it has no such value and that means something.
template <class T, class Write>
[[nodiscard]] QString known(const facts::Known<T> &value, Write &&write, const QString &none = {})
{
    if (!value && value.error().why == facts::WhyUnknown::NoValue && !none.isEmpty())
        return none;
    return ui::format::valueOr(value, std::forward<Write>(write));
}

/// Aligned columns under a line of headings, two spaces apart.
class TextTable
{
public:
    struct Column {
        QString heading;
        bool isNumber = false; ///< right-aligned
    };

    explicit TextTable(std::vector<Column> columns) : m_columns(std::move(columns)) {}

    void add(QStringList cells); ///< as many as columns
    [[nodiscard]] bool isEmpty() const { return m_rows.empty(); }
    [[nodiscard]] bool hasBrackets() const; ///< a cell that begins with one
    [[nodiscard]] QString toString() const; ///< whole lines

private:
    std::vector<Column> m_columns;
    std::vector<QStringList> m_rows;
};

} // namespace shardlens::ctl
