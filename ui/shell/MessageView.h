// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fleet/FleetFile.h"

#include <QWidget>

class QVBoxLayout;

namespace shardlens::ui::shell {

/// A plain panel in the middle of a window that has no fleet to show: what is so, and what can be done.
class MessageView : public QWidget
{
    Q_OBJECT

public:
    /// A fleet file that was not taken: every complaint, with its line.
    static MessageView *complaints(const fleet::BadFleetFile &bad, const QString &path, QWidget *parent = nullptr);

Q_SIGNALS:
    void openRequested();  ///< the person wants to choose a fleet file
    void retryRequested(); ///< the same file again

private:
    explicit MessageView(const QString &title, QWidget *parent);
    QVBoxLayout *m_body;
};

/// "fleet.toml was not taken: 10 things are wrong in it."
[[nodiscard]] QString complaintsTitle(const fleet::BadFleetFile &bad, const QString &path);

} // namespace shardlens::ui::shell
