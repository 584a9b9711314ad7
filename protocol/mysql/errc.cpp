#include "protocol/mysql/errc.hpp"

#include "protocol/wire/error_category.hpp"

namespace weir::protocol::mysql {
namespace {

[[nodiscard]] const char* message_of(int value) {
    switch (static_cast<errc>(value)) {
        case errc::sequence_mismatch: return "packet out of order";
        case errc::packet_too_large: return "packet larger than the limit";
        case errc::malformed_packet: return "malformed packet";
        case errc::unexpected_packet: return "unexpected packet";
        case errc::unsupported_protocol: return "protocol version not supported";
        case errc::unsupported_capability: return "capability missing";
        case errc::unknown_auth_plugin: return "unknown authentication method";
        case errc::authentication_failed: return "authentication failed";
        case errc::malformed_key: return "malformed key or encrypted password";
        case errc::malformed_gtid_set: return "malformed set of transaction identifiers";
        case errc::compression_failed: return "compressed frame cannot be unpacked";
    }
    return "unknown error";
}

}  // namespace

const boost::system::error_category& mysql_category() noexcept {
    static const wire::error_category instance("mysql", message_of);
    return instance;
}

}  // namespace weir::protocol::mysql
