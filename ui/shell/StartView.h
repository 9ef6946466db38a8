// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <vector>

class QLabel;
class QLineEdit;
class QVBoxLayout;

namespace shardlens::ui::theme {
class FlatButton;
class Panel;
class TickBox;
} // namespace shardlens::ui::theme

namespace shardlens::ui::shell {

/// What a console shows without a fleet: three doors to one. Open a fleet file, or one that was open before; begin from addresses,
/// of which a fleet file is drafted; try a local fleet of real servers on this machine. GUI thread.
class StartView : public QWidget
{
    Q_OBJECT

public:
    /// `known`: fleet files that were open before, newest first. `note`: why this is shown, where there is a reason; may be empty.
    /// `hasLocalFleet`: its program is installed here.
    StartView(const QStringList &known, const QString &note, bool hasLocalFleet, QWidget *parent = nullptr);

    /// How bringing the local fleet up goes on: its newest line. While it runs its button is gone.
    void showLocalFleet(const QString &line, bool isRunning);
    /// The same of asking addresses what they are.
    void showDiscovery(const QString &line, bool isRunning);

Q_SIGNALS:
    void openRequested();
    void fileChosen(const QString &path);
    void localFleetRequested();
    /// `follows`: also the addresses that servers mention. An empty user: as libpq finds one.
    void discoveryRequested(const QStringList &addresses, const QString &user, bool follows);
    void discoveryCancelled();

private:
    std::vector<QWidget *> addFileDoor(const QStringList &known);
    void addAddressDoor();
    void addLocalDoor(bool hasLocalFleet);
    void askAddresses();
    [[nodiscard]] theme::Panel *addDoor(const QString &title, const QString &sentence);

    QVBoxLayout *m_column;
    QLineEdit *m_addresses = nullptr;
    QLineEdit *m_user = nullptr;
    theme::TickBox *m_follows = nullptr;
    QLabel *m_discoveryLine = nullptr;
    theme::FlatButton *m_discover = nullptr;
    theme::FlatButton *m_cancel = nullptr;
    QLabel *m_localLine = nullptr;
    theme::FlatButton *m_local = nullptr;
};

} // namespace shardlens::ui::shell
