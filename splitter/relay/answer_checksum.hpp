#pragma once

#include "protocol/mysql/capabilities.hpp"
#include "protocol/wire/bytes_view.hpp"

#include <cstdint>
#include <optional>

namespace weir::splitter {

/// What equal answers to one query have in common: their rows in whatever order, or the number of
/// the error. Plain value; only to be compared within one process.
struct answer_checksum {
    std::uint64_t rows = 0;
    std::uint64_t sum = 0;    ///< of the rows' hashes
    std::uint16_t error = 0;  ///< 0: none
    friend bool operator==(const answer_checksum&, const answer_checksum&) = default;
};

/// Of the answer to a COM_QUERY as a client with these capabilities gets it. Nothing: it is not
/// whole, or makes no sense.
[[nodiscard]] std::optional<answer_checksum> checksum_of(
    protocol::wire::bytes_view answer, protocol::mysql::capability_set client
);

}  // namespace weir::splitter
