#pragma once

#include "protocol/mysql/gtid_set.hpp"

#include <cstdint>
#include <string_view>

namespace weir::protocol::mysql {

/// What column definitions say of texts in a character set.
struct character_set {
    std::uint16_t default_collation = 0;
    std::uint8_t longest_character = 1;  ///< bytes

    friend bool operator==(const character_set&, const character_set&) = default;
};

/// The set of that name, case does not matter; of one that is not known, utf8mb4's.
[[nodiscard]] character_set find_character_set(
    std::string_view name, server_flavor flavor
) noexcept;

}  // namespace weir::protocol::mysql
