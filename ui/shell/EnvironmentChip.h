// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fleet/Fleet.h"

#include <QWidget>

namespace shardlens::ui::shell {

/// The environment's word in capitals on its colour.
class EnvironmentChip : public QWidget
{
    Q_OBJECT

public:
    explicit EnvironmentChip(fleet::Environment environment, QWidget *parent = nullptr);
    void setEnvironment(fleet::Environment environment);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    fleet::Environment m_environment = fleet::Environment::Production;
    QString m_word;
};

/// "local", "staging", "production" in the person's language.
[[nodiscard]] QString environmentWord(fleet::Environment environment);

} // namespace shardlens::ui::shell
