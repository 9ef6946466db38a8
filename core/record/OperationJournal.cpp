// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/OperationJournal.h"

#include "core/record/FleetFolder.h"

#include <QDir>
#include <QFile>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace shardlens::record {

using base::ErrorCode;
using base::Result;

namespace {

constexpr auto journalEnding = ".jsonl";

QString pathOf(const QString &folder, const std::string &id, const char *ending)
{
    return folder + QLatin1Char('/') + QString::fromStdString(id) + QLatin1String(ending);
}

tl::unexpected<base::Error> ioError(const QString &path, int number)
{
    return base::fail(ErrorCode::Io, path.toStdString() + ": " + std::strerror(number));
}

/// A file that the process's children do not inherit: a lock would else outlive its holder.
int opened(const QString &path, int flags)
{
    return ::open(QFile::encodeName(path).constData(), flags | O_CLOEXEC, S_IRUSR | S_IWUSR);
}

/// An id becomes a file's name: it may lead nowhere else.
Result<void> checked(const std::string &id)
{
    const bool isName = !id.empty() && id.front() != '.' && id.find('/') == std::string::npos && id.find('\0') == std::string::npos;
    return isName ? Result<void>() : base::fail(ErrorCode::BadInput, "'" + id + "' is no operation's id");
}

/// A name in a folder is on disk only when the folder is.
Result<void> flushFolder(const QString &folder)
{
    const int fd = opened(folder, O_RDONLY | O_DIRECTORY);
    const bool flushed = fd >= 0 && ::fsync(fd) == 0;
    const int why = errno;
    if (fd >= 0)
        ::close(fd);
    return flushed ? Result<void>() : ioError(folder, why);
}

Result<void> makeFolder(const QString &folder)
{
    if (QDir(folder).exists())
        return {};
    const QString above = QDir::cleanPath(folder + QStringLiteral("/.."));
    if (const auto made = makeFolder(above); !made)
        return made;
    if (::mkdir(QFile::encodeName(folder).constData(), S_IRWXU) != 0 && errno != EEXIST)
        return ioError(folder, errno);
    return flushFolder(above);
}

/// The whole file, for as long as it is open: by another open of it even in the same process, and asked for without taking it.
int lockAll(int fd, int command, struct flock &how)
{
    how = {};
    how.l_type = F_WRLCK;
    how.l_whence = SEEK_SET;
    return ::fcntl(fd, command, &how);
}

std::int64_t numberIn(int lock)
{
    char text[24] = {};
    if (::pread(lock, text, sizeof text - 1, 0) <= 0)
        return 0;
    return std::strtoll(text, nullptr, 10);
}

/// "u1-20261128-173502-4f2a" was begun at 20261128-173502: the parts before the last. Others, when they were last written.
QString begunAt(const QFileInfo &file)
{
    const QStringList parts = file.completeBaseName().split(QLatin1Char('-'));
    const qsizetype last = parts.size() - 1;
    if (last >= 3 && parts[last - 2].size() == 8 && parts[last - 1].size() == 6)
        return parts[last - 2] + QLatin1Char('-') + parts[last - 1];
    return file.lastModified().toUTC().toString(QStringLiteral("yyyyMMdd-HHmmss"));
}

} // namespace

QString operationsFolder(const fleet::Fleet &fleet)
{
    return fleetFolder("operations", fleet);
}

Result<std::unique_ptr<OperationJournal>> OperationJournal::locked(const QString &folder, const std::string &id)
{
    std::unique_ptr<OperationJournal> journal(new OperationJournal);
    journal->m_path = pathOf(folder, id, journalEnding);
    journal->m_cancelPath = pathOf(folder, id, ".cancel");
    const QString lockPath = pathOf(folder, id, ".lock");
    journal->m_lock = opened(lockPath, O_RDWR | O_CREAT);
    if (journal->m_lock < 0)
        return ioError(lockPath, errno);
    struct flock how;
    if (lockAll(journal->m_lock, F_OFD_SETLK, how) != 0) {
        if (errno != EAGAIN && errno != EACCES)
            return ioError(lockPath, errno);
        return base::fail(ErrorCode::Rejected, "operation " + id + " is being carried out by process " + std::to_string(numberIn(journal->m_lock)));
    }
    const std::string number = std::to_string(::getpid()) + "\n";
    if (::ftruncate(journal->m_lock, 0) != 0 || ::pwrite(journal->m_lock, number.data(), number.size(), 0) != static_cast<ssize_t>(number.size()))
        return ioError(lockPath, errno);
    return journal;
}

