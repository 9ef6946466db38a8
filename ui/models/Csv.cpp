// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/Csv.h"

#include "ui/models/Roles.h"

#include <QAbstractItemModel>

namespace shardlens::ui::models {

namespace {

bool hasRawValues(const QAbstractItemModel &model, int column)
{
    for (int row = 0; row < model.rowCount(); ++row) {
        if (model.index(row, column).data(RawRole).isValid())
            return true;
    }
    return false;
}

QString rawText(const QVariant &value)
{
    if (value.metaType().id() == QMetaType::Double)
        return QString::number(value.toDouble(), 'g', 12);
    return value.toString();
}

} // namespace

QString csvLine(const QStringList &fields)
{
    QStringList quoted;
    quoted.reserve(fields.size());
    for (QString field : fields) {
        if (field.contains(QLatin1Char(',')) || field.contains(QLatin1Char('"')) || field.contains(QLatin1Char('\n')) ||
            field.contains(QLatin1Char('\r'))) {
            field.replace(QLatin1Char('"'), QLatin1String("\"\""));
            field = QLatin1Char('"') + field + QLatin1Char('"');
        }
        quoted << field;
    }
    return quoted.join(QLatin1Char(',')) + QLatin1String("\r\n");
}

QString asCsv(const QAbstractItemModel &model)
{
    const int columns = model.columnCount();
    QStringList headers;
    std::vector<bool> raw;
    for (int column = 0; column < columns; ++column) {
        headers << model.headerData(column, Qt::Horizontal).toString();
        raw.push_back(hasRawValues(model, column));
    }
    QString text = csvLine(headers);
    for (int row = 0; row < model.rowCount(); ++row) {
        QStringList fields;
        for (int column = 0; column < columns; ++column) {
            const QModelIndex index = model.index(row, column);
            fields << (raw[std::size_t(column)] ? rawText(index.data(RawRole)) : index.data(Qt::DisplayRole).toString());
        }
        text += csvLine(fields);
    }
    return text;
}

} // namespace shardlens::ui::models
