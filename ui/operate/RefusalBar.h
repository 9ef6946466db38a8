// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/operate/Bar.h"

namespace shardlens::ui::theme {
class Paragraph;
}

namespace shardlens::ui::operate {

/// Stands where a plan would be confirmed, for who may not: why, who could, and how.
class RefusalBar : public Bar
{
    Q_OBJECT

public:
    explicit RefusalBar(QWidget *parent = nullptr);

    void setText(const QString &text);
    [[nodiscard]] QString text() const;
    [[nodiscard]] int heightFor(int width) const;

private:
    void arrange() override;

    theme::Paragraph *m_text;
};

} // namespace shardlens::ui::operate
