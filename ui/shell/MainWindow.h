// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/Actions.h"
#include "ui/shell/ConsoleLoad.h"
#include "ui/shell/Finder.h"
#include "ui/shell/NavigationHistory.h"
#include "ui/shell/PageSpec.h"
#include "ui/shell/Session.h"

#include <QMainWindow>
#include <QPointer>
#include <QTimer>

#include <map>

class QAction;
class QMenu;
class QStackedWidget;
class QVBoxLayout;

namespace shardlens::ui::shell {

class Header;
class KeysDialog;
class Rail;
class StatusLine;
class Strip;

/// What a window is made of; everything outlives it.
struct WindowParts {
    pages::PageContext context;
    std::vector<PageSpec> pages;
    theme::Theme *theme = nullptr;
    Session *session = nullptr;
    base::RegionName seenFrom;
};

/// One window of one fleet: the band in the environment's colour, header, rail, page, status. GUI thread; it paints what the newest
/// snapshot holds and waits for nothing.
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
    void restoreSession(); ///< geometry, page and the pages' views
    void saveSession();

    [[nodiscard]] pages::Page *currentPage() const;
    [[nodiscard]] QString currentPageId() const { return m_current; }
    [[nodiscard]] const facts::SnapshotPtr &snapshot() const { return m_newest; }
    [[nodiscard]] bool isHolding() const { return m_held != nullptr; }
    void trigger(ActionId id);
    [[nodiscard]] QAction *action(ActionId id) const;

Q_SIGNALS:
    void readAgainRequested(); ///< F5
    void themeChosen(shardlens::ui::theme::Theme::Mode mode);

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
    void applyMetrics();
    void onSecond();
    void showTitle();
    void showBadges();
    void noticeNewCritical(const facts::Snapshot &before, const facts::Snapshot &now);
    void choose(const Finding &finding);
    void stepThroughProblems(int by);
    void focusNextPane();
    void exportCsv();
    void exportPicture();
    void toggleHold();
    void changeTextSize(int by);
    void showEntry(const NavigationHistory::Entry &entry);
    [[nodiscard]] NavigationHistory::Entry here() const;
    pages::Page *pageFor(const QString &id);
    void showPage(const QString &id);

    WindowParts m_parts;
    Finder m_finder;
    Header *m_header = nullptr;
    Rail *m_rail = nullptr;
    QStackedWidget *m_stack = nullptr;
    Strip *m_strip = nullptr;
    StatusLine *m_status = nullptr;
    QMenu *m_menu = nullptr;
    QPointer<KeysDialog> m_keys;
    std::map<ActionId, QAction *> m_actions;
    std::map<QString, pages::Page *> m_pages;
    QString m_current;
    NavigationHistory m_navigation;
    facts::SnapshotPtr m_newest;
    facts::SnapshotPtr m_held; ///< what is shown while the picture is held
    int m_problemAt = -1;
    ConsoleLoad m_load;
    QTimer m_second;
};

} // namespace shardlens::ui::shell
