#include "protocol/mysql/errc.hpp"
#include "protocol/mysql/messages/session_track.hpp"
#include "protocol/mysql/messages/stmt_prepare_ok.hpp"

#include "tests/unit/protocol/mysql/response_scripts.hpp"

#include <gtest/gtest.h>

namespace weir::protocol::mysql {
namespace {

using test::operator+;
using test::tracking;

[[nodiscard]] test::byte_vector sample_state() {
    return test::payload_from([](auto& writer) {
        append_session_track(
            writer, {session_track_type::system_variables, "autocommit", "OFF", {}}
        );
        append_session_track(writer, {session_track_type::schema, {}, {}, wire::bytes_of("\x01s")});
        append_session_track(
            writer, {session_track_type::state_change, {}, {}, wire::bytes_of("1")}
        );
        append_session_track(
            writer,
            {session_track_type::gtids, {}, {}, wire::bytes_of(std::string_view("\0\x03u:1", 5))}
        );
        append_session_track(
            writer, {session_track_type::transaction_state, {}, {}, wire::bytes_of("\x08T_______")}
        );
        append_session_track(
            writer, {static_cast<session_track_type>(99), {}, {}, wire::bytes_of("?")}
        );
    });
}

TEST(ok, comes_back_as_it_was_written) {
    const auto state = sample_state();
    ok plain;
    plain.affected_rows = 70000;
    plain.last_insert_id = 0x1122334455;
    plain.status = status_set{status_flag::autocommit};
    plain.warnings = 3;
    ok with_info = plain;
    with_info.info = "Rows matched: 1";
    ok with_state = with_info;
    with_state.header = 0xFE;
    with_state.status = plain.status.with(status_flag::session_state_changed);
    with_state.session_state = test::view(state);
    for (const ok& message : {plain, with_info, with_state}) {
        const auto payload = test::payload_of(message, tracking);
        const auto decoded = ok::decode(test::view(payload), tracking);
        ASSERT_TRUE(decoded);
        EXPECT_EQ(*decoded, message);
    }
}

TEST(ok, leaves_session_state_out_where_it_is_not_tracked) {
    const auto state = sample_state();
    ok message;
    message.status = status_set{status_flag::session_state_changed};
    message.info = "info";
    message.session_state = test::view(state);
    const auto payload = test::payload_of(message, {});
    EXPECT_EQ(
        test::view(payload),
        test::view(test::from_hex("00 00 00 0000 0000 04") + test::bytes("info"))
    );
}

TEST(ok, refuses_truncation_and_another_header) {
    const auto payload = test::ok_payload();
    for (std::size_t size = 0; size < payload.size(); ++size) {
        EXPECT_FALSE(ok::decode(test::view(payload).first(size), tracking)) << size;
    }
    const auto other = test::from_hex("01 00 00 0000 0000");
    EXPECT_EQ(
        ok::decode(test::view(other), tracking).error(),
        make_error_code(wire::errc::value_out_of_range)
    );
}

TEST(session_track, tells_each_change_by_name_and_value) {
    const auto state = sample_state();
    session_track_reader reader(test::view(state));

    const struct {
        session_track_type type;
        std::string_view name;
        std::string_view value;
    } rows[] = {
        {session_track_type::system_variables, "autocommit", "OFF"},
        {session_track_type::schema, "", "s"},
        {session_track_type::state_change, "", "1"},
        {session_track_type::gtids, "", "u:1"},
        {session_track_type::transaction_state, "", "T_______"},
        {static_cast<session_track_type>(99), "", ""},
    };

    for (const auto& row : rows) {
        const auto entry = reader.next();
        ASSERT_TRUE(entry && *entry);
        EXPECT_EQ((*entry)->type, row.type);
        EXPECT_EQ((*entry)->name, row.name);
        EXPECT_EQ((*entry)->value, row.value);
    }
    EXPECT_FALSE(*reader.next());
}

TEST(session_track, splits_several_variables_in_one_entry) {
    const auto state = test::from_hex("00 08 01 61 01 31 01 62 01 32");
    session_track_reader reader(test::view(state));
    EXPECT_EQ((*reader.next())->name, "a");
    const auto second = reader.next();
    EXPECT_EQ((*second)->name, "b");
    EXPECT_EQ((*second)->value, "2");
    EXPECT_FALSE(*reader.next());
}

TEST(session_track, refuses_broken_entries) {
    for (const char* const hex : {"00", "00 05 01", "00 02 05 61", "01 01 05", "03 00"}) {
        SCOPED_TRACE(hex);
        const auto state = test::from_hex(hex);
        session_track_reader reader(test::view(state));
        EXPECT_TRUE(reader.next().has_error());
        EXPECT_TRUE(reader.next().has_error());
    }
}

TEST(err, has_a_state_where_capabilities_are_known) {
    const auto message = err::make(server_errc::access_denied, "Access denied");
    const auto payload = test::payload_of(message, {capability::protocol_41});
    EXPECT_EQ(
        test::view(payload),
        test::view(test::from_hex("ff 1504") + test::bytes("#28000Access denied"))
    );
    EXPECT_EQ(*err::decode(test::view(payload)), message);
}

TEST(err, fills_in_a_state_that_is_missing) {
    const auto payload = test::payload_of(err{1105, "", "text"}, {capability::protocol_41});
    EXPECT_EQ(err::decode(test::view(payload))->sql_state, "HY000");
}

TEST(err, refuses_truncation) {
    const auto payload = test::from_hex("ff 15");
    EXPECT_EQ(err::decode(test::view(payload)).error(), make_error_code(wire::errc::truncated));
}

TEST(progress_report, comes_back_as_it_was_written) {
    const progress_report message{1, 3, 50000, "copy to tmp table"};
    const auto payload = test::payload_of(message);
    EXPECT_EQ(*wire::decode<progress_report>(test::view(payload)), message);
}

TEST(eof, lies_on_the_wire_as_documented) {
    const eof message{2, status_set{status_flag::cursor_exists}};
    const auto payload = test::payload_of(message);
    EXPECT_EQ(test::view(payload), test::view(test::from_hex("fe 0200 4000")));
    EXPECT_EQ(*wire::decode<eof>(test::view(payload)), message);
}

TEST(column_definition, comes_back_as_it_was_written) {
    column_definition message;
    message.schema = "s";
    message.table = "t";
    message.org_table = "ot";
    message.name = "n";
    message.org_name = "on";
    message.collation = 255;
    message.length = 1024;
    message.type = 0xFD;
    message.flags = 0x1001;
    message.decimals = 31;
    message.default_value = wire::bytes_of("\x01x");
    for (const capability_set capabilities :
         {capability_set{}, capability_set{capability::extended_metadata}}) {
        if (capabilities.has(capability::extended_metadata)) {
            message.extended_metadata = wire::bytes_of(std::string_view("\0\4json", 6));
        }
        const auto payload = test::payload_of(message, capabilities);
        const auto decoded = column_definition::decode(test::view(payload), capabilities);
        ASSERT_TRUE(decoded);
        EXPECT_EQ(*decoded, message);
    }
}

TEST(stmt_prepare_ok, comes_back_as_it_was_written) {
    for (const bool metadata_follows : {true, false}) {
        const stmt_prepare_ok message{7, 2, 1, 3, metadata_follows};
        const capability_set capabilities{capability::optional_resultset_metadata};
        const auto payload = test::payload_of(message, capabilities);
        EXPECT_EQ(*stmt_prepare_ok::decode(test::view(payload), capabilities), message);
    }
}

TEST(stmt_prepare_ok, has_its_id_where_it_says) {
    const auto payload = test::payload_of(stmt_prepare_ok{0x01020304, 0, 0, 0, true}, {});
    EXPECT_EQ(payload.size(), 12U);
    EXPECT_EQ(payload[stmt_prepare_ok::statement_id_offset], std::byte{4});
    EXPECT_FALSE(stmt_prepare_ok::decode(test::view(payload + test::bytes("xx")), {}));
}

}  // namespace
}  // namespace weir::protocol::mysql
