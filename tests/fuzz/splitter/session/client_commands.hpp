#pragma once

#include "protocol/mysql/capabilities.hpp"

#include "tests/fuzz/splitter/script.hpp"
#include "tests/support/bytes.hpp"

namespace weir::fuzz {

/// One command as a client of these capabilities sends it, headers included: what it is and what it
/// names are the script's choice.
[[nodiscard]] test::byte_vector next_command(
    script& input, protocol::mysql::capability_set capabilities
);

}  // namespace weir::fuzz
