// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/cache/KeyView.h"

#include "core/cacheflow/KeyOwner.h"
#include "ui/format/ClaimText.h"
#include "ui/format/ItemText.h"
#include "ui/format/Numbers.h"
#include "ui/format/Words.h"
#include "ui/operate/ConfirmBar.h"
#include "ui/operate/RefusalBar.h"
#include "ui/pages/RowsPanel.h"
#include "ui/pages/cache/HotRows.h"
#include "ui/pages/cache/ValuesPanel.h"
#include "ui/pages/lookup/CaseField.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/Paragraph.h"
#include "ui/theme/widgets/SegmentedControl.h"
#include "ui/theme/widgets/TickBox.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QVBoxLayout>

#include <algorithm>

namespace shardlens::ui::pages {

using theme::FlatButton;
using theme::Paragraph;
using theme::scaled;
using theme::SegmentedControl;

namespace {

constexpr int keyFieldWide = 340;
constexpr int keyCaseWide = 128;
constexpr int explainedKeyWide = 720;
constexpr int leastValueHigh = 150;
constexpr int spreadWide = 400;
constexpr int leastPlanRows = 3;
constexpr int costMargin = 8; ///< of the sentence under the table, beside the panel's own 4

QStringList regionsAndAll(const fleet::Fleet &fleet)
{
    QStringList names;
    for (const auto &pool : fleet.pools) {
        if (!names.contains(format::text(pool.region.text())))
            names << format::text(pool.region.text());
    }
    return names << KeyView::tr("All regions");
}

inspect::lookup::Question questionOf(const cacheflow::CachedEntity &entity, const std::string &key, const QString &caseNumber)
{
    inspect::lookup::Question question;
    question.find.kind = entity.kind == "user" ? inspect::lookup::Kind::User : inspect::lookup::Kind::Media;
    question.find.text = key;
    question.find.id = entity.id;
    question.caseNumber = caseNumber.toStdString();
    question.withLists = false;
    return question;
}

} // namespace

KeyView::KeyView(const PageContext &context, QWidget *parent)
    : CacheView(parent), m_fleet(context.fleet), m_clock(context.clock), m_board(context.caches), m_lookups(context.lookups), m_field(new QLineEdit(this)), m_look(new FlatButton(tr("Look"), this)),
      m_choices(new SegmentedControl({}, this)), m_takeWins(new theme::TickBox(tr("Take wins to see W, X, Z"), this)), m_case(new CaseField(this)), m_explained(new Paragraph(this, theme::ColourRole::Text, theme::ColourRole::Muted)),
      m_facts(new RowsPanel(tr("Key"), keyColumns(*m_fleet), this)), m_cost(new Paragraph(m_facts, theme::ColourRole::Muted, theme::ColourRole::Muted)),
      m_lookUp(new FlatButton(tr("Look up"), m_facts, FlatButton::Look::Link)), m_delete(new FlatButton(tr("Delete…"), m_facts)), m_values(new ValuesPanel(this)),
      m_spread(new RowsPanel(tr("Where keys lie"), spreadColumns(*m_fleet), this)), m_planRows(new RowsPanel(tr("Delete"), deleteColumns(*m_fleet), this)),
      m_where(new SegmentedControl(regionsAndAll(*m_fleet), m_planRows)), m_close(new FlatButton(tr("Close"), m_planRows, FlatButton::Look::Link)), m_confirm(new operate::ConfirmBar(this)),
      m_refuses(new operate::RefusalBar(this))
{
    m_field->setPlaceholderText(tr("Key, ID, short code or link"));
    m_field->setAccessibleName(tr("Key, ID, short code or link"));
    m_field->setTextMargins(theme::space::kXs, 0, theme::space::kXs, 0);
    m_choices->setAccessibleName(tr("Key that is meant"));
    m_choices->hide();
    m_takeWins->setToolTip(tr("A look that takes wins takes the right to fill where an item is stale and nobody has it, and gives it back at once. A reader that asks in between waits. "
                              "Holds for the next look alone."));
    m_takeWins->setAccessibleDescription(m_takeWins->toolTip());
    m_case->share(m_lookups);
    m_case->setVisible(m_lookups);
    m_spread->setNote(tr("and what would move"));
    m_where->setAccessibleName(tr("Where to delete it"));
    m_where->setCurrent(static_cast<int>(m_where->choices().size()) - 1);
    for (QWidget *button : {m_lookUp, m_delete})
        m_facts->titleRow()->addWidget(button);
    m_planRows->titleRow()->addWidget(m_where);
    m_planRows->titleRow()->addWidget(m_close);
    auto *row = new QVBoxLayout;
    row->setContentsMargins(costMargin, theme::space::kXs, costMargin, theme::space::kXs);
    row->addWidget(m_cost);
    m_facts->body()->addLayout(row);
    connectParts();
    connectBoards();
    QWidget *before = m_field;
    for (QWidget *next : {static_cast<QWidget *>(m_look), static_cast<QWidget *>(m_choices), static_cast<QWidget *>(m_takeWins), static_cast<QWidget *>(m_case), static_cast<QWidget *>(m_facts->table()), static_cast<QWidget *>(m_values),
                          static_cast<QWidget *>(m_spread->table()), static_cast<QWidget *>(m_where), static_cast<QWidget *>(m_planRows->table())}) {
        setTabOrder(before, next);
        before = next;
    }
    setFocusProxy(m_field);
    present();
}

void KeyView::connectParts()
{
    connect(m_field, &QLineEdit::returnPressed, this, [this] { ask(m_field->text()); });
    connect(m_look, &QAbstractButton::clicked, this, [this] { ask(m_field->text()); });
    connect(m_takeWins, &QAbstractButton::toggled, this, [this](bool on) {
        m_look->setText(on ? tr("Look and take wins") : tr("Look"));
        present();
        Q_EMIT needsRoom();
    });
    connect(m_choices, &SegmentedControl::currentChanged, this, [this](int index) {
        const std::string key = m_choices->choices().value(index).toStdString();
        if (!key.empty() && key != m_picture.key)
            look(key);
    });
    connect(m_lookUp, &QAbstractButton::clicked, this, [this] { Q_EMIT lookUpAsked(format::text(m_picture.key)); });
    connect(m_delete, &QAbstractButton::clicked, this, &KeyView::openDelete);
    connect(m_close, &QAbstractButton::clicked, this, &KeyView::closeDelete);
    connect(m_where, &SegmentedControl::currentChanged, this, [this] {
        if (m_plan)
            replan();
    });
    connect(m_confirm, &operate::ConfirmBar::heightChanged, this, &KeyView::needsRoom);
    connect(m_confirm, &operate::ConfirmBar::wordsConfirmed, this, [this](const QString &reason) {
        if (!m_plan || m_isDeleting || !m_board)
            return;
        m_isDeleting = true;
        presentPlan();
        m_board->deleteKey(*m_plan, reason.toStdString());
    });
}

void KeyView::connectBoards()
{
    if (m_lookups) {
        connect(m_lookups, &LookupBoard::told, this, [this](std::uint64_t number, const LookupResult &result) {
            const auto *answer = std::get_if<base::Result<inspect::lookup::Answer>>(&result);
            if (number != m_lookupNumber || !answer)
                return;
            m_lookupNumber = 0;
            m_picture.rows = *answer;
            askItems(); // not before that somebody looks at this user or photo is recorded
        });
    }
    if (!m_board)
        return;
    connect(m_board, &CacheBoard::keyTold, this, [this](const KeyLooks &looks) {
        if (looks.key != m_picture.key)
            return;
        m_picture.items = looks.items;
        m_picture.tookWins = looks.tookWins;
        m_picture.lookedAt = m_clock->utcNow();
        present();
        Q_EMIT needsRoom();
    });
    connect(m_board, &CacheBoard::spreadTold, this, [this](const std::vector<cacheflow::PoolSpread> &pools) {
        m_pools = pools;
        present();
        Q_EMIT needsRoom();
    });
    connect(m_board, &CacheBoard::keyDeleted, this, &KeyView::hearDeleted);
}

bool KeyView::isAnswered() const
{
    return m_board && m_board->isAnswered();
}

void KeyView::ask(const QString &text)
{
    if (m_field->text() != text)
        m_field->setText(text.simplified());
    const auto keys = keysIn(*m_fleet, text, m_clock->utcNow());
    if (keys.empty()) {
        m_picture = {};
        m_choices->hide();
        closeDelete();
        m_explained->setText(tr("There is no key in it."), tr("A key has 1 to 250 bytes without spaces. An ID, a short code or a link becomes the key that the fleet file’s patterns make of it."));
        present();
        Q_EMIT needsRoom();
        return;
    }
    QStringList choices;
    for (const std::string &key : keys)
        choices << format::text(key);
    const QSignalBlocker silent(m_choices);
    m_choices->setChoices(choices);
    m_choices->setCurrent(0);
    m_choices->setVisible(choices.size() > 1);
    look(keys.front());
}

void KeyView::look(const std::string &key)
{
    const auto places = cacheflow::placesOf(*m_fleet, key, {});
    m_picture = {};
    closeDelete();
    if (!places) {
        m_explained->setText(tr("No server can hold this key."), format::text(places.error().message));
        present();
        Q_EMIT needsRoom();
        return;
    }
    m_picture.key = key;
    const auto entity = cacheflow::entityOf(m_fleet->keys, key);
    m_picture.hasRow = entity.has_value();
    m_lookupNumber = 0;
    if (entity && m_lookups && m_lookups->isAnswered())
        m_lookupNumber = m_lookups->ask(LookupSeat::CacheKey, questionOf(*entity, key, m_case->caseNumber()));
    else
        askItems();
    present();
    Q_EMIT needsRoom();
}

void KeyView::askItems()
{
    const bool takesWins = m_takeWins->isChecked();
    m_takeWins->setChecked(false); // agreed to for one look
    if (m_board)
        m_board->lookAtKey(m_picture.key, takesWins);
    present();
}

void KeyView::openDelete()
{
    if (m_picture.key.empty())
        return;
    m_confirm->clear();
    replan();
    Q_EMIT needsRoom();
}

bool KeyView::openDeleteOf(const std::string &key, const base::RegionName &region)
{
    ask(format::text(key));
    const auto at = m_where->choices().indexOf(format::text(region.text()));
    m_where->setCurrent(static_cast<int>(at < 0 ? m_where->choices().size() - 1 : at));
    openDelete();
    m_planRows->table()->setFocus();
    return m_plan.has_value();
}

void KeyView::closeDelete()
{
    if (!m_plan)
        return;
    m_plan.reset();
    m_done.clear();
    m_outcome.clear();
    present();
    Q_EMIT needsRoom();
}

void KeyView::replan()
{
    const int where = m_where->current();
    const bool isAll = where == m_where->choices().size() - 1;
    m_plan = cacheflow::DeletePlan{m_picture.key, {}};
    if (auto plan = cacheflow::planDelete(*m_fleet, m_picture.key, isAll ? std::string() : m_where->choices().value(where).toStdString()))
        m_plan = std::move(*plan);
    m_done.clear();
    m_outcome.clear();
    m_isDeleting = false;
    present();
    Q_EMIT needsRoom();
}

void KeyView::hearDeleted(const KeyDeleted &deleted)
{
    if (!m_plan || deleted.plan != *m_plan)
        return;
    m_isDeleting = false;
    if (deleted.places) {
        m_done = *deleted.places;
        m_outcome = deletedText(m_done);
        if (deleted.unrecorded)
            m_outcome += QLatin1Char(' ') + tr("What came of it could not be recorded: %1").arg(format::text(deleted.unrecorded->message));
    } else {
        const auto refusal = format::refusalIn(deleted.places.error());
        const facts::Shared none;
        const facts::Shared &shared = m_shown && m_shown->shared ? *m_shown->shared : none;
        m_confirm->tell(tr("Nothing was deleted, as the directory could not record it: %1")
                            .arg(refusal == facts::ClaimRefusal::None ? format::directoryTrouble(deleted.places.error()) : format::refusalText(refusal, shared.you, shared.whoMay)));
    }
    present();
    Q_EMIT needsRoom();
}

QString KeyView::whyNotDelete() const
{
    if (!m_shown || !m_shown->shared)
        return {};
    return format::refusalText(m_shown->shared->refusal, m_shown->shared->you, m_shown->shared->whoMay);
}

void KeyView::fill(const facts::SnapshotPtr &snapshot, const ChartFeed &feed)
{
    Q_UNUSED(feed)
    m_shown = snapshot;
    present();
}

/// What is shown follows what is known.
void KeyView::present()
{
    const bool isShown = arePartsShown();
    m_look->setEnabled(isAnswered());
    m_field->setEnabled(isAnswered());
    m_takeWins->setEnabled(isAnswered());
    if (m_explained->text().isEmpty() || (!isAnswered() && !isShown))
        m_explained->setText(isAnswered() ? tr("No key was looked at.") : tr("No key can be looked at from here."),
                             tr("A look asks the key’s server in every region for its item, beside the region’s row: it costs each a get and a move in its LRU, and touches no lease. "
                                "Who looks at a user or a photo is recorded in the directory."));
    m_explained->setVisible(!isShown || m_takeWins->isChecked());
    if (isShown && m_takeWins->isChecked())
        m_explained->setText(tr("The next look takes wins."), m_takeWins->toolTip());
    m_facts->setVisible(isShown);
    m_values->setVisible(isShown && !m_plan);
    m_spread->setVisible(!m_plan && !m_pools.empty());
    m_planRows->setVisible(m_plan.has_value());
    m_spread->table()->showRows(spreadRows(*m_fleet, m_pools, m_picture));
    if (isShown) {
        const QString owner = keyOwner(*m_fleet, m_picture.key);
        m_facts->setTitle(owner.isEmpty() ? format::text(m_picture.key) : QStringLiteral("%1, %2").arg(format::text(m_picture.key), owner));
        m_facts->setNote(m_picture.lookedAt ? tr("looked at %1 ago").arg(format::age(std::max(m_clock->utcNow() - *m_picture.lookedAt, base::microseconds(0)))) : tr("asking"));
        m_facts->table()->showRows(keyRows(*m_fleet, m_picture));
        m_cost->setText({}, m_picture.items && !*m_picture.items ? format::text(m_picture.items->error().message)
                            : m_picture.items                    ? format::lookCostText(m_picture.tookWins, m_picture.rows && *m_picture.rows)
                                                                 : QString());
        m_lookUp->setVisible(m_picture.hasRow);
        m_values->showValues(valueTexts(*m_fleet, m_picture));
        m_values->setNote(m_picture.items && m_values->values().empty() ? tr("no region has one") : QString());
    }
    presentPlan();
}

void KeyView::presentPlan()
{
    const QString refusal = whyNotDelete();
    const bool isOver = !m_done.empty();
    m_confirm->setVisible(m_plan && refusal.isEmpty() && !isOver);
    m_refuses->setVisible(m_plan && !refusal.isEmpty() && !isOver);
    m_refuses->setText(refusal);
    if (!m_plan || !m_shown)
        return;
    m_planRows->setTitle(tr("Delete %1").arg(format::text(m_plan->key)));
    m_planRows->setNote(m_outcome);
    m_planRows->table()->showRows(deleteRows(*m_shown, *m_plan, m_picture, m_done));
    m_where->setEnabled(!m_isDeleting);
    m_close->setEnabled(!m_isDeleting);
    m_confirm->setHindrance(m_isDeleting        ? tr("Being deleted")
                            : !m_shown->shared  ? tr("The directory was not read yet")
                            : !isAnswered()     ? tr("Nothing is done from here")
                                                : QString());
    m_confirm->showWords(deleteWords(*m_shown, *m_plan, m_picture), m_fleet->environment == fleet::Environment::Local);
}

void KeyView::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape && m_plan && !m_isDeleting) {
        closeDelete();
        return;
    }
    CacheView::keyPressEvent(event);
}

