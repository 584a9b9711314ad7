#include "config/loader/rule_values.hpp"

#include "config/loader/units.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <limits>

namespace weir::config {

namespace {

struct rate_unit {
    std::string_view text;
    std::chrono::milliseconds per;
};

constexpr std::array rate_units{
    rate_unit{"s", std::chrono::seconds{1}},
    rate_unit{"m", std::chrono::minutes{1}},
    rate_unit{"h", std::chrono::hours{1}},
};

constexpr std::string_view server_prefix = "server=";

}  // namespace

parsed<statement_rate> parse_rate(std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) return {{}, "has no unit of time"};
    const auto number = parse_number(text.substr(0, slash));
    constexpr auto highest = std::numeric_limits<std::uint32_t>::max();
    if (!number.ok() || number.value == 0 || number.value > highest) {
        return {{}, "is not a number of statements"};
    }
    for (const rate_unit& unit : rate_units) {
        if (unit.text != text.substr(slash + 1)) continue;
        return {{static_cast<std::uint32_t>(number.value), unit.per}, {}};
    }
    return {{}, "has an unknown unit of time"};
}

parsed<rule_target> parse_target(std::string_view text) {
    if (text == "primary") return {{rule_target::kind::primary, {}}, {}};
    if (text == "replica") return {{rule_target::kind::replica, {}}, {}};
    if (text.starts_with(server_prefix) && text.size() > server_prefix.size()) {
        return {{rule_target::kind::server, std::string{text.substr(server_prefix.size())}}, {}};
    }
    return {{}, "is not known here"};
}

parsed<std::uint64_t> parse_digest(std::string_view text) {
    constexpr std::string_view prefix = "0x";
    if (!text.starts_with(prefix)) return {0, "does not start with 0x"};
    std::uint64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, code] = std::from_chars(text.data() + prefix.size(), end, value, 16);
    if (code != std::errc{} || stop != end) return {0, "is not a digest"};
    return {value, {}};
}

std::string to_string(const statement_rate& rate) {
    for (const rate_unit& unit : rate_units) {
        if (unit.per != rate.per || rate.statements == 0) continue;
        return std::to_string(rate.statements) + "/" + std::string{unit.text};
    }
    return {};
}

std::string to_string(const rule_target& target) {
    switch (target.what) {
        case rule_target::kind::unsaid: return {};
        case rule_target::kind::primary: return "primary";
        case rule_target::kind::replica: return "replica";
        case rule_target::kind::server: return std::string{server_prefix} + target.server;
    }
    return {};
}

}  // namespace weir::config
