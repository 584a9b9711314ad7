// The flag that says that a prepared statement has other columns than its client knows.

#include "protocol/mysql/messages/stmt_prepare_ok.hpp"
#include "splitter/relay/session_core.hpp"

#include "tests/support/session_script.hpp"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace weir::splitter {
namespace {

using namespace weir::test;  // the whole file speaks the script's language
using role = session_script::role;

constexpr status_set changed = idle.with(status_flag::metadata_changed);

/// What is behind the columns: as the server says, or as weir does in its place.
enum class column_end : std::uint8_t { from_server, made_up };

/// A result set of so many columns and one row.
byte_vector rows_of(
    unsigned columns,
    status_set status,
    capability_set form,
    column_end end = column_end::from_server
) {
    const bool has_eofs = !form.has(capability::deprecate_eof);
    std::vector<byte_vector> packets{bytes({columns})};
    packets.insert(packets.end(), columns, definition_payload());
    const status_set behind =
        end == column_end::made_up ? status.without(status_flag::autocommit) : status;
    if (has_eofs) packets.push_back(eof_payload(behind));
    packets.push_back(text_row_payload("value"));
    packets.push_back(has_eofs ? eof_payload(status) : ok_payload(status, 0xFE));
    return frames_of(packets);
}

byte_vector prepared_with(
    std::uint32_t id,
    std::uint16_t columns,
    capability_set form,
    column_end end = column_end::from_server
) {
    std::vector<byte_vector> packets{
        payload_of(protocol::mysql::stmt_prepare_ok{id, columns, 0, 0, true}, {})};
    packets.insert(packets.end(), columns, definition_payload());
    if (columns != 0 && !form.has(capability::deprecate_eof))
        packets.push_back(eof_payload(end == column_end::made_up ? status_set{} : idle));
    return frames_of(packets);
}

struct form {
    std::string_view name;
    capability_set server;
    capability_set client;
};

constexpr form forms[]{
    {"both with EOFs", with_eofs, with_eofs},
    {"both without", session_capabilities, session_capabilities},
    {"the client without", with_eofs, session_capabilities},
    {"the server without", session_capabilities, with_eofs},
};

TEST(session_columns, are_counted_from_what_the_client_knows_and_not_the_connection) {
    for (const form& one : forms) {
        session_script script(one.client);
        auto& first = script.connection(role::replica);
        auto& second = script.connection(role::replica);
        const bool is_made_up = one.server.has(capability::deprecate_eof);
        const column_end end = is_made_up ? column_end::made_up : column_end::from_server;
        const auto rows = [&](unsigned columns, status_set status) {
            return rows_of(columns, status, one.client, end);
        };
        first.state.capabilities = second.state.capabilities = one.server;
        const auto run_at = [&](scripted_backend& where, unsigned columns, status_set status) {
            script.run(stmt_execute_bare(1), where, rows_of(columns, status, one.server));
            return script.take_client_bytes();
        };
        script.run(stmt_prepare("SELECT * FROM t"), first, prepared_with(71, 1, one.server));
        EXPECT_EQ(script.take_client_bytes(), prepared_with(1, 1, one.client, end)) << one.name;
        EXPECT_EQ(run_at(first, 1, idle), rows(1, idle)) << one.name;
        // Prepared there after a change.
        script.client_sends(stmt_execute_bare(1));
        script.lease(second);
        script.backend_sends(prepared_with(9, 2, one.server));
        script.backend_sends(rows_of(2, idle, one.server));
        EXPECT_EQ(script.take_client_bytes(), rows(2, changed))
            << one.name << ": first run behind a change";
        EXPECT_EQ(run_at(second, 2, idle), rows(2, idle)) << one.name;
        EXPECT_EQ(run_at(first, 2, changed), rows(2, idle))
            << one.name << ": the client was told at another connection";
        EXPECT_EQ(run_at(first, 3, changed), rows(3, changed)) << one.name;
    }
}

TEST(session_columns, are_the_servers_business_where_it_does_not_compare_them) {
    const struct {
        std::string_view name;
        std::string_view text;
        status_set sent;
        status_set got;
    } rows[]{
        {"a list of its own", "INSERT INTO t VALUES (1) RETURNING *", idle, idle},
        {"SHOW", "SHOW CREATE TABLE t", idle, idle},
        {"a procedure", "CALL p()", idle, idle},
        {"it says so all the same", "SHOW CREATE TABLE t", changed, changed},
    };

    for (const auto& row : rows) {
        session_script script;
        auto& primary = script.connection(role::primary);
        const capability_set form = session_capabilities;
        script.run(stmt_prepare(row.text), primary, prepared_with(71, 1, form));
        (void)script.take_client_bytes();
        script.run(stmt_execute_bare(1), primary, rows_of(2, row.sent, form));
        EXPECT_EQ(script.take_client_bytes(), rows_of(2, row.got, form)) << row.name;
    }
}

/// MariaDB's prepare does not say how many columns a DELETE returns.
TEST(session_columns, of_a_delete_are_known_by_its_first_run) {
    environment world;
    world.flavor = protocol::mysql::server_flavor::mariadb;
    session_script script(session_capabilities, world);
    auto& primary = script.connection(role::primary);
    const capability_set form = session_capabilities;
    const auto run = [&](unsigned columns, status_set status) {
        script.run(stmt_execute_bare(1), primary, rows_of(columns, status, form));
        return script.take_client_bytes();
    };
    script.run(stmt_prepare("DELETE FROM t RETURNING *"), primary, prepared_with(71, 0, form));
    (void)script.take_client_bytes();
    EXPECT_EQ(run(1, idle), rows_of(1, idle, form));
    EXPECT_EQ(run(2, idle), rows_of(2, changed, form));
    EXPECT_EQ(run(2, changed), rows_of(2, idle, form));
}

}  // namespace
}  // namespace weir::splitter
