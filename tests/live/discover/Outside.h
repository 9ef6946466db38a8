// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fleet/FleetFile.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <optional>

namespace outside {

/// A fleet from outside: a starter script brings it up in a folder of its own, and takes it down whatever happens.
class Fleet
{
public:
    explicit Fleet(const char *starter) : m_starter(QStringLiteral(SHARDLENS_STARTERS "/") + QLatin1String(starter)) {}
    ~Fleet()
    {
        if (m_isUp)
            QProcess::execute(m_starter, {QStringLiteral("down"), folder()});
    }

    /// What the starter printed, by words; empty, with a message, if it failed.
    QStringList up()
    {
        m_isUp = true;
        QProcess process;
        process.start(m_starter, {QStringLiteral("up"), folder()});
        if (!process.waitForFinished(200000) || process.exitCode() != 0)
            qWarning("%s: %s", qPrintable(m_starter), process.readAllStandardError().constData());
        return QString::fromUtf8(process.readAllStandardOutput()).simplified().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    }

    [[nodiscard]] QString folder() const { return m_dir.path() + QStringLiteral("/fleet"); }
    [[nodiscard]] QString file(const QString &name) const { return m_dir.path() + QLatin1Char('/') + name; }

private:
    struct OpenDir : QTemporaryDir {
        OpenDir()
        {
            QFile::setPermissions(path(),
                                  QFile::permissions(path()) | QFile::ReadOther | QFile::ExeOther | QFile::ReadGroup | QFile::ExeGroup);
        }
    };
    OpenDir m_dir; ///< open to the servers' own user
    QString m_starter;
    bool m_isUp = false;
};

struct Said {
    int exit = -1;
    QString out;
    QString error;
};

/// shardlensctl, run to its end, with an environment that tells nothing of a fleet or a login.
inline Said ctl(const QStringList &arguments)
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char *name :
         {"SHARDLENS_FLEET", "PGUSER", "PGPASSWORD", "PGSERVICE", "PGDATABASE", "PGSSLMODE", "PGPASSFILE", "REDISCLI_AUTH"})
        environment.remove(QLatin1String(name));
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral(SHARDLENSCTL), arguments);
    if (!process.waitForFinished(60000))
        process.kill();
    return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()), QString::fromUtf8(process.readAllStandardError())};
}

/// The lines of a --json answer.
inline std::vector<QJsonObject> objects(const QString &out)
{
    std::vector<QJsonObject> all;
    for (const QString &line : out.split(QLatin1Char('\n'), Qt::SkipEmptyParts))
        all.push_back(QJsonDocument::fromJson(line.toUtf8()).object());
    return all;
}

inline std::optional<shardlens::fleet::Fleet> load(const QString &path)
{
    auto reading = shardlens::fleet::readFleetFile(path.toStdString());
    if (!reading) {
        for (const auto &complaint : reading.error().complaints)
            qWarning("%s", shardlens::fleet::sentence(complaint, "draft").c_str());
        return std::nullopt;
    }
    return *reading;
}

} // namespace outside
