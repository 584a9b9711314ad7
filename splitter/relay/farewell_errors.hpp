#pragma once

#include "protocol/mysql/gtid_set.hpp"

#include <cstdint>

namespace weir::splitter {

/// An error with which a server ends the connection, whatever the statement was: it goes down, or
/// somebody has killed the connection.
[[nodiscard]] constexpr bool is_farewell(
    std::uint16_t error, protocol::mysql::server_flavor flavor
) noexcept {
    constexpr std::uint16_t server_shutdown = 1053;
    constexpr std::uint16_t normal_shutdown = 1079;
    constexpr std::uint16_t new_aborting_connection = 1184;
    constexpr std::uint16_t connection_killed = 1927;  // MariaDB's only
    if (error == connection_killed) return flavor == protocol::mysql::server_flavor::mariadb;
    return error == server_shutdown || error == normal_shutdown || error == new_aborting_connection;
}

/// An error that was sent before any statement came: the connection had been idle for too long. It
/// is MySQL's; the number means something else on MariaDB.
[[nodiscard]] constexpr bool is_unheard(
    std::uint16_t error, protocol::mysql::server_flavor flavor
) noexcept {
    constexpr std::uint16_t client_interaction_timeout = 4031;
    return error == client_interaction_timeout && flavor == protocol::mysql::server_flavor::mysql;
}

}  // namespace weir::splitter
