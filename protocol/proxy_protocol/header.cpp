#include "protocol/proxy_protocol/header.hpp"

#include "protocol/wire/byte_reader.hpp"
#include "protocol/wire/byte_writer.hpp"
#include "protocol/wire/error_category.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>

namespace weir::protocol::proxy_protocol {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view v1_mark = "PROXY "sv;
constexpr std::string_view v2_mark = "\r\n\r\n\0\r\nQUIT\n"sv;
constexpr std::size_t v2_head_size = 16;
constexpr std::size_t ipv4_size = 4;
constexpr std::size_t ipv6_size = 16;

constexpr std::uint8_t v2_version_bits = 0x20;
constexpr std::uint8_t v2_local = 0x0;
constexpr std::uint8_t v2_proxy = 0x1;
constexpr std::uint8_t v2_tcp_over_ipv4 = 0x11;
constexpr std::uint8_t v2_tcp_over_ipv6 = 0x21;

using decoded = result<std::optional<decoded_header>>;

[[nodiscard]] std::size_t size_of(address_family family) noexcept {
    switch (family) {
        case address_family::unspecified: return 0;
        case address_family::ipv4: return ipv4_size;
        case address_family::ipv6: return ipv6_size;
    }
    return 0;
}

[[nodiscard]] bool may_become(wire::bytes_view pending, std::string_view mark) noexcept {
    const std::string_view text = wire::as_text(pending);
    return text.substr(0, mark.size()) == mark.substr(0, text.size());
}

[[nodiscard]] std::string_view take_word(std::string_view& line) noexcept {
    const std::size_t end = std::min(line.find(' '), line.size());
    const std::string_view word = line.substr(0, end);
    line.remove_prefix(std::min(end + 1, line.size()));
    return word;
}

[[nodiscard]] bool read_ip(std::string_view word, address_family family, address& out) {
    if (word.find('\0') != std::string_view::npos)
        return false;  // would end the text for inet_pton
    const int kind = family == address_family::ipv4 ? AF_INET : AF_INET6;
    return inet_pton(kind, std::string(word).c_str(), out.bytes.data()) == 1;
}

[[nodiscard]] bool read_port(std::string_view word, address& out) noexcept {
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), out.port);
    const bool has_leading_zero = word.size() > 1 && word.front() == '0';
    return error == std::errc{} && end == word.data() + word.size() && !has_leading_zero;
}

/// "PROXY TCP4 192.0.2.1 192.0.2.2 56324 3306\r\n"
[[nodiscard]] decoded decode_v1(wire::bytes_view pending) {
    const std::string_view text = wire::as_text(pending).substr(0, v1_size_max);
    const std::size_t line_end = text.find("\r\n");
    if (line_end == std::string_view::npos) {
        if (text.size() == v1_size_max) return make_error_code(errc::malformed_header);
        return std::optional<decoded_header>{};
    }
    decoded_header found;
    found.size = line_end + 2;
    found.value.version = 1;
    std::string_view line = text.substr(v1_mark.size(), line_end - v1_mark.size());
    const std::string_view family = take_word(line);
    if (family == "UNKNOWN") return std::optional(found);  // whatever follows is not to be read
    if (family != "TCP4" && family != "TCP6") return make_error_code(errc::malformed_header);
    header& value = found.value;
    value.family = family == "TCP4" ? address_family::ipv4 : address_family::ipv6;
    const bool is_good = read_ip(take_word(line), value.family, value.source) &&
                         read_ip(take_word(line), value.family, value.destination) &&
                         read_port(take_word(line), value.source) &&
                         read_port(take_word(line), value.destination) && line.empty();
    if (!is_good) return make_error_code(errc::malformed_header);
    return std::optional(found);
}

void read_address(wire::byte_reader& reader, std::size_t size, address& out) {
    const wire::bytes_view bytes = reader.bytes(size);
    std::copy(bytes.begin(), bytes.end(), out.bytes.begin());
}

void read_port(wire::byte_reader& reader, address& out) {
    const wire::bytes_view bytes = reader.bytes(2);
    if (!bytes.empty()) out.port = static_cast<std::uint16_t>(wire::load_big<2>(bytes.span()));
}

