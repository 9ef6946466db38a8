// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fleet/TableReader.h"

#include "core/base/Closest.h"

#include <algorithm>

namespace shardlens::fleet {

namespace {

std::string numberText(double number)
{
    std::string text = std::to_string(number);
    text.erase(text.find_last_not_of('0') + 1);
    if (!text.empty() && text.back() == '.')
        text.pop_back();
    return text;
}

} // namespace

TableReader::TableReader(const TomlNode &table, std::string kind, std::string title, Complaints &complaints)
    : m_table(table), m_kind(std::move(kind)), m_title(std::move(title)), m_complaints(complaints)
{
}

std::string TableReader::titleOf(const std::string &key) const
{
    return m_title.empty() ? key : m_title + " ." + key;
}

int TableReader::line(const std::string &key) const
{
    const TomlNode *node = m_table.find(key);
    return node ? node->line : m_table.line;
}

void TableReader::complain(const std::string &key, std::string what, std::string expected, std::string suggestion, int at)
{
    m_complaints.push_back({at > 0 ? at : line(key), titleOf(key), std::move(what), std::move(expected), std::move(suggestion)});
}

const TomlNode *TableReader::find(const std::string &key)
{
    if (std::find(m_known.begin(), m_known.end(), key) == m_known.end())
        m_known.push_back(key);
    return m_table.find(key);
}

const TomlNode *TableReader::find(const std::string &key, TomlNode::Type type, const std::string &expected)
{
    const TomlNode *node = find(key);
    if (!node || node->type == type)
        return node;
    complain(key, "is " + std::string(name(node->type)), expected);
    return nullptr;
}

std::optional<std::string> TableReader::text(const std::string &key)
{
    const TomlNode *node = find(key, TomlNode::Type::String, "a text in quotes");
    if (!node)
        return std::nullopt;
    if (node->text.empty()) {
        complain(key, "is empty", "a text");
        return std::nullopt;
    }
    return node->text;
}

bool TableReader::isEmptyText(const std::string &key)
{
    const TomlNode *node = find(key);
    return node && node->type == TomlNode::Type::String && node->text.empty();
}

std::optional<std::string> TableReader::requiredText(const std::string &key, const std::string &expected)
{
    if (!has(key))
        complain(key, "is missing", expected);
    return text(key);
}

std::optional<std::int64_t> TableReader::integer(const std::string &key, std::int64_t least, std::int64_t most)
{
    const bool bounded = most != std::numeric_limits<std::int64_t>::max();
    const std::string expected = bounded ? "a whole number from " + std::to_string(least) + " to " + std::to_string(most)
                                         : "a whole number from " + std::to_string(least);
    const TomlNode *node = find(key, TomlNode::Type::Integer, expected);
    if (!node)
        return std::nullopt;
    if (node->integer < least || node->integer > most) {
        complain(key, "is " + std::to_string(node->integer), expected);
        return std::nullopt;
    }
    return node->integer;
}

std::optional<double> TableReader::number(const std::string &key, double least, double most)
{
    const std::string expected = "a number from " + numberText(least) + " to " + numberText(most);
    const TomlNode *node = find(key);
    if (!node)
        return std::nullopt;
    if (node->type != TomlNode::Type::Float && node->type != TomlNode::Type::Integer) {
        complain(key, "is " + std::string(name(node->type)), expected);
        return std::nullopt;
    }
    if (!(node->number >= least && node->number <= most)) { // written so that nan is refused too
        complain(key, "is " + numberText(node->number), expected);
        return std::nullopt;
    }
    return node->number;
}

std::optional<bool> TableReader::boolean(const std::string &key)
{
    const TomlNode *node = find(key, TomlNode::Type::Boolean, "true or false");
    return node ? std::optional<bool>(node->boolean) : std::nullopt;
}

std::optional<Endpoint> TableReader::endpoint(const std::string &key, bool required)
{
    const std::string expected = "host:port, such as \"db1.example:5432\"";
    const auto written = required ? requiredText(key, expected) : text(key);
    if (!written)
        return std::nullopt;
    auto result = endpointOf(*written);
    if (!result)
        complain(key, "'" + *written + "' is not an address", expected + ", with a port from 1 to 65535");
    return result;
}

std::optional<std::vector<ListedText>> TableReader::texts(const std::string &key, bool required)
{
    const std::string expected = "a list of texts, such as [\"a\", \"b\"]";
    if (required && !has(key))
        complain(key, "is missing", expected);
    const TomlNode *node = find(key, TomlNode::Type::Array, expected);
    if (!node)
        return std::nullopt;
    std::vector<ListedText> result;
    for (const TomlNode &item : node->items) {
        if (item.type == TomlNode::Type::String && !item.text.empty())
            result.push_back({item.text, item.line});
        else
            complain(key, item.type == TomlNode::Type::String ? "holds an empty text" : "holds " + std::string(name(item.type)), expected,
                     {}, item.line);
    }
    return result;
}

std::optional<std::vector<std::int64_t>> TableReader::integers(const std::string &key, std::size_t count, std::int64_t least)
{
    const std::string expected =
        "a list of " + std::to_string(count) + " whole numbers from " + std::to_string(least) + ", each above the one before";
    const TomlNode *node = find(key, TomlNode::Type::Array, expected);
    if (!node)
        return std::nullopt;
    std::vector<std::int64_t> result;
    for (const TomlNode &item : node->items) {
        if (item.type != TomlNode::Type::Integer || item.integer < least) {
            complain(key, "holds " + (item.type == TomlNode::Type::Integer ? std::to_string(item.integer) : std::string(name(item.type))),
                     expected, {}, item.line);
            return std::nullopt;
        }
        result.push_back(item.integer);
    }
    if (result.size() != count) {
        complain(key, "has " + std::to_string(result.size()) + " numbers", expected);
        return std::nullopt;
    }
    if (std::adjacent_find(result.begin(), result.end(), std::greater_equal<>()) != result.end()) {
        complain(key, "does not ascend", expected);
        return std::nullopt;
    }
    return result;
}

bool TableReader::isUnknown(const std::string &key, const std::string &wanted, const DeclaredNames &declared, int at)
{
    if (declared.lineOf.contains(wanted))
        return false;
    const std::string expected = declared.names.empty()       ? "a " + declared.what + ", but the file declares none"
                                 : declared.names.size() <= 8 ? "one of " + joined(declared.names)
                                                              : "a " + declared.what + " declared in this file";
    complain(key, "there is no " + declared.what + " '" + wanted + "'", expected, base::closest(wanted, declared.names), at);
    return true;
}

std::optional<std::string> TableReader::reference(const std::string &key, const DeclaredNames &declared, bool required)
{
    const auto wanted = required ? requiredText(key, "the name of a " + declared.what) : text(key);
    if (!wanted || isUnknown(key, *wanted, declared, 0))
        return std::nullopt;
    return wanted;
}

std::optional<std::size_t> TableReader::wordIndex(const std::string &key, const std::vector<std::string> &words, bool required)
{
    const std::string expected = "one of " + joined(words);
    const auto word = required ? requiredText(key, expected) : text(key);
    if (!word)
        return std::nullopt;
    const auto found = std::find(words.begin(), words.end(), *word);
    if (found == words.end()) {
        complain(key, "'" + *word + "' is not known", expected, base::closest(*word, words));
        return std::nullopt;
    }
    return static_cast<std::size_t>(found - words.begin());
}

const TomlNode *TableReader::table(const std::string &key)
{
    return find(key, TomlNode::Type::Table, "a table: [" + key + "]");
}

std::vector<const TomlNode *> TableReader::tables(const std::string &key)
{
    const std::string expected = "a list of tables, each headed [[" + key + "]]";
    const TomlNode *node = find(key, TomlNode::Type::Array, expected);
    std::vector<const TomlNode *> result;
    if (!node)
        return result;
    for (const TomlNode &item : node->items) {
        if (item.type == TomlNode::Type::Table)
            result.push_back(&item);
        else
            complain(key, "holds " + std::string(name(item.type)), expected, {}, item.line);
    }
    return result;
}

void TableReader::finish()
{
    for (const auto &[key, node] : m_table.entries) {
        if (std::find(m_known.begin(), m_known.end(), key) != m_known.end())
            continue;
        const std::string where = m_kind.empty() ? "a fleet file" : m_kind;
        complain(key, "'" + key + "' is not a key of " + where, "one of " + joined(m_known), base::closest(key, m_known), node.line);
    }
}

std::string joined(const std::vector<std::string> &words)
{
    std::string result;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0)
            result += i + 1 == words.size() ? " or " : ", ";
        result += words[i];
    }
    return result;
}

} // namespace shardlens::fleet
