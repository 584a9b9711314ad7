#pragma once

#include "protocol/mysql/capabilities.hpp"
#include "protocol/mysql/packet_header.hpp"
#include "protocol/mysql/response_grammar.hpp"
#include "protocol/wire/bytes_view.hpp"
#include "protocol/wire/result.hpp"
#include "protocol/wire/send_buffer.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::protocol::mysql {

/// Session tracking that a client did not ask for and that must not reach it.
struct tracker_filter {
    bool drop_gtids = false;
    bool drop_transaction_info = false;         ///< transaction state and characteristics
    std::vector<std::string> drop_variables{};  ///< names of system variables, lower case

    [[nodiscard]] bool empty() const noexcept {
        return !drop_gtids && !drop_transaction_info && drop_variables.empty();
    }

    friend bool operator==(const tracker_filter&, const tracker_filter&) = default;
};

/// True if a response between the two must be translated rather than passed on as it is.
[[nodiscard]] bool needs_translation(
    capability_set server, capability_set client, const tracker_filter& filter
) noexcept;

/// What one call of response_translator::translate() found.
struct translated {
    enum class kind : std::uint8_t {
        more_bytes,
        terminator,
        local_infile,
        prepare_ok,
        authentication
    };

    kind what = kind::more_bytes;
    std::size_t consumed =
        0;  ///< leading bytes that are done with; the rest must be presented again
    packet_role role = packet_role::row;
    wire::bytes_view payload;  ///< as the server sent it: a view into the bytes given
    bool complete = false;
};

/// Rewrites a response from what a server speaks to what a client speaks: with or without
/// DEPRECATE_EOF, session tracking, optional or cached metadata, and with the client's statement
/// id. Numbers the frames anew. Rows pass in pieces. Used only when needs_translation() or a
/// statement id differs. Owned by a session; thread: its worker. Errors: as response_tracker.
class response_translator {
public:
    struct settings {
        response_kind kind = response_kind::query;
        capability_set server;
        capability_set client;
        std::uint8_t first_sequence = 1;              ///< of the first frame to the client
        std::optional<std::uint32_t> statement_id{};  ///< replaces the server's in a prepare OK
        const tracker_filter* filter = nullptr;       ///< borrowed for the response; null: keep all
        std::size_t frame_max = max_frame_payload;    ///< smaller in tests only
    };

    void start(const settings& settings) noexcept;

    /// Appends the client's form of the next part of `pending` to `out`. Returns after at most one
    /// event; call again with the bytes not consumed until `more_bytes` or `complete`.
    [[nodiscard]] result<translated> translate(wire::bytes_view pending, wire::send_buffer& out);

    /// Number of the last frame written to the client.
    [[nodiscard]] std::uint8_t last_sequence() const noexcept {
        return static_cast<std::uint8_t>((sequence_ + 255U) & 0xFFU);
    }

    /// Number that the next frame to the client gets: after a LOCAL INFILE exchange, one above the
    /// client's last.
    void set_next_sequence(std::uint8_t sequence) noexcept { sequence_ = sequence; }

    [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }

    [[nodiscard]] bool is_complete() const noexcept { return grammar_.is_complete(); }

private:
    [[nodiscard]] std::size_t stream_open_frame(wire::bytes_view pending, wire::send_buffer& out);
    void write_header(std::size_t frame_length, wire::send_buffer& out);
    void write_whole(packet_role role, wire::bytes_view payload, wire::send_buffer& out);
    void write_ok(wire::bytes_view payload, wire::send_buffer& out);
    void write_row_end(wire::bytes_view payload, wire::send_buffer& out);
    void write_column_count(wire::bytes_view payload, wire::send_buffer& out);
    void write_prepare_ok(wire::bytes_view payload, wire::send_buffer& out);
    void write_missing_eof(wire::send_buffer& out);
    [[nodiscard]] bool writes_eofs() const noexcept;

    settings settings_;
    response_grammar grammar_;
    std::size_t frame_left_ = 0;
    std::uint64_t rows_ = 0;
    packet_role open_role_ = packet_role::row;
    std::uint8_t sequence_ = 1;
    bool continues_ = false;
    bool drop_open_packet_ = false;
    bool in_definitions_ = false;
};

}  // namespace weir::protocol::mysql
