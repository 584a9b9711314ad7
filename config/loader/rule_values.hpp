#pragma once

#include "config/loader/parsed.hpp"
#include "config/schema/rule_settings.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace weir::config {

/// A number of statements, at least one, and a unit of time, `s`, `m` or `h`: `100/s`.
[[nodiscard]] parsed<statement_rate> parse_rate(std::string_view text);

/// `primary`, `replica` or `server=NAME`: the words of a routing hint.
[[nodiscard]] parsed<rule_target> parse_target(std::string_view text);

/// `0x` and up to 16 hexadecimal digits.
[[nodiscard]] parsed<std::uint64_t> parse_digest(std::string_view text);

/// They read back as the same value.
[[nodiscard]] std::string to_string(const statement_rate& rate);
[[nodiscard]] std::string to_string(const rule_target& target);

}  // namespace weir::config
