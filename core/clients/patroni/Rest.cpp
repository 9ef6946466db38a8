// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/patroni/Rest.h"

#include "core/clients/wire/Talk.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <string_view>

namespace shardlens::patroni {

using base::Effect;
using base::ErrorCode;
using base::Instant;
using base::Result;

namespace {

constexpr std::size_t longestAnswer = 4U << 20;
constexpr std::string_view headEnd = "\r\n\r\n";

std::string base64(std::string_view bytes)
{
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const auto part = bytes.substr(i, 3);
        std::uint32_t bits = 0;
        for (std::size_t k = 0; k < 3; ++k)
            bits = bits << 8U | (k < part.size() ? static_cast<unsigned char>(part[k]) : 0U);
        for (std::size_t k = 0; k < 4; ++k)
            out += k <= part.size() ? letters[bits >> (18U - 6U * k) & 63U] : '=';
    }
    return out;
}

std::string requestText(std::string_view method, const fleet::Endpoint &endpoint, const std::string &path, const std::string &body, const Login &login)
{
    // Version 1.0: the other side closes when it has said all.
    std::string text = std::string(method) + " " + path + " HTTP/1.0\r\nHost: " + endpoint.host + ":" + std::to_string(endpoint.port) + "\r\nUser-Agent: shardlens\r\nConnection: close\r\n";
    if (!login.user.empty())
        text += "Authorization: Basic " + base64(login.user + ":" + login.password) + "\r\n";
    if (!body.empty())
        text += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
    return text + "\r\n" + body;
}

/// Where the head tells the body's length; nothing: it lasts until the other side closes.
std::optional<std::size_t> lengthIn(std::string_view head)
{
    std::string lower(head);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    constexpr std::string_view key = "\r\ncontent-length:";
    std::size_t at = lower.find(key);
    if (at == std::string::npos)
        return std::nullopt;
    at = lower.find_first_not_of(' ', at + key.size());
    std::size_t length = 0;
    const bool isRead = at != std::string::npos && std::from_chars(lower.data() + at, lower.data() + lower.size(), length).ec == std::errc();
    return isRead ? std::optional(length) : std::nullopt;
}

Result<Answer> read(const std::string &text, std::size_t head)
{
    Answer answer;
    const std::size_t space = text.find(' ');
    const bool isRead = text.starts_with("HTTP/1.") && space < head && std::from_chars(text.data() + space + 1, text.data() + head, answer.status).ec == std::errc();
    if (!isRead)
        return base::fail(ErrorCode::Protocol, "it does not speak HTTP: " + text.substr(0, 60));
    answer.body = text.substr(head + headEnd.size());
    return answer;
}

Result<Answer> receive(wire::Talk &talk, Instant deadline)
{
    std::string text;
    for (;;) {
        const std::size_t head = text.find(headEnd);
        if (head != std::string::npos) {
            const auto length = lengthIn(std::string_view(text).substr(0, head));
            if (length && text.size() >= head + headEnd.size() + *length)
                return read(text.substr(0, head + headEnd.size() + *length), head);
        }
        auto more = text.size() < longestAnswer ? talk.receive(deadline) : base::fail(ErrorCode::Protocol, "an answer without an end");
        if (!more)
            return base::fail(more.error());
        if (!more->empty()) {
            text += *more;
            continue;
        }
        const bool isWhole = head != std::string::npos && !lengthIn(std::string_view(text).substr(0, head));
        if (isWhole)
            return read(text, head);
        return base::fail(ErrorCode::Unreachable, "it closed the connection before it had answered");
    }
}

Result<Answer> ask(const fleet::Endpoint &endpoint, const std::string &request, Instant deadline, const wire::Interrupt *interrupt)
{
    auto talk = wire::Talk::dial(endpoint.host, endpoint.port, deadline, interrupt);
    if (!talk)
        return base::fail(talk.error());
    const auto sent = talk->send(request, deadline);
    auto answer = sent ? receive(*talk, deadline) : Result<Answer>(base::fail(sent.error()));
    if (!answer)
        answer.error().effect = Effect::InDoubt;
    return answer;
}

} // namespace

Result<Answer> get(const fleet::Endpoint &endpoint, const std::string &path, const Login &login, Instant deadline, const wire::Interrupt *interrupt)
{
    return ask(endpoint, requestText("GET", endpoint, path, {}, login), deadline, interrupt);
}

Result<Answer> send(const fleet::Endpoint &endpoint, const std::string &method, const std::string &path, const std::string &body, const Login &login, Instant deadline,
                    const wire::Interrupt *interrupt)
{
    return ask(endpoint, requestText(method, endpoint, path, body, login), deadline, interrupt);
}

} // namespace shardlens::patroni
