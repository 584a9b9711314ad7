#include "splitter/session/parameter_types.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace weir::splitter {
namespace {

constexpr unsigned bit_of(parameter_class one) noexcept {
    return 1U << static_cast<unsigned>(one);
}

/// What a parameter takes, by parameter_class; besides NULL.
constexpr std::array taken = [] {
    using enum parameter_class;
    constexpr unsigned no_fractions = bit_of(text) | bit_of(binary);
    constexpr unsigned texts = no_fractions | bit_of(fraction);
    constexpr unsigned numbers = bit_of(integer) | bit_of(unsigned_integer) | bit_of(decimal);
    constexpr unsigned times = bit_of(date) | bit_of(datetime) | bit_of(time);
    constexpr unsigned anything = numbers | times | bit_of(floating) | texts;
    return std::array{
        anything,                                                              // null
        bit_of(integer) | no_fractions,                                        // integer
        bit_of(unsigned_integer) | no_fractions,                               // unsigned_integer
        numbers | texts,                                                       // decimal
        numbers | bit_of(floating) | texts,                                    // floating
        texts,                                                                 // text
        texts,                                                                 // binary
        numbers | texts | bit_of(date),                                        // date
        anything,                                                              // datetime
        numbers | bit_of(floating) | texts | bit_of(time) | bit_of(datetime),  // time
        anything,                                                              // other
    };
}();

/// What keeps its type when the statement is prepared anew because of another parameter: it is read
/// as that.
constexpr std::array kept = [] {
    using enum parameter_class;
    constexpr unsigned texts = bit_of(text) | bit_of(binary);
    constexpr unsigned numbers =
        bit_of(integer) | bit_of(unsigned_integer) | bit_of(decimal) | bit_of(floating);
    return std::array{
        0U,                // null
        texts,             // integer
        texts,             // unsigned_integer
        texts,             // decimal
        texts,             // floating
        0U,                // text
        0U,                // binary
        0U,                // date
        bit_of(floating),  // datetime
        numbers | texts,   // time
        0U,                // other
    };
}();

/// After a run that has the statement prepared anew.
parameter_class renewed(parameter_class before, parameter_class derived, parameter_class value) {
    using enum parameter_class;
    if (value == null) return derived;
    if (value == fraction) {
        const bool is_integer = before == integer || before == unsigned_integer;
        return is_integer ? decimal : renewed(before, derived, text);
    }
    if ((kept[static_cast<std::size_t>(before)] & bit_of(value)) != 0) return before;
    return before == date && value == floating ? datetime : value;
}

}  // namespace

/// Source: MySQL "Binary Protocol Resultset", enum_field_types.
parameter_class class_of(std::uint8_t type, bool is_unsigned) noexcept {
    using enum parameter_class;
    switch (type) {
        case 0x06: return null;
        case 0x01:  // TINY
        case 0x02:  // SHORT
        case 0x03:  // LONG
        case 0x08:  // LONGLONG
        case 0x09:  // INT24
            return is_unsigned ? unsigned_integer : integer;
        case 0x04:  // FLOAT
        case 0x05:  // DOUBLE
            return floating;
        case 0x00:  // DECIMAL
        case 0xF6:  // NEWDECIMAL
            return decimal;
        case 0x0A: return date;
        case 0x0B: return time;
        case 0x07:  // TIMESTAMP
        case 0x0C:  // DATETIME
            return datetime;
        case 0xF9:  // TINY_BLOB
        case 0xFA:  // MEDIUM_BLOB
        case 0xFB:  // LONG_BLOB
        case 0xFC:  // BLOB
            return binary;
        case 0x0F:  // VARCHAR
        case 0xFD:  // VAR_STRING
        case 0xFE:  // STRING
            return text;
        default: return other;  // no enum: what a peer sends
    }
}

bool takes(parameter_class as, parameter_class value) noexcept {
    const unsigned accepted = taken[static_cast<std::size_t>(as)] | bit_of(parameter_class::null) |
                              bit_of(parameter_class::other);
    return (accepted & bit_of(value)) != 0;
}

bool takes_all(parameter_class_view as, parameter_class_view values) noexcept {
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!takes(as[i], values[i])) return false;
    }
    return true;
}

parameter_classes taken_after(
    parameter_class_view before, parameter_class_view derived, parameter_class_view values
) {
    parameter_classes after(before.begin(), before.end());
    if (takes_all(before, values)) return after;
    for (std::size_t i = 0; i < values.size(); ++i)
        after[i] = renewed(before[i], derived[i], values[i]);
    return after;
}

bool are_taken_so_after(
    parameter_class_view before,
    parameter_class_view derived,
    parameter_class_view values,
    parameter_class_view wanted
) noexcept {
    if (takes_all(before, values)) return std::ranges::equal(before, wanted);
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (renewed(before[i], derived[i], values[i]) != wanted[i]) return false;
    }
    return true;
}

bool can_be_had_by_a_run(
    parameter_class_view before, parameter_class_view derived, parameter_class_view wanted
) {
    parameter_classes values(wanted.begin(), wanted.end());
    std::ranges::replace(values, parameter_class::other, parameter_class::null);
    return !takes_all(before, values) && are_taken_so_after(before, derived, values, wanted);
}

}  // namespace weir::splitter
