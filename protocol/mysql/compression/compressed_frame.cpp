#include "protocol/mysql/compression/compressed_frame.hpp"

#include "protocol/mysql/errc.hpp"
#include "protocol/mysql/packet_header.hpp"
#include "protocol/wire/integers.hpp"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>

namespace weir::protocol::mysql {
namespace {

/// Below this the servers do not try to compress, nor do we.
constexpr std::size_t compressed_size_min = 50;

struct zstd_deleter {
    void operator()(ZSTD_CCtx* context) const noexcept { ZSTD_freeCCtx(context); }

    void operator()(ZSTD_DCtx* context) const noexcept { ZSTD_freeDCtx(context); }
};

[[nodiscard]] const Bytef* numbers(wire::bytes_view bytes) noexcept {
    return reinterpret_cast<const Bytef*>(bytes.data());
}

[[nodiscard]] Bytef* numbers(std::span<std::byte> bytes) noexcept {
    return reinterpret_cast<Bytef*>(bytes.data());
}

}  // namespace

compressed_header compressed_header::load(wire::bytes_view bytes) {
    const auto first = packet_header::load(bytes);
    return {
        first.payload_length,
        first.sequence,
        static_cast<std::uint32_t>(wire::load_little<3>(bytes.subspan(packet_header::size).span())
        )};
}

void compressed_header::store(std::span<std::byte> bytes) const {
    packet_header{compressed_length, sequence}.store(bytes);
    wire::store_little<3>(bytes.subspan(packet_header::size), uncompressed_length);
}

struct compression_encoder::library_state {
    compression_method method;
    int level;
    std::unique_ptr<ZSTD_CCtx, zstd_deleter> zstd{};

    [[nodiscard]] std::size_t bound(std::size_t size) const {
        return method == compression_method::zlib ? compressBound(static_cast<uLong>(size))
                                                  : ZSTD_compressBound(size);
    }

    /// Number of bytes written to `out`; nothing on failure.
    [[nodiscard]] result<std::size_t> compress(wire::bytes_view inner, std::span<std::byte> out) {
        if (method == compression_method::zlib) {
            uLongf size = static_cast<uLongf>(out.size());
            const int code = compress2(
                numbers(out), &size, numbers(inner), static_cast<uLong>(inner.size()), level
            );
            if (code != Z_OK) return make_error_code(errc::compression_failed);
            return std::size_t{size};
        }
        // Contexts are large: made on first use and kept for the connection.
        if (!zstd) zstd.reset(ZSTD_createCCtx());
        if (!zstd) return make_error_code(errc::compression_failed);
        const std::size_t size = ZSTD_compressCCtx(
            zstd.get(), out.data(), out.size(), inner.data(), inner.size(), level
        );
        if (ZSTD_isError(size) != 0) return make_error_code(errc::compression_failed);
        return size;
    }
};

compression_encoder::compression_encoder(compression_method method, int level)
    : state_(std::make_unique<library_state>(library_state{
          method, std::clamp(level, 1, method == compression_method::zlib ? 9 : 22)})) {}

compression_encoder::compression_encoder(compression_encoder&&) noexcept = default;
compression_encoder& compression_encoder::operator=(compression_encoder&&) noexcept = default;
compression_encoder::~compression_encoder() = default;

error_code compression_encoder::encode(wire::bytes_view inner, wire::send_buffer& out) {
    while (!inner.empty()) {
        const std::size_t size = std::min(inner.size(), compressed_header::frame_max);
        if (const error_code error = encode_frame(inner.first(size), out)) return error;
        inner = inner.subspan(size);
    }
    return {};
}

error_code compression_encoder::encode_frame(wire::bytes_view inner, wire::send_buffer& out) {
    const std::size_t begin = out.size();
    compressed_header header{static_cast<std::uint32_t>(inner.size()), sequence_, 0};
    sequence_ = next_sequence(sequence_);
    if (inner.size() >= compressed_size_min) {
        const auto room = out.extend(compressed_header::size + state_->bound(inner.size()));
        const auto size = state_->compress(inner, room.subspan(compressed_header::size));
        if (!size) return size.error();
        if (*size < inner.size()) {
            header.compressed_length = static_cast<std::uint32_t>(*size);
            header.uncompressed_length = static_cast<std::uint32_t>(inner.size());
            header.store(room);
            out.truncate(begin + compressed_header::size + *size);
            return {};
        }
        out.truncate(begin);
    }
    header.store(out.extend(compressed_header::size));
    out.append(inner);
    return {};
}

struct compression_decoder::library_state {
    compression_method method;
    std::unique_ptr<ZSTD_DCtx, zstd_deleter> zstd{};
};

compression_decoder::compression_decoder(compression_method method, std::size_t frame_limit)
    : state_(std::make_unique<library_state>(library_state{method})), frame_limit_(frame_limit) {}

compression_decoder::compression_decoder(compression_decoder&&) noexcept = default;
compression_decoder& compression_decoder::operator=(compression_decoder&&) noexcept = default;
compression_decoder::~compression_decoder() = default;

result<std::size_t> compression_decoder::decode(
    wire::bytes_view pending, wire::send_buffer& out, std::size_t out_target
) {
    std::size_t position = 0;
    bytes_wanted_ = compressed_header::size;
    while (out.size() < out_target && pending.size() - position >= compressed_header::size) {
        const auto header = compressed_header::load(pending.subspan(position));
        const bool is_packed = header.uncompressed_length != 0;
        const std::size_t inner_size =
            is_packed ? header.uncompressed_length : header.compressed_length;
        if (inner_size > frame_limit_) return make_error_code(errc::packet_too_large);
        const std::size_t frame_size = compressed_header::size + header.compressed_length;
        if (pending.size() - position < frame_size) {
            bytes_wanted_ = frame_size;
            break;
        }
        const auto contents =
            pending.subspan(position + compressed_header::size, header.compressed_length);
        if (!is_packed) {
            out.append(contents);
        } else if (const error_code error = unpack(contents, out.extend(inner_size))) {
            return error;
        }
        next_sequence_ = mysql::next_sequence(header.sequence);
        position += frame_size;
    }
    return position;
}

/// Errors unless the contents fill `inner` exactly.
error_code compression_decoder::unpack(wire::bytes_view contents, std::span<std::byte> inner) {
    bool is_good = false;
    if (state_->method == compression_method::zlib) {
        uLongf size = static_cast<uLongf>(inner.size());
        const int code = uncompress(
            numbers(inner), &size, numbers(contents), static_cast<uLong>(contents.size())
        );
        is_good = code == Z_OK && size == inner.size();
    } else {
        if (!state_->zstd) state_->zstd.reset(ZSTD_createDCtx());
        if (!state_->zstd) return make_error_code(errc::compression_failed);
        const std::size_t size = ZSTD_decompressDCtx(
            state_->zstd.get(), inner.data(), inner.size(), contents.data(), contents.size()
        );
        is_good = ZSTD_isError(size) == 0 && size == inner.size();
    }
    return is_good ? error_code{} : make_error_code(errc::compression_failed);
}

}  // namespace weir::protocol::mysql
