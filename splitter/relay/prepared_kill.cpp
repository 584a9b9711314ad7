#include "splitter/relay/prepared_kill.hpp"

#include "protocol/mysql/messages/stmt_execute.hpp"
#include "protocol/wire/byte_reader.hpp"

#include <bit>
#include <charconv>
#include <limits>

namespace weir::splitter {
namespace {

using protocol::mysql::stmt_execute;
using protocol::wire::byte_reader;
using protocol::wire::bytes_view;

/// Types of the binary protocol that clients send a number in.
enum class parameter_type : std::uint8_t {
    tiny = 1,
    small = 2,
    integer = 3,
    floating = 5,  // what a language with one type of numbers sends
    big = 8,
    varchar = 15,
    blob = 252,
    var_string = 253,
    string = 254,
};

std::optional<std::uint32_t> number_in(std::string_view text) {
    std::uint32_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, code] = std::from_chars(text.data(), end, number);
    return code == std::errc{} && stop == end ? std::optional(number) : std::nullopt;
}

std::optional<std::uint32_t> number_in(double value) {
    if (!(value >= 0 && value <= std::numeric_limits<std::uint32_t>::max())) return std::nullopt;
    const auto number = static_cast<std::uint32_t>(value);
    return static_cast<double>(number) == value ? std::optional(number) : std::nullopt;
}

std::optional<std::uint32_t> read_number(parameter_type type, bytes_view value) {
    byte_reader reader(value);
    std::optional<std::uint32_t> number;
    switch (type) {
        case parameter_type::tiny: number = reader.u8(); break;
        case parameter_type::small: number = reader.u16(); break;
        case parameter_type::integer: number = reader.u32(); break;
        case parameter_type::big: {
            const std::uint64_t wide = reader.u64();
            if (wide <= std::numeric_limits<std::uint32_t>::max())
                number = static_cast<std::uint32_t>(wide);
            break;
        }
        case parameter_type::floating:
            number = number_in(std::bit_cast<double>(reader.u64()));
            break;
        case parameter_type::varchar:
        case parameter_type::blob:
        case parameter_type::var_string:
        case parameter_type::string: number = number_in(reader.lenenc_text()); break;
    }
    return reader.failed() ? std::nullopt : number;
}

std::optional<std::uint32_t> first_parameter(
    const prepared_statement& statement, bytes_view payload, const session& session
) {
    const auto execute = stmt_execute::decode(payload, session.capabilities, statement.parameters);
    if (!execute) return std::nullopt;
    const bool is_null =
        !execute->null_bitmap.empty() && (execute->null_bitmap[0] & std::byte{1}) != std::byte{0};
    const bytes_view types =
        execute->new_params_bound ? execute->types : bytes_view(statement.types);
    if (is_null || types.empty()) return std::nullopt;
    return read_number(static_cast<parameter_type>(types[0]), execute->values);
}

}  // namespace

std::optional<kill_statement> prepared_kill(
    const prepared_statement& statement, bytes_view payload, const session& session
) {
    if (statement.traits.what != statement_traits::kind::write) return std::nullopt;
    if (statement.parameters == 0) return parse_kill(statement.text(), statement.reading);
    if (statement.parameters != 1) return std::nullopt;
    // Whatever number stands in its place tells whether it is one.
    if (!parse_kill(statement.text(), statement.reading, 0)) return std::nullopt;
    const auto number = first_parameter(statement, payload, session);
    return number ? parse_kill(statement.text(), statement.reading, number) : std::nullopt;
}

}  // namespace weir::splitter
