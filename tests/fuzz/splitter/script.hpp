#pragma once

#include "protocol/wire/byte_reader.hpp"
#include "protocol/wire/bytes_view.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace weir::fuzz {

/// A fuzzer's input as a list of decisions: numbers and runs of bytes until it ends, then zeros and
/// nothing.
class script {
public:
    explicit script(protocol::wire::bytes_view bytes) noexcept : left_(bytes) {}

    [[nodiscard]] bool is_over() const noexcept { return left_.empty(); }

    [[nodiscard]] std::uint8_t number() noexcept {
        if (left_.empty()) return 0;
        const std::uint8_t value = protocol::wire::number_in(left_[0]);
        left_ = left_.subspan(1);
        return value;
    }

    [[nodiscard]] std::size_t below(std::size_t limit) noexcept { return number() % limit; }

    /// True for half of all bytes, false at the end.
    [[nodiscard]] bool decide() noexcept { return (number() & 1U) != 0; }

    /// Some bytes as they are, `most` of them at most.
    [[nodiscard]] protocol::wire::bytes_view bytes(std::size_t most = 255) noexcept {
        const std::size_t wanted = std::min<std::size_t>(number(), most);
        const auto taken = left_.first(std::min(wanted, left_.size()));
        left_ = left_.subspan(taken.size());
        return taken;
    }

    /// One of a table.
    template <class Table>
    [[nodiscard]] const auto& one_of(const Table& table) noexcept {
        return table[below(table.size())];
    }

private:
    protocol::wire::bytes_view left_;
};

}  // namespace weir::fuzz
