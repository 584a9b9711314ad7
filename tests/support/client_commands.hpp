#pragma once

#include "protocol/mysql/command.hpp"

#include "tests/support/packets.hpp"

#include <cstdint>
#include <string_view>

/// Commands as clients send them: whole packets, headers included, the first frame numbered 0.
namespace weir::test {

[[nodiscard]] inline byte_vector command(
    protocol::mysql::command what, const byte_vector& argument = {}
) {
    return frames_of({bytes({static_cast<unsigned>(what)}) + argument}, 0);
}

[[nodiscard]] inline byte_vector query(std::string_view sql) {
    return command(protocol::mysql::command::query, bytes(sql));
}

[[nodiscard]] inline byte_vector init_db(std::string_view schema) {
    return command(protocol::mysql::command::init_db, bytes(schema));
}

[[nodiscard]] inline byte_vector stmt_prepare(std::string_view sql) {
    return command(protocol::mysql::command::stmt_prepare, bytes(sql));
}

[[nodiscard]] inline byte_vector number(std::uint32_t value) {
    return payload_from([value](auto& writer) { writer.u32(value); });
}

/// STMT_CLOSE, STMT_RESET and the like: a statement id and what follows it.
[[nodiscard]] inline byte_vector statement_command(
    protocol::mysql::command what, std::uint32_t id, const byte_vector& rest = {}
) {
    return command(what, number(id) + rest);
}

/// How a client runs a statement: with the types of its parameters, as it does first, or without.
enum class bound : std::uint8_t { types, nothing };

/// Runs a statement of one parameter, a number of four bytes (MYSQL_TYPE_LONG).
[[nodiscard]] inline byte_vector stmt_execute(
    std::uint32_t id, bound how, std::uint32_t value = 5, std::uint8_t cursor = 0
) {
    byte_vector rest = bytes({cursor, 1, 0, 0, 0, 0});  // flags, one iteration, no NULL
    rest = rest + (how == bound::types ? bytes({1, 3, 0}) : bytes({0}));
    return statement_command(protocol::mysql::command::stmt_execute, id, rest + number(value));
}

inline constexpr unsigned type_null = 6;

/// Runs a statement of one parameter with a type of its own. Its value does not matter.
[[nodiscard]] inline byte_vector execute_as(std::uint32_t id, unsigned type) {
    const unsigned nulls = type == type_null ? 1 : 0;
    return statement_command(
        protocol::mysql::command::stmt_execute,
        id,
        bytes({0, 1, 0, 0, 0, nulls, 1, type, 0, 1, 'x'})
    );
}

/// Runs a statement without parameters.
[[nodiscard]] inline byte_vector stmt_execute_bare(std::uint32_t id, std::uint8_t cursor = 0) {
    return statement_command(
        protocol::mysql::command::stmt_execute, id, bytes({cursor, 1, 0, 0, 0})
    );
}

}  // namespace weir::test
