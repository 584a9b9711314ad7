#pragma once

#include "splitter/sql/lexer.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace weir::splitter::fuzzing {

/// An input's first byte chooses the options, the rest is the text.
struct sql_input {
    lexer_options options;
    std::string_view text;
};

[[nodiscard]] inline sql_input sql_input_of(const std::uint8_t* data, std::size_t size) {
    sql_input input;
    if (size == 0) return input;
    const unsigned bits = data[0];
    input.options.ansi_quotes = (bits & 1U) != 0;
    input.options.no_backslash_escapes = (bits & 2U) != 0;
    input.options.ignore_space = (bits & 4U) != 0;
    input.options.flavor = (bits & 8U) != 0 ? protocol::mysql::server_flavor::mariadb
                                            : protocol::mysql::server_flavor::mysql;
    input.options.server_version = (bits & 8U) != 0 ? 101119 : 90700;
    input.options.charset = static_cast<multibyte_kind>((bits >> 4U) & 7U);
    // The bytes are the fuzzer's; only their type differs.
    input.text = {reinterpret_cast<const char*>(data) + 1, size - 1};
    return input;
}

/// Ends the process, and with it the fuzzer's run, unless `claim` holds.
inline void require(bool claim) {
    if (!claim) std::abort();
}

}  // namespace weir::splitter::fuzzing
