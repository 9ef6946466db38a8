// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ids/Anatomy.h"

#include <QString>
#include <QWidget>

#include <array>
#include <optional>

namespace shardlens::ui::pages {

/// An ID as its bits: three labelled ranges, each under the part of the number that it is. Where the bits have no room the ranges stand
/// alone; where the labels have none they stand under each other. GUI thread.
class IdDrawing : public QWidget
{
    Q_OBJECT

public:
    explicit IdDrawing(QWidget *parent = nullptr);

    void showId(const std::optional<ids::Anatomy> &anatomy, const ids::IdLayout &layout); ///< nothing: it takes no room
    [[nodiscard]] QString text() const;                                                   ///< for who cannot see it

    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    struct Range {
        QString bits;
        QString length; ///< "41 bits"
        QString value;  ///< "minted 3 Nov 2025 18:22:07.413Z"
    };
    [[nodiscard]] std::array<Range, 3> ranges() const;
    [[nodiscard]] bool hasLabelsBeside(int width) const;

    std::optional<ids::Anatomy> m_anatomy;
    ids::IdLayout m_layout;
};

} // namespace shardlens::ui::pages
