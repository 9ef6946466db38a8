// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/fixtures/Snapshots.h"
#include "ui/shell/MainWindow.h"
#include "ui/theme/widgets/Text.h"

#include <QLineEdit>
#include <QRegularExpression>
#include <QVBoxLayout>

namespace shardlens::tests {

using namespace shardlens::ui::shell;

/// A page that remembers what it was told.
class NotedPage : public ui::pages::Page
{
    Q_OBJECT

public:
    NotedPage(QString id, ui::pages::PageContext context, QWidget *parent) : Page(std::move(context), parent), m_id(std::move(id))
    {
        auto *column = new QVBoxLayout(this);
        m_field = new QLineEdit;
        column->addWidget(m_field);
    }
    [[nodiscard]] QString id() const override { return m_id; }
    [[nodiscard]] QString title() const override { return m_id; }
    void showSnapshot(const facts::SnapshotPtr &snapshot) override { shown = snapshot; }
    bool select(const ui::pages::Subject &subject) override
    {
        selected = subject;
        return true;
    }
    [[nodiscard]] QVariantMap viewState() const override { return {{QStringLiteral("text"), m_field->text()}}; }
    void restoreViewState(const QVariantMap &state) override { m_field->setText(state.value(QStringLiteral("text")).toString()); }
    [[nodiscard]] bool hasLiveData() const override { return shown != nullptr; }
    void setText(const QString &text) { m_field->setText(text); }
    [[nodiscard]] QLineEdit *field() const { return m_field; }

    void choose(const ui::pages::Subject &subject)
    {
        selected = subject;
        Q_EMIT selectionChanged();
    }
    [[nodiscard]] ui::pages::Subject selection() const override { return selected; }
    bool showProblem(const std::string &id) override
    {
        problem = id;
        return listsProblems;
    }

    facts::SnapshotPtr shown;
    ui::pages::Subject selected;
    std::string problem;
    bool listsProblems = false;

private:
    QString m_id;
    QLineEdit *m_field;
};

struct Shell {
    explicit Shell(const facts::SnapshotPtr &snapshot, Session *session = nullptr, ui::theme::Theme *theme = nullptr)
    {
        // A clock at the moment of the snapshot.
        const auto since = std::chrono::duration_cast<base::microseconds>(snapshot->takenAt - base::ManualClock().now());
        clock = std::make_shared<base::ManualClock>(snapshot->takenUtc - since);
        clock->advance(since);
        WindowParts parts;
        parts.context = {snapshot->fleet, &history, clock};
        for (const char *id : {"overview", "shards", "replication"}) {
            const QString name = QString::fromLatin1(id);
            parts.pages.push_back({name, name.left(1).toUpper() + name.mid(1), name, [name](const ui::pages::PageContext &context, QWidget *parent) -> ui::pages::Page * {
                                       return new NotedPage(name, context, parent);
                                   }});
        }
        parts.session = session;
        parts.theme = theme;
        window = std::make_unique<MainWindow>(std::move(parts));
        // With a session a first start must find its page itself.
        if (session)
            window->restoreSession();
        else
            window->goTo(QStringLiteral("overview"));
        window->showSnapshot(snapshot);
    }
    [[nodiscard]] NotedPage *page() const { return static_cast<NotedPage *>(window->currentPage()); }

    std::shared_ptr<base::ManualClock> clock;
    observe::History history;
    std::unique_ptr<MainWindow> window;
};

/// The texts in a widget that are cut although they must not be, and the pairs of texts that cover each other.
inline QStringList faults(const QWidget &root)
{
    QStringList faults;
    QList<ui::theme::Text *> texts;
    for (auto *text : root.findChildren<ui::theme::Text *>()) {
        if (text->isVisible() && !text->text().isEmpty())
            texts << text;
    }
    for (auto *text : texts) {
        const int needed = QFontMetrics(text->font()).horizontalAdvance(text->text());
        const bool isNumber = text->text().contains(QRegularExpression(QStringLiteral("[0-9]")));
        if (text->width() < needed && isNumber && !text->isElided())
            faults << QStringLiteral("cut: ") + text->text();
        const QRect place(text->mapTo(&root, QPoint(0, 0)), text->size());
        if (!root.rect().contains(place))
            faults << QStringLiteral("outside: ") + text->text();
        for (auto *other : texts) {
            if (other <= text)
                continue;
            if (place.intersects(QRect(other->mapTo(&root, QPoint(0, 0)), other->size())))
                faults << text->text() + QStringLiteral(" covers ") + other->text();
        }
    }
    return faults;
}

} // namespace shardlens::tests
