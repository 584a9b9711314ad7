#pragma once

#include "protocol/wire/bytes_view.hpp"
#include "protocol/wire/errc.hpp"
#include "protocol/wire/integers.hpp"
#include "protocol/wire/result.hpp"
#include "protocol/wire/send_buffer.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

namespace weir::protocol::wire {

/// Appends fields to a send_buffer. With a limit, a write that would take the buffer above it is
/// left out, and so is every later one; error() then says buffer_limit. Borrows the buffer.
class byte_writer {
public:
    explicit byte_writer(
        send_buffer& out, std::size_t size_max = std::numeric_limits<std::size_t>::max()
    ) noexcept
        : out_(out), size_max_(size_max) {}

    void u8(std::uint8_t value) { little<1>(value); }

    void u16(std::uint16_t value) { little<2>(value); }

    /// The lower 24 bits.
    void u24(std::uint32_t value) { little<3>(value); }

    void u32(std::uint32_t value) { little<4>(value); }

    void u64(std::uint64_t value) { little<8>(value); }

    void bytes(bytes_view value) {
        if (has_room(value.size())) out_.append(value);
    }

    void text(std::string_view value) { bytes(bytes_of(value)); }

    /// integer<lenenc> in its shortest form.
    void lenenc(std::uint64_t value) {
        if (value < 0xFB) return u8(static_cast<std::uint8_t>(value));
        if (value <= 0xFFFF) {
            u8(0xFC);
            return u16(static_cast<std::uint16_t>(value));
        }
        if (value <= 0xFFFFFF) {
            u8(0xFD);
            return u24(static_cast<std::uint32_t>(value));
        }
        u8(0xFE);
        u64(value);
    }

    void lenenc_bytes(bytes_view value) {
        lenenc(value.size());
        bytes(value);
    }

    void lenenc_text(std::string_view value) { lenenc_bytes(bytes_of(value)); }

    /// `value` must not hold a zero byte.
    void null_terminated(std::string_view value) {
        text(value);
        u8(0);
    }

    void zeros(std::size_t count) {
        if (has_room(count)) (void)out_.extend(count);
    }

    [[nodiscard]] bool failed() const noexcept { return failed_; }

    [[nodiscard]] error_code error() const noexcept {
        return failed_ ? make_error_code(errc::buffer_limit) : error_code{};
    }

private:
    template <std::size_t Bytes>
    void little(std::uint64_t value) {
        if (has_room(Bytes)) store_little<Bytes>(out_.extend(Bytes), value);
    }

    [[nodiscard]] bool has_room(std::size_t count) noexcept {
        if (!failed_ && (out_.size() > size_max_ || count > size_max_ - out_.size()))
            failed_ = true;
        return !failed_;
    }

    send_buffer& out_;
    std::size_t size_max_;
    bool failed_ = false;
};

}  // namespace weir::protocol::wire
