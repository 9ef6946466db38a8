// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Lag.h"

#include <QFrame>

namespace shardlens::ui::pages {

/// Why a standby's lag is what it is: the rule in one sentence, and every reading it looked at; those that decided in Medium.
/// Closes on Esc or a click elsewhere, deletes itself.
class WhyPopup : public QFrame
{
    Q_OBJECT

public:
    WhyPopup(const facts::StandbyLag &lag, QWidget *parent);

    /// The same as text, for the clipboard and screen readers.
    [[nodiscard]] static QString asText(const facts::StandbyLag &lag);

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    QString m_text;
};

} // namespace shardlens::ui::pages
