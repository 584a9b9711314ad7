#pragma once

#include "protocol/mysql/capabilities.hpp"
#include "protocol/mysql/response_grammar.hpp"
#include "protocol/mysql/response_translator.hpp"
#include "protocol/mysql/status_flags.hpp"
#include "protocol/wire/result.hpp"
#include "protocol/wire/send_buffer.hpp"
#include "splitter/session/session_state.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace weir::splitter {

/// Responses between these two need the translator: their packets differ in more than the contents
/// of an OK.
[[nodiscard]] bool differs_in_form(
    protocol::mysql::capability_set server, protocol::mysql::capability_set client
) noexcept;

/// Servers report it to a client that asks for nothing else.
[[nodiscard]] bool is_reported_by_default(std::string_view variable);

/// Session tracking that we ask of servers for ourselves and that a client did not.
[[nodiscard]] const protocol::mysql::tracker_filter& hidden_tracking(
    const session_state::asked_tracking& asked
);

/// An OK (or the OK that ends rows) must be written anew: it carries session tracking, or a text in
/// the form that only clients with session tracking read.
[[nodiscard]] bool needs_rewriting(
    protocol::mysql::packet_role role,
    protocol::wire::bytes_view payload,
    protocol::mysql::capability_set server,
    protocol::mysql::capability_set client
) noexcept;

/// Between whom an OK goes, and what of it the client has not asked for.
struct ok_readers {
    protocol::mysql::capability_set server;
    protocol::mysql::capability_set client;
    const protocol::mysql::tracker_filter& hidden;
};

/// Appends the OK in `payload` as the client reads it, without the tracking that is to be hidden.
[[nodiscard]] error_code append_rewritten(
    protocol::wire::bytes_view payload,
    std::uint8_t sequence,
    const ok_readers& between,
    protocol::wire::send_buffer& out
);

/// Puts other flags into the OK or EOF whose payload is `payload`.
void store_status(std::span<std::byte> payload, protocol::mysql::status_set status);

/// Puts the client's statement id into the prepare OK whose payload starts at `payload`.
void store_statement_id(std::span<std::byte> payload, std::uint32_t statement_id);

}  // namespace weir::splitter
