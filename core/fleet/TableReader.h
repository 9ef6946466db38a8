// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Name.h"
#include "core/fleet/FleetFile.h"
#include "core/fleet/TomlTree.h"

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::fleet {

using Complaints = std::vector<Complaint>;

/// Names that one kind of thing declares, for references to it.
struct DeclaredNames {
    std::string what; ///< "region", "server"
    std::vector<std::string> names;
    std::map<std::string, int> lineOf;
};

/// A text in a list, with its line.
struct ListedText {
    std::string text;
    int line = 0;
};

/// Reads one table of the fleet file key by key. Every wrong value becomes a complaint and an empty answer, so that
/// reading goes on and all complaints come at once. finish() complains about the keys nobody asked for.
class TableReader
{
public:
    /// `kind` is what the table is called ("[[server]]"), `title` names this one ("[[server]] u1-us-east"); the root has neither.
    TableReader(const TomlNode &table, std::string kind, std::string title, Complaints &complaints);

    [[nodiscard]] std::optional<std::string> text(const std::string &key);
    [[nodiscard]] bool isEmptyText(const std::string &key); ///< it stands there, and is ""
    [[nodiscard]] std::optional<std::string> requiredText(const std::string &key, const std::string &expected = "a text");
    [[nodiscard]] std::optional<std::int64_t> integer(const std::string &key, std::int64_t least,
                                                      std::int64_t most = std::numeric_limits<std::int64_t>::max());
    [[nodiscard]] std::optional<double> number(const std::string &key, double least, double most);
    [[nodiscard]] std::optional<bool> boolean(const std::string &key);
    [[nodiscard]] std::optional<Endpoint> endpoint(const std::string &key, bool required);
    /// A list of texts; nothing if the key is missing or is no such list.
    [[nodiscard]] std::optional<std::vector<ListedText>> texts(const std::string &key, bool required);
    [[nodiscard]] std::optional<std::vector<std::int64_t>> integers(const std::string &key, std::size_t count, std::int64_t least);
    /// A name that something else declares.
    [[nodiscard]] std::optional<std::string> reference(const std::string &key, const DeclaredNames &declared, bool required);
    /// One of the words name(Enum) gives, from value 0 to `last`.
    template <class Enum>
    [[nodiscard]] std::optional<Enum> choice(const std::string &key, Enum last, bool required = false);
    [[nodiscard]] const TomlNode *table(const std::string &key);
    [[nodiscard]] std::vector<const TomlNode *> tables(const std::string &key);

    /// True (and a complaint) unless `name` is one of the declared ones.
    bool isUnknown(const std::string &key, const std::string &name, const DeclaredNames &declared, int line);
    void complain(const std::string &key, std::string what, std::string expected, std::string suggestion = {}, int line = 0);
    [[nodiscard]] bool has(const std::string &key) const { return m_table.find(key) != nullptr; }
    [[nodiscard]] int line() const { return m_table.line; }
    [[nodiscard]] int line(const std::string &key) const;
    [[nodiscard]] const std::string &title() const { return m_title; }
    [[nodiscard]] std::string titleOf(const std::string &key) const;

    void finish();

private:
    const TomlNode *find(const std::string &key);
    const TomlNode *find(const std::string &key, TomlNode::Type type, const std::string &expected);
    std::optional<std::size_t> wordIndex(const std::string &key, const std::vector<std::string> &words, bool required);

    const TomlNode &m_table;
    std::string m_kind;
    std::string m_title;
    Complaints &m_complaints;
    std::vector<std::string> m_known; ///< keys asked for, in that order
};

[[nodiscard]] std::string joined(const std::vector<std::string> &words);

template <class Enum>
std::optional<Enum> TableReader::choice(const std::string &key, Enum last, bool required)
{
    std::vector<std::string> words;
    for (std::size_t i = 0; i <= static_cast<std::size_t>(last); ++i)
        words.emplace_back(name(static_cast<Enum>(i)));
    const auto index = wordIndex(key, words, required);
    return index ? std::optional<Enum>(static_cast<Enum>(*index)) : std::nullopt;
}

} // namespace shardlens::fleet
