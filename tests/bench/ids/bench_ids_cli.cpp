// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ids/Anatomy.h"
#include "core/ids/Shortcode.h"
#include "tests/bench/ids/Naive.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace shardlens;

constexpr int lines = 2000000;
constexpr int rounds = 3;
constexpr double floorPerSecond = 2e6;

/// Half numbers, half shortcodes, in a file without a name that ends with this program.
int inputFile()
{
    std::FILE *file = std::tmpfile();
    if (!file)
        return -1;
    std::uint64_t state = 88172645463325252U;
    for (int i = 0; i < lines; ++i) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        const std::uint64_t id = *ids::compose(1400000000000 + std::int64_t(state % 300000000000U), (state >> 40) % 8192, state % 1024, {});
        if (i % 2 == 0)
            std::fprintf(file, "%llu\n", static_cast<unsigned long long>(id));
        else
            std::fprintf(file, "%s\n", std::string(ids::Shortcode(id).text()).c_str());
    }
    std::fflush(file);
    return fileno(file);
}

struct Rate {
    double wall = 0; ///< lines a second as a person waits
    double cpu = 0;  ///< lines a second of the program's own CPU time, user and system
};

double secondsOf(const timeval &time)
{
    return double(time.tv_sec) + 1e-6 * double(time.tv_usec);
}

/// Runs a program with the file as its input and a pipe as its output, which is read to the end; the best round.
Rate measured(const std::vector<std::string> &command, int input)
{
    Rate best;
    for (int round = 0; round < rounds; ++round) {
        int ends[2];
        if (::pipe(ends) != 0)
            return {};
        const auto begin = std::chrono::steady_clock::now();
        const pid_t child = ::fork();
        if (child == 0) {
            ::lseek(input, 0, SEEK_SET);
            ::dup2(input, STDIN_FILENO);
            ::dup2(ends[1], STDOUT_FILENO);
            ::close(ends[0]);
            ::close(ends[1]);
            std::vector<char *> arguments;
            for (const std::string &word : command)
                arguments.push_back(const_cast<char *>(word.c_str()));
            arguments.push_back(nullptr);
            ::execv(arguments[0], arguments.data());
            ::_exit(127);
        }
        ::close(ends[1]);
        std::vector<char> buffer(1 << 16);
        long answered = 0;
        for (ssize_t got = 0; (got = ::read(ends[0], buffer.data(), buffer.size())) > 0;)
            answered += std::count(buffer.begin(), buffer.begin() + got, '\n');
        ::close(ends[0]);
        int status = 0;
        rusage used{};
        ::wait4(child, &status, 0, &used);
        const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        if (status != 0 || answered != lines) {
            std::fprintf(stderr, "%s: ended with %d after %ld of %d lines\n", command[0].c_str(), status, answered, lines);
            return {};
        }
        best.wall = std::max(best.wall, lines / wall);
        best.cpu = std::max(best.cpu, lines / (secondsOf(used.ru_utime) + secondsOf(used.ru_stime)));
    }
    return best;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc > 1 && std::strcmp(argv[1], "--naive") == 0) {
        naive::decodeStandardInput();
        return 0;
    }
    const int input = inputFile();
    if (input < 0) {
        std::perror("the input file");
        return 1;
    }
    ::unsetenv("SHARDLENS_FLEET");
    const Rate text = measured({SHARDLENSCTL, "id", "decode"}, input);
    const Rate json = measured({SHARDLENSCTL, "id", "decode", "--json"}, input);
    const Rate naively = measured({"/proc/self/exe", "--naive"}, input);
    if (text.wall == 0 || json.wall == 0 || naively.wall == 0)
        return 1;
    std::printf("%-38s %14s %14s %8s\n", "shardlensctl id decode, file to pipe", "million/s wall", "million/s CPU", "ratio");
    const auto print = [&](const char *what, const Rate &rate) {
        std::printf("%-38s %14.2f %14.2f %7.1fx\n", what, rate.wall / 1e6, rate.cpu / 1e6, rate.cpu / naively.cpu);
    };
    print("plain text", text);
    print("JSON", json);
    print("naive: getline, strftime, cout", naively);
    const bool reached = text.cpu >= floorPerSecond;
    std::printf("Floor: %.0f million lines of plain text a second of one core: %s\n", floorPerSecond / 1e6, reached ? "reached" : "missed");
#ifdef NDEBUG
    return reached ? 0 : 1;
#else
    return 0; // not optimised: the figures are shown, not judged
#endif
}
