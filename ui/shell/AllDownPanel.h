// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"

#include <QWidget>

#include <optional>
#include <vector>

class QGridLayout;
class QLabel;

namespace shardlens::ui::theme {
class FlatButton;
class Panel;
} // namespace shardlens::ui::theme

namespace shardlens::ui::shell {

/// What is said when no server of the fleet answers.
struct AllDown {
    struct Region {
        QString name;
        int servers = 0;
        QString why;        ///< of its newest failure: "connection refused"
        QString lastAnswer; ///< "14 s ago", "never"
        bool operator==(const Region &) const = default;
    };
    QString sentence; ///< "No server answers. Only this machine may be cut off (no route to 3 of 3 regions). Do not fail over from here."
    QString since;    ///< empty where it is not known
    std::vector<Region> regions;
    bool operator==(const AllDown &) const = default;
};

/// Nothing while any server answers, or before every one was given its time.
[[nodiscard]] std::optional<AllDown> allDownOf(const facts::Snapshot &snapshot);

/// The panel over the page when nothing answers: what that may mean, what not to do, and how it stands by region. The last picture
/// is still there behind it.
class AllDownPanel : public QWidget
{
    Q_OBJECT

public:
    explicit AllDownPanel(QWidget *parent = nullptr);
    void show(const AllDown &what);

Q_SIGNALS:
    void readAgainRequested();
    void lastPictureRequested();

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void fill();

    AllDown m_what;
    theme::Panel *m_panel;
    QLabel *m_sentence;
    QGridLayout *m_grid;
    theme::FlatButton *m_again;
    theme::FlatButton *m_last;
};

} // namespace shardlens::ui::shell
