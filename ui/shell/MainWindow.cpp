// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/MainWindow.h"

#include "ui/format/Numbers.h"
#include "ui/format/ProblemText.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/shell/EnvironmentChip.h"
#include "ui/shell/FindBox.h"
#include "ui/shell/Header.h"
#include "ui/shell/KeysDialog.h"
#include "ui/shell/Rail.h"
#include "ui/shell/StatusLine.h"
#include "ui/shell/Strip.h"
#include "ui/theme/Colours.h"
#include "ui/theme/Type.h"

#include <QApplication>
#include <QClipboard>
#include <QCloseEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace shardlens::ui::shell {

using theme::ColourRole;

namespace {

constexpr int kBand = 4;
constexpr int kProductionFrame = 2;
constexpr int kNarrow = 1180; ///< under it the rail shows icons alone
constexpr int kWide = 1900;

std::vector<Finder::PageName> namesOf(const std::vector<PageSpec> &specs)
{
    std::vector<Finder::PageName> names;
    for (const PageSpec &spec : specs)
        names.push_back({spec.id, spec.title, spec.icon});
    return names;
}

bool isProduction(const fleet::Fleet &fleet)
{
    return fleet.environment == fleet::Environment::Production;
}

} // namespace

MainWindow::MainWindow(WindowParts parts, QWidget *parent) : QMainWindow(parent), m_parts(std::move(parts)), m_finder(namesOf(m_parts.pages))
{
    m_finder.setFleet(m_parts.context.fleet);
    buildParts();
    buildActions();
    buildMenu();
    applyMetrics();
    setMinimumSize(800, 500);
    resize(1280, 800);
    showTitle();
    m_second.setInterval(1000);
    m_second.setTimerType(Qt::PreciseTimer);
    connect(&m_second, &QTimer::timeout, this, &MainWindow::onSecond);
    m_second.start();
    onSecond();
}

MainWindow::~MainWindow() = default;

void MainWindow::buildParts()
{
    const fleet::Fleet &fleet = *m_parts.context.fleet;
    auto *all = new QWidget;
    auto *column = new QVBoxLayout(all);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_header = new Header(fleet, m_finder);
    m_rail = new Rail;
    m_strip = new Strip(tr("Let it go on"));
    m_strip->hide();
    m_stack = new QStackedWidget;
    m_status = new StatusLine;

    auto *right = new QVBoxLayout;
    right->setSpacing(0);
    right->addWidget(m_strip);
    right->addWidget(m_stack, 1);
    auto *middle = new QHBoxLayout;
    middle->setSpacing(0);
    middle->addWidget(m_rail);
    middle->addLayout(right, 1);
    column->addWidget(m_header);
    column->addLayout(middle, 1);
    column->addWidget(m_status);
    setCentralWidget(all);
    const int side = isProduction(fleet) ? kProductionFrame : 0;
    setContentsMargins(side, kBand, side, side);

    for (const PageSpec &page : m_parts.pages)
        m_rail->addPage(page.id, page.title, page.icon);
    const QString from = format::text((m_parts.seenFrom.isEmpty() ? fleet.ownRegion : m_parts.seenFrom).text());
    m_rail->setFoot(from.isEmpty() ? QString() : tr("Seen from %1").arg(from), tr("Looking only"));
    connect(m_rail, &Rail::pageChosen, this, &MainWindow::goTo);
    connect(m_header->findBox(), &FindBox::chosen, this, &MainWindow::choose);
    connect(m_strip, &Strip::pressed, this, &MainWindow::toggleHold);
}

void MainWindow::applyMetrics()
{
    const int margin = width() >= kWide ? theme::space::kL : theme::space::kM;
    m_stack->setContentsMargins(margin, margin, margin, margin);
    // A bigger text makes the window narrower for what is in it.
    const double room = width() / theme::textScale();
    m_rail->setWidth(room < kNarrow ? Rail::Width::Icons : (room < kWide ? Rail::Width::Names : Rail::Width::Roomy));
}

pages::Page *MainWindow::pageFor(const QString &id)
{
    if (const auto made = m_pages.find(id); made != m_pages.end())
        return made->second;
    const auto spec = std::find_if(m_parts.pages.begin(), m_parts.pages.end(), [&](const PageSpec &page) { return page.id == id; });
    if (spec == m_parts.pages.end())
        return nullptr;
    pages::Page *page = spec->make(m_parts.context, m_stack);
    m_pages[id] = page;
    m_stack->addWidget(page);
    applyMetrics();
    connect(page, &pages::Page::openRequested, this, &MainWindow::open);
    if (m_parts.session) {
        if (const QVariantMap state = m_parts.session->pageState(id); !state.isEmpty())
            page->restoreViewState(state);
    }
    if (const auto &shown = m_held ? m_held : m_newest)
        page->showSnapshot(shown);
    return page;
}

void MainWindow::showPage(const QString &id)
{
    pages::Page *page = pageFor(id);
    if (!page)
        return;
    // The keyboard starts in the page, and follows it; but it is never taken from the header or the rail.
    const bool focusInside = !focusWidget() || m_stack->isAncestorOf(focusWidget());
    m_current = id;
    m_stack->setCurrentWidget(page);
    m_rail->setCurrent(id);
    if (focusInside) {
        if (page->focusPolicy() == Qt::NoFocus)
            page->setFocusPolicy(Qt::ClickFocus);
        page->setFocus(Qt::OtherFocusReason);
    }
}

