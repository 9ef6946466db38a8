// SPDX-License-Identifier: GPL-3.0-or-later
// The console's ways to a fleet: a file, one that is broken, one opened before, a region that is not there, and addresses.
#include "app/shardlens/AddressDraft.h"
#include "app/shardlens/FleetOpener.h"
#include "core/fleet/FleetFile.h"
#include "core/inspect/discover/Draft.h"
#include "core/record/HistoryPath.h"
#include "tests/fakes/FakePeers.h"
#include "tests/ui/Warnings.h"
#include "ui/shell/DraftView.h"
#include "ui/shell/MainWindow.h"
#include "ui/shell/MessageView.h"
#include "ui/shell/Session.h"
#include "ui/shell/StartView.h"
#include "ui/shell/StripStack.h"
#include "ui/theme/Theme.h"
#include "ui/theme/widgets/FlatButton.h"

#include <QApplication>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QSettings>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>

using namespace shardlens;
using app::AddressDraft;
using app::FleetOpener;
using ui::shell::DraftView;
using ui::shell::MainWindow;
using ui::shell::MessageView;
using ui::shell::StartView;

namespace {

/// A memcached that says what it is asked on the first day, and that it is no Postgres.
class FirstDayCache final : public fakes::Dialect
{
public:
    std::vector<Reply> take(std::string_view bytes) override
    {
        if (bytes.starts_with('\0'))
            return {{{}, false, true}};
        std::vector<Reply> replies;
        m_unread.append(bytes);
        for (auto end = m_unread.find("\r\n"); end != std::string::npos; end = m_unread.find("\r\n")) {
            const std::string asked = m_unread.substr(0, end);
            m_unread.erase(0, end + 2);
            if (asked == "version")
                replies.push_back({"VERSION 1.6.18\r\n", true, false});
            else if (asked == "stats")
                replies.push_back({"STAT pid 7\r\nSTAT version 1.6.18\r\nSTAT curr_items 3\r\nEND\r\n", true, false});
            else
                replies.push_back({"ERROR\r\n", true, false});
        }
        return replies;
    }

private:
    std::string m_unread;
};

/// Two peers on loopback: one that is recognised, and one where nothing listens.
struct Peers {
    Peers() { gone.setMood(fakes::Mood::Refuses); }
    static QString addressOf(const fakes::FakePeer &peer) { return QStringLiteral("127.0.0.1:%1").arg(peer.port()); }

    fakes::FakePeers all;
    fakes::FakePeer &cache = all.add([] { return std::make_unique<FirstDayCache>(); });
    fakes::FakePeer &gone = all.add([] { return std::make_unique<FirstDayCache>(); });
};

/// A fleet file of one server, at a port where nothing listens.
QByteArray goodFile()
{
    using namespace inspect::discover;
    Finding finding;
    finding.address = {{"127.0.0.1", 1}, {}, "named", false, false};
    finding.numericHost = "127.0.0.1";
    finding.kind = Kind::Memcached;
    MemcachedTold told;
    told.version = "1.6.18";
    finding.told = told;
    Login login;
    login.user = "looker";
    return QByteArray::fromStdString(draftFleet({finding}, login, {}).toml());
}

/// The view that the window without a fleet shows; null if it shows another, or there is no such window.
template <class View>
View *shown()
{
    for (QWidget *window : QApplication::topLevelWidgets()) {
        const auto *main = qobject_cast<QMainWindow *>(window);
        if (auto *view = main && main->isVisible() ? qobject_cast<View *>(main->centralWidget()) : nullptr)
            return view;
    }
    return nullptr;
}

MainWindow *console()
{
    for (QWidget *window : QApplication::topLevelWidgets()) {
        if (auto *main = qobject_cast<MainWindow *>(window); main && main->isVisible())
            return main;
    }
    return nullptr;
}

bool says(const QWidget &view, const QString &words)
{
    const auto labels = view.findChildren<QLabel *>();
    return std::any_of(labels.begin(), labels.end(),
                       [&](const QLabel *label) { return label->isVisibleTo(&view) && label->text().contains(words); });
}

ui::theme::FlatButton *buttonSaying(const QWidget &view, const QString &words)
{
    for (auto *button : view.findChildren<ui::theme::FlatButton *>()) {
        if (button->text() == words || button->accessibleName() == words)
            return button;
    }
    return nullptr;
}

} // namespace

