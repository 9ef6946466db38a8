// SPDX-License-Identifier: GPL-3.0-or-later
// Every page of the console in its window: what takes the keyboard has a name for a screen reader and is reached by Tab; every
// table and drawing can be copied and has a menu; rows stay where they are while the pointer is over them.
#include "app/shardlens/Pages.h"
#include "tests/ui/PageBench.h"
#include "tests/ui/Warnings.h"
#include "ui/charts/HeatGrid.h"
#include "ui/charts/TimeChart.h"
#include "ui/charts/TopologyView.h"
#include "ui/models/EventModel.h"
#include "ui/models/ProblemModel.h"
#include "ui/models/ShardModel.h"
#include "ui/pages/FactTable.h"
#include "ui/shell/MainWindow.h"

#include <QAbstractButton>
#include <QAccessible>
#include <QAction>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHeaderView>
#include <QMenu>
#include <QTableView>
#include <QtTest>

#include <set>

using namespace shardlens;
using namespace shardlens::ui;

namespace {

QString calledOf(const QWidget &widget)
{
    QStringList names;
    for (const QWidget *at = &widget; at && !at->isWindow() && names.size() < 4; at = at->parentWidget())
        names.prepend(QString::fromLatin1(at->metaObject()->className()).section(QStringLiteral("::"), -1) +
                      (at->accessibleName().isEmpty() ? QString() : QStringLiteral(" '%1'").arg(at->accessibleName())));
    return names.join(QStringLiteral(" > "));
}

bool takesKeyboard(const QWidget &widget, const QWidget &window)
{
    return widget.isVisibleTo(&window) && !widget.isWindow() && widget.isEnabled() && (widget.focusPolicy() & Qt::TabFocus) &&
           !widget.focusProxy();
}

/// The menu that a widget opens for the Menu key: the texts of its entries.
QStringList menuOf(QWidget &widget)
{
    QStringList entries;
    // A menu that waits for its end is closed from inside.
    QTimer::singleShot(0, &widget, [&entries] {
        if (auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget())) {
            for (const QAction *action : menu->actions()) {
                if (!action->isSeparator())
                    entries << action->text();
            }
            menu->close();
        }
    });
    const QPoint inside(2, 2);
    QContextMenuEvent asked(QContextMenuEvent::Keyboard, inside, widget.mapToGlobal(inside));
    QCoreApplication::sendEvent(&widget, &asked);
    QCoreApplication::processEvents();
    return entries;
}

/// What the rows are of, by what does not change about them.
QStringList rowsOf(const QAbstractItemView &view)
{
    QStringList rows;
    const auto *model = view.model();
    if (const auto *problems = qobject_cast<const models::ProblemModel *>(model)) {
        for (const auto &row : problems->rows())
            rows << QString::fromStdString(row.id);
        return rows;
    }
    if (const auto *events = qobject_cast<const models::EventModel *>(model)) {
        for (int row = 0; row < events->rowCount(); ++row)
            rows << events->index(row, models::EventModel::What).data().toString();
        return rows;
    }
    if (const auto *table = qobject_cast<const pages::FactTable *>(&view)) {
        for (int row = 0; row < model->rowCount(); ++row)
            rows << QString::fromStdString(table->facts()->rowAt(table->ordered()->mapToSource(model->index(row, 0)))->id);
        return rows;
    }
    for (int row = 0; row < std::min(model->rowCount(), 200); ++row)
        rows << model->index(row, 0).data().toString() + QLatin1Char(' ') +
                    model->index(row, 1).data(Qt::AccessibleTextRole).toString().section(QLatin1Char(' '), 0, 0);
    return rows;
}

/// Whoever is still there is where he was; another may stand in the place of one that is gone, and new ones come last.
bool nobodyMoved(const QStringList &before, const QStringList &now)
{
    for (int row = 0; row < before.size(); ++row) {
        if (now.contains(before.at(row)) && now.value(row) != before.at(row))
            return false;
    }
    return true;
}

} // namespace

