// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlens/Pages.h"

#if __has_include("ui/pages/overview/OverviewPage.h")
#include "ui/pages/overview/OverviewPage.h"
#define SHARDLENS_HAS_OVERVIEW
#endif
#if __has_include("ui/pages/shards/ShardsPage.h")
#include "ui/pages/shards/ShardsPage.h"
#define SHARDLENS_HAS_SHARDS
#endif
#if __has_include("ui/pages/replication/ReplicationPage.h")
#include "ui/pages/replication/ReplicationPage.h"
#define SHARDLENS_HAS_REPLICATION
#endif

#include <QCoreApplication>

namespace shardlens::app {

namespace {

template <class Page>
ui::pages::Page *make(const ui::pages::PageContext &context, QWidget *parent)
{
    return new Page(context, parent);
}

} // namespace

std::vector<ui::shell::PageSpec> pages()
{
    [[maybe_unused]] const auto tr = [](const char *text) { return QCoreApplication::translate("shardlens::app::pages", text); };
    std::vector<ui::shell::PageSpec> pages;
#ifdef SHARDLENS_HAS_OVERVIEW
    pages.push_back({QStringLiteral("overview"), tr("Overview"), QStringLiteral("overview"), make<ui::pages::OverviewPage>});
#endif
#ifdef SHARDLENS_HAS_SHARDS
    pages.push_back({QStringLiteral("shards"), tr("Shards"), QStringLiteral("shards"), make<ui::pages::ShardsPage>});
#endif
#ifdef SHARDLENS_HAS_REPLICATION
    pages.push_back({QStringLiteral("replication"), tr("Replication"), QStringLiteral("replication"), make<ui::pages::ReplicationPage>});
#endif
    return pages;
}

} // namespace shardlens::app
