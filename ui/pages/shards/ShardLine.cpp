// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/shards/ShardLine.h"

#include "ui/format/Fact.h"
#include "ui/format/Numbers.h"
#include "ui/format/Words.h"
#include "ui/models/ShardCells.h"
#include "ui/theme/Colours.h"
#include "ui/theme/widgets/ShapeMark.h"
#include "ui/theme/widgets/Text.h"

#include <QHBoxLayout>
#include <QPainter>

#include <algorithm>
#include <vector>

namespace shardlens::ui::pages {

namespace {

using theme::ColourRole;
using theme::FontRole;
using theme::Text;

/// The widest of many names, in px.
class Widest
{
public:
    explicit Widest(const Text *field) : m_metrics(field->font()) {}
    void take(const std::string &name)
    {
        const QString text = format::text(name);
        if (m_metrics.horizontalAdvance(text) > m_metrics.horizontalAdvance(m_text))
            m_text = text;
    }
    [[nodiscard]] const QString &text() const { return m_text; }

private:
    QFontMetrics m_metrics;
    QString m_text;
};

/// A field of one width for ever: as wide as the widest number it can show; words that are longer are elided.
void fix(Text *field, const QString &widest)
{
    field->setFixedWidth(QFontMetrics(field->font()).horizontalAdvance(widest) + 2);
}

} // namespace

ShardLine::ShardLine(QWidget *parent) : QWidget(parent)
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(theme::space::kM, 0, theme::space::kM, 0);
    row->setSpacing(theme::space::kM);
    const auto add = [&](FontRole font, ColourRole colour) {
        auto *text = new Text(font, colour, this);
        text->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred);
        row->addWidget(text);
        return text;
    };
    m_name = add(FontRole::Mono, ColourRole::Text);
    m_cluster = add(FontRole::Body, ColourRole::Text);
    m_primaryWord = add(FontRole::Body, ColourRole::Muted);
    row->addSpacing(-theme::space::kS);
    m_primary = add(FontRole::Body, ColourRole::Text);
    m_size = add(FontRole::Body, ColourRole::Text);
    m_rows = add(FontRole::Body, ColourRole::Text);
    m_writes = add(FontRole::Body, ColourRole::Text);
    m_catalogAge = add(FontRole::Caption, ColourRole::Muted);
    m_mark = new theme::ShapeMark(theme::Shape::None, this);
    row->addWidget(m_mark);
    row->addSpacing(-theme::space::kS);
    m_lag = add(FontRole::Body, ColourRole::Text);
    row->addSpacing(-theme::space::kS);
    m_worst = add(FontRole::Body, ColourRole::Muted);
    row->addStretch();
    m_age = add(FontRole::Caption, ColourRole::Muted);
    m_age->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    setFixedHeight(theme::scaled(theme::size::kButton));
    setAccessibleName(tr("Shard under the pointer"));
}

