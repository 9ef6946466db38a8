// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/fixtures/Lookups.h"
#include "tests/fixtures/Snapshots.h"
#include "tests/ui/PageBench.h"
#include "ui/pages/cache/CacheBoard.h"
#include "ui/pages/lookup/LookupBoard.h"

#include <QWidget>

#include <vector>

namespace shardlens::tests {

/// Somebody who is asked what pages ask, and answers when a test says so.
struct AskedBoard {
    struct Asked {
        ui::pages::LookupSeat seat;
        std::uint64_t number = 0;
        ui::pages::LookupQuestion question;
    };

    AskedBoard()
    {
        QObject::connect(&board, &ui::pages::LookupBoard::asked, &board,
                         [this](ui::pages::LookupSeat seat, std::uint64_t number, const ui::pages::LookupQuestion &question) {
                             asked.push_back({seat, number, question});
                         });
    }

    /// The newest question of this sort; null if none was asked.
    template <class Question>
    [[nodiscard]] const Question *newest() const
    {
        for (auto at = asked.rbegin(); at != asked.rend(); ++at) {
            if (const auto *question = std::get_if<Question>(&at->question))
                return question;
        }
        return nullptr;
    }
    template <class Value>
    void answer(const Value &value)
    {
        board.tell(asked.back().number, base::Result<Value>(value));
    }
    template <class Value>
    void refuse(const base::Error &error)
    {
        board.tell(asked.back().number, base::Result<Value>(base::fail(error)));
    }

    ui::pages::LookupBoard board;
    std::vector<Asked> asked;
};

/// A page of look-ups in sight, on the default fleet, at the moment of the fixtures.
template <class Page>
struct LookupBench {
    /// `acting`: the fleet file switches acting on, and the person is on call.
    explicit LookupBench(QSize size = {1088, 704}, bool acting = false)
        : snapshot(acting ? actedOn() : fixtures::well()), clock(std::make_shared<base::ManualClock>(fixtures::lookedUpAt()))
    {
        ui::pages::PageContext context{snapshot->fleet, nullptr, clock};
        context.lookups = &questions.board;
        context.caches = &caches;
        context.link = [](const QString &of, const QVariantMap &state) {
            return QStringLiteral("shardlens://insta-main/%1?look=%2&case=%3")
                .arg(of, state.value(QStringLiteral("look")).toString(), state.value(QStringLiteral("case")).toString());
        };
        page = std::make_unique<Page>(std::move(context));
        page->setAutoFillBackground(true);
        page->resize(size);
        page->showSnapshot(snapshot);
        page->show();
        settle(*page);
    }

    static facts::SnapshotPtr actedOn()
    {
        auto snapshot = std::make_shared<facts::Snapshot>(*fixtures::well());
        auto fleet = std::make_shared<fleet::Fleet>(*snapshot->fleet);
        fleet->acting = true;
        snapshot->fleet = std::move(fleet);
        return snapshot;
    }

    facts::SnapshotPtr snapshot;
    std::shared_ptr<base::ManualClock> clock;
    AskedBoard questions;
    ui::pages::CacheBoard caches;
    std::unique_ptr<Page> page;
};

} // namespace shardlens::tests
