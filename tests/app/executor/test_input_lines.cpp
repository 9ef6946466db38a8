// SPDX-License-Identifier: GPL-3.0-or-later
// Lines from a pipe: two that come at once are two, one that comes in parts is one, and what no line's end follows is none.
#include "app/executor/InputLines.h"

#include <QTest>

#include <array>

#include <unistd.h>

using namespace shardlens;

class TestInputLines : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QCOMPARE(::pipe(m_pipe.data()), 0); }
    void cleanup() { ::close(m_pipe[0]); }
    void linesComeAsTheyWereSent();

private:
    void write(const char *text) const { QCOMPARE(::write(m_pipe[1], text, qstrlen(text)), ssize_t(qstrlen(text))); }

    std::array<int, 2> m_pipe{};
};

void TestInputLines::linesComeAsTheyWereSent()
{
    executor::InputLines input(m_pipe[0]);
    write("the request\ngo\n");
    QCOMPARE(input.next(), std::optional<std::string>("the request"));
    QVERIFY(input.hasLine() && !input.hasEnded());
    QCOMPARE(input.next(), std::optional<std::string>("go"));
    QVERIFY(!input.hasLine());
    write("in two ");
    input.readSome();
    QVERIFY(!input.hasLine());
    write("parts\nhalf a li");
    input.readSome();
    QVERIFY(input.hasLine());
    QCOMPARE(input.next(), std::optional<std::string>("in two parts"));
    ::close(m_pipe[1]);
    QCOMPARE(input.next(), std::optional<std::string>());
    QVERIFY(input.hasEnded());
}

QTEST_GUILESS_MAIN(TestInputLines)
#include "test_input_lines.moc"