Result<std::unique_ptr<OperationJournal>> OperationJournal::create(const QString &folder, const std::string &id)
{
    if (const auto named = checked(id); !named)
        return tl::unexpected(named.error());
    if (const auto made = makeFolder(folder); !made)
        return tl::unexpected(made.error());
    auto journal = locked(folder, id);
    if (!journal)
        return journal;
    OperationJournal &made = **journal;
    made.m_file = opened(made.m_path, O_RDWR | O_CREAT | O_EXCL | O_APPEND);
    if (made.m_file < 0 && errno == EEXIST)
        return base::fail(ErrorCode::Rejected, "there is an operation " + id + " already");
    if (made.m_file < 0)
        return ioError(made.m_path, errno);
    if (const auto flushed = flushFolder(folder); !flushed)
        return tl::unexpected(flushed.error());
    return journal;
}

Result<std::unique_ptr<OperationJournal>> OperationJournal::reopen(const QString &folder, const std::string &id)
{
    if (const auto named = checked(id); !named)
        return tl::unexpected(named.error());
    if (!QFile::exists(pathOf(folder, id, journalEnding)))
        return base::fail(ErrorCode::NotFound, "there is no operation " + id);
    auto journal = locked(folder, id);
    if (!journal)
        return journal;
    OperationJournal &made = **journal;
    made.m_file = opened(made.m_path, O_RDWR | O_APPEND);
    if (made.m_file < 0)
        return ioError(made.m_path, errno);
    if (const auto cut = made.cutOffBrokenLine(); !cut)
        return tl::unexpected(cut.error());
    QFile::remove(made.m_cancelPath);
    return journal;
}

Result<std::unique_ptr<OperationJournal>> OperationJournal::adopt(const QString &folder, const std::string &id, const std::vector<std::string> &lines)
{
    if (const auto named = checked(id); !named)
        return tl::unexpected(named.error());
    if (const auto made = makeFolder(folder); !made)
        return tl::unexpected(made.error());
    auto journal = locked(folder, id);
    if (!journal)
        return journal;
    OperationJournal &made = **journal;
    const QString part = made.m_path + QStringLiteral(".part");
    made.m_file = opened(part, O_RDWR | O_CREAT | O_TRUNC | O_APPEND);
    if (made.m_file < 0)
        return ioError(part, errno);
    for (const std::string &line : lines) {
        if (const auto noted = made.note(line); !noted)
            return tl::unexpected(noted.error());
    }
    const QByteArray from = QFile::encodeName(part), to = QFile::encodeName(made.m_path), stale = to + ".stale";
    if (::fdatasync(made.m_file) != 0)
        return ioError(part, errno);
    if ((::rename(to.constData(), stale.constData()) != 0 && errno != ENOENT) || ::rename(from.constData(), to.constData()) != 0)
        return ioError(made.m_path, errno);
    if (const auto flushed = flushFolder(folder); !flushed)
        return tl::unexpected(flushed.error());
    QFile::remove(made.m_cancelPath);
    return journal;
}

OperationJournal::~OperationJournal()
{
    if (m_file >= 0)
        ::close(m_file);
    if (m_lock >= 0)
        ::close(m_lock); // and the lock with it
}

Result<void> OperationJournal::cutOffBrokenLine()
{
    struct stat now = {};
    if (::fstat(m_file, &now) != 0)
        return ioError(m_path, errno);
    m_length = now.st_size;
    char letter = 0;
    while (m_length > 0 && (::pread(m_file, &letter, 1, m_length - 1) != 1 || letter != '\n'))
        --m_length;
    if (m_length < now.st_size && (::ftruncate(m_file, m_length) != 0 || ::fdatasync(m_file) != 0))
        return ioError(m_path, errno);
    return {};
}

