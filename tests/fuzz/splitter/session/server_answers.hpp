#pragma once

#include "protocol/mysql/capabilities.hpp"
#include "protocol/mysql/response_grammar.hpp"

#include "tests/fuzz/splitter/script.hpp"
#include "tests/support/bytes.hpp"

#include <cstdint>

namespace weir::fuzz {

/// One whole answer as a server of these capabilities gives it, headers included, its first frame
/// numbered `sequence`. What it says is the script's choice: OK, error, rows of several results,
/// session tracking, a request for a file.
[[nodiscard]] test::byte_vector next_answer(
    script& input,
    protocol::mysql::response_kind kind,
    protocol::mysql::capability_set capabilities,
    std::uint8_t sequence
);

}  // namespace weir::fuzz
