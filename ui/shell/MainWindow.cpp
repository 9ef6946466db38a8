// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/MainWindow.h"

#include "core/facts/Calm.h"
#include "ui/format/Numbers.h"
#include "ui/format/ProblemText.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/shell/AllDownPanel.h"
#include "ui/shell/ClosingQuestion.h"
#include "ui/shell/EnvironmentChip.h"
#include "ui/shell/FindBox.h"
#include "ui/shell/FleetStrips.h"
#include "ui/shell/Header.h"
#include "ui/shell/KeysDialog.h"
#include "ui/shell/Notifier.h"
#include "ui/shell/PageArea.h"
#include "ui/shell/Rail.h"
#include "ui/shell/SettingsDialog.h"
#include "ui/shell/StatusLine.h"
#include "ui/shell/inspector/Inspector.h"
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
#include <utility>

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
    if (m_parts.session)
        m_preferences = m_parts.session->preferences();
    if (m_parts.theme) { // the command line may have said otherwise
        m_preferences.theme = m_parts.theme->mode();
        m_preferences.textSize = m_parts.theme->textSize();
    }
    m_finder.setFleet(m_parts.context.fleet);
    m_notifier = new Notifier(this);
    buildParts();
    buildActions();
    buildMenu();
    dressForFleet();
    applyMetrics();
    setMinimumSize(800, 500);
    resize(1280, 800);
    showTitle();
    if (const auto *board = m_parts.context.operations)
        connect(board, &operate::OperationBoard::changed, this, &MainWindow::showOperations);
    if (auto *board = m_parts.context.campaigns)
        connect(board, &operate::CampaignBoard::changed, this, &MainWindow::showCampaigns);
    connect(m_notifier, &Notifier::activated, this, [this] {
        setWindowState(windowState() & ~Qt::WindowMinimized);
        raise();
        activateWindow();
        showProblem(m_noticed);
    });
    m_second.setInterval(1000);
    m_second.setTimerType(Qt::PreciseTimer);
    connect(&m_second, &QTimer::timeout, this, &MainWindow::onSecond);
    m_second.start();
    onSecond();
}

MainWindow::~MainWindow() = default;

void MainWindow::buildParts()
{
    auto *all = new QWidget;
    auto *column = new QVBoxLayout(all);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_header = new Header(*m_parts.context.fleet, m_finder);
    m_rail = new Rail;
    m_strips = new StripStack;
    m_stack = new QStackedWidget;
    m_inspector = new Inspector(m_parts.context);
    m_allDown = new AllDownPanel;
    m_area = new PageArea(m_strips, m_stack, m_inspector, m_allDown);
    m_status = new StatusLine;

    auto *middle = new QHBoxLayout;
    middle->setSpacing(0);
    middle->addWidget(m_rail);
    middle->addWidget(m_area, 1);
    column->addWidget(m_header);
    column->addLayout(middle, 1);
    column->addWidget(m_status);
    setCentralWidget(all);

    QStringList ids;
    for (const PageSpec &page : m_parts.pages) {
        m_rail->addPage(page.id, page.title, page.icon);
        ids << page.id;
    }
    m_inspector->setPages(ids);
    connect(m_rail, &Rail::pageChosen, this, &MainWindow::goTo);
    connect(m_header->findBox(), &FindBox::chosen, this, &MainWindow::choose);
    connect(m_strips, &StripStack::pressed, this, &MainWindow::pressStrip);
    connect(m_strips, &StripStack::secondPressed, this, &MainWindow::stripSecondPressed);
    connect(m_inspector, &Inspector::closeRequested, this, &MainWindow::closeInspector);
    connect(m_inspector, &Inspector::openRequested, this, &MainWindow::open);
    connect(m_inspector, &Inspector::planRequested, this, &MainWindow::openPlan);
    connect(m_inspector, &Inspector::campaignPlanRequested, this, &MainWindow::openCampaignPlan);
    connect(m_inspector, &Inspector::problemRequested, this, &MainWindow::showProblem);
    connect(m_inspector, &Inspector::copied, this, [this](const QString &what) { m_status->showNotice(tr("Copied the facts of %1").arg(what)); });
    connect(m_allDown, &AllDownPanel::readAgainRequested, this, &MainWindow::readAgainRequested);
    connect(m_allDown, &AllDownPanel::lastPictureRequested, this, [this] {
        m_looksAtLastPicture = true;
        showAllDown();
    });
}

