// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fleet/TableReader.h"

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace shardlens::fleet {

/// Turns the root table of a fleet file into a fleet. First all names are collected, so that every reference can be checked
/// where it stands; then each section is read. Used once.
class FleetReader
{
public:
    FleetReader(const TomlNode &root, std::filesystem::path folder);

    [[nodiscard]] tl::expected<Fleet, Complaints> read();

private:
    using ReadOne = std::function<void(TableReader &)>;

    // FleetReader.cpp: the fleet itself, where its servers stand, and who belongs together
    void collectNames();
    void collect(const std::string &section, DeclaredNames &into);
    const std::vector<const TomlNode *> &section(const std::string &name);
    void readEach(const std::string &section, const ReadOne &readOne, const std::string &namedBy = "name");
    void readTop();
    void readIds();
    void readStonith();
    void readHost(TableReader &in);
    std::vector<std::string> command(TableReader &in, const std::string &key);
    std::vector<std::string> stonithCommand(TableReader &in, const std::string &key);
    void readServer(TableReader &in);
    void readPartition(TableReader &in);
    void readCluster(TableReader &in);
    void readRedisGroup(TableReader &in);
    void readPool(TableReader &in);
    std::string newName(TableReader &in, const DeclaredNames &declared, bool anyLetters = false);
    std::vector<ServerId> members(TableReader &in, ServerKind kind);
    void checkHome(TableReader &in, const RegionName &home, const std::vector<ServerId> &servers);
    void checkManager(TableReader &in, const Cluster &cluster);
    void readSentinels(TableReader &in, RedisGroup &group);
    StableSwitch stableSwitch(TableReader &in);
    std::map<RegionName, Endpoint> endpointsByRegion(TableReader &in, const std::string &key);

    // FleetReaderServices.cpp: what stands beside them, keys, access and limits
    void readRouter(TableReader &in);
    void readGuard(TableReader &in);
    void readInvalidator(TableReader &in);
    void readDirectory();
    void readHeartbeat();
    void readKeys();
    std::map<std::string, std::string> patterns(TableReader &keys, const std::string &section);
    void readAccess();
    void readDatabaseUser(TableReader &in);
    void readThresholds();
    SecretSource secret(TableReader &in, const std::string &key);
    [[nodiscard]] std::string absolute(const std::string &path) const;

    // FleetReaderQueries.cpp: how the shards' tables and columns are called
    void readQueries();
    void readRowSource(TableReader &in, RowKind kind);
    void readPersonal(TableReader &in);
    void checkSql(TableReader &in, const std::string &key, const std::string &sql, const std::vector<std::string> &placeholders);

    Complaints m_complaints;
    TableReader m_root;
    std::filesystem::path m_folder;
    Fleet m_fleet;
    DeclaredNames m_regions{"region", {}, {}};
    DeclaredNames m_hosts{"host", {}, {}};
    DeclaredNames m_servers{"server", {}, {}};
    DeclaredNames m_partitions{"partition", {}, {}};
    DeclaredNames m_clusters{"cluster", {}, {}};
    DeclaredNames m_redisGroups{"redis group", {}, {}};
    DeclaredNames m_pools{"pool", {}, {}};
    DeclaredNames m_users{"database user", {}, {}};
    std::map<std::string, std::vector<const TomlNode *>> m_sections; ///< lists of tables, asked for once
    Stonith m_stonith;                                               ///< of hosts that declare none of their own
    const TomlNode *m_directory = nullptr;                           ///< the [directory] table, if there is one
    struct Owner {
        std::string title;
        int line;
    };
    std::map<std::string, Owner> m_memberOf; ///< server -> the group it belongs to
};

} // namespace shardlens::fleet
