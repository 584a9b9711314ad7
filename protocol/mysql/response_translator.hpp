#pragma once

#include "protocol/mysql/capabilities.hpp"
#include "protocol/mysql/messages/ok.hpp"
#include "protocol/mysql/messages/session_track.hpp"
#include "protocol/mysql/packet_header.hpp"
#include "protocol/mysql/response_framing.hpp"
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
    bool drop_transaction_info = false;  ///< transaction state and characteristics
    bool drop_state_changes = false;     ///< that something has changed, not what
    std::vector<std::string>
        only_variables{};  ///< system variables that pass, names in lower case; empty: all
    std::vector<std::string> dropped_variables{};  ///< that do not, all the same

    struct variable {
        std::string name;
        std::string value;
        friend bool operator==(const variable&, const variable&) = default;
    };

    /// Told besides, where anything is told and they are not among that.
    std::vector<variable> more_variables{};

    [[nodiscard]] bool empty() const noexcept {
        return !drop_gtids && !drop_transaction_info && !drop_state_changes &&
               only_variables.empty() && dropped_variables.empty() && more_variables.empty();
    }

    friend bool operator==(const tracker_filter&, const tracker_filter&) = default;
};

/// The entry must not reach the client.
[[nodiscard]] bool is_dropped(const tracker_filter& filter, const session_track_entry& entry);

/// What of ok::session_state reaches the client. Errors: as session_track_reader.
[[nodiscard]] error_code append_filtered(
    wire::bytes_view session_state, const tracker_filter& filter, wire::send_buffer& kept
);

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
        status_set last_status{};  ///< flags for an EOF that the server did not send
        /// How many the client had in the last result set of this statement: the flag
        /// METADATA_CHANGED says whether there are as many now. Nothing: it is the server's.
        std::optional<std::uint64_t> last_columns{};
        /// How the client's transaction stands, which is on another connection. Nothing: on this
        /// one.
        std::optional<status_set> transaction{};
        std::size_t frame_max = max_frame_payload;  ///< smaller in tests only
    };

    void start(const settings& wanted) noexcept;

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

    /// Of the newest result set; 0: none has come.
    [[nodiscard]] std::uint64_t columns() const noexcept { return grammar_.columns(); }

    [[nodiscard]] bool is_complete() const noexcept {
        return grammar_.is_complete() && position_.is_between_packets();
    }

private:
    [[nodiscard]] error_code on_packet_start(
        wire::bytes_view bytes, wire::send_buffer& out, translated& event
    );
    [[nodiscard]] error_code on_held_packet(
        wire::bytes_view bytes, packet_role role, wire::send_buffer& out, translated& event
    );
    void on_packet_end(wire::send_buffer& out);

    [[nodiscard]] bool is_rewritten_definition(packet_role role) const noexcept;
    [[nodiscard]] error_code write_held(
        packet_role role, wire::bytes_view payload, wire::send_buffer& out
    );
    [[nodiscard]] error_code write_status_packet(
        packet_role role, wire::bytes_view payload, wire::send_buffer& out
    );
    [[nodiscard]] error_code write_column_count(wire::bytes_view payload, wire::send_buffer& out);
    [[nodiscard]] error_code write_prepare_ok(wire::bytes_view payload, wire::send_buffer& out);
    [[nodiscard]] error_code write_definition(wire::bytes_view payload, wire::send_buffer& out);
    void write_eof(std::uint16_t warnings, status_set status, wire::send_buffer& out);
    void write_owed_eof(wire::send_buffer& out);
    [[nodiscard]] error_code filter_session_state(ok& message);
    /// The flags of a packet of a result set, as the client has to see them.
    [[nodiscard]] status_set flags_for_client(status_set status) const noexcept;

    /// The client expects EOFs that the server does not send.
    [[nodiscard]] bool adds_eofs() const noexcept;

    settings settings_;
    response_grammar grammar_;
    frame_position position_;
    wire::send_buffer session_state_;  ///< filtered
    std::uint64_t rows_ = 0;
    std::uint8_t sequence_ = 1;
    bool drops_packet_ = false;      ///< the open packet does not reach the client
    bool ends_definitions_ = false;  ///< the open packet is the last definition of its list
    bool owes_eof_ = false;          ///< the EOF between definitions and rows is not written yet
};

}  // namespace weir::protocol::mysql
