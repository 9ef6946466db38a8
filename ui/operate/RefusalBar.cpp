// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operate/RefusalBar.h"

#include "ui/theme/Type.h"
#include "ui/theme/widgets/Paragraph.h"

#include <algorithm>

namespace shardlens::ui::operate {

RefusalBar::RefusalBar(QWidget *parent) : Bar(parent), m_text(new theme::Paragraph(this, theme::ColourRole::Text, theme::ColourRole::Muted))
{
    setAccessibleName(tr("Why this plan cannot be started here"));
}

void RefusalBar::setText(const QString &text)
{
    m_text->setText({}, text);
}

QString RefusalBar::text() const
{
    return m_text->text();
}

int RefusalBar::heightFor(int width) const
{
    return std::max(theme::scaled(44), m_text->heightForWidth(width - 2 * theme::space::kM) + 2 * theme::space::kS);
}

void RefusalBar::arrange()
{
    const int wide = width() - 2 * theme::space::kM;
    const int high = m_text->heightForWidth(wide);
    m_text->setGeometry(theme::space::kM, (height() - high) / 2 + 1, wide, high);
}

} // namespace shardlens::ui::operate

#include "moc_RefusalBar.cpp"
