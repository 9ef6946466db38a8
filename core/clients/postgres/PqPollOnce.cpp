// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/postgres/PqPollOnce.h"

namespace shardlens::clients {

namespace {

const char *const readOnly = "SET default_transaction_read_only = on; SET statement_timeout = '30s'; SET lock_timeout = '5s'; SET jit = off; "
                             "SET search_path = pg_catalog";

// Holds itself until it is done: the timer and the link's hooks each keep it alive.
struct Errand : std::enable_shared_from_this<Errand> {
    std::shared_ptr<EventLoop> loop;
    std::string sql;
    PqPollOnce::Done done;
    std::unique_ptr<PqPollLink> link;
    EventLoop::TimerId timer = 0;

    void ask()
    {
        link->query(readOnly, [this](const auto &set) {
            if (!set)
                return finish(tl::unexpected(set.error()));
            link->query(sql, [this](const auto &results) {
                if (!results)
                    return finish(tl::unexpected(results.error()));
                finish(results->empty() ? PqRows() : results->front());
            });
        });
    }

    void finish(tl::expected<PqRows, base::Error> result)
    {
        if (!done)
            return;
        const auto self = shared_from_this(); // the timer is the one that holds it
        loop->cancel(timer);
        const auto tell = std::exchange(done, nullptr);
        link->close();
        // The link stands below us on the stack: it goes with the next turn of the loop.
        loop->post([self] { self->link.reset(); });
        tell(std::move(result));
    }
};

} // namespace

void PqPollOnce::run(const std::shared_ptr<EventLoop> &loop, const std::shared_ptr<Resolver> &resolver, PqTarget target, std::string sql,
                     base::milliseconds deadline, Done done)
{
    auto errand = std::make_shared<Errand>();
    errand->loop = loop;
    errand->sql = std::move(sql);
    errand->done = std::move(done);
    auto *bare = errand.get();
    errand->link = std::make_unique<PqPollLink>(loop, resolver, std::move(target),
                                                PqPollLink::Hooks{[bare] { bare->ask(); }, [bare](base::Error error) { bare->finish(tl::unexpected(std::move(error))); }});
    errand->timer = loop->after(deadline, [errand] {
        errand->finish(tl::unexpected(base::Error{base::ErrorCode::TimedOut, "no answer in time", {}, {}, base::Effect::None}));
    });
    errand->link->open();
}

} // namespace shardlens::clients
