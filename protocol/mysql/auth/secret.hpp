#pragma once

#include "protocol/wire/bytes_view.hpp"

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace weir::protocol::mysql::auth {

/// A password or what is as good as one. Wipes its memory when it is destroyed, moved from or
/// assigned to. Has no way to be printed, logged or compared in variable time. Views are valid
/// until it changes.
class secret {
public:
    secret() noexcept = default;
    explicit secret(std::string_view text);
    explicit secret(wire::bytes_view bytes);
    secret(const secret& other) = default;
    secret(secret&& other) noexcept;
    secret& operator=(const secret& other);
    secret& operator=(secret&& other) noexcept;
    ~secret();

    [[nodiscard]] std::string_view text() const noexcept { return wire::as_text(bytes()); }

    [[nodiscard]] wire::bytes_view bytes() const noexcept {
        return std::span<const std::byte>(bytes_);
    }

    [[nodiscard]] std::size_t size() const noexcept { return bytes_.size(); }

    [[nodiscard]] bool empty() const noexcept { return bytes_.empty(); }

    void wipe() noexcept;

    /// Time depends on the sizes only.
    friend bool operator==(const secret& left, const secret& right) noexcept;

private:
    std::vector<std::byte>
        bytes_;  // not a string: its short form would leave copies behind on moves
};

/// Overwrites memory that held a secret; the compiler may not leave it out.
void wipe(std::span<std::byte> bytes) noexcept;

/// Equality whose time depends on the sizes only.
[[nodiscard]] bool equal_in_constant_time(wire::bytes_view left, wire::bytes_view right) noexcept;

}  // namespace weir::protocol::mysql::auth
