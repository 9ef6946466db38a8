// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/format/ProblemPhrases.h"

#include <QString>

namespace shardlens::ui::format {

/// The names that a problem's sentences are made of.
struct Names {
    QString place;
    QString server;
    QString region;
    QString detail;
    QString error; ///< why the server does not answer, in the words of the system that said it
};

/// One family of rules a function; empty for a rule of another family.
[[nodiscard]] Phrases writePhrases(const facts::Problem &problem, const Names &n);
[[nodiscard]] Phrases linkPhrases(const facts::Problem &problem, const Names &n);
[[nodiscard]] Phrases cachePhrases(const facts::Problem &problem, const Names &n);
/// Invalidators, stale caches and leases.
[[nodiscard]] Phrases invalidationPhrases(const facts::Problem &problem, const Names &n);
/// What only this console lost, of whatever kind.
[[nodiscard]] Phrases notSeenPhrases(const facts::Problem &problem, const Names &n);

[[nodiscard]] QString capitalised(QString words);

} // namespace shardlens::ui::format
