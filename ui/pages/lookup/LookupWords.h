// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>

namespace shardlens::ui::pages {

/// Gives the functions of this folder tr().
struct LookupPageWords {
    Q_DECLARE_TR_FUNCTIONS(shardlens::ui::pages::lookup)
};

} // namespace shardlens::ui::pages
