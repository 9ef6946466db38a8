// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace shardlens::ui::theme {
class FlatButton;
class Text;
} // namespace shardlens::ui::theme

namespace shardlens::ui::shell {

/// A 32 px strip over the page for what holds for the whole fleet: "Held at 03:14:07Z, 23 s", with the button that ends it.
class Strip : public QWidget
{
    Q_OBJECT

public:
    explicit Strip(const QString &button, QWidget *parent = nullptr);
    void setText(const QString &text);

Q_SIGNALS:
    void pressed();

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    theme::Text *m_text;
};

} // namespace shardlens::ui::shell
