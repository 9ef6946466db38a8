// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/Page.h"

#include <functional>

namespace shardlens::ui::shell {

/// A page the rail offers. It is made when it is first opened, so that a start waits for one page only.
struct PageSpec {
    QString id;
    QString title;
    QString icon;
    std::function<pages::Page *(const pages::PageContext &, QWidget *parent)> make;
};

} // namespace shardlens::ui::shell
