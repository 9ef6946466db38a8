// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/overview/PageBench.h"
#include "ui/pages/replication/ReplicationPage.h"

#include <QSignalSpy>
#include <QtTest>

using namespace shardlens;
using namespace shardlens::ui;
using pages::ReplicationPage;

class ReplicationPageTest : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<theme::Theme> m_theme;

    static std::unique_ptr<ReplicationPage> pageOf(const facts::SnapshotPtr &snapshot, QSize size, const observe::History *history = nullptr)
    {
        auto page = std::make_unique<ReplicationPage>(pages::PageContext{snapshot->fleet, history, std::make_shared<base::SystemClock>()});
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
            tests::savePicture(*page, QStringLiteral("replication-%1-%2-%3").arg(state, sizeName, theme::Theme::name(mode)));
        }
        m_theme->setMode(theme::Theme::Mode::Light);
    }
};

QTEST_MAIN(ReplicationPageTest)
#include "ReplicationPageTest.moc"
