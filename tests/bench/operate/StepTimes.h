// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/execute/Operation.h"
#include "tests/bench/operate/Figures.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace shardlens::bench {

/// A journal's operation; an error where it cannot be read.
[[nodiscard]] inline base::Result<execute::Operation> operationIn(const QByteArray &journal)
{
    std::vector<std::string> lines;
    for (const QByteArray &line : journal.trimmed().split('\n'))
        lines.push_back(line.toStdString());
    return execute::operationOf(lines);
}

/// How long after the new primary took writes the old one streamed from it; nothing where it does not.
[[nodiscard]] inline std::optional<double> returnedAfterMs(const execute::Operation &operation)
{
    const auto flowed = operation.writesFlowedAt();
    for (std::size_t i = 0; i < operation.steps.size(); ++i) {
        const execute::StepProgress &rejoin = operation.progress[i];
        if (operation.steps[i].kind == operate::StepKind::RejoinOld && rejoin.state == execute::StepState::Done && rejoin.took && flowed)
            return milliseconds(*rejoin.beganAt + *rejoin.took - *flowed);
    }
    return std::nullopt;
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

    /// What its journal tells.
    void add(const execute::Operation &operation)
    {
        for (std::size_t i = 0; i < operation.steps.size(); ++i) {
            Step &one = m_steps[operation.steps[i].number];
            one.name = QString::fromStdString(std::string(operate::name(operation.steps[i].kind)));
            one.took.push_back(milliseconds(operation.progress[i].took.value_or(base::microseconds(0))));
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
