#include "src/runtime/metrics_text.hpp"

#include <array>
#include <charconv>

namespace weir::runtime {

namespace {

/// Bounds of the exported buckets; `le` is the same in seconds, spelled so that scrapes never
/// differ.
struct exported_bound {
    std::uint64_t microseconds;
    std::string_view le;
};

constexpr std::array exported_bounds{
    exported_bound{50, "0.00005"},    exported_bound{100, "0.0001"},
    exported_bound{250, "0.00025"},   exported_bound{500, "0.0005"},
    exported_bound{1'000, "0.001"},   exported_bound{2'500, "0.0025"},
    exported_bound{5'000, "0.005"},   exported_bound{10'000, "0.01"},
    exported_bound{25'000, "0.025"},  exported_bound{50'000, "0.05"},
    exported_bound{100'000, "0.1"},   exported_bound{250'000, "0.25"},
    exported_bound{500'000, "0.5"},   exported_bound{1'000'000, "1"},
    exported_bound{2'500'000, "2.5"}, exported_bound{5'000'000, "5"},
    exported_bound{10'000'000, "10"}, exported_bound{30'000'000, "30"},
    exported_bound{60'000'000, "60"},
};

template <class Number>
std::string spelled(Number number) {
    std::array<char, 64> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    return {digits.data(), end};
}

enum class text_place : std::uint8_t { help, label };

void append_escaped(std::string& text, std::string_view raw, text_place place) {
    for (const char c : raw) {
        if (c == '\\') {
            text += "\\\\";
        } else if (c == '\n') {
            text += "\\n";
        } else if (c == '"' && place == text_place::label) {
            text += "\\\"";
        } else {
            text += c;
        }
    }
}

}  // namespace

void metrics_text::open(std::string_view name, std::string_view type, std::string_view help) {
    family_ = name;
    text_.append("# HELP ").append(name).append(" ");
    append_escaped(text_, help, text_place::help);
    text_.append("\n# TYPE ").append(name).append(" ").append(type).append("\n");
}

void metrics_text::line(
    std::string_view suffix, metric_labels labels, std::string_view le, std::string_view value
) {
    text_.append(family_).append(suffix);
    char before = '{';
    const auto append_label = [this, &before](std::string_view name, std::string_view label_value) {
        text_ += before;
        before = ',';
        text_.append(name).append("=\"");
        append_escaped(text_, label_value, text_place::label);
        text_ += '"';
    };
    for (const auto& label : labels)
        append_label(label.name, label.value);
    if (!le.empty()) append_label("le", le);
    if (before == ',') text_ += '}';
    text_.append(" ").append(value).append("\n");
}

void metrics_text::sample(std::uint64_t value, metric_labels labels) {
    line("", labels, "", spelled(value));
}

void metrics_text::sample(std::int64_t value, metric_labels labels) {
    line("", labels, "", spelled(value));
}

void metrics_text::sample(double value, metric_labels labels) {
    line("", labels, "", spelled(value));
}

void metrics_text::sample(const histogram_snapshot& value, metric_labels labels) {
    for (const auto& bound : exported_bounds) {
        line("_bucket", labels, bound.le, spelled(value.count_up_to(bound.microseconds)));
    }
    const auto total = spelled(value.total());
    line("_bucket", labels, "+Inf", total);
    line("_sum", labels, "", spelled(static_cast<double>(value.sum_us) / 1e6));
    line("_count", labels, "", total);
}

}  // namespace weir::runtime
