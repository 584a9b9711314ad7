#include "protocol/mysql/auth/native_password.hpp"

#include "protocol/mysql/auth/digest.hpp"
#include "protocol/mysql/errc.hpp"

namespace weir::protocol::mysql::auth::native_password {
namespace {

[[nodiscard]] int hex_value(char letter) noexcept {
    if (letter >= '0' && letter <= '9') return letter - '0';
    if (letter >= 'A' && letter <= 'F') return letter - 'A' + 10;
    if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
    return -1;
}

}  // namespace

secret key_from_password(std::string_view password) {
    if (password.empty()) return {};
    digest key = sha1({wire::bytes_of(password)});
    secret kept(view_of(key));
    wipe(key);
    return kept;
}

digest stored_from_key(const secret& key) {
    return sha1({key.bytes()});
}

std::optional<digest> respond(const secret& key, wire::bytes_view scramble) {
    if (key.empty()) return std::nullopt;
    const digest stored = stored_from_key(key);
    digest response = sha1({scramble, view_of(stored)});
    xor_with(response, key.bytes());
    return response;
}

result<digest> parse_stored(std::string_view text) {
    digest stored{};
    if (text.size() != 1 + 2 * stored.size() || text.front() != '*') {
        return make_error_code(errc::malformed_key);
    }
    for (std::size_t i = 0; i < stored.size(); ++i) {
        const int high = hex_value(text[1 + 2 * i]);
        const int low = hex_value(text[2 + 2 * i]);
        if (high < 0 || low < 0) return make_error_code(errc::malformed_key);
        stored[i] = static_cast<std::byte>(high * 16 + low);
    }
    return stored;
}

std::string format_stored(const digest& stored) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text = "*";
    for (const std::byte value : stored) {
        text += digits[std::to_integer<std::size_t>(value >> 4)];
        text += digits[std::to_integer<std::size_t>(value & std::byte{0x0F})];
    }
    return text;
}

std::optional<secret> recover_key(
    wire::bytes_view response, wire::bytes_view scramble, const digest& stored
) {
    if (response.size() != stored.size()) return std::nullopt;
    digest key = sha1({scramble, view_of(stored)});
    xor_with(key, response);
    secret candidate(view_of(key));
    wipe(key);
    const digest proof = stored_from_key(candidate);
    if (!equal_in_constant_time(view_of(proof), view_of(stored))) return std::nullopt;
    return candidate;
}

}  // namespace weir::protocol::mysql::auth::native_password
