// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/fakes/FakePeers.h"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace shardlens::fakes {

/// What all connections of a scripted memcached share: items with CAS, the stale mark, and whether a win is out. Any thread.
struct FakeStore {
    struct Item {
        std::string value;
        std::uint64_t cas = 0;
        std::string clientFlags = "0";
        bool isStale = false;
        bool isTokenOut = false;
        int expires = -30; ///< as `me` says it
    };
    std::mutex mutex;
    std::map<std::string, Item> items;
    std::uint64_t lastCas = 0;
    std::vector<std::string> seen; ///< every command line, in order

    void put(const std::string &key, const std::string &value);
    void erase(const std::string &key);
    [[nodiscard]] std::string valueOf(const std::string &key); ///< "(none)" where there is no item
};

/// mg, ms, md, mn, gets and me as memcached 1.6.18 answers them, as far as leases need.
[[nodiscard]] std::unique_ptr<Dialect> fakeMemcached(std::shared_ptr<FakeStore> store);

} // namespace shardlens::fakes