Result<void> OperationJournal::append(const std::string &entry)
{
    return add(entry, true);
}

Result<void> OperationJournal::note(const std::string &entry)
{
    return add(entry, false);
}

Result<void> OperationJournal::add(const std::string &entry, bool isFlushed)
{
    if (entry.find('\n') != std::string::npos)
        return base::fail(ErrorCode::BadInput, "an entry of a journal is one line");
    // Half a line would spoil the next; what was not flushed must not be read as if it had been.
    if (m_isTorn && ::ftruncate(m_file, m_length) != 0)
        return ioError(m_path, errno);
    m_isTorn = true;
    const std::string line = entry + "\n";
    std::size_t written = 0;
    while (written < line.size()) {
        const ssize_t count = ::write(m_file, line.data() + written, line.size() - written);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            break;
        written += static_cast<std::size_t>(count);
    }
    if (written == line.size() && (!isFlushed || ::fdatasync(m_file) == 0)) {
        m_length += static_cast<std::int64_t>(line.size());
        m_isTorn = false;
        return {};
    }
    const int why = errno;
    m_isTorn = ::ftruncate(m_file, m_length) != 0;
    return ioError(m_path, why);
}

bool OperationJournal::isCancelAsked() const
{
    return QFile::exists(m_cancelPath);
}

Result<std::vector<KeptOperation>> operationsIn(const QString &folder)
{
    const QDir dir(folder);
    if (dir.exists() && !dir.isReadable())
        return base::fail(ErrorCode::Io, folder.toStdString() + " cannot be read");
    std::vector<std::pair<QString, std::string>> found;
    for (const QFileInfo &file : dir.entryInfoList({QStringLiteral("*") + QLatin1String(journalEnding)}, QDir::Files))
        found.emplace_back(begunAt(file), file.completeBaseName().toStdString());
    std::sort(found.begin(), found.end(), std::greater<>());
    std::vector<KeptOperation> operations;
    for (const auto &[at, id] : found)
        operations.push_back({id, writerOf(folder, id).has_value()});
    return operations;
}

Result<JournalLines> readJournal(const QString &folder, const std::string &id, std::int64_t from)
{
    if (const auto named = checked(id); !named)
        return tl::unexpected(named.error());
    QFile file(pathOf(folder, id, journalEnding));
    if (!file.exists())
        return base::fail(ErrorCode::NotFound, "there is no operation " + id);
    if (!file.open(QIODevice::ReadOnly) || !file.seek(from))
        return base::fail(ErrorCode::Io, file.fileName().toStdString() + ": " + file.errorString().toStdString());
    const QByteArray rest = file.readAll();
    JournalLines read;
    read.next = from;
    for (qsizetype begin = 0, end = rest.indexOf('\n'); end >= 0; begin = end + 1, end = rest.indexOf('\n', begin)) {
        read.lines.push_back(rest.mid(begin, end - begin).toStdString());
        read.next = from + end + 1;
    }
    return read;
}

std::optional<std::int64_t> writerOf(const QString &folder, const std::string &id)
{
    if (!checked(id))
        return std::nullopt;
    const int lock = opened(pathOf(folder, id, ".lock"), O_RDWR);
    if (lock < 0)
        return std::nullopt;
    struct flock how;
    const bool isHeld = lockAll(lock, F_OFD_GETLK, how) == 0 && how.l_type != F_UNLCK;
    const auto number = isHeld ? std::optional(numberIn(lock)) : std::nullopt;
    ::close(lock);
    return number;
}

Result<void> askToCancel(const QString &folder, const std::string &id)
{
    if (!writerOf(folder, id))
        return base::fail(ErrorCode::NotFound, "nobody carries operation " + id + " out");
    const QString path = pathOf(folder, id, ".cancel");
    const int file = opened(path, O_WRONLY | O_CREAT);
    if (file < 0)
        return ioError(path, errno);
    ::close(file);
    return flushFolder(folder);
}

} // namespace shardlens::record