class TestFleetOpener : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<ui::theme::Theme> m_theme;
    std::unique_ptr<QSettings> m_settings;

    [[nodiscard]] QString file() const { return m_folder->filePath(QStringLiteral("fleet.toml")); }
    bool write(const QByteArray &content) const
    {
        QFile out(file());
        return out.open(QIODevice::WriteOnly) && out.write(content) == content.size();
    }
    std::unique_ptr<FleetOpener> begun(const QString &fleetFile, const QString &from = {})
    {
        app::Options options;
        options.fleetFile = fleetFile;
        options.from = from;
        auto opener = std::make_unique<FleetOpener>(options, *m_theme, *m_settings);
        opener->begin();
        return opener;
    }
    static void ask(const StartView &view, const QString &addresses)
    {
        auto *field = view.findChildren<QLineEdit *>().at(0);
        field->setText(addresses);
        QTest::keyClick(field, Qt::Key_Return);
    }

private Q_SLOTS:
    void initTestCase()
    {
        QGuiApplication::setQuitOnLastWindowClosed(false);
        m_theme = std::make_unique<ui::theme::Theme>(*qApp);
        for (const char *name : {"PGUSER", "PGPASSWORD", "PGPASSFILE", "PGSERVICE", "PGSSLMODE", "PGSSLROOTCERT", "REDISCLI_AUTH"})
            qunsetenv(name);
    }
    void init()
    {
        tests::failOnUnexpectedWarnings();
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
        QFile::setPermissions(m_folder->path(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        for (const char *place : {"XDG_RUNTIME_DIR", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"})
            qputenv(place, m_folder->path().toLocal8Bit());
        m_settings = std::make_unique<QSettings>(m_folder->filePath(QStringLiteral("console.ini")), QSettings::IniFormat);
    }

    void aGoodFileOpensAConsoleAndIsKnownFromThen()
    {
        QVERIFY(write(goodFile()));
        {
            const auto opener = begun(file());
            const MainWindow *window = console();
            QVERIFY(window);
            QCOMPARE(window->fleetName(), QStringLiteral("my-fleet"));
            QVERIFY(window->strips()->text(ui::shell::StripKind::LookOnly)); // a draft is looked at only
            QVERIFY(!shown<StartView>() && !shown<MessageView>());
            QCOMPARE(ui::shell::Session::knownFiles(*m_settings), QStringList(file()));
            const auto fleet = fleet::readFleetFile(file().toStdString());
            QVERIFY(fleet.has_value());
            QTRY_VERIFY(QFile::exists(record::historyPath(*fleet))); // its history is kept
        }
        QVERIFY(!console());
        const auto opener = begun({});
        const StartView *start = shown<StartView>();
        QVERIFY(start);
        auto *known = buttonSaying(*start, file());
        QVERIFY(known && known->isEnabled());
        known->click();
        QTRY_VERIFY(console());
        QVERIFY(!shown<StartView>());
    }

    void aBrokenFileIsToldAndReadAgain()
    {
        QVERIFY(write(goodFile() + "\n[[servr]]\nname = \"x\"\n"));
        const auto opener = begun(file());
        const auto *view = shown<MessageView>();
        QVERIFY(view);
        QVERIFY(!console());
        const auto broken = fleet::readFleetFile(file().toStdString());
        QVERIFY(!broken.has_value() && !broken.error().complaints.empty());
        for (const fleet::Complaint &complaint : broken.error().complaints) {
            const QString sentence = QString::fromStdString(fleet::sentence(complaint, "fleet.toml"));
            QVERIFY2(says(*view, sentence), qPrintable(sentence));
        }
        QVERIFY(says(*view, QStringLiteral("Nothing of it was loaded.")));
        QVERIFY2(view->window()->windowTitle().startsWith(QStringLiteral("fleet.toml was not taken: ")), qPrintable(view->window()->windowTitle()));
        QVERIFY(ui::shell::Session::knownFiles(*m_settings).isEmpty());

        QVERIFY(write(goodFile()));
        buttonSaying(*view, QStringLiteral("Read it again"))->click();
        QTRY_VERIFY(console());
        QVERIFY(!shown<MessageView>());
    }

    void aRegionThatIsNotThereIsTold()
    {
        QVERIFY(write(goodFile()));
        const auto opener = begun(file(), QStringLiteral("mars"));
        const auto *view = shown<MessageView>();
        QVERIFY(view);
        QVERIFY(!console());
        QCOMPARE(view->window()->windowTitle(), QStringLiteral("fleet.toml has no such region to look from"));
        QVERIFY(says(*view, QStringLiteral("there is no region 'mars'. Expected one of ")));
    }

    void anAddressThatIsNoneSaysWhy()
    {
        AddressDraft draft;
        QSignalSpy failed(&draft, &AddressDraft::failed);
        draft.start({QStringLiteral("db1:5432"), QStringLiteral("db2:x")}, {}, false);
        QCOMPARE(failed.count(), 1);
        const QString why = failed.first().first().toString();
        QVERIFY2(why.startsWith(QStringLiteral("'db2:x' is not an address: expected host, host:port")), qPrintable(why));
        QVERIFY2(why.endsWith(QLatin1Char('.')), qPrintable(why));
    }

    void whereNobodyAnswersTheDoorSaysWhy()
    {
        Peers peers;
        const auto opener = begun({});
        const auto *start = shown<StartView>();
        QVERIFY(start);
        ask(*start, Peers::addressOf(peers.gone));
        const QString why = QStringLiteral("No server was recognised: there is nothing to draft.\n%1: ").arg(Peers::addressOf(peers.gone));
        QTRY_VERIFY_WITH_TIMEOUT(says(*start, why), 10000);
        QVERIFY(buttonSaying(*start, QStringLiteral("Draft a fleet file"))->isVisible());
        QCOMPARE(shown<StartView>(), start);
    }

    void addressesLeadToADraftAndBack()
    {
        Peers peers;
        const auto opener = begun({});
        QVERIFY(shown<StartView>());
        ask(*shown<StartView>(), Peers::addressOf(peers.cache) + QStringLiteral(", ") + Peers::addressOf(peers.gone));
        QTRY_VERIFY_WITH_TIMEOUT(shown<DraftView>(), 10000);
        const auto *view = shown<DraftView>();
        QVERIFY(view->findChild<QTableView *>()->model()->rowCount() > 10);
        QVERIFY(says(*view, QStringLiteral("Not in the draft:\n") + Peers::addressOf(peers.gone) + QStringLiteral(": ")));
        buttonSaying(*view, QStringLiteral("Back"))->click();
        QTRY_VERIFY(shown<StartView>());
    }

    void aDraftIsAFleetFileWithEvidence()
    {
        Peers peers;
        AddressDraft draft;
        QSignalSpy ready(&draft, &AddressDraft::ready);
        QSignalSpy progressed(&draft, &AddressDraft::progressed);
        draft.start({Peers::addressOf(peers.cache), Peers::addressOf(peers.gone)}, QStringLiteral("looker"), false);
        QTRY_COMPARE_WITH_TIMEOUT(ready.count(), 1, 10000);
        QCOMPARE(progressed.count(), 2);
        const DraftView::Content content = draft.content();
        QCOMPARE(content.servers, 1);
        const auto lineOf = [&](const QString &text) {
            const auto found = std::find_if(content.lines.begin(), content.lines.end(),
                                            [&](const DraftView::Line &line) { return line.text == text; });
            return found == content.lines.end() ? DraftView::Line() : *found;
        };
        QCOMPARE(lineOf(QStringLiteral("acting = false")).evidence, QStringLiteral("look-only until you switch it on"));
        QVERIFY(!lineOf(QStringLiteral("address = \"%1\"").arg(Peers::addressOf(peers.cache))).evidence.isEmpty());
        QVERIFY(lineOf(QStringLiteral("hashing = \"ketama\"")).sureness == DraftView::Line::Sureness::Guess);
        QVERIFY2(content.leftOut.join(QLatin1Char('\n')).startsWith(Peers::addressOf(peers.gone)), qPrintable(content.leftOut.join(QLatin1Char('\n'))));

        // What is saved loads, is only looked at, and counts as production.
        QVERIFY(write(draft.toml()));
        const auto fleet = fleet::readFleetFile(file().toStdString());
        QVERIFY2(fleet.has_value(), fleet ? "" : fleet.error().complaints.front().what.c_str());
        QCOMPARE(fleet->servers.size(), std::size_t(1));
        QVERIFY(!fleet->acting);
        QVERIFY(fleet->environment == fleet::Environment::Production);
    }
};

QTEST_MAIN(TestFleetOpener)
#include "test_fleet_opener.moc"
