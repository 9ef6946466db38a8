// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/DraftView.h"

#include <QObject>
#include <QStringList>

#include <memory>

namespace shardlens::app {

/// Asks addresses what they are and holds the drafted fleet file. Read-only; the asking runs in threads of its own. GUI thread.
class AddressDraft : public QObject
{
    Q_OBJECT

public:
    explicit AddressDraft(QObject *parent = nullptr);
    ~AddressDraft() override;

    void start(const QStringList &addresses, const QString &user, bool follows);
    void cancel(); ///< ready() follows with what is known by then, or failed()
    [[nodiscard]] ui::shell::DraftView::Content content() const;
    [[nodiscard]] QByteArray toml() const;

Q_SIGNALS:
    void progressed(const QString &line);
    void ready();
    void failed(const QString &why); ///< an address or a secret is not one, or nobody answered

private:
    struct Private;
    std::unique_ptr<Private> m_d;
};

} // namespace shardlens::app
