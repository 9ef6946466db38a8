// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlens/LookerSource.h"

namespace shardlens::app {

using ui::pages::LookupQuestion;
using ui::pages::LookupResult;
namespace look = inspect::lookup;

namespace {

struct AskLooker {
    look::Looker &looker;
    mend::Mender &mender;

    LookupResult operator()(const look::Question &question) const { return looker.answer(question); }
    LookupResult operator()(const look::GraphQuestion &question) const { return looker.graph(question); }
    LookupResult operator()(const look::FeedQuestion &question) const { return looker.feed(question); }
    LookupResult operator()(const ui::pages::ExplainQuestion &question) const
    {
        return looker.explain(question.user, question.media, question.caseNumber);
    }
    LookupResult operator()(const ui::pages::CompareQuestion &question) const
    {
        return looker.compare(question.user, question.region, question.caseNumber);
    }
    LookupResult operator()(const ui::pages::BucketQuestion &question) const { return looker.verifyBucket(question.bucket); }
    LookupResult operator()(const ui::pages::MendQuestion &question) const
    {
        return question.undoes ? mender.planUndo(question.intent) : mender.plan(question.intent);
    }
    LookupResult operator()(const ui::pages::MendOrder &order) const { return mender.carryOut(order.plan, order.reason); }
};

} // namespace

LookupSource lookerSource(std::shared_ptr<const fleet::Fleet> fleet, look::LookerOptions options, std::shared_ptr<const base::Clock> clock)
{
    const auto looker = std::make_shared<look::Looker>(fleet, options, clock);
    const auto mender = std::make_shared<mend::Mender>(std::move(fleet), std::move(options), std::move(clock));
    return {[looker, mender](const LookupQuestion &question) { return std::visit(AskLooker{*looker, *mender}, question); },
            [looker, mender] {
                looker->cancel();
                mender->cancel();
            }};
}

} // namespace shardlens::app
