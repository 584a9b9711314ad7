#pragma once

#include <cstdint>
#include <string_view>

namespace weir::protocol::mysql {

/// Error numbers that we answer ourselves, as the servers number them.
/// Source: MySQL "Server Error Message Reference", "Client Error Message Reference".
enum class server_errc : std::uint16_t {
    too_many_connections = 1040,
    cannot_get_host_name = 1042,
    handshake_error = 1043,
    database_access_denied = 1044,
    access_denied = 1045,
    no_database_selected = 1046,
    unknown_command = 1047,
    unknown_database = 1049,
    server_shutdown = 1053,
    parse_error = 1064,
    kill_denied = 1095,
    unknown_error = 1105,
    packet_too_large = 1153,
    packets_out_of_order = 1156,
    network_read_error = 1158,
    network_read_interrupted = 1159,
    network_error_on_write = 1160,
    network_write_interrupted = 1161,
    too_many_user_connections = 1203,
    lock_wait_timeout = 1205,
    deadlock = 1213,
    user_limit_reached = 1226,
    access_denied_missing_privilege = 1227,
    wrong_value_for_variable = 1231,
    not_supported_yet = 1235,
    unknown_stmt_handler = 1243,
    not_supported_auth_mode = 1251,
    option_prevents_statement = 1290,
    query_interrupted = 1317,
    max_prepared_statements_reached = 1461,
    wrong_arguments_to_execute = 1210,
    read_only_transaction = 1792,
    malformed_packet = 1835,
    must_change_password_login = 1862,
    no_open_cursor = 1421,
    local_infile_disabled = 3948,
    gtid_mode_required = 1781,
    transaction_rolled_back = 3101,  ///< ER_TRANSACTION_ROLLBACK_DURING_COMMIT
    secure_transport_required = 3159,
    connection_killed = 1927,  ///< MariaDB's, on a connection that it closes
    idle_timeout = 4031,
};

/// Five characters; "HY000" where the servers have no better one.
[[nodiscard]] constexpr std::string_view sql_state(server_errc code) noexcept {
    switch (code) {
        case server_errc::too_many_connections:
        case server_errc::not_supported_auth_mode: return "08004";
        case server_errc::cannot_get_host_name:
        case server_errc::handshake_error:
        case server_errc::unknown_command:
        case server_errc::server_shutdown:
        case server_errc::packet_too_large:
        case server_errc::packets_out_of_order:
        case server_errc::network_read_error:
        case server_errc::network_read_interrupted:
        case server_errc::network_error_on_write:
        case server_errc::network_write_interrupted: return "08S01";
        case server_errc::database_access_denied:
        case server_errc::unknown_database:
        case server_errc::too_many_user_connections:
        case server_errc::user_limit_reached:
        case server_errc::parse_error:
        case server_errc::wrong_value_for_variable:
        case server_errc::access_denied_missing_privilege:
        case server_errc::not_supported_yet:
        case server_errc::local_infile_disabled:
        case server_errc::max_prepared_statements_reached: return "42000";
        case server_errc::access_denied: return "28000";
        case server_errc::no_database_selected: return "3D000";
        case server_errc::query_interrupted:
        case server_errc::connection_killed: return "70100";
        case server_errc::read_only_transaction: return "25006";
        case server_errc::transaction_rolled_back: return "40000";
        case server_errc::deadlock: return "40001";
        case server_errc::kill_denied:
        case server_errc::unknown_error:
        case server_errc::lock_wait_timeout:
        case server_errc::unknown_stmt_handler:
        case server_errc::option_prevents_statement:
        case server_errc::wrong_arguments_to_execute:
        case server_errc::malformed_packet:
        case server_errc::must_change_password_login:
        case server_errc::gtid_mode_required:
        case server_errc::secure_transport_required:
        case server_errc::no_open_cursor:
        case server_errc::idle_timeout: return "HY000";
    }
    return "HY000";
}

}  // namespace weir::protocol::mysql
