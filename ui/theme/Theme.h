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

/// Light and dark, and the text size, put on the application: style, palette, font. One per program, made by main; GUI thread.
/// A change reaches every widget as PaletteChange or FontChange.
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

    [[nodiscard]] static QString name(Mode mode);                       ///< system, light, dark
    [[nodiscard]] static std::optional<Mode> fromName(const QString &name);

Q_SIGNALS:
    void changed();

private Q_SLOTS:
    void onPortalSettingChanged(const QString &group, const QString &key, const QDBusVariant &value);

private:
    void apply();
    [[nodiscard]] Appearance wanted() const;

    QApplication &m_application;
    Mode m_mode = Mode::System;
    int m_textSize = 100;
    Appearance m_firstAppearance; ///< of the palette the platform gave before ours
    std::optional<Appearance> m_portalAppearance;
    Appearance m_appearance = Appearance::Light;
};

} // namespace shardlens::ui::theme
