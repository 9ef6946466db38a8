// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/DenialWords.h"

#include "app/shardlensctl/Text.h"
#include "ui/format/DenialText.h"

namespace shardlens::ctl {

QString denialWords(const execute::Denied &denied, const fleet::Fleet &fleet)
{
    using execute::Denial;
    const QString words = ui::format::denialText(denied, fleet);
    switch (denied.why) {
    case Denial::Reason: return QStringLiteral("A reason is needed here: --reason TEXT.");
    case Denial::Name:
        return denied.names.empty() ? words : QStringLiteral("The name of what is acted on is needed here: --confirm %1.").arg(text(denied.names.front()));
    case Denial::Blocked: {
        QStringList forces;
        for (const operate::Check &check : denied.checks) {
            if (!check.forceable)
                return words + QStringLiteral(" It cannot be forced: [%1].").arg(text(std::string(operate::name(check.id))));
            forces << QStringLiteral("--force %1=REASON").arg(text(std::string(operate::name(check.id))));
        }
        return forces.isEmpty() ? words : words + QStringLiteral(" To go on in spite of it: ") + forces.join(QLatin1Char(' ')) + QLatin1Char('.');
    }
    default: return words;
    }
}

} // namespace shardlens::ctl
