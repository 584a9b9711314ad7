#pragma once

#include "protocol/mysql/capabilities.hpp"
#include "protocol/mysql/gtid_set.hpp"
#include "protocol/mysql/messages/binary_value.hpp"
#include "protocol/mysql/status_flags.hpp"
#include "protocol/wire/send_buffer.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace weir::splitter {

/// Rows that we answer ourselves. Plain value.
struct local_result {
    enum class column_type : std::uint8_t { text, integer, wide_integer };

    struct column {
        std::string name;
        column_type type = column_type::text;
        std::uint32_t length = 0;  ///< characters, as shown
        bool may_be_null = false;
    };

    using value = std::variant<std::monostate, std::int64_t, std::string>;  ///< none: NULL

    std::vector<column> columns;
    std::vector<std::vector<value>> rows;  ///< each has a value for each column
    std::uint16_t warnings = 0;
};

/// How the client has asked.
enum class result_form : std::uint8_t { text, binary };

struct result_settings {
    protocol::mysql::capability_set client;
    protocol::mysql::status_set status;
    std::uint16_t collation = 45;  ///< of texts; 45: utf8mb4_general_ci
    std::uint8_t longest_character = 4;
    result_form form = result_form::text;
    protocol::mysql::server_flavor flavor = protocol::mysql::server_flavor::mysql;
};

/// Appends the packets of a result; the first has this sequence number.
void append_result(
    protocol::wire::send_buffer& out,
    std::uint8_t sequence,
    const local_result& result,
    const result_settings& settings
);

/// What a client has prepared, and weir runs itself.
struct local_statement {
    std::uint32_t id = 0;
    std::uint16_t parameters = 0;
    std::vector<local_result::column> columns;  ///< of its result; empty: it has none
};

/// Appends the packets that answer its COM_STMT_PREPARE.
void append_prepared(
    protocol::wire::send_buffer& out,
    std::uint8_t sequence,
    const local_statement& statement,
    const result_settings& settings
);

}  // namespace weir::splitter
