#include "protocol/mysql/messages/err.hpp"
#include "protocol/mysql/messages/handshake_response.hpp"
#include "protocol/mysql/messages/ssl_request.hpp"
#include "protocol/mysql/packet_reader.hpp"
#include "protocol/mysql/response_tracker.hpp"

#include "tests/unit/protocol/mysql/response_scripts.hpp"

#include <gtest/gtest.h>

// The traps of the protocol, by number, as docs/architecture.md lists them. These use the real
// frame size.

namespace weir::protocol::mysql {
namespace {

using test::operator+;

/// A response of rows that the tracker is in the middle of.
[[nodiscard]] response_tracker tracker_in_rows(capability_set capabilities) {
    response_tracker tracker;
    tracker.start(response_kind::fetch, capabilities);
    return tracker;
}

TEST(trap_1, a_row_may_start_with_0xfe_and_ends_rows_only_if_it_is_short) {
    auto row = test::bytes({0xFE, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0x00});
    row.resize(row.size() + 0xFFFFFF);
    const auto row_frames = test::frames_of({row});
    for (const capability_set capabilities : {test::plain, test::deprecating}) {
        auto tracker = tracker_in_rows(capabilities);
        const auto event = tracker.advance(test::view(row_frames));
        ASSERT_TRUE(event);
        EXPECT_EQ(event->what, response_event::kind::more_bytes);
        EXPECT_EQ(event->forward, row_frames.size());
        EXPECT_EQ(tracker.rows(), 1U);

        const bool deprecates = capabilities.has(capability::deprecate_eof);
        const auto end = deprecates ? test::ok_payload({}, 0xFE) : test::eof_payload();
        const auto last = tracker.advance(test::view(test::frames_of({end}, 3)));
        ASSERT_TRUE(last);
        EXPECT_TRUE(last->complete);
        EXPECT_EQ(last->role, packet_role::row_end);
    }
}

TEST(trap_1, without_deprecate_eof_nine_bytes_are_a_row) {
    auto tracker = tracker_in_rows(test::plain);
    const auto nine = test::frames_of({test::bytes({0xFE, 0, 0, 0, 0, 0, 0, 0, 0})});
    ASSERT_TRUE(tracker.advance(test::view(nine)));
    EXPECT_EQ(tracker.rows(), 1U);
}

TEST(trap_2, 0xfb_first_asks_for_a_file_and_later_is_null) {
    response_tracker tracker;
    tracker.start(response_kind::query, test::plain);
    const auto event = tracker.advance(test::view(test::frames_of({test::bytes("\xFB/tmp/f")})));
    ASSERT_TRUE(event);
    EXPECT_EQ(event->what, response_event::kind::local_infile);
    EXPECT_FALSE(event->complete);

    auto in_rows = tracker_in_rows(test::plain);
    const auto row = in_rows.advance(test::view(test::frames_of({test::bytes({0xFB})})));
    ASSERT_TRUE(row);
    EXPECT_EQ(row->what, response_event::kind::more_bytes);
    EXPECT_EQ(in_rows.rows(), 1U);
}

TEST(trap_3, an_error_before_capabilities_are_known_has_no_state) {
    const auto early =
        test::payload_of(err::make(server_errc::too_many_connections, "Too many"), {});
    EXPECT_EQ(early, test::from_hex("ff 1004") + test::bytes("Too many"));
    const auto decoded = err::decode(test::view(early));
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->sql_state, "");
    EXPECT_EQ(decoded->message, "Too many");
}

TEST(trap_4, a_full_frame_is_followed_by_another_perhaps_empty) {
    const auto data = test::frames_of({test::byte_vector(0xFFFFFF)}, 255);
    ASSERT_EQ(data.size(), 4U + 0xFFFFFF + 4U);
    packet_reader reader(1U << 30U);
    reader.expect_sequence(255);
    const auto not_yet = reader.next(test::view(data).first(data.size() - 4));
    ASSERT_TRUE(not_yet);
    EXPECT_FALSE(*not_yet);
    const auto found = reader.next(test::view(data));
    ASSERT_TRUE(found && *found);
    EXPECT_EQ((*found)->payload.size(), 0xFFFFFFU);
    EXPECT_EQ((*found)->frames, 2U);
    EXPECT_EQ((*found)->last_sequence, 0);  // the number wraps at 256
    EXPECT_EQ(reader.expected_sequence(), 1);
}

TEST(trap_4, sequence_numbers_of_a_response_wrap_at_256) {
    auto tracker = tracker_in_rows(test::plain);
    const auto data = test::frames_of(std::vector(600, test::text_row_payload("a")));
    const auto event = tracker.advance(test::view(data));
    ASSERT_TRUE(event);
    EXPECT_EQ(event->forward, data.size());
    EXPECT_EQ(tracker.rows(), 600U);
    EXPECT_EQ(tracker.last_sequence(), 600 % 256);
}

TEST(trap_5, the_login_carries_the_low_byte_of_the_collation) {
    handshake_response message;
    message.capabilities = {
        capability::long_password, capability::protocol_41, capability::secure_connection};
    message.collation = 0x0134;  // utf8mb4_cs_0900_as_cs and others lie above 255
    const auto payload = test::payload_from([&message](auto& writer) { message.encode(writer); });
    EXPECT_EQ(payload[8], std::byte{0x34});
    EXPECT_EQ(handshake_response::decode(test::view(payload))->collation, 0x34);
}

TEST(trap_6, tls_records_behind_the_request_are_left_to_the_handshake) {
    const ssl_request request{{capability::protocol_41, capability::ssl}, 0, 45};
    const auto payload = test::payload_from([&request](auto& writer) { request.encode(writer); });
    const auto client_hello = test::from_hex("160301 0200 010001fc");
    const auto data = test::frames_of({payload}, 1) + client_hello;
    packet_reader reader(1U << 24U);
    reader.expect_sequence(1);
    const auto found = reader.next(test::view(data));
    ASSERT_TRUE(found && *found);
    EXPECT_TRUE(ssl_request::matches((*found)->payload));
    EXPECT_EQ(test::view(data).subspan((*found)->wire.size()), test::view(client_hello));
}

TEST(trap_7, more_results_keep_a_response_open_and_so_do_definitions) {
    response_tracker tracker;
    tracker.start(response_kind::query, test::plain);
    const auto first = tracker.advance(test::view(test::frames_of({test::ok_payload(test::more)})));
    ASSERT_TRUE(first);
    EXPECT_EQ(first->what, response_event::kind::terminator);
    EXPECT_FALSE(first->complete);

    tracker.start(response_kind::prepare, test::deprecating);
    const auto prepared =
        tracker.advance(test::view(test::frames_of({test::prepare_ok_packet(1, 0).payload})));
    ASSERT_TRUE(prepared);
    EXPECT_EQ(prepared->what, response_event::kind::prepare_ok);
    EXPECT_FALSE(prepared->complete);
    const auto last = tracker.advance(test::view(test::frames_of({test::definition_payload()}, 2)));
    ASSERT_TRUE(last);
    EXPECT_TRUE(last->complete);
}

TEST(trap_8, the_next_command_may_lie_behind_the_one_under_way) {
    const auto first = test::frames_of({test::bytes("\x03select 1")}, 0);
    const auto second = test::frames_of({test::bytes("\x0e")}, 0);
    packet_reader reader(1U << 24U);
    const auto data = first + second;
    const auto found = reader.next(test::view(data));
    ASSERT_TRUE(found && *found);
    EXPECT_EQ((*found)->wire.size(), first.size());
    reader.expect_sequence(0);
    const auto next = reader.next(test::view(data).subspan(first.size()));
    ASSERT_TRUE(next && *next);
    EXPECT_EQ((*next)->payload, test::view(test::bytes("\x0e")));
}

}  // namespace
}  // namespace weir::protocol::mysql
