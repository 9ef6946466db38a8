// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fleet/Fleet.h"

#include <QFrame>

#include <vector>

namespace shardlens::ui::pages {

/// How an application says what its leases did, with the addresses of the pools of which nothing is heard, and an example that may be
/// copied. Closes on Esc or a click elsewhere, deletes itself.
class PublishPopup : public QFrame
{
    Q_OBJECT

public:
    PublishPopup(const fleet::Fleet &fleet, const std::vector<base::PoolName> &silent, QWidget *parent);

    /// The same as text, for screen readers.
    [[nodiscard]] static QString asText(const fleet::Fleet &fleet, const std::vector<base::PoolName> &silent);
    /// One datagram to the first of these pools that has an address, as a line for bash; empty where none has.
    [[nodiscard]] static QString example(const fleet::Fleet &fleet, const std::vector<base::PoolName> &silent);

protected:
    void keyPressEvent(QKeyEvent *event) override;
};

} // namespace shardlens::ui::pages
