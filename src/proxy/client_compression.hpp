#pragma once

#include "protocol/mysql/capabilities.hpp"
#include "protocol/mysql/compression/compressed_frame.hpp"
#include "protocol/wire/receive_buffer.hpp"
#include "protocol/wire/result.hpp"
#include "protocol/wire/send_buffer.hpp"

#include <cstdint>

namespace weir::proxy {

/// The compressed form of one client's conversation after its login: what is read is unpacked, what
/// is written is packed. Frames of both directions share one count, which starts anew with each
/// command. Owned by a session; thread: its worker. Source: MySQL "Compressed Packet Header".
class client_compression {
public:
    /// True if a client with these capabilities speaks compressed after its login.
    [[nodiscard]] static bool is_agreed(protocol::mysql::capability_set client) noexcept;

    /// `zstd_level`: as the client asked. `packet_limit`: of one command, bytes.
    client_compression(
        protocol::mysql::capability_set client, std::uint8_t zstd_level, std::uint64_t packet_limit
    );

    /// What comes from the socket is to be committed here.
    [[nodiscard]] protocol::wire::receive_buffer& received() noexcept { return received_; }

    /// Bytes that must be pending, in received() or before unpack_frames(), for there to be more.
    [[nodiscard]] std::size_t bytes_wanted() const noexcept { return decoder_.bytes_wanted(); }

    /// True if unpack() may find more without another byte from the socket: it stops when it has
    /// enough.
    [[nodiscard]] bool has_more() const noexcept {
        return received_.pending().size() >= bytes_wanted();
    }

    /// Moves the contents of whole frames to `into`; how many bytes.
    [[nodiscard]] result<std::size_t> unpack(protocol::wire::receive_buffer& into);

    /// The same for frames that somebody else has read; how many bytes of them are done with.
    [[nodiscard]] result<std::size_t> unpack_frames(
        protocol::wire::bytes_view frames, protocol::wire::send_buffer& into
    );

    /// What is packed next answers a command that was sent ahead: its frames are numbered from the
    /// command's on, not from the former answer's.
    void begin_answer() noexcept { encoder_.set_sequence(decoder_.next_sequence()); }

    /// The packed form of `bytes`; valid until the next call.
    [[nodiscard]] result<protocol::wire::bytes_view> pack(protocol::wire::bytes_view bytes);

private:
    protocol::mysql::compression_decoder decoder_;
    protocol::mysql::compression_encoder encoder_;
    protocol::wire::receive_buffer received_;
    protocol::wire::send_buffer unpacked_;
    protocol::wire::send_buffer packed_;
};

}  // namespace weir::proxy
