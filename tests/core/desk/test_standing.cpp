// SPDX-License-Identifier: GPL-3.0-or-later
// As whom a console's person writes into the directory, and what keeps them from it.
#include "core/desk/Standing.h"

#include <QTest>

using namespace shardlens;
using desk::standingOf;
using facts::ClaimRefusal;
using fleet::Role;

using Users = std::vector<std::pair<const char *, Role>>;
Q_DECLARE_METATYPE(Users)

class TestStanding : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void speaks_data()
    {
        QTest::addColumn<Users>("users");
        QTest::addColumn<bool>("acting");
        QTest::addColumn<bool>("hasDirectory");
        QTest::addColumn<QString>("wanted");
        QTest::addColumn<QString>("user");
        QTest::addColumn<QString>("refusal");
        const Users shared{{"looker", Role::Observer}, {"ops1", Role::Ops}, {"oncall1", Role::OnCall}, {"support1", Role::Support}};
        QTest::newRow("on-call goes before ops") << shared << true << true << "" << "oncall1" << "none";
        QTest::newRow("the one that was named") << shared << true << true << "ops1" << "ops1" << "none";
        QTest::newRow("support may not, and is told so") << shared << true << true << "support1" << "support1" << "role";
        QTest::newRow("nor may who only looks") << shared << true << true << "looker" << "looker" << "role";
        QTest::newRow("a name that the file has not") << shared << true << true << "nobody" << "" << "no_user";
        QTest::newRow("a fleet that is only looked at") << shared << false << true << "" << "oncall1" << "look_only";
        QTest::newRow("a fleet without a directory") << shared << true << false << "" << "oncall1" << "no_directory";
        QTest::newRow("no person in the file") << Users{{"looker", Role::Observer}} << true << true << "" << "" << "no_user";
        QTest::newRow("who observes is a person") << Users{{"looker", Role::OnCall}, {"oncall2", Role::OnCall}} << true << true << "" << "looker" << "none";
        QTest::newRow("who observes is support") << Users{{"looker", Role::Support}, {"oncall2", Role::OnCall}} << true << true << "" << "looker" << "role";
        QTest::newRow("support alone") << Users{{"looker", Role::Observer}, {"support1", Role::Support}} << true << true << "" << "support1" << "role";
    }
    void speaks()
    {
        QFETCH(Users, users);
        QFETCH(bool, acting);
        QFETCH(bool, hasDirectory);
        QFETCH(QString, wanted);
        QFETCH(QString, user);
        QFETCH(QString, refusal);
        fleet::Fleet fleet;
        fleet.acting = acting;
        fleet.access.observer = "looker";
        for (const auto &[name, role] : users)
            fleet.access.users.push_back({name, role, {}});
        if (hasDirectory)
            fleet.directory = fleet::Directory{};
        const desk::Standing standing = standingOf(fleet, wanted.toStdString());
        QCOMPARE(standing.user ? QString::fromStdString(standing.user->name) : QString(), user);
        QCOMPARE(QString::fromUtf8(facts::name(standing.refusal).data()), refusal);
        QCOMPARE(standing.whoMay.size(), std::size_t(std::count_if(users.begin(), users.end(), [](const auto &one) { return one.second == Role::OnCall || one.second == Role::Ops; })));
    }
};

QTEST_APPLESS_MAIN(TestStanding)
#include "test_standing.moc"
