// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/audit/AuditFilters.h"

#include "ui/format/Numbers.h"
#include "ui/format/Words.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/SegmentedControl.h"
#include "ui/theme/widgets/Text.h"
#include "ui/theme/widgets/TickBox.h"

#include <QScrollArea>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace shardlens::ui::pages {

namespace {
constexpr std::array<int, 3> spanHours{24, 7 * 24, 0};
} // namespace

AuditFilters::AuditFilters(QWidget *parent)
    : Panel(tr("Which entries"), parent), m_span(new theme::SegmentedControl({tr("24 h"), tr("7 days"), tr("All")}, this)), m_people(new QVBoxLayout), m_deeds(new QVBoxLayout)
{
    m_span->setAccessibleName(tr("How far back"));
    auto *scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto *inside = new QWidget(scroll);
    auto *column = new QVBoxLayout(inside);
    column->setContentsMargins(0, theme::space::kS, 0, theme::space::kS);
    column->setSpacing(theme::space::kXs);
    const auto head = [&](const QString &words) {
        auto *text = new theme::Text(theme::FontRole::CaptionBold, theme::ColourRole::Muted, inside);
        text->setText(words);
        column->addWidget(text);
    };
    head(tr("Who"));
    column->addLayout(m_people);
    column->addSpacing(theme::space::kS);
    head(tr("What"));
    column->addLayout(m_deeds);
    column->addStretch();
    for (QVBoxLayout *boxes : {m_people, m_deeds})
        boxes->setSpacing(theme::space::kXs);
    scroll->setWidget(inside);
    scroll->viewport()->setAutoFillBackground(false);
    inside->setAutoFillBackground(false);
    body()->addWidget(m_span);
    body()->addWidget(scroll, 1);
    connect(m_span, &theme::SegmentedControl::currentChanged, this, &AuditFilters::spanChanged);
}

/// A box a name, in the names' order. A name that is ticked keeps its box though no entry is left of it.
void AuditFilters::showBoxes(Boxes &boxes, QVBoxLayout *column, std::set<std::string> &ticked, const std::map<std::string, int> &counts, QString (*wordsOf)(const std::string &))
{
    std::map<std::string, int> wanted = counts;
    for (const std::string &name : ticked)
        wanted.emplace(name, 0);
    for (auto box = boxes.begin(); box != boxes.end();) {
        if (wanted.contains(box->first)) {
            ++box;
            continue;
        }
        delete box->second;
        box = boxes.erase(box);
    }
    int at = 0;
    for (const auto &[name, number] : wanted) {
        theme::TickBox *&box = boxes[name];
        if (!box) {
            box = new theme::TickBox(column->parentWidget());
            column->insertWidget(at, box);
            connect(box, &QAbstractButton::toggled, this, [this, &ticked, name = name](bool on) {
                if (on)
                    ticked.insert(name);
                else
                    ticked.erase(name);
                Q_EMIT choiceChanged();
            });
        }
        const QSignalBlocker quiet(box);
        box->setChecked(ticked.contains(name));
        //: %1 a database user or what was done, %2 the number of its entries
        box->setText(tr("%1, %2").arg(wordsOf(name), format::count(number)));
        ++at;
    }
}

void AuditFilters::countRows(const std::vector<facts::AuditRow> &rows)
{
    std::map<std::string, int> people;
    std::map<std::string, int> deeds;
    for (const facts::AuditRow &row : rows) {
        ++people[row.databaseUser];
        ++deeds[deedOf(row)];
    }
    showBoxes(m_personBoxes, m_people, m_choice.people, people, &format::text);
    showBoxes(m_deedBoxes, m_deeds, m_choice.deeds, deeds, &deedText);
}

void AuditFilters::setChoice(const AuditChoice &choice)
{
    if (choice == m_choice)
        return;
    m_choice = choice;
    for (const auto &[boxes, ticked] : {std::pair(&m_personBoxes, &m_choice.people), std::pair(&m_deedBoxes, &m_choice.deeds)}) {
        for (const auto &[name, box] : *boxes) {
            const QSignalBlocker quiet(box);
            box->setChecked(ticked->contains(name));
        }
    }
    Q_EMIT choiceChanged();
}

std::optional<std::chrono::hours> AuditFilters::span() const
{
    const int hours = spanHours[std::size_t(m_span->current())];
    return hours > 0 ? std::optional(std::chrono::hours(hours)) : std::nullopt;
}

int AuditFilters::spanIndex() const
{
    return m_span->current();
}

void AuditFilters::setSpanIndex(int index)
{
    m_span->setCurrent(std::clamp(index, 0, int(spanHours.size()) - 1));
}

} // namespace shardlens::ui::pages

#include "moc_AuditFilters.cpp"
