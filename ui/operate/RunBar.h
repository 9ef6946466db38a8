// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/operate/Bar.h"
#include "ui/operate/OperationRows.h"

#include <vector>

namespace shardlens::ui::theme {
class FlatButton;
class Paragraph;
class ShapeMark;
class Text;
} // namespace shardlens::ui::theme

namespace shardlens::ui::operate {

/// The bar under an operation: what is being done and what can still be done about it; once it ended, what came of it. "Cancel and
/// undo" stands where no confirming button stood. GUI thread.
class RunBar : public Bar
{
    Q_OBJECT

public:
    explicit RunBar(QWidget *parent = nullptr);

    /// `mayAct`: this console's person may decide about it.
    void showOperation(const OperationSeen &seen, bool mayAct);
    /// Among other things: the operation is named in the first line, and a button opens it.
    void setShowsOpen(bool shows);
    [[nodiscard]] int heightFor(int width) const;

    [[nodiscard]] theme::FlatButton *cancelButton() const { return m_cancel; }
    [[nodiscard]] theme::FlatButton *resumeButton() const { return m_resume; }
    [[nodiscard]] theme::FlatButton *undoButton() const { return m_undo; }
    [[nodiscard]] theme::FlatButton *abandonButton() const { return m_abandon; }
    [[nodiscard]] QString text() const;

Q_SIGNALS:
    void openAsked();
    void cancelAsked();
    void resumeAsked();
    void undoAsked();
    void abandonAsked();

private:
    void arrange() override;
    [[nodiscard]] std::vector<theme::FlatButton *> shown() const;
    [[nodiscard]] int buttonsWidth() const;
    [[nodiscard]] int untilWidth() const;
    [[nodiscard]] bool isStacked(int width) const;
    [[nodiscard]] int wordsWidth(int width) const;
    [[nodiscard]] int wordsHeight(int width) const;

    theme::ShapeMark *m_mark;
    theme::Paragraph *m_first;
    theme::Paragraph *m_second;
    theme::Text *m_until;
    theme::Text *m_keys;
    bool m_showsOpen = false;
    theme::FlatButton *m_open;
    theme::FlatButton *m_cancel;
    theme::FlatButton *m_resume;
    theme::FlatButton *m_undo;
    theme::FlatButton *m_abandon;
};

} // namespace shardlens::ui::operate
