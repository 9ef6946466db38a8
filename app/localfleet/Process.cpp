// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/Process.h"

#include "app/localfleet/Files.h"
#include "app/localfleet/Owner.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

extern char **environ;

namespace shardlens::localfleet
{

namespace
{

/// Everything exec needs, made before the fork: the child of a threaded program may not allocate.
class ExecImage
{
public:
    explicit ExecImage(const Command &command) : m_fd(command.programFd)
    {
        for (char **entry = environ; *entry != nullptr; ++entry) {
            // The caller's Postgres settings (PGHOST, PGPORT, …) must not lead a tool to another server.
            if (std::strncmp(*entry, "PG", 2) != 0)
                m_texts.emplace_back(*entry);
        }
        for (const auto &[key, value] : command.environment)
            m_texts.push_back(key + "=" + value);
        for (const std::string &argument : command.arguments)
            m_arguments.push_back(const_cast<char *>(argument.c_str()));
        for (std::string &text : m_texts)
            m_environment.push_back(text.data());
        m_arguments.push_back(nullptr);
        m_environment.push_back(nullptr);
    }
    /// Returns only by failing; `complaints` is told why, if it is one.
    [[noreturn]] void execute(int complaints = -1)
    {
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, nullptr);
        signal(SIGPIPE, SIG_DFL);
        dropRootForGood();
        if (m_fd >= 0)
            fexecve(m_fd, m_arguments.data(), m_environment.data());
        else
            execve(m_arguments[0], m_arguments.data(), m_environment.data());
        const int why = errno;
        if (complaints >= 0 && write(complaints, &why, sizeof why) < 0)
            _exit(126);
        _exit(127);
    }

private:
    std::vector<std::string> m_texts;
    std::vector<char *> m_arguments;
    std::vector<char *> m_environment;
    int m_fd;
};

void feedAndRead(int in, int out, const std::string &input, std::string &output, std::chrono::steady_clock::time_point end, bool &late)
{
    std::size_t fed = 0;
    std::array<char, 65536> buffer;
    fcntl(in, F_SETFL, O_NONBLOCK);
    while (true) {
        if (in >= 0 && fed == input.size()) {
            close(in);
            in = -1;
        }
        const auto left = std::chrono::duration_cast<base::milliseconds>(end - std::chrono::steady_clock::now()).count();
        if (left <= 0) {
            late = true;
            break;
        }
        std::array<pollfd, 2> fds{pollfd{out, POLLIN, 0}, pollfd{in, POLLOUT, 0}};
        if (poll(fds.data(), in >= 0 ? 2 : 1, static_cast<int>(left)) <= 0)
            continue;
        if (in >= 0 && fds[1].revents != 0) {
            const ssize_t wrote = send(in, input.data() + fed, input.size() - fed, MSG_NOSIGNAL); // a socket, so that no SIGPIPE ends us
            fed = wrote > 0 ? fed + static_cast<std::size_t>(wrote) : (errno == EAGAIN ? fed : input.size());
        }
        if (fds[0].revents != 0) {
            const ssize_t got = read(out, buffer.data(), buffer.size());
            if (got <= 0)
                break;
            output.append(buffer.data(), static_cast<std::size_t>(got));
        }
    }
    if (in >= 0)
        close(in);
}

std::string lastLines(const std::string &text)
{
    const std::string all = trimmed(text);
    return all.size() <= 400 ? all : "…" + all.substr(all.size() - 400);
}

/// Field `index` (from 1) of /proc/PID/stat; the name in brackets may hold blanks, so count from behind it.
std::optional<std::string> statField(pid_t pid, int index)
{
    const auto text = readFile("/proc/" + std::to_string(pid) + "/stat");
    if (!text)
        return std::nullopt;
    const std::size_t bracket = text->rfind(')');
    if (bracket == std::string::npos)
        return std::nullopt;
    const auto fields = split(std::string_view(*text).substr(bracket + 2), ' ');
    const auto at = static_cast<std::size_t>(index - 3);
    return at < fields.size() ? std::optional(fields[at]) : std::nullopt;
}

} // namespace

