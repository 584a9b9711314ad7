#include "protocol/mysql/messages/ssl_request.hpp"

#include "protocol/mysql/messages/login_head.hpp"
#include "protocol/wire/byte_reader.hpp"

namespace weir::protocol::mysql {

bool ssl_request::matches(wire::bytes_view payload) noexcept {
    if (payload.size() != login_head::size) return false;
    wire::byte_reader reader(payload);
    const capability_set capabilities(reader.u32());
    return capabilities.has(capability::ssl) && capabilities.has(capability::protocol_41);
}

result<ssl_request> ssl_request::decode(wire::bytes_view payload) {
    wire::byte_reader reader(payload);
    const login_head head = login_head::read(reader);
    if (reader.failed()) return reader.error();
    if (reader.remaining() != 0) return make_error_code(wire::errc::trailing_bytes);
    return ssl_request{head.capabilities, head.max_packet, head.collation};
}

void ssl_request::encode(wire::byte_writer& writer) const {
    login_head{capabilities, max_packet, collation}.write(writer);
}

}  // namespace weir::protocol::mysql
