// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/MainWindow.h"

#include "ui/charts/TimeChart.h"
#include "ui/format/ProblemText.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/shell/AllDownPanel.h"
#include "ui/shell/FindBox.h"
#include "ui/shell/Header.h"
#include "ui/shell/Rail.h"
#include "ui/shell/StatusLine.h"
#include "ui/shell/inspector/Inspector.h"
#include "ui/theme/Icons.h"
#include "ui/theme/widgets/FlatButton.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QMenu>
#include <QSaveFile>
#include <QStackedWidget>

#include <algorithm>

namespace shardlens::ui::shell {

namespace {

/// Where a problem's place is shown best.
pages::Subject subjectOf(const facts::Place &place)
{
    if (!place.cluster.isEmpty())
        return place.cluster;
    if (!place.group.isEmpty())
        return place.group;
    if (!place.pool.isEmpty())
        return place.pool;
    if (!place.server.isEmpty())
        return place.server;
    if (!place.region.isEmpty())
        return place.region;
    return std::monostate();
}

} // namespace

void MainWindow::buildActions()
{
    for (const ActionSpec &spec : actionTable()) {
        auto *action = new QAction(spec.text, this);
        action->setShortcuts(spec.keys);
        action->setShortcutContext(Qt::WindowShortcut);
        if (!spec.icon.isEmpty())
            action->setIcon(theme::icon(spec.icon));
        connect(action, &QAction::triggered, this, [this, id = spec.id] { trigger(id); });
        addAction(action);
        m_actions[spec.id] = action;
    }
    for (std::size_t i = 0; i < m_parts.pages.size(); ++i) {
        auto *action = new QAction(tr("Open %1").arg(m_parts.pages[i].title), this);
        action->setShortcut(pageKey(int(i)));
        connect(action, &QAction::triggered, this, [this, id = m_parts.pages[i].id] { goTo(id); });
        addAction(action);
    }
    connect(m_header->menuButton(), &QAbstractButton::clicked, this, [this] { trigger(ActionId::Menu); });
    m_actions[ActionId::Back]->setEnabled(false);
    m_actions[ActionId::Forward]->setEnabled(false);
    m_actions[ActionId::Hold]->setCheckable(true);
    m_actions[ActionId::Inspect]->setCheckable(true);
}

QAction *MainWindow::action(ActionId id) const
{
    const auto found = m_actions.find(id);
    return found == m_actions.end() ? nullptr : found->second;
}

void MainWindow::buildMenu()
{
    using Id = ActionId;
    m_menu = new QMenu(this);
    const std::vector<std::vector<Id>> groups{
        {Id::Find, Id::Back, Id::Forward, Id::NextPane, Id::NextProblem, Id::PreviousProblem},
        {Id::Inspect, Id::Filter, Id::TableTwin, Id::CopyLink, Id::ExportCsv, Id::ExportPicture},
        {Id::ReadAgain, Id::Hold},
        {Id::TextBigger, Id::TextSmaller, Id::TextNormal, Id::ThemeSystem, Id::ThemeLight, Id::ThemeDark, Id::FullScreen},
        {Id::Settings, Id::OpenFleet, Id::Keys, Id::Quit},
    };
    QMenu *pages = m_menu->addMenu(tr("Pages"));
    for (QAction *action : actions()) {
        const bool isPage = std::none_of(m_actions.begin(), m_actions.end(), [action](const auto &entry) { return entry.second == action; });
        if (isPage)
            pages->addAction(action);
    }
    for (const auto &group : groups) {
        m_menu->addSeparator();
        for (const Id id : group)
            m_menu->addAction(m_actions[id]);
    }
}

void MainWindow::trigger(ActionId id)
{
    pages::Page *page = currentPage();
    switch (id) {
    case ActionId::Find: m_header->findBox()->open(); break;
    case ActionId::Back:
        if (const auto entry = m_navigation.back(here()))
            showEntry(*entry);
        break;
    case ActionId::Forward:
        if (const auto entry = m_navigation.forward(here()))
            showEntry(*entry);
        break;
    case ActionId::NextPane: focusNextPane(); break;
    case ActionId::NextProblem: stepThroughProblems(1); break;
    case ActionId::PreviousProblem: stepThroughProblems(-1); break;
    case ActionId::Filter:
        if (page)
            page->focusFind();
        break;
    case ActionId::TableTwin:
        if (page)
            page->toggleTable();
        break;
    case ActionId::ExportCsv: exportCsv(); break;
    case ActionId::ExportPicture: exportPicture(); break;
    case ActionId::ReadAgain: Q_EMIT readAgainRequested(); break;
    case ActionId::Hold: toggleHold(); break;
    case ActionId::Inspect: toggleInspector(); break;
    case ActionId::CopyLink:
        QApplication::clipboard()->setText(viewLink());
        m_status->showNotice(tr("Copied a link to this view: %1").arg(viewLink()));
        break;
    case ActionId::TextBigger:
    case ActionId::TextSmaller:
    case ActionId::TextNormal: {
        Preferences next = m_preferences;
        const int by = id == ActionId::TextBigger ? 10 : -10;
        next.textSize = id == ActionId::TextNormal ? 100 : std::clamp(next.textSize + by, 90, 150);
        choosePreferences(next);
        break;
    }
    case ActionId::ThemeSystem:
    case ActionId::ThemeLight:
    case ActionId::ThemeDark: {
        using Mode = theme::Theme::Mode;
        Preferences next = m_preferences;
        next.theme = id == ActionId::ThemeSystem ? Mode::System : (id == ActionId::ThemeLight ? Mode::Light : Mode::Dark);
        choosePreferences(next);
        break;
    }
    case ActionId::Settings: showSettings(); break;
    case ActionId::OpenFleet: Q_EMIT openFleetRequested(); break;
    case ActionId::FullScreen: isFullScreen() ? showNormal() : showFullScreen(); break;
    case ActionId::Menu: m_menu->popup(m_header->menuButton()->mapToGlobal(QPoint(0, m_header->menuButton()->height() + 4))); break;
    case ActionId::Keys: showKeys(); break;
    case ActionId::Quit: close(); break;
    }
}

NavigationHistory::Entry MainWindow::here() const
{
    const pages::Page *page = currentPage();
    return {m_current, page ? page->viewState() : QVariantMap()};
}

bool MainWindow::goTo(const QString &pageId)
{
    if (pageId == m_current)
        return !pageId.isEmpty(); // before the first page there is none
    if (!pageFor(pageId))
        return false;
    if (!m_current.isEmpty())
        m_navigation.leave(here());
    showPage(pageId);
    m_actions[ActionId::Back]->setEnabled(m_navigation.canGoBack());
    m_actions[ActionId::Forward]->setEnabled(m_navigation.canGoForward());
    return true;
}

void MainWindow::showEntry(const NavigationHistory::Entry &entry)
{
    showPage(entry.page);
    if (pages::Page *page = currentPage())
        page->restoreViewState(entry.state);
    m_actions[ActionId::Back]->setEnabled(m_navigation.canGoBack());
    m_actions[ActionId::Forward]->setEnabled(m_navigation.canGoForward());
}

void MainWindow::open(const QString &pageId, const pages::Subject &subject)
{
    // A page this console does not have yet: its things stand on the overview too.
    if (!goTo(pageId) && !goTo(QStringLiteral("overview"))) {
        m_status->showNotice(tr("No page here shows that"));
        return;
    }
    if (!std::holds_alternative<std::monostate>(subject) && !currentPage()->select(subject))
        m_status->showNotice(tr("This page does not show that"));
}

void MainWindow::lookUp(const QString &pageId, const QString &text)
{
    if (!goTo(pageId) || !currentPage()->lookUp(text))
        m_status->showNotice(tr("No page here looks that up"));
}

void MainWindow::openKeyDelete(const std::string &key, const base::RegionName &region)
{
    if (!goTo(QStringLiteral("cache")) || !currentPage()->showKeyDelete(key, region))
        m_status->showNotice(tr("No page here shows that plan"));
}

void MainWindow::openPlan(const operate::Intent &intent)
{
    if (!goTo(QStringLiteral("operations")) || !currentPage()->showPlan(intent))
        m_status->showNotice(tr("No page here shows that plan"));
}

void MainWindow::openOperation(const std::string &id)
{
    if (!goTo(QStringLiteral("operations")) || !currentPage()->showOperation(id))
        m_status->showNotice(tr("No page here shows that operation"));
}

void MainWindow::openCampaignPlan(const campaign::Goal &goal)
{
    if (!goTo(QStringLiteral("operations")) || !currentPage()->showCampaignPlan(goal))
        m_status->showNotice(tr("No page here shows that plan"));
}

void MainWindow::openCampaign(const std::string &id)
{
    if (!goTo(QStringLiteral("operations")) || !currentPage()->showCampaign(id))
        m_status->showNotice(tr("No page here shows that operation"));
}

void MainWindow::choose(const Finding &finding)
{
    if (finding.campaign) {
        openCampaignPlan(*finding.campaign);
        return;
    }
    if (finding.plan) {
        openPlan(*finding.plan);
        return;
    }
    if (finding.action) {
        trigger(*finding.action);
        return;
    }
    if (!finding.lookUp.isEmpty())
        lookUp(finding.page, finding.lookUp);
    else if (!finding.link.isEmpty())
        openLink(finding.link);
    else if (!finding.page.isEmpty())
        open(finding.page, finding.subject);
    else if (!finding.copy.isEmpty())
        QApplication::clipboard()->setText(finding.copy);
    else
        m_status->showNotice(tr("%1: %2").arg(finding.title, finding.detail));
}

void MainWindow::stepThroughProblems(int by)
{
    if (!m_newest || m_newest->problems.empty()) {
        m_status->showNotice(tr("No problem now"));
        return;
    }
    const auto &problems = m_newest->problems;
    const int count = int(problems.size());
    // From where one was, also when the list has changed since.
    const auto last = std::find_if(problems.begin(), problems.end(), [this](const facts::Problem &problem) { return problem.id() == m_problem; });
    const int at = int(last - problems.begin());
    const int next = last == problems.end() ? (by > 0 ? 0 : count - 1) : ((at + by) % count + count) % count;
    const facts::Problem problem = problems[std::size_t(next)];
    showProblem(problem.id());
    m_status->showNotice(tr("Problem %1 of %2: %3").arg(next + 1).arg(count).arg(format::problemText(problem, *m_newest).line1));
}

void MainWindow::showProblem(const std::string &problemId)
{
    m_problem = problemId;
    if (!m_newest)
        return;
    const auto &problems = m_newest->problems;
    const auto found = std::find_if(problems.begin(), problems.end(), [&](const facts::Problem &problem) { return problem.id() == problemId; });
    if (found == problems.end())
        return;
    if (goTo(QStringLiteral("overview")) && currentPage()->showProblem(problemId))
        return;
    open(format::pageOf(*found), subjectOf(found->place));
}

void MainWindow::focusNextPane()
{
    // Header, rail, page (or the panel over it), inspector; inside each, its first thing that takes the keyboard.
    std::vector<QWidget *> panes{m_header, m_rail, m_allDown->isHidden() ? static_cast<QWidget *>(m_stack) : m_allDown};
    if (isInspecting())
        panes.push_back(m_inspector);
    QWidget *focused = QApplication::focusWidget();
    std::size_t at = 1; // with the keyboard nowhere, the page is next
    for (std::size_t i = 0; i < panes.size(); ++i) {
        if (focused && panes[i]->isAncestorOf(focused))
            at = i;
    }
    for (std::size_t step = 1; step <= panes.size(); ++step) {
        QWidget *pane = panes[(at + step) % panes.size()];
        if (pane == m_header) {
            m_header->findBox()->setFocus(Qt::TabFocusReason);
            return;
        }
        if (pane == m_inspector) {
            m_inspector->setFocus(Qt::TabFocusReason);
            return;
        }
        const auto inside = pane->findChildren<QWidget *>();
        const auto first = std::find_if(inside.begin(), inside.end(), [](const QWidget *widget) {
            return widget->isVisible() && widget->isEnabled() && (widget->focusPolicy() & Qt::TabFocus);
        });
        if (first != inside.end()) {
            (*first)->setFocus(Qt::TabFocusReason);
            return;
        }
    }
}

void MainWindow::exportCsv()
{
    const pages::Page *page = currentPage();
    // The chart that the person stands in, else what the page thinks best.
    const auto *chart = qobject_cast<const charts::TimeChart *>(QApplication::focusWidget());
    const QString csv = chart ? chart->asCsv() : page ? page->asCsv() : QString();
    if (csv.isEmpty()) {
        m_status->showNotice(tr("Nothing to export on this page"));
        return;
    }
    const QString name = QStringLiteral("%1-%2.csv").arg(format::text(m_parts.context.fleet->name), m_current);
    const QString path = QFileDialog::getSaveFileName(this, tr("Export as CSV"), name, tr("CSV (*.csv)"));
    if (path.isEmpty())
        return;
    QSaveFile file(path);
    const bool written = file.open(QIODevice::WriteOnly) && file.write(csv.toUtf8()) >= 0 && file.commit();
    m_status->showNotice(written ? tr("Exported %1").arg(path) : tr("Not exported: %1").arg(file.errorString()));
}

void MainWindow::exportPicture()
{
    if (!currentPage())
        return;
    const QString name = QStringLiteral("%1-%2.png").arg(format::text(m_parts.context.fleet->name), m_current);
    const QString path = QFileDialog::getSaveFileName(this, tr("Export as PNG"), name, tr("PNG (*.png)"));
    if (path.isEmpty())
        return;
    const bool written = grab().save(path, "PNG");
    m_status->showNotice(written ? tr("Exported %1").arg(path) : tr("Not exported: %1 cannot be written").arg(path));
}

void MainWindow::toggleHold()
{
    m_held = m_held ? nullptr : m_newest;
    m_actions[ActionId::Hold]->setChecked(m_held != nullptr);
    showStrips();
    if (!m_held && m_newest)
        showEverywhere(m_newest);
}

} // namespace shardlens::ui::shell
