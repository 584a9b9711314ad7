#include "splitter/relay/parameter_reading.hpp"

#include "protocol/mysql/messages/column_definition.hpp"
#include "protocol/mysql/messages/stmt_execute.hpp"
#include "protocol/wire/byte_reader.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <limits>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

namespace weir::splitter {

using protocol::mysql::stmt_execute;
using protocol::wire::bytes_view;

namespace {

/// What MySQL reads to its end as a number. Found by running such texts (MySQL 9.7): a blank ends a
/// whole number, a fraction may have one behind it.
struct number_in_text {
    bool is_negative = false;
    bool is_whole = false;
    std::string_view digits;  ///< before the point
};

/// The longest part of these characters that `text` begins with.
std::string_view take(std::string_view& text, std::string_view any_of, std::size_t at_most) {
    const std::size_t length = std::min({text.find_first_not_of(any_of), text.size(), at_most});
    const std::string_view taken = text.substr(0, length);
    text.remove_prefix(length);
    return taken;
}

std::optional<number_in_text> decimal_in(std::string_view text) {
    constexpr std::string_view digits = "0123456789";
    constexpr std::size_t all = std::string_view::npos;
    number_in_text found;
    (void)take(text, " \t\n", all);
    found.is_negative = take(text, "+-", 1) == "-";
    found.digits = take(text, digits, all);
    const bool has_point = !take(text, ".", 1).empty();
    const std::string_view behind = has_point ? take(text, digits, all) : "";
    if (found.digits.empty() && behind.empty()) return std::nullopt;
    const bool has_exponent = !take(text, "eE", 1).empty();
    if (has_exponent) {
        (void)take(text, "+-", 1);
        if (take(text, digits, all).empty()) return std::nullopt;
    }
    found.is_whole = !has_point && !has_exponent;
    if (!found.is_whole) (void)take(text, " ", all);
    return text.empty() ? std::optional(found) : std::nullopt;
}

/// Such a number as no integer of this kind can be.
bool is_fraction(std::string_view text, parameter_class as) {
    const auto number = decimal_in(text);
    if (!number || !number->is_whole) return number.has_value();
    const bool is_signed = as == parameter_class::integer;
    constexpr std::uint64_t largest_signed = std::numeric_limits<std::int64_t>::max();
    constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();
    const std::string_view digits = number->digits;
    std::uint64_t value = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (read.ec != std::errc{} || value > (is_signed ? largest_signed : largest)) return true;
    return number->is_negative && (value != 0 || !is_signed);
}

bool is_text_as_integer(parameter_class value, parameter_class as) {
    using enum parameter_class;
    return (value == text || value == binary || value == fraction) &&
           (as == integer || as == unsigned_integer);
}

/// Source: MySQL "Binary Protocol Value".
bytes_view next_value(std::uint8_t type, protocol::wire::byte_reader& values) {
    switch (type) {
        case 0x01: return values.bytes(1);  // TINY
        case 0x02:                          // SHORT
        case 0x0D: return values.bytes(2);  // YEAR
        case 0x03:                          // LONG
        case 0x04:                          // FLOAT
        case 0x09: return values.bytes(4);  // INT24
        case 0x05:                          // DOUBLE
        case 0x08: return values.bytes(8);  // LONGLONG
        default: return values.lenenc_bytes();
    }
}

/// The values' types, in the order of the statement's parameters; false: it makes no sense.
bool read_values(
    const prepared_statement& statement,
    const stmt_execute& execute,
    bool has_names,
    parameter_classes& values
) {
    constexpr std::uint16_t unsigned_bit = 0x8000;
    protocol::wire::byte_reader types(
        execute.new_params_bound ? execute.types
                                 : bytes_view(std::span<const std::byte>(statement.types))
    );
    protocol::wire::byte_reader bound(execute.values);
    for (std::size_t i = 0; i < statement.parameters; ++i) {
        const std::uint16_t bits = types.u16();
        const auto type = static_cast<std::uint8_t>(bits);
        if (has_names) (void)types.lenenc_bytes();
        const auto nulls = static_cast<unsigned>(execute.null_bitmap[i / 8]);
        const bool is_null = (nulls >> (i % 8) & 1U) != 0;
        parameter_class found =
            is_null ? parameter_class::null : class_of(type, (bits & unsigned_bit) != 0);
        const bool is_bound = !is_null && !statement.data.has(i);
        const bytes_view value = is_bound ? next_value(type, bound) : bytes_view();
        const parameter_class as = statement.binding.taken_as[i];
        if (is_text_as_integer(found, as) && is_fraction(protocol::wire::as_text(value), as))
            found = parameter_class::fraction;
        values.push_back(found);
    }
    return !types.failed();
}

}  // namespace

result<parameter_class> class_of_definition(
    bytes_view payload, protocol::mysql::capability_set server
) {
    constexpr std::uint16_t unsigned_flag = 32;
    const auto message = protocol::mysql::column_definition::decode(payload, server);
    if (!message) return message.error();
    return class_of(message->type, (message->flags & unsigned_flag) != 0);
}

namespace {

/// The run has it prepared anew, on one server.
void note_renewal(
    parameter_binding& binding, const shared_statement& what, const session& session
) {
    binding.taken_as = taken_after(binding.taken_as, what.derived(), binding.values);
    binding.under = what.renewed_under(session.state);
    binding.is_under_now = true;
    binding.seen = session.state.mark().version;
}

/// Only a text can be long data; any other type is refused before types are compared.
bool is_refused_for_data(const prepared_statement& statement) {
    using enum parameter_class;
    const parameter_classes& values = statement.binding.values;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const bool is_text = values[i] == text || values[i] == binary || values[i] == other;
        if (!is_text && statement.data.has(i)) return true;
    }
    return false;
}

void note_what_is_set(
    parameter_binding& binding, const shared_statement& what, const session& session
) {
    const std::uint64_t now = session.state.mark().version;
    if (std::exchange(binding.seen, now) == now) return;
    binding.is_under_now = what.renewed_under(session.state) == binding.under;
}

}  // namespace

