// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace shardlens::ctl {

/// Appends `text` as a JSON string with its quotes. Bytes that are not UTF-8 become U+FFFD, as JSON can carry no others.
void appendJsonString(std::string &out, std::string_view text);

/// Writes one JSON value piece by piece onto a string, keys in the order given. The caller keeps the nesting right.
class JsonWriter
{
public:
    explicit JsonWriter(std::string &out) : m_out(out) {}

    JsonWriter &beginObject() { return open('{'); }
    JsonWriter &endObject() { return close('}'); }
    JsonWriter &beginArray() { return open('['); }
    JsonWriter &endArray() { return close(']'); }
    JsonWriter &key(std::string_view name);

    JsonWriter &text(std::string_view value);
    JsonWriter &null();
    JsonWriter &boolean(bool value);
    JsonWriter &number(double value); ///< null where JSON has no such number
    JsonWriter &integer(std::int64_t value);

    template <class Value>
    JsonWriter &value(const Value &item)
    {
        if constexpr (std::is_same_v<Value, std::optional<std::string>>)
            return item ? text(*item) : null();
        else if constexpr (std::is_same_v<Value, bool>)
            return boolean(item);
        else if constexpr (std::is_floating_point_v<Value>)
            return number(item);
        else if constexpr (std::is_integral_v<Value>)
            return integer(static_cast<std::int64_t>(item));
        else
            return text(std::string_view(item));
    }

    template <class Value>
    JsonWriter &member(std::string_view name, const Value &item)
    {
        return key(name).value(item);
    }

private:
    JsonWriter &open(char bracket);
    JsonWriter &close(char bracket);
    void separate();

    std::string &m_out;
    bool m_needsComma = false;
};

/// For a member that is null where there is nothing to say.
[[nodiscard]] inline std::optional<std::string> orNull(const std::string &text)
{
    return text.empty() ? std::nullopt : std::optional(text);
}

} // namespace shardlens::ctl
