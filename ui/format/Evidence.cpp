// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format/Evidence.h"

#include "ui/format/Numbers.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"

namespace shardlens::ui::format {

namespace {

template <class... F>
struct Overloaded : F... {
    using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

bool endsWith(const std::string &name, std::string_view end)
{
    return name.size() >= end.size() && name.compare(name.size() - end.size(), end.size(), end) == 0;
}

} // namespace

QString readingName(const std::string &reading)
{
    return text(reading).replace(QLatin1Char('_'), QLatin1Char(' '));
}

QString readingValue(const std::string &reading, const facts::Evidence::Value &value)
{
    return std::visit(Overloaded{
                          // A state is one of our own identifiers.
                          [&](const std::string &v) { return v.empty() ? Words::tr("empty") : endsWith(reading, "state") ? readingName(v) : text(v); },
                          // A port, a process or a timeline is a name made of digits: never grouped.
                          [&](std::int64_t v) {
                              const bool isName = endsWith(reading, "port") || endsWith(reading, "pid") || endsWith(reading, "timeline") ||
                                                  endsWith(reading, "identifier") || endsWith(reading, "term");
                              return isName ? QString::number(v) : count(v);
                          },
                          [&](double v) {
                              if (endsWith(reading, "ratio") || endsWith(reading, "share"))
                                  return share(v);
                              if (endsWith(reading, "bytes_per_second"))
                                  return bytesRate(v);
                              if (endsWith(reading, "per_second"))
                                  return rate(v);
                              return decimal(v, 2);
                          },
                          [&](base::microseconds v) { return endsWith(reading, "lag") ? lag(v) : duration(v); },
                          [](base::Bytes v) { return bytes(v); },
                          [](base::UtcTime v) { return clockTime(v); },
                      },
                      value);
}

const facts::Evidence *findEvidence(const facts::Problem &problem, std::initializer_list<const char *> readings)
{
    for (const char *reading : readings) {
        for (const facts::Evidence &evidence : problem.evidence) {
            if (evidence.reading == reading)
                return &evidence;
        }
    }
    return nullptr;
}

QString evidenceValue(const facts::Problem &problem, std::initializer_list<const char *> readings)
{
    const facts::Evidence *evidence = findEvidence(problem, readings);
    return evidence ? readingValue(evidence->reading, evidence->value) : QString();
}

QString evidenceShort(const facts::Evidence &evidence)
{
    // What somebody said stands behind a colon.
    const bool isSaid = evidence.reading == "silence" || evidence.reading == "last_error";
    QString shown = readingName(evidence.reading) + (isSaid ? QStringLiteral(": ") : QStringLiteral(" ")) + readingValue(evidence.reading, evidence.value);
    if (evidence.limit)
        shown += QLatin1String(", ") + Words::tr("limit %1").arg(readingValue(evidence.reading, *evidence.limit));
    return shown;
}

QString evidenceText(const facts::Evidence &evidence, facts::Instant now)
{
    QString shown = evidenceShort(evidence);
    shown += QLatin1String(", ");
    shown += evidence.source.isEmpty() ? Words::tr("seen from this console") : Words::tr("told by %1").arg(text(evidence.source.text()));
    if (evidence.readAt)
        shown += QLatin1String(", ") + Words::tr("%1 ago").arg(age(std::chrono::duration_cast<base::microseconds>(now - *evidence.readAt)));
    return shown;
}

} // namespace shardlens::ui::format
