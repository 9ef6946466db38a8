// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/localfleet/seed/Random.h"
#include "app/localfleet/traffic/Doorway.h"
#include "app/localfleet/traffic/Tally.h"
#include "app/localfleet/traffic/Town.h"
#include "app/localfleet/traffic/Traffic.h"

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace shardlens::traffic
{

/// One application process of a region: does one deed after another. One thread.
class Application
{
public:
    Application(const fleet::Fleet &fleet, base::RegionName region, Town &town, Tally &tally, const Options &options, std::uint64_t seed,
                std::shared_ptr<const wire::Interrupt> stop, std::shared_ptr<cacheflow::HerdBook> herds);

    void doSomething(); ///< counts what came of it

private:
    using Nothing = base::Result<void>;
    [[nodiscard]] Nothing attempt(Deed deed);
    [[nodiscard]] Nothing readFeed();
    [[nodiscard]] Nothing post();
    [[nodiscard]] Nothing like();
    [[nodiscard]] Nothing comment();
    [[nodiscard]] Nothing follow();
    [[nodiscard]] Nothing logIn();

    [[nodiscard]] Nothing readThroughCache(const std::string &key, const base::Result<Place> &place, const std::string &query,
                                           std::uint64_t id);
    [[nodiscard]] Nothing readByLease(const std::string &key, const Place &place, const std::string &query, std::uint64_t id);
    [[nodiscard]] base::Result<std::optional<std::string>> readRow(const Place &place, const std::string &query, std::uint64_t id);
    [[nodiscard]] Nothing readMedia(std::uint64_t id);
    [[nodiscard]] Nothing readUser(std::uint64_t id);
    [[nodiscard]] base::Result<std::string> write(const base::Result<Place> &place, const std::string &statement,
                                                  const std::vector<postgres::Value> &values);
    [[nodiscard]] Nothing forget(const std::string &key); ///< from the region's own pool, where no invalidator does
    [[nodiscard]] Nothing fanOut(std::uint64_t media, std::uint64_t owner);
    [[nodiscard]] Nothing noteActivity(std::uint64_t user, const std::string &entry);
    [[nodiscard]] Nothing mapMedia(std::uint64_t media, std::uint64_t owner);
    [[nodiscard]] base::Result<std::uint64_t> ownerOf(std::uint64_t media);
    [[nodiscard]] base::Result<std::uint64_t> someMedia(); ///< one that was seen in a feed; reads a feed if none was

    [[nodiscard]] std::string cachedKey(const std::string &kind, std::uint64_t id) const;
    [[nodiscard]] std::string redisKey(const std::string &pattern, const std::string &word, const std::string &value) const;
    [[nodiscard]] std::string feedTrim() const; ///< the last index kept

    const fleet::Fleet &m_fleet;
    Town &m_town;
    Tally &m_tally;
    const Options &m_options;
    Doorway m_doors;
    seed::Random m_random;
    std::deque<std::uint64_t> m_seen; ///< media of the feeds read last
};

} // namespace shardlens::traffic
