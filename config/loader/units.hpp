#pragma once

#include "config/loader/parsed.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace weir::config {

/// A whole number and one of the units ms, s, m, h: `250ms`. A bare number has no meaning, except
/// `0`.
[[nodiscard]] parsed<std::chrono::milliseconds> parse_duration(std::string_view text);

/// A whole number and one of the units B, KiB, MiB, GiB: `64KiB`. A bare number has no meaning,
/// except `0`. KB and its like are refused: half of their users mean 1000 and the other half 1024.
[[nodiscard]] parsed<std::uint64_t> parse_size(std::string_view text);

/// Decimal digits and nothing else.
[[nodiscard]] parsed<std::uint64_t> parse_number(std::string_view text);

/// In the largest unit that divides it; reads back as the same value. Not for negative times.
[[nodiscard]] std::string format_duration(std::chrono::milliseconds time);
[[nodiscard]] std::string format_size(std::uint64_t bytes);

}  // namespace weir::config