/// What the frame takes from the fleet: its edge, and the rail's foot.
void MainWindow::dressForFleet()
{
    const fleet::Fleet &fleet = *m_parts.context.fleet;
    const int side = isProduction(fleet) ? kProductionFrame : 0;
    setContentsMargins(side, kBand, side, side);
    const QString from = format::text(fleet.ownRegion.text());
    m_rail->setFoot(from.isEmpty() ? QString() : tr("Seen from %1").arg(from), fleet.acting ? tr("Acting is on") : tr("Looking only"));
    const bool hidden = m_parts.session && m_parts.session->hidesLookOnly();
    m_strips->set(StripKind::LookOnly, hidden ? StripText() : lookOnlyStrip(fleet));
    update();
}

void MainWindow::applyMetrics()
{
    const int margin = width() >= kWide ? theme::space::kL : theme::space::kM;
    m_stack->setContentsMargins(margin, margin, margin, margin);
    // A bigger text makes the window narrower for what is in it.
    const double room = width() / theme::textScale();
    m_rail->setWidth(room < kNarrow ? Rail::Width::Icons : (room < kWide ? Rail::Width::Names : Rail::Width::Roomy));
    m_area->setRoom(room < kNarrow ? PageArea::Room::Narrow : (room < kWide ? PageArea::Room::Usual : PageArea::Room::Wide));
}

pages::Page *MainWindow::pageFor(const QString &id)
{
    if (const auto made = m_pages.find(id); made != m_pages.end())
        return made->second;
    const auto spec = std::find_if(m_parts.pages.begin(), m_parts.pages.end(), [&](const PageSpec &page) { return page.id == id; });
    if (spec == m_parts.pages.end())
        return nullptr;
    pages::PageContext context = m_parts.context;
    context.link = [name = format::text(m_parts.context.fleet->name)](const QString &of, const QVariantMap &state) { return ViewLink{name, of, state, {}}.toText(); };
    pages::Page *page = spec->make(context, m_stack);
    m_pages[id] = page;
    m_stack->addWidget(page);
    applyMetrics();
    connect(page, &pages::Page::openRequested, this, &MainWindow::open);
    connect(page, &pages::Page::inspectRequested, this, &MainWindow::inspect);
    connect(page, &pages::Page::planRequested, this, &MainWindow::openPlan);
    connect(page, &pages::Page::operationRequested, this, &MainWindow::openOperation);
    connect(page, &pages::Page::campaignPlanRequested, this, &MainWindow::openCampaignPlan);
    connect(page, &pages::Page::keyDeleteRequested, this, &MainWindow::openKeyDelete);
    connect(page, &pages::Page::lookUpRequested, this, &MainWindow::lookUp);
    connect(page, &pages::Page::viewLeft, this, [this, page](const QVariantMap &state) {
        if (page != currentPage())
            return;
        m_navigation.leave({m_current, state});
        m_actions[ActionId::Back]->setEnabled(m_navigation.canGoBack());
        m_actions[ActionId::Forward]->setEnabled(m_navigation.canGoForward());
    });
    connect(page, &pages::Page::selectionChanged, this, [this, page] {
        if (page == currentPage())
            followSelection();
    });
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
    followSelection();
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
    showStrips();
    showCampaigns();
    showAllDown();
    if (before)
        noticeNewCritical(*before, *snapshot);
    if (!m_held)
        showEverywhere(snapshot);
    if (!std::holds_alternative<std::monostate>(m_toSelect) && currentPage())
        currentPage()->select(std::exchange(m_toSelect, {}));
}

void MainWindow::showEverywhere(const facts::SnapshotPtr &snapshot)
{
    for (const auto &[id, page] : m_pages)
        page->showSnapshot(snapshot);
    m_inspector->showSnapshot(snapshot);
}

