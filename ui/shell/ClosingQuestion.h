// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/operate/OperationBoard.h"

#include <QDialog>

namespace shardlens::ui::theme {
class FlatButton;
class Paragraph;
} // namespace shardlens::ui::theme

namespace shardlens::ui::shell {

/// Asked when a window is closed while an operation runs: keep it open, cancel and undo and then close, or close now. The operation is
/// no part of the window: closed or not, it goes on. GUI thread.
class ClosingQuestion : public QDialog
{
    Q_OBJECT

public:
    ClosingQuestion(operate::OperationBoard &board, std::string operation, QWidget *parent);

    /// The operation that closing has to be asked about; null if none runs.
    [[nodiscard]] static const operate::OperationSeen *running(const operate::OperationBoard *board);

Q_SIGNALS:
    void decidedToClose();

private:
    void show(const operate::OperationSeen &seen);
    void look();
    void cancelFirst();

    operate::OperationBoard &m_board;
    std::string m_operation;
    bool m_waits = false; ///< for the end of what was cancelled
    theme::Paragraph *m_now;
    theme::Paragraph *m_after;
    theme::FlatButton *m_keep;
    theme::FlatButton *m_cancel;
    theme::FlatButton *m_close;
};

} // namespace shardlens::ui::shell
