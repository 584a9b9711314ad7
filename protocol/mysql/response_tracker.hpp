#pragma once

#include "protocol/mysql/capabilities.hpp"
#include "protocol/mysql/packet_header.hpp"
#include "protocol/mysql/response_framing.hpp"
#include "protocol/mysql/response_grammar.hpp"
#include "protocol/mysql/status_flags.hpp"
#include "protocol/wire/bytes_view.hpp"
#include "protocol/wire/result.hpp"

#include <cstddef>
#include <cstdint>

namespace weir::protocol::mysql {

/// What one call of response_tracker::advance() found.
struct response_event {
    enum class kind : std::uint8_t {
        more_bytes,    ///< pass on `forward` bytes; no more can be said before more arrive, unless
                       ///< `complete`
        terminator,    ///< an OK, EOF or ERR, also one with MORE_RESULTS after which the response
                       ///< goes on
        local_infile,  ///< the server asks for a file: the client speaks next, then the server
                       ///< again
        prepare_ok,    ///< the first packet that answers a prepare; definitions may follow
        parameter,     ///< the definition of one, if tell_parameters() was called
        authentication,  ///< during COM_CHANGE_USER: the client speaks next, then the server again
    };

    kind what = kind::more_bytes;

    /// Leading bytes of the span that are understood and may be passed on. The rest must be
    /// presented again, with more bytes appended.
    std::size_t forward = 0;

    packet_role role = packet_role::row;  ///< of `payload`; meaningless for more_bytes

    /// The whole packet that the event is about; it lies at the end of the forwarded bytes. Empty
    /// for more_bytes.
    wire::bytes_view payload;

    bool complete = false;  ///< the response is over
};

/// Says where a response ends from headers and first bytes only: rows are never copied and pass in
/// pieces of any size; packets that carry state (OK, EOF, ERR and their like) are held back until
/// they are whole. The hot path: no virtual calls, no allocation, work per packet and not per byte.
/// Owned by a session; thread: its worker. Errors: `sequence_mismatch`, `unexpected_packet`,
/// `malformed_packet`.
class response_tracker {
public:
    /// A new response on a connection with these negotiated capabilities. The number of its first
    /// frame is taken as it comes, later ones must follow. `frame_max` is smaller in tests only.
    void start(
        response_kind kind, capability_set capabilities, std::size_t frame_max = max_frame_payload
    ) noexcept;

    /// The definitions of parameters are events too, for the response that was just started.
    void tell_parameters() noexcept { tells_parameters_ = true; }

    /// `pending`: all bytes of the response that were not forwarded yet. Returns after at most one
    /// event; call again with the remaining bytes until `more_bytes` or `complete`. After an error
    /// only start() may be called.
    [[nodiscard]] result<response_event> advance(wire::bytes_view pending);

    /// Sequence number of the last frame forwarded.
    [[nodiscard]] std::uint8_t last_sequence() const noexcept { return position_.last_sequence(); }

    /// Rows seen so far, over all result sets of the response; a row counts once its first byte has
    /// come.
    [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }

    /// Of the newest result set; 0: none has come.
    [[nodiscard]] std::uint64_t columns() const noexcept { return grammar_.columns(); }

    [[nodiscard]] bool is_complete() const noexcept {
        return grammar_.is_complete() && at_packet_boundary();
    }

    /// True between packets: what was forwarded ends with a whole packet.
    [[nodiscard]] bool at_packet_boundary() const noexcept {
        return position_.is_between_packets();
    }

private:
    [[nodiscard]] std::size_t skip_rows(wire::bytes_view bytes) noexcept;
    [[nodiscard]] error_code on_packet_start(wire::bytes_view bytes, response_event& event);
    [[nodiscard]] error_code on_held_packet(
        wire::bytes_view bytes, packet_role role, response_event& event
    );

    response_grammar grammar_;
    frame_position position_;
    std::uint64_t rows_ = 0;
    bool tells_parameters_ = false;
};

}  // namespace weir::protocol::mysql
