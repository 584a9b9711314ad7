#pragma once

#include "protocol/mysql/capabilities.hpp"
#include "protocol/mysql/errc.hpp"
#include "protocol/mysql/status_flags.hpp"
#include "protocol/wire/bytes_view.hpp"
#include "protocol/wire/result.hpp"

#include <cstddef>
#include <cstdint>

namespace weir::protocol::mysql {

/// Which packets may answer a command.
enum class response_kind : std::uint8_t {
    query,        ///< OK, ERR, LOCAL INFILE or result sets; also of execute and bulk execute
    cursor,       ///< the same of an execute that asked for a cursor
    simple,       ///< one OK, ERR or EOF
    prepare,      ///< prepare OK and its definitions, or ERR
    field_list,   ///< column definitions up to EOF or OK, or ERR
    statistics,   ///< one packet of any content
    fetch,        ///< rows up to EOF or OK, or ERR
    no_answer,    ///< nothing: close, send long data, quit
    change_user,  ///< authentication packets, then OK or ERR
};

/// What a packet of a response is.
enum class packet_role : std::uint8_t {
    column_count,
    column_definition,
    column_end,  ///< EOF after the definitions; never with DEPRECATE_EOF
    row,
    row_end,  ///< EOF, or with DEPRECATE_EOF an OK under header 0xFE
    ok,       ///< OK outside a result set; a server may also say EOF there (first byte 0xFE)
    err,
    local_infile,
    prepare_ok,
    parameter_definition,
    parameter_end,
    progress,  ///< MariaDB's progress report: ERR with number 0xFFFF that ends nothing
    statistics,
    authentication,  ///< auth switch request (0xFE) or more data (0x01); the client answers it
};

/// An OK packet has at least 7 bytes, an EOF has 5: the size tells them apart under the header they
/// share.
inline constexpr std::size_t ok_size_min = 7;

/// Per packet state machine of one response: which role a packet has, and whether the response is
/// over. Pure: sees a packet's length and first bytes, never sockets or rows. Order of use:
/// start(), then for each packet role() and, if is_needed_whole(role), on_whole(), else
/// on_streamed(). Source: MySQL "Command Phase", "Text Resultset", "COM_STMT_PREPARE Response";
/// MariaDB knowledge base "Result Set Packets", "Progress Report". A plain value.
class response_grammar {
public:
    /// What the grammar needs of a packet to name its role.
    struct packet_start {
        std::size_t frame_length = 0;  ///< payload bytes of the first frame
        wire::bytes_view first_bytes;  ///< as many as are there, at least first_bytes_wanted() or
                                       ///< all of the frame
    };

    /// A new response. The frame maximum is smaller in tests only.
    void start(
        response_kind kind, capability_set capabilities, std::size_t frame_max = 0xFFFFFF
    ) noexcept;

    /// How many first bytes role() needs: 1, or 3 where a progress report is possible. A shorter
    /// frame is given whole.
    [[nodiscard]] static constexpr std::size_t first_bytes_wanted() noexcept { return 3; }

    /// Role of the next packet; does not change state. Errors: `unexpected_packet`,
    /// `malformed_packet` (empty, or longer than one frame where a whole packet is needed).
    [[nodiscard]] result<packet_role> role(const packet_start& start) const {
        packet_role found{};
        const errc error = find_role(start, found);
        if (error != errc{}) return make_error_code(error);
        return found;
    }

    /// The same for the hot path: `found` and no error (errc{}), or an error.
    [[nodiscard]] errc find_role(const packet_start& start, packet_role& found) const noexcept;

    /// True if on_whole() must see the whole payload of a packet of this role.
    [[nodiscard]] static constexpr bool is_needed_whole(packet_role role) noexcept {
        switch (role) {
            case packet_role::column_definition:
            case packet_role::row:
            case packet_role::parameter_definition:
            case packet_role::progress: return false;
            case packet_role::column_count:
            case packet_role::column_end:
            case packet_role::row_end:
            case packet_role::ok:
            case packet_role::err:
            case packet_role::local_infile:
            case packet_role::prepare_ok:
            case packet_role::parameter_end:
            case packet_role::statistics:
            case packet_role::authentication: return true;
        }
        return true;
    }

    /// The packet whose role was `role` is through. Errors: `malformed_packet`.
    [[nodiscard]] error_code on_whole(packet_role role, wire::bytes_view payload);

    /// The same for a packet that need not be seen whole; true if it was the last definition of its
    /// list.
    bool on_streamed(packet_role role) noexcept;

    /// True once the last packet of the response has been seen.
    [[nodiscard]] bool is_complete() const noexcept { return stage_ == stage::complete; }

    /// True while rows are next: the hot loop's question.
    [[nodiscard]] bool expects_rows() const noexcept {
        return stage_ == stage::rows || stage_ == stage::fetched_rows;
    }

    /// True if a packet in the row stage that starts so is a row beyond doubt.
    [[nodiscard]] bool is_plain_row(std::size_t frame_length, std::uint8_t first_byte)
        const noexcept {
        return first_byte < 0xFE || (first_byte == 0xFE && !ends_rows(frame_length));
    }

    /// False if the result set or statement under way comes without its definitions.
    [[nodiscard]] bool metadata_follows() const noexcept { return metadata_follows_; }

    /// Of the newest result set; 0: none has come.
    [[nodiscard]] std::uint64_t columns() const noexcept { return columns_; }

    /// Flags of the last OK or EOF seen.
    [[nodiscard]] status_set status() const noexcept { return status_; }

private:
    enum class stage : std::uint8_t {
        first_packet,
        after_local_infile,
        column_definitions,
        column_end,
        rows,
        fetched_rows,
        prepare_first,
        parameter_definitions,
        parameter_end,
        prepare_columns,
        prepare_column_end,
        field_list,
        single,
        statistics,
        authentication,
        complete,
    };

    [[nodiscard]] bool ends_rows(std::size_t frame_length) const noexcept {
        return deprecate_eof_ ? frame_length < frame_max_ : frame_length < eof_length_limit;
    }

    /// Sets `role`, or says what is wrong. Small values instead of a result: this is asked for
    /// every packet.
    [[nodiscard]] errc role_by_stage(
        std::size_t frame_length, std::uint8_t first_byte, packet_role& role
    ) const noexcept;
    [[nodiscard]] error_code on_column_count(wire::bytes_view payload);
    [[nodiscard]] error_code on_prepare_ok(wire::bytes_view payload);
    [[nodiscard]] error_code read_status(wire::bytes_view payload);
    void on_result_end() noexcept;
    void enter_prepare_columns() noexcept;

    static constexpr std::size_t eof_length_limit = 9;

    std::size_t frame_max_ = 0xFFFFFF;
    std::uint64_t definitions_left_ = 0;
    std::uint64_t columns_ = 0;
    std::uint16_t prepare_columns_ = 0;
    capability_set capabilities_;
    status_set status_;
    stage stage_ = stage::complete;
    bool deprecate_eof_ = false;
    bool may_open_cursor_ = false;
    bool metadata_follows_ = true;
};

}  // namespace weir::protocol::mysql
