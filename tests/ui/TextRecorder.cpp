// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/TextRecorder.h"

#include <QFontMetricsF>
#include <QPainter>

namespace shardlens::tests {

namespace {

class RecordingEngine : public QPaintEngine
{
public:
    explicit RecordingEngine(TextRecorder &recorder) : QPaintEngine(QPaintEngine::AllFeatures), m_recorder(recorder) {}

    bool begin(QPaintDevice *) override { return true; }
    bool end() override { return true; }
    void updateState(const QPaintEngineState &) override {}
    void drawPixmap(const QRectF &, const QPixmap &, const QRectF &) override {}
    void drawPath(const QPainterPath &) override {}
    void drawPolygon(const QPointF *, int, PolygonDrawMode) override {}
    [[nodiscard]] Type type() const override { return QPaintEngine::User; }

    void drawTextItem(const QPointF &at, const QTextItem &item) override
    {
        if (item.text().trimmed().isEmpty())
            return;
        const QFontMetricsF metrics(item.font());
        const QRectF letters(at.x(), at.y() - metrics.capHeight(), metrics.horizontalAdvance(item.text()), metrics.capHeight());
        DrawnText drawn{item.text(), painter()->combinedTransform().mapRect(letters), QRectF(QPointF(), m_recorder.size())};
        if (const QRegion system = systemClip(); !system.isEmpty())
            drawn.clip = drawn.clip.intersected(system.boundingRect());
        if (painter()->hasClipping())
            drawn.clip = drawn.clip.intersected(painter()->combinedTransform().mapRect(painter()->clipBoundingRect()));
        m_recorder.add(std::move(drawn));
    }

private:
    TextRecorder &m_recorder;
};

} // namespace

TextRecorder::TextRecorder(QSize size) : m_size(size), m_engine(std::make_unique<RecordingEngine>(*this)) {}

TextRecorder::~TextRecorder() = default;

QPaintEngine *TextRecorder::paintEngine() const
{
    return m_engine.get();
}

int TextRecorder::metric(PaintDeviceMetric metric) const
{
    switch (metric) {
    case PdmWidth: return m_size.width();
    case PdmHeight: return m_size.height();
    case PdmWidthMM: return m_size.width() * 254 / 960;
    case PdmHeightMM: return m_size.height() * 254 / 960;
    case PdmNumColors: return 0;
    case PdmDepth: return 32;
    case PdmDpiX:
    case PdmDpiY:
    case PdmPhysicalDpiX:
    case PdmPhysicalDpiY: return 96;
    case PdmDevicePixelRatio: return 1;
    case PdmDevicePixelRatioScaled: return static_cast<int>(devicePixelRatioFScale());
    default: return QPaintDevice::metric(metric);
    }
}

} // namespace shardlens::tests
