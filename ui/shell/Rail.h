// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Problem.h"

#include <QWidget>

#include <map>
#include <optional>
#include <vector>

class QVBoxLayout;

namespace shardlens::ui::theme {
class Text;
}

namespace shardlens::ui::shell {

class RailButton;

/// How many problems live on a page, and the worst of them.
struct Badge {
    int count = 0;
    facts::Severity worst = facts::Severity::Unknown;
    bool operator==(const Badge &) const = default;
};

/// The pages at the left: icon, name, a badge where a problem lives; at the foot from where one looks and what one may do.
/// 168 px wide, 200 in wide windows, 48 with icons alone in narrow ones. Up and Down move, Enter opens.
class Rail : public QWidget
{
    Q_OBJECT

public:
    enum class Width : std::uint8_t { Icons, Names, Roomy };

    explicit Rail(QWidget *parent = nullptr);

    void addPage(const QString &id, const QString &title, const QString &icon);
    void setCurrent(const QString &id);
    void setBadges(const std::map<QString, Badge> &badges);
    void setFoot(const QString &seenFrom, const QString &acting);
    void setWidth(Width width);
    [[nodiscard]] Width railWidth() const { return m_width; }

Q_SIGNALS:
    void pageChosen(const QString &id);

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void applyWidth();

    std::vector<RailButton *> m_buttons;
    QVBoxLayout *m_column;
    theme::Text *m_seenFrom;
    theme::Text *m_acting;
    Width m_width = Width::Names;
};

} // namespace shardlens::ui::shell
