#include "splitter/relay/answer_checksum.hpp"

#include "protocol/mysql/messages/err.hpp"
#include "protocol/mysql/packet_reader.hpp"
#include "protocol/mysql/response_grammar.hpp"

#include <functional>
#include <string_view>

namespace weir::splitter {

using protocol::mysql::packet_role;
using protocol::mysql::response_grammar;
using protocol::wire::bytes_view;

namespace {

/// False: it makes no sense.
bool add_packet(
    answer_checksum& checksum, response_grammar& grammar, packet_role role, bytes_view payload
) {
    if (role == packet_role::err) {
        const auto message = protocol::mysql::err::decode(payload);
        if (!message) return false;
        checksum.error = message->code;
    }
    if (response_grammar::is_needed_whole(role)) return !grammar.on_whole(role, payload);
    (void)grammar.on_streamed(role);
    if (role != packet_role::row) return true;
    ++checksum.rows;
    checksum.sum += std::hash<std::string_view>{}(protocol::wire::as_text(payload));
    return true;
}

}  // namespace

std::optional<answer_checksum> checksum_of(
    bytes_view answer, protocol::mysql::capability_set client
) {
    constexpr std::uint64_t packet_max = 1U << 30U;
    protocol::mysql::packet_reader reader(packet_max);
    reader.expect_sequence(1);
    response_grammar grammar;
    grammar.start(protocol::mysql::response_kind::query, client);
    answer_checksum checksum;
    while (!grammar.is_complete()) {
        const auto packet = reader.next(answer);
        if (!packet || !*packet) return std::nullopt;
        const bytes_view payload = (*packet)->payload;
        const auto role = grammar.role({payload.size(), payload});
        if (!role || !add_packet(checksum, grammar, *role, payload)) return std::nullopt;
        answer = answer.subspan((*packet)->wire.size());
    }
    return checksum;
}

}  // namespace weir::splitter
