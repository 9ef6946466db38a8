// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fleet/TomlTree.h"

#include <algorithm>
#include <exception>
#include <sstream>

#include <toml.hpp>

namespace shardlens::fleet {

namespace {

TomlNode convert(const toml::value &value)
{
    TomlNode node;
    node.line = static_cast<int>(value.location().line());
    switch (value.type()) {
    case toml::value_t::boolean:
        node.type = TomlNode::Type::Boolean;
        node.boolean = value.as_boolean();
        break;
    case toml::value_t::integer:
        node.type = TomlNode::Type::Integer;
        node.integer = value.as_integer();
        node.number = static_cast<double>(node.integer);
        break;
    case toml::value_t::floating:
        node.type = TomlNode::Type::Float;
        node.number = value.as_floating();
        break;
    case toml::value_t::string:
        node.type = TomlNode::Type::String;
        node.text = value.as_string().str;
        break;
    case toml::value_t::array:
        node.type = TomlNode::Type::Array;
        for (const toml::value &item : value.as_array())
            node.items.push_back(convert(item));
        break;
    case toml::value_t::table:
        node.type = TomlNode::Type::Table;
        for (const auto &[key, item] : value.as_table())
            node.entries.emplace_back(key, convert(item));
        // The library keeps tables unordered; complaints and lists are wanted in the file's order.
        std::sort(node.entries.begin(), node.entries.end(), [](const auto &a, const auto &b) {
            return a.second.line != b.second.line ? a.second.line < b.second.line : a.first < b.first;
        });
        break;
    default: node.type = TomlNode::Type::Time; break;
    }
    return node;
}

std::string trimmed(std::string text)
{
    while (!text.empty() && (text.back() == '.' || text.back() == ' ' || text.back() == '\r'))
        text.pop_back();
    text.erase(0, std::min(text.find_first_not_of(' '), text.size()));
    return text;
}

/// The library's message is a drawing of several lines: its first line says what, the mark under the source what it wanted.
Complaint complaintOf(const toml::syntax_error &error)
{
    const std::string drawing = error.what();
    std::string what = drawing.substr(0, drawing.find('\n'));
    // "[error] toml::parse_key: an invalid key appeared." -> "an invalid key appeared"
    if (const auto colon = what.find(": "); colon != std::string::npos)
        what.erase(0, colon + 2);
    Complaint complaint;
    complaint.line = static_cast<int>(error.location().line());
    complaint.what = trimmed(what);
    if (const auto mark = drawing.find("^---"); mark != std::string::npos) {
        const std::string wanted = trimmed(drawing.substr(mark + 4, drawing.find('\n', mark) - mark - 4));
        if (wanted.rfind("expected ", 0) == 0)
            complaint.expected = wanted.substr(9);
    }
    return complaint;
}

} // namespace

const TomlNode *TomlNode::find(std::string_view key) const
{
    const auto found = std::find_if(entries.begin(), entries.end(), [&](const auto &entry) { return entry.first == key; });
    return found == entries.end() ? nullptr : &found->second;
}

std::string_view name(TomlNode::Type type)
{
    switch (type) {
    case TomlNode::Type::Boolean: return "true or false";
    case TomlNode::Type::Integer: return "a whole number";
    case TomlNode::Type::Float: return "a number";
    case TomlNode::Type::String: return "a text";
    case TomlNode::Type::Time: return "a time";
    case TomlNode::Type::Array: return "a list";
    case TomlNode::Type::Table: return "a table";
    }
    return "a table";
}

tl::expected<TomlNode, Complaint> parseToml(std::string_view text)
{
    try {
        std::istringstream stream{std::string(text)};
        return convert(toml::parse(stream, "fleet file"));
    } catch (const toml::syntax_error &error) {
        return tl::unexpected(complaintOf(error));
    } catch (const std::exception &error) {
        // Not a syntax error by name, but the library gave up: a number it cannot hold, for one.
        const std::string message = error.what();
        return tl::unexpected(Complaint{0, {}, trimmed(message.substr(0, message.find('\n'))), "TOML", {}});
    }
}

} // namespace shardlens::fleet