void ShardLine::setFleet(const fleet::Fleet &fleet)
{
    Widest cluster(m_cluster);
    Widest server(m_primary);
    Widest partition(m_name);
    Widest region(m_worst);
    for (const fleet::Cluster &each : fleet.clusters) {
        if (each.partition.isEmpty())
            continue;
        cluster.take(each.name.text());
        for (const base::ServerId &id : each.servers)
            server.take(id.text());
    }
    for (const fleet::Partition &each : fleet.partitions)
        partition.take(fleet::expand(each.schemaPattern, "shard", "8888") + ", " + each.name.text());
    for (const fleet::Region &each : fleet.regions)
        region.take(each.name.text());
    fix(m_name, partition.text());
    fix(m_cluster, cluster.text());
    fix(m_primaryWord, tr("primary"));
    fix(m_primary, server.text());
    fix(m_size, tr("about %1").arg(format::widestBytes()));
    fix(m_rows, tr("%1 rows").arg(format::widestCount(888'888)));
    fix(m_writes, tr("%1 writes/s").arg(format::widestCount(8'888)));
    fix(m_catalogAge, tr("%1 ago").arg(QStringLiteral("88 min")));
    fix(m_lag, tr("lag %1").arg(QChar(format::kAtLeast) + format::widestLag()));
    fix(m_worst, tr("(worst %1)").arg(region.text()));
    fix(m_age, tr("%1 ago").arg(QStringLiteral("88 min")));
    fitFields();
}

/// Where the line is narrow the fields that others tell too give way, the least needed first: none runs into its neighbour.
void ShardLine::fitFields()
{
    const std::vector<Text *> all{m_name, m_cluster, m_primaryWord, m_primary, m_size, m_rows, m_writes, m_catalogAge, m_lag, m_worst, m_age};
    const auto widthOf = [](const Text *field) { return field->minimumWidth() + theme::space::kM; };
    int needed = 2 * theme::space::kM + m_mark->sizeHint().width() - 3 * theme::space::kS; // three stand closer
    for (const Text *field : all)
        needed += widthOf(field);
    const std::vector<std::vector<Text *>> yielding{{m_worst}, {m_catalogAge}, {m_rows}, {m_writes}, {m_primaryWord, m_primary}, {m_size}, {m_age}};
    for (const std::vector<Text *> &fields : yielding) {
        const bool yields = needed > width();
        for (Text *field : fields) {
            field->setVisible(!yields);
            needed -= yields ? widthOf(field) : 0;
        }
    }
}

void ShardLine::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fitFields();
}

void ShardLine::showNone()
{
    for (Text *text : {m_cluster, m_primaryWord, m_primary, m_size, m_rows, m_writes, m_catalogAge, m_lag, m_worst, m_age})
        text->setText({});
    m_mark->setShape(theme::Shape::None);
}

void ShardLine::setField(Text *field, const facts::Known<QString> &value, const QString &what, bool isStale)
{
    field->setElide(value ? Text::Elide::None : Text::Elide::End);
    field->setText(value ? *value : tr("%1 %2").arg(what, format::unknownText(value.error())));
    field->setColour(value ? ColourRole::Text : ColourRole::UnknownText);
    field->setStale(value && isStale);
}

void ShardLine::show(const models::ShardFrame &frame, const std::optional<facts::ShardKey> &key)
{
    const int index = key ? frame.indexOf(*key) : -1;
    if (index < 0) {
        showNone();
        m_name->setText({});
        m_cluster->setText({});
        update();
        return;
    }
    const models::ShardEntry &entry = frame.entries[std::size_t(index)];
    const facts::Shard &shard = *entry.shard;
    const models::ShardCluster *cluster = frame.clusterOf(entry);
    m_name->setText(format::text(models::schemaName(*frame.snapshot->fleet, *key)) + QLatin1String(", ") + format::text(key->partition.text()));
    m_cluster->setText(cluster ? format::text(cluster->name.text()) : QStringLiteral("?"));
    m_primaryWord->setText(tr("primary"));
    m_primary->setElide(Text::Elide::End);
    m_primary->setText(!cluster ? tr("not known") : cluster->primary ? format::text(cluster->primary->text()) : format::unknownText(cluster->primary.error()));

    const bool isStale = frame.hasStaleCatalog(entry);
    setField(m_size, shard.size.map([](base::Bytes bytes) { return tr("about %1").arg(format::bytes(bytes)); }), tr("size"), isStale);
    setField(m_rows, shard.rows.map([](std::int64_t rows) { return tr("%1 rows").arg(format::count(rows)); }), tr("rows"), isStale);
    setField(m_writes, shard.writesPerSecond.map([](double writes) {
        const QString rate = format::rate(writes);
        return tr("%1 writes/s").arg(rate.left(rate.lastIndexOf(format::kNarrowSpace)));
    }), tr("writes"), isStale);
    m_catalogAge->setText(cluster && cluster->catalogReadAt
                              ? tr("%1 ago").arg(format::age(std::chrono::duration_cast<base::microseconds>(frame.snapshot->takenAt - *cluster->catalogReadAt)))
                              : QString());
    showLag(frame, entry);
    update();
}

void ShardLine::showLag(const models::ShardFrame &frame, const models::ShardEntry &entry)
{
    const models::ShardCluster *cluster = frame.clusterOf(entry);
    const QString lag = cluster ? models::lagText(*cluster) : QString();
    const int level = cluster ? cluster->lagLevel.value_or(0) : 0;
    m_mark->setShape(lag.isEmpty() ? theme::Shape::DashedRing : level >= 4 ? theme::Shape::Triangle : theme::Shape::None);
    m_lag->setElide(lag.isEmpty() ? Text::Elide::End : Text::Elide::None);
    m_lag->setText(lag.isEmpty() ? tr("lag %1").arg(format::unknownText(models::whyNoLag(cluster))) : tr("lag %1").arg(lag));
    m_lag->setColour(lag.isEmpty() ? ColourRole::UnknownText : level >= 4 ? ColourRole::WarningText : ColourRole::Text);
    m_lag->setStale(cluster && cluster->lagIsStale);
    m_worst->setText(lag.isEmpty() ? QString() : tr("(worst %1)").arg(format::text(cluster->worstRegion.text())));
    m_age->setText(cluster && cluster->lagAge ? tr("%1 ago").arg(format::age(*cluster->lagAge)) : QString());
}

QString ShardLine::text() const
{
    QStringList parts;
    for (const Text *field : {m_name, m_cluster, m_primaryWord, m_primary, m_size, m_rows, m_writes, m_catalogAge, m_lag, m_worst, m_age}) {
        if (!field->text().isEmpty())
            parts << field->text();
    }
    return parts.join(QStringLiteral("  "));
}

void ShardLine::paintEvent(QPaintEvent *event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(theme::colour(ColourRole::Surface, palette()));
    painter.setPen(theme::colour(ColourRole::Line, palette()));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme::size::kRadius, theme::size::kRadius);
    if (!m_name->text().isEmpty())
        return;
    painter.setFont(theme::font(FontRole::Body));
    painter.setPen(theme::colour(ColourRole::Muted, palette()));
    painter.drawText(rect().adjusted(theme::space::kM, 0, -theme::space::kM, 0), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                     tr("Point at a cell, or type a shard's number. Enter opens its cluster."));
}

} // namespace shardlens::ui::pages

#include "moc_ShardLine.cpp"
