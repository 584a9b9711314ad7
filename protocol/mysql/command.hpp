#pragma once

#include <cstdint>
#include <string_view>

namespace weir::protocol::mysql {

/// First byte of a command packet. A byte that has no name here may still arrive: name() answers
/// "unknown". Source: MySQL "Command Phase", enum_server_command; MariaDB knowledge base
/// "com_stmt_bulk_execute".
enum class command : std::uint8_t {
    sleep = 0x00,
    quit = 0x01,
    init_db = 0x02,
    query = 0x03,
    field_list = 0x04,
    create_db = 0x05,
    drop_db = 0x06,
    refresh = 0x07,
    shutdown = 0x08,
    statistics = 0x09,
    process_info = 0x0A,
    connect = 0x0B,
    process_kill = 0x0C,
    debug = 0x0D,
    ping = 0x0E,
    time = 0x0F,
    delayed_insert = 0x10,
    change_user = 0x11,
    binlog_dump = 0x12,
    table_dump = 0x13,
    connect_out = 0x14,
    register_slave = 0x15,
    stmt_prepare = 0x16,
    stmt_execute = 0x17,
    stmt_send_long_data = 0x18,
    stmt_close = 0x19,
    stmt_reset = 0x1A,
    set_option = 0x1B,
    stmt_fetch = 0x1C,
    daemon = 0x1D,
    binlog_dump_gtid = 0x1E,
    reset_connection = 0x1F,
    clone = 0x20,
    subscribe_group_replication_stream = 0x21,
    stmt_bulk_execute = 0xFA,  ///< MariaDB
    multi = 0xFE,              ///< MariaDB, withdrawn by its servers
};

/// Name for logs and metrics, as the manual spells it without COM_, in lower case.
[[nodiscard]] constexpr std::string_view name(command value) noexcept {
    switch (value) {
        case command::sleep: return "sleep";
        case command::quit: return "quit";
        case command::init_db: return "init_db";
        case command::query: return "query";
        case command::field_list: return "field_list";
        case command::create_db: return "create_db";
        case command::drop_db: return "drop_db";
        case command::refresh: return "refresh";
        case command::shutdown: return "shutdown";
        case command::statistics: return "statistics";
        case command::process_info: return "process_info";
        case command::connect: return "connect";
        case command::process_kill: return "process_kill";
        case command::debug: return "debug";
        case command::ping: return "ping";
        case command::time: return "time";
        case command::delayed_insert: return "delayed_insert";
        case command::change_user: return "change_user";
        case command::binlog_dump: return "binlog_dump";
        case command::table_dump: return "table_dump";
        case command::connect_out: return "connect_out";
        case command::register_slave: return "register_slave";
        case command::stmt_prepare: return "stmt_prepare";
        case command::stmt_execute: return "stmt_execute";
        case command::stmt_send_long_data: return "stmt_send_long_data";
        case command::stmt_close: return "stmt_close";
        case command::stmt_reset: return "stmt_reset";
        case command::set_option: return "set_option";
        case command::stmt_fetch: return "stmt_fetch";
        case command::daemon: return "daemon";
        case command::binlog_dump_gtid: return "binlog_dump_gtid";
        case command::reset_connection: return "reset_connection";
        case command::clone: return "clone";
        case command::subscribe_group_replication_stream:
            return "subscribe_group_replication_stream";
        case command::stmt_bulk_execute: return "stmt_bulk_execute";
        case command::multi: return "multi";
    }
    return "unknown";
}

}  // namespace weir::protocol::mysql
