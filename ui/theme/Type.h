// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>

namespace shardlens::ui::theme {

/// What a text is, which says its size and weight. Roboto, whose digits have one width; DejaVu Sans Mono for what is copied.
enum class FontRole : std::uint8_t {
    Grid,        ///< 10, only in the heat grid
    Caption,     ///< 11
    CaptionBold, ///< 11 Medium
    Small,       ///< 12: second lines
    Body,        ///< 13
    BodyBold,    ///< 13 Medium
    Headline,    ///< 15 Medium
    Figure,      ///< 20 Medium
    Clock,       ///< 28 Medium
    Mono,        ///< 13, IDs, shortcodes, keys, LSN, SQL
    MonoSmall,   ///< 11
};

/// The font of a role at the application's text size. GUI thread. Read again on QEvent::FontChange.
[[nodiscard]] QFont font(FontRole role);

/// Text size, 0.9 to 1.5, as set by Theme; 1 before.
[[nodiscard]] double textScale();
/// A length of the design (px at text size 100 %) at the application's text size.
[[nodiscard]] int scaled(int px);
/// A width of the design at which a page takes another shape. It moves half as far as the text size: larger text needs more room for
/// the same shape, but a shape that has become a little narrow is better than none.
[[nodiscard]] int breakpoint(int px);
/// The height of a table's row at the application's text size: 24, or 30 where the person wants them roomy.
[[nodiscard]] int tableRow();

namespace space {
inline constexpr int kXs = 4;
inline constexpr int kS = 8;
inline constexpr int kM = 12;
inline constexpr int kL = 16;
inline constexpr int kXl = 24;
} // namespace space

namespace size {
inline constexpr int kRadius = 4;
inline constexpr int kLine = 1;
inline constexpr int kFocusRing = 2;
inline constexpr int kTableRow = 24; ///< read through tableRow()
inline constexpr int kRoomyRow = 30;
inline constexpr int kButton = 28;
inline constexpr int kTarget = 24; ///< least width and height of what can be clicked
inline constexpr int kTitleRow = 32;
} // namespace size

} // namespace shardlens::ui::theme
