// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/RowModel.h"
#include "ui/shell/inspector/FactSheet.h"

namespace shardlens::ui::shell {

/// The inspector's rows. They come in by difference: what is selected and where one has scrolled to stays. GUI thread.
class InspectorModel : public models::RowModel<InspectorRow>
{
    Q_OBJECT

public:
    using RowModel::RowModel;

    void show(std::vector<InspectorRow> rows) { assign(std::move(rows)); }

    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : 1; }
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex &index) const override;
};

} // namespace shardlens::ui::shell
