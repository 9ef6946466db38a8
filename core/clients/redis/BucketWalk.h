// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/RedisSample.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace shardlens::clients {

/// What one walk after another over a media map finds of its buckets' encodings. One that lost the small encoding counts until a
/// walk passes it again and finds it small, or ends without it. One thread.
class BucketWalk
{
public:
    /// `encoding` as OBJECT ENCODING says it; what is no hash's, or empty, is no bucket.
    void took(const std::string &key, std::string_view encoding);
    void end(); ///< all keys were walked over; the next walk begins

    /// The bucket to be told: the first that lost it, else one that is small; empty if there is none.
    [[nodiscard]] const std::string &example() const;
    [[nodiscard]] facts::EncodingProbe told(std::int64_t fieldsOfExample) const;

private:
    struct Counts {
        std::int64_t looked = 0;
        std::int64_t lost = 0;
    };
    struct Lost {
        std::string encoding;
        std::uint64_t walk = 0; ///< that saw it last
    };

    std::uint64_t m_walk = 0;
    Counts m_now;
    Counts m_whole; ///< of the newest walk that ended
    std::map<std::string, Lost> m_lost; ///< at most 4096 of them by name
    std::string m_small;
    std::string m_smallEncoding;
    std::uint64_t m_smallWalk = 0; ///< that saw it last
};

} // namespace shardlens::clients
