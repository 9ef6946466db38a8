// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/inspect/lookup/Answer.h"
#include "core/inspect/lookup/Feeds.h"
#include "core/inspect/lookup/Graph.h"
#include "core/mend/Plan.h"

#include <QMetaType>
#include <QObject>
#include <QString>

#include <variant>

namespace shardlens::ui::pages {

/// Why is this photo (not) in this feed?
struct ExplainQuestion {
    std::uint64_t user = 0;
    std::uint64_t media = 0;
    std::string caseNumber;
    bool operator==(const ExplainQuestion &) const = default;
};

/// Is this feed as the follow graph says, in this region?
struct CompareQuestion {
    std::uint64_t user = 0;
    base::RegionName region;
    std::string caseNumber;
    bool operator==(const CompareQuestion &) const = default;
};

/// Does this bucket of the media map say what the shards say? Reads alone.
struct BucketQuestion {
    std::uint32_t bucket = 0;
    bool operator==(const BucketQuestion &) const = default;
};

/// What would a mend write, or taking the newest one back?
struct MendQuestion {
    mend::Intent intent;
    bool undoes = false;
    bool operator==(const MendQuestion &) const = default;
};

/// Carry this plan out. It writes: once it was asked for, nothing else is asked for in its seat before it is told.
struct MendOrder {
    mend::Plan plan;
    std::string reason;
    bool operator==(const MendOrder &) const = default;
};

using LookupQuestion = std::variant<inspect::lookup::Question, inspect::lookup::GraphQuestion, inspect::lookup::FeedQuestion,
                                    ExplainQuestion, CompareQuestion, MendQuestion, MendOrder, BucketQuestion>;
/// The answer to the question of the same place.
using LookupResult =
    std::variant<base::Result<inspect::lookup::Answer>, base::Result<inspect::lookup::GraphPage>, base::Result<inspect::lookup::FeedPage>,
                 base::Result<inspect::lookup::FeedExplanation>, base::Result<inspect::lookup::FeedComparison>, base::Result<mend::Plan>,
                 base::Result<mend::Done>, base::Result<inspect::lookup::BucketCheck>>;

/// Who waits for an answer. Of each seat the newest question counts: one that is under way or waits gives way to it.
enum class LookupSeat : std::uint8_t { LookUp, More, Feed, Explain, Compare, Mend, MendOrder, CacheKey, Bucket };

/// Where look-ups are asked for and told. Who wires the console answers them in another thread; pages ask and listen, and wait for
/// nothing. It asks no server itself. GUI thread.
class LookupBoard : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    [[nodiscard]] bool isAnswered() const; ///< somebody answers what is asked

    /// Asks, and gives the question's number, which its answer carries. No answer comes of a question that gave way.
    std::uint64_t ask(LookupSeat seat, const LookupQuestion &question);
    void forget(LookupSeat seat); ///< nobody wants that answer any more

    /// The case that looks are recorded with: one for all pages that ask here. May be empty.
    [[nodiscard]] const QString &caseNumber() const { return m_case; }
    void setCaseNumber(const QString &number); ///< as far as it is typed
    void endCase() { Q_EMIT caseEnded(); }     ///< it is typed to its end

    /// An answer has come.
    void tell(std::uint64_t number, const LookupResult &result) { Q_EMIT told(number, result); }

Q_SIGNALS:
    void asked(shardlens::ui::pages::LookupSeat seat, std::uint64_t number, const shardlens::ui::pages::LookupQuestion &question);
    void forgotten(shardlens::ui::pages::LookupSeat seat);
    void told(std::uint64_t number, const shardlens::ui::pages::LookupResult &result);
    void caseTyped(const QString &number);
    void caseEnded(); ///< it may be the same as before

private:
    std::uint64_t m_last = 0;
    QString m_case;
};

} // namespace shardlens::ui::pages

Q_DECLARE_METATYPE(shardlens::ui::pages::LookupQuestion)
Q_DECLARE_METATYPE(shardlens::ui::pages::LookupResult)
