// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/PlanFolder.h"

#include "core/record/FleetFolder.h"

#include <QDir>
#include <QFile>
#include <QSaveFile>

namespace shardlens::record {

using base::ErrorCode;
using base::Result;

namespace {

constexpr auto planEnding = ".json";

/// A name becomes a file's: it may lead nowhere else.
Result<QString> planPath(const QString &folder, const std::string &name)
{
    const bool isName = !name.empty() && name.front() != '.' && name.find('/') == std::string::npos && name.find('\0') == std::string::npos;
    if (!isName)
        return base::fail(ErrorCode::BadInput, "'" + name + "' is no plan's name");
    return folder + QLatin1Char('/') + QString::fromStdString(name) + QLatin1String(planEnding);
}

tl::unexpected<base::Error> planError(const QString &path, const QString &why)
{
    return base::fail(ErrorCode::Io, path.toStdString() + ": " + why.toStdString());
}

} // namespace

QString plansFolder(const fleet::Fleet &fleet)
{
    return fleetFolder("plans", fleet);
}

Result<void> savePlan(const QString &folder, const std::string &name, const std::string &text)
{
    const auto path = planPath(folder, name);
    if (!path)
        return base::fail(path.error());
    if (!QDir().mkpath(folder))
        return planError(folder, QStringLiteral("it cannot be made"));
    QSaveFile file(*path);
    const bool written = file.open(QIODevice::WriteOnly) && file.write(text.data(), static_cast<qint64>(text.size())) == static_cast<qint64>(text.size());
    return written && file.commit() ? Result<void>() : planError(*path, file.errorString());
}

Result<std::string> readPlan(const QString &folder, const std::string &name)
{
    const auto path = planPath(folder, name);
    if (!path)
        return base::fail(path.error());
    QFile file(*path);
    if (!file.exists())
        return base::fail(ErrorCode::NotFound, "there is no plan '" + name + "'");
    if (!file.open(QIODevice::ReadOnly))
        return planError(*path, file.errorString());
    return file.readAll().toStdString();
}

Result<void> removePlan(const QString &folder, const std::string &name)
{
    const auto path = planPath(folder, name);
    if (!path)
        return base::fail(path.error());
    QFile file(*path);
    if (!file.exists())
        return base::fail(ErrorCode::NotFound, "there is no plan '" + name + "'");
    return file.remove() ? Result<void>() : planError(*path, file.errorString());
}

std::vector<std::string> plansIn(const QString &folder)
{
    std::vector<std::string> names;
    for (const QString &file : QDir(folder).entryList({QStringLiteral("*") + QLatin1String(planEnding)}, QDir::Files, QDir::Name))
        names.push_back(file.chopped(qsizetype(5)).toStdString());
    return names;
}

} // namespace shardlens::record
