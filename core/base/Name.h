// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <utility>

namespace shardlens::base {

/// A name from the fleet file, typed by what it names, so that a cluster's name never stands where a server's belongs.
template <class Tag>
class Name
{
public:
    Name() = default;
    explicit Name(std::string text) : m_text(std::move(text)) {}

    [[nodiscard]] const std::string &text() const { return m_text; }
    [[nodiscard]] bool isEmpty() const { return m_text.empty(); }

    auto operator<=>(const Name &) const = default;

private:
    std::string m_text;
};

using RegionName = Name<struct RegionTag>;
using HostName = Name<struct HostTag>;
using ServerId = Name<struct ServerTag>; ///< unique in a fleet: "u1-us-east", "cache-us-east-2"
using ClusterName = Name<struct ClusterTag>;
using PartitionName = Name<struct PartitionTag>;
using GroupName = Name<struct GroupTag>; ///< a redis group
using PoolName = Name<struct PoolTag>;

} // namespace shardlens::base

template <class Tag>
struct std::hash<shardlens::base::Name<Tag>> {
    std::size_t operator()(const shardlens::base::Name<Tag> &name) const noexcept
    {
        return std::hash<std::string>()(name.text());
    }
};
