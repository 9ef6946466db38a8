// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"
#include "ui/format/Fact.h"
#include "ui/models/Roles.h"
#include "ui/models/RowModel.h"

#include <optional>

namespace shardlens::ui::models {

struct StandbyRow {
    std::string id; ///< the standby's name
    facts::StandbyLag lag;
    format::FactAge age;
    std::optional<int> level;
    std::optional<facts::Severity> severity;
    facts::UtcTime takenUtc;
    bool operator==(const StandbyRow &other) const
    {
        return id == other.id && lag == other.lag && age.freshness == other.age.freshness && age.age == other.age.age && age.asking == other.age.asking
            && level == other.level && severity == other.severity && takenUtc == other.takenUtc;
    }
};

/// One input of the rule that judged a standby, in words: for "why?".
struct LagInputLine {
    QString name;
    QString value;
    bool decides = false; ///< the rule took this one
    bool operator==(const LagInputLine &) const = default;
};

/// The standbys of one cluster, by how far each stage of replication is behind. GUI thread.
class StandbyModel : public RowModel<StandbyRow>
{
    Q_OBJECT

public:
    enum Column { Standby, Stages, Behind, Lag, SlotKeeps, Direction, ColumnCount };
    enum OwnRole {
        StagesRole = FirstOwnRole, ///< QVariantList of four doubles: bytes not sent, not written, not flushed, not replayed; invalid where not known
        ScaleRole,                 ///< double: bytes of a full bar, the same for every row
        ArrowRole,                 ///< int of theme::Shape before the direction
    };

    using RowModel::RowModel;

    void showCluster(const facts::Snapshot &snapshot, const base::ClusterName &cluster);
    void showAll(const facts::Snapshot &snapshot); ///< of every cluster, in fleet order

    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// Which rule gave the lag, in one sentence, and all that it looked at.
    [[nodiscard]] static QString ruleSentence(const facts::StandbyLag &lag);
    [[nodiscard]] static std::vector<LagInputLine> ruleInputs(const facts::StandbyLag &lag);

private:
    void show(const facts::Snapshot &snapshot, const std::vector<const facts::ClusterFacts *> &clusters);
    [[nodiscard]] QVariant text(const StandbyRow &row, int column) const;
    [[nodiscard]] QVariant raw(const StandbyRow &row, int column) const;
    [[nodiscard]] int colour(const StandbyRow &row, int column) const;

    double m_scale = 1 << 20;
};

/// "2.1 MiB/s, limit at 06:31Z", "caught up in about 6 min", "steady"; and the arrow before it.
struct BacklogText {
    QString text;
    int arrow = 0; ///< theme::Shape
    bool warns = false;
    QString brief = {}; ///< its number alone, beside the arrow; empty: the text is brief
};
[[nodiscard]] BacklogText backlogText(const facts::StandbyLag &lag, facts::UtcTime now);

} // namespace shardlens::ui::models
