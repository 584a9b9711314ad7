#include "splitter/relay/small_result.hpp"

#include "protocol/mysql/errc.hpp"
#include "protocol/wire/byte_reader.hpp"
#include "protocol/wire/errc.hpp"

namespace weir::splitter {

using protocol::mysql::packet_role;
using protocol::mysql::response_grammar;
using protocol::wire::bytes_view;

namespace {

/// More than any answer that we ask for ourselves, bytes.
constexpr std::uint64_t packet_max = 1U << 20U;

}  // namespace

small_result::small_result() : reader_(packet_max) {}

void small_result::start(protocol::mysql::capability_set capabilities) {
    reader_.expect_sequence(1);
    grammar_.start(protocol::mysql::response_kind::query, capabilities);
    rows_.clear();
    error_.clear();
}

result<small_result::progress> small_result::on_bytes(bytes_view pending) {
    progress so_far;
    while (!grammar_.is_complete()) {
        const auto packet = reader_.next(pending.subspan(so_far.consumed));
        if (!packet) return packet.error();
        if (!*packet) return so_far;
        so_far.consumed += (*packet)->wire.size();
        if (const auto why = on_packet((*packet)->payload)) return why;
    }
    so_far.complete = true;
    return so_far;
}

error_code small_result::on_packet(bytes_view payload) {
    const auto role = grammar_.role({payload.size(), payload});
    if (!role) return role.error();
    if (*role == packet_role::local_infile || *role == packet_role::authentication)
        return make_error_code(protocol::mysql::errc::unexpected_packet);
    if (*role == packet_role::err) error_.assign(payload.begin(), payload.end());
    if (response_grammar::is_needed_whole(*role)) return grammar_.on_whole(*role, payload);
    (void)grammar_.on_streamed(*role);
    return *role == packet_role::row ? on_row(payload) : error_code{};
}

/// Source: MySQL "Text Resultset Row".
error_code small_result::on_row(bytes_view payload) {
    constexpr std::byte null{0xFB};
    row columns;
    protocol::wire::byte_reader reader(payload);
    while (reader.remaining() > 0 && !reader.failed()) {
        if (payload[payload.size() - reader.remaining()] == null) {
            (void)reader.u8();
            columns.emplace_back();
        } else {
            columns.emplace_back(std::string(reader.lenenc_text()));
        }
    }
    if (reader.failed()) return protocol::wire::errc::truncated;
    rows_.push_back(std::move(columns));
    return {};
}

}  // namespace weir::splitter
