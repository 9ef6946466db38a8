// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/LivePage.h"

namespace shardlens::ui::pages {

class CacheView;
class FlowView;
class HotKeysView;
class KeyView;
class MemoryView;
class RowsPanel;
class ServersView;
class TitleRow;
class WarmView;

/// The memcached pools, in views: whether they spare the databases and show what is so; their servers; misses and memory;
/// hot keys; one key in every region; and, where there are several regions, filling one from another.
class CachePage : public LivePage
{
    Q_OBJECT

public:
    enum View : std::uint8_t { Flow, Servers, Memory, HotKeys, Key, Warm };

    explicit CachePage(PageContext context, QWidget *parent = nullptr);

    [[nodiscard]] QString id() const override { return QStringLiteral("cache"); }
    [[nodiscard]] QString title() const override { return tr("Cache"); }
    bool select(const Subject &subject) override;
    bool showKeyDelete(const std::string &key, const base::RegionName &region) override;
    [[nodiscard]] Subject selection() const override { return m_selection; } ///< the server or pool chosen last
    [[nodiscard]] QVariantMap viewState() const override;
    void restoreViewState(const QVariantMap &state) override;
    void focusFind() override;
    [[nodiscard]] QString asCsv() const override; ///< of the table that has the keyboard; else of the view's main one
    [[nodiscard]] bool hasLiveData() const override;

    void showView(View view);
    [[nodiscard]] View view() const;
    [[nodiscard]] RowsPanel *pools() const;
    [[nodiscard]] RowsPanel *servers() const;
    [[nodiscard]] FlowView *flowView() const { return m_flow; }
    [[nodiscard]] MemoryView *memoryView() const { return m_memory; }
    [[nodiscard]] HotKeysView *hotKeysView() const { return m_hot; }
    [[nodiscard]] KeyView *keyView() const { return m_key; }
    [[nodiscard]] WarmView *warmView() const { return m_warm; } ///< null: there is one region with a pool at most

protected:
    void fill() override;
    void arrange() override;

private:
    void connectChoices();
    void connectKeys();
    void viewChanged();
    void setSelection(const Subject &selection);
    [[nodiscard]] CacheView *shownView() const;
    [[nodiscard]] std::vector<CacheView *> views() const;

    Subject m_selection;
    TitleRow *m_title;
    FlowView *m_flow;
    ServersView *m_servers;
    MemoryView *m_memory;
    HotKeysView *m_hot;
    KeyView *m_key;
    WarmView *m_warm;
};

} // namespace shardlens::ui::pages
