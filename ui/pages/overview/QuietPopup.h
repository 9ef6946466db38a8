// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

#include <string>

class QLineEdit;

namespace shardlens::ui::theme {
class FlatButton;
}

namespace shardlens::ui::pages {

/// Asks why a problem is to be quiet for half an hour: a field and one button, beside the row. It goes away when the person clicks
/// elsewhere or presses Escape. Deletes itself. GUI thread.
class QuietPopup : public QFrame
{
    Q_OBJECT

public:
    QuietPopup(std::string problem, const QString &what, QWidget *parent);

    [[nodiscard]] QLineEdit *reason() const { return m_reason; }
    [[nodiscard]] theme::FlatButton *button() const { return m_button; }

Q_SIGNALS:
    void chosen(const std::string &problem, const QString &reason);

private:
    void choose();

    std::string m_problem;
    QLineEdit *m_reason;
    theme::FlatButton *m_button;
};

} // namespace shardlens::ui::pages