void KeyView::showEvent(QShowEvent *event)
{
    CacheView::showEvent(event);
    if (m_isSpreadAsked || !isAnswered())
        return;
    m_isSpreadAsked = true;
    m_board->askSpread();
}

int KeyView::barWidth() const
{
    return std::min(scaled(keyFieldWide), width() / 3) + m_look->sizeHint().width() + m_takeWins->sizeHint().width() + 3 * theme::space::kM;
}

int KeyView::caseRoom() const
{
    return m_case->isVisibleTo(this) ? scaled(keyCaseWide) + theme::space::kM : 0;
}

bool KeyView::isCaseBelow() const
{
    return caseRoom() > 0 && barWidth() + scaled(keyCaseWide) > width();
}

bool KeyView::areChoicesBelow() const
{
    return m_choices->isVisibleTo(this) && barWidth() + caseRoom() + m_choices->sizeHint().width() > width();
}

int KeyView::barHeight() const
{
    const int row = scaled(theme::size::kButton);
    return isCaseBelow() || areChoicesBelow() ? 2 * row + theme::space::kS : row;
}

int KeyView::factsHeight(int width) const
{
    const int cost = m_cost->text().isEmpty() ? 0 : m_cost->heightForWidth(width - 2 * (costMargin + theme::space::kXs + 1)) + 2 * theme::space::kXs + std::max(0, m_facts->body()->spacing());
    return m_facts->wantedHeight() + cost;
}

