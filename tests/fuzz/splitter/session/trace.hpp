#pragma once

#include "protocol/wire/bytes_view.hpp"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace weir::fuzz {

/// With WEIR_FUZZ_TRACE in the environment an input's story goes to standard error, so that a
/// finding can be read.
inline void trace(std::string_view what, protocol::wire::bytes_view bytes = {}) {
    // One thread only: nobody changes the environment meanwhile.
    static const bool is_wanted =
        std::getenv("WEIR_FUZZ_TRACE") != nullptr;  // NOLINT(concurrency-mt-unsafe)
    if (!is_wanted) return;
    std::string line(what);
    for (const std::byte one : bytes) {
        constexpr std::string_view digits = "0123456789abcdef";
        line += ' ';
        line += digits[protocol::wire::number_in(one) >> 4U];
        line += digits[protocol::wire::number_in(one) & 15U];
    }
    line += '\n';
    (void)std::fputs(line.c_str(), stderr);
}

}  // namespace weir::fuzz
