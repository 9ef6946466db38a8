// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/loop/PasswordSource.h"
#include "core/clients/loop/PollClient.h"
#include "core/clients/loop/TcpLink.h"
#include "core/clients/redis/BucketWalk.h"
#include "core/facts/RedisSample.h"

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

struct redisReader;
struct redisReply;

namespace shardlens::clients {

/// Polls one Redis: INFO and the term key in one round trip; each 10 s, or as Options say, in the same one, the slow log, the save points and,
/// for a media map, how the next batch of its buckets is stored. Redis 6 or newer.
class RedisPoll final : public PollClient
{
public:
    struct Options {
        fleet::Endpoint endpoint;
        std::string user;          ///< empty = the default user
        PasswordSource password;   ///< absent or empty = no AUTH
        std::string termKey;       ///< empty = none is declared
        std::string bucketPattern; ///< key of the media map's buckets, "mediamap:{bucket}"; empty = this group holds no media map
        base::milliseconds seldom = base::seconds(10); ///< what seldom changes is read again once it is so old
    };

    RedisPoll(std::shared_ptr<EventLoop> loop, std::shared_ptr<Resolver> resolver, Options options, std::shared_ptr<const base::Clock> clock);
    ~RedisPoll() override;

    void open() override;
    void poll() override;
    void close() override;

private:
    using Took = std::function<void(const redisReply &)>;
    void greet();
    void command(const std::vector<std::string> &words, Took took);
    void askSlowly();
    void lookUp(const std::vector<std::string> &words, Took took); ///< a command that the server counts as a hit or a miss
    void tookInfo(const redisReply &reply);
    void tookReplicasWanted(const redisReply &reply);
    void tookTerm(const redisReply &reply);
    void tookSlowLog(const redisReply &reply);
    void askForBuckets();
    void tookBuckets(const redisReply &reply);
    void probeBuckets();
    void endWalk();
    void tellBuckets();
    void askForMove();
    void take(std::string_view bytes);
    void finish();
    void fail(base::ErrorCode code, const std::string &message);

    Options m_options;
    std::shared_ptr<const base::Clock> m_clock;
    std::unique_ptr<redisReader, void (*)(redisReader *)> m_reader;
    std::deque<Took> m_awaited;   ///< one for each command sent and not answered
    std::string m_outgoing;
    bool m_polling = false;
    std::optional<base::Error> m_trouble; ///< said by the server while answering this poll
    facts::RedisSample m_sample;
    facts::Known<std::vector<facts::SlowLogEntry>> m_slowLog = facts::notAsked<std::vector<facts::SlowLogEntry>>();
    facts::Known<facts::EncodingProbe> m_encoding = facts::notAsked<facts::EncodingProbe>();
    facts::Known<std::int64_t> m_term = facts::notAsked<std::int64_t>();
    std::int64_t m_ownHits = 0;    ///< look-ups of our own that the server counted
    std::int64_t m_ownMisses = 0;
    facts::Known<facts::RedisMoveReading> m_move = facts::notAsked<facts::RedisMoveReading>();
    facts::RedisMoveReading m_moveAsked;        ///< being answered
    std::optional<facts::Unknown> m_moveTrouble;
    BucketWalk m_walk;
    std::deque<std::string> m_found; ///< buckets to be probed with the next polls
    std::string m_cursor = "0";      ///< of the walk over keys in search of buckets
    bool m_scanned = false;          ///< a batch came since the last walk ended
    std::string m_measured;          ///< the bucket whose fields were counted last
    std::int64_t m_fields = 0;
    bool m_snapshotting = false;
    facts::Known<bool> m_stopsOnFailedSave = facts::notAsked<bool>();
    bool m_wantsReplicas = false;  ///< it told how many acknowledge in time, which it does only where some are wanted
    base::Instant m_slowAt;
    TcpLink m_link;
};

} // namespace shardlens::clients
