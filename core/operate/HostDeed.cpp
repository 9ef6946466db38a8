// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operate/HostDeed.h"

#include <array>

namespace shardlens::operate {

const char *const markerKey = "shardlens:moved";
const char *const copySuffix = ".shardlens-copy";
const char *const replacedSuffix = ".shardlens-replaced";

namespace {

constexpr std::array<std::string_view, 19> hostActNames{
    "stop",           "ask_stopped",   "start",     "rewind",    "make_standby", "point_router",  "point_stable",    "ask_stable",
    "begin_copy",     "ask_copied",    "end_copy",  "take_copy", "return_data",  "drop_replaced", "repmgr_rehearse", "repmgr_switch",
    "repmgr_promote", "repmgr_rejoin", "ask_repmgr"};

} // namespace

std::string textOf(const HostDeed &deed)
{
    const std::string where = deed.directory.empty() ? std::string("its data directory") : deed.directory;
    const std::string at = " -D '" + where + "'";
    const std::string config = deed.config.empty() ? std::string("its configuration file") : deed.config;
    switch (deed.act) {
    case HostAct::Stop: return "pg_ctl stop -m fast" + at + ", and where that takes too long: pg_ctl stop -m immediate" + at;
    case HostAct::AskStopped: return "pg_ctl status" + at;
    case HostAct::Start: return "pg_ctl start" + at + " -o '-c config_file=" + config + "'";
    case HostAct::Rewind: return "pg_rewind --target-pgdata='" + where + "' --source-server='" + deed.connection + "' --config-file='" + config + "'";
    case HostAct::MakeStandby:
        return "in " + where + ": standby.signal; in postgresql.auto.conf: primary_conninfo = '" + deed.connection + "', primary_slot_name = '" + deed.slot +
               "', no default_transaction_read_only";
    case HostAct::PointRouter: return "[databases] " + deed.database + " = " + deed.leadsTo + "   (a new file, flushed, then renamed over the old one); RELOAD";
    case HostAct::PointStable: return "lead the stable address of " + deed.group + " to " + deed.leadsTo;
    case HostAct::AskStable: return "through the stable address of " + deed.group + ": INFO replication; GET " + markerKey;
    case HostAct::BeginCopy: return "pg_basebackup -d '" + deed.connection + "' -D '" + where + copySuffix + "' -X stream -S " + deed.slot + " -c fast -R";
    case HostAct::AskCopied: return "ls '" + where + copySuffix + "/backup_manifest'";
    case HostAct::EndCopy: return "end that pg_basebackup; rm -r '" + where + copySuffix + "'";
    case HostAct::TakeCopy: return "mv '" + where + "' '" + where + replacedSuffix + "'; mv '" + where + copySuffix + "' '" + where + "'";
    case HostAct::ReturnData: return "where '" + where + replacedSuffix + "' is: mv '" + where + "' '" + where + copySuffix + "'; mv '" + where + replacedSuffix + "' '" + where + "'";
    case HostAct::DropReplaced: return "rm -r '" + where + replacedSuffix + "'";
    case HostAct::RepmgrRehearse: return "repmgr -f " + deed.config + " standby switchover --siblings-follow --dry-run";
    case HostAct::RepmgrSwitch: return "repmgr -f " + deed.config + " standby switchover --siblings-follow";
    case HostAct::RepmgrPromote: return "repmgr -f " + deed.config + " standby promote --siblings-follow";
    case HostAct::RepmgrRejoin: return "repmgr -f " + deed.config + " node rejoin -d '" + deed.connection + "' --force-rewind";
    case HostAct::AskRepmgr: return "whether that repmgr has ended, and how";
    }
    return {};
}

bool isRepmgrs(HostAct act)
{
    return act >= HostAct::RepmgrRehearse && act <= HostAct::AskRepmgr;
}

std::string_view name(HostAct act)
{
    return hostActNames.at(static_cast<std::size_t>(act));
}

std::optional<HostAct> hostActNamed(std::string_view name)
{
    for (std::size_t i = 0; i < hostActNames.size(); ++i) {
        if (hostActNames[i] == name)
            return static_cast<HostAct>(i);
    }
    return std::nullopt;
}

} // namespace shardlens::operate
