#include "splitter/relay/ok_rewriter.hpp"

#include "protocol/mysql/messages/ok.hpp"
#include "protocol/mysql/messages/session_track.hpp"
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
using protocol::mysql::session_track_entry;
using protocol::mysql::session_track_type;
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

bool is_for_clients(const session_track_entry& entry) {
    switch (entry.type) {
        case session_track_type::gtids: return false;
        case session_track_type::system_variables:
            return std::ranges::find(reported_by_default, entry.name) != reported_by_default.end();
        case session_track_type::schema:
        case session_track_type::state_change:
        case session_track_type::transaction_characteristics:
        case session_track_type::transaction_state: return true;
    }
    return true;
}

error_code filter(bytes_view session_state, protocol::wire::send_buffer& kept) {
    protocol::mysql::session_track_reader reader(session_state);
    protocol::wire::byte_writer writer(kept);
    while (true) {
        const auto entry = reader.next();
        if (!entry) return entry.error();
        if (!*entry) return {};
        if (is_for_clients(**entry)) append_session_track(writer, **entry);
    }
}

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
    capability_set server,
    capability_set client,
    protocol::wire::send_buffer& out
) {
    auto message = protocol::mysql::ok::decode(payload, server);
    if (!message) return message.error();
    protocol::wire::send_buffer kept;
    if (client.has(capability::session_track)) {
        if (const auto why = filter(message->session_state, kept)) return why;
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

const protocol::mysql::tracker_filter& hidden_tracking() {
    static const protocol::mysql::tracker_filter hidden{
        .drop_gtids = true,
        .only_variables = {reported_by_default.begin(), reported_by_default.end()}};
    return hidden;
}

void store_statement_id(std::span<std::byte> payload, std::uint32_t statement_id) {
    constexpr std::size_t at = protocol::mysql::stmt_prepare_ok::statement_id_offset;
    protocol::wire::store_little<4>(payload.subspan(at, 4), statement_id);
}

}  // namespace weir::splitter
