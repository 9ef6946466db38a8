// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/cache/KeyRows.h"
#include "ui/theme/widgets/Panel.h"

class QPlainTextEdit;

namespace shardlens::ui::theme {
class Text;
}

namespace shardlens::ui::pages {

/// A key's values side by side, decoded, to be read and copied. Regions whose values are the same share one. GUI thread.
class ValuesPanel : public theme::Panel
{
    Q_OBJECT

public:
    explicit ValuesPanel(QWidget *parent = nullptr);

    void showValues(const std::vector<ValueText> &values);
    [[nodiscard]] const std::vector<ValueText> &values() const { return m_values; }
    [[nodiscard]] int wantedHeight() const; ///< with all lines, at its width

protected:
    void changeEvent(QEvent *event) override;

private:
    struct Pane {
        QWidget *holder;
        theme::Text *regions;
        theme::Text *kind;
        QPlainTextEdit *text;
    };
    [[nodiscard]] Pane makePane();
    void dress(const Pane &pane) const;

    std::vector<ValueText> m_values;
    std::vector<Pane> m_panes;
    QHBoxLayout *m_row;
};

} // namespace shardlens::ui::pages
