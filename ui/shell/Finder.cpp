// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/Finder.h"

#include "core/ids/Anatomy.h"
#include "core/ids/Reading.h"
#include "core/ids/Shortcode.h"
#include "ui/format/CampaignWords.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/shell/ViewLink.h"
#include "ui/shell/inspector/FactSheet.h"

#include <algorithm>

namespace shardlens::ui::shell {

namespace {

struct FinderWords {
    Q_DECLARE_TR_FUNCTIONS(shardlens::ui::shell::Finder)
};

using format::text;

QString kindName(fleet::ServerKind kind)
{
    switch (kind) {
    case fleet::ServerKind::Postgres: return QStringLiteral("Postgres");
    case fleet::ServerKind::Pgbouncer: return QStringLiteral("pgbouncer");
    case fleet::ServerKind::Redis: return QStringLiteral("Redis");
    case fleet::ServerKind::Memcached: return QStringLiteral("memcached");
    }
    return {};
}

constexpr int kMeant = 560; ///< a score of a name's beginning, or of a word's

/// A number below a day of IDs is a shard or a count, hardly an ID; and a short word is hardly a shortcode.
bool looksLikeAnId(const ids::Reading &reading, const ids::Anatomy &anatomy, const ids::IdLayout &layout, std::int64_t nowMs, qsizetype length)
{
    if (!ids::isPlausible(anatomy, nowMs))
        return false;
    if (reading.form == ids::Form::Shortcode && length < 8)
        return false;
    constexpr std::int64_t kDayMs = 86'400'000;
    return reading.form == ids::Form::Link || anatomy.mintedMs - layout.epochMs > kDayMs;
}

QString formName(ids::Form form)
{
    switch (form) {
    case ids::Form::Number: return FinderWords::tr("ID");
    case ids::Form::NegativeNumber: return FinderWords::tr("ID, as a negative bigint");
    case ids::Form::MediaAndOwner: return FinderWords::tr("media ID of media_owner");
    case ids::Form::Shortcode: return FinderWords::tr("shortcode");
    case ids::Form::PrivateShortcode: return FinderWords::tr("private shortcode");
    case ids::Form::Link: return FinderWords::tr("link");
    }
    return {};
}

} // namespace

Finder::Finder(std::vector<PageName> pageNames) : m_pages(std::move(pageNames))
{
    setFleet(nullptr);
}

bool Finder::hasPage(const QString &id) const
{
    return std::any_of(m_pages.begin(), m_pages.end(), [&](const PageName &page) { return page.id == id; });
}

QString Finder::pageOr(const QString &wanted) const
{
    if (hasPage(wanted))
        return wanted;
    return hasPage(QStringLiteral("overview")) ? QStringLiteral("overview") : QString();
}

void Finder::setFleet(std::shared_ptr<const fleet::Fleet> newFleet)
{
    using Kind = Finding::Kind;
    m_fleet = std::move(newFleet);
    m_named.clear();
    for (std::size_t i = 0; i < m_pages.size(); ++i)
        m_named.push_back({Kind::Page, m_pages[i].title, FinderWords::tr("page, %1").arg(pageKey(int(i)).toString()), m_pages[i].icon, m_pages[i].id, {}, {}, {}, false, {}});
    if (m_fleet) {
        const QString overview = pageOr(QStringLiteral("overview"));
        for (const fleet::Cluster &cluster : m_fleet->clusters) {
            const QString what = cluster.partition.isEmpty() ? FinderWords::tr("cluster, home %1").arg(text(cluster.home.text()))
                                                             : FinderWords::tr("cluster of %1, home %2").arg(text(cluster.partition.text()), text(cluster.home.text()));
            m_named.push_back({Kind::Cluster, text(cluster.name.text()), what, QStringLiteral("cluster"), pageOr(QStringLiteral("replication")), cluster.name, {}, {}, false, {}});
        }
        for (const fleet::RedisGroup &group : m_fleet->redisGroups)
            m_named.push_back({Kind::Group, text(group.name.text()), FinderWords::tr("redis group, home %1").arg(text(group.home.text())), QStringLiteral("redis"),
                               pageOr(QStringLiteral("redis")), group.name, {}, {}, false, {}});
        for (const fleet::Pool &pool : m_fleet->pools)
            m_named.push_back({Kind::Pool, text(pool.name.text()), FinderWords::tr("cache pool of %1").arg(text(pool.region.text())), QStringLiteral("cache"),
                               pageOr(QStringLiteral("cache")), pool.name, {}, {}, false, {}});
        for (const fleet::Server &server : m_fleet->servers) {
            const bool inCluster = m_fleet->clusterOf(server.id) != nullptr;
            m_named.push_back({Kind::Server, text(server.id.text()),
                               FinderWords::tr("%1 on %2, %3").arg(kindName(server.kind), text(server.host.text()), text(server.region.text())), QStringLiteral("server"),
                               inCluster ? pageOr(QStringLiteral("replication")) : overview, server.id, {}, {}, false, {}});
        }
        for (const fleet::Host &host : m_fleet->hosts)
            m_named.push_back({Kind::Host,
                               text(host.name.text()),
                               FinderWords::tr("host in %1").arg(text(host.region.text())),
                               QStringLiteral("server"),
                               pageOr(QStringLiteral("operations")),
                               host.name,
                               {},
                               {},
                               false,
                               {}});
        for (const fleet::Region &region : m_fleet->regions)
            m_named.push_back({Kind::Region, text(region.name.text()), FinderWords::tr("region"), QStringLiteral("region"), overview, region.name, {}, {}, false, {}});
    }
    addPlans();
    for (const ActionSpec &action : actionTable()) {
        if (action.id == ActionId::Find || action.id == ActionId::Menu)
            continue;
        const QString key = action.keys.isEmpty() ? FinderWords::tr("action") : FinderWords::tr("action, %1").arg(action.keys.first().toString());
        m_named.push_back({Kind::Action, action.text, key, action.icon.isEmpty() ? QStringLiteral("action") : action.icon, {}, {}, action.id, {}, false, {}});
    }
}

/// "Switch over u1…", "Fail over u1…": they open a plan, and start nothing.
void Finder::addPlans()
{
    if (!m_fleet || !hasPage(QStringLiteral("operations")))
        return;
    for (const fleet::Cluster &cluster : m_fleet->clusters) {
        const QString name = text(cluster.name.text());
        Finding finding;
        finding.kind = Finding::Kind::Action;
        finding.icon = QStringLiteral("operations");
        finding.title = FinderWords::tr("Switch over %1…").arg(name);
        finding.detail = FinderWords::tr("plan, nothing is started");
        finding.plan = operate::SwitchCluster{cluster.name, {}};
        m_named.push_back(finding);
        finding.title = FinderWords::tr("Fail over %1…").arg(name);
        finding.plan = operate::FailCluster{cluster.name, {}};
        m_named.push_back(finding);
    }
    for (const fleet::Region &region : m_fleet->regions)
        addCampaigns(region.name.text(), {campaign::Aim::Evacuate, campaign::Aim::Return});
    for (const fleet::Host &host : m_fleet->hosts)
        addCampaigns(host.name.text(), {campaign::Aim::HostDown, campaign::Aim::HostUp});
}

/// "Evacuate us-east…", "Take db7 down…": likewise.
void Finder::addCampaigns(const std::string &subject, std::initializer_list<campaign::Aim> aims)
{
    for (const campaign::Aim aim : aims) {
        Finding finding;
        finding.kind = Finding::Kind::Action;
        finding.icon = QStringLiteral("operations");
        finding.campaign = campaign::Goal{aim, subject};
        finding.title = format::campaignLink(*finding.campaign);
        finding.detail = FinderWords::tr("plan, nothing is started");
        m_named.push_back(std::move(finding));
    }
}

int Finder::score(const QString &query, const QString &candidate)
{
    if (query.isEmpty())
        return 1;
    if (candidate == query)
        return 1000;
    if (candidate.startsWith(query))
        return 800 - std::min(int(candidate.size()), 200);
    const auto at = candidate.indexOf(query);
    const auto startsWord = [&](qsizetype i) { return i == 0 || !candidate.at(i - 1).isLetterOrNumber(); };
    if (at >= 0)
        return (startsWord(at) ? 600 : 400) - std::min(int(candidate.size()), 200);
    // Letters in order, each as early as it comes: "u1ue" is u1-us-east.
    int points = 0;
    qsizetype from = 0;
    for (const QChar letter : query) {
        if (letter.isSpace())
            continue;
        const auto next = candidate.indexOf(letter, from);
        if (next < 0)
            return 0;
        points += startsWord(next) ? 12 : (next == from && from > 0 ? 8 : 1);
        from = next + 1;
    }
    return points >= 5 * query.size() ? points : 0;
}

QString Finder::clusterOf(const facts::ShardKey &key) const
{
    if (!m_snapshot || !m_snapshot->shardMap)
        return {};
    const facts::Shard *shard = m_snapshot->shardMap->find(key);
    return shard ? text(shard->cluster().text()) : QString();
}

Finding Finder::shardFinding(const facts::ShardKey &key, const fleet::Partition &partition) const
{
    Finding finding;
    finding.kind = Finding::Kind::Shard;
    const QString schema = text(fleet::expand(partition.schemaPattern, "shard", std::to_string(key.number.value)));
    finding.title = FinderWords::tr("%1, %2").arg(schema, text(partition.name.text()));
    const QString cluster = clusterOf(key);
    finding.detail = cluster.isEmpty() ? FinderWords::tr("logical shard %1; its cluster is not known yet").arg(key.number.value)
                                       : FinderWords::tr("logical shard %1, lives on %2").arg(QString::number(key.number.value), cluster);
    finding.icon = QStringLiteral("shards");
    finding.page = pageOr(QStringLiteral("shards"));
    finding.subject = key;
    return finding;
}

void Finder::addShards(const QString &query, std::vector<Finding> &found) const
{
    // "1341", "insta1341", "media 1341", "shard 1341 media": the last run of digits is the number, the words narrow it down.
    QString digits;
    for (auto i = query.size(); i-- > 0;) {
        if (query.at(i).isDigit())
            digits.prepend(query.at(i));
        else if (!digits.isEmpty())
            break;
    }
    if (digits.isEmpty() || digits.size() > 5)
        return;
    const std::uint32_t number = digits.toUInt();
    QString words = query;
    words.replace(digits, QStringLiteral(" "));
    for (const fleet::Partition &partition : m_fleet->partitions) {
        const facts::ShardKey key{partition.name, base::ShardNumber{number}};
        const bool declared = number < partition.shardCount;
        const bool observed = m_snapshot && m_snapshot->shardMap && m_snapshot->shardMap->find(key);
        if (!declared && !observed)
            continue;
        const QString names = text(partition.name.text()).toLower() + QLatin1Char(' ') + text(partition.schemaPattern).toLower() + QStringLiteral(" shard logical");
        const QStringList asked = words.split(QLatin1Char(' '), Qt::SkipEmptyParts);
        const bool fits = std::all_of(asked.begin(), asked.end(), [&](const QString &word) {
            QString bare = word;
            bare.remove(QLatin1Char(','));
            return bare.isEmpty() || names.contains(bare);
        });
        if (fits)
            found.push_back(shardFinding(key, partition));
    }
}

void Finder::addIds(const QString &query, std::vector<Finding> &found) const
{
    const std::string raw = query.trimmed().toStdString();
    const auto reading = ids::parseAny(raw, m_fleet->idLayout);
    if (!reading)
        return;
    const ids::Anatomy anatomy = ids::anatomy(reading->id, m_fleet->idLayout);
    const auto nowMs = m_snapshot ? std::chrono::floor<base::milliseconds>(m_snapshot->takenUtc).time_since_epoch().count()
                                  : std::chrono::floor<base::milliseconds>(base::SystemClock().utcNow()).time_since_epoch().count();
    if (!looksLikeAnId(*reading, anatomy, m_fleet->idLayout, nowMs, query.trimmed().size()))
        return;
    const QString digits = QString::number(anatomy.id);
    const ids::Shortcode shortcode(anatomy.id);
    const QString code = QString::fromUtf8(shortcode.text().data(), qsizetype(shortcode.text().size()));
    for (const fleet::Partition &partition : m_fleet->partitions) {
        const facts::ShardKey key{partition.name, anatomy.shard};
        const QString cluster = clusterOf(key);
        Finding finding = shardFinding(key, partition);
        finding.kind = Finding::Kind::Id;
        finding.icon = QStringLiteral("id");
        finding.copy = digits;
        finding.certain = reading->form != ids::Form::Shortcode && reading->form != ids::Form::PrivateShortcode;
        // An ID of another fleet, or a number that only looks like one: said, because the shard cannot be opened here.
        if (cluster.isEmpty() && partition.shardCount > 0 && anatomy.shard.value >= partition.shardCount) {
            finding.title = FinderWords::tr("%1: shard %2, which %3 of this fleet does not have")
                                .arg(digits, QString::number(anatomy.shard.value), text(partition.name.text()));
            finding.page.clear();
        } else if (cluster.isEmpty()) {
            finding.title = FinderWords::tr("%1: shard %2 of %3").arg(digits, QString::number(anatomy.shard.value), text(partition.name.text()));
        } else {
            finding.title =
                FinderWords::tr("%1: shard %2 of %3, on %4").arg(digits, QString::number(anatomy.shard.value), text(partition.name.text()), cluster);
        }
        finding.detail = FinderWords::tr("%1; minted %2, sequence %3, shortcode %4")
                             .arg(formName(reading->form), format::dateTime(anatomy.mintedAt()), QString::number(anatomy.sequence), code);
        found.push_back(finding);
    }
}

Finding Finder::linkFinding(const QString &raw) const
{
    const ReadLink read = readLink(raw);
    Finding finding;
    finding.kind = Finding::Kind::Link;
    finding.icon = QStringLiteral("forward");
    finding.certain = true;
    finding.link = raw.trimmed();
    if (!read.error.isEmpty()) {
        finding.title = FinderWords::tr("A link that cannot be opened");
        finding.detail = read.error;
        return finding;
    }
    const auto page = std::find_if(m_pages.begin(), m_pages.end(), [&](const PageName &each) { return each.id == read.link.page; });
    const QString title = page == m_pages.end() ? read.link.page : page->title;
    const QString what = m_fleet ? subjectName(read.link.subject, *m_fleet) : QString();
    finding.title = what.isEmpty() ? FinderWords::tr("Open the view %1").arg(title) : FinderWords::tr("Open the view %1, %2").arg(title, what);
    const bool foreign = m_fleet && read.link.fleet != text(m_fleet->name);
    finding.detail = foreign ? FinderWords::tr("view link of another fleet, %1").arg(read.link.fleet) : FinderWords::tr("view link");
    return finding;
}

/// What was typed or pasted, whole: the page finds in it what is meant, and asks the servers.
Finding Finder::lookUpFinding(const QString &raw) const
{
    constexpr qsizetype most = 40;
    const QString simple = raw.simplified();
    Finding finding;
    finding.kind = Finding::Kind::LookUp;
    finding.icon = QStringLiteral("lookup");
    finding.page = QStringLiteral("lookup");
    finding.title = FinderWords::tr("Look up “%1”").arg(simple.size() > most ? simple.left(most - 1) + QChar(0x2026) : simple);
    finding.detail = FinderWords::tr("asks the servers; recorded");
    finding.lookUp = raw;
    return finding;
}

std::vector<Finding> Finder::find(const QString &query, std::size_t most) const
{
    if (looksLikeLink(query))
        return {linkFinding(query)};
    const QString wanted = query.simplified().toLower();
    struct Scored {
        int score;
        const Finding *finding;
    };
    std::vector<Scored> scored;
    for (const Finding &finding : m_named) {
        const int points = score(wanted, finding.title.toLower());
        if (points > 0)
            scored.push_back({points, &finding});
    }
    // Equal ones stay in the order of pages, clusters, groups, pools, servers, regions, actions.
    std::stable_sort(scored.begin(), scored.end(), [](const Scored &a, const Scored &b) { return a.score > b.score; });

    std::vector<Finding> decoded;
    std::vector<Finding> shards;
    if (m_fleet && !wanted.isEmpty()) {
        addIds(query, decoded);
        addShards(wanted, shards);
    }
    // A name that was typed to its end, or nearly, is meant; a long number or a link can only be an ID; then shards. Eight letters
    // that could be a shortcode come after these, as names and schemas are made of the same letters.
    const bool isCertainlyAnId = !decoded.empty() && decoded.front().certain;
    const bool looksUp = hasPage(QStringLiteral("lookup")) && wanted.size() > 1;
    std::vector<Finding> found;
    if (isCertainlyAnId) {
        if (looksUp)
            found.push_back(lookUpFinding(query));
        found.insert(found.end(), decoded.begin(), decoded.end());
    }
    std::size_t next = 0;
    for (; next < scored.size() && scored[next].score >= kMeant && !wanted.isEmpty(); ++next)
        found.push_back(*scored[next].finding);
    if (!isCertainlyAnId) {
        found.insert(found.end(), shards.begin(), shards.end());
        if (looksUp)
            found.push_back(lookUpFinding(query));
        found.insert(found.end(), decoded.begin(), decoded.end());
    }
    for (; next < scored.size() && found.size() < most; ++next)
        found.push_back(*scored[next].finding);
    if (found.size() > most)
        found.resize(most);
    return found;
}

} // namespace shardlens::ui::shell
