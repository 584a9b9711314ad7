#pragma once

#include "protocol/wire/bytes_view.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace weir::splitter {

/// What a client has sent for parameters of one statement before it runs that
/// (COM_STMT_SEND_LONG_DATA): packets as they came, for whichever server will run it. Plain value.
class long_data {
public:
    /// Nothing of it is to be sent, and the statement is as any other.
    [[nodiscard]] bool empty() const noexcept { return packets_.empty(); }

    [[nodiscard]] std::size_t size() const noexcept { return packets_.size(); }

    /// `packet`: with its headers; complete.
    void append(protocol::wire::bytes_view packet);

    /// There is some for this parameter.
    [[nodiscard]] bool has(std::size_t parameter) const;

    /// All packets, about the statement of this id on its connection. Valid until the next call.
    [[nodiscard]] std::span<std::byte> addressed_to(std::uint32_t backend_id);

    /// The server will refuse the statement for it, again and again until COM_STMT_RESET.
    void condemn() noexcept { is_condemned_ = true; }

    [[nodiscard]] bool is_condemned() const noexcept { return is_condemned_; }

private:
    std::vector<std::byte> packets_;
    std::vector<std::size_t> begins_;  ///< of each packet in `packets_`
    bool is_condemned_ = false;
};

}  // namespace weir::splitter
