// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/desk/Errand.h"

#include "core/desk/DirectoryTalk.h"
#include "core/desk/JournalCopy.h"
#include "core/desk/Purse.h"
#include "core/desk/Standing.h"

namespace shardlens::desk {

namespace {

base::Error refusedBy(facts::ClaimRefusal refusal)
{
    return {base::ErrorCode::NoRights, std::string(facts::name(refusal)), {}, {}, base::Effect::None};
}

DirectoryTalk talkAs(const std::shared_ptr<const fleet::Fleet> &fleet, const DeskOptions &options, const fleet::DatabaseUser &user)
{
    auto purse = std::make_shared<const Purse>(*fleet, options.user, options.keychain);
    return {fleet, options.from, user, [purse](const fleet::DatabaseUser &whose, const fleet::Endpoint &endpoint) { return purse->secretOf(whose, endpoint); }, options.patience, options.interrupt};
}

} // namespace

JournalCopy::JournalCopy(const std::shared_ptr<const fleet::Fleet> &fleet, const DeskOptions &options, CopiedJournal who) : m_who(std::move(who))
{
    const Standing standing = standingOf(*fleet, options.user);
    m_refusal = standing.refusal;
    if (m_refusal == facts::ClaimRefusal::None)
        m_talk = std::make_unique<DirectoryTalk>(talkAs(fleet, options, *standing.user));
}

JournalCopy::~JournalCopy() = default;

base::Result<std::size_t> JournalCopy::add(std::size_t first, std::vector<std::string> lines)
{
    if (!m_talk)
        return tl::unexpected(refusedBy(m_refusal));
    m_who.lines = std::move(lines);
    auto has = m_talk->copyLines(m_who, first);
    if (!has && isNotPrepared(has.error()))
        return tl::unexpected(refusedBy(facts::ClaimRefusal::NotPrepared));
    return has;
}

base::Result<std::vector<CopiedJournal>> copiedOperations(const std::shared_ptr<const fleet::Fleet> &fleet, const DeskOptions &options, int most)
{
    const Standing standing = standingOf(*fleet, options.user);
    if (standing.refusal != facts::ClaimRefusal::None)
        return tl::unexpected(refusedBy(standing.refusal));
    auto copies = talkAs(fleet, options, *standing.user).readCopies(most);
    if (!copies && isNotPrepared(copies.error()))
        return tl::unexpected(refusedBy(facts::ClaimRefusal::NotPrepared));
    return copies;
}

base::Result<CopiedJournal> copiedJournal(const std::shared_ptr<const fleet::Fleet> &fleet, const DeskOptions &options, const std::string &operation)
{
    const Standing standing = standingOf(*fleet, options.user);
    if (standing.refusal != facts::ClaimRefusal::None)
        return tl::unexpected(refusedBy(standing.refusal));
    auto copy = talkAs(fleet, options, *standing.user).readCopy(operation);
    if (!copy && isNotPrepared(copy.error()))
        return tl::unexpected(refusedBy(facts::ClaimRefusal::NotPrepared));
    return copy;
}

base::Result<void> copyOnce(const std::shared_ptr<const fleet::Fleet> &fleet, const DeskOptions &options, const CopiedJournal &whole)
{
    const auto has = JournalCopy(fleet, options, whole).add(0, whole.lines);
    return has ? base::Result<void>() : tl::unexpected(has.error());
}

base::Result<facts::Shared> readOnce(const std::shared_ptr<const fleet::Fleet> &fleet, const DeskOptions &options, const base::Clock &clock)
{
    const Standing standing = standingOf(*fleet, options.user);
    if (!fleet->directory)
        return tl::unexpected(refusedBy(facts::ClaimRefusal::NoDirectory));
    const fleet::DatabaseUser *observer = fleet->access.user(fleet->access.observer);
    auto shared = talkAs(fleet, options, observer ? *observer : fleet::DatabaseUser{fleet->access.observer, fleet::Role::Observer, {}}).read({});
    if (!shared)
        return isNotPrepared(shared.error()) ? tl::unexpected(refusedBy(facts::ClaimRefusal::NotPrepared)) : tl::unexpected(shared.error());
    shared->readAt = clock.now();
    shared->readUtc = clock.utcNow();
    shared->refusal = standing.refusal;
    shared->you = standing.user ? standing.user->name : std::string();
    shared->whoMay = standing.whoMay;
    return shared;
}

std::string actsAs(const fleet::Fleet &fleet, const std::string &wanted)
{
    const Standing standing = standingOf(fleet, wanted);
    return standing.user ? standing.user->name : wanted;
}

base::Result<bool> actOnce(const std::shared_ptr<const fleet::Fleet> &fleet, const DeskOptions &options, const Deed &deed)
{
    const Standing standing = standingOf(*fleet, options.user);
    if (standing.refusal != facts::ClaimRefusal::None)
        return tl::unexpected(refusedBy(standing.refusal));
    auto done = talkAs(fleet, options, *standing.user).act(deed, whoRuns(), {});
    if (!done && isNotPrepared(done.error()))
        return tl::unexpected(refusedBy(facts::ClaimRefusal::NotPrepared));
    return done;
}

base::Result<bool> markOnce(const std::shared_ptr<const fleet::Fleet> &fleet, const DeskOptions &options, const MarkDeed &deed)
{
    const Standing standing = standingOf(*fleet, options.user);
    if (standing.refusal != facts::ClaimRefusal::None)
        return tl::unexpected(refusedBy(standing.refusal));
    auto done = talkAs(fleet, options, *standing.user).mark(deed, whoRuns(), {});
    if (!done && isNotPrepared(done.error()))
        return tl::unexpected(refusedBy(facts::ClaimRefusal::NotPrepared));
    return done;
}

base::Result<void> recordOnce(const std::shared_ptr<const fleet::Fleet> &fleet, const DeskOptions &options, const AuditNote &note)
{
    const Standing standing = standingOf(*fleet, options.user);
    if (standing.refusal != facts::ClaimRefusal::None)
        return tl::unexpected(refusedBy(standing.refusal));
    auto done = talkAs(fleet, options, *standing.user).append(note, whoRuns(), {});
    if (!done && isNotPrepared(done.error()))
        return tl::unexpected(refusedBy(facts::ClaimRefusal::NotPrepared));
    return done ? base::Result<void>() : tl::unexpected(done.error());
}

OwedRecorder::OwedRecorder(const std::shared_ptr<const fleet::Fleet> &fleet, const DeskOptions &options)
{
    const Standing standing = standingOf(*fleet, options.user);
    m_refusal = standing.refusal;
    if (m_refusal == facts::ClaimRefusal::None)
        m_talk = std::make_unique<DirectoryTalk>(talkAs(fleet, options, *standing.user));
}

OwedRecorder::~OwedRecorder() = default;

base::Result<facts::KeptHead> OwedRecorder::write(const facts::OwedAudit &row, bool isLater)
{
    if (!m_talk)
        return tl::unexpected(refusedBy(m_refusal));
    const auto head = m_talk->append({row.action, row.subject, row.reason, facts::detailToWrite(row, isLater), row.caseNumber}, {{}, row.osUser, row.host}, {});
    if (!head && isNotPrepared(head.error()))
        return tl::unexpected(refusedBy(facts::ClaimRefusal::NotPrepared));
    if (!head)
        return tl::unexpected(head.error());
    if (!m_identity)
        m_identity = m_talk->identity().value_or(std::string()); // some are not let look; the head counts all the same
    return facts::KeptHead{*head, *m_identity};
}

bool mayBeRecordedLater(const base::Error &error)
{
    return mayBeTriedAgain(error);
}

} // namespace shardlens::desk
