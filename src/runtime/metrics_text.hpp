#pragma once

#include "src/runtime/histogram.hpp"

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace weir::runtime {

struct metric_label {
    std::string_view name;
    std::string_view value;
};

using metric_labels = std::span<const metric_label>;

/// Composes a page of the Prometheus text exposition format, version 0.0.4. A family is opened once
/// by `counter_family`, `gauge_family` or `histogram_family`; samples that follow belong to it.
/// Source: prometheus.io, "Exposition formats".
class metrics_text {
public:
    void counter_family(std::string_view name, std::string_view help) {
        open(name, "counter", help);
    }

    void gauge_family(std::string_view name, std::string_view help) { open(name, "gauge", help); }

    void histogram_family(std::string_view name, std::string_view help) {
        open(name, "histogram", help);
    }

    void sample(std::uint64_t value, metric_labels labels = {});
    void sample(std::int64_t value, metric_labels labels = {});
    void sample(double value, metric_labels labels = {});

    void sample(std::uint64_t value, std::initializer_list<metric_label> labels) {
        sample(value, metric_labels(labels.begin(), labels.size()));
    }

    void sample(std::int64_t value, std::initializer_list<metric_label> labels) {
        sample(value, metric_labels(labels.begin(), labels.size()));
    }

    void sample(double value, std::initializer_list<metric_label> labels) {
        sample(value, metric_labels(labels.begin(), labels.size()));
    }

    /// Cumulative buckets in seconds at fixed bounds from 50 us to 60 s, then _sum and _count.
    void sample(const histogram_snapshot& value, metric_labels labels = {});

    void sample(const histogram_snapshot& value, std::initializer_list<metric_label> labels) {
        sample(value, metric_labels(labels.begin(), labels.size()));
    }

    /// The page so far.
    [[nodiscard]] const std::string& text() const noexcept { return text_; }

    [[nodiscard]] std::string take() && { return std::move(text_); }

    static constexpr std::string_view content_type = "text/plain; version=0.0.4; charset=utf-8";

private:
    void open(std::string_view name, std::string_view type, std::string_view help);
    /// `le`: the bound of a bucket; empty: none.
    void line(
        std::string_view suffix, metric_labels labels, std::string_view le, std::string_view value
    );

    std::string text_;
    std::string family_;
};

}  // namespace weir::runtime
