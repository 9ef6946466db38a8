// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/Rail.h"

#include <QAbstractButton>

namespace shardlens::ui::shell {

/// One page of the rail.
class RailButton : public QAbstractButton
{
    Q_OBJECT

public:
    RailButton(const QString &id, const QString &title, const QString &icon, QWidget *parent);

    [[nodiscard]] const QString &id() const { return m_id; }
    void setCurrent(bool current);
    void setBadge(const Badge &badge);
    void setIconsOnly(bool iconsOnly);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    void paintBadge(QPainter &painter) const;
    void describe();

    QString m_id;
    Badge m_badge;
    bool m_current = false;
    bool m_iconsOnly = false;
};

} // namespace shardlens::ui::shell
