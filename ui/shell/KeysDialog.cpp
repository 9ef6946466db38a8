// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/KeysDialog.h"

#include "ui/shell/Actions.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/Text.h"

#include <QGridLayout>

namespace shardlens::ui::shell {

using theme::ColourRole;
using theme::FontRole;
using theme::Text;

KeysDialog::KeysDialog(const QStringList &pageTitles, QWidget *parent) : QDialog(parent)
{
    setWindowTitle(tr("Keys"));
    QList<std::pair<QString, QString>> rows;
    for (int i = 0; i < pageTitles.size(); ++i) {
        if (!pageKey(i).isEmpty())
            rows.append({pageKey(i).toString(), tr("Open %1").arg(pageTitles.at(i))});
    }
    for (const ActionSpec &action : actionTable()) {
        if (!action.keys.isEmpty())
            rows.append({action.keys.first().toString(), action.text});
    }
    for (const PageKey &key : pageKeys())
        rows.append({key.keys, key.text});

    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(theme::space::kXl, theme::space::kL, theme::space::kXl, theme::space::kL);
    grid->setHorizontalSpacing(theme::space::kL);
    grid->setVerticalSpacing(theme::space::kXs);
    const int perColumn = int(rows.size() + 1) / 2;
    for (int i = 0; i < rows.size(); ++i) {
        auto *key = new Text(FontRole::BodyBold, ColourRole::Text, this);
        key->setText(rows.at(i).first);
        auto *what = new Text(FontRole::Body, ColourRole::Muted, this);
        what->setText(rows.at(i).second);
        const int column = i / perColumn * 3;
        grid->addWidget(key, i % perColumn, column);
        grid->addWidget(what, i % perColumn, column + 1);
    }
    grid->setColumnMinimumWidth(2, theme::space::kXl);
}

} // namespace shardlens::ui::shell

#include "moc_KeysDialog.cpp"
