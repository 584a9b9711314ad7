#pragma once

#include <boost/system/error_code.hpp>

#include <type_traits>

namespace weir::protocol::mysql {

/// What can be wrong with packets and messages.
enum class errc {
    sequence_mismatch = 1,   ///< a frame's sequence number is not the next one
    packet_too_large,        ///< a packet is longer than the limit
    malformed_packet,        ///< a packet's fields do not fit together
    unexpected_packet,       ///< a packet that has no place in the response under way
    unsupported_protocol,    ///< a greeting or login of a protocol before 4.1
    unsupported_capability,  ///< what is asked needs a capability that is not there
    unknown_auth_plugin,     ///< an authentication method that we do not speak
    authentication_failed,   ///< a response does not prove the password
    malformed_key,           ///< a public key or an encrypted password that cannot be read
    malformed_gtid_set,      ///< text that is not a set of transaction identifiers
    compression_failed,  ///< a compressed frame that cannot be unpacked, or is larger than it says
};

[[nodiscard]] const boost::system::error_category& mysql_category() noexcept;

[[nodiscard]] inline boost::system::error_code make_error_code(errc code) noexcept {
    return {static_cast<int>(code), mysql_category()};
}

}  // namespace weir::protocol::mysql

template <>
struct boost::system::is_error_code_enum<weir::protocol::mysql::errc> : std::true_type {};
