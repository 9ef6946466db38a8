// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/AuditOutbox.h"

#include "core/base/Iso8601.h"
#include "core/record/FleetFolder.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace shardlens::record {

using base::ErrorCode;
using base::Result;
using facts::OwedAudit;

namespace {

tl::unexpected<base::Error> outboxError(const QString &path, const char *why)
{
    return base::fail(ErrorCode::Io, path.toStdString() + ": " + why);
}

/// A file held while this lives: the lock goes with the process. Of one process's threads, too, one alone has it.
class HeldFile
{
public:
    HeldFile(const QString &path, bool waits)
        : m_file(::open(QFile::encodeName(path).constData(), O_WRONLY | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR))
    {
        while (m_file >= 0 && !m_isHeld) {
            m_isHeld = ::flock(m_file, waits ? LOCK_EX : LOCK_EX | LOCK_NB) == 0;
            if (!m_isHeld && errno != EINTR)
                break;
        }
    }
    ~HeldFile()
    {
        if (m_file >= 0)
            ::close(m_file);
    }
    HeldFile(const HeldFile &) = delete;
    HeldFile &operator=(const HeldFile &) = delete;
    [[nodiscard]] bool isHeld() const { return m_isHeld; }

private:
    int m_file;
    bool m_isHeld = false;
};

/// While it lives, nobody else adds to the file or makes it anew.
QString changingOf(const QString &path)
{
    return path + QStringLiteral(".lock");
}
/// While it lives, nobody else hands over: for as long as a directory takes to answer.
QString handingOf(const QString &path)
{
    return path + QStringLiteral(".handing");
}
QString damagedOf(const QString &path)
{
    return path + QStringLiteral(".damaged");
}

QByteArray lineOf(const OwedAudit &row)
{
    const auto words = [](const std::string &text) { return QString::fromStdString(text); };
    const QJsonObject object{{QStringLiteral("id"), words(row.id)},
                             {QStringLiteral("at"), words(base::isoUtcMicros(row.at))},
                             {QStringLiteral("database_user"), words(row.databaseUser)},
                             {QStringLiteral("os_user"), words(row.osUser)},
                             {QStringLiteral("host"), words(row.host)},
                             {QStringLiteral("action"), words(row.action)},
                             {QStringLiteral("subject"), words(row.subject)},
                             {QStringLiteral("reason"), words(row.reason)},
                             {QStringLiteral("detail"), words(row.detail)},
                             {QStringLiteral("case_number"), words(row.caseNumber)}};
    return QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
}

std::optional<OwedAudit> rowIn(const QJsonObject &object)
{
    const auto text = [&](const char *key) { return object.value(QLatin1String(key)).toString().toStdString(); };
    const auto at = base::parseIso(text("at"));
    OwedAudit row{text("id"), at.value_or(base::UtcTime()), text("database_user"), text("os_user"), text("host"), text("action"), text("subject"), text("reason"), text("detail"), text("case_number")};
    return at && !row.id.empty() && !row.action.empty() && !row.detail.empty() ? std::optional(std::move(row)) : std::nullopt;
}

/// The file as it stands.
struct Contents {
    std::vector<OwedAudit> rows;     ///< not struck
    std::vector<QByteArray> damaged; ///< without their ends
    bool isTorn = false;             ///< the last of those has no end: it broke off, or is being written
    bool hasStruck = false;
    bool isEmpty = true;
};

Result<Contents> contentsOf(const QString &path)
{
    Contents contents;
    QFile file(path);
    if (!file.exists())
        return contents;
    if (!file.open(QIODevice::ReadOnly))
        return outboxError(path, file.errorString().toUtf8().constData());
    std::set<std::string> struck;
    while (!file.atEnd()) {
        QByteArray line = file.readLine();
        contents.isEmpty = false;
        const bool hasEnd = line.endsWith('\n');
        line = line.trimmed();
        const QJsonObject object = QJsonDocument::fromJson(line).object();
        const std::string gone = object.value(QLatin1String("struck")).toString().toStdString();
        auto row = rowIn(object);
        if (!gone.empty())
            struck.insert(gone);
        else if (row)
            contents.rows.push_back(std::move(*row));
        else if (!line.isEmpty()) {
            contents.damaged.push_back(line);
            contents.isTorn = !hasEnd;
        }
    }
    contents.hasStruck = !struck.empty();
    std::erase_if(contents.rows, [&](const OwedAudit &row) { return struck.contains(row.id); });
    return contents;
}

/// On disk when it returns. A line of its own where one broke off before.
Result<void> addLines(const QString &path, QByteArray lines)
{
    const int file = ::open(QFile::encodeName(path).constData(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0)
        return outboxError(path, std::strerror(errno));
    struct stat before = {};
    char last = '\n';
    if (::fstat(file, &before) == 0 && before.st_size > 0 && ::pread(file, &last, 1, before.st_size - 1) == 1 && last != '\n')
        lines.prepend('\n');
    const bool written = ::write(file, lines.constData(), static_cast<std::size_t>(lines.size())) == lines.size() && ::fsync(file) == 0;
    const int why = errno;
    if (!written)
        (void)!::ftruncate(file, before.st_size); // half a row is none
    ::close(file);
    return written ? Result<void>() : outboxError(path, std::strerror(why));
}

void flushFolderOf(const QString &path)
{
    const int folder = ::open(QFile::encodeName(QFileInfo(path).path()).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return;
    (void)::fsync(folder);
    ::close(folder);
}

/// Another file in its place, of these rows alone: whoever reads meanwhile has the one or the other, whole.
Result<void> makeAnew(const QString &path, const std::vector<OwedAudit> &rows)
{
    const QString fresh = path + QStringLiteral(".new");
    QFile::remove(fresh);
    QByteArray lines;
    for (const OwedAudit &row : rows)
        lines += lineOf(row);
    if (const auto written = addLines(fresh, lines); !written)
        return written;
    if (::rename(QFile::encodeName(fresh).constData(), QFile::encodeName(path).constData()) != 0)
        return outboxError(path, std::strerror(errno));
    flushFolderOf(path);
    return {};
}

/// Sets damaged lines aside, and takes away what is struck; the caller holds the file. Answers how many lines were set aside.
Result<std::size_t> tidy(const QString &path)
{
    const auto contents = contentsOf(path);
    if (!contents)
        return base::fail(contents.error());
    if (contents->damaged.empty() && !contents->hasStruck)
        return 0;
    QByteArray lines;
    for (const QByteArray &line : contents->damaged)
        lines += line + '\n';
    // Before they go from here: they may come there twice, and are never lost.
    if (const auto aside = lines.isEmpty() ? Result<void>() : addLines(damagedOf(path), lines); !aside)
        return base::fail(aside.error());
    if (const auto anew = makeAnew(path, contents->rows); !anew)
        return base::fail(anew.error());
    return contents->damaged.size();
}

QString setAsideOf(const QString &path)
{
    return QFileInfo::exists(damagedOf(path)) ? damagedOf(path) : QString();
}

/// It is about this row alone (SQLSTATE classes 22 and 23): the next may go well.
bool isOfTheRow(const base::Error &error)
{
    return error.sqlState.starts_with("22") || error.sqlState.starts_with("23");
}

} // namespace

QString auditOutboxPath(const fleet::Fleet &fleet)
{
    return fleetFolder("audit", fleet) + QStringLiteral(".owed.jsonl");
}

Result<void> oweAudit(const QString &path, const OwedAudit &row)
{
    const QString folder = QFileInfo(path).path();
    if (!QDir().mkpath(folder))
        return outboxError(folder, "it cannot be made");
    const HeldFile held(changingOf(path), true);
    if (!held.isHeld())
        return outboxError(changingOf(path), std::strerror(errno));
    const auto contents = contentsOf(path);
    if (!contents)
        return base::fail(contents.error());
    if (contents->rows.size() >= owedAuditMost)
        return base::fail(ErrorCode::Rejected, path.toStdString() + ": " + std::to_string(owedAuditMost) + " rows wait there already");
    const bool isNew = contents->isEmpty;
    auto added = addLines(path, lineOf(row));
    if (added && isNew)
        flushFolderOf(path);
    return added;
}

Result<OwedAudits> owedAudits(const QString &path)
{
    const auto contents = contentsOf(path);
    if (!contents)
        return base::fail(contents.error());
    // A last line without an end may be one that is being written.
    return OwedAudits{contents->rows, contents->damaged.size() - (contents->isTorn ? 1 : 0), setAsideOf(path)};
}

Result<AuditHandOver> handOverAudits(const QString &path, const WriteOwedAudit &write)
{
    AuditHandOver done;
    done.setAside = setAsideOf(path);
    if (!QFileInfo::exists(path))
        return done;
    const HeldFile handing(handingOf(path), false);
    if (!handing.isHeld()) {
        const auto owed = owedAudits(path);
        done.waiting = owed ? owed->rows.size() : 0;
        return done;
    }
    Result<Contents> contents = Contents();
    {
        const HeldFile held(changingOf(path), true);
        if (!held.isHeld())
            return outboxError(changingOf(path), std::strerror(errno));
        const auto aside = tidy(path);
        if (!aside)
            return base::fail(aside.error());
        done.damaged = *aside;
        contents = contentsOf(path);
    }
    if (!contents)
        return base::fail(contents.error());
    for (const OwedAudit &row : contents->rows) {
        if (const auto written = write(row); !written) {
            if (!done.trouble)
                done.trouble = written.error();
            if (isOfTheRow(written.error()))
                continue;
            done.trouble = written.error();
            break;
        }
        const HeldFile held(changingOf(path), true);
        if (!held.isHeld())
            return outboxError(changingOf(path), std::strerror(errno));
        const QJsonObject struck{{QStringLiteral("struck"), QString::fromStdString(row.id)}};
        if (const auto added = addLines(path, QJsonDocument(struck).toJson(QJsonDocument::Compact) + '\n'); !added)
            return base::fail(added.error()); // it is written again, and found to be there
        ++done.written;
    }
    const HeldFile held(changingOf(path), true);
    if (!held.isHeld())
        return outboxError(changingOf(path), std::strerror(errno));
    if (const auto tidied = tidy(path); !tidied)
        return base::fail(tidied.error());
    const auto left = contentsOf(path);
    done.waiting = left ? left->rows.size() : 0;
    done.setAside = setAsideOf(path);
    return done;
}

} // namespace shardlens::record
