// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/Actions.h"

#include <QCoreApplication>

namespace shardlens::ui::shell {

namespace {

struct ActionsWords {
    Q_DECLARE_TR_FUNCTIONS(shardlens::ui::shell::Actions)
};

QList<QKeySequence> keys(std::initializer_list<const char *> list)
{
    QList<QKeySequence> result;
    for (const char *key : list)
        result << QKeySequence(QString::fromLatin1(key), QKeySequence::PortableText);
    return result;
}

} // namespace

std::vector<ActionSpec> actionTable()
{
    const auto tr = [](const char *text) { return ActionsWords::tr(text); };
    return {
        {ActionId::Find, tr("Find or paste…"), keys({"Ctrl+K"}), QStringLiteral("search")},
        {ActionId::Back, tr("Go back"), keys({"Alt+Left"}), QStringLiteral("back")},
        {ActionId::Forward, tr("Go forward"), keys({"Alt+Right"}), QStringLiteral("forward")},
        {ActionId::NextPane, tr("Go to the next pane"), keys({"F6"}), {}},
        {ActionId::NextProblem, tr("Go to the next problem"), keys({"F8"}), {}},
        {ActionId::PreviousProblem, tr("Go to the previous problem"), keys({"Shift+F8"}), {}},
        {ActionId::Filter, tr("Filter this page"), keys({"Ctrl+F"}), {}},
        {ActionId::TableTwin, tr("Show as a table"), keys({"Ctrl+T"}), QStringLiteral("table")},
        {ActionId::Inspect, tr("Inspect what is selected"), keys({"Ctrl+I"}), QStringLiteral("lookup")},
        {ActionId::CopyLink, tr("Copy a link to this view"), keys({"Ctrl+Shift+L"}), QStringLiteral("copy")},
        {ActionId::ExportCsv, tr("Export as CSV…"), keys({"Ctrl+E"}), QStringLiteral("export")},
        {ActionId::ExportPicture, tr("Export as PNG…"), {}, {}},
        {ActionId::ReadAgain, tr("Read again now"), keys({"F5"}), QStringLiteral("refresh")},
        {ActionId::Hold, tr("Hold the picture"), keys({"Ctrl+H"}), {}},
        {ActionId::TextBigger, tr("Make text bigger"), keys({"Ctrl++", "Ctrl+="}), {}},
        {ActionId::TextSmaller, tr("Make text smaller"), keys({"Ctrl+-"}), {}},
        {ActionId::TextNormal, tr("Set text to 100 %"), keys({"Ctrl+0"}), {}},
        {ActionId::ThemeSystem, tr("Follow the system's colours"), {}, QStringLiteral("theme")},
        {ActionId::ThemeLight, tr("Use light colours"), {}, {}},
        {ActionId::ThemeDark, tr("Use dark colours"), {}, {}},
        {ActionId::FullScreen, tr("Fill the screen"), keys({"F11"}), {}},
        {ActionId::Settings, tr("Open settings…"), keys({"Ctrl+,"}), {}},
        {ActionId::OpenFleet, tr("Open another fleet…"), {}, QStringLiteral("open")},
        {ActionId::Menu, tr("Open the menu"), keys({"F10"}), {}},
        {ActionId::Keys, tr("Show the keys"), keys({"F1"}), QStringLiteral("help")},
        {ActionId::Quit, tr("Close this window"), keys({"Ctrl+Q"}), {}},
    };
}

std::vector<PageKey> pageKeys()
{
    const auto tr = [](const char *text) { return ActionsWords::tr(text); };
    return {
        {QStringLiteral("Enter"), tr("Open what is selected")},
        {QStringLiteral("Ctrl+C"), tr("Copy the selected rows")},
        {QStringLiteral("Menu"), tr("Tables, charts, drawings: copy, order, save the picture")},
        {QStringLiteral("Ctrl+Enter"), tr("Confirm an armed plan")},
        {QStringLiteral("Ctrl+Shift+X"), tr("Cancel and undo a running operation")},
        {QStringLiteral("Esc"), tr("Close the top thing")},
        {QStringLiteral("Backspace"), tr("Inspector: back to the thing before")},
        {QStringLiteral("Ctrl+V"), tr("Find what is pasted, without a field focused")},
        {QStringLiteral("Left, Right"), tr("Charts: move the cross-hair; with Shift pick a span")},
        {QStringLiteral("+, -, ="), tr("Heat grid: zoom in, out, and reset")},
        {QStringLiteral("N, Shift+N"), tr("Heat grid: next and previous cell with a problem")},
        {QStringLiteral("Page Up, Page Down"), tr("Heat grid: previous and next block")},
        {QStringLiteral("0 to 9"), tr("Heat grid: jump to a shard's number; Look-up: choose a reading")},
        {QStringLiteral("Ctrl+wheel"), tr("Heat grid: zoom about the pointer")},
    };
}

QKeySequence pageKey(int index)
{
    return index >= 0 && index < 9 ? QKeySequence(QStringLiteral("Ctrl+%1").arg(index + 1), QKeySequence::PortableText) : QKeySequence();
}

} // namespace shardlens::ui::shell
