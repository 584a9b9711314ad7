#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace weir::protocol::wire {

/// Borrowed bytes that compare by content. Valid as long as what it was made from; never owns,
/// never writes.
class bytes_view {
public:
    constexpr bytes_view() noexcept = default;

    // Implicit on purpose, as string is to string_view: this is the same borrowed range with
    // comparison added.

    // NOLINTBEGIN(google-explicit-constructor)
    constexpr bytes_view(std::span<const std::byte> bytes) noexcept : bytes_(bytes) {}

    constexpr bytes_view(std::span<std::byte> bytes) noexcept : bytes_(bytes) {}

    // NOLINTEND(google-explicit-constructor)

    [[nodiscard]] constexpr const std::byte* data() const noexcept { return bytes_.data(); }

    [[nodiscard]] constexpr std::size_t size() const noexcept { return bytes_.size(); }

    [[nodiscard]] constexpr bool empty() const noexcept { return bytes_.empty(); }

    [[nodiscard]] constexpr const std::byte* begin() const noexcept { return data(); }

    [[nodiscard]] constexpr const std::byte* end() const noexcept { return data() + size(); }

    /// `index` must be below size().
    [[nodiscard]] constexpr std::byte operator[](std::size_t index) const { return bytes_[index]; }

    /// `count` must not be above size(); the same holds for last and subspan.
    [[nodiscard]] constexpr bytes_view first(std::size_t count) const {
        return bytes_.first(count);
    }

    [[nodiscard]] constexpr bytes_view last(std::size_t count) const { return bytes_.last(count); }

    [[nodiscard]] constexpr bytes_view subspan(
        std::size_t offset, std::size_t count = std::dynamic_extent
    ) const {
        return bytes_.subspan(offset, count);
    }

    [[nodiscard]] constexpr std::span<const std::byte> span() const noexcept { return bytes_; }

    friend bool operator==(bytes_view left, bytes_view right) noexcept {
        return std::equal(left.begin(), left.end(), right.begin(), right.end());
    }

private:
    std::span<const std::byte> bytes_;
};

/// The bytes of a text; valid as long as the text.
[[nodiscard]] inline bytes_view bytes_of(std::string_view text) noexcept {
    return std::as_bytes(std::span(text.data(), text.size()));
}

/// Bytes that outlive what they were borrowed from.
[[nodiscard]] inline std::vector<std::byte> copy_of(bytes_view bytes) {
    return {bytes.begin(), bytes.end()};
}

/// Bytes seen as text of whatever character set they are in; valid as long as the bytes.
[[nodiscard]] inline std::string_view as_text(bytes_view bytes) noexcept {
    // The one cast between the two kinds of borrowed bytes; char may alias anything.
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// The number in one byte.
[[nodiscard]] constexpr unsigned char number_in(std::byte value) noexcept {
    return static_cast<unsigned char>(value);
}

}  // namespace weir::protocol::wire
