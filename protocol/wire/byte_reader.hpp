#pragma once

#include "protocol/wire/bytes_view.hpp"
#include "protocol/wire/errc.hpp"
#include "protocol/wire/integers.hpp"
#include "protocol/wire/result.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir::protocol::wire {

/// Cursor over borrowed bytes. After the first failure every read is a no-op that returns zero or
/// an empty view, so that a decoder reads all its fields and asks error() once. Views returned are
/// valid as long as the bytes.
class byte_reader {
public:
    explicit byte_reader(bytes_view bytes) noexcept : rest_(bytes) {}

    std::uint8_t u8() { return static_cast<std::uint8_t>(little<1>()); }

    std::uint16_t u16() { return static_cast<std::uint16_t>(little<2>()); }

    std::uint32_t u24() { return static_cast<std::uint32_t>(little<3>()); }

    std::uint32_t u32() { return static_cast<std::uint32_t>(little<4>()); }

    std::uint64_t u64() { return little<8>(); }

    bytes_view bytes(std::size_t count) {
        if (failed()) return {};
        if (rest_.size() < count) {
            fail(errc::truncated);
            return {};
        }
        const bytes_view taken = rest_.first(count);
        rest_ = rest_.subspan(count);
        return taken;
    }

    /// integer<lenenc>; 0xFB (NULL) and 0xFF (error) are no numbers: value_out_of_range.
    /// Source: MySQL "Protocol Basics: Data Types, Integer Types".
    std::uint64_t lenenc() {
        const std::uint8_t lead = u8();
        if (lead < 0xFB) return lead;
        if (lead == 0xFC) return u16();
        if (lead == 0xFD) return u24();
        if (lead == 0xFE) return u64();
        fail(errc::value_out_of_range);
        return 0;
    }

    /// string<lenenc>.
    bytes_view lenenc_bytes() {
        const std::uint64_t length = lenenc();
        if (length > rest_.size()) {
            fail(errc::truncated);
            return {};
        }
        return bytes(static_cast<std::size_t>(length));
    }

    std::string_view lenenc_text() { return as_text(lenenc_bytes()); }

    /// string<NUL>: up to the next zero byte, which is skipped; truncated if there is none.
    std::string_view null_terminated() {
        if (failed()) return {};
        const auto* const zero = std::find(rest_.begin(), rest_.end(), std::byte{0});
        if (zero == rest_.end()) {
            fail(errc::truncated);
            return {};
        }
        const bytes_view taken = bytes(static_cast<std::size_t>(zero - rest_.begin()));
        (void)u8();
        return as_text(taken);
    }

    /// string<EOF>: everything left.
    bytes_view rest() { return bytes(rest_.size()); }

    void skip(std::size_t count) { (void)bytes(count); }

    [[nodiscard]] std::size_t remaining() const noexcept { return failed() ? 0 : rest_.size(); }

    [[nodiscard]] bool failed() const noexcept { return failure_ != errc{}; }

    /// No error, or the first one.
    [[nodiscard]] error_code error() const noexcept {
        return failed() ? make_error_code(failure_) : error_code{};
    }

    /// The decoder itself found something wrong; the first failure stays.
    void fail(errc why) noexcept {
        if (!failed()) failure_ = why;
    }

private:
    template <std::size_t Bytes>
    std::uint64_t little() {
        const bytes_view taken = bytes(Bytes);
        return taken.empty() ? 0 : load_little<Bytes>(taken.span());
    }

    bytes_view rest_;
    errc failure_{};
};

}  // namespace weir::protocol::wire
