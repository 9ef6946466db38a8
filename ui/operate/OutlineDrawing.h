// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/operate/OutlineRow.h"

#include <QPalette>
#include <QRect>

class QPainter;

namespace shardlens::ui::operate {

[[nodiscard]] int membersHeight();
/// The members side by side, the primary with its accent bar; from it an arrow to each of the others, past the neighbour below them.
void paintMembers(QPainter &painter, const QRect &box, const std::vector<MemberMark> &members, const QPalette &palette);

} // namespace shardlens::ui::operate
