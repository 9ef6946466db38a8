// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRegularExpression>
#include <QTest>

namespace shardlens::tests {

/// To be called from a test's init(): a warning of ours or Qt's fails the running test function, except what the offscreen
/// platform says of itself: whenever a window's least size changes, or a menu opens.
inline void failOnUnexpectedWarnings()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support (propagateSizeHints|raise|grabbing the keyboard))")));
}

} // namespace shardlens::tests
