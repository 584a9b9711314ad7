#pragma once

#include <cstdio>
#include <cstdlib>

namespace weir::protocol::wire {

/// Ends the process: an invariant of ours is broken, and going on could hand one client another's
/// data.
[[noreturn]] inline void ensure_failed(const char* claim, const char* file, int line) noexcept {
    std::fprintf(stderr, "weir: broken invariant: %s (%s:%d)\n", claim, file, line);
    std::abort();
}

}  // namespace weir::protocol::wire

/// States an invariant that only a bug of ours can break; checked in every build. A macro, because
/// GCC 12 and clang 14 share no std::source_location and the text of the claim belongs in the
/// message.
#define WEIR_ENSURE(claim)                                                               \
    do {                                                                                 \
        if (!(claim)) ::weir::protocol::wire::ensure_failed(#claim, __FILE__, __LINE__); \
    } while (false)
