// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/RowModel.h"
#include "ui/operate/OutlineRow.h"

#include <set>

namespace shardlens::ui::operate {

/// The rows of one column that are in sight. They come in by difference, and what a person opened stays open. GUI thread.
class OutlineModel : public models::RowModel<OutlineRow>
{
    Q_OBJECT

public:
    using RowModel::RowModel;

    void show(OutlineRows rows);
    [[nodiscard]] const OutlineRows &all() const { return m_all; } ///< also those under a row that is folded
    void setOpen(const std::string &id, bool open);
    [[nodiscard]] bool isOpen(const std::string &id) const { return m_open.count(id) > 0; }

    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : 1; }
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex &index) const override;

private:
    void present();

    OutlineRows m_all;
    std::set<std::string> m_open;
};

} // namespace shardlens::ui::operate
