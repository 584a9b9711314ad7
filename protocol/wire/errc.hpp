#pragma once

#include <boost/system/error_code.hpp>

#include <type_traits>

namespace weir::protocol::wire {

/// What can be wrong with bytes before they mean anything.
enum class errc {
    truncated = 1,       ///< the bytes end inside a field
    trailing_bytes,      ///< bytes are left after the last field
    value_out_of_range,  ///< a field holds a value that its type or place forbids
    buffer_limit,        ///< more would have been written than the limit allows
};

[[nodiscard]] const boost::system::error_category& wire_category() noexcept;

[[nodiscard]] inline boost::system::error_code make_error_code(errc code) noexcept {
    return {static_cast<int>(code), wire_category()};
}

}  // namespace weir::protocol::wire

template <>
struct boost::system::is_error_code_enum<weir::protocol::wire::errc> : std::true_type {};
