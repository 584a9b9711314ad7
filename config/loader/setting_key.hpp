#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir::config {

/// When a change of the file becomes true of a running process.
enum class takes_effect : std::uint8_t { on_reload, at_restart };

/// May a list be given without an element?
enum class empty_list : std::uint8_t { allowed, refused };

enum class presence : std::uint8_t { optional, required };

/// One key of a mapping, as `proxy_keys.hpp` declares it.
struct setting_key {
    const char* name;
    presence needed = presence::optional;
    takes_effect when = takes_effect::on_reload;
    bool ordered = false;  ///< a list whose order means something
};

/// Both ends are allowed.
template <class Value>
struct value_range {
    Value lowest;
    Value highest;
};

/// How many bytes a text may have, both ends allowed.
struct text_length {
    std::size_t shortest;
    std::size_t longest;
    bool several_lines = false;  ///< line ends and tabs are allowed
};

/// How one value of an enum is written.
template <class Enum>
struct choice_word {
    Enum value;
    std::string_view text;
};

}  // namespace weir::config
