// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/overview/PageBench.h"
#include "ui/pages/overview/HeadlineRow.h"
#include "ui/pages/overview/OverviewPage.h"
#include "ui/pages/overview/ProblemListView.h"
#include "ui/pages/overview/ProblemsPanel.h"
#include "ui/pages/overview/RegionsPanel.h"
#include "ui/pages/overview/TrafficCharts.h"

#include <QSignalSpy>
#include <QtTest>

using namespace shardlens;
using namespace shardlens::ui;
using pages::OverviewPage;

class OverviewPageTest : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<theme::Theme> m_theme;

    static std::unique_ptr<OverviewPage> pageOf(const facts::SnapshotPtr &snapshot, QSize size, const observe::History *history = nullptr)
    {
        auto page = std::make_unique<OverviewPage>(pages::PageContext{snapshot->fleet, history, std::make_shared<base::SystemClock>()});
        page->setAutoFillBackground(true);
        page->resize(size);
        page->showSnapshot(snapshot);
        page->show();
        QCoreApplication::processEvents();
        return page;
    }

private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<theme::Theme>(*qApp); }

    void everyStateLooksRight_data()
    {
        QTest::addColumn<QString>("state");
        QTest::addColumn<QSize>("size");
        QTest::addColumn<QString>("sizeName");
        for (const auto &[name, make] : tests::states())
            for (const auto &size : tests::pageSizes)
                QTest::addRow("%s at %s", name, size.name) << QString::fromLatin1(name) << size.size << QString::fromLatin1(size.name);
    }
    void everyStateLooksRight()
    {
        QFETCH(QString, state);
        QFETCH(QSize, size);
        QFETCH(QString, sizeName);
        facts::SnapshotPtr snapshot;
        for (const auto &[name, make] : tests::states())
            if (state == QLatin1String(name))
                snapshot = make();
        const auto history = tests::historyOf(snapshot);
        for (const auto mode : {theme::Theme::Mode::Light, theme::Theme::Mode::Dark}) {
            m_theme->setMode(mode);
            const auto page = pageOf(snapshot, size, history.get());
            QCoreApplication::processEvents();
            tests::savePicture(*page, QStringLiteral("overview-%1-%2-%3").arg(state, sizeName, theme::Theme::name(mode)));
        }
        m_theme->setMode(theme::Theme::Mode::Light);
    }
};

QTEST_MAIN(OverviewPageTest)
#include "OverviewPageTest.moc"
