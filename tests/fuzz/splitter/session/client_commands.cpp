#include "tests/fuzz/splitter/session/client_commands.hpp"

#include "tests/support/client_commands.hpp"

#include <array>
#include <string_view>

namespace weir::fuzz {

using protocol::mysql::capability;
using protocol::mysql::capability_set;
using protocol::mysql::command;
using test::byte_vector;
using test::operator+;  // not found by its arguments, which are of the standard library

namespace {

/// One statement for each thing that a session can learn from, hold for or go elsewhere for.
constexpr std::array<std::string_view, 40> statements{
    "SELECT 1",
    "SELECT a FROM t",
    "UPDATE t SET a=1",
    "INSERT INTO t VALUES (1)",
    "BEGIN",
    "COMMIT",
    "ROLLBACK RELEASE",
    "START TRANSACTION READ ONLY",
    "COMMIT AND CHAIN",
    "SET autocommit=0",
    "SET autocommit=1",
    "SET TRANSACTION READ ONLY",
    "SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE",
    "SET NAMES utf8mb4 COLLATE utf8mb4_bin",
    "SET CHARACTER SET latin1",
    "SET sql_mode='ANSI_QUOTES'",
    "SET timestamp=1",
    "USE d",
    "SELECT @a:=1",
    "SELECT GET_LOCK('a', 1)",
    "CREATE TEMPORARY TABLE x (a INT)",
    "LOCK TABLES t READ",
    "CALL p()",
    "LOAD DATA LOCAL INFILE 'f' INTO TABLE t",
    "SELECT ?",
    "UPDATE t SET a=? WHERE b=?",
    "SELECT 1; SELECT 2",
    "SELECT 1; UPDATE t SET a=1",
    "/* weir:primary */ SELECT 1",
    "/* weir:replica */ SELECT 1",
    "/* weir:server=db2 */ SELECT 1",
    "SELECT \"a\"",
    "SELECT 1 FROM t FOR UPDATE",
    "SELECT LAST_INSERT_ID()",
    "SELECT * FROM mysql.user",
    "DROP TABLE t",
    "PREPARE s FROM 'SELECT 1'",
    "XA START 'a'",
    "ANALYZE TABLE t",
    "",
};

/// What weir answers itself, or in its own way.
constexpr std::array<std::string_view, 8> own_statements{
    "EXPLAIN ROUTE SELECT 1 FROM t",
    "EXPLAIN ROUTE FOR SELECT ?",
    "EXPLAIN ROUTE SELECT ?",
    "SHOW WEIR PINS",
    "SHOW FULL PROCESSLIST",
    "SHOW WARNINGS",
    "SET weir_trace = 1",
    "SET weir_trace = 0"};

byte_vector sql(script& input) {
    constexpr int ways = 8;
    const int way = input.number() % ways;
    if (way == 7) return test::copy_of(input.bytes());
    if (way == 6) return test::bytes(input.one_of(own_statements));
    return test::bytes(input.one_of(statements));
}

/// Ids that exist soon, ids that do not, and MariaDB's "the one prepared last".
byte_vector statement_id(script& input) {
    constexpr std::array<std::uint32_t, 5> ids{1, 2, 3, 77, 0xFFFFFFFF};
    return test::number(input.one_of(ids));
}

byte_vector query(script& input, capability_set capabilities) {
    byte_vector argument;
    if (capabilities.has(capability::query_attributes)) argument = test::bytes({0, 1});
    return test::command(command::query, argument + sql(input));
}

byte_vector execute(script& input) {
    const byte_vector id = statement_id(input);
    const byte_vector flags = test::bytes({input.number() % 16U, 1, 0, 0, 0});
    constexpr int ways = 4;
    switch (input.number() % ways) {
        case 0: return test::command(command::stmt_execute, id + flags);
        case 1:  // one number, with its type
            return test::command(
                command::stmt_execute, id + flags + test::bytes({0, 1, 3, 0, 5, 0, 0, 0})
            );
        case 2:  // the same without
            return test::command(
                command::stmt_execute, id + flags + test::bytes({0, 0, 5, 0, 0, 0})
            );
        default:
            return test::command(command::stmt_execute, id + flags + test::copy_of(input.bytes()));
    }
}

}  // namespace

byte_vector next_command(script& input, capability_set capabilities) {
    // Those with sequences of their own come up more often than the rest.
    constexpr std::array usual{
        command::query,
        command::query,
        command::stmt_prepare,
        command::stmt_execute,
        command::stmt_close,
        command::stmt_send_long_data,
        command::stmt_reset,
        command::stmt_fetch,
        command::init_db,
        command::ping,
        command::set_option,
        command::reset_connection,
        command::change_user,
        command::statistics,
        command::field_list,
        command::stmt_bulk_execute,
    };
    const bool is_usual = input.number() % 8 != 7;
    const auto what = is_usual ? input.one_of(usual) : static_cast<command>(input.number());
    if (what == command::query) return query(input, capabilities);
    if (what == command::stmt_prepare) return test::command(what, sql(input));
    if (what == command::stmt_execute) return execute(input);
    if (what == command::init_db) return test::init_db(input.decide() ? "d" : "mysql");
    if (what == command::set_option)
        return test::command(what, test::bytes({input.number() & 1U, 0}));
    const bool names_statement = what == command::stmt_close ||
                                 what == command::stmt_send_long_data ||
                                 what == command::stmt_reset || what == command::stmt_fetch ||
                                 what == command::stmt_bulk_execute;
    const byte_vector named = names_statement ? statement_id(input) : byte_vector{};
    return test::command(what, named + test::copy_of(input.bytes(16)));
}

}  // namespace weir::fuzz