void MainWindow::showBadges()
{
    std::map<QString, Badge> badges;
    for (const facts::Problem &problem : m_newest->problems) {
        const auto add = [&](const facts::Problem &one) {
            Badge &badge = badges[format::pageOf(one)];
            badge.worst = badge.count == 0 ? one.severity : std::min(badge.worst, one.severity);
            ++badge.count;
        };
        add(problem);
        // A region's or a link's has no page of its own: what it brings about stands on theirs.
        if (format::pageOf(problem) == QLatin1String("overview"))
            std::for_each(problem.consequences.begin(), problem.consequences.end(), add);
    }
    badges.erase(QStringLiteral("overview")); // all of them stand there
    const auto *board = m_parts.context.operations;
    if (const auto *open = board ? board->open() : nullptr; open && open->isUnfinished())
        badges[QStringLiteral("operations")] = {1, facts::Severity::Warning}; // it waits for a person
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
    const auto isCritical = [](const facts::Problem &problem) { return problem.severity == facts::Severity::Critical; };
    const auto fresh = std::find_if(now.problems.begin(), now.problems.end(), [&](const facts::Problem &problem) {
        if (facts::claimOn(now.shared.get(), problem, facts::Claim::Kind::Quieted, now.takenUtc))
            return false; // somebody said for how long nobody need be called
        if (facts::calmedBy(problem, now))
            return false; // somebody works on that very server, and nobody else feels it
        return isCritical(problem) && std::none_of(before.problems.begin(), before.problems.end(),
                                                   [&](const facts::Problem &old) { return isCritical(old) && old.id() == problem.id(); });
    });
    if (std::none_of(now.problems.begin(), now.problems.end(), isCritical)) {
        m_notifier->withdraw();
        return;
    }
    if (fresh == now.problems.end() || isActiveWindow())
        return;
    QApplication::alert(this);
    m_noticed = fresh->id();
    if (m_preferences.notifications)
        m_notifier->notify(windowTitle().section(QStringLiteral(" - "), 0, 0), format::problemText(*fresh, now).sentence, true, m_preferences.sound);
}

void MainWindow::onSecond()
{
    const auto &clock = *m_parts.context.clock;
    m_header->showTime(clock.utcNow());
    m_status->showLoad(m_load.read(clock.now()));
    saveSession();
    if (!m_newest)
        return;
    const auto &limits = m_parts.context.fleet->thresholds;
    const auto silent = std::chrono::duration_cast<base::microseconds>(clock.now() - m_newest->takenAt);
    if (silent > 3 * limits.interval)
        m_header->showStall(silent);
    if (m_held)
        showStrips();
}

void MainWindow::restoreSession()
{
    if (!m_parts.session)
        return;
    if (const QByteArray geometry = m_parts.session->geometry(); !geometry.isEmpty())
        restoreGeometry(geometry);
    if (m_current.isEmpty() && !goTo(m_parts.session->page()) && !m_parts.pages.empty())
        goTo(m_parts.pages.front().id);
    if (m_parts.session->inspectorOpen() && !m_area->isDrawer())
        toggleInspector();
}

void MainWindow::saveSession()
{
    if (!m_parts.session || m_current.isEmpty())
        return;
    // A link says all that a page's view is; only what differs is written, so that a quiet console leaves the disk alone.
    const QByteArray geometry = saveGeometry();
    const QString state = viewLink() + QLatin1Char('\n') + QString::fromLatin1(geometry.toBase64()) + (isInspecting() ? QStringLiteral("+") : QString());
    if (state == m_savedState)
        return;
    m_savedState = state;
    m_parts.session->setGeometry(geometry);
    m_parts.session->setPage(m_current);
    m_parts.session->setInspectorOpen(isInspecting());
    for (const auto &[id, page] : m_pages)
        m_parts.session->setPageState(id, page->viewState());
    m_parts.session->keep();
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
    if (event->key() == Qt::Key_Escape && isInspecting()) {
        closeInspector();
        return;
    }
    if (event->key() == Qt::Key_Escape && isFullScreen()) {
        showNormal();
        return;
    }
    QMainWindow::keyPressEvent(event);
}

void MainWindow::askBeforeClosing(const operate::OperationSeen &running)
{
    if (!m_closing || !m_closing->isVisible()) {
        delete m_closing; // it was of another time
        m_closing = new ClosingQuestion(*m_parts.context.operations, running.operation.id, this);
        connect(m_closing, &ClosingQuestion::decidedToClose, this, [this] {
            m_closesAnyway = true;
            close();
        }, Qt::QueuedConnection); // the question is no longer in the middle of saying so
    }
    m_closing->open();
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    const auto *running = ClosingQuestion::running(m_parts.context.operations);
    if (running && !m_closesAnyway) {
        event->ignore();
        return askBeforeClosing(*running);
    }
    saveSession();
    m_notifier->withdraw();
    QMainWindow::closeEvent(event);
    if (event->isAccepted())
        Q_EMIT closed();
}

} // namespace shardlens::ui::shell

#include "moc_MainWindow.cpp"
