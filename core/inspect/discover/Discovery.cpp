// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/inspect/discover/Discovery.h"

#include "core/inspect/crew/Crew.h"
#include "core/inspect/discover/Asking.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace shardlens::inspect::discover {

namespace {

/// A fleet larger than this is not found by following: it would be a scan.
constexpr std::size_t mostAddresses = 512;
constexpr std::array<std::uint16_t, 4> usualPorts{5432, 6432, 6379, 11211};

base::Result<std::vector<Address>> readAddress(const std::string &written)
{
    const auto bad = [&] {
        return base::fail(base::ErrorCode::BadInput,
                          "'" + written +
                              "' is not an address: expected host, host:port, [IPv6]:port, each with REGION= in front if you like");
    };
    Address address;
    address.source = "named";
    std::string text = written;
    if (const auto equals = text.find('='); equals != std::string::npos) {
        address.region = text.substr(0, equals);
        text = text.substr(equals + 1);
        const auto isLetter = [](unsigned char letter) { return std::isalnum(letter) || letter == '-' || letter == '_' || letter == '.'; };
        if (address.region.empty() || !std::all_of(address.region.begin(), address.region.end(), isLetter))
            return bad();
    }
    const bool isBracketed = text.starts_with('[');
    const auto hostEnd = isBracketed ? text.find(']') : std::min(text.find(':'), text.size());
    if (hostEnd == std::string::npos || hostEnd == (isBracketed ? 1U : 0U))
        return bad();
    address.endpoint.host = isBracketed ? text.substr(1, hostEnd - 1) : text.substr(0, hostEnd);
    const std::string rest = text.substr(isBracketed ? hostEnd + 1 : hostEnd);
    if (address.endpoint.host.find_first_of(" /") != std::string::npos)
        return bad();
    std::vector<Address> addresses;
    if (rest.empty()) {
        address.isHostOnly = true;
        for (const std::uint16_t port : usualPorts) {
            address.endpoint.port = port;
            addresses.push_back(address);
        }
        return addresses;
    }
    const auto [end, error] = std::from_chars(rest.data() + 1, rest.data() + rest.size(), address.endpoint.port);
    if (rest[0] != ':' || error != std::errc() || end != rest.data() + rest.size() || address.endpoint.port == 0)
        return bad();
    addresses.push_back(std::move(address));
    return addresses;
}

std::string words(const Finding &finding)
{
    std::string out = text(finding.address.endpoint) + ": ";
    if (finding.trouble)
        return out + finding.trouble->message;
    if (const auto *postgres = finding.as<PostgresTold>())
        return out + "Postgres " + std::to_string(postgres->versionNumber / 10000) + (postgres->inRecovery ? ", standby" : ", primary");
    if (const auto *router = finding.as<RouterTold>())
        return out + "pgbouncer " + router->version + ", " + std::to_string(router->targets.size()) + " databases";
    if (const auto *redis = finding.as<RedisTold>())
        return out + "Redis " + redis->version + (redis->isPrimary ? ", primary" : ", replica");
    if (const auto *memcached = finding.as<MemcachedTold>())
        return out + "memcached " + memcached->version;
    if (const auto *guard = finding.as<GuardTold>())
        return out + "guard of " + guard->region;
    return out + "no answer";
}

} // namespace

base::Result<std::vector<Address>> readAddresses(const std::vector<std::string> &texts)
{
    std::vector<Address> all;
    for (const std::string &text : texts) {
        const auto addresses = readAddress(text);
        if (!addresses)
            return base::fail(addresses.error());
        for (const Address &address : *addresses) {
            const auto isSame = [&](const Address &other) { return other.endpoint == address.endpoint; };
            if (std::none_of(all.begin(), all.end(), isSame))
                all.push_back(address);
        }
    }
    return all;
}

struct Discovery::Private {
    explicit Private(Question asked) : question(std::make_shared<const Question>(std::move(asked))), crew(question->atOnce) {}

    std::shared_ptr<const Question> question; ///< shared with the threads
    std::vector<Finding> findings;
    std::size_t answered = 0;
    bool isFinished = false;
    Crew crew; ///< last: its threads end before what they fill goes
};

Discovery::Discovery(Question question, QObject *parent) : QObject(parent), m_d(std::make_unique<Private>(std::move(question))) {}

Discovery::~Discovery() = default;

const std::vector<Finding> &Discovery::findings() const
{
    return m_d->findings;
}

void Discovery::start()
{
    for (const Address &address : m_d->question->addresses)
        ask(address);
    if (m_d->findings.empty())
        QMetaObject::invokeMethod(
            this, [this] { finish(); }, Qt::QueuedConnection);
}

void Discovery::ask(const Address &address)
{
    const std::size_t place = m_d->findings.size();
    Finding finding;
    finding.address = address;
    m_d->findings.push_back(finding);
    m_d->crew.add([this, place, finding, question = m_d->question](const std::shared_ptr<wire::Interrupt> &interrupt) mutable {
        askAddress({question->login, question->patience, question->watching, interrupt, finding});
        QMetaObject::invokeMethod(
            this, [this, place, finding = std::move(finding)] { took(place, finding); }, Qt::QueuedConnection);
    });
}

void Discovery::took(std::size_t place, Finding finding)
{
    if (m_d->isFinished)
        return;
    m_d->findings[place] = std::move(finding);
    ++m_d->answered;
    if (m_d->question->follows) {
        for (const Address &address : mentionedBy(m_d->findings[place])) {
            const auto isSame = [&](const Finding &other) { return other.address.endpoint == address.endpoint; };
            if (m_d->findings.size() < mostAddresses && std::none_of(m_d->findings.begin(), m_d->findings.end(), isSame))
                ask(address);
        }
    }
    Q_EMIT progressed({m_d->answered, m_d->findings.size(), words(m_d->findings[place])});
    if (m_d->answered == m_d->findings.size())
        finish();
}

void Discovery::cancel()
{
    if (m_d->isFinished)
        return;
    m_d->crew.cancel();
    for (Finding &finding : m_d->findings) {
        if (!finding.trouble && std::holds_alternative<std::monostate>(finding.told))
            finding.trouble = base::Error{base::ErrorCode::Cancelled, "cancelled before it answered", {}, {}, base::Effect::None};
    }
    finish();
}

void Discovery::finish()
{
    if (std::exchange(m_d->isFinished, true))
        return;
    Q_EMIT finished(draftFleet(m_d->findings, m_d->question->login, m_d->question->wishes));
}

} // namespace shardlens::inspect::discover

#include "moc_Discovery.cpp"
