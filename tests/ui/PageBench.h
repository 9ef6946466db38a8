// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/fixtures/Snapshots.h"
#include "ui/pages/Page.h"
#include "ui/theme/Theme.h"

#include <QApplication>
#include <QDir>
#include <QPixmap>
#include <QTest>

#include <map>
#include <memory>

namespace shardlens::tests {

/// The sizes of a page inside the windows that must look right.
struct PageSize {
    const char *name;
    QSize size;
};
inline constexpr PageSize pageSizes[] = {{"1024x700", {952, 604}}, {"1280x800", {1088, 704}}, {"2560x1440", {2328, 1336}}};

/// The incident as somebody sees it who may not act, as the fleet is only looked at or their role allows none: the directory was read.
inline facts::SnapshotPtr refused(facts::ClaimRefusal refusal, const char *you)
{
    auto fleet = std::make_shared<fleet::Fleet>(*fixtures::defaultFleet());
    fleet->acting = refusal != facts::ClaimRefusal::LookOnly;
    fleet->access.users.push_back({"support1", fleet::Role::Support, {}});
    auto snapshot = std::make_shared<facts::Snapshot>(*fixtures::incident());
    auto shared = std::make_shared<facts::Shared>();
    shared->readAt = snapshot->takenAt;
    shared->readUtc = snapshot->takenUtc;
    shared->you = you;
    shared->whoMay = {"oncall1"};
    shared->refusal = refusal;
    snapshot->fleet = fleet;
    snapshot->shared = shared;
    return snapshot;
}

/// The fixtures by name.
inline const std::vector<std::pair<const char *, facts::SnapshotPtr>> &states()
{
    static const std::vector<std::pair<const char *, facts::SnapshotPtr>> all{
        {"well", fixtures::well()},       {"incident", fixtures::incident()}, {"lagging", fixtures::lagging()}, {"slow", fixtures::slowRegion()},
        {"partly-down", fixtures::partlyDown()}, {"asking", fixtures::asking()},     {"all-down", fixtures::allDown()},
        {"services", fixtures::servicesTroubled()}, {"slept", fixtures::slept()}, {"never-seen", fixtures::neverSeen()},
        {"look-only", refused(facts::ClaimRefusal::LookOnly, "oncall1")}, {"no-rights", refused(facts::ClaimRefusal::Role, "support1")}};
    return all;
}

inline facts::SnapshotPtr stateNamed(const QString &name)
{
    for (const auto &[known, snapshot] : states())
        if (name == QLatin1String(known))
            return snapshot;
    return nullptr;
}

/// A history in which the fleet was well for an hour and as the snapshot says for the last `lately`.
inline std::shared_ptr<observe::History> historyOf(const facts::SnapshotPtr &snapshot, std::chrono::seconds lately = std::chrono::seconds(60))
{
    static std::map<const facts::Snapshot *, std::shared_ptr<observe::History>> made; // recording takes its time
    auto &history = made[snapshot.get()];
    if (history)
        return history;
    history = std::make_shared<observe::History>();
    const auto record = [&](const facts::Snapshot &from, std::chrono::seconds begin, std::chrono::seconds end) {
        for (auto ago = begin; ago > end; ago -= std::chrono::seconds(1)) {
            auto moment = from;
            moment.takenUtc = snapshot->takenUtc - ago;
            history->record(moment);
        }
    };
    record(*states().front().second, std::chrono::seconds(1500), lately);
    record(*snapshot, lately, std::chrono::seconds(-1));
    return history;
}

/// Lets queued layouts and replots happen; nobody is at the keyboard.
inline void settle(QWidget &page)
{
    for (int turn = 0; turn < 4; ++turn)
        QCoreApplication::processEvents();
    if (QWidget *focused = page.focusWidget())
        focused->clearFocus();
}

/// As the window shows a page, with a snapshot, painted once.
inline void present(ui::pages::Page &page, const facts::SnapshotPtr &snapshot, QSize size)
{
    page.setAutoFillBackground(true);
    page.resize(size);
    page.showSnapshot(snapshot);
    page.show();
    settle(page);
}

/// A page that nobody answers.
template <class Page>
std::unique_ptr<Page> pageOf(const facts::SnapshotPtr &snapshot, QSize size, const observe::History *history = nullptr)
{
    auto page = std::make_unique<Page>(ui::pages::PageContext{snapshot->fleet, history, std::make_shared<base::SystemClock>()});
    present(*page, snapshot, size);
    return page;
}

/// Saves a picture where SHARDLENS_PICTURES names a folder; the tests do not compare pictures, people do.
inline void savePicture(QWidget &page, const QString &name)
{
    const QString folder = qEnvironmentVariable("SHARDLENS_PICTURES");
    if (folder.isEmpty())
        return;
    QDir().mkpath(folder);
    QVERIFY(page.grab().save(QDir(folder).filePath(name + QStringLiteral(".png"))));
}

} // namespace shardlens::tests
