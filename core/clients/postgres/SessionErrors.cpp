// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/postgres/SessionErrors.h"

#include <algorithm>
#include <cctype>
#include <initializer_list>

#include <libpq-fe.h>

namespace shardlens::postgres
{

using base::Effect;
using base::Error;
using base::ErrorCode;

namespace
{

std::string firstWord(std::string_view sql)
{
    const auto begin = std::find_if(sql.begin(), sql.end(), [](unsigned char c) { return std::isalpha(c) != 0; });
    const auto end = std::find_if(begin, sql.end(), [](unsigned char c) { return std::isalpha(c) == 0; });
    std::string word(begin, end);
    std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return word;
}

bool isOneOf(const std::string &word, std::initializer_list<const char *> words)
{
    return std::any_of(words.begin(), words.end(), [&](const char *w) { return word == w; });
}

bool contains(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

std::string trimmedLine(std::string_view text)
{
    text = text.substr(0, text.find('\n'));
    while (!text.empty() && (std::isspace(static_cast<unsigned char>(text.back())) != 0 || text.back() == '.'))
        text.remove_suffix(1);
    return std::string(text);
}

} // namespace

bool mayTakeEffect(std::string_view sql, bool inTransaction)
{
    const std::string word = firstWord(sql);
    if (inTransaction)
        return isOneOf(word, {"commit", "end", "prepare"}) || contains(sql, ";");
    if (contains(sql, ";"))
        return true;
    return !isOneOf(word, {"begin", "start", "show", "rollback", "abort", "set", "declare"});
}

Error linkError(std::string_view libpqMessage)
{
    std::string_view text = libpqMessage;
    // 'connection to server at "127.0.0.1", port 5432 failed: …': the address is the server's, which the error names anyway.
    if (const auto failed = text.find(" failed: "); text.starts_with("connection to server") && failed != std::string_view::npos)
        text.remove_prefix(failed + 9);
    Error error{ErrorCode::Unreachable, trimmedLine(text), {}, {}, Effect::None};
    if (contains(text, "Connection refused") || contains(text, "No such file or directory"))
        error.code = ErrorCode::Refused;
    else if (contains(text, "authentication failed") || contains(text, "no password supplied") || contains(text, "no pg_hba.conf entry") ||
             contains(text, "permission denied") || contains(text, "not allowed"))
        error.code = ErrorCode::NoRights;
    else if (contains(text, "FATAL:") || contains(text, "ERROR:"))
        error.code = ErrorCode::Rejected;
    return error;
}

Error serverError(const pg_result *result, const std::string &server, Effect ifUnanswered)
{
    const auto field = [&](int code) {
        const char *value = PQresultErrorField(result, code);
        return std::string(value ? value : "");
    };
    Error error{ErrorCode::Rejected, trimmedLine(field(PG_DIAG_MESSAGE_PRIMARY)), field(PG_DIAG_SQLSTATE), server, Effect::None};
    if (error.message.empty())
        error.message = trimmedLine(PQresultErrorMessage(result));
    if (error.sqlState.empty()) { // libpq's own: the link broke while the answer was awaited
        error = linkError(PQresultErrorMessage(result));
        error.server = server;
        error.effect = ifUnanswered;
    } else if (error.sqlState == "42501" || error.sqlState.starts_with("28")) {
        error.code = ErrorCode::NoRights;
    } else if (error.sqlState == "57014") {
        error.code = contains(error.message, "timeout") ? ErrorCode::TimedOut : ErrorCode::Cancelled;
    } else if (error.sqlState.starts_with("08") || error.sqlState == "40003") {
        // Class 08 through a router: its own link to the server broke, and it knows no more than we do.
        error.code = ErrorCode::Unreachable;
        error.effect = ifUnanswered;
    }
    return error;
}

} // namespace shardlens::postgres
