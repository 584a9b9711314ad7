#include "protocol/mysql/response_grammar.hpp"

#include "protocol/mysql/errc.hpp"

#include "tests/unit/protocol/mysql/response_scripts.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace weir::protocol::mysql {
namespace {

[[nodiscard]] response_grammar::packet_start start_of(const test::byte_vector& payload) {
    return {std::min(payload.size(), test::script_frame_max), test::view(payload)};
}

TEST(response_grammar, names_the_role_of_every_packet_and_the_last_one) {
    for (const auto& script : test::all_scripts()) {
        SCOPED_TRACE(script.name);
        response_grammar grammar;
        grammar.start(script.kind, script.capabilities, test::script_frame_max);
        for (const auto& packet : script.packets) {
            ASSERT_FALSE(grammar.is_complete());
            const auto role = grammar.role(start_of(packet.payload));
            ASSERT_TRUE(role);
            ASSERT_EQ(*role, packet.role);
            if (response_grammar::is_needed_whole(*role)) {
                ASSERT_FALSE(grammar.on_whole(*role, test::view(packet.payload)));
            } else {
                (void)grammar.on_streamed(*role);
            }
        }
        EXPECT_TRUE(grammar.is_complete());
    }
}

TEST(response_grammar, refuses_packets_that_have_no_place) {
    const struct {
        const char* name;
        response_kind kind;
        test::byte_vector payload;
        errc why;
    } rows[] = {
        {"an empty packet", response_kind::query, {}, errc::malformed_packet},
        {"a row to a ping",
         response_kind::simple,
         test::bytes("\x05value"),
         errc::unexpected_packet},
        {"a count to a prepare", response_kind::prepare, test::bytes({1}), errc::unexpected_packet},
        {"a count to a login",
         response_kind::change_user,
         test::bytes({9}),
         errc::unexpected_packet},
        {"anything to a close",
         response_kind::no_answer,
         test::ok_payload(),
         errc::unexpected_packet},
        {"an error larger than a frame",
         response_kind::query,
         test::byte_vector(test::script_frame_max, std::byte{0xFF}),
         errc::malformed_packet},
    };

    for (const auto& row : rows) {
        SCOPED_TRACE(row.name);
        response_grammar grammar;
        grammar.start(row.kind, test::plain, test::script_frame_max);
        EXPECT_EQ(grammar.role(start_of(row.payload)).error(), make_error_code(row.why));
    }
}

TEST(response_grammar, refuses_whole_packets_that_are_cut_off) {
    const struct {
        const char* name;
        response_kind kind;
        packet_role role;
        test::byte_vector payload;
    } rows[] = {
        {"ok", response_kind::query, packet_role::ok, test::bytes({0, 0, 0, 0})},
        {"eof", response_kind::simple, packet_role::ok, test::bytes({0xFE, 0, 0, 0})},
        {"count of nothing",
         response_kind::query,
         packet_role::column_count,
         test::bytes({0xFC, 0, 0})},
        {"count with more behind",
         response_kind::query,
         packet_role::column_count,
         test::bytes({1, 1})},
        {"prepare ok",
         response_kind::prepare,
         packet_role::prepare_ok,
         test::bytes({0, 1, 0, 0, 0, 1})},
    };

    for (const auto& row : rows) {
        SCOPED_TRACE(row.name);
        response_grammar grammar;
        grammar.start(row.kind, test::plain);
        EXPECT_EQ(
            grammar.on_whole(row.role, test::view(row.payload)),
            make_error_code(errc::malformed_packet)
        );
    }
}

TEST(response_grammar, takes_a_progress_report_for_an_error_where_none_was_agreed) {
    response_grammar grammar;
    grammar.start(response_kind::query, test::plain);
    EXPECT_EQ(*grammar.role(start_of(test::progress_packet().payload)), packet_role::err);
}

TEST(response_grammar, keeps_the_flags_of_the_last_status) {
    response_grammar grammar;
    grammar.start(response_kind::query, test::plain);
    ASSERT_FALSE(grammar.on_whole(packet_role::ok, test::view(test::ok_payload(test::more))));
    EXPECT_EQ(grammar.status(), test::more);
    EXPECT_FALSE(grammar.is_complete());
}

}  // namespace
}  // namespace weir::protocol::mysql
