// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"
#include "ui/models/ProblemModel.h"
#include "ui/pages/overview/ProblemAction.h"
#include "ui/theme/widgets/Panel.h"

#include <QElapsedTimer>

namespace shardlens::ui::theme {
class FlatButton;
class Text;
} // namespace shardlens::ui::theme

namespace shardlens::ui::pages {

class ProblemListView;

/// What is wrong, worst first, then what ended. One line while nothing is wrong. GUI thread.
class ProblemsPanel : public theme::Panel
{
    Q_OBJECT

public:
    explicit ProblemsPanel(QWidget *parent = nullptr);

    void showSnapshot(const facts::SnapshotPtr &taken); ///< never null

    /// One line: nothing runs, and what ended is not asked for.
    [[nodiscard]] bool isOneLine() const;
    [[nodiscard]] int oneLineHeight() const;
    [[nodiscard]] int wantedHeight() const; ///< that shows every row

    /// Whether the title offers the event list, which has no place of its own in two columns.
    void setOffersEvents(bool offers, bool shown);

    [[nodiscard]] models::ProblemModel *model() const { return m_model; }
    [[nodiscard]] ProblemListView *list() const { return m_list; }

    void setShowsEnded(bool shows);
    [[nodiscard]] bool showsEnded() const { return m_showsEnded; }
    /// Opens the worst problem by itself while the person has not opened or closed one.
    void openWorstOnce();
    /// Closes what opened itself; what a person opened stays.
    void closeWhatOpenedItself();

    /// The running problem that the title speaks of: the opened one, else the current one, else the worst; nullptr if none runs.
    [[nodiscard]] const models::ProblemRow *subject() const;
    [[nodiscard]] theme::Text *onIt() const { return m_onIt; }
    /// Is about the problem that it named when it was painted; deaf for half a second once it is about another.
    [[nodiscard]] theme::FlatButton *claimButton() const { return m_claim; }
    void setDeafFor(int milliseconds) { m_deafMs = milliseconds; }

Q_SIGNALS:
    void asked(const shardlens::ui::models::ProblemRow &row, shardlens::ui::pages::ProblemAction action);
    void heightChanged();
    void eventsAsked(); ///< the event list is to come, or to go
    void pressed(const shardlens::ui::models::ProblemRow &row);

private:
    void updateTitle(const facts::Snapshot &snapshot);
    void updateOnIt();
    void bindClaim(const std::string &id, bool isToLeave);
    void claim();
    void tellOpened();
    void updateBefore(const facts::Snapshot &snapshot);
    void openItself(const std::string &id);
    void followWorst();
    void keepWorstInSight();

    facts::SnapshotPtr m_snapshot; ///< null before the first
    models::ProblemModel *m_model;
    ProblemListView *m_list;
    theme::Text *m_note;
    theme::Text *m_before; ///< what changed before the worst problem began
    theme::Text *m_onIt;   ///< who is on it
    theme::FlatButton *m_claim;
    theme::FlatButton *m_new;
    theme::FlatButton *m_showEnded;
    theme::FlatButton *m_events;
    bool m_showsEnded = false;
    bool m_touched = false;
    std::string m_openedItself; ///< the problem that nobody opened, while it stands open
    std::string m_worstShown; ///< on top when nobody held the list
    bool m_chosenInList = false; ///< its current row, by a person
    std::string m_claimOf;       ///< the problem that the button is about
    bool m_isToLeave = false;    ///< it leaves it, else it takes it
    QElapsedTimer m_sinceOther;  ///< since it is about another, or means something else
    int m_deafMs = 500;
};

} // namespace shardlens::ui::pages
