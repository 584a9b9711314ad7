#include "protocol/mysql/errc.hpp"

#include <string>

namespace weir::protocol::mysql {
namespace {

class category final : public boost::system::error_category {
public:
    [[nodiscard]] const char* name() const noexcept override { return "mysql"; }

    [[nodiscard]] std::string message(int value) const override {
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
};

}  // namespace

const boost::system::error_category& mysql_category() noexcept {
    static const category instance;
    return instance;
}

}  // namespace weir::protocol::mysql
