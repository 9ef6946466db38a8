// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format/Beginning.h"

namespace shardlens::ui::format {

QString beginningOf(const QString &sentence, qsizetype letters, const QString &none)
{
    if (sentence.size() <= letters)
        return sentence;
    QString words = sentence.left(letters);
    while (!words.isEmpty() && (!sentence.at(words.size()).isSpace() || words.back().isDigit() || words.back().isSpace() || words.back().isPunct()))
        words.chop(1);
    return words.isEmpty() ? none : words + QChar(0x2026);
}

QString widestBeginning(qsizetype letters)
{
    return QString(letters + 1, QLatin1Char('n'));
}

} // namespace shardlens::ui::format
