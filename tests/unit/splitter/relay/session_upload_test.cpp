// LOAD DATA LOCAL INFILE: the file goes from the client to the server, if the client offered that.

#include "splitter/relay/session_core.hpp"

#include "tests/support/session_script.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace weir::splitter {
namespace {

using namespace weir::test;  // the whole file speaks the script's language
using role = session_script::role;
using kind = session_action::kind;

byte_vector infile_request() {
    return frames_of({bytes("\xFB/tmp/file")});
}

TEST(session_upload, streams_a_local_file_from_client_to_server) {
    session_script script(session_capabilities.with(capability::local_files));
    auto& primary = script.connection(role::primary);
    primary.state.capabilities = session_capabilities.with(capability::local_files);
    script.run(query("LOAD DATA LOCAL INFILE '/tmp/file' INTO TABLE t"), primary, infile_request());
    EXPECT_EQ(script.take_client_bytes(), infile_request());
    ASSERT_EQ(script.stop().what, kind::read_client);
    const byte_vector data = frames_of({bytes("1\n2\n3\n"), {}}, 2);
    primary.sent.clear();
    for (const std::byte one : data) {
        script.client_sends({one});
    }
    byte_vector passed;
    for (const auto& piece : primary.sent) {
        passed = passed + piece;
    }
    EXPECT_EQ(passed, data);
    ASSERT_EQ(script.stop().what, kind::read_backend);
    const byte_vector answer = frames_of({ok_payload(idle)}, 4);
    script.backend_sends(answer);
    EXPECT_EQ(script.take_client_bytes(), answer);
    EXPECT_EQ(script.stop().what, kind::read_client);
}

TEST(session_upload, lets_a_command_follow_a_local_file_in_the_same_read) {
    session_script script(session_capabilities.with(capability::local_files));
    auto& primary = script.connection(role::primary);
    primary.state.capabilities = session_capabilities.with(capability::local_files);
    script.run(query("LOAD DATA LOCAL INFILE '/tmp/file' INTO TABLE t"), primary, infile_request());
    script.client_sends(frames_of({bytes("1\n"), {}}, 2) + query("SELECT 1"));
    script.backend_sends(frames_of({ok_payload(idle)}, 4));
    ASSERT_EQ(script.stop().what, kind::acquire_backend);
    auto& replica = script.connection(role::replica);
    script.lease(replica);
    EXPECT_EQ(replica.last_sent(), query("SELECT 1"));
}

TEST(session_upload, does_not_let_a_server_ask_for_a_file_that_the_client_did_not_offer) {
    const byte_vector request = bytes("\xFB/tmp/file");
    const byte_vector first = ok_payload(idle.with(status_flag::more_results_exists));
    const auto rows_of_two = frames_of({first}, 1);

    const struct {
        std::string_view name;
        byte_vector answer;
        byte_vector before;  ///< what the client gets of it
        unsigned sequence;   ///< of the error
    } rows[]{
        {"at once", frames_of({request}), {}, 1},
        {"as second result", frames_of({first, request}), rows_of_two, 2},
    };

    for (const auto& row : rows) {
        for (const bool translated : {false, true}) {
            SCOPED_TRACE(std::string(row.name) + (translated ? " translated" : ""));
            session_script script;
            auto& primary = script.connection(role::primary);
            if (translated) {
                primary.state.capabilities =
                    session_capabilities.without(capability::deprecate_eof);
            }
            script.run(query("INSERT INTO t VALUES (1)"), primary, row.answer);
            const byte_vector sent = script.take_client_bytes();
            ASSERT_GT(sent.size(), row.before.size() + 4);
            const auto middle = sent.begin() + static_cast<std::ptrdiff_t>(row.before.size());
            EXPECT_EQ(byte_vector(sent.begin(), middle), row.before);
            const byte_vector error{middle, sent.end()};
            EXPECT_EQ(error_in(error), 3948);
            EXPECT_EQ(error[3], static_cast<std::byte>(row.sequence));
            EXPECT_EQ(script.stop().what, kind::close);
        }
    }
}

/// The file's bytes: two packets of data, then the empty one. Numbers 2 to 4.
byte_vector file_of_two_packets() {
    return frames_of({bytes("1\n"), bytes("2\n"), {}}, 2);
}

TEST(session_upload, ends_with_an_error_behind_the_file_when_the_server_is_lost) {
    const byte_vector file = file_of_two_packets();
    // However much of the file has come by then; the last byte included, while it is being sent.
    for (std::size_t before = 0; before <= file.size(); ++before) {
        SCOPED_TRACE(before);
        const auto middle = file.begin() + static_cast<std::ptrdiff_t>(before);
        session_script script(session_capabilities.with(capability::local_files));
        auto& primary = script.connection(role::primary);
        primary.state.capabilities = session_capabilities.with(capability::local_files);
        script.run(
            query("LOAD DATA LOCAL INFILE '/tmp/file' INTO TABLE t"), primary, infile_request()
        );
        (void)script.take_client_bytes();
        const bool fails_while_sending = before == file.size();
        if (fails_while_sending) script.fail_next_write();
        script.client_sends(byte_vector(file.begin(), middle));
        if (!fails_while_sending) {
            script.backend_fails();
            EXPECT_EQ(script.stop().what, kind::read_client) << "the client is still sending";
            EXPECT_TRUE(script.take_client_bytes().empty());
            script.client_sends(byte_vector(middle, file.end()));
        }
        const byte_vector answer = script.take_client_bytes();
        EXPECT_EQ(error_in(answer), 1158);
        ASSERT_GT(answer.size(), 4U);
        EXPECT_EQ(answer[3], std::byte{5}) << "behind the file's last packet";
        EXPECT_EQ(script.stop().what, kind::close);
    }
}

}  // namespace
}  // namespace weir::splitter
