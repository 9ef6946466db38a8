// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <cstdio>
#include <map>
#include <vector>

namespace shardlens::bench {

[[nodiscard]] inline double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values.empty() ? 0 : values[values.size() / 2];
}

[[nodiscard]] inline double worst(const std::vector<double> &values)
{
    return values.empty() ? 0 : *std::max_element(values.begin(), values.end());
}

/// What a machine that does nothing else would take, or close to it.
[[nodiscard]] inline double best(const std::vector<double> &values)
{
    return values.empty() ? 0 : *std::min_element(values.begin(), values.end());
}

/// What each step of one and the same move took, run by run, by the journals.
class StepTimes
{
public:
    /// What a move printed with --json.
    void add(const QByteArray &told)
    {
        const auto operation = QJsonDocument::fromJson(told.split('\n').value(0)).object();
        for (const QJsonValue &step : operation.value("steps").toArray()) {
            Step &one = m_steps[step["number"].toInt()];
            one.name = step["step"].toString();
            one.took.push_back(step["took_ms"].toDouble());
        }
    }

    void print() const
    {
        for (const auto &[number, step] : m_steps)
            std::printf("  %2d %-23s %8.1f %8.1f %8.1f\n", number, qPrintable(step.name), median(step.took), worst(step.took), best(step.took));
    }

private:
    struct Step {
        QString name;
        std::vector<double> took; ///< ms
    };
    std::map<int, Step> m_steps;
};

} // namespace shardlens::bench
