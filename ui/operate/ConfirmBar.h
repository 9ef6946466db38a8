// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/operate/Arming.h"
#include "ui/operate/Bar.h"

#include <QElapsedTimer>

#include <optional>
#include <vector>

class QLineEdit;

namespace shardlens::ui::theme {
class FlatButton;
class Paragraph;
class Text;
class TickBox;
} // namespace shardlens::ui::theme

namespace shardlens::ui::operate {

/// The bar under a plan: what a person confirms in one sentence, the name and the reason that arm the button, a tick with a reason for
/// each check that is forced, and for the word that a person gives in case a command fails. Enter in a field does nothing; the button, or Ctrl+Enter, acts once it is armed, and only once. A button
/// that has just become another is deaf for half a second. GUI thread.
class ConfirmBar : public Bar
{
    Q_OBJECT

public:
    explicit ConfirmBar(QWidget *parent = nullptr);

    /// A null plan: nothing can be confirmed.
    void showPlan(const Plan *plan, bool isLocal);
    /// Something else than one plan: its words, in place of a plan's. Nothing: nothing can be confirmed.
    void showWords(const std::optional<ConfirmWords> &words, bool isLocal);
    /// Beside the button another that goes back; empty: none.
    void setBack(const QString &words);
    void setHindrance(const QString &hindrance); ///< why nothing can be started now, a few words; empty for nothing
    void tell(const QString &trouble);           ///< "Not started: …", in place of the sentence, until the person enters something
    void clear();                                ///< another plan: what was entered was for the one before

    [[nodiscard]] int heightFor(int width) const;
    [[nodiscard]] Arming arming() const;
    [[nodiscard]] QLineEdit *name() const { return m_name; }
    [[nodiscard]] QLineEdit *reason() const { return m_reason; }
    [[nodiscard]] theme::FlatButton *button() const { return m_button; }
    [[nodiscard]] theme::FlatButton *backButton() const { return m_back; }
    [[nodiscard]] QString sentence() const;
    void setForced(CheckId id, bool ticked, const QString &reason);
    void setDeafFor(int milliseconds) { m_deafMs = milliseconds; }

Q_SIGNALS:
    void confirmed(const shardlens::ui::operate::ActRequest &request);
    void wordsConfirmed(const QString &reason); ///< of showWords()
    void heightChanged();
    void backAsked(); ///< also by Esc

private:
    struct Wanted {
        CheckId id;
        QString words;
        QString why; ///< asked for in the empty field
    };
    struct Force {
        CheckId id;
        theme::TickBox *tick;
        QLineEdit *reason;
    };
    [[nodiscard]] std::vector<Wanted> wantedForces() const;
    void makeForces();
    void review();
    void showFields(bool isLocal);
    void showSentence();
    void arrange() override;
    void confirm();
    [[nodiscard]] ArmingInput input() const;
    [[nodiscard]] bool isStacked(int width) const;
    [[nodiscard]] int nameWidth() const;
    [[nodiscard]] int backWidth() const;
    [[nodiscard]] int controlsWidth() const;

    std::optional<Plan> m_plan;
    std::optional<ConfirmWords> m_words;
    bool m_isLocal = false;
    QString m_hindrance;
    QString m_trouble;
    bool m_wasArmed = false;
    QElapsedTimer m_sinceArmed;
    int m_deafMs = 500;
    std::vector<Force> m_forces;
    theme::Paragraph *m_sentence;
    theme::Text *m_nameLabel;
    theme::Text *m_reasonLabel;
    theme::Text *m_missing;
    QLineEdit *m_name;
    QLineEdit *m_reason;
    theme::FlatButton *m_button;
    theme::FlatButton *m_back;
};

} // namespace shardlens::ui::operate
