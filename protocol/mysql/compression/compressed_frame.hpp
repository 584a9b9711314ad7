#pragma once

#include "protocol/wire/bytes_view.hpp"
#include "protocol/wire/result.hpp"
#include "protocol/wire/send_buffer.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace weir::protocol::mysql {

/// Both sides wrap everything after the login into frames of their own, whose contents are the
/// bytes of ordinary frames, cut anywhere. Source: MySQL "Compressed Packet Header", "zstd
/// Compression".
enum class compression_method : std::uint8_t { zlib, zstd };

/// The 7 bytes in front of each compressed frame.
struct compressed_header {
    static constexpr std::size_t size = 7;
    static constexpr std::size_t frame_max = 0xFFFFFF;

    std::uint32_t compressed_length = 0;
    std::uint8_t sequence = 0;              ///< a count of its own, back to 0 with each command
    std::uint32_t uncompressed_length = 0;  ///< 0: the contents are not compressed

    /// `bytes` must hold at least `size` bytes.
    [[nodiscard]] static compressed_header load(wire::bytes_view bytes);
    void store(std::span<std::byte> bytes) const;

    friend bool operator==(const compressed_header&, const compressed_header&) = default;
};

/// Inner bytes -> compressed frames. Owned by one side of one connection; holds the library's
/// state. Movable.
class compression_encoder {
public:
    /// `level`: 1..9 for zlib, 1..22 for zstd; others are brought into range.
    compression_encoder(compression_method method, int level);
    compression_encoder(compression_encoder&&) noexcept;
    compression_encoder& operator=(compression_encoder&&) noexcept;
    compression_encoder(const compression_encoder&) = delete;
    compression_encoder& operator=(const compression_encoder&) = delete;
    ~compression_encoder();

    /// Appends frames that hold all of `inner`. Contents below 50 bytes, or that do not shrink,
    /// stay as they are. Errors: `compression_failed`.
    [[nodiscard]] error_code encode(wire::bytes_view inner, wire::send_buffer& out);

    /// Number of the next frame: 0 for a command, one above the last received for a response.
    void set_sequence(std::uint8_t sequence) noexcept { sequence_ = sequence; }

    [[nodiscard]] std::uint8_t sequence() const noexcept { return sequence_; }

private:
    struct library_state;

    [[nodiscard]] error_code encode_frame(wire::bytes_view inner, wire::send_buffer& out);

    std::unique_ptr<library_state> state_;
    std::uint8_t sequence_ = 0;
};

/// Compressed frames -> inner bytes. Owned by one side of one connection; holds the library's
/// state. Movable.
class compression_decoder {
public:
    /// `frame_limit`: largest uncompressed length of one frame that is believed, bytes; a frame
    /// that unpacks to anything but what its header says is an error, so that a bomb costs no more
    /// than this.
    explicit compression_decoder(
        compression_method method, std::size_t frame_limit = compressed_header::frame_max
    );
    compression_decoder(compression_decoder&&) noexcept;
    compression_decoder& operator=(compression_decoder&&) noexcept;
    compression_decoder(const compression_decoder&) = delete;
    compression_decoder& operator=(const compression_decoder&) = delete;
    ~compression_decoder();

    /// Unpacks whole frames at the front of `pending` until `out` holds `out_target` bytes or more,
    /// or none is whole; appends their inner bytes. Returns how many bytes of `pending` are done
    /// with. Frames' numbers are taken as they come: each command of a client begins at 0, one sent
    /// ahead too, and where it begins cannot be seen from here; the packets inside have numbers of
    /// their own. Errors: `packet_too_large`, `compression_failed`.
    [[nodiscard]] result<std::size_t> decode(
        wire::bytes_view pending,
        wire::send_buffer& out,
        std::size_t out_target = compressed_header::frame_max
    );

    /// How many bytes must be pending before decode() can do more. At least 7.
    [[nodiscard]] std::size_t bytes_wanted() const noexcept { return bytes_wanted_; }

    /// One above the last frame's number, which an answer goes on from.
    [[nodiscard]] std::uint8_t next_sequence() const noexcept { return next_sequence_; }

private:
    struct library_state;

    [[nodiscard]] error_code unpack(wire::bytes_view contents, std::span<std::byte> inner);

    std::unique_ptr<library_state> state_;
    std::size_t frame_limit_;
    std::size_t bytes_wanted_ = compressed_header::size;
    std::uint8_t next_sequence_ = 0;
};

}  // namespace weir::protocol::mysql
