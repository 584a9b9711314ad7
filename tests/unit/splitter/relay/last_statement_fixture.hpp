#pragma once

#include "splitter/relay/session_core.hpp"

#include "tests/support/session_script.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace weir::test {

[[nodiscard]] inline byte_vector ok_with_warnings(
    std::uint16_t warnings, protocol::mysql::status_set status = idle
) {
    protocol::mysql::ok message;
    message.status = status;
    message.warnings = warnings;
    return frames_of({payload_of(message, session_capabilities)});
}

[[nodiscard]] inline byte_vector end_with(std::uint16_t warnings) {
    protocol::mysql::ok message;
    message.header = 0xFE;
    message.status = idle;
    message.warnings = warnings;
    return frames_of({payload_of(message, session_capabilities)});
}

/// A session with one connection to each kind of server, and what it knows of its last statement.
struct last_statement_fixture : testing::Test {
    session_script script;
    scripted_backend& primary = script.connection(session_script::role::primary);
    scripted_backend& replica = script.connection(session_script::role::replica);

    [[nodiscard]] const splitter::last_statement& last() { return script.core().facts().last; }

    static std::string last_query(const scripted_backend& backend) {
        const byte_vector sent = backend.last_sent();
        return sent.size() < 5 ? "" : std::string(protocol::wire::as_text(view(sent).subspan(5)));
    }

    void use_mariadb() {
        constexpr auto mariadb = protocol::mysql::server_flavor::mariadb;
        script.world().flavor = mariadb;
        primary.state.flavor = mariadb;
        replica.state.flavor = mariadb;
    }

    /// A read on the replica that has one warning.
    void read_with_warning() {
        const byte_vector rows =
            frames_of({bytes({1}), definition_payload(), text_row_payload("x")});
        script.run(query("SELECT a + 0 FROM t"), replica, rows);
        byte_vector frame = end_with(1);
        frame[3] = std::byte{4};
        script.backend_sends(frame);
        (void)script.take_client_bytes();
        (void)script.take_trace();
    }
};

}  // namespace weir::test
