#pragma once

#include <span>
#include <string>
#include <string_view>

namespace weir::config {

/// A key as far as it may be shown: `{password:hunter2}` without the space is one key that holds a
/// secret, so everything from the first character on that no key of ours has is left out.
[[nodiscard]] std::string printable_key(std::string_view key);

/// What to tell the author of a key that nobody knows: which key was probably meant, here or in
/// another section, or else which keys there are. `siblings`: the names known in this mapping;
/// `section`: its path.
[[nodiscard]] std::string unknown_key_message(
    std::string_view key, std::span<const std::string> siblings, std::string_view section
);

}  // namespace weir::config
