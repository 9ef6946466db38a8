// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/CampaignFolder.h"

#include "core/record/FleetFolder.h"

#include <QDir>
#include <QFile>

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace shardlens::record {

namespace {

QString wishPath(const QString &folder, const std::string &id)
{
    return folder + QLatin1Char('/') + QString::fromStdString(id) + QStringLiteral(".wishes");
}

} // namespace

QString campaignsFolder(const fleet::Fleet &fleet)
{
    return fleetFolder("campaigns", fleet);
}

base::Result<void> wish(const QString &folder, const std::string &id, const std::string &line)
{
    if (!writerOf(folder, id))
        return base::fail(base::ErrorCode::NotFound, "nobody drives " + id);
    const QString path = wishPath(folder, id);
    const int file = ::open(QFile::encodeName(path).constData(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, S_IRUSR | S_IWUSR);
    const std::string whole = line + "\n";
    // One write of a short line is not mixed with another's.
    const bool written = file >= 0 && ::write(file, whole.data(), whole.size()) == static_cast<ssize_t>(whole.size()) && ::fdatasync(file) == 0;
    const int why = errno;
    if (file >= 0)
        ::close(file);
    return written ? base::Result<void>() : base::fail(base::ErrorCode::Io, path.toStdString() + ": " + std::strerror(why));
}

JournalLines wishesOf(const QString &folder, const std::string &id, std::int64_t from)
{
    JournalLines read;
    read.next = from;
    QFile file(wishPath(folder, id));
    if (!file.open(QIODevice::ReadOnly) || !file.seek(from))
        return read;
    const QByteArray rest = file.readAll();
    for (qsizetype begin = 0, end = rest.indexOf('\n'); end >= 0; begin = end + 1, end = rest.indexOf('\n', begin)) {
        read.lines.push_back(rest.mid(begin, end - begin).toStdString());
        read.next = from + end + 1;
    }
    return read;
}

} // namespace shardlens::record