int KeyView::confirmHeight(int width) const
{
    return m_confirm->isVisibleTo(this) ? m_confirm->heightFor(width) : m_refuses->isVisibleTo(this) ? m_refuses->heightFor(width) : 0;
}

int KeyView::least(bool wide) const
{
    const int gap = wide ? theme::space::kL : theme::space::kM;
    const int explained = m_explained->isVisibleTo(this) ? m_explained->heightForWidth(std::min(width(), scaled(explainedKeyWide))) + gap : 0;
    const int top = barHeight() + gap + explained + (arePartsShown() ? factsHeight(width()) + gap : 0);
    if (m_plan)
        return top + m_planRows->heightFor(std::max(leastPlanRows, m_planRows->table()->facts()->rowCount())) + gap + confirmHeight(width());
    return top + scaled(leastValueHigh);
}

void KeyView::arrangeBar()
{
    const int high = scaled(theme::size::kButton);
    int left = 0;
    int top = 0;
    const auto place = [&](QWidget *part, int wide) {
        const int tall = part == m_field || part == m_case ? high : part->sizeHint().height();
        part->setGeometry(left, top + (high - tall) / 2, wide, tall);
        left += wide + theme::space::kM;
    };
    place(m_field, std::min(scaled(keyFieldWide), width() / 3));
    place(m_look, m_look->sizeHint().width());
    place(m_takeWins, m_takeWins->sizeHint().width());
    const auto goBelow = [&](bool isBelow) {
        if (!isBelow || top > 0)
            return;
        left = 0;
        top = high + theme::space::kS;
    };
    goBelow(isCaseBelow());
    if (m_case->isVisibleTo(this))
        place(m_case, scaled(keyCaseWide));
    goBelow(areChoicesBelow());
    if (m_choices->isVisibleTo(this))
        place(m_choices, std::min(m_choices->sizeHint().width(), std::max(0, width() - left)));
}

