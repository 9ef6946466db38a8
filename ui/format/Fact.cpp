// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format/Fact.h"

#include "ui/format/Numbers.h"
#include "ui/format/Terms.h"
#include "ui/format/Words.h"

namespace shardlens::ui::format {

using facts::WhyUnknown;
using State = FormattedFact::State;
using theme::ColourRole;

QString reason(const facts::Unknown &unknown)
{
    const QString detail = thingWords(unknown.detail);
    const bool bare = detail.isEmpty();
    switch (unknown.why) {
    case WhyUnknown::NotAskedYet: return Words::tr("not asked yet");
    case WhyUnknown::NoValue:
        return bare ? Words::tr("the server gives no value") : whyNoValue(unknown.detail);
    case WhyUnknown::NoRights: return bare ? Words::tr("no rights") : Words::tr("needs %1").arg(detail);
    case WhyUnknown::NotConfigured:
        return bare ? Words::tr("not in the fleet file") : Words::tr("no %1 in the fleet file").arg(detail);
    case WhyUnknown::NotSupported:
        return bare ? Words::tr("this server cannot tell it") : Words::tr("not told by %1").arg(detail);
    case WhyUnknown::NotAnalysed: return Words::tr("never analysed");
    case WhyUnknown::ServerSilent: return bare ? Words::tr("no answer") : Words::tr("%1 does not answer").arg(detail);
    case WhyUnknown::Reset: return Words::tr("counting began anew");
    case WhyUnknown::Unreadable: return bare ? Words::tr("unreadable answer") : Words::tr("unreadable answer: %1").arg(detail);
    }
    return Words::tr("not known");
}

QString unknownText(const facts::Unknown &unknown)
{
    if (unknown.why == WhyUnknown::NoValue && unknown.detail == "gets")
        return reason(unknown);
    return Words::tr("unknown: %1").arg(reason(unknown));
}

FactAge ageOf(const facts::Snapshot &snapshot, const base::ServerId &server)
{
    FactAge result{facts::Freshness::Asking, std::nullopt, {}};
    const facts::Observation *observation = snapshot.observation(server);
    const auto since = [&](facts::Instant from) { return std::chrono::duration_cast<base::microseconds>(snapshot.takenAt - from); };
    if (observation) {
        result.freshness = facts::freshnessOf(*observation, snapshot.takenAt, snapshot.fleet->thresholds);
        if (observation->sampledAt)
            result.age = since(*observation->sampledAt);
    }
    result.asking = since(snapshot.observingSince);
    return result;
}

FormattedFact formattedValue(const QString &value, const FactAge &age)
{
    FormattedFact fact;
    fact.text = value;
    if (age.age)
        fact.age = format::age(*age.age);
    switch (age.freshness) {
    case facts::Freshness::Asking:
        fact.state = State::Asking;
        fact.role = ColourRole::Muted;
        fact.text = age.asking < base::milliseconds(300) ? QString(QChar(0x2026)) : Words::tr("asking, %1").arg(format::age(age.asking));
        fact.detail = fact.text; // where a column has room for "…" only
        break;
    case facts::Freshness::Fresh:
        fact.detail = fact.age.isEmpty() ? QString() : Words::tr("%1 ago").arg(fact.age);
        break;
    case facts::Freshness::Stale:
    case facts::Freshness::Down:
        fact.state = age.freshness == facts::Freshness::Stale ? State::Stale : State::Down;
        fact.role = ColourRole::Muted;
        fact.detail = fact.age.isEmpty() ? Words::tr("no answer yet") : Words::tr("Last answer %1 ago.").arg(fact.age);
        break;
    }
    return fact;
}

FormattedFact formattedUnknown(const facts::Unknown &unknown, const FactAge &age)
{
    // Not asked yet is not unknown: an answer is on its way.
    if (unknown.why == WhyUnknown::NotAskedYet && age.freshness == facts::Freshness::Asking)
        return formattedValue({}, age);
    // What was never asked of a server that does not answer will not be told: that is why.
    if (unknown.why == WhyUnknown::NotAskedYet && age.freshness == facts::Freshness::Down)
        return formattedUnknown({WhyUnknown::ServerSilent, unknown.detail}, age);
    // A ratio of nothing asked for is no gap in what is known.
    if (unknown.why == WhyUnknown::NoValue && unknown.detail == "gets") {
        FormattedFact none = notApplicable();
        none.detail = reason(unknown);
        return none;
    }
    FormattedFact fact;
    fact.text = unknownText(unknown);
    fact.detail = fact.text;
    fact.role = ColourRole::UnknownText;
    fact.state = State::Unknown;
    if (age.age)
        fact.age = format::age(*age.age);
    return fact;
}

FormattedFact notApplicable()
{
    return {QStringLiteral("-"), {}, {}, ColourRole::Muted, State::NotApplicable};
}

} // namespace shardlens::ui::format
