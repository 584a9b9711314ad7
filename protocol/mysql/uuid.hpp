#pragma once

#include "protocol/wire/bytes_view.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace weir::protocol::mysql {

constexpr std::size_t uuid_size = 16;       ///< in bytes, as events and sets carry it
constexpr std::size_t uuid_text_size = 36;  ///< "3e11fa47-71ca-11e1-9e33-c80aa9429562"

/// In lower case. Of fewer than `uuid_size` bytes: empty.
[[nodiscard]] std::string uuid_text(wire::bytes_view bytes);

/// Nothing: it is not the text of one.
[[nodiscard]] std::optional<std::array<std::byte, uuid_size>> uuid_bytes(std::string_view text);

}  // namespace weir::protocol::mysql
