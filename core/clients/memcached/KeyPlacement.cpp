// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/memcached/KeyPlacement.h"

#include "core/clients/memcached/Distribution.h"

#include <algorithm>

namespace shardlens::memcached {

namespace {

constexpr std::size_t longestKey = 250;

} // namespace

struct KeyPlacement::Private {
    memcached_st *handle = nullptr;

    ~Private()
    {
        if (handle)
            memcached_free(handle);
    }
};

KeyPlacement::KeyPlacement(std::unique_ptr<Private> d) : m_d(std::move(d)) {}
KeyPlacement::~KeyPlacement() = default;
KeyPlacement::KeyPlacement(KeyPlacement &&) noexcept = default;
KeyPlacement &KeyPlacement::operator=(KeyPlacement &&) noexcept = default;

Result<KeyPlacement> KeyPlacement::of(const std::vector<Member> &members, fleet::Hashing hashing)
{
    if (members.empty())
        return base::fail(base::ErrorCode::BadInput, "a pool without members holds no key");
    auto d = std::make_unique<Private>();
    d->handle = memcached_create(nullptr);
    if (!d->handle)
        return base::fail(base::ErrorCode::Io, "out of memory");
    if (const auto spread = distribute(d->handle, members, hashing); !spread)
        return base::fail(spread.error());
    return KeyPlacement(std::move(d));
}

std::size_t KeyPlacement::memberOf(std::string_view key) const
{
    return memcached_generate_hash(m_d->handle, key.data(), key.size());
}

Result<void> checkKey(std::string_view key)
{
    if (key.empty() || key.size() > longestKey)
        return base::fail(base::ErrorCode::BadInput, "a key has 1 to 250 bytes, not " + std::to_string(key.size()));
    const bool isPlain = std::all_of(key.begin(), key.end(), [](unsigned char c) { return c > 0x20 && c != 0x7f; });
    if (!isPlain)
        return base::fail(base::ErrorCode::BadInput, "a key holds neither spaces nor control characters");
    return {};
}

} // namespace shardlens::memcached