base::Result<Output> run(const Command &command, base::milliseconds deadline)
{
    ExecImage image(command);
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, in.data()) != 0 || pipe2(out.data(), O_CLOEXEC) != 0)
        return base::fail(base::ErrorCode::Io, std::string("cannot make a pipe: ") + std::strerror(errno));
    const auto end = std::chrono::steady_clock::now() + deadline;
    const pid_t child = fork();
    if (child == 0) {
        setpgid(0, 0);
        dup2(in[0], 0);
        dup2(out[1], 1);
        dup2(out[1], 2);
        image.execute();
    }
    close(in[0]);
    close(out[1]);
    if (child < 0) {
        close(in[1]);
        close(out[0]);
        return base::fail(base::ErrorCode::Io, std::string("cannot start a process: ") + std::strerror(errno));
    }
    Output output;
    bool late = false;
    feedAndRead(in[1], out[0], command.input, output.text, end, late);
    close(out[0]);
    if (late)
        ::kill(-child, SIGKILL);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (late)
        return base::fail(base::ErrorCode::TimedOut,
                          command.arguments[0] + " took longer than " + std::to_string(deadline.count()) + " ms");
    output.exitCode = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return output;
}

base::Result<std::string> runOrFail(const Command &command, base::milliseconds deadline)
{
    auto output = run(command, deadline);
    if (!output)
        return base::fail(output.error());
    if (output->exitCode != 0)
        return base::fail(base::ErrorCode::Rejected, std::filesystem::path(command.arguments[0]).filename().string() +
                                                         " failed (exit code " + std::to_string(output->exitCode) +
                                                         "): " + lastLines(output->text));
    return std::move(output->text);
}

base::Result<ProcessId> startDaemon(const Command &command, const std::filesystem::path &log, const std::filesystem::path &pidFile)
{
    ExecImage image(command);
    const std::string place = log.parent_path().string();
    const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    const int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    std::array<int, 2> told{};
    if (out < 0 || null < 0 || pipe2(told.data(), O_CLOEXEC) != 0)
        return base::fail(base::ErrorCode::Io, "cannot open " + log.string() + ": " + std::strerror(errno));
    // Twice forked: the server becomes a child of init, so that it never is a zombie of a program that lives on (a test).
    const pid_t middle = fork();
    if (middle == 0) {
        if (const pid_t second = fork(); second != 0)
            _exit(second > 0 ? 0 : 1);
        const pid_t self = getpid();
        if (write(told[1], &self, sizeof self) != sizeof self)
            _exit(126);
        setsid();
        // Where it works tells whose it is, should this program be killed before it has written the pid file.
        if (chdir(place.c_str()) != 0)
            _exit(126);
        dup2(null, 0);
        dup2(out, 1);
        dup2(out, 2);
        image.execute(told[1]);
    }
    close(out);
    close(null);
    close(told[1]);
    pid_t server = 0;
    const bool heard = middle > 0 && read(told[0], &server, sizeof server) == sizeof server && server > 0;
    // The pipe closes by the exec: from then on signals reach the server's program, not a copy of this one.
    int why = 0;
    const bool failed = !heard || read(told[0], &why, sizeof why) != 0;
    close(told[0]);
    if (middle > 0)
        waitpid(middle, nullptr, 0);
    if (failed)
        return base::fail(base::ErrorCode::Io, "cannot start " + command.arguments[0] + ": " + std::strerror(why));
    const auto process = processOf(server);
    if (!process)
        return base::fail(base::ErrorCode::Io, command.arguments[0] + " ended right after its start; see " + log.string());
    const std::string text = std::to_string(process->pid) + " " + std::to_string(process->startTime) + "\n";
    if (const auto written = writeFile(pidFile, text); !written)
        return base::fail(written.error());
    return *process;
}

