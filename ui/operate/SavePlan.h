// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QLineEdit;

namespace shardlens::ui::theme {
class FlatButton;
}

namespace shardlens::ui::operate {

/// A small sheet under a button: the name under which a plan is put aside. Enter or its button takes the name, Esc folds it. GUI thread.
class SavePlan : public QFrame
{
    Q_OBJECT

public:
    explicit SavePlan(QWidget *parent);

    void openUnder(QWidget *button, const QString &name);
    [[nodiscard]] QLineEdit *name() const { return m_name; }
    [[nodiscard]] theme::FlatButton *button() const { return m_button; }

Q_SIGNALS:
    void named(const QString &name);

private:
    void take();

    QLineEdit *m_name;
    theme::FlatButton *m_button;
};

} // namespace shardlens::ui::operate
