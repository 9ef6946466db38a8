// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPaintDevice>
#include <QPaintEngine>
#include <QRectF>
#include <QRegion>
#include <QString>

#include <memory>
#include <vector>

namespace shardlens::tests {

/// One text as it was painted: where its letters are (from the capitals' top to the line they stand on) and what of that could be seen.
struct DrawnText {
    QString text;
    QRectF box;
    QRectF clip; ///< bounding rectangle of what may be painted there
};

/// A paint device that keeps the texts painted on it and nothing else, so that whatever draws words (labels, delegates, own
/// drawings) is judged alike.
class TextRecorder : public QPaintDevice
{
public:
    explicit TextRecorder(QSize size);
    ~TextRecorder() override;

    [[nodiscard]] QPaintEngine *paintEngine() const override;
    [[nodiscard]] const std::vector<DrawnText> &texts() const { return m_texts; }
    [[nodiscard]] QSize size() const { return m_size; }
    void add(DrawnText text) { m_texts.push_back(std::move(text)); }

protected:
    [[nodiscard]] int metric(PaintDeviceMetric metric) const override;

private:
    QSize m_size;
    std::vector<DrawnText> m_texts;
    std::unique_ptr<QPaintEngine> m_engine;
};

} // namespace shardlens::tests
