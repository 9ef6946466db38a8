// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/widgets/Panel.h"

class QLineEdit;

namespace shardlens::ui::theme {
class FlatButton;
class Paragraph;
class Text;
} // namespace shardlens::ui::theme

namespace shardlens::ui::pages {

/// The way to masked fields: a reason, with the case that the page knows. It is recorded before anything is shown; where that cannot be,
/// the panel says why, and offers nothing. GUI thread.
class UnmaskPanel : public theme::Panel
{
    Q_OBJECT

public:
    explicit UnmaskPanel(QWidget *parent = nullptr);

    void setHindrance(const QString &why); ///< why nothing can be shown; empty: a reason and a case are enough
    void setCase(const QString &caseNumber);
    void tell(const QString &trouble); ///< what was asked for last was refused; empty takes it back
    void clearReason();
    [[nodiscard]] QLineEdit *reason() const { return m_reason; }
    [[nodiscard]] theme::FlatButton *button() const { return m_button; }
    [[nodiscard]] QString said() const;

    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;

Q_SIGNALS:
    void unmaskAsked(const QString &reason);

private:
    void review();
    void ask();

    QString m_hindrance;
    QString m_trouble;
    QString m_case;
    theme::Paragraph *m_words;
    QLineEdit *m_reason;
    theme::FlatButton *m_button;
    theme::Text *m_note;
};

} // namespace shardlens::ui::pages