void KeyView::arrangePlan(const QRect &room)
{
    const int confirm = confirmHeight(room.width());
    const int gap = confirm > 0 ? theme::space::kM : 0;
    const int rows = std::min(m_planRows->wantedHeight(), room.height() - confirm - gap);
    m_planRows->setGeometry(room.x(), room.y(), room.width(), rows);
    for (QWidget *bar : {static_cast<QWidget *>(m_confirm), static_cast<QWidget *>(m_refuses)})
        bar->setGeometry(room.x(), room.y() + rows + gap, room.width(), confirm);
}

/// The facts over the whole width, regions side by side; under them the values, and how keys lie.
void KeyView::arrange(bool wide)
{
    const int gap = wide ? theme::space::kL : theme::space::kM;
    for (auto *panel : {m_facts, m_spread, m_planRows})
        panel->table()->setRowHeight(wide ? theme::size::kRoomyRow : theme::size::kTableRow);
    arrangeBar();
    int top = barHeight() + gap;
    if (m_explained->isVisibleTo(this)) {
        const int wideText = std::min(width(), scaled(explainedKeyWide));
        const int high = m_explained->heightForWidth(wideText);
        m_explained->setGeometry(0, top, wideText, high);
        top += high + gap;
    }
    if (arePartsShown()) {
        const int facts = factsHeight(width());
        m_facts->setGeometry(0, top, width(), facts);
        top += facts + gap;
    }
    const QRect room(0, top, width(), std::max(0, height() - top));
    if (m_plan)
        return arrangePlan(room);
    const int spread = std::min(scaled(spreadWide), width() / 2);
    const int left = arePartsShown() ? width() - gap - spread : 0;
    m_values->resize(std::max(0, left), room.height()); // how tall it would be follows its width
    const int wanted = std::max(m_spread->wantedHeight(), arePartsShown() ? m_values->wantedHeight() : 0);
    const int tall = std::min(room.height(), wanted);
    m_values->setGeometry(0, top, std::max(0, left), tall);
    m_spread->setGeometry(arePartsShown() ? left + gap : 0, top, spread, tall);
}

} // namespace shardlens::ui::pages

#include "moc_KeyView.cpp"
