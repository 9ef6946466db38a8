// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlens/Pages.h"

#include "ui/pages/audit/AuditPage.h"
#include "ui/pages/cache/CachePage.h"
#include "ui/pages/feeds/FeedsPage.h"
#include "ui/pages/lookup/LookupPage.h"
#include "ui/pages/operations/OperationsPage.h"
#include "ui/pages/overview/OverviewPage.h"
#include "ui/pages/redis/RedisPage.h"
#include "ui/pages/replication/ReplicationPage.h"
#include "ui/pages/shards/ShardsPage.h"

#include <QCoreApplication>

#include <algorithm>

namespace shardlens::app {

namespace {

template <class Page>
ui::pages::Page *make(const ui::pages::PageContext &context, QWidget *parent)
{
    return new Page(context, parent);
}

} // namespace

std::vector<ui::shell::PageSpec> pages(const fleet::Fleet &fleet)
{
    const auto tr = [](const char *text) { return QCoreApplication::translate("shardlens::app::pages", text); };
    std::vector<ui::shell::PageSpec> pages;
    pages.push_back({QStringLiteral("overview"), tr("Overview"), QStringLiteral("overview"), make<ui::pages::OverviewPage>});
    pages.push_back({QStringLiteral("shards"), tr("Shards"), QStringLiteral("shards"), make<ui::pages::ShardsPage>});
    pages.push_back({QStringLiteral("replication"), tr("Replication"), QStringLiteral("replication"), make<ui::pages::ReplicationPage>});
    if (!fleet.redisGroups.empty())
        pages.push_back({QStringLiteral("redis"), tr("Redis"), QStringLiteral("redis"), make<ui::pages::RedisPage>});
    if (!fleet.pools.empty())
        pages.push_back({QStringLiteral("cache"), tr("Cache"), QStringLiteral("cache"), make<ui::pages::CachePage>});
    if (!fleet.clusters.empty())
        pages.push_back({QStringLiteral("lookup"), tr("Look-up"), QStringLiteral("lookup"), make<ui::pages::LookupPage>});
    if (std::any_of(fleet.redisGroups.begin(), fleet.redisGroups.end(), [](const fleet::RedisGroup &group) { return group.role == fleet::RedisRole::Feeds; }))
        pages.push_back({QStringLiteral("feeds"), tr("Feeds"), QStringLiteral("feeds"), make<ui::pages::FeedsPage>});
    if (!fleet.clusters.empty())
        pages.push_back({QStringLiteral("operations"), tr("Operations"), QStringLiteral("operations"), make<ui::pages::OperationsPage>});
    if (fleet.directory)
        pages.push_back({QStringLiteral("audit"), tr("Audit"), QStringLiteral("audit"), make<ui::pages::AuditPage>});
    return pages;
}

} // namespace shardlens::app