[[nodiscard]] decoded decode_v2(wire::bytes_view pending) {
    if (pending.size() < v2_head_size) return std::optional<decoded_header>{};
    wire::byte_reader head(pending.subspan(v2_mark.size()));
    const std::uint8_t version_and_command = head.u8();
    const std::uint8_t family_and_protocol = head.u8();
    const auto body_size = static_cast<std::size_t>(wire::load_big<2>(head.bytes(2).span()));
    const auto command = static_cast<std::uint8_t>(version_and_command & 0x0FU);
    if ((version_and_command & 0xF0U) != v2_version_bits || command > v2_proxy) {
        return make_error_code(errc::malformed_header);
    }
    if (head.remaining() < body_size) return std::optional<decoded_header>{};
    decoded_header found;
    found.size = v2_head_size + body_size;
    header& value = found.value;
    value.local = command == v2_local;
    if (value.local) return std::optional(found);  // addresses of a health check mean nothing
    if (family_and_protocol == v2_tcp_over_ipv4) value.family = address_family::ipv4;
    if (family_and_protocol == v2_tcp_over_ipv6) value.family = address_family::ipv6;
    if (value.family == address_family::unspecified) return std::optional(found);
    wire::byte_reader body(pending.subspan(v2_head_size, body_size));
    read_address(body, size_of(value.family), value.source);
    read_address(body, size_of(value.family), value.destination);
    read_port(body, value.source);
    read_port(body, value.destination);
    if (body.failed()) return make_error_code(errc::malformed_header);
    return std::optional(found);
}

[[nodiscard]] std::string ip_text(const address& end, address_family family) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const int kind = family == address_family::ipv4 ? AF_INET : AF_INET6;
    inet_ntop(kind, end.bytes.data(), text.data(), text.size());
    return text.data();
}

void encode_v1(const header& value, wire::byte_writer& writer) {
    writer.text(v1_mark);
    if (value.family == address_family::unspecified) return writer.text("UNKNOWN\r\n");
    writer.text(value.family == address_family::ipv4 ? "TCP4 " : "TCP6 ");
    writer.text(
        ip_text(value.source, value.family) + ' ' + ip_text(value.destination, value.family)
    );
    writer.text(
        ' ' + std::to_string(value.source.port) + ' ' + std::to_string(value.destination.port)
    );
    writer.text("\r\n");
}

void encode_v2(const header& value, wire::byte_writer& writer) {
    const std::size_t size = value.local ? 0 : size_of(value.family);
    const auto family = size == 0           ? std::uint8_t{0}
                        : size == ipv4_size ? v2_tcp_over_ipv4
                                            : v2_tcp_over_ipv6;
    writer.text(v2_mark);
    writer.u8(static_cast<std::uint8_t>(v2_version_bits | (value.local ? v2_local : v2_proxy)));
    writer.u8(family);
    const auto body_size = static_cast<std::uint16_t>(size == 0 ? 0 : 2 * size + 4);
    writer.bytes(wire::bytes_view(wire::big_u16(body_size).bytes()));
    if (size == 0) return;
    writer.bytes(wire::bytes_view(std::span<const std::byte>(value.source.bytes)).first(size));
    writer.bytes(wire::bytes_view(std::span<const std::byte>(value.destination.bytes)).first(size));
    for (const std::uint16_t port : {value.source.port, value.destination.port}) {
        const wire::big_u16 number(port);
        writer.bytes(wire::bytes_view(number.bytes()));
    }
}

[[nodiscard]] const char* message_of(int value) {
    switch (static_cast<errc>(value)) {
        case errc::malformed_header: return "malformed PROXY protocol header";
    }
    return "unknown error";
}

}  // namespace

result<std::optional<decoded_header>> decode(wire::bytes_view pending) {
    if (!may_become(pending, v1_mark) && !may_become(pending, v2_mark)) {
        return make_error_code(errc::malformed_header);
    }
    if (wire::as_text(pending).starts_with(v1_mark)) return decode_v1(pending);
    return decode_v2(pending);
}

void encode(const header& value, wire::send_buffer& out) {
    wire::byte_writer writer(out);
    if (value.version == 1) {
        encode_v1(value, writer);
    } else {
        encode_v2(value, writer);
    }
}

const boost::system::error_category& proxy_protocol_category() noexcept {
    static const wire::error_category instance("proxy_protocol", message_of);
    return instance;
}

}  // namespace weir::protocol::proxy_protocol
