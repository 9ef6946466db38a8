// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/campaign/Goal.h"
#include "core/facts/Snapshot.h"
#include "core/operate/Intent.h"
#include "ui/pages/Subject.h"
#include "ui/shell/Actions.h"

#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace shardlens::ui::shell {

/// A thing that the palette offers.
struct Finding {
    enum class Kind : std::uint8_t { Page, Action, Cluster, Group, Pool, Server, Host, Region, Shard, Id, Link, LookUp };
    Kind kind = Kind::Page;
    QString title;
    QString detail; ///< what it is and where; for an ID when it was minted, its shard and sequence
    QString icon;
    QString page;   ///< the page that shows it; empty if none in this console does
    pages::Subject subject;
    std::optional<ActionId> action;
    QString copy;   ///< what Ctrl+C and a choice without a page put on the clipboard: an ID's digits
    bool certain = false; ///< of an ID: it cannot be read as anything else
    QString link;         ///< a pasted view link
    std::optional<operate::Intent> plan = std::nullopt; ///< the act whose plan it opens
    std::optional<campaign::Goal> campaign = std::nullopt; ///< likewise, of a campaign
    QString lookUp = {};  ///< what its page looks up
};

/// Finds pages, actions, servers, hosts, clusters, redis groups, pools, regions and shards by a few letters, and takes any pasted ID,
/// shortcode or link apart. Pure but for what it was given; answers within a few milliseconds, as shards are found by their
/// number and not by comparing each.
class Finder
{
public:
    struct PageName {
        QString id;
        QString title;
        QString icon;
    };

    explicit Finder(std::vector<PageName> pages);

    void setFleet(std::shared_ptr<const fleet::Fleet> fleet);
    void setSnapshot(facts::SnapshotPtr snapshot) { m_snapshot = std::move(snapshot); }

    /// Best first, at most `most`. An empty query gives the pages and the actions.
    [[nodiscard]] std::vector<Finding> find(const QString &query, std::size_t most = 12) const;

    /// How well `query` fits `text`: 0 not at all; higher is better. Every letter must come in order; a start of a word counts more.
    [[nodiscard]] static int score(const QString &query, const QString &text);

private:
    [[nodiscard]] bool hasPage(const QString &id) const;
    [[nodiscard]] QString pageOr(const QString &wanted) const; ///< empty if this console has no such page
    [[nodiscard]] Finding linkFinding(const QString &text) const;
    [[nodiscard]] Finding lookUpFinding(const QString &text) const;
    void addPlans();
    void addCampaigns(const std::string &subject, std::initializer_list<campaign::Aim> aims);
    void addIds(const QString &query, std::vector<Finding> &found) const;
    void addShards(const QString &query, std::vector<Finding> &found) const;
    [[nodiscard]] Finding shardFinding(const facts::ShardKey &key, const fleet::Partition &partition) const;
    [[nodiscard]] QString clusterOf(const facts::ShardKey &key) const;

    std::vector<PageName> m_pages;
    std::shared_ptr<const fleet::Fleet> m_fleet;
    facts::SnapshotPtr m_snapshot;
    std::vector<Finding> m_named; ///< pages, actions and all that the fleet file names
};

} // namespace shardlens::ui::shell
