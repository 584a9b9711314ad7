#pragma once

#include "protocol/mysql/packet_reader.hpp"
#include "protocol/mysql/response_grammar.hpp"
#include "protocol/wire/bytes_view.hpp"
#include "protocol/wire/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weir::splitter {

/// The answer to a query of our own, kept whole: text rows of a result that is known to be small.
/// Owned by a backend_preparation.
class small_result {
public:
    using row = std::vector<std::optional<std::string>>;  ///< nothing: NULL

    small_result();

    /// A new answer on a connection with these capabilities.
    void start(protocol::mysql::capability_set capabilities);

    struct progress {
        std::size_t consumed = 0;  ///< bytes of `pending` that are done with
        bool complete = false;
    };

    /// Errors: as packet_reader and response_grammar; unexpected_packet for a question in between.
    [[nodiscard]] result<progress> on_bytes(protocol::wire::bytes_view pending);

    [[nodiscard]] const std::vector<row>& rows() const noexcept { return rows_; }

    /// The payload of the server's error; empty: it gave none.
    [[nodiscard]] protocol::wire::bytes_view error() const noexcept {
        return std::span<const std::byte>(error_);
    }

    /// The server answered with an error, or has none of what was asked.
    [[nodiscard]] bool is_empty() const noexcept { return rows_.empty(); }

private:
    [[nodiscard]] error_code on_packet(protocol::wire::bytes_view payload);
    [[nodiscard]] error_code on_row(protocol::wire::bytes_view payload);

    protocol::mysql::packet_reader reader_;
    protocol::mysql::response_grammar grammar_;
    std::vector<row> rows_;
    std::vector<std::byte> error_;
};

}  // namespace weir::splitter
