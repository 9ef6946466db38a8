// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/redis/RedisPoll.h"

#include "core/clients/redis/RedisPollInfo.h"
#include "core/clients/redis/Refusal.h"
#include "core/fleet/Fleet.h"

#include <hiredis/hiredis.h>

#include <charconv>

namespace shardlens::clients {

namespace {

constexpr std::size_t longestReading = 8U << 20;
constexpr std::size_t probedAtOnce = 32; // a batch of a hundred is looked through before the next one is asked for

std::string_view textOf(const redisReply &reply)
{
    return reply.str == nullptr ? std::string_view() : std::string_view(reply.str, reply.len);
}

bool isError(const redisReply &reply)
{
    return reply.type == REDIS_REPLY_ERROR;
}

facts::Unknown refusal(const redisReply &reply)
{
    const auto message = textOf(reply);
    const auto why = codeOf(message) == base::ErrorCode::NoRights ? facts::WhyUnknown::NoRights : facts::WhyUnknown::NotSupported;
    return {why, std::string(message.substr(0, message.find(' ')))};
}

void append(std::string &out, const std::vector<std::string> &words)
{
    out += '*' + std::to_string(words.size()) + "\r\n";
    for (const auto &word : words)
        out += '$' + std::to_string(word.size()) + "\r\n" + word + "\r\n";
}

} // namespace

RedisPoll::RedisPoll(std::shared_ptr<EventLoop> loop, std::shared_ptr<Resolver> resolver, Options options, std::shared_ptr<const base::Clock> clock)
    : m_options(std::move(options)), m_clock(std::move(clock)), m_reader(nullptr, redisReaderFree),
      m_link(std::move(loop), std::move(resolver), m_options.endpoint,
             {[this] { greet(); }, [this](std::string_view bytes) { take(bytes); }, [this](const base::Error &error) { fail(error.code, error.message); }})
{
}

RedisPoll::~RedisPoll() = default;

void RedisPoll::open()
{
    close();
    m_reader.reset(redisReaderCreate());
    m_link.open();
}

void RedisPoll::close()
{
    m_link.close();
    m_awaited.clear();
    m_outgoing.clear();
    m_polling = false;
    m_trouble.reset();
    m_walk = {};
    m_found.clear();
    m_cursor = "0";
    m_scanned = false;
    m_measured.clear();
    m_slowAt = {};
    m_slowLog = facts::notAsked<std::vector<facts::SlowLogEntry>>();
    m_encoding = facts::notAsked<facts::EncodingProbe>();
    m_term = facts::notAsked<std::int64_t>();
    m_move = facts::notAsked<facts::RedisMoveReading>();
    m_stopsOnFailedSave = facts::notAsked<bool>();
    m_wantsReplicas = false;
}

void RedisPoll::fail(base::ErrorCode code, const std::string &message)
{
    close();
    m_hooks.failed({code, message, {}, {}, base::Effect::None});
}

void RedisPoll::command(const std::vector<std::string> &words, Took took)
{
    append(m_outgoing, words);
    m_awaited.push_back(std::move(took));
}

void RedisPoll::greet()
{
    const auto password = m_options.password ? m_options.password() : base::Result<std::string>(std::string());
    if (!password)
        return fail(password.error().code, password.error().message);
    if (password->empty())
        return m_hooks.opened();
    std::vector<std::string> words{"AUTH"};
    if (!m_options.user.empty())
        words.push_back(m_options.user);
    words.push_back(*password);
    command(words, [this](const redisReply &reply) {
        const auto message = textOf(reply);
        // A server that asks for no password is told one all the same: that is no reason not to look at it.
        if (isError(reply) && message.find("without any password configured") == std::string_view::npos)
            return fail(codeOf(message), std::string(message));
        m_hooks.opened();
    });
    m_link.send(std::exchange(m_outgoing, {}));
}

void RedisPoll::poll()
{
    m_polling = true;
    m_trouble.reset();
    m_sample = {};
    // What is looked up below comes after INFO has counted.
    m_sample.ownHits = m_ownHits;
    m_sample.ownMisses = m_ownMisses;
    command({"INFO"}, [this](const redisReply &reply) { tookInfo(reply); });
    // As new as the count that it is compared with: a move sets and resets it within a second.
    if (m_wantsReplicas)
        command({"CONFIG", "GET", "min-replicas-to-write"}, [this](const redisReply &reply) { tookReplicasWanted(reply); });
    probeBuckets();
    const auto now = m_clock->now();
    if (m_slowAt == base::Instant() || now - m_slowAt >= m_options.seldom) {
        m_slowAt = now;
        askSlowly();
    }
    m_link.send(std::exchange(m_outgoing, {}));
}

// A nil or nothing is a miss; so is the length of a hash that is not there.
void RedisPoll::lookUp(const std::vector<std::string> &words, Took took)
{
    command(words, [this, took = std::move(took)](const redisReply &reply) {
        const bool missed = reply.type == REDIS_REPLY_NIL || (reply.type == REDIS_REPLY_INTEGER && reply.integer == 0);
        if (!isError(reply))
            ++(missed ? m_ownMisses : m_ownHits);
        took(reply);
    });
}

// Seldom read: each look-up here is one that the server counts as people's. The rules and the moves' readiness need all of it but the slow
// log, and that is read whether or not somebody looks at it because it costs nothing: in 10 s at most 0.1 ms of the server's time and 48 KB,
// where each entry has the longest arguments that it keeps (usually 9 µs, 1 KB); all that is asked here, 60 µs of ours. Measured with Redis 7.0.
void RedisPoll::askSlowly()
{
    if (m_options.termKey.empty())
        m_term = facts::unknown(facts::WhyUnknown::NotConfigured, "term");
    else
        lookUp({"GET", m_options.termKey}, [this](const redisReply &reply) { tookTerm(reply); });
    command({"SLOWLOG", "GET", "10"}, [this](const redisReply &reply) { tookSlowLog(reply); });
    command({"CONFIG", "GET", "save"}, [this](const redisReply &reply) {
        if (reply.type == REDIS_REPLY_ARRAY && reply.elements == 2)
            m_snapshotting = !textOf(*reply.element[1]).empty();
    });
    command({"CONFIG", "GET", "stop-writes-on-bgsave-error"}, [this](const redisReply &reply) {
        if (isError(reply))
            m_stopsOnFailedSave = tl::unexpected(refusal(reply));
        else if (reply.type == REDIS_REPLY_ARRAY && reply.elements == 2)
            m_stopsOnFailedSave = textOf(*reply.element[1]) == "yes";
    });
    askForMove();
    if (m_options.bucketPattern.empty())
        m_encoding = facts::unknown(facts::WhyUnknown::NotConfigured, "media_map");
    else if (m_found.empty())
        askForBuckets();
}

void RedisPoll::askForBuckets()
{
    std::string glob = m_options.bucketPattern;
    if (const auto hole = fleet::holeOf(glob, "bucket"))
        glob.replace(hole->at, hole->length, "*");
    command({"SCAN", m_cursor, "MATCH", glob, "COUNT", "100"}, [this](const redisReply &reply) { tookBuckets(reply); });
}

// How many fields only the example has: HLEN counts as a use of the key, where OBJECT does not, and an evicting server would
// take all buckets for used.
void RedisPoll::probeBuckets()
{
    if (m_found.empty() && (m_walk.example().empty() || m_measured == m_walk.example()))
        return;
    const std::string measured = m_walk.example().empty() ? m_found.front() : m_walk.example();
    for (std::size_t i = 0; i < probedAtOnce && !m_found.empty(); ++i) {
        lookUp({"OBJECT", "ENCODING", m_found.front()}, [this, key = m_found.front()](const redisReply &reply) {
            if (!isError(reply))
                m_walk.took(key, textOf(reply));
            else if (!m_encoding)
                m_encoding = tl::unexpected(refusal(reply));
        });
        m_found.pop_front();
    }
    lookUp({"HLEN", measured}, [this, measured](const redisReply &reply) {
        m_measured = measured;
        m_fields = reply.type == REDIS_REPLY_INTEGER ? reply.integer : 0;
        if (m_fields == 0)
            m_walk.took(measured, {}); // gone meanwhile
    });
}

void RedisPoll::endWalk()
{
    if (!m_scanned || m_cursor != "0" || !m_found.empty())
        return;
    m_scanned = false;
    m_walk.end();
    if (m_walk.example().empty() && (m_encoding || m_encoding.error().why == facts::WhyUnknown::NotAskedYet))
        m_encoding = facts::unknown(facts::WhyUnknown::NoValue); // walked over all keys: there is no bucket
}

// A bucket found to have lost its encoding is told with the next poll, which counts its fields.
void RedisPoll::tellBuckets()
{
    endWalk();
    if (!m_walk.example().empty() && m_measured == m_walk.example())
        m_encoding = m_walk.told(m_fields);
}

// One pattern each: Redis 6 takes no more.
void RedisPoll::askForMove()
{
    m_moveAsked = {};
    m_moveTrouble.reset();
    for (const char *pattern : {"min-replicas-*", "replica-priority", "replica-read-only", "repl-ping-replica-period", "hash-max-listpack-*", "maxclients"}) {
        command({"CONFIG", "GET", pattern}, [this](const redisReply &reply) {
            if (isError(reply))
                m_moveTrouble = refusal(reply);
            for (std::size_t i = 0; reply.type == REDIS_REPLY_ARRAY && i + 1 < reply.elements; i += 2)
                m_moveAsked.settings.emplace(textOf(*reply.element[i]), textOf(*reply.element[i + 1]));
        });
    }
    command({"INFO", "server"}, [this](const redisReply &reply) {
        constexpr std::string_view start = "config_file:";
        const std::string_view text = textOf(reply);
        const std::size_t at = text.find(start);
        if (at != std::string_view::npos)
            m_moveAsked.settings.emplace("config_file", text.substr(at + start.size(), text.find_first_of("\r\n", at) - at - start.size()));
    });
    command({"PUBSUB", "NUMSUB", "__sentinel__:hello"}, [this](const redisReply &reply) {
        if (isError(reply))
            m_moveTrouble = refusal(reply);
        else if (reply.type == REDIS_REPLY_ARRAY && reply.elements == 2)
            m_moveAsked.sentinels = reply.element[1]->integer;
        m_move = m_moveTrouble ? facts::Known<facts::RedisMoveReading>(tl::unexpected(*m_moveTrouble)) : facts::Known<facts::RedisMoveReading>(m_moveAsked);
    });
}

void RedisPoll::tookInfo(const redisReply &reply)
{
    if (isError(reply))
        m_trouble = base::Error{codeOf(textOf(reply)), std::string(textOf(reply)), {}, {}, base::Effect::None};
    else if (!readRedisInfo(textOf(reply), m_sample))
        m_trouble = base::Error{base::ErrorCode::Protocol, "INFO without run_id and role", {}, {}, base::Effect::None};
}

void RedisPoll::tookReplicasWanted(const redisReply &reply)
{
    std::int64_t wanted = 0;
    const auto text = reply.type == REDIS_REPLY_ARRAY && reply.elements == 2 ? textOf(*reply.element[1]) : std::string_view();
    if (isError(reply))
        m_sample.replicasWanted = tl::unexpected(refusal(reply));
    else if (std::from_chars(text.data(), text.data() + text.size(), wanted).ec == std::errc())
        m_sample.replicasWanted = wanted;
}

void RedisPoll::tookTerm(const redisReply &reply)
{
    std::int64_t term = 0;
    const auto text = textOf(reply);
    if (isError(reply))
        m_term = tl::unexpected(refusal(reply));
    else if (reply.type == REDIS_REPLY_NIL)
        m_term = facts::unknown(facts::WhyUnknown::NoValue);
    else if (std::from_chars(text.data(), text.data() + text.size(), term).ec == std::errc())
        m_term = term;
    else
        m_term = facts::unknown(facts::WhyUnknown::Unreadable, std::string(text.substr(0, 40)));
}

void RedisPoll::tookSlowLog(const redisReply &reply)
{
    if (isError(reply)) {
        m_slowLog = tl::unexpected(refusal(reply));
        return;
    }
    std::vector<facts::SlowLogEntry> entries;
    for (std::size_t i = 0; reply.type == REDIS_REPLY_ARRAY && i < reply.elements; ++i) {
        const redisReply &row = *reply.element[i];
        if (row.type != REDIS_REPLY_ARRAY || row.elements < 4)
            continue;
        facts::SlowLogEntry entry;
        entry.id = row.element[0]->integer;
        entry.at = base::UtcTime(base::seconds(row.element[1]->integer));
        entry.took = base::microseconds(row.element[2]->integer);
        // The name alone: the arguments may hold what belongs to a person.
        if (row.element[3]->type == REDIS_REPLY_ARRAY && row.element[3]->elements > 0)
            entry.command = textOf(*row.element[3]->element[0]);
        entries.push_back(std::move(entry));
    }
    m_slowLog = std::move(entries);
}

void RedisPoll::tookBuckets(const redisReply &reply)
{
    if (isError(reply)) {
        m_encoding = tl::unexpected(refusal(reply));
        return;
    }
    if (reply.type != REDIS_REPLY_ARRAY || reply.elements != 2)
        return;
    endWalk(); // the last buckets were probed before this in the same poll
    m_cursor = textOf(*reply.element[0]);
    m_scanned = true;
    // The map may keep other things beside its buckets, as "mediamap:count".
    const redisReply &keys = *reply.element[1];
    for (std::size_t i = 0; keys.type == REDIS_REPLY_ARRAY && i < keys.elements; ++i) {
        const auto key = textOf(*keys.element[i]);
        if (fleet::numberIn(m_options.bucketPattern, "bucket", key))
            m_found.emplace_back(key);
    }
    if (m_found.empty() && m_cursor != "0")
        m_slowAt = {}; // go on with the next poll until one is found
}

void RedisPoll::take(std::string_view bytes)
{
    redisReaderFeed(m_reader.get(), bytes.data(), bytes.size());
    if (m_reader->len > longestReading)
        return fail(base::ErrorCode::Protocol, "an answer of more than 8 MB");
    while (m_reader) {
        void *raw = nullptr;
        if (redisReaderGetReply(m_reader.get(), &raw) != REDIS_OK)
            return fail(base::ErrorCode::Protocol, m_reader->errstr);
        if (raw == nullptr)
            break;
        const std::unique_ptr<void, void (*)(void *)> reply(raw, freeReplyObject);
        if (m_awaited.empty())
            return fail(base::ErrorCode::Protocol, "an answer to nothing that was asked");
        const Took took = std::move(m_awaited.front());
        m_awaited.pop_front();
        const bool greeting = !m_polling;
        took(*static_cast<const redisReply *>(raw));
        if (greeting)
            return; // opened or failed was said; what follows belongs to that
        if (m_awaited.empty())
            return finish();
    }
}

void RedisPoll::finish()
{
    m_polling = false;
    if (m_trouble) {
        const auto trouble = *m_trouble;
        return fail(trouble.code, trouble.message);
    }
    m_wantsReplicas = m_sample.goodReplicas.has_value();
    m_sample.snapshotting = m_snapshotting;
    m_sample.stopsOnFailedSave = m_stopsOnFailedSave;
    m_sample.slowLog = m_slowLog;
    m_sample.term = m_term;
    m_sample.move = m_move;
    tellBuckets();
    m_sample.mediaMapEncoding = m_encoding;
    m_hooks.answered(std::move(m_sample));
}

} // namespace shardlens::clients
