// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/guard/Fencer.h"

#include "app/guard/Carrier.h"
#include "app/guard/Ticker.h"

#include <algorithm>
#include <ranges>
#include <utility>

namespace shardlens::guard {

using base::ServerId;

namespace {

constexpr base::milliseconds watchedEvery{1000};
constexpr base::milliseconds keptStoppedEvery{100};
constexpr base::milliseconds lookedAgainAfter{300};
constexpr base::milliseconds stopWithin{10000};
constexpr base::seconds filesKnownFor{60}; ///< a server may come back with its data elsewhere

} // namespace

bool isOutlived(const MemberSeen &own, const MemberSeen &other)
{
    return own.isReachable && !own.inRecovery && own.term && other.isReachable && !other.inRecovery && other.term &&
           *other.term > *own.term;
}

Fencer::Fencer(std::shared_ptr<const fleet::Fleet> fleet, base::RegionName region, const fleet::Cluster &cluster, ServerId own,
               const OperationBook &book, HostHands &hosts, Report &report, std::shared_ptr<wire::Interrupt> stop)
    : m_fleet(std::move(fleet)), m_region(std::move(region)), m_cluster(cluster), m_own(std::move(own)), m_book(book), m_hosts(hosts),
      m_report(report), m_stop(std::move(stop))
{
}

void Fencer::run()
{
    Ticker ticker(watchedEvery, *m_stop);
    do {
        turn();
        // Until the failover is over it may come back at any time, and nothing but this holds its writes.
        Ticker often(keptStoppedEvery, *m_stop);
        while (m_book.isFenced(m_cluster.name, m_own) && often.wait())
            keepStopped();
    } while (ticker.wait());
}

std::optional<MemberSeen> Fencer::lookAt(std::optional<MemberTalk> &talk, const ServerId &member)
{
    if (!talk || !talk->isOpen()) {
        talk.reset();
        auto opened = MemberTalk::open(*m_fleet, m_region, m_cluster, member, m_stop);
        if (!opened)
            return std::nullopt;
        talk = std::move(*opened);
    }
    const auto seen = talk->look();
    if (seen)
        return *seen;
    talk.reset();
    return std::nullopt;
}

std::optional<ServerId> Fencer::newerPrimary(const MemberSeen &own)
{
    std::string others;
    for (const ServerId &member : m_cluster.servers) {
        if (member == m_own)
            continue;
        if (m_report.isStandby(member)) {
            m_others.erase(member);
            others += (others.empty() ? "" : ", ") + member.text() + " is a standby";
            continue;
        }
        const auto seen = lookAt(m_others[member], member);
        if (seen && isOutlived(own, *seen))
            return member;
        others += (others.empty() ? "" : ", ") + member.text() +
                  (!seen              ? " is not reached"
                   : seen->inRecovery ? " is a standby"
                                      : " is of no newer term");
    }
    spare(others);
    return std::nullopt;
}

/// Why a primary is left alone is written down once, so that afterwards it is known what its guard knew.
void Fencer::spare(const std::string &why)
{
    if (std::exchange(m_sparedFor, why) != why)
        logLine(m_own.text() + " is a primary and is not fenced: " + why);
}

/// Once a run of the server, so that it is known when it is not there to be asked.
void Fencer::learnFiles()
{
    const auto directory = m_talk->setting("data_directory");
    const auto config = directory ? m_talk->setting("config_file") : directory;
    m_knowsFiles = config.has_value();
    m_filesKnownAt = std::chrono::steady_clock::now();
    if (config)
        m_hosts.learn(m_own, *directory, *config);
}

/// A standby, gone, or the only primary: its guard needs no sessions, and what it becomes next is judged anew.
void Fencer::rest()
{
    m_talk.reset();
    m_others.clear();
    m_sparedFor.clear();
}

/// Where the guard's other sessions say so, there is nobody to be fenced, or nobody for whom.
bool Fencer::isSpared() const
{
    if (m_report.isStandby(m_own))
        return true;
    const auto own = m_report.reach(m_own);
    const auto isOther = [this](const ServerId &member) { return member != m_own; };
    return own && own->isReachable && m_cluster.servers.size() > 1 &&
           std::ranges::all_of(m_cluster.servers | std::views::filter(isOther), [this](const ServerId &member) { return m_report.isStandby(member); });
}

void Fencer::turn()
{
    if (m_knowsFiles && std::chrono::steady_clock::now() - m_filesKnownAt < filesKnownFor && isSpared())
        return rest();
    const bool isNew = !m_talk || !m_talk->isOpen();
    const auto own = lookAt(m_talk, m_own);
    m_knowsFiles = m_knowsFiles && own;
    if (own && (isNew || !m_knowsFiles))
        learnFiles();
    if (!own || own->inRecovery)
        return rest();
    if (!own->term)
        return spare("its term is not known");
    if (const auto holder = m_book.holder(m_cluster.name))
        return spare("operation " + *holder + " is under way");
    if (!newerPrimary(*own))
        return;
    // Once more: a look may have been of the moment in which roles changed.
    if (!Ticker(lookedAgainAfter, *m_stop).wait())
        return;
    const auto again = lookAt(m_talk, m_own);
    const auto newer = again ? newerPrimary(*again) : std::nullopt;
    if (newer && !m_book.isHeld(m_cluster.name))
        fence(*newer);
}

void Fencer::fence(const ServerId &newer)
{
    std::string said = "came back as a primary of an older term than " + newer.text() + "'s";
    const auto braked = m_talk->setBrake(true);
    said += braked ? "; braked" : "; it takes no brake: " + braked.error().message;
    stop(std::move(said));
}

/// The failover itself starts it again only as a standby. It is not braked: were the failover taken back, that would stay.
void Fencer::keepStopped()
{
    const auto own = lookAt(m_talk, m_own);
    if (own && !own->inRecovery && m_book.isFenced(m_cluster.name, m_own))
        stop("was started again as a primary while operation " + m_book.holder(m_cluster.name).value_or("") + " has it stopped");
}

void Fencer::stop(std::string said)
{
    const auto directory = m_talk->setting("data_directory");
    if (const auto ended = m_talk->endClients(); ended)
        said += ", its sessions ended";
    m_talk.reset();
    operate::HostDeed deed;
    deed.act = operate::HostAct::Stop;
    deed.directory = directory.value_or(std::string());
    const auto stopped = m_hosts.carryOut(m_own, deed, std::chrono::steady_clock::now() + stopWithin);
    // Seen again, as one that was not stopped or as one that was started at once, it is fenced again: a brake only asks.
    said += stopped ? ", stopped" : "; not stopped: " + stopped.error().message + "; a person must act";
    m_report.setFence(m_own, {utcNow(), said});
    logLine(m_own.text() + " " + said);
}

} // namespace shardlens::guard
