// SPDX-License-Identifier: GPL-3.0-or-later
// What the three columns of a plan are put together from.
#pragma once

#include "ui/operate/OutlineRow.h"

#include <QCoreApplication>
#include <QString>

namespace shardlens::ui::operate {

struct PlanRowsWords {
    Q_DECLARE_TR_FUNCTIONS(shardlens::ui::operate::PlanRows)
};

[[nodiscard]] OutlineRow headingRow(const char *id, const QString &title, const QString &note = {});
[[nodiscard]] OutlineRow factRow(const char *id, const QString &name, const QString &value);
[[nodiscard]] OutlineRow noteRow(const char *id, const QString &sentence);
[[nodiscard]] OutlineRow figureRow(const char *id, const QString &value, const QString &beside, const QString &under = {});

} // namespace shardlens::ui::operate
