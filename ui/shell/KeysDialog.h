// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QStringList>

namespace shardlens::ui::shell {

/// The list of keys (F1). Not modal: it may stand beside the work.
class KeysDialog : public QDialog
{
    Q_OBJECT

public:
    explicit KeysDialog(const QStringList &pageTitles, QWidget *parent = nullptr);
};

} // namespace shardlens::ui::shell
