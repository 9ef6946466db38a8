// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlens/Pages.h"

#include "ui/pages/overview/OverviewPage.h"
#include "ui/pages/replication/ReplicationPage.h"
#include "ui/pages/shards/ShardsPage.h"

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
    const auto tr = [](const char *text) { return QCoreApplication::translate("shardlens::app::pages", text); };
    std::vector<ui::shell::PageSpec> pages;
    pages.push_back({QStringLiteral("overview"), tr("Overview"), QStringLiteral("overview"), make<ui::pages::OverviewPage>});
    pages.push_back({QStringLiteral("shards"), tr("Shards"), QStringLiteral("shards"), make<ui::pages::ShardsPage>});
    pages.push_back({QStringLiteral("replication"), tr("Replication"), QStringLiteral("replication"), make<ui::pages::ReplicationPage>});
    return pages;
}

} // namespace shardlens::app
