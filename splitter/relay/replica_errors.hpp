#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace weir::splitter {

/// Errors that a replica may give to a read although the primary would answer it: it is behind (a
/// table, a column, a privilege has not arrived), or it is read-only and the statement writes after
/// all. Such a read is run again on the primary, whose answer counts.
[[nodiscard]] inline bool is_replicas_own(std::uint16_t error) noexcept {
    static constexpr std::array<std::uint16_t, 23> numbers{
        1044,  // access to the schema denied
        1045,  // access denied
        1049,  // unknown schema
        1054,  // unknown column
        1109,  // unknown table in a clause
        1115,  // unknown character set
        1142,  // command denied on a table
        1143,  // command denied on a column
        1146,  // no such table
        1176,  // no such index
        1193,  // unknown system variable
        1205,  // lock wait timeout, against the replication thread
        1213,  // deadlock, with the replication thread
        1227,  // missing privilege
        1243,  // unknown prepared statement handler
        1290,  // running with --read-only
        1305,  // no such routine
        1356,  // view refers to something missing
        1370,  // routine access denied
        1412,  // table definition has changed
        1615,  // statement needs to be prepared again
        1792,  // read-only transaction
        1836,  // running in read-only mode
    };
    return std::ranges::binary_search(numbers, error);
}

/// An error of a server that takes no writes at present: --read-only, --super-read-only or a mode
/// of its own. 1290 has other reasons too (--secure-file-priv, --skip-grant-tables).
[[nodiscard]] inline bool is_read_only_server(
    std::uint16_t error, std::string_view message
) noexcept {
    return error == 1836 || (error == 1290 && message.find("read-only") != std::string_view::npos);
}

}  // namespace weir::splitter
