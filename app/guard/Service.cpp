// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/guard/Service.h"

#include "core/base/Json.h"

#include <nlohmann/json.hpp>

namespace shardlens::guard
{

namespace
{

bool greets(std::string_view line)
{
    const auto greeting = base::readJson(line);
    return greeting.is_object() && greeting.contains("hello");
}

std::string answerTo(std::string_view line, const Report &report)
{
    const auto question = base::readJson(line);
    if (!question.is_object() || !question.contains("ask") || !question["ask"].is_string())
        return R"({"error":"expected one line like {\"ask\":\"report\"}"})";
    if (question["ask"] != "report")
        return R"({"error":"this guard answers only: report"})";
    return report.toJson();
}

} // namespace

Service::Service(const Report &report, OrderDesk &orders, std::shared_ptr<wire::Interrupt> stop)
    : m_lines({[&report](std::string_view line) { return answerTo(line, report); }, greets,
               [&orders](int fd, std::string rest) { orders.take(fd, std::move(rest)); }},
              std::move(stop))
{
}

} // namespace shardlens::guard
