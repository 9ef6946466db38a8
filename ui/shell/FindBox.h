// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/Finder.h"

#include <QLineEdit>
#include <QPointer>

class QListView;
class QStandardItemModel;

namespace shardlens::ui::shell {

/// The search field of the header and the list beneath it: type or paste, choose with the arrow keys, Enter opens, Esc gives the
/// focus back to where it was. 380 px wide.
class FindBox : public QLineEdit
{
    Q_OBJECT

public:
    explicit FindBox(const Finder &finder, QWidget *parent = nullptr);
    ~FindBox() override;

    void open(const QString &query = {}); ///< takes the focus; Esc gives it back
    [[nodiscard]] bool isOpen() const;
    [[nodiscard]] const std::vector<Finding> &findings() const { return m_findings; }

    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    void chosen(const shardlens::ui::shell::Finding &finding);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    void refresh();
    void place();
    void close();
    void choose(int row);
    void applyMargins();

    const Finder &m_finder;
    QListView *m_list;
    QStandardItemModel *m_model;
    std::vector<Finding> m_findings;
    QPointer<QWidget> m_focusBefore;
};

} // namespace shardlens::ui::shell
