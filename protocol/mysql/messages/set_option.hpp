#pragma once

#include "protocol/mysql/command.hpp"

#include <cstdint>

namespace weir::protocol::mysql {

/// COM_SET_OPTION. Client to server: multiple statements on or off. Answered by EOF, or OK where
/// EOF is deprecated.
struct set_option {
    static constexpr std::uint16_t multi_statements_on = 0;
    static constexpr std::uint16_t multi_statements_off = 1;

    std::uint16_t option = 0;

    static void fields(auto& io, auto& self) {
        io.literal(static_cast<std::uint8_t>(command::set_option));
        io.u16(self.option);
    }

    friend bool operator==(const set_option&, const set_option&) = default;
};

}  // namespace weir::protocol::mysql