class ReachTest : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<theme::Theme> m_theme;
    std::shared_ptr<observe::History> m_history;
    std::unique_ptr<shell::MainWindow> m_window;

    void open(const QString &page, const facts::SnapshotPtr &snapshot, QSize size)
    {
        m_history = tests::historyOf(fixtures::well());
        shell::WindowParts parts;
        parts.context = {snapshot->fleet, m_history.get(), std::make_shared<base::ManualClock>(snapshot->takenUtc)};
        parts.pages = app::pages(*snapshot->fleet);
        m_window = std::make_unique<shell::MainWindow>(std::move(parts));
        m_window->resize(size);
        QVERIFY(m_window->goTo(page));
        m_window->showSnapshot(snapshot);
        m_window->show();
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        QCoreApplication::processEvents();
    }

    static void addPages()
    {
        QTest::addColumn<QString>("page");
        QTest::addColumn<QSize>("size");
        for (const auto &page : app::pages(*fixtures::defaultFleet())) {
            for (const QSize size : {QSize(1280, 800), QSize(2560, 1440)})
                QTest::addRow("%s, %d wide", qPrintable(page.id), size.width()) << page.id << size;
        }
    }

private Q_SLOTS:
    void initTestCase()
    {
        QAccessible::setActive(true);
        m_theme = std::make_unique<theme::Theme>(*qApp);
    }
    void init() { tests::failOnUnexpectedWarnings(); }
    void cleanup() { m_window.reset(); }

    void whatTakesTheKeyboardIsNamedAndReachedByTab_data() { addPages(); }
    void whatTakesTheKeyboardIsNamedAndReachedByTab()
    {
        QFETCH(QString, page);
        QFETCH(QSize, size);
        open(page, fixtures::servicesTroubled(), size);
        QStringList faults;
        std::set<const QWidget *> wanted;
        for (QWidget *widget : m_window->findChildren<QWidget *>()) {
            if (auto *button = qobject_cast<QAbstractButton *>(widget);
                button && button->isVisibleTo(m_window.get()) && button->focusPolicy() == Qt::NoFocus)
                faults << QStringLiteral("a button that the keyboard does not reach: ") + calledOf(*widget);
            if (!takesKeyboard(*widget, *m_window))
                continue;
            wanted.insert(widget);
            const auto *spoken = QAccessible::queryAccessibleInterface(widget);
            if (!spoken || spoken->text(QAccessible::Name).trimmed().isEmpty())
                faults << QStringLiteral("without a name: ") + calledOf(*widget);
        }
        QVERIFY(wanted.size() > 5);
        std::set<const QWidget *> reached;
        for (std::size_t step = 0; step < 3 * wanted.size(); ++step) {
            QTest::keyClick(m_window->focusWidget() ? m_window->focusWidget() : static_cast<QWidget *>(m_window.get()), Qt::Key_Tab);
            reached.insert(m_window->focusWidget());
        }
        for (const QWidget *widget : wanted) {
            if (!reached.contains(widget))
                faults << QStringLiteral("not reached by Tab: ") + calledOf(*widget);
        }
        QVERIFY2(faults.isEmpty(), qPrintable(QStringLiteral("\n  ") + faults.join(QStringLiteral("\n  "))));
    }

    void everyTableAndDrawingIsCopiedAndHasAMenu_data() { addPages(); }
    void everyTableAndDrawingIsCopiedAndHasAMenu()
    {
        QFETCH(QString, page);
        QFETCH(QSize, size);
        open(page, fixtures::incident(), size);
        auto *shown = m_window->currentPage();
        QStringList faults;
        int seen = 0;
        const auto check = [&](QWidget &widget) {
            ++seen;
            widget.setFocus();
            QGuiApplication::clipboard()->setText(QStringLiteral("nothing"));
            QTest::keyClick(&widget, Qt::Key_C, Qt::ControlModifier);
            const QString copied = QGuiApplication::clipboard()->text();
            if (copied.trimmed().isEmpty() || copied == QLatin1String("nothing"))
                faults << QStringLiteral("Ctrl+C copies nothing: ") + calledOf(widget);
            if (menuOf(widget).isEmpty())
                faults << QStringLiteral("no menu: ") + calledOf(widget);
        };
        for (const bool twin : {false, true}) {
            if (twin)
                shown->toggleTable();
            QCoreApplication::processEvents();
            for (auto *view : shown->findChildren<QAbstractItemView *>()) {
                if (!view->isVisibleTo(m_window.get()) || qobject_cast<QHeaderView *>(view) || view->model()->rowCount() == 0)
                    continue;
                view->setCurrentIndex(view->model()->index(0, 0));
                check(*view);
            }
            for (auto *chart : shown->findChildren<charts::TimeChart *>()) {
                if (chart->isVisibleTo(m_window.get()))
                    check(*chart);
            }
            for (auto *drawing : shown->findChildren<charts::TopologyView *>()) {
                if (!drawing->isVisibleTo(m_window.get()))
                    continue;
                drawing->select(drawing->picture().graph.nodes.front().key);
                check(*drawing);
            }
            for (auto *grid : shown->findChildren<charts::HeatGrid *>()) {
                if (!grid->isVisibleTo(m_window.get()))
                    continue;
                grid->setFocus();
                QTest::keyClick(grid, Qt::Key_Right);
                check(*grid);
            }
            // What was not asked for yet cannot be exported.
        const bool answersQuestions = page == QLatin1String("lookup") || page == QLatin1String("feeds");
        QVERIFY2(answersQuestions || !shown->asCsv().isEmpty(), "Ctrl+E has nothing to export");
        }
        QVERIFY(seen > 0);
        QVERIFY2(faults.isEmpty(), qPrintable(QStringLiteral("\n  ") + faults.join(QStringLiteral("\n  "))));
    }

    void rowsStayUnderThePointerThroughAHundredTicks_data() { addPages(); }
    void rowsStayUnderThePointerThroughAHundredTicks()
    {
        QFETCH(QString, page);
        QFETCH(QSize, size);
        fixtures::Churn churn;
        open(page, churn.next(), size);
        auto *shown = m_window->currentPage();
        if (page == QLatin1String("shards"))
            shown->toggleTable();
        m_window->showSnapshot(churn.next());
        QCoreApplication::processEvents();
        std::vector<std::pair<QAbstractItemView *, QStringList>> held;
        for (auto *view : shown->findChildren<QAbstractItemView *>()) {
            if (!view->isVisibleTo(m_window.get()) || qobject_cast<QHeaderView *>(view))
                continue;
            // Ordered by what changes, so that there is a reason to move.
            if (auto *table = qobject_cast<pages::FactTable *>(view)) {
                const auto &columns = table->facts()->columns();
                const auto number = std::find_if(columns.begin(), columns.end(),
                                                 [](const auto &column) { return column.holds == models::FactColumn::Holds::Number; });
                if (number != columns.end() && !table->horizontalHeader()->isHidden())
                    Q_EMIT table->horizontalHeader()->sectionClicked(int(number - columns.begin()));
            } else if (auto *plain = qobject_cast<QTableView *>(view); plain && plain->isSortingEnabled()) {
                plain->sortByColumn(models::ShardModel::Writes, Qt::DescendingOrder);
            }
            QEnterEvent enter(QPointF(20, 20), QPointF(20, 20), QPointF(20, 20));
            QCoreApplication::sendEvent(view, &enter);
            view->viewport()->setAttribute(Qt::WA_UnderMouse);
            QCoreApplication::sendEvent(view->viewport(), &enter);
            held.emplace_back(view, rowsOf(*view));
        }
        QVERIFY(!held.empty());
        for (int tick = 2; tick < fixtures::Churn::ticks; ++tick) {
            m_window->showSnapshot(churn.next());
            for (const auto &[view, before] : held) {
                const QStringList now = rowsOf(*view);
                QVERIFY2(nobodyMoved(before, now), qPrintable(QStringLiteral("tick %1, %2:\n  %3\n  were\n  %4")
                                                       .arg(QString::number(tick), calledOf(*view), now.join(QStringLiteral(" | ")),
                                                            before.join(QStringLiteral(" | ")))));
            }
        }
    }
};

QTEST_MAIN(ReachTest)
#include "test_reach.moc"
