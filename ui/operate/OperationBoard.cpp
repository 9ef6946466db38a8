// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operate/OperationBoard.h"

#include <QMetaMethod>

#include <algorithm>

namespace shardlens::ui::operate {

void OperationBoard::show(OperationList list)
{
    if (list == m_list)
        return;
    m_list = std::move(list);
    Q_EMIT changed();
}

bool OperationBoard::isAnswered() const
{
    return isSignalConnected(QMetaMethod::fromSignal(&OperationBoard::startRequested));
}

const OperationSeen *OperationBoard::operation(const std::string &id) const
{
    const auto found = std::find_if(m_list.operations.begin(), m_list.operations.end(), [&](const OperationSeen &seen) { return seen.operation.id == id; });
    return found == m_list.operations.end() ? nullptr : &*found;
}

const OperationSeen *OperationBoard::open(const base::ClusterName &cluster) const
{
    const OperationSeen *found = nullptr;
    for (const OperationSeen &seen : m_list.operations) {
        if (!cluster.isEmpty() && seen.operation.subject() != cluster.text())
            continue;
        if (seen.runs)
            return &seen;
        if (seen.isUnfinished() && !found)
            found = &seen;
    }
    return found;
}

} // namespace shardlens::ui::operate

#include "moc_OperationBoard.cpp"
