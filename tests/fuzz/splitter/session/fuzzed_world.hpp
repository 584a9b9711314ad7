#pragma once

#include "protocol/mysql/capabilities.hpp"
#include "protocol/wire/receive_buffer.hpp"
#include "splitter/relay/environment.hpp"
#include "splitter/session/backend_state.hpp"

#include "tests/fuzz/splitter/script.hpp"
#include "tests/support/bytes.hpp"

#include <chrono>
#include <cstddef>

namespace weir::fuzz {

/// Three servers, one of them the primary, and what a session is told of them. All may change at
/// any time.
struct fuzzed_world {
    static constexpr std::size_t servers = 3;

    splitter::environment environment;
    std::chrono::steady_clock::time_point now{std::chrono::seconds(1)};
    std::size_t primary = 0;

    /// Time passes, and perhaps a probe, a promotion or new settings.
    void change(script& input);
};

/// A connection of the session to one of the servers.
struct fuzzed_connection {
    splitter::backend_state state;
    protocol::wire::receive_buffer received;
    test::byte_vector on_its_way;  ///< sent by the server, not read yet
    std::size_t server = 0;
};

/// What a client speaks, and what a server does: any mixture of what changes packets.
[[nodiscard]] protocol::mysql::capability_set client_capabilities(script& input);
[[nodiscard]] protocol::mysql::capability_set server_capabilities(script& input);

/// Appends as a read from a socket does.
void put(protocol::wire::receive_buffer& buffer, protocol::wire::bytes_view bytes);

/// The first part of what is on its way, all of it where the script does not care.
[[nodiscard]] test::byte_vector take_piece(script& input, test::byte_vector& on_its_way);

}  // namespace weir::fuzz
