// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/StripStack.h"

#include "ui/format/Numbers.h"

#include <QVBoxLayout>

namespace shardlens::ui::shell {

StripStack::StripStack(QWidget *parent) : QWidget(parent), m_column(new QVBoxLayout(this))
{
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(0);
    setAccessibleName(tr("What holds for the whole fleet"));
    hide();
}

void StripStack::set(StripKind kind, const StripText &text)
{
    const auto found = m_strips.find(kind);
    if (text.text.isEmpty()) {
        if (found == m_strips.end())
            return;
        // Later: it may be its own button that takes it away.
        found->second->hide();
        m_column->removeWidget(found->second);
        found->second->deleteLater();
        m_strips.erase(found);
        arrange();
        return;
    }
    if (found != m_strips.end()) {
        found->second->setText(text);
        return;
    }
    auto *strip = new Strip(this);
    strip->setText(text);
    connect(strip, &Strip::pressed, this, [this, kind] { Q_EMIT pressed(kind); });
    connect(strip, &Strip::secondPressed, this, [this, kind] { Q_EMIT secondPressed(kind); });
    connect(strip, &Strip::morePressed, this, [this] {
        m_all = !m_all;
        arrange();
    });
    m_strips[kind] = strip;
    arrange();
}

const StripText *StripStack::text(StripKind kind) const
{
    const auto found = m_strips.find(kind);
    return found == m_strips.end() ? nullptr : &found->second->text();
}

std::vector<StripKind> StripStack::shown() const
{
    std::vector<StripKind> kinds;
    for (const auto &[kind, strip] : m_strips) {
        if (!strip->isHidden())
            kinds.push_back(kind);
    }
    return kinds;
}

void StripStack::arrange()
{
    if (m_strips.size() <= kMost)
        m_all = false;
    const std::size_t hidden = m_strips.size() > kMost ? m_strips.size() - kMost : 0;
    std::size_t at = 0;
    for (const auto &[kind, strip] : m_strips) {
        m_column->removeWidget(strip);
        m_column->addWidget(strip);
        const bool last = at + 1 == (m_all ? m_strips.size() : kMost);
        if (hidden == 0 || !last)
            strip->setMore({});
        else
            strip->setMore(m_all ? tr("Show fewer") : tr("and %1 more").arg(format::count(std::int64_t(hidden))));
        strip->setVisible(m_all || at < kMost);
        ++at;
    }
    setVisible(!m_strips.empty());
    Q_EMIT changed();
}

} // namespace shardlens::ui::shell

#include "moc_StripStack.cpp"
