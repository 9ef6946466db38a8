// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/Colours.h"

#include <QDBusVariant>
#include <QObject>

#include <optional>

class QApplication;

namespace shardlens::ui::theme {

/// The application's property that holds the text size; read through textScale().
inline constexpr char kTextScaleProperty[] = "shardlensTextScale";
/// The application's property that says whether table rows are roomy; read through tableRow().
inline constexpr char kRoomyRowsProperty[] = "shardlensRoomyRows";
/// The application's property that says whether nothing may move by itself; read through reducesMotion().
inline constexpr char kReduceMotionProperty[] = "shardlensReduceMotion";

/// True if nothing is to be animated: the person said so, or the display is a forwarded one.
[[nodiscard]] bool reducesMotion();

/// Light and dark, the text size, the rows' height and motion, put on the application: style, palette, font. One per program, made
/// by main; GUI thread. A change reaches every widget as PaletteChange or FontChange.
class Theme : public QObject
{
    Q_OBJECT

public:
    enum class Mode : std::uint8_t { System, Light, Dark };

    explicit Theme(QApplication &application, QObject *parent = nullptr);

    void setMode(Mode mode);
    [[nodiscard]] Mode mode() const { return m_mode; }
    [[nodiscard]] Appearance appearance() const { return m_appearance; }

    /// Per cent, 90 to 150; other values are brought into that range.
    void setTextSize(int percent);
    [[nodiscard]] int textSize() const { return m_textSize; }

    void setRoomyRows(bool roomy);
    [[nodiscard]] bool hasRoomyRows() const { return m_roomyRows; }
    /// What the person chose; a forwarded display reduces motion by itself.
    void setReduceMotion(bool reduce);
    [[nodiscard]] bool reduceMotion() const { return m_reduceMotion; }
    /// True if DISPLAY leads to another machine, as `ssh -X` makes it.
    [[nodiscard]] static bool isForwardedDisplay(const QString &display, bool insideSsh);

    [[nodiscard]] static QString name(Mode mode);                       ///< system, light, dark
    [[nodiscard]] static std::optional<Mode> fromName(const QString &name);

Q_SIGNALS:
    void changed();

private Q_SLOTS:
    void onPortalSettingChanged(const QString &group, const QString &key, const QDBusVariant &value);

private:
    void apply();
    void applyRowHeight();
    void applyMotion();
    [[nodiscard]] Appearance wanted() const;

    QApplication &m_application;
    Mode m_mode = Mode::System;
    int m_textSize = 100;
    bool m_roomyRows = false;
    bool m_reduceMotion = false;
    bool m_forwarded = false;
    int m_rowBefore = 0;
    int m_flashTime = -1; ///< the desktop's own, once it was read
    Appearance m_firstAppearance; ///< of the palette the platform gave before ours
    std::optional<Appearance> m_portalAppearance;
    Appearance m_appearance = Appearance::Light;
};

} // namespace shardlens::ui::theme
