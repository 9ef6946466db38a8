// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineEdit>

namespace shardlens::ui::pages {

class LookupBoard;

/// The case that looks are recorded with. There is one in a window: every field that shares a board shows the same. GUI thread.
class CaseField : public QLineEdit
{
    Q_OBJECT

public:
    explicit CaseField(QWidget *parent = nullptr);

    void share(LookupBoard *board); ///< once; null: this field alone has it. The board outlives the field
    [[nodiscard]] QString caseNumber() const;
    void setCaseNumber(const QString &number); ///< as if it had been typed to its end

Q_SIGNALS:
    void caseChanged(); ///< it was typed to its end, here or in another field

private:
    void endCase();

    LookupBoard *m_board = nullptr;
};

} // namespace shardlens::ui::pages