std::optional<ProcessId> processOf(pid_t pid)
{
    const auto start = statField(pid, 22);
    if (!start)
        return std::nullopt;
    return ProcessId{pid, std::strtoull(start->c_str(), nullptr, 10)};
}

std::optional<ProcessId> recorded(const std::filesystem::path &pidFile)
{
    const auto text = readFile(pidFile);
    if (!text)
        return std::nullopt;
    const auto fields = split(trimmed(*text), ' ');
    if (fields.size() != 2)
        return std::nullopt;
    const ProcessId process{static_cast<pid_t>(std::strtol(fields[0].c_str(), nullptr, 10)), std::strtoull(fields[1].c_str(), nullptr, 10)};
    if (process.pid <= 1 || !isAlive(process))
        return std::nullopt;
    return process;
}

bool isAlive(const ProcessId &process)
{
    if (processOf(process.pid) != process)
        return false;
    const auto state = statField(process.pid, 3);
    return state && *state != "Z" && *state != "X";
}

bool isStopped(const ProcessId &process)
{
    return isAlive(process) && statField(process.pid, 3) == "T";
}

std::vector<pid_t> processesIn(const std::filesystem::path &directory)
{
    std::vector<pid_t> found;
    std::error_code error;
    for (const auto &entry : std::filesystem::directory_iterator("/proc", error)) {
        const std::string name = entry.path().filename().string();
        pid_t pid = 0;
        if (std::from_chars(name.data(), name.data() + name.size(), pid).ec != std::errc() || pid == getpid())
            continue;
        std::error_code unreadable;
        if (std::filesystem::read_symlink(entry.path() / "cwd", unreadable) == directory && !unreadable)
            found.push_back(pid);
    }
    return found;
}

std::optional<std::int64_t> proportionalSize(pid_t pid)
{
    const auto text = readFile("/proc/" + std::to_string(pid) + "/smaps_rollup");
    const std::size_t at = text ? text->find("\nPss:") : std::string::npos;
    if (at == std::string::npos)
        return std::nullopt;
    return std::strtoll(text->c_str() + at + 5, nullptr, 10) * 1024;
}

void pause(base::milliseconds time)
{
    std::this_thread::sleep_for(time);
}

bool stop(const ProcessId &process, int gentle, base::milliseconds patience)
{
    if (!isAlive(process))
        return true;
    ::kill(process.pid, gentle);
    ::kill(process.pid, SIGCONT);
    if (waitUntil([&] { return !isAlive(process); }, patience))
        return true;
    ::kill(process.pid, SIGKILL);
    return waitUntil([&] { return !isAlive(process); }, base::seconds(5));
}

base::Result<Command> ownProgram(const std::string &name)
{
    const AsRoot root;
    std::error_code error;
    const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
    // A test's program lies in a folder beside that of the programs.
    for (const auto &path : {self.parent_path() / name, self.parent_path().parent_path() / "bin" / name}) {
        const int fd = open(path.c_str(), O_PATH | O_CLOEXEC);
        if (fd >= 0)
            return Command{{path.string()}, {}, {}, fd}; // stays open: one number a program and run
    }
    return base::fail(base::ErrorCode::Unavailable, "the program " + name + " is not there; it belongs beside " + self.string());
}

std::optional<std::string> findProgram(const std::string &name)
{
    for (const char *place : {"/usr/lib/postgresql/15/bin/", "/usr/bin/", "/usr/sbin/", "/usr/local/bin/", "/usr/local/sbin/"}) {
        const std::string path = place + name;
        if (access(path.c_str(), X_OK) == 0)
            return path;
    }
    return std::nullopt;
}

base::Result<std::string> needProgram(const std::string &name, const std::string &package)
{
    if (auto path = findProgram(name))
        return *path;
    return base::fail(base::ErrorCode::Unavailable, name + " is not installed; it comes with the package " + package);
}

} // namespace shardlens::localfleet
