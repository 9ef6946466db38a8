// SPDX-License-Identifier: GPL-3.0-or-later
// The inspector, strips, view links, preferences, and the change of a fleet beneath an open window.
#include "ui/format/CampaignText.h"
#include "ui/format/CampaignWords.h"
#include "ui/format/Numbers.h"
#include "ui/format/OperationText.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/shell/AllDownPanel.h"
#include "ui/shell/FleetStrips.h"
#include "ui/shell/Header.h"
#include "ui/shell/KeysDialog.h"
#include "ui/shell/MainWindow.h"
#include "ui/shell/PageArea.h"
#include "ui/shell/SettingsDialog.h"
#include "ui/shell/StatusLine.h"
#include "ui/shell/inspector/Inspector.h"

#include <QAction>
#include <QApplication>
#include <QStackedWidget>

#include <algorithm>

namespace shardlens::ui::shell {

bool MainWindow::isInspecting() const { return m_area->isInspectorShown(); }

void MainWindow::toggleInspector()
{
    if (isInspecting()) {
        closeInspector();
        return;
    }
    if (const pages::Page *page = currentPage())
        m_inspector->look(page->selection());
    m_focusBefore = QApplication::focusWidget();
    m_area->setInspectorShown(true);
    m_actions[ActionId::Inspect]->setChecked(true);
}

void MainWindow::inspect(const pages::Subject &subject)
{
    m_inspector->look(subject);
    if (!m_inspector->isAncestorOf(QApplication::focusWidget()))
        m_focusBefore = QApplication::focusWidget();
    m_area->setInspectorShown(true);
    m_actions[ActionId::Inspect]->setChecked(true);
    // Asked for by Enter: the keyboard goes along, and comes back when the inspector closes.
    m_inspector->setFocus(Qt::OtherFocusReason);
}

void MainWindow::closeInspector()
{
    const bool hadFocus = m_inspector->isAncestorOf(QApplication::focusWidget());
    m_area->setInspectorShown(false);
    m_actions[ActionId::Inspect]->setChecked(false);
    if (!hadFocus)
        return;
    if (m_focusBefore && m_focusBefore->isVisible())
        m_focusBefore->setFocus(Qt::OtherFocusReason);
    else if (pages::Page *page = currentPage())
        page->setFocus(Qt::OtherFocusReason);
}

/// A page without a selection leaves the inspector where it is.
void MainWindow::followSelection()
{
    const pages::Page *page = currentPage();
    if (!page || !isInspecting())
        return;
    const pages::Subject selection = page->selection();
    if (!std::holds_alternative<std::monostate>(selection) && !(selection == m_inspector->subject()))
        m_inspector->look(selection);
}

void MainWindow::setStrip(StripKind kind, const StripText &text) { m_strips->set(kind, text); }

void MainWindow::showStrips()
{
    if (!m_newest)
        return;
    const bool nothingAnswers = allDownOf(*m_newest).has_value();
    m_strips->set(StripKind::Slept, sleptStrip(*m_newest));
    // What is silent altogether is told by one panel, not by strips about its parts.
    m_strips->set(StripKind::PartlySeen, nothingAnswers ? StripText() : partlySeenStrip(*m_newest));
    m_strips->set(StripKind::DirectoryDown, nothingAnswers ? StripText() : directoryStrip(*m_newest));
    m_strips->set(StripKind::Evacuated, evacuatedStrip(*m_newest));
    m_strips->set(StripKind::OverdueMaintenance, maintenanceStrip(*m_newest, true));
    m_strips->set(StripKind::Maintenance, maintenanceStrip(*m_newest, false));
    StripText held;
    if (m_held) {
        const auto age = std::chrono::duration_cast<base::microseconds>(m_parts.context.clock->now() - m_held->takenAt);
        held = {StripText::Tone::Warning, tr("Held at %1, %2").arg(format::clockTime(m_held->takenUtc), format::age(std::max(age, base::microseconds(0)))), {}, tr("Let it go on"), {}};
    }
    m_strips->set(StripKind::Held, held);
}

/// An operation of this machine that runs, or that waits for a person; a strip of its own, on every page.
void MainWindow::showOperations()
{
    const auto *board = m_parts.context.operations;
    const auto *open = board ? board->open() : nullptr;
    m_status->showLock(open && open->runs ? tr("%1 is locked by %2").arg(format::text(open->operation.subject()), format::authorText({open->operation.author.databaseUser, open->operation.author.osUser, {}}))
                                          : QString());
    const auto *campaigns = m_parts.context.campaigns;
    const auto *campaign = campaigns ? campaigns->open() : nullptr;
    // A campaign's own moves are told by its strip.
    if (open && campaign && std::any_of(campaign->campaign.moves.begin(), campaign->campaign.moves.end(), [&](const auto &move) { return move.operation == open->operation.id; }))
        open = nullptr;
    StripText strip;
    if (open) {
        const auto tone = open->runs ? StripText::Tone::Running : StripText::Tone::Warning;
        const QString cluster = format::text(open->operation.cluster.text());
        strip = {tone, format::operationStrip(open->operation, open->runs), open->runs ? tr("Operation on %1 runs").arg(cluster) : tr("Operation on %1 is unfinished").arg(cluster), tr("Open it"), {}};
    }
    m_strips->set(StripKind::Operation, strip);
    if (m_newest)
        showBadges();
}

/// Likewise a campaign.
void MainWindow::showCampaigns()
{
    const auto *board = m_parts.context.campaigns;
    const auto *open = board ? board->open() : nullptr;
    StripText strip;
    if (open) {
        const QString title = format::campaignTitle(open->campaign.goal);
        strip = {open->runs ? StripText::Tone::Running : StripText::Tone::Warning, format::campaignStrip(open->campaign, open->runs),
                 open->runs ? tr("%1: running").arg(title) : tr("%1 is unfinished").arg(title), tr("Open it"), {}};
    }
    m_strips->set(StripKind::Campaign, strip);
    showOperations();
}

void MainWindow::showAllDown()
{
    const auto down = m_newest ? allDownOf(*m_newest) : std::nullopt;
    if (!down)
        m_looksAtLastPicture = false; // the next time it is said again
    if (down && !m_looksAtLastPicture) {
        m_allDown->show(*down);
        if (isInspecting())
            m_inspector->raise();
    } else if (!m_allDown->isHidden()) {
        const bool hadFocus = m_allDown->isAncestorOf(QApplication::focusWidget());
        m_allDown->hide();
        if (hadFocus && currentPage())
            currentPage()->setFocus(Qt::OtherFocusReason);
    }
    StripText last;
    if (down && m_looksAtLastPicture)
        last = {StripText::Tone::Critical, down->sentence, tr("No server answers. Do not fail over from here."), tr("What this means"), {}};
    m_strips->set(StripKind::NothingAnswers, last);
}

void MainWindow::pressStrip(StripKind kind)
{
    switch (kind) {
    case StripKind::Held: toggleHold(); break;
    case StripKind::Operation:
        if (const auto *board = m_parts.context.operations; board && board->open())
            openOperation(board->open()->operation.id);
        break;
    case StripKind::Campaign:
        if (const auto *board = m_parts.context.campaigns; board && board->open())
            openCampaign(board->open()->campaign.id);
        break;
    case StripKind::Evacuated:
        if (const auto region = evacuatedRegion(*m_newest))
            openCampaignPlan({campaign::Aim::Return, region->text()});
        break;
    case StripKind::NothingAnswers:
        m_looksAtLastPicture = false;
        showAllDown();
        break;
    case StripKind::DirectoryDown: open(QStringLiteral("replication"), m_parts.context.fleet->directory->cluster); break;
    case StripKind::LookOnly:
        m_strips->clear(kind);
        if (m_parts.session)
            m_parts.session->setHidesLookOnly(true);
        break;
    case StripKind::Message: m_strips->clear(kind); break;
    default: Q_EMIT stripPressed(kind); break;
    }
}

QString MainWindow::fleetName() const
{
    return format::text(m_parts.context.fleet->name);
}

QString MainWindow::viewLink() const
{
    const pages::Page *page = currentPage();
    ViewLink link{fleetName(), m_current, page ? page->viewState() : QVariantMap(), {}};
    if (isInspecting())
        link.subject = m_inspector->subject();
    else if (page)
        link.subject = page->selection();
    return link.toText();
}

void MainWindow::openLink(const QString &text)
{
    const ReadLink read = readLink(text);
    const auto refuse = [this](const QString &why) { m_strips->set(StripKind::Message, {StripText::Tone::Warning, why, {}, tr("Close"), {}}); };
    m_strips->clear(StripKind::Message);
    if (!read.error.isEmpty()) {
        refuse(tr("The link was not opened: %1.").arg(read.error));
        return;
    }
    if (read.link.fleet != fleetName()) {
        refuse(tr("The link is for another fleet, %1. What is open here is %2.").arg(read.link.fleet, fleetName()));
        Q_EMIT foreignLinkOpened(read.link);
        return;
    }
    const bool known = std::any_of(m_parts.pages.begin(), m_parts.pages.end(), [&](const PageSpec &page) { return page.id == read.link.page; });
    if (!known) {
        refuse(tr("The link was not opened: this console has no page '%1'.").arg(read.link.page));
        return;
    }
    applyLink(read.link);
}

void MainWindow::applyLink(const ViewLink &link)
{
    if (link.page == m_current)
        m_navigation.leave(here()); // also a view of the same page is somewhere one can come back from
    goTo(link.page);
    pages::Page *page = currentPage();
    if (!link.state.isEmpty())
        page->restoreViewState(link.state);
    m_actions[ActionId::Back]->setEnabled(m_navigation.canGoBack());
    if (std::holds_alternative<std::monostate>(link.subject))
        return;
    if (!isIn(*m_parts.context.fleet, link.subject)) {
        m_strips->set(StripKind::Message, {StripText::Tone::Warning, tr("The link names %1, which this fleet does not have.").arg(subjectText(link.subject).section(QLatin1Char(':'), 1)), {}, tr("Close"), {}});
        return;
    }
    if (m_newest)
        page->select(link.subject);
    else
        m_toSelect = link.subject; // a page can bring into sight only what it has been shown
    if (!m_area->isDrawer())
        inspect(link.subject);
}

void MainWindow::setPreferences(const Preferences &preferences)
{
    m_preferences = preferences;
    if (m_settings)
        m_settings->show(preferences);
    // Times may be written otherwise now.
    onSecond();
    if (const auto &shown = m_held ? m_held : m_newest) {
        m_header->showSnapshot(*m_newest);
        m_status->showSnapshot(*m_newest);
        showStrips();
        showEverywhere(shown);
    }
    for (QWidget *widget : findChildren<QWidget *>())
        widget->update();
}

void MainWindow::choosePreferences(const Preferences &preferences)
{
    if (m_parts.theme)
        applyPreferences(preferences, *m_parts.theme);
    if (m_parts.session)
        m_parts.session->setPreferences(preferences);
    setPreferences(preferences);
    Q_EMIT preferencesChosen(preferences);
}

void MainWindow::showSettings()
{
    if (!m_settings) {
        const bool forwarded = theme::Theme::isForwardedDisplay(qEnvironmentVariable("DISPLAY"), qEnvironmentVariableIsSet("SSH_CONNECTION"));
        m_settings = new SettingsDialog(m_preferences, m_parts.session ? m_parts.session->file() : QString(), forwarded, this);
        m_settings->setAttribute(Qt::WA_DeleteOnClose);
        connect(m_settings, &SettingsDialog::chosen, this, &MainWindow::choosePreferences);
    }
    static_cast<QWidget *>(m_settings)->show();
    m_settings->raise();
    m_settings->activateWindow();
}

void MainWindow::showKeys()
{
    if (!m_keys) {
        QStringList titles;
        for (const PageSpec &spec : m_parts.pages)
            titles << spec.title;
        m_keys = new KeysDialog(titles, this);
        m_keys->setAttribute(Qt::WA_DeleteOnClose);
    }
    m_keys->show();
    m_keys->raise();
    m_keys->activateWindow();
}

void MainWindow::setFleet(const std::shared_ptr<const fleet::Fleet> &fleet)
{
    // Pages hold the fleet they were made with: they are made anew, with the views they had.
    std::map<QString, QVariantMap> views;
    for (const auto &[id, page] : m_pages)
        views[id] = page->viewState();
    const pages::Subject selection = currentPage() ? currentPage()->selection() : pages::Subject();
    const pages::Subject inspected = m_inspector->subject();
    const QString current = m_current;
    for (const auto &[id, page] : m_pages) {
        m_stack->removeWidget(page);
        page->deleteLater(); // a signal of its own may have led here
    }
    m_pages.clear();
    m_current.clear();
    m_held = nullptr;
    m_newest = nullptr;
    m_actions[ActionId::Hold]->setChecked(false);
    m_parts.context.fleet = fleet;
    m_finder.setFleet(fleet);
    m_finder.setSnapshot(nullptr);
    m_header->setFleet(*fleet);
    dressForFleet();
    showTitle();
    for (const auto &[id, view] : views) {
        if (pages::Page *page = pageFor(id))
            page->restoreViewState(view);
    }
    showPage(current);
    if (!std::holds_alternative<std::monostate>(selection) && currentPage())
        currentPage()->select(selection);
    m_inspector->look(inspected);
}

} // namespace shardlens::ui::shell
