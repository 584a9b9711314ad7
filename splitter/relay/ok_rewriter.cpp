#include "splitter/relay/ok_rewriter.hpp"

#include "protocol/mysql/messages/ok.hpp"
#include "protocol/mysql/messages/stmt_prepare_ok.hpp"
#include "protocol/mysql/packet_writer.hpp"
#include "protocol/wire/byte_reader.hpp"
#include "protocol/wire/integers.hpp"

#include <algorithm>
#include <array>

namespace weir::splitter {
namespace {

using protocol::mysql::capability;
using protocol::mysql::capability_set;
using protocol::mysql::packet_role;
using protocol::wire::bytes_view;

/// What both server families report by default (session_track_system_variables): drivers rely on
/// these.
constexpr std::array reported_by_default{
    std::string_view{"autocommit"},
    std::string_view{"character_set_client"},
    std::string_view{"character_set_connection"},
    std::string_view{"character_set_results"},
    std::string_view{"time_zone"},
};

}  // namespace

bool differs_in_form(capability_set server, capability_set client) noexcept {
    constexpr std::array form{
        capability::deprecate_eof,
        capability::optional_resultset_metadata,
        capability::cache_metadata,
        capability::extended_metadata};
    return std::ranges::any_of(form, [&](capability one) {
        return server.has(one) != client.has(one);
    });
}

bool needs_rewriting(
    packet_role role, bytes_view payload, capability_set server, capability_set client
) noexcept {
    if (role != packet_role::ok && role != packet_role::row_end) return false;
    if (!server.has(capability::session_track)) return false;
    // An EOF proper has nothing to hide; an OK without text and without changes is the same in both
    // forms.
    constexpr std::size_t eof_size = 5;
    if (payload[0] == std::byte{0xFE} && payload.size() <= eof_size) return false;
    const auto message = protocol::mysql::ok::decode(payload, server);
    if (!message) return true;
    if (!message->session_state.empty()) return true;
    // A mark that something has changed, with nothing that has: only those who know changes read
    // it.
    return !client.has(capability::session_track) &&
           message->status.has(protocol::mysql::status_flag::session_state_changed);
}

error_code append_rewritten(
    bytes_view payload,
    std::uint8_t sequence,
    const ok_readers& between,
    protocol::wire::send_buffer& out
) {
    const auto& [server, client, hidden] = between;
    auto message = protocol::mysql::ok::decode(payload, server);
    if (!message) return message.error();
    protocol::wire::send_buffer kept;
    if (client.has(capability::session_track)) {
        const auto why = protocol::mysql::append_filtered(message->session_state, hidden, kept);
        if (why) return why;
    }
    message->session_state = kept.view();
    if (kept.empty()) {
        message->status =
            message->status.without(protocol::mysql::status_flag::session_state_changed);
    }
    protocol::mysql::packet_writer packet(out, sequence);
    auto writer = packet.begin();
    message->encode(writer, client);
    packet.end();
    return {};
}

bool is_reported_by_default(std::string_view variable) {
    return std::ranges::find(reported_by_default, variable) != reported_by_default.end();
}

const protocol::mysql::tracker_filter& hidden_tracking(const session_state::asked_tracking& asked) {
    constexpr std::size_t kinds = 8;
    static const auto all = [] {
        std::array<protocol::mysql::tracker_filter, kinds> made;
        for (std::size_t i = 0; i < kinds; ++i) {
            made[i].drop_gtids = (i & 1U) == 0;
            made[i].drop_state_changes = (i & 2U) == 0;
            if ((i & 4U) == 0)
                made[i].only_variables = {reported_by_default.begin(), reported_by_default.end()};
        }
        return made;
    }();
    return all
        [(asked.gtids ? 1U : 0U) + (asked.state_changes ? 2U : 0U) + (asked.variables ? 4U : 0U)];
}

void store_status(std::span<std::byte> payload, protocol::mysql::status_set status) {
    constexpr std::size_t ok_size_min = 7;
    protocol::wire::byte_reader reader{bytes_view(std::span<const std::byte>(payload))};
    (void)reader.u8();  // header
    if (payload.size() < ok_size_min) {
        (void)reader.u16();  // warnings
    } else {
        (void)reader.lenenc();  // affected rows
        (void)reader.lenenc();  // last insert id
    }
    const std::size_t at = payload.size() - reader.remaining();
    protocol::wire::store_little<2>(payload.subspan(at, 2), status.value());
}

void store_statement_id(std::span<std::byte> payload, std::uint32_t statement_id) {
    constexpr std::size_t at = protocol::mysql::stmt_prepare_ok::statement_id_offset;
    protocol::wire::store_little<4>(payload.subspan(at, 4), statement_id);
}

}  // namespace weir::splitter
