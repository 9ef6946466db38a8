// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/cache/PublishPopup.h"

#include "core/facts/LeaseCounts.h"
#include "ui/format/Words.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/FlatButton.h"

#include <QApplication>
#include <QClipboard>
#include <QKeyEvent>
#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>

namespace shardlens::ui::pages {

using theme::FontRole;

namespace {

constexpr int publishWide = 440;

const fleet::Endpoint *statsdOf(const fleet::Fleet &fleet, const base::PoolName &name)
{
    const auto pool = std::find_if(fleet.pools.begin(), fleet.pools.end(), [&](const fleet::Pool &one) { return one.name == name; });
    if (pool == fleet.pools.end())
        return nullptr;
    const auto found = std::find_if(fleet.invalidators.begin(), fleet.invalidators.end(), [&](const fleet::Invalidator &one) { return one.region == pool->region; });
    return found == fleet.invalidators.end() || found->statsd.port == 0 ? nullptr : &found->statsd;
}

/// "cache-eu-west: db1.example:8125", a line a pool.
QString addresses(const fleet::Fleet &fleet, const std::vector<base::PoolName> &silent)
{
    QStringList lines;
    for (const base::PoolName &pool : silent) {
        const fleet::Endpoint *to = statsdOf(fleet, pool);
        const QString name = format::text(pool.text());
        lines << (to ? PublishPopup::tr("%1: %2").arg(name, QStringLiteral("%1:%2").arg(format::text(to->host)).arg(to->port))
                     : PublishPopup::tr("%1: nowhere, the fleet file names no statsd for its region’s [[invalidator]]").arg(name));
    }
    return lines.join(QLatin1Char('\n'));
}

QString sendsWhat()
{
    return PublishPopup::tr("Each client sends StatsD datagrams over UDP, at most about one a second, to its region’s invalidator:");
}

QString counterNames()
{
    QStringList names;
    for (const facts::LeaseCounter &counter : facts::leaseCounters())
        names << QString::fromUtf8(counter.name.data(), static_cast<qsizetype>(counter.name.size()));
    return PublishPopup::tr("A line is shardlens.lease.POOL.COUNTER:N|c. Counters: %1; a wait is wait:MS|ms, those that waited for one fill herd:N|h.")
        .arg(names.join(QStringLiteral(", ")));
}

} // namespace

PublishPopup::PublishPopup(const fleet::Fleet &fleet, const std::vector<base::PoolName> &silent, QWidget *parent) : QFrame(parent, Qt::Popup)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    setAccessibleName(tr("How a client publishes what its leases did"));
    setAccessibleDescription(asText(fleet, silent));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(theme::space::kM, theme::space::kM, theme::space::kM, theme::space::kM);
    column->setSpacing(theme::space::kS);
    const QString line = example(fleet, silent);
    const auto add = [&](const QString &text, FontRole font) {
        if (text.isEmpty())
            return;
        auto *label = new QLabel(text, this);
        label->setTextFormat(Qt::PlainText);
        label->setFont(theme::font(font));
        label->setWordWrap(true);
        label->setMinimumWidth(theme::scaled(publishWide));
        column->addWidget(label);
    };
    add(sendsWhat(), FontRole::BodyBold);
    add(addresses(fleet, silent), FontRole::Body);
    add(counterNames(), FontRole::Body);
    add(line, FontRole::MonoSmall);
    auto *copy = new theme::FlatButton(line.isEmpty() ? tr("Close") : tr("Copy example"), this);
    connect(copy, &theme::FlatButton::clicked, this, [this, line] {
        if (!line.isEmpty())
            QApplication::clipboard()->setText(line);
        close();
    });
    column->addWidget(copy, 0, Qt::AlignRight);
    copy->setFocus();
}

QString PublishPopup::example(const fleet::Fleet &fleet, const std::vector<base::PoolName> &silent)
{
    for (const base::PoolName &pool : silent) {
        if (const fleet::Endpoint *to = statsdOf(fleet, pool))
            return QStringLiteral("printf 'shardlens.lease.%1.granted:3|c\\nshardlens.lease.%1.wait:4.2|ms' > /dev/udp/%2/%3").arg(format::text(pool.text()), format::text(to->host)).arg(to->port);
    }
    return {};
}

QString PublishPopup::asText(const fleet::Fleet &fleet, const std::vector<base::PoolName> &silent)
{
    QStringList lines{sendsWhat(), addresses(fleet, silent), counterNames()};
    if (const QString line = example(fleet, silent); !line.isEmpty())
        lines << line;
    return lines.join(QLatin1Char('\n'));
}

void PublishPopup::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape)
        close();
    else
        QFrame::keyPressEvent(event);
}

} // namespace shardlens::ui::pages

#include "moc_PublishPopup.cpp"
