// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/inspect/discover/Draft.h"
#include "core/inspect/discover/Finding.h"
#include "core/inspect/discover/Login.h"

#include <QObject>

#include <memory>
#include <string>
#include <vector>

namespace shardlens::inspect::discover {

/// What to ask, and how.
struct Question {
    std::vector<Address> addresses;
    Login login;
    DraftWishes wishes;
    bool follows = false;              ///< addresses that servers mention are asked, too
    base::milliseconds patience{3000}; ///< for each step with one server
    base::milliseconds watching{1000}; ///< how long lag is sampled for thresholds
    unsigned atOnce = 16;              ///< servers asked beside each other
};

/// How far it is.
struct Progress {
    std::size_t asked = 0; ///< answered, or given up
    std::size_t known = 0; ///< addresses so far; grows while following
    std::string newest;    ///< "db1:5432: Postgres 15, primary", "db9:5432: connection refused"
};

/// Reads "host:port", "REGION=host:port", or a host alone, which stands for the usual ports of Postgres, pgbouncer, Redis and
/// memcached. Errors: BadInput, saying what was expected.
[[nodiscard]] base::Result<std::vector<Address>> readAddresses(const std::vector<std::string> &texts);

/// Asks addresses what they are, beside each other, each with its deadline, and drafts a fleet file from the answers. Read-only:
/// nothing is changed on any server, nothing is written anywhere. Lives in one thread with an event loop; the asking happens in
/// threads of its own. Used once. Destroying it cancels.
class Discovery : public QObject
{
    Q_OBJECT

public:
    explicit Discovery(Question question, QObject *parent = nullptr);
    ~Discovery() override;

    void start();
    void cancel();                                              ///< finished() follows with what is known by then
    [[nodiscard]] const std::vector<Finding> &findings() const; ///< in the order of their addresses; complete once finished

Q_SIGNALS:
    void progressed(const shardlens::inspect::discover::Progress &progress);
    void finished(const shardlens::inspect::discover::Draft &draft);

private:
    struct Private;
    void ask(const Address &address);
    void took(std::size_t place, Finding finding);
    void finish();

    std::unique_ptr<Private> m_d;
};

} // namespace shardlens::inspect::discover
