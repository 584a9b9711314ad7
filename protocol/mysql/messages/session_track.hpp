#pragma once

#include "protocol/wire/byte_reader.hpp"
#include "protocol/wire/byte_writer.hpp"
#include "protocol/wire/bytes_view.hpp"
#include "protocol/wire/result.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace weir::protocol::mysql {

/// What kind of session state an entry tells of; servers may send kinds that have no name here.
/// Source: MySQL "enum_session_state_type"; MariaDB's are the same numbers.
enum class session_track_type : std::uint8_t {
    system_variables = 0,
    schema = 1,
    state_change = 2,
    gtids = 3,
    transaction_characteristics = 4,
    transaction_state = 5,
};

/// One change of session state. Views into the decoded packet.
struct session_track_entry {
    session_track_type type{};
    std::string_view name;   ///< of the variable; system_variables only
    std::string_view value;  ///< the variable's value, or the text of the other kinds ("1", a
                             ///< schema, GTIDs, statements)

    /// The entry's own bytes behind its type and length; what `name` and `value` were read from.
    wire::bytes_view data;

    friend bool operator==(const session_track_entry&, const session_track_entry&) = default;
};

/// Walks ok::session_state. A list of several variables in one entry comes out as several entries.
class session_track_reader {
public:
    explicit session_track_reader(wire::bytes_view session_state) noexcept
        : reader_(session_state) {}

    /// The next entry, nothing at the end. Errors: truncated, value_out_of_range.
    [[nodiscard]] result<std::optional<session_track_entry>> next();

private:
    [[nodiscard]] result<std::optional<session_track_entry>> next_variable();

    wire::byte_reader reader_;
    wire::byte_reader variables_{wire::bytes_view{}};  ///< what is left of a list of variables
};

/// Writes one entry as the reader reads it: variables by name and value, all other kinds by their
/// data.
void append_session_track(wire::byte_writer& writer, const session_track_entry& entry);

}  // namespace weir::protocol::mysql