pages::Page *MainWindow::currentPage() const
{
    return qobject_cast<pages::Page *>(m_stack->currentWidget());
}

void MainWindow::showSnapshot(const facts::SnapshotPtr &snapshot)
{
    const facts::SnapshotPtr before = m_newest;
    m_newest = snapshot;
    m_finder.setSnapshot(snapshot);
    m_header->showSnapshot(*snapshot);
    m_status->showSnapshot(*snapshot);
    showBadges();
    showTitle();
    if (before)
        noticeNewCritical(*before, *snapshot);
    if (m_held)
        return;
    for (const auto &[id, page] : m_pages)
        page->showSnapshot(snapshot);
}

void MainWindow::showBadges()
{
    std::map<QString, Badge> badges;
    for (const facts::Problem &problem : m_newest->problems) {
        Badge &badge = badges[format::pageOf(problem)];
        badge.worst = badge.count == 0 ? problem.severity : std::min(badge.worst, problem.severity);
        ++badge.count;
    }
    badges.erase(QStringLiteral("overview")); // all of them stand there
    m_rail->setBadges(badges);
}

void MainWindow::showTitle()
{
    const fleet::Fleet &fleet = *m_parts.context.fleet;
    const QString name = tr("%1 (%2) - Shardlens").arg(format::text(fleet.name), environmentWord(fleet.environment));
    const auto critical = m_newest ? std::count_if(m_newest->problems.begin(), m_newest->problems.end(),
                                                   [](const facts::Problem &problem) { return problem.severity == facts::Severity::Critical; })
                                   : 0;
    setWindowTitle(critical > 0 ? tr("%1 critical, %2").arg(format::count(critical), name) : name);
}

void MainWindow::noticeNewCritical(const facts::Snapshot &before, const facts::Snapshot &now)
{
    const bool isNew = std::any_of(now.problems.begin(), now.problems.end(), [&](const facts::Problem &problem) {
        return problem.severity == facts::Severity::Critical &&
               std::none_of(before.problems.begin(), before.problems.end(), [&](const facts::Problem &old) { return old.id() == problem.id(); });
    });
    if (isNew && !isActiveWindow())
        QApplication::alert(this);
}

void MainWindow::onSecond()
{
    const auto &clock = *m_parts.context.clock;
    m_header->showTime(clock.utcNow());
    m_status->showLoad(m_load.read(clock.now()));
    if (!m_newest)
        return;
    const auto &limits = m_parts.context.fleet->thresholds;
    const auto silent = std::chrono::duration_cast<base::microseconds>(clock.now() - m_newest->takenAt);
    if (silent > 3 * limits.interval)
        m_header->showStall(silent);
    if (m_held)
        m_strip->setText(tr("Held at %1, %2").arg(format::clockTime(m_held->takenUtc), format::age(std::chrono::duration_cast<base::microseconds>(clock.now() - m_held->takenAt))));
}

void MainWindow::restoreSession()
{
    if (!m_parts.session)
        return;
    if (const QByteArray geometry = m_parts.session->geometry(); !geometry.isEmpty())
        restoreGeometry(geometry);
    if (!m_current.isEmpty())
        return;
    if (!goTo(m_parts.session->page()) && !m_parts.pages.empty())
        goTo(m_parts.pages.front().id);
}

void MainWindow::saveSession()
{
    if (!m_parts.session)
        return;
    m_parts.session->setGeometry(saveGeometry());
    m_parts.session->setPage(m_current);
    for (const auto &[id, page] : m_pages)
        m_parts.session->setPageState(id, page->viewState());
}

void MainWindow::paintEvent(QPaintEvent *event)
{
    Q_UNUSED(event)
    // The environment is the window's own edge: the band above, and round the whole window where mistakes cost most.
    QPainter painter(this);
    const fleet::Fleet &fleet = *m_parts.context.fleet;
    const QColor environment = theme::colour(theme::environmentRole(fleet.environment), palette());
    painter.fillRect(rect(), isProduction(fleet) ? environment : theme::colour(ColourRole::Window, palette()));
    painter.fillRect(QRect(0, 0, width(), kBand), environment);
    if (isProduction(fleet)) {
        const QRect inside = rect().adjusted(kProductionFrame, kBand, -kProductionFrame, -kProductionFrame);
        painter.fillRect(inside, theme::colour(ColourRole::Window, palette()));
    }
}

void MainWindow::resizeEvent(QResizeEvent *event)
{
    QMainWindow::resizeEvent(event);
    applyMetrics();
}

void MainWindow::changeEvent(QEvent *event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::FontChange && m_rail)
        applyMetrics();
}

void MainWindow::keyPressEvent(QKeyEvent *event)
{
    // Keys that nothing focused wanted: what is pasted is looked for; Esc closes the top thing.
    if (event->matches(QKeySequence::Paste)) {
        const QString text = QApplication::clipboard()->text().trimmed();
        if (!text.isEmpty())
            m_header->findBox()->open(text.left(2000));
        return;
    }
    if (event->key() == Qt::Key_Escape && isFullScreen()) {
        showNormal();
        return;
    }
    QMainWindow::keyPressEvent(event);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    saveSession();
    QMainWindow::closeEvent(event);
}

} // namespace shardlens::ui::shell