void note_binding(prepared_statement& statement, bytes_view payload, const session& session) {
    parameter_binding& binding = statement.binding;
    constexpr std::size_t flags_at = 5;
    const auto read_from = std::span<const std::byte>(binding.read_from);
    note_what_is_set(binding, *statement.shared.get(), session);
    const bool is_as_before = !read_from.empty() && payload.size() >= flags_at + read_from.size() &&
                              payload.subspan(flags_at, read_from.size()) == bytes_view(read_from);
    if (is_as_before) return;
    binding.read_from.clear();
    binding.values.clear();
    binding.as_new.clear();
    const parameter_classes& derived = statement.shared.get()->derived();
    if (derived.empty() || derived.size() != statement.parameters) return;
    const auto execute = stmt_execute::decode(payload, session.capabilities, statement.parameters);
    if (!execute || execute->parameter_count < statement.parameters) return;
    const bool has_names = session.capabilities.has(protocol::mysql::capability::query_attributes);
    if (binding.taken_as.size() != derived.size()) binding.taken_as = derived;
    if (!read_values(statement, *execute, has_names, binding.values)) return binding.values.clear();
    if (is_refused_for_data(statement)) return binding.values.clear();
    const bool depends_on_values =
        !std::ranges::equal(binding.values, binding.taken_as, std::not_fn(is_text_as_integer));
    if (!takes_all(binding.taken_as, binding.values))
        note_renewal(binding, *statement.shared.get(), session);
    if (!are_taken_so_after(derived, derived, binding.values, binding.taken_as))
        binding.as_new = taken_after(derived, derived, binding.values);
    if (depends_on_values) return;
    const auto shape =
        payload.subspan(flags_at, payload.size() - flags_at - execute->values.size());
    binding.read_from.assign(shape.begin(), shape.end());
}

}  // namespace weir::splitter
