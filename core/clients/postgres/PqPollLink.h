// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/loop/EventLoop.h"
#include "core/clients/loop/PasswordSource.h"
#include "core/clients/loop/Resolver.h"
#include "core/fleet/Access.h"
#include "core/fleet/Fleet.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct pg_conn;
struct pg_result;

namespace shardlens::clients {

/// Whom to dial and as whom.
struct PqTarget {
    fleet::Endpoint endpoint;
    std::string database;
    std::string user;
    PasswordSource password; ///< absent = none is needed
    fleet::Tls tls;
};

/// The rows one statement answered with. Text format; a NULL is nothing.
class PqRows
{
public:
    PqRows() = default;
    explicit PqRows(pg_result *result);

    [[nodiscard]] int rowCount() const;
    [[nodiscard]] int column(const char *name) const; ///< -1 if there is none
    [[nodiscard]] std::optional<std::string_view> at(int row, int column) const;
    [[nodiscard]] std::string text(int row, const char *name) const;          ///< empty for NULL and for no such column
    [[nodiscard]] std::int64_t number(int row, const char *name) const;       ///< 0 likewise

private:
    std::shared_ptr<pg_result> m_result;
};

/// An asynchronous libpq connection in an EventLoop: no call of it waits, however the server hangs. One thread: the loop's.
/// One statement is under way at a time.
class PqPollLink
{
public:
    using Results = std::vector<PqRows>;
    /// The rows of every statement, or the server's own error, with its SQLSTATE; the connection lives on in both cases.
    using Done = std::function<void(tl::expected<Results, base::Error>)>;

    struct Hooks {
        std::function<void()> opened;
        std::function<void(base::Error)> failed; ///< the connection is lost, and closed
    };

    PqPollLink(std::shared_ptr<EventLoop> loop, std::shared_ptr<Resolver> resolver, PqTarget target, Hooks hooks);
    ~PqPollLink();
    PqPollLink(const PqPollLink &) = delete;
    PqPollLink &operator=(const PqPollLink &) = delete;

    void open();
    void close(); ///< no hook and no Done is called any more until open()

    [[nodiscard]] int serverVersion() const; ///< as server_version_num, once opened

    void query(const std::string &sql, Done done);                       ///< simple protocol; may hold several statements
    void prepare(const std::string &name, const std::string &sql, Done done);
    void execute(const std::string &name, Done done);                    ///< a prepared statement without parameters: one round trip

private:
    void dial(const Resolver::Addresses &addresses);
    void connectFurther();
    void handle(EventLoop::Ready ready);
    void sent(bool accepted, Done done);
    bool collect();
    void flush();
    void fail();
    void failAsSaid();
    void fail(base::ErrorCode code, const std::string &message, const std::string &sqlState = {});

    std::shared_ptr<EventLoop> m_loop;
    std::shared_ptr<Resolver> m_resolver;
    PqTarget m_target;
    Hooks m_hooks;
    pg_conn *m_conn = nullptr;
    int m_fd = -1;
    bool m_open = false;
    Done m_done;
    Results m_results;
    std::optional<base::Error> m_rejection;
    std::size_t m_attempt = 0;
    std::shared_ptr<int> m_life; ///< replaced by close(): what belongs to an earlier connection finds it gone
};

/// What libpq says of a failed connection, in one sentence and one code.
[[nodiscard]] base::Error connectionError(const std::string &libpqSays);

} // namespace shardlens::clients
