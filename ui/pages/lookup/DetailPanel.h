// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/lookup/LookupSheet.h"
#include "ui/theme/widgets/Panel.h"

namespace shardlens::ui::operate {
class OutlineList;
}

namespace shardlens::ui::theme {
class FlatButton;
class SegmentedControl;
class Text;
} // namespace shardlens::ui::theme

namespace shardlens::ui::pages {

class IdDrawing;

/// What can be looked at more closely: the ID as its bits, and the lists of the thing, a choice each. GUI thread.
class DetailPanel : public theme::Panel
{
    Q_OBJECT

public:
    explicit DetailPanel(QWidget *parent = nullptr);

    void showSheet(const LookupSheet &sheet, const ids::IdLayout &layout);
    void showChoice(const std::string &key);  ///< "id", or a list's key; left as it is where there is none
    [[nodiscard]] std::string choice() const; ///< the key of what is shown
    [[nodiscard]] theme::SegmentedControl *choices() const { return m_choices; }
    [[nodiscard]] operate::OutlineList *list() const { return m_list; }
    [[nodiscard]] theme::FlatButton *more() const { return m_more; }
    [[nodiscard]] IdDrawing *drawing() const { return m_drawing; }
    [[nodiscard]] int leastHeight(int width) const; ///< with the ID whole

Q_SIGNALS:
    void chosen(const std::string &key); ///< another list, or the ID
    void moreAsked(const std::string &key);
    void followed(const std::string &row); ///< Enter or a double click on a row of a list: look that up

private:
    void present();

    LookupSheet m_sheet;
    std::vector<std::string> m_keys;
    theme::SegmentedControl *m_choices;
    IdDrawing *m_drawing;
    operate::OutlineList *m_list;
    theme::Text *m_note;
    theme::FlatButton *m_more;
};

} // namespace shardlens::ui::pages
