// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/patroni/Act.h"

#include "core/base/Json.h"

#include <nlohmann/json.hpp>

namespace shardlens::patroni {

using base::Effect;
using base::ErrorCode;

std::optional<Request> requestOf(const std::string &text)
{
    constexpr std::string_view post = "POST ";
    std::size_t at = text.find(' ', post.size());
    if (!text.starts_with(post) || at == std::string::npos)
        return std::nullopt;
    Request request{text.substr(post.size(), at - post.size()), {}};
    nlohmann::json body = nlohmann::json::object();
    while (at < text.size()) {
        const std::size_t end = std::min(text.find(' ', at + 1), text.size());
        const std::string word = text.substr(at + 1, end - at - 1);
        const std::size_t sign = word.find('=');
        if (sign == std::string::npos)
            return std::nullopt;
        body[word.substr(0, sign)] = word.substr(sign + 1);
        at = end;
    }
    request.json = base::jsonText(body);
    return request;
}

base::Result<std::string> outcomeOf(const Answer &answer)
{
    const std::string said = answer.body.empty() ? "Patroni answers " + std::to_string(answer.status) : answer.body.substr(0, 300);
    const bool isTried = answer.status >= 500;
    if (answer.status == 200)
        return said;
    if (answer.status == 202)
        return base::fail({ErrorCode::Protocol, said, {}, {}, Effect::InDoubt});
    if (!isTried)
        return base::fail({ErrorCode::Rejected, said, {}, {}, Effect::None});
    // "Switchover failed": what it was told is gone from its store, and nobody else leads.
    const bool isOver = answer.status == 503 && said.ends_with("over failed");
    return base::fail({isOver ? ErrorCode::Rejected : ErrorCode::TimedOut, said, {}, {}, Effect::InDoubt});
}

} // namespace shardlens::patroni
