// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/Subject.h"

#include <QString>
#include <QVariantMap>

namespace shardlens::ui::shell {

/// A view of a fleet as a link: page, the page's view state, what is inspected.
/// "shardlens://insta-main/replication?cluster=u1&range=1#server:u1-us-west". No host name, no secret, nothing observed.
struct ViewLink {
    QString fleet; ///< its name in the fleet file
    QString page;
    QVariantMap state;
    pages::Subject subject;
    bool operator==(const ViewLink &) const = default;

    [[nodiscard]] QString toText() const;
};

/// A link, or what is wrong with it in a sentence.
struct ReadLink {
    ViewLink link;
    QString error; ///< empty if the link could be read
};
[[nodiscard]] ReadLink readLink(const QString &text);
[[nodiscard]] bool looksLikeLink(const QString &text); ///< starts as one

/// "server:u1-us-west", "shard:users/12"; empty for nothing.
[[nodiscard]] QString subjectText(const pages::Subject &subject);
[[nodiscard]] pages::Subject subjectFrom(const QString &text); ///< monostate where it names nothing

} // namespace shardlens::ui::shell
