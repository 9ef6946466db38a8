// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/shell/Tool.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

namespace shardlens::shell {

namespace {

/// Signals as a program expects to find them: this one blocks those that end it.
class SpawnManner
{
public:
    /// `input`: -1 for none.
    SpawnManner(int input, int output)
    {
        posix_spawn_file_actions_init(&m_files);
        if (input < 0)
            posix_spawn_file_actions_addopen(&m_files, 0, "/dev/null", O_RDONLY, 0);
        else
            posix_spawn_file_actions_adddup2(&m_files, input, 0);
        posix_spawn_file_actions_adddup2(&m_files, output, 1);
        posix_spawn_file_actions_adddup2(&m_files, output, 2);
        posix_spawnattr_init(&m_attributes);
        sigset_t none;
        sigemptyset(&none);
        posix_spawnattr_setsigmask(&m_attributes, &none);
        sigset_t usual;
        sigemptyset(&usual);
        sigaddset(&usual, SIGPIPE);
        posix_spawnattr_setsigdefault(&m_attributes, &usual);
        posix_spawnattr_setpgroup(&m_attributes, 0);
        posix_spawnattr_setflags(&m_attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    }
    ~SpawnManner()
    {
        posix_spawn_file_actions_destroy(&m_files);
        posix_spawnattr_destroy(&m_attributes);
    }
    SpawnManner(const SpawnManner &) = delete;
    SpawnManner &operator=(const SpawnManner &) = delete;

    [[nodiscard]] int spawn(pid_t &pid, const std::vector<std::string> &arguments, const std::map<std::string, std::string> &added) const
    {
        std::vector<char *> words;
        for (const std::string &argument : arguments)
            words.push_back(const_cast<char *>(argument.c_str()));
        words.push_back(nullptr);
        std::vector<std::string> texts;
        for (const auto &[name, value] : added)
            texts.push_back(name + "=" + value);
        std::vector<char *> variables;
        for (char **entry = environ; *entry != nullptr; ++entry) {
            const std::string_view text(*entry);
            if (!text.starts_with("PG") && !added.contains(std::string(text.substr(0, text.find('=')))))
                variables.push_back(*entry);
        }
        for (std::string &text : texts)
            variables.push_back(text.data());
        variables.push_back(nullptr);
        return posix_spawnp(&pid, words[0], &m_files, &m_attributes, words.data(), variables.data());
    }

private:
    posix_spawn_file_actions_t m_files = {};
    posix_spawnattr_t m_attributes = {};
};

constexpr std::size_t mostKept = std::size_t(1) << 20;

/// What lies in the pipe, and no more than it holds: a tool that never stops writing does not keep its deadline from passing. False at
/// its end.
bool drain(int from, std::string &text)
{
    std::array<char, 16384> buffer{};
    for (int reads = 0; reads < 16; ++reads) {
        const auto got = ::read(from, buffer.data(), buffer.size());
        if (got > 0) {
            text.append(buffer.data(), static_cast<std::size_t>(got));
            if (text.size() > 2 * mostKept)
                text.erase(0, text.size() - mostKept);
        } else if (got == 0 || errno != EINTR) {
            return got != 0 && errno == EAGAIN;
        }
    }
    return true;
}

/// Until the tool has ended: what it leaves running may keep the pipe open.
bool readUntilEnd(int from, pid_t tool, std::string &text, int &status, base::Instant deadline, ToolWatch *watch)
{
    for (bool open = true;;) {
        pollfd fd = {from, POLLIN, 0};
        if (::poll(&fd, open ? 1 : 0, 20) > 0)
            open = drain(from, text);
        if (watch)
            watch->hear(text);
        if (::waitpid(tool, &status, WNOHANG) == tool) {
            (void)drain(from, text); // its last words
            return true;
        }
        if (std::chrono::steady_clock::now() >= deadline || (watch && watch->isStopped()))
            return false;
    }
}

} // namespace

std::string ToolWatch::lastLine() const
{
    const std::lock_guard lock(m_mutex);
    return m_text;
}

void ToolWatch::hear(const std::string &text)
{
    std::size_t end = text.size();
    while (end > 0 && (text[end - 1] == '\n' || text[end - 1] == '\r'))
        --end;
    const std::size_t begin = end == 0 ? std::string::npos : text.find_last_of("\r\n", end - 1);
    const std::lock_guard lock(m_mutex);
    m_text = text.substr(begin == std::string::npos ? 0 : begin + 1, begin == std::string::npos ? end : end - begin - 1);
}

base::Result<pid_t> startTool(const std::vector<std::string> &arguments, int output, const ToolSetting &setting)
{
    pid_t tool = 0;
    int input = -1;
    if (!setting.input.empty()) { // a file of nobody's: it is all there, and nobody has to feed it
        input = ::memfd_create("input", MFD_CLOEXEC);
        if (input < 0 || ::write(input, setting.input.data(), setting.input.size()) != static_cast<ssize_t>(setting.input.size()) || ::lseek(input, 0, SEEK_SET) != 0) {
            const int why = errno;
            if (input >= 0)
                ::close(input);
            return base::fail(base::ErrorCode::Io, "cannot give " + arguments[0] + " its input: " + std::strerror(why));
        }
    }
    const int bad = SpawnManner(input, output).spawn(tool, arguments, setting.variables);
    if (input >= 0)
        ::close(input);
    if (bad != 0)
        return base::fail(base::ErrorCode::Io, "cannot start " + arguments[0] + ": " + std::strerror(bad));
    return tool;
}

std::vector<pid_t> toolsWith(const std::string &program, const std::string &argument)
{
    std::vector<pid_t> tools;
    std::error_code ignored;
    for (const auto &entry : std::filesystem::directory_iterator("/proc", ignored)) {
        const std::string name = entry.path().filename().string();
        pid_t pid = 0;
        if (std::from_chars(name.data(), name.data() + name.size(), pid).ptr != name.data() + name.size() || pid <= 1)
            continue;
        std::ifstream file(entry.path() / "cmdline", std::ios::binary);
        const std::string line((std::istreambuf_iterator<char>(file)), {});
        const std::size_t second = std::min(line.find('\0'), line.size());
        const std::string first = line.substr(0, second);
        const std::string script =
            line.substr(std::min(second + 1, line.size()), line.find('\0', second + 1) - second - 1); // after its interpreter
        const auto isCalled = [&](const std::string &path) { return std::filesystem::path(path).filename() == program; };
        if ((isCalled(first) || isCalled(script)) && line.find('\0' + argument + '\0') != std::string::npos)
            tools.push_back(pid);
    }
    return tools;
}

base::Result<ToolOutput> runTool(const std::vector<std::string> &arguments, base::Instant deadline, ToolWatch *watch, const ToolSetting &setting)
{
    std::array<int, 2> out{};
    if (::pipe2(out.data(), O_CLOEXEC) != 0)
        return base::fail(base::ErrorCode::Io, std::string("cannot make a pipe: ") + std::strerror(errno));
    (void)::fcntl(out[0], F_SETFL, O_NONBLOCK);
    const auto started = startTool(arguments, out[1], setting);
    ::close(out[1]);
    if (!started) {
        ::close(out[0]);
        return base::fail(started.error());
    }
    const pid_t tool = *started;
    ToolOutput output;
    int status = 0;
    const bool ended = readUntilEnd(out[0], tool, output.text, status, deadline, watch);
    ::close(out[0]);
    if (!ended) {
        ::kill(-tool, SIGKILL);
        while (::waitpid(tool, &status, 0) < 0 && errno == EINTR) {
        }
        if (watch && watch->isStopped())
            return base::fail(base::ErrorCode::Cancelled, std::filesystem::path(arguments[0]).filename().string() + " was stopped");
        return base::fail(base::ErrorCode::TimedOut,
                          std::filesystem::path(arguments[0]).filename().string() + " was not done in time: " + endOf(output.text));
    }
    output.exitCode = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return output;
}

std::string endOf(const std::string &text)
{
    std::string all = text;
    while (!all.empty() && (all.back() == '\n' || all.back() == ' '))
        all.pop_back();
    const std::size_t line = all.size() > 300 ? all.find('\n', all.size() - 300) : std::string::npos;
    return line == std::string::npos ? all : all.substr(line + 1);
}

} // namespace shardlens::shell
