// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/effects/ExecutorProcess.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace shardlens::effects {

namespace {

base::Error systemError(const std::string &what, int error)
{
    return {error == ENOENT ? base::ErrorCode::NotFound : base::ErrorCode::Io, what + ": " + std::strerror(error), {}, {}, base::Effect::None};
}

/// A request is far smaller than a socket holds, so it can be written before anybody reads. Where nobody does any more no signal ends us.
bool writeAll(int fd, const std::string &text)
{
    return ::send(fd, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
}

} // namespace

base::Result<ExecutorProcess> ExecutorProcess::start(const std::string &program, const std::vector<std::string> &arguments, const std::string &input, bool keepsErrors,
                                                     bool mayBeTold)
{
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, in.data()) != 0)
        return base::fail(systemError("a pair of sockets", errno));
    if (::pipe2(out.data(), O_CLOEXEC) != 0) {
        const int error = errno;
        ::close(in[0]);
        ::close(in[1]);
        return base::fail(systemError("a pipe", error));
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    if (!keepsErrors)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    std::vector<char *> words{const_cast<char *>(program.c_str())};
    for (const std::string &argument : arguments)
        words.push_back(const_cast<char *>(argument.c_str()));
    words.push_back(nullptr);
    pid_t pid = 0;
    const int error = ::posix_spawnp(&pid, program.c_str(), &actions, nullptr, words.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(in[0]);
    ::close(out[1]);
    const bool told = error == 0 && writeAll(in[1], input);
    if (error != 0 || !mayBeTold)
        ::close(in[1]);
    if (error != 0) {
        ::close(out[0]);
        return base::fail(systemError(program, error));
    }
    ::fcntl(out[0], F_SETFL, O_NONBLOCK);
    ExecutorProcess process(pid, out[0], mayBeTold ? in[1] : -1);
    if (!told) // it reads half a request, and refuses it
        return base::fail(base::ErrorCode::Io, program + " did not take its request");
    return process;
}

ExecutorProcess::~ExecutorProcess()
{
    for (const int fd : {m_fd, m_input}) {
        if (fd >= 0)
            ::close(fd);
    }
}

ExecutorProcess::ExecutorProcess(ExecutorProcess &&other) noexcept
    : m_pid(std::exchange(other.m_pid, 0)), m_fd(std::exchange(other.m_fd, -1)), m_input(std::exchange(other.m_input, -1)), m_unread(std::move(other.m_unread)), m_ended(other.m_ended)
{
}

ExecutorProcess &ExecutorProcess::operator=(ExecutorProcess &&other) noexcept
{
    std::swap(m_pid, other.m_pid);
    std::swap(m_fd, other.m_fd);
    std::swap(m_input, other.m_input);
    std::swap(m_unread, other.m_unread);
    std::swap(m_ended, other.m_ended);
    return *this;
}

bool ExecutorProcess::tell(const std::string &line)
{
    const bool isTold = m_input >= 0 && writeAll(m_input, line + "\n");
    endInput();
    return isTold;
}

void ExecutorProcess::endInput()
{
    if (const int input = std::exchange(m_input, -1); input >= 0)
        ::close(input);
}

std::vector<std::string> ExecutorProcess::takeLines()
{
    std::array<char, 4096> buffer{};
    for (ssize_t got = ::read(m_fd, buffer.data(), buffer.size()); got > 0; got = ::read(m_fd, buffer.data(), buffer.size()))
        m_unread.append(buffer.data(), static_cast<std::size_t>(got));
    std::vector<std::string> lines;
    for (std::size_t end = m_unread.find('\n'); end != std::string::npos; end = m_unread.find('\n')) {
        lines.push_back(m_unread.substr(0, end));
        m_unread.erase(0, end + 1);
    }
    return lines;
}

std::optional<int> ExecutorProcess::ended()
{
    int status = 0;
    if (!m_ended && ::waitpid(m_pid, &status, WNOHANG) == m_pid)
        m_ended = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return m_ended;
}

std::string executorProgram()
{
    std::error_code error;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
    const auto beside = self.parent_path() / "shardlens-executor";
    return !error && std::filesystem::exists(beside, error) ? beside.string() : std::string("shardlens-executor");
}

} // namespace shardlens::effects
