// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/Actions.h"
#include "ui/shell/ConsoleLoad.h"
#include "ui/shell/Finder.h"
#include "ui/shell/NavigationHistory.h"
#include "ui/shell/PageSpec.h"
#include "ui/shell/Session.h"
#include "ui/shell/StripStack.h"
#include "ui/shell/ViewLink.h"

#include <QMainWindow>
#include <QPointer>
#include <QTimer>

#include <map>

class QAction;
class QMenu;
class QStackedWidget;

namespace shardlens::ui::shell {

class AllDownPanel;
class ClosingQuestion;
class Header;
class Inspector;
class KeysDialog;
class Notifier;
class PageArea;
class Rail;
class SettingsDialog;
class StatusLine;

/// What a window is made of; everything outlives it.
struct WindowParts {
    pages::PageContext context;
    std::vector<PageSpec> pages;
    theme::Theme *theme = nullptr;
    Session *session = nullptr;
};

/// One window of one fleet: the band in the environment's colour, header, rail, strips, page, inspector, status. GUI thread; it
/// paints what the newest snapshot holds and waits for nothing.
class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    explicit MainWindow(WindowParts parts, QWidget *parent = nullptr);
    ~MainWindow() override;

    void showSnapshot(const facts::SnapshotPtr &snapshot);
    /// False if there is no such page.
    bool goTo(const QString &pageId);
    void open(const QString &pageId, const pages::Subject &subject);
    void lookUp(const QString &pageId, const QString &text); ///< on a page that looks such things up
    void openKeyDelete(const std::string &key, const base::RegionName &region); ///< its plan, on the page of caches
    void openPlan(const operate::Intent &intent);     ///< what the act would do, on the page of operations
    void openOperation(const std::string &id);
    void openCampaignPlan(const campaign::Goal &goal); ///< a region evacuated or returned to, a host taken down or up
    void openCampaign(const std::string &id);
    void restoreSession(); ///< geometry, page and the pages' views
    void saveSession();    ///< what differs from what was saved last; called each second, and when the window closes

    /// The fleet file was read again: page, views and inspector stay where the new fleet still has what they show.
    void setFleet(const std::shared_ptr<const fleet::Fleet> &fleet);
    void setPreferences(const Preferences &preferences); ///< chosen in another window
    [[nodiscard]] const Preferences &preferences() const { return m_preferences; }

    [[nodiscard]] QString viewLink() const;
    [[nodiscard]] QString fleetName() const; ///< as the fleet file has it

    /// Shows what a link names. A bad link is told in a strip; one of another fleet too, and by foreignLinkOpened().
    void openLink(const QString &text);
    void setStrip(StripKind kind, const StripText &text); ///< an empty text takes it away
    [[nodiscard]] StripStack *strips() const { return m_strips; }

    void inspect(const pages::Subject &subject); ///< opens the inspector on it
    [[nodiscard]] Inspector *inspector() const { return m_inspector; }
    [[nodiscard]] bool isInspecting() const;
    void showProblem(const std::string &problemId);

    [[nodiscard]] pages::Page *currentPage() const;
    [[nodiscard]] QString currentPageId() const { return m_current; }
    [[nodiscard]] const facts::SnapshotPtr &snapshot() const { return m_newest; }
    [[nodiscard]] bool isHolding() const { return m_held != nullptr; }
    void trigger(ActionId id);
    [[nodiscard]] QAction *action(ActionId id) const;

Q_SIGNALS:
    void readAgainRequested(); ///< F5
    void preferencesChosen(const shardlens::ui::shell::Preferences &preferences);
    void stripPressed(shardlens::ui::shell::StripKind kind);       ///< of strips that the window does not answer itself
    void stripSecondPressed(shardlens::ui::shell::StripKind kind);
    void openFleetRequested();
    void closed();
    void foreignLinkOpened(const shardlens::ui::shell::ViewLink &link);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void closeEvent(QCloseEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void buildParts();
    void buildActions();
    void buildMenu();
    void dressForFleet();
    void applyMetrics();
    void onSecond();
    void showTitle();
    void showBadges();
    void showStrips();
    void showOperations();
    void showCampaigns();
    void showAllDown();
    void askBeforeClosing(const operate::OperationSeen &running);
    void showEverywhere(const facts::SnapshotPtr &snapshot);
    void noticeNewCritical(const facts::Snapshot &before, const facts::Snapshot &now);
    void choose(const Finding &finding);
    void stepThroughProblems(int by);
    void focusNextPane();
    void exportCsv();
    void exportPicture();
    void toggleHold();
    void toggleInspector();
    void closeInspector();
    void followSelection();
    void pressStrip(StripKind kind);
    void choosePreferences(const Preferences &preferences);
    void showSettings();
    void showKeys();
    void showEntry(const NavigationHistory::Entry &entry);
    void applyLink(const ViewLink &link);
    [[nodiscard]] NavigationHistory::Entry here() const;
    pages::Page *pageFor(const QString &id);
    void showPage(const QString &id);

    WindowParts m_parts;
    Preferences m_preferences;
    Finder m_finder;
    Header *m_header = nullptr;
    Rail *m_rail = nullptr;
    PageArea *m_area = nullptr;
    QStackedWidget *m_stack = nullptr;
    StripStack *m_strips = nullptr;
    Inspector *m_inspector = nullptr;
    AllDownPanel *m_allDown = nullptr;
    StatusLine *m_status = nullptr;
    Notifier *m_notifier = nullptr;
    QMenu *m_menu = nullptr;
    QPointer<KeysDialog> m_keys;
    QPointer<SettingsDialog> m_settings;
    QPointer<ClosingQuestion> m_closing;
    bool m_closesAnyway = false; ///< the person was asked
    QPointer<QWidget> m_focusBefore; ///< where the keyboard was before the inspector opened
    std::map<ActionId, QAction *> m_actions;
    std::map<QString, pages::Page *> m_pages;
    QString m_current;
    NavigationHistory m_navigation;
    facts::SnapshotPtr m_newest;
    facts::SnapshotPtr m_held; ///< what is shown while the picture is held
    std::string m_problem;     ///< the one that F8 showed last
    std::string m_noticed;     ///< the one that the desktop was told of last
    bool m_looksAtLastPicture = false; ///< the person put the panel of a fleet that does not answer aside
    QString m_savedState;
    pages::Subject m_toSelect; ///< of a link that was opened before the first snapshot
    ConsoleLoad m_load;
    QTimer m_second;
};

} // namespace shardlens::ui::shell
