// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/lookup/LookupBoard.h"

#include <QMetaMethod>

namespace shardlens::ui::pages {

bool LookupBoard::isAnswered() const
{
    static const QMetaMethod signal = QMetaMethod::fromSignal(&LookupBoard::asked);
    return isSignalConnected(signal);
}

std::uint64_t LookupBoard::ask(LookupSeat seat, const LookupQuestion &question)
{
    const std::uint64_t number = ++m_last;
    Q_EMIT asked(seat, number, question);
    return number;
}

void LookupBoard::forget(LookupSeat seat)
{
    Q_EMIT forgotten(seat);
}

void LookupBoard::setCaseNumber(const QString &number)
{
    if (m_case == number)
        return;
    m_case = number;
    Q_EMIT caseTyped(number);
}

} // namespace shardlens::ui::pages

#include "moc_LookupBoard.cpp"
