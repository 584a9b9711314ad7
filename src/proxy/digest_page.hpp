#pragma once

#include "src/proxy/digest_report.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::proxy {

/// What GET /digests?format=text&top=20&order=time asks for.
struct digest_request {
    enum class format : std::uint8_t { json, text };

    static constexpr std::size_t top_max = 1'000'000;

    format how = format::json;
    std::size_t top = 100;
    digest_order order = digest_order::time;

    friend bool operator==(const digest_request&, const digest_request&) = default;
};

/// From what stands behind the "?". Nothing if it is not understood.
[[nodiscard]] std::optional<digest_request> parse_digest_request(std::string_view query);

/// The two clocks at one instant: rows have times of the one, people read those of the other.
struct clock_pair {
    std::chrono::steady_clock::time_point steady;
    std::chrono::system_clock::time_point system;

    [[nodiscard]] static clock_pair now() {
        return {std::chrono::steady_clock::now(), std::chrono::system_clock::now()};
    }
};

/// One JSON object.
[[nodiscard]] std::string digests_as_json(const digest_report& report, const clock_pair& now);

/// A table for people: a line for each row, and one for all others.
[[nodiscard]] std::string digests_as_text(const digest_report& report);

}  // namespace weir::proxy
