#include "config/loader/units.hpp"

#include "config/loader/digit.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <limits>
#include <span>
#include <system_error>

namespace weir::config {

namespace {

struct unit {
    std::string_view name;
    std::uint64_t factor;
};

constexpr std::array<unit, 4> time_units{
    {{"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};
constexpr std::array<unit, 4> size_units{
    {{"GiB", 1ULL << 30U}, {"MiB", 1ULL << 20U}, {"KiB", 1ULL << 10U}, {"B", 1}}};

/// What a family of units is and where its values end.
struct unit_family {
    std::span<const unit> units;
    std::string_view noun;  ///< "a time"
    std::uint64_t highest;  ///< in the smallest unit
};

constexpr auto longest_time =
    static_cast<std::uint64_t>(std::numeric_limits<std::chrono::milliseconds::rep>::max());

std::size_t count_digits(std::string_view text) {
    const auto* const end = std::find_if_not(text.begin(), text.end(), is_digit);
    return static_cast<std::size_t>(end - text.begin());
}

/// Units that look right and are not: they are named, so that the author sees what to change.
bool is_decimal_size(std::string_view name) {
    constexpr std::array<std::string_view, 8> names{"K", "KB", "kB", "M", "MB", "G", "GB", "k"};
    return std::find(names.begin(), names.end(), name) != names.end();
}

parsed<std::uint64_t> parse_with_unit(std::string_view text, const unit_family& family) {
    const std::size_t digits = count_digits(text);
    const auto not_one = [&] { return "is not " + std::string{family.noun}; };
    if (digits == 0) return {0, not_one()};

    auto amount = parse_number(text.substr(0, digits));
    if (!amount.ok()) return amount;
    const std::string_view name = text.substr(digits);
    if (name.empty() && amount.value == 0) return {};
    if (name.empty()) return {0, "has no unit"};

    const auto found =
        std::find_if(family.units.begin(), family.units.end(), [&](const unit& each) {
            return each.name == name;
        });
    if (found == family.units.end()) {
        if (family.units.data() == size_units.data() && is_decimal_size(name)) {
            return {0, "may count in 1000 or in 1024"};
        }
        return {0, not_one()};
    }
    if (amount.value > family.highest / found->factor) return {0, "is too large"};
    return {amount.value * found->factor, {}};
}

std::string format_with_unit(std::uint64_t value, std::span<const unit> units) {
    if (value == 0) return "0";
    const auto found = std::find_if(units.begin(), units.end(), [&](const unit& each) {
        return value % each.factor == 0;
    });
    return std::to_string(value / found->factor) + std::string{found->name};
}

}  // namespace

parsed<std::chrono::milliseconds> parse_duration(std::string_view text) {
    const auto amount = parse_with_unit(text, {time_units, "a time", longest_time});
    return {
        std::chrono::milliseconds{static_cast<std::chrono::milliseconds::rep>(amount.value)},
        amount.problem};
}

parsed<std::uint64_t> parse_size(std::string_view text) {
    return parse_with_unit(text, {size_units, "a size", std::numeric_limits<std::uint64_t>::max()});
}

parsed<std::uint64_t> parse_number(std::string_view text) {
    if (text.empty() || count_digits(text) != text.size()) return {0, "is not a whole number"};
    std::uint64_t value = 0;
    const auto outcome = std::from_chars(text.data(), text.data() + text.size(), value);
    if (outcome.ec != std::errc{}) return {0, "is too large"};
    return {value, {}};
}

std::string format_duration(std::chrono::milliseconds time) {
    return format_with_unit(static_cast<std::uint64_t>(time.count()), time_units);
}

std::string format_size(std::uint64_t bytes) {
    return format_with_unit(bytes, size_units);
}

}  // namespace weir::config
