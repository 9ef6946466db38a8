// SPDX-License-Identifier: GPL-3.0-or-later
// A cluster's preparation. What it makes bears its name, so that taking it back drops nothing that somebody else made meanwhile.
#include "core/operate/plan/Writing.h"

#include <algorithm>

namespace shardlens::operate {

namespace {

using facts::ClusterPart;

constexpr const char *madeBy = "'made by {operation}'";

std::string isMissing(const ClusterPart &part)
{
    const std::string absent = "SELECT NOT " + facts::isThere(part);
    const std::string comment = facts::commentOf(part);
    return comment.empty() ? absent : absent + " OR coalesce(" + comment + " = " + madeBy + ", false)";
}

std::string dropOwn(const ClusterPart &part)
{
    // What carries no comment is dropped where it is there: a user, a column.
    const std::string comment = facts::commentOf(part);
    const std::string condition = comment.empty() ? facts::isThere(part) : comment + " = " + std::string(madeBy);
    return "DO $$ BEGIN IF " + condition + " THEN " + part.undo + "; END IF; END $$";
}

/// On something that the same plan makes: it goes with that, which its maker could not drop any more without the own rights on it.
bool goesWithItsObject(const ClusterPart &right, const std::vector<ClusterPart> &parts)
{
    const auto makes = [&](const ClusterPart &part) {
        const bool holds = part.kind == facts::PartKind::Schema || (part.object == right.object && part.kind != facts::PartKind::Column);
        return part.user.empty() && part.schema == right.schema && holds;
    };
    return !right.schema.empty() && std::any_of(parts.begin(), parts.end(), makes);
}

} // namespace

void Writing::prepare(const std::vector<ClusterPart> &parts)
{
    const auto isRight = [](const ClusterPart &part) { return !part.user.empty() && part.kind != facts::PartKind::Role; };
    std::vector<std::string> users;
    for (const ClusterPart &part : parts) {
        if (!isRight(part))
            makePart(part);
        else if (std::find(users.begin(), users.end(), part.user) == users.end())
            users.push_back(part.user);
    }
    for (const std::string &user : users) {
        std::vector<ClusterPart> rights;
        std::copy_if(parts.begin(), parts.end(), std::back_inserter(rights), [&](const ClusterPart &part) { return isRight(part) && part.user == user; });
        grantRights(user, rights, parts);
    }
}

void Writing::makePart(const ClusterPart &part)
{
    Step &step = add(StepKind::MakePart, {m_old}, base::seconds(10), false);
    step.detail = part.name;
    step.preconditions = {sql(m_old, "SELECT pg_is_in_recovery()", "f"), sql(m_old, isMissing(part), "t")};
    for (const std::string &statement : part.sql)
        step.commands.push_back(sql(m_old, statement));
    if (const std::string object = facts::commentedName(part); !object.empty())
        step.commands.push_back(sql(m_old, "COMMENT ON " + object + " IS " + madeBy));
    step.verifications = {sql(m_old, "SELECT " + facts::isThere(part), "t")};
    step.undo = {sql(m_old, dropOwn(part))};
}

void Writing::grantRights(const std::string &user, const std::vector<ClusterPart> &rights, const std::vector<ClusterPart> &parts)
{
    Step &step = add(StepKind::GrantRights, {m_old}, base::seconds(10), false);
    step.detail = user;
    step.preconditions = {sql(m_old, "SELECT pg_is_in_recovery()", "f")};
    for (const ClusterPart &right : rights) {
        for (const std::string &statement : right.sql)
            step.commands.push_back(sql(m_old, statement));
        step.verifications.push_back(sql(m_old, "SELECT " + facts::isThere(right), "t"));
        if (!goesWithItsObject(right, parts))
            step.undo.insert(step.undo.begin(), sql(m_old, "DO $$ BEGIN IF " + facts::isThere(right) + " THEN " + right.undo + "; END IF; END $$"));
    }
}

} // namespace shardlens::operate
