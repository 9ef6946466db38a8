// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/ViewLink.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUrl>
#include <QUrlQuery>

namespace shardlens::ui::shell {

namespace {

struct ViewLinkWords {
    Q_DECLARE_TR_FUNCTIONS(shardlens::ui::shell::ViewLink)
};

const QString kScheme = QStringLiteral("shardlens://");
constexpr qsizetype kLongest = 8192;

QString encoded(const QString &text) { return QString::fromLatin1(QUrl::toPercentEncoding(text)); }
QString decoded(const QString &text) { return QUrl::fromPercentEncoding(text.toUtf8()); }

/// ViewLinkWords, numbers and flags stand as they are; the rest as JSON, marked by a star behind the key.
void addState(QStringList &parts, const QString &key, const QVariant &value)
{
    switch (value.typeId()) {
    case QMetaType::QString:
    case QMetaType::Bool:
    case QMetaType::Int:
    case QMetaType::UInt:
    case QMetaType::LongLong:
    case QMetaType::ULongLong:
    case QMetaType::Double: parts << encoded(key) + QLatin1Char('=') + encoded(value.toString()); return;
    default: break;
    }
    const QJsonDocument json(QJsonObject{{QStringLiteral("v"), QJsonValue::fromVariant(value)}});
    parts << encoded(key) + QStringLiteral("*=") + encoded(QString::fromUtf8(json.toJson(QJsonDocument::Compact)));
}

template <class Name>
QString kindText(const char *kind, const Name &name)
{
    return QLatin1String(kind) + QLatin1Char(':') + QString::fromStdString(name.text());
}

} // namespace

QString subjectText(const pages::Subject &subject)
{
    if (const auto *id = std::get_if<base::ServerId>(&subject))
        return kindText("server", *id);
    if (const auto *cluster = std::get_if<base::ClusterName>(&subject))
        return kindText("cluster", *cluster);
    if (const auto *group = std::get_if<base::GroupName>(&subject))
        return kindText("group", *group);
    if (const auto *pool = std::get_if<base::PoolName>(&subject))
        return kindText("pool", *pool);
    if (const auto *region = std::get_if<base::RegionName>(&subject))
        return kindText("region", *region);
    if (const auto *host = std::get_if<base::HostName>(&subject))
        return kindText("host", *host);
    if (const auto *key = std::get_if<facts::ShardKey>(&subject))
        return kindText("shard", key->partition) + QLatin1Char('/') + QString::number(key->number.value);
    return {};
}

pages::Subject subjectFrom(const QString &text)
{
    const QString kind = text.section(QLatin1Char(':'), 0, 0);
    const std::string name = text.section(QLatin1Char(':'), 1).toStdString();
    if (name.empty())
        return {};
    if (kind == QLatin1String("server"))
        return base::ServerId(name);
    if (kind == QLatin1String("cluster"))
        return base::ClusterName(name);
    if (kind == QLatin1String("group"))
        return base::GroupName(name);
    if (kind == QLatin1String("pool"))
        return base::PoolName(name);
    if (kind == QLatin1String("region"))
        return base::RegionName(name);
    if (kind == QLatin1String("host"))
        return base::HostName(name);
    const QString shard = QString::fromStdString(name);
    const auto slash = shard.lastIndexOf(QLatin1Char('/'));
    bool isNumber = false;
    const std::uint32_t number = shard.mid(slash + 1).toUInt(&isNumber);
    if (kind == QLatin1String("shard") && slash > 0 && isNumber)
        return facts::ShardKey{base::PartitionName(shard.left(slash).toStdString()), {number}};
    return {};
}

QString ViewLink::toText() const
{
    QString text = kScheme + encoded(fleet) + QLatin1Char('/') + encoded(page);
    QStringList parts;
    for (auto it = state.begin(); it != state.end(); ++it)
        addState(parts, it.key(), it.value());
    if (!parts.isEmpty())
        text += QLatin1Char('?') + parts.join(QLatin1Char('&'));
    if (const QString what = subjectText(subject); !what.isEmpty())
        text += QLatin1Char('#') + encoded(what);
    return text;
}

bool looksLikeLink(const QString &text)
{
    return text.trimmed().startsWith(kScheme, Qt::CaseInsensitive);
}

ReadLink readLink(const QString &raw)
{
    ReadLink read;
    const QString text = raw.trimmed();
    if (!looksLikeLink(text)) {
        read.error = ViewLinkWords::tr("'%1' is not a view link: one begins with shardlens:// and a fleet's name").arg(text.left(60));
        return read;
    }
    if (text.size() > kLongest) {
        read.error = ViewLinkWords::tr("This view link is %1 characters long; none is over %2").arg(text.size()).arg(kLongest);
        return read;
    }
    QString rest = text.mid(kScheme.size());
    const QString subject = decoded(rest.section(QLatin1Char('#'), 1));
    rest = rest.section(QLatin1Char('#'), 0, 0);
    const QString query = rest.section(QLatin1Char('?'), 1);
    const QString place = rest.section(QLatin1Char('?'), 0, 0);
    read.link.fleet = decoded(place.section(QLatin1Char('/'), 0, 0));
    read.link.page = decoded(place.section(QLatin1Char('/'), 1));
    if (read.link.fleet.isEmpty() || read.link.page.isEmpty()) {
        read.error = ViewLinkWords::tr("'%1' names no %2").arg(text.left(60), read.link.fleet.isEmpty() ? ViewLinkWords::tr("fleet") : ViewLinkWords::tr("page"));
        return read;
    }
    const QStringList parts = query.split(QLatin1Char('&'), Qt::SkipEmptyParts);
    for (const QString &part : parts) {
        QString key = decoded(part.section(QLatin1Char('='), 0, 0));
        const QString value = decoded(part.section(QLatin1Char('='), 1));
        if (!key.endsWith(QLatin1Char('*'))) {
            read.link.state[key] = value;
            continue;
        }
        key.chop(1);
        read.link.state[key] = QJsonDocument::fromJson(value.toUtf8()).object().value(QStringLiteral("v")).toVariant();
    }
    read.link.subject = subjectFrom(subject);
    if (!subject.isEmpty() && std::holds_alternative<std::monostate>(read.link.subject))
        read.error = ViewLinkWords::tr("'%1' names nothing that this console knows").arg(subject.left(60));
    return read;
}

} // namespace shardlens::ui::shell
