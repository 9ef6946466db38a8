// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/secrets/Secrets.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace shardlens;
using base::ErrorCode;
using Kind = fleet::SecretSource::Kind;

class TestSecrets : public QObject
{
    Q_OBJECT

    QTemporaryDir m_dir;

    std::string write(const QString &name, const QByteArray &text, QFile::Permissions permissions = QFile::ReadOwner | QFile::WriteOwner)
    {
        QFile file(m_dir.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("cannot write a test's file");
        file.setPermissions(permissions);
        return file.fileName().toStdString();
    }

private Q_SLOTS:
    void readsPgpass_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("secret"); // null: no line fits
        QTest::newRow("a line that names all four") << QByteArray("db1:5432:insta:me:one\n") << "one";
        QTest::newRow("the first of two that fit") << QByteArray("db1:5432:*:me:first\ndb1:5432:insta:me:second\n") << "first";
        QTest::newRow("wildcards in every field") << QByteArray("*:*:*:*:any\n") << "any";
        QTest::newRow("an escaped star is no wildcard") << QByteArray("\\*:5432:insta:me:no\n") << QString();
        QTest::newRow("another port") << QByteArray("db1:5433:insta:me:no\n") << QString();
        QTest::newRow("escaped colons and backslashes in the secret") << QByteArray("db1:5432:insta:me:a\\:b\\\\c\n") << "a:b\\c";
        QTest::newRow("a comment, an empty line, a line too short") << QByteArray("# x\n\ndb1:5432\ndb1:5432:insta:me:late\n") << "late";
        QTest::newRow("no newline at the end, a return before it") << QByteArray("db1:5432:insta:me:end\r") << "end";
        QTest::newRow("an empty file") << QByteArray() << QString();
    }
    void readsPgpass()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, secret);
        const auto found = secrets::resolve({Kind::Pgpass, write("pgpass", text)}, {"db1", 5432, "insta", "me"});
        if (secret.isNull()) {
            QVERIFY(!found);
            QCOMPARE(found.error().code, ErrorCode::NotFound);
        } else {
            QVERIFY(found);
            QCOMPARE(QString::fromStdString(*found), secret);
        }
    }

    void anEscapedColonMakesOneName()
    {
        const auto found =
            secrets::resolve({Kind::Pgpass, write("pgpass", "fe80\\:\\:1:5432:insta:me:six\n")}, {"fe80::1", 5432, "insta", "me"});
        QVERIFY(found);
        QCOMPARE(*found, std::string("six"));
    }

    void refusesAFileThatOthersMayRead()
    {
        const auto loose = QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup;
        for (const auto kind : {Kind::File, Kind::Pgpass}) {
            const auto refused = secrets::resolve({kind, write("loose", "*:*:*:*:told\n", loose)}, {});
            QVERIFY(!refused);
            QCOMPARE(refused.error().code, ErrorCode::NoRights);
            QVERIFY(refused.error().message.find("told") == std::string::npos);
        }
    }

    void readsTheFirstLineOfAFile()
    {
        QCOMPARE(*secrets::resolve({Kind::File, write("secret", "hush\nsecond\n")}, {}), std::string("hush"));
        const auto missing = secrets::resolve({Kind::File, m_dir.filePath("nowhere").toStdString()}, {});
        QVERIFY(!missing);
        QCOMPARE(missing.error().code, ErrorCode::NotFound);
    }

    void readsTheEnvironment()
    {
        qputenv("SHARDLENS_TEST_SECRET", "from outside");
        QCOMPARE(*secrets::resolve({Kind::Environment, "SHARDLENS_TEST_SECRET"}, {}), std::string("from outside"));
        qunsetenv("SHARDLENS_TEST_SECRET");
        QCOMPARE(secrets::resolve({Kind::Environment, "SHARDLENS_TEST_SECRET"}, {}).error().code, ErrorCode::NotFound);
    }

    void readsAService()
    {
        qputenv("PGSERVICEFILE",
                QByteArray::fromStdString(write("services", "[other]\npassword=no\n[mine]\nhost=db1\npassword=by service\n")));
        QCOMPARE(*secrets::resolve({Kind::Service, "mine"}, {}), std::string("by service"));
        QCOMPARE(secrets::resolve({Kind::Service, "nobody"}, {}).error().code, ErrorCode::NotFound);
        const std::string pgpass = write("service.pgpass", "db1:*:*:*:by its passfile\n");
        qputenv("PGSERVICEFILE",
                QByteArray::fromStdString(write("services", "[mine]\npassfile=" + QByteArray::fromStdString(pgpass) + "\n")));
        QCOMPARE(*secrets::resolve({Kind::Service, "mine"}, {"db1", 5432, "insta", "me"}), std::string("by its passfile"));
        qunsetenv("PGSERVICEFILE");
    }

    void asksTheKeychainOnlyThroughWhoeverReadsIt()
    {
        QCOMPARE(secrets::resolve({Kind::Keychain, "entry"}, {}).error().code, ErrorCode::Unavailable);
        const auto reader = [](const std::string &entry) -> base::Result<std::string> { return "secret of " + entry; };
        QCOMPARE(*secrets::resolve({Kind::Keychain, "entry"}, {}, reader), std::string("secret of entry"));
    }

    void noSourceIsNoSecret() { QCOMPARE(*secrets::resolve({}, {}), std::string()); }
};

QTEST_GUILESS_MAIN(TestSecrets)
#include "test_secrets.moc"
