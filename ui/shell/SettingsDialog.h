// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/Preferences.h"

#include <QDialog>

class QCheckBox;
class QGridLayout;
class QSlider;

namespace shardlens::ui::theme {
class SegmentedControl;
class Text;
} // namespace shardlens::ui::theme

namespace shardlens::ui::shell {

/// The settings (Ctrl+,). Not modal, and without a button to apply: what is chosen holds at once.
class SettingsDialog : public QDialog
{
    Q_OBJECT

public:
    SettingsDialog(const Preferences &preferences, const QString &settingsFile, bool isForwardedDisplay, QWidget *parent = nullptr);

    /// Chosen elsewhere meanwhile, by a key or the menu.
    void show(const Preferences &preferences);
    [[nodiscard]] const Preferences &preferences() const { return m_preferences; }

Q_SIGNALS:
    void chosen(const shardlens::ui::shell::Preferences &preferences);

protected:
    void changeEvent(QEvent *event) override;

private:
    void addRow(QGridLayout *grid, const QString &name, QWidget *control, const QString &note);
    QCheckBox *addCheck(QGridLayout *grid, const QString &name, const QString &what, bool Preferences::*member, const QString &note);
    void change();

    Preferences m_preferences;
    bool m_showing = false;
    theme::SegmentedControl *m_theme;
    QSlider *m_textSize;
    theme::Text *m_percent;
    theme::SegmentedControl *m_times;
    theme::SegmentedControl *m_rows;
    std::vector<std::pair<QCheckBox *, bool Preferences::*>> m_checks;
};

} // namespace shardlens::ui::shell
