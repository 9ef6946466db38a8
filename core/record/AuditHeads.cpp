// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/AuditHeads.h"

#include "core/record/FleetFolder.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace shardlens::record {

using base::ErrorCode;
using base::Result;
using facts::KeptHead;

namespace {

tl::unexpected<base::Error> headError(const QString &path, const char *why)
{
    return base::fail(ErrorCode::Io, path.toStdString() + ": " + why);
}

} // namespace

QString auditHeadsPath(const fleet::Fleet &fleet)
{
    return fleetFolder("audit", fleet) + QStringLiteral(".jsonl");
}

Result<void> keepAuditHead(const QString &path, const KeptHead &kept)
{
    const QString folder = QFileInfo(path).path();
    if (!QDir().mkpath(folder))
        return headError(folder, "it cannot be made");
    const int file = ::open(QFile::encodeName(path).constData(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0)
        return headError(path, std::strerror(errno));
    QJsonObject object{{QStringLiteral("seq"), static_cast<qint64>(kept.head.seq)},
                       {QStringLiteral("hash"), QString::fromStdString(kept.head.hash)}};
    if (!kept.directory.empty())
        object.insert(QStringLiteral("directory"), QString::fromStdString(kept.directory));
    // One write at the end of the file: lines of several processes do not mix. It begins a line of its own where one broke off.
    struct stat before = {};
    ::fstat(file, &before);
    QByteArray line = QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
    QFile read(path);
    if (before.st_size > 0 && read.open(QIODevice::ReadOnly) && read.seek(before.st_size - 1) && read.read(1) != "\n")
        line.prepend('\n');
    const bool written = ::write(file, line.constData(), static_cast<std::size_t>(line.size())) == line.size() && ::fsync(file) == 0;
    const int why = errno;
    ::close(file);
    return written ? Result<void>() : headError(path, std::strerror(why));
}

Result<std::vector<KeptHead>> auditHeadsKept(const QString &path)
{
    std::vector<KeptHead> heads;
    QFile file(path);
    if (!file.exists())
        return heads;
    if (!file.open(QIODevice::ReadOnly))
        return headError(path, file.errorString().toUtf8().constData());
    int number = 0;
    while (!file.atEnd()) {
        const QByteArray line = file.readLine();
        ++number;
        const QJsonObject object = QJsonDocument::fromJson(line).object();
        const auto seq = static_cast<std::int64_t>(object.value(QStringLiteral("seq")).toDouble());
        const std::string hash = object.value(QStringLiteral("hash")).toString().toStdString();
        if (seq > 0 && !hash.empty())
            heads.push_back({{seq, hash}, object.value(QStringLiteral("directory")).toString().toStdString()});
        else if (line.endsWith('\n') && !line.trimmed().isEmpty() && QJsonDocument::fromJson(line).isObject())
            return base::fail(ErrorCode::Protocol, path.toStdString() + ":" + std::to_string(number) + ": this is no head of an audit log");
    }
    return heads;
}

} // namespace shardlens::record
