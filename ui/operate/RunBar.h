// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/operate/OperationRows.h"
#include "ui/operate/StateBar.h"

namespace shardlens::ui::operate {

/// The bar under an operation: what is being done and what can still be done about it; once it ended, what came of it. "Cancel and
/// undo" stands where no confirming button stood. GUI thread.
class RunBar : public StateBar
{
    Q_OBJECT

public:
    explicit RunBar(QWidget *parent = nullptr);

    /// `mayAct`: this console's person may decide about it.
    void showOperation(const OperationSeen &seen, bool mayAct);
    /// Among other things: the operation is named in the first line, and a button opens it.
    void setShowsOpen(bool shows);

    [[nodiscard]] theme::FlatButton *cancelButton() const { return m_cancel; }
    [[nodiscard]] theme::FlatButton *resumeButton() const { return m_resume; }
    [[nodiscard]] theme::FlatButton *undoButton() const { return m_undo; }
    [[nodiscard]] theme::FlatButton *abandonButton() const { return m_abandon; }

Q_SIGNALS:
    void openAsked();
    void cancelAsked();
    void resumeAsked();
    void undoAsked();
    void abandonAsked();

private:
    bool m_showsOpen = false;
    theme::FlatButton *m_open;
    theme::FlatButton *m_cancel;
    theme::FlatButton *m_resume;
    theme::FlatButton *m_undo;
    theme::FlatButton *m_abandon;
};

} // namespace shardlens::ui::operate
