// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/lookup/CaseField.h"

#include <QWidget>

class QLineEdit;

namespace shardlens::ui::theme {
class ShapeMark;
class Text;
} // namespace shardlens::ui::theme

namespace shardlens::ui::pages {

class LookupBoard;

/// The first row of the look-up: its title, the one field that takes anything, whether this is recorded, and the case. A paste asks at
/// once, with all that was pasted, lines and all; else Enter asks. GUI thread.
class LookupBar : public QWidget
{
    Q_OBJECT

public:
    explicit LookupBar(const QString &title, const QString &placeholder, QWidget *parent = nullptr);

    [[nodiscard]] QLineEdit *field() const { return m_field; }
    [[nodiscard]] CaseField *caseField() const { return m_case; }
    void shareCase(LookupBoard *board); ///< with all pages that ask there; null: with none
    [[nodiscard]] QString caseNumber() const;
    /// Whether such looks are recorded; false: there is no directory, or it did not take the record of this one, and it is said.
    void setRecorded(bool recorded);
    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    void asked(const QString &text);
    void caseChanged();

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void arrange();

    theme::Text *m_title;
    QLineEdit *m_field;
    theme::ShapeMark *m_lock;
    theme::Text *m_recorded;
    CaseField *m_case;
};

} // namespace shardlens::ui::pages
