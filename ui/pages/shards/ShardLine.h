// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/ShardFrame.h"

#include <QWidget>

#include <optional>

namespace shardlens::ui::theme {
class ShapeMark;
class Text;
} // namespace shardlens::ui::theme

namespace shardlens::ui::pages {

/// The line below the grid: all that is known of the one cell under the pointer, else of the selected one. Each field keeps the
/// width of the widest text it can have, so that nothing jumps as the pointer moves.
class ShardLine : public QWidget
{
    Q_OBJECT

public:
    explicit ShardLine(QWidget *parent = nullptr);

    void setFleet(const fleet::Fleet &fleet);
    void show(const models::ShardFrame &frame, const std::optional<facts::ShardKey> &key);
    [[nodiscard]] QString text() const; ///< all fields, two spaces between them

    using QWidget::show;

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void fitFields();
    void showNone();
    void showLag(const models::ShardFrame &frame, const models::ShardEntry &entry);
    void setField(theme::Text *field, const facts::Known<QString> &value, const QString &what, bool isStale);

    theme::Text *m_name;
    theme::Text *m_cluster;
    theme::Text *m_primaryWord;
    theme::Text *m_primary;
    theme::Text *m_size;
    theme::Text *m_rows;
    theme::Text *m_writes;
    theme::Text *m_catalogAge;
    theme::ShapeMark *m_mark;
    theme::Text *m_lag;
    theme::Text *m_worst;
    theme::Text *m_age;
};

} // namespace shardlens::ui::pages
