// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/operate/OutlineView.h"

namespace shardlens::ui::pages {

/// What is known of one thing, a fact a row. A masked field is a pill with a lock; facts that disagree carry their mark. Keys and copying
/// are an outline's: what is masked here is masked in what is copied, and so is what was shown for a reason. GUI thread.
class CardPanel : public operate::OutlinePanel
{
    Q_OBJECT

public:
    explicit CardPanel(const QString &title, QWidget *parent = nullptr);
};

/// A row "name: value".
[[nodiscard]] operate::OutlineRow cardFact(const std::string &id, const QString &name, const QString &value);
/// A row whose value is masked: the value is not here at all.
[[nodiscard]] operate::OutlineRow cardMasked(const std::string &id, const QString &name);
/// A sentence under the facts.
[[nodiscard]] operate::OutlineRow cardNote(const std::string &id, const QString &sentence);

} // namespace shardlens::ui::pages
