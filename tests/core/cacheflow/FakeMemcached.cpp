// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/cacheflow/FakeMemcached.h"

#include <sstream>

namespace shardlens::fakes {

namespace {

constexpr std::size_t largestValue = 1U << 20;

struct Words {
    std::vector<std::string> all;
    explicit Words(const std::string &line)
    {
        std::istringstream in(line);
        for (std::string word; in >> word;)
            all.push_back(word);
    }
    [[nodiscard]] bool has(char flag) const { return !valueOf(flag).empty() || plain(flag); }
    [[nodiscard]] std::string valueOf(char flag) const
    {
        for (std::size_t i = 2; i < all.size(); ++i) {
            if (all[i][0] == flag && all[i].size() > 1)
                return all[i].substr(1);
        }
        return {};
    }
    [[nodiscard]] bool plain(char flag) const
    {
        for (std::size_t i = 2; i < all.size(); ++i) {
            if (all[i] == std::string(1, flag))
                return true;
        }
        return false;
    }
};

class MetaDialect final : public Dialect
{
public:
    explicit MetaDialect(std::shared_ptr<FakeStore> store) : m_store(std::move(store)) {}

    std::vector<Reply> take(std::string_view bytes) override
    {
        m_unread.append(bytes);
        std::vector<Reply> replies;
        for (auto end = m_unread.find("\r\n"); end != std::string::npos; end = m_unread.find("\r\n")) {
            const Words words(m_unread.substr(0, end));
            std::size_t used = end + 2;
            std::string value;
            if (words.all[0] == "ms") {
                const auto length = std::stoul(words.all[2]);
                if (m_unread.size() < used + length + 2)
                    return replies;
                value = m_unread.substr(used, length);
                used += length + 2;
            }
            const std::scoped_lock lock(m_store->mutex);
            m_store->seen.push_back(m_unread.substr(0, end));
            m_unread.erase(0, used);
            replies.push_back({answer(words, value), true, false});
        }
        return replies;
    }

private:
    std::string answer(const Words &words, const std::string &value)
    {
        const std::string &verb = words.all[0];
        if (verb == "mn")
            return "MN\r\n";
        if (verb == "flush_all")
            return m_store->items.clear(), "OK\r\n";
        if (verb == "lru_crawler")
            return dump();
        const auto found = m_store->items.find(words.all.at(1));
        if (verb == "me")
            return found == m_store->items.end() ? "EN\r\n" : debug(words.all[1], found->second);
        if (verb == "gets")
            return found == m_store->items.end() ? "END\r\n" : classic(words.all[1], found->second);
        if (verb == "mg")
            return get(words, found);
        if (verb == "ms")
            return set(words, found, value);
        if (verb == "md")
            return remove(words, found);
        return "ERROR\r\n";
    }

    using Found = std::map<std::string, FakeStore::Item>::iterator;

    /// The later a key stands in the alphabet, the longer ago it was read.
    std::string dump() const
    {
        std::string lines;
        int at = 2000000000;
        for (const auto &[key, item] : m_store->items)
            lines += "key=" + key + " exp=-1 la=" + std::to_string(--at) + " cas=" + std::to_string(item.cas) + " fetch=" + (item.value == "unread" ? "no" : "yes") + " cls=1 size=60 flags=0\n";
        return lines + "END\r\n";
    }

    static std::string debug(const std::string &key, const FakeStore::Item &item)
    {
        return "ME " + key + " exp=" + std::to_string(item.expires) + " la=4 cas=" + std::to_string(item.cas) + " fetch=yes cls=1 size=" + std::to_string(item.value.size() + 60) + "\r\n";
    }

    static std::string classic(const std::string &key, const FakeStore::Item &item)
    {
        return "VALUE " + key + " " + item.clientFlags + " " + std::to_string(item.value.size()) + " " + std::to_string(item.cas) + "\r\n" + item.value + "\r\nEND\r\n";
    }

    std::string get(const Words &words, Found found)
    {
        std::string marks;
        if (found == m_store->items.end()) {
            if (words.valueOf('N').empty())
                return "EN\r\n";
            found = m_store->items.insert({words.all[1], {"", ++m_store->lastCas, "0", false, true}}).first;
            marks = " W";
        } else {
            auto &item = found->second;
            if (item.isTokenOut)
                marks = " Z";
            marks += item.isStale ? " X" : "";
            if (item.isStale && !item.isTokenOut)
                marks += " W", item.isTokenOut = true;
        }
        const auto &item = found->second;
        return "VA " + std::to_string(item.value.size()) + " c" + std::to_string(item.cas) + " f" + item.clientFlags + marks + "\r\n" +
               item.value + "\r\n";
    }

    std::string set(const Words &words, Found found, const std::string &value)
    {
        if (value.size() >= largestValue) {
            if (found != m_store->items.end())
                m_store->items.erase(found);
            return "SERVER_ERROR object too large for cache\r\n";
        }
        const std::string cas = words.valueOf('C');
        if (!cas.empty() && found == m_store->items.end())
            return "NF\r\n";
        if (!cas.empty() && std::to_string(found->second.cas) != cas)
            return "EX\r\n";
        const std::string flags = words.valueOf('F');
        m_store->items[words.all[1]] = {value, ++m_store->lastCas, flags.empty() ? "0" : flags, false, false};
        return "HD\r\n";
    }

    std::string remove(const Words &words, Found found)
    {
        if (found == m_store->items.end())
            return "NF\r\n";
        const std::string cas = words.valueOf('C');
        if (!cas.empty() && std::to_string(found->second.cas) != cas)
            return "EX\r\n";
        if (!words.plain('I')) {
            m_store->items.erase(found);
        } else {
            found->second.isStale = true;
            found->second.isTokenOut = false;
            found->second.cas = ++m_store->lastCas;
        }
        return "HD\r\n";
    }

    std::shared_ptr<FakeStore> m_store;
    std::string m_unread;
};

} // namespace

void FakeStore::put(const std::string &key, const std::string &value)
{
    const std::scoped_lock lock(mutex);
    items[key] = {value, ++lastCas, "0", false, false};
}

void FakeStore::erase(const std::string &key)
{
    const std::scoped_lock lock(mutex);
    items.erase(key);
}

std::string FakeStore::valueOf(const std::string &key)
{
    const std::scoped_lock lock(mutex);
    const auto found = items.find(key);
    return found == items.end() ? "(none)" : found->second.value;
}

std::unique_ptr<Dialect> fakeMemcached(std::shared_ptr<FakeStore> store)
{
    return std::make_unique<MetaDialect>(std::move(store));
}

} // namespace shardlens::fakes
